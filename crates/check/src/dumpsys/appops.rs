//! App operations: what apps may do and when they last did it, in front or behind.
//!
//! Forms: `OP (mode): ` with lines `Access: [state-flags] time` below, since Android 10 within
//! `attribution=[…]` (AOSP 9 to 15); `OP: mode=0; time=+3s ago` in one line (AOSP 8); modes of a whole uid,
//! which count for each of its packages. The letters of the state: `pers`, `top`, `fgsvcl`, `fgsvc`, `fg`,
//! `bg`, `cch`; in front are `top` and `fg`, behind are `bg`, `cch` and services that run in the foreground
//! without a window (`fgsvc…`); `pers` tells neither. Only the last access in front and the last behind are
//! kept of an operation, as the phone itself keeps no more. Deliberately not read: watchers, history,
//! refusals.

use std::collections::BTreeMap;

use model::record::TimeReading;

use super::words::{clip, indent, is_package, user_of_uid, value, wall_in};
use super::{Out, Reader, Section, Spot};
use crate::{AppSays, Flow, Question, Sign, Use, UseKind};

/// Most modes of one uid, and most operations of one package.
const OPERATIONS_MOST: usize = 2_000;

pub(super) struct AppOps;

impl Section for AppOps {
    fn names(&self) -> &'static [&'static str] {
        &["appops"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Current AppOps Service state:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::SensorUse, Question::UsageAccess, Question::AppSources, Question::InputAndOverlay]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Operations>::default()
    }
}

/// What an operation is a use of; none if it says nothing about watching.
fn kind_of(operation: &str) -> Option<UseKind> {
    Some(match operation {
        "COARSE_LOCATION"
        | "FINE_LOCATION"
        | "GPS"
        | "MONITOR_LOCATION"
        | "MONITOR_HIGH_POWER_LOCATION"
        | "NEIGHBORING_CELLS" => UseKind::Location,
        "RECORD_AUDIO"
        | "RECORD_AUDIO_HOTWORD"
        | "RECORD_INCOMING_PHONE_AUDIO"
        | "PHONE_CALL_MICROPHONE"
        | "RECORD_AUDIO_OUTPUT"
        | "RECEIVE_AMBIENT_TRIGGER_AUDIO"
        | "RECORD_AUDIO_SANDBOXED"
        | "RECEIVE_SANDBOX_TRIGGER_AUDIO" => UseKind::Microphone,
        "CAMERA" | "PHONE_CALL_CAMERA" | "CAMERA_SANDBOXED" => UseKind::Camera,
        "PROJECT_MEDIA" | "ASSIST_SCREENSHOT" | "ASSIST_STRUCTURE" => UseKind::Screen,
        "READ_CONTACTS" | "WRITE_CONTACTS" | "READ_CALENDAR" | "WRITE_CALENDAR" | "GET_ACCOUNTS" => {
            UseKind::Contacts
        }
        "READ_SMS"
        | "RECEIVE_SMS"
        | "RECEIVE_EMERGECY_SMS"
        | "RECEIVE_MMS"
        | "RECEIVE_WAP_PUSH"
        | "SEND_SMS"
        | "WRITE_SMS"
        | "READ_ICC_SMS"
        | "WRITE_ICC_SMS" => UseKind::Messages,
        "READ_CALL_LOG"
        | "WRITE_CALL_LOG"
        | "CALL_PHONE"
        | "PROCESS_OUTGOING_CALLS"
        | "ANSWER_PHONE_CALLS"
        | "ACCEPT_HANDOVER" => UseKind::Calls,
        "REQUEST_INSTALL_PACKAGES" | "REQUEST_DELETE_PACKAGES" => UseKind::Install,
        "READ_CLIPBOARD"
        | "GET_USAGE_STATS"
        | "ACCESS_NOTIFICATIONS"
        | "BIND_ACCESSIBILITY_SERVICE"
        | "ACCESS_ACCESSIBILITY"
        | "MANAGE_EXTERNAL_STORAGE"
        | "SYSTEM_ALERT_WINDOW" => UseKind::Other,
        _ => return None,
    })
}

/// What a package may do by a mode of its own or of its uid.
fn leave(operation: &str) -> Option<AppSays> {
    Some(match operation {
        "GET_USAGE_STATS" => AppSays::UsageAccess,
        "REQUEST_INSTALL_PACKAGES" => AppSays::MayInstall,
        "SYSTEM_ALERT_WINDOW" => AppSays::Overlay,
        _ => return None,
    })
}

/// The last access in front, behind, and of untold state: each with its line.
type Accesses = BTreeMap<Option<bool>, (TimeReading, Spot)>;

#[derive(Default)]
struct Operations {
    user: Option<u32>,
    /// Operations that the uid may use.
    uid_may: Vec<(String, Spot)>,
    /// The package; an empty name is one of the system that is no package (`root`, `media`).
    package: Option<String>,
    operation: Option<String>,
    /// Of the package that is open, what it said it may.
    may: Vec<String>,
    accesses: Accesses,
    running: Option<Spot>,
    began: bool,
    packages: u64,
}

