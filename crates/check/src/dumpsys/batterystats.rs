//! Battery statistics: which apps were updated, put back or removed in the last days, and which ran.
//!
//! `Daily stats` list the changes of packages of about ten days (`Update name vers=…`, `Uninstall name`; a
//! version of 0 is a removal too). The history names the apps that were in front (`top=`), installed
//! (`pkginst=`) or removed (`pkgunin=`), with times counted from a moment of the device's clock, or with
//! month and day (the year is then that of this moment); jobs and alarms only mention their app (AOSP 8 to
//! 15). Deliberately not read: power and network figures.

use std::collections::{BTreeMap, HashSet};

use model::record::{Precision, TimeReading};

use super::words::{clip, duration_ms, is_package, leading_number, wall};
use super::{Out, Reader, Section, Spot};
use crate::{AppSays, Flow, Question, TraceKind};

/// Most packages that are remembered.
const PACKAGES_MOST: usize = 20_000;

pub(super) struct BatteryStats;

impl Section for BatteryStats {
    fn names(&self) -> &'static [&'static str] {
        &["batterystats"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Battery History"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::RemovedApps]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Statistics>::default()
    }
}

/// The list that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    History,
    Changes,
}

#[derive(Default)]
struct Statistics {
    list: Option<List>,
    /// The wall clock at the start of the history, and after how many milliseconds it was told.
    clock: Option<i64>,
    /// The year that it was, for lines that tell month and day only.
    year: String,
    /// The last moment of the day whose changes are read.
    day: Option<TimeReading>,
    /// The versions that were told.
    changes: BTreeMap<String, Vec<Change>>,
    /// When an app was last in front.
    ran: BTreeMap<String, (Option<TimeReading>, Spot)>,
    mentioned: HashSet<String>,
    began: bool,
    full: bool,
}

/// One change of a package.
struct Change {
    version: u64,
    at: Option<TimeReading>,
    spot: Spot,
}

impl Reader for Statistics {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        if line.starts_with("Battery History") {
            (self.list, self.began) = (Some(List::History), true);
            return Flow::Continue(());
        }
        let text = line.trim();
        if text.is_empty() {
            self.list = None;
        } else if self.list == Some(List::History) {
            return self.history(text, out);
        } else if let Some(range) = text.strip_prefix("Daily from ") {
            self.began = true;
            self.day = range.split_once(" to ").and_then(|(_, end)| wall(end));
        } else if text.starts_with("Current start time: ") {
            (self.began, self.day) = (true, None);
        } else if text == "Package changes:" {
            self.list = Some(List::Changes);
        } else if self.list == Some(List::Changes) {
            self.change(text, out);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("battery history or daily statistics");
        }
        if self.full {
            out.not_whole();
        }
        let mut count = 0_u64;
        for (package, changes) in std::mem::take(&mut self.changes) {
            count = count.saturating_add(changes.len() as u64);
            say_changes(&package, changes, out)?;
        }
        for (package, (at, spot)) in std::mem::take(&mut self.ran) {
            out.app_at(spot, &package, None, AppSays::Ran(at))?;
        }
        out.looked(Question::RemovedApps, count)
    }
}

impl Statistics {
    fn change(&mut self, text: &str, out: &mut Out<'_>) {
        let change = if let Some(rest) = text.strip_prefix("Update ") {
            rest.split_once(" vers=").and_then(|(name, version)| Some((name, leading_number(version)?)))
        } else {
            text.strip_prefix("Uninstall ").map(|name| (name, 0))
        };
        let Some((name, version)) = change.filter(|(name, _)| is_package(name)) else {
            self.list = None;
            return;
        };
        if self.changes.len() >= PACKAGES_MOST && !self.changes.contains_key(name) {
            self.full = true;
            return;
        }
        let changes = self.changes.entry(name.to_owned()).or_default();
        if changes.len() < 1_000 {
            changes.push(Change { version, at: self.day.clone(), spot: out.here() });
        }
    }

    /// One line of the history: a time, then events.
    fn history(&mut self, text: &str, out: &mut Out<'_>) -> Flow {
        let since = text.split(' ').next().and_then(duration_ms);
        for key in ["RESET:TIME: ", "TIME: "] {
            let told = text.split_once(key).and_then(|(_, time)| wall(time));
            if let Some(told) = told {
                self.clock = told.first_ms.and_then(|ms| ms.checked_sub(since.unwrap_or(0)));
                told.raw.get(..4).unwrap_or_default().clone_into(&mut self.year);
                break;
            }
        }
        if memchr::memmem::find(text.as_bytes(), b":\"").is_none() {
            return Flow::Continue(());
        }
        let at = || {
            if text.as_bytes().get(2) == Some(&b'-') {
                return wall(&format!("{}-{}", self.year, text.get(..18)?));
            }
            let ms = self.clock?.checked_add(since?)?;
            Some(TimeReading::wall(clip(text.split(' ').next()?).to_owned(), Some(ms), Precision::Second))
        };
        for event in text.split(' ').take(1_000) {
            let Some((key, package)) = event_of(event) else { continue };
            match key {
                "pkgunin" => out.app(package, AppSays::Removed(at()))?,
                "top" => {
                    let place = (at(), out.here());
                    if self.ran.len() < PACKAGES_MOST || self.ran.contains_key(package) {
                        self.ran.insert(package.to_owned(), place);
                    } else {
                        self.full = true;
                    }
                }
                _ => {
                    if self.mentioned.len() < PACKAGES_MOST && self.mentioned.insert(package.to_owned()) {
                        out.trace(TraceKind::AppMention, package, None)?;
                    }
                }
            }
        }
        Flow::Continue(())
    }
}