impl Reader for Operations {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        self.began |= text == "Current AppOps Service state:";
        if let Some(uid) = text.strip_prefix("Uid ").filter(|_| indent(line) <= 4) {
            self.end_package(out)?;
            self.began = true;
            self.user = user_of_uid(uid);
            self.uid_may.clear();
            return Flow::Continue(());
        }
        if let Some(name) = text.strip_prefix("Package ").and_then(|rest| rest.strip_suffix(':')) {
            return self.begin_package(name, out);
        }
        if let Some(access) = text.strip_prefix("Access: ") {
            self.access(access, out.here());
        } else if text.starts_with("Running start at:") || text.ends_with("(running)") {
            self.running = Some(out.here());
        } else if let Some((operation, mode)) = operation_with_mode(text) {
            return self.operation(operation, mode, text, out);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        self.end_package(out)?;
        if !self.began {
            return out.not_understood("the state of the service of app operations");
        }
        out.looked(Question::SensorUse, self.packages)?;
        out.looked(Question::UsageAccess, self.packages)?;
        out.looked_half(Question::AppSources, "installs", self.packages);
        out.looked_half(Question::InputAndOverlay, "overlays", self.packages);
        Flow::Continue(())
    }
}

impl Operations {
    fn begin_package(&mut self, name: &str, out: &mut Out<'_>) -> Flow {
        self.end_package(out)?;
        if !is_package(name) {
            self.package = Some(String::new());
            return Flow::Continue(());
        }
        self.packages = self.packages.saturating_add(1);
        self.package = Some(name.to_owned());
        for (operation, spot) in std::mem::take(&mut self.uid_may) {
            if let Some(says) = leave(&operation) {
                out.app_at(spot, name, self.user, says)?;
                self.may.push(operation.clone());
            }
            self.uid_may.push((operation, spot));
        }
        Flow::Continue(())
    }

    fn operation(&mut self, operation: &str, mode: &str, text: &str, out: &mut Out<'_>) -> Flow {
        self.end_operation(out)?;
        let allowed = matches!(mode, "allow" | "0");
        let Some(package) = &self.package else {
            if allowed && leave(operation).is_some() && self.uid_may.len() < OPERATIONS_MOST {
                self.uid_may.push((operation.to_owned(), out.here()));
            }
            return Flow::Continue(());
        };
        if package.is_empty() {
            return Flow::Continue(());
        }
        if allowed
            && let Some(says) = leave(operation)
            && !self.may.iter().any(|may| may == operation)
        {
            out.app_of(package, self.user, says)?;
            self.may.push(operation.to_owned());
        }
        self.operation = Some(operation.to_owned());
        // Android 8: the last access stands in the same line, only as how long ago it was.
        if let Some(ago) = value(text, "time=")
            && kind_of(operation).is_some()
        {
            let raw = format!("{} ago", clip(ago.trim_end_matches(';')));
            let at = TimeReading::wall(raw, None, model::record::Precision::Second);
            self.accesses.insert(None, (at, out.here()));
        }
        Flow::Continue(())
    }

    /// An access of the operation that is open; of several in one state the latest counts.
    fn access(&mut self, access: &str, here: Spot) {
        let Some(at) = wall_in(access) else { return };
        let state = access.trim_start_matches('[');
        let state = state.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        let behind = match state {
            "top" | "fg" => Some(false),
            "cch" | "fgsvc" | "fgsvcl" => Some(true),
            // `bg`, and as some builds write it, `bgsvc`.
            _ => state.starts_with("bg").then_some(true),
        };
        let later = |(known, _): &(TimeReading, Spot)| known.first_ms < at.first_ms;
        if self.accesses.get(&behind).is_none_or(later) {
            self.accesses.insert(behind, (at, here));
        }
    }

    /// Says when the operation that is open was last used.
    fn end_operation(&mut self, out: &mut Out<'_>) -> Flow {
        let accesses = std::mem::take(&mut self.accesses);
        let running = self.running.take();
        let (Some(operation), Some(package)) = (self.operation.take(), &self.package) else {
            return Flow::Continue(());
        };
        if package == "com.android.shell" {
            let last = accesses.values().max_by_key(|(at, _)| at.first_ms);
            if let Some((at, spot)) = last {
                let name = "shell-used-app-ops".to_owned();
                let (app, at) = (Some(package.clone()), Some(at.clone()));
                out.says_at(*spot, Sign { name, app, what: operation.clone(), at })?;
            }
        }
        let Some(kind) = kind_of(&operation) else { return Flow::Continue(()) };
        for (background, (at, spot)) in accesses {
            let at = Some(at);
            let used = Use { kind, name: operation.clone(), at, background };
            out.app_at(spot, package, self.user, AppSays::Used(used))?;
        }
        if let Some(spot) = running {
            let name = format!("{operation} (running)");
            let used = Use { kind, name, at: None, background: None };
            out.app_at(spot, package, self.user, AppSays::Used(used))?;
        }
        Flow::Continue(())
    }