/// An event about a package: `+top=u0a44:"com.example"`, `-job=u0a94:"com.example/.Job"`,
/// `+wake_lock=u0a1:"*walarm*:com.example/.Alarm"`.
fn event_of(event: &str) -> Option<(&str, &str)> {
    let (key, rest) = event.trim_start_matches(['+', '-']).split_once('=')?;
    let known = matches!(
        key,
        "top"
            | "job"
            | "pkginst"
            | "pkgunin"
            | "fg"
            | "proc"
            | "wake_lock"
            | "sync"
            | "conn"
            | "active"
            | "tmpwhitelist"
            | "longwake"
            | "alarm"
    );
    let quoted = rest.split_once(":\"").map(|(_, quoted)| quoted.trim_end_matches('"'))?;
    let name = quoted.rsplit(':').next()?.split('/').next()?;
    (known && is_package(name)).then_some((key, name))
}

/// Says what the changes of a package come to. The dump goes back in time, and within a day forth.
fn say_changes(package: &str, mut changes: Vec<Change>, out: &mut Out<'_>) -> Flow {
    // The day without an end is the one that is going on.
    changes.sort_by_key(|change| change.at.as_ref().and_then(|at| at.first_ms).unwrap_or(i64::MAX));
    let mut last = 0;
    for Change { version, at, spot } in changes {
        if version == 0 {
            out.app_at(spot, package, None, AppSays::Removed(at))?;
        } else if version < last {
            out.app_at(spot, package, None, AppSays::Downgraded(at))?;
        }
        last = version;
    }
    Flow::Continue(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{apps, looked, read_section};

    const TEXT: &str = "Battery History (0% used, 2720 used of 4096KB, 31 strings using \
        2694):\n                    0 (19) \
        RESET:TIME: 2022-01-04-17-30-01\n                    0 (2) 100 status=discharging \
        top=u0a44:\"com.example.home\"\n            \
        +47s645ms (2) 100 +job=u0a94:\"com.example.reminder/.Job\"\n       +1h26m18s315ms (2) 095 \
        +top=u0a280:\"com.example.chat\"\n    \
        +2d0h0m0s0ms (2) 095 pkgunin=0:\"com.example.gone\"\n\nDaily stats:\n  Current start time: \
        2022-01-05-06-00-00\n  \
        Daily from 2022-01-04-06-00-00 to 2022-01-05-06-00-00:\n    Package changes:\n      Update \
        com.example.down vers=3\n      \
        Update com.example.left vers=0\n  Daily from 2022-01-03-06-00-00 to 2022-01-04-06-00-00:\n    \
        Package changes:\n      \
        Update com.example.down vers=7\n      Uninstall com.example.old\n      Update com.example.up \
        vers=2\n";

    #[test]
    fn lines_with_month_and_day() {
        let text = "Battery History [Format: 3] (1% used):\n  0 (9) RESET:TIME: 2025-01-04-17-30-01\n  01-05 \
                    08:15:00.250 100 +top=u0a1:\"com.example.chat\"\n";
        let found = apps(&read_section(&BatteryStats, text));
        assert_eq!(found[0].2, AppSays::Ran(wall("2025-01-05 08:15:00.250")));
    }

    #[test]
    fn removals_downgrades_and_what_ran() {
        let kept = read_section(&BatteryStats, TEXT);
        let found = apps(&kept);
        let of = |id: &str| {
            found.iter().filter(|(app, ..)| app == id).map(|(.., says)| says.clone()).collect::<Vec<_>>()
        };
        let day = |text: &str| wall(text);
        assert_eq!(of("com.example.down"), [AppSays::Downgraded(day("2022-01-05-06-00-00"))]);
        assert_eq!(of("com.example.left"), [AppSays::Removed(day("2022-01-05-06-00-00"))]);
        assert_eq!(of("com.example.old"), [AppSays::Removed(day("2022-01-04-06-00-00"))]);
        assert!(of("com.example.up").is_empty());
        let ms = |says: &[AppSays]| match says {
            [AppSays::Ran(Some(at)) | AppSays::Removed(Some(at))] => at.first_ms,
            _ => None,
        };
        assert_eq!(ms(&of("com.example.chat")), Some(1_641_322_579_315));
        assert_eq!(ms(&of("com.example.gone")), Some(1_641_490_201_000));
        assert_eq!(kept.traces, [(TraceKind::AppMention, "com.example.reminder".to_owned())]);
        assert_eq!(looked(&kept), [(Question::RemovedApps, Wholly::Yes, 5)]);
    }
}