    fn end_package(&mut self, out: &mut Out<'_>) -> Flow {
        self.end_operation(out)?;
        self.package = None;
        self.may.clear();
        Flow::Continue(())
    }
}

/// The operation and its mode: `CAMERA (allow / switch …):`, `CAMERA: mode=allow`, `CAMERA: mode=0; …`.
fn operation_with_mode(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?;
    let (operation, rest) =
        text.split_at_checked(end).filter(|(name, _)| name.len() > 1 && name.len() < 100)?;
    if let Some(mode) = rest.strip_prefix(" (") {
        return Some((operation, mode.split([' ', ')']).next()?));
    }
    let mode = rest.strip_prefix(": mode=")?;
    Some((operation, mode.split([';', ' ']).next()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{apps, looked, read_section, signs};

    const NEW: &str = "Current AppOps Service state:\n  Settings:\n    top_state_settle_time=+5s0ms\n\n  \
        Op mode \
        watchers:\n    Op COARSE_LOCATION:\n      #0: ModeCallback{1 watchinguid=-1}\n\n  Uid \
        u10a155:\n    state=cch\n      \
        SYSTEM_ALERT_WINDOW: mode=allow\n      COARSE_LOCATION: mode=foreground\n    Package \
        com.example.watch:\n      \
        FINE_LOCATION (allow / switch COARSE_LOCATION=allow): \n        null=[\n          Access: [fg-s] \
        2022-03-07 \
        18:05:34.325 (-22d4h)\n          Access: [bg-s] 2022-03-08 18:05:34.325 (-21d4h) \
        duration=+1s\n          Access: \
        [cch-s] 2022-03-06 18:05:34.325 (-23d)\n        ]\n      RECORD_AUDIO (allow): \n        \
        main=[\n          Reject: \
        [bg-s]2022-03-10 19:35:06.426 (-19d)\n          Running start at: +3s\n        ]\n      \
        GET_USAGE_STATS (allow): \n      \
        REQUEST_INSTALL_PACKAGES (default): \n      WAKE_LOCK (allow): \n          Access: [bg-s] 2022-03-08 \
        18:05:34.325 (-21d)\n    Package com.android.shell:\n      WAKE_LOCK (allow): \n          Access: \
        [bg-s] \
        2022-03-09 01:00:00.000 (-20d)\n";

    #[test]
    fn uses_in_front_and_behind_and_what_is_allowed() {
        let kept = read_section(&AppOps, NEW);
        let found = apps(&kept);
        assert!(found.iter().all(|(_, user, _)| *user == Some(10)));
        let says: Vec<&AppSays> =
            found.iter().filter(|(id, ..)| id == "com.example.watch").map(|(_, _, says)| says).collect();
        assert_eq!(says[0], &AppSays::Overlay);
        let uses: Vec<(&str, Option<bool>, Option<&str>)> = says
            .iter()
            .filter_map(|says| match says {
                AppSays::Used(used) => {
                    Some((used.name.as_str(), used.background, used.at.as_ref().map(|at| at.raw.as_str())))
                }
                _ => None,
            })
            .collect();
        assert_eq!(
            uses,
            [
                ("FINE_LOCATION", Some(false), Some("2022-03-07 18:05:34.325")),
                ("FINE_LOCATION", Some(true), Some("2022-03-08 18:05:34.325")),
                ("RECORD_AUDIO (running)", None, None),
            ]
        );
        assert!(says.contains(&&AppSays::UsageAccess) && !says.contains(&&AppSays::MayInstall));
        let shell =
            ("shell-used-app-ops".to_owned(), Some("com.android.shell".to_owned()), "WAKE_LOCK".to_owned());
        assert_eq!(signs(&kept), [shell]);
        assert_eq!(
            looked(&kept),
            [
                (Question::SensorUse, Wholly::Yes, 2),
                (Question::UsageAccess, Wholly::Yes, 2),
                (Question::InputAndOverlay, Wholly::No, 2),
                (Question::AppSources, Wholly::No, 2),
            ]
        );
    }

    #[test]
    fn the_form_of_android_8() {
        let text = "Current AppOps Service state:\n  Uid u0a103:\n    state=4\n    Package \
            com.example.watch:\n      \
                    CAMERA: mode=0; time=+39s500ms ago; duration=+59ms\n      REQUEST_INSTALL_PACKAGES: \
                    mode=0\n";
        let found = apps(&read_section(&AppOps, text));
        assert!(matches!(&found[0].2, AppSays::MayInstall | AppSays::Used(_)));
        assert!(
            found.iter().any(|(.., says)| matches!(says, AppSays::Used(used)
            if used.kind == UseKind::Camera && used.at.as_ref().is_some_and(|at| at.raw == "+39s500ms ago")))
        );
        assert!(found.iter().any(|(.., says)| *says == AppSays::MayInstall));
    }
}
