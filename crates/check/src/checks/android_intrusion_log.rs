//! Android's intrusion log, which a person with Advanced Protection can export: `exported-events.txt` and the
//! like, alone or in the folder `intrusion_logs` of an acquisition by AndroidQF.
//!
//! A line of JSON for each event (Android 16; mvt-project/mvt and androidqf, `android.app.admin.SecurityLog`,
//! read 2026-11): `dns_event` and `connect_event` with times in milliseconds, `security_event` in
//! nanoseconds. Deliberately no difference between a day's log and the next that holds the same event again,
//! and no reading of events about locking the screen, Wi-Fi, Bluetooth and media.

use std::borrow::Cow;

use model::record::{Place, ProblemKind, TimeReading};
use serde::Deserialize;
use serde_json::{Map, Value};
use source::tree::Candidate;

use crate::android_text::{app_of_process, clip, clipped, each_line, is_app_id};
use crate::{
    About, AppFact, AppSays, Certificate, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign,
    Trace, TraceKind, Wholly,
};

/// `exported-events.txt`.
pub(super) struct AndroidIntrusionLog;

/// Most signs of one sort in one file.
const MOST_SIGNS: u32 = 500;

/// Most addresses of one answer.
const MOST_ADDRESSES: usize = 64;

impl Check for AndroidIntrusionLog {
    fn name(&self) -> &'static str {
        "android_intrusion_log"
    }

    fn about(&self) -> About {
        About {
            title: "Android's intrusion log (exported events of Advanced Protection)",
            platform: Platform::Android,
            covers: "names looked up and connections by app, apps installed and removed, certificates, keys, \
                     what was done over adb and by administrators, how the system was started",
            leaves_out: "locking the screen, Wi-Fi, Bluetooth, NFC, media; which events were exported twice",
            answers: &[
                Question::Connections,
                Question::Processes,
                Question::RemovedApps,
                Question::RootCertificates,
                Question::DeviceAdmin,
                Question::SystemIntegrity,
            ],
            source: "android.app.admin.SecurityLog, mvt-project/mvt (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let path = entry.path().to_ascii_lowercase();
        let is_named = ["intrusion", "exported", "event", "log"].iter().any(|word| path.contains(word));
        if !is_named || !matches!(entry.extension().as_str(), "txt" | "json" | "jsonl") {
            return false;
        }
        let head = candidate.head().trim_ascii_start();
        let kinds = [&b"\"dns_event\""[..], b"\"connect_event\"", b"\"security_event\""];
        let key = head.strip_prefix(b"{").map(<[u8]>::trim_ascii_start).unwrap_or_default();
        kinds.iter().any(|kind| key.starts_with(kind))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let mut log = Log::default();
        let read =
            each_line(input, "events as JSON", sink, &mut |seen, line, sink| log.line(seen, line, sink))?;
        let seen = input.seen(Place::Whole);
        let mut wholly = read.wholly;
        if log.broken > 0 {
            wholly = Wholly::No;
            sink.trouble(&seen, ProblemKind::Damaged, "an event as JSON", "the other events")?;
        }
        if log.connections > 0 {
            sink.looked(&seen, Question::Connections, wholly, log.connections)?;
        }
        if log.events == 0 {
            return Flow::Continue(());
        }
        // The log knows what happened since it was switched on, not what was there before.
        for question in [
            Question::Processes,
            Question::RemovedApps,
            Question::RootCertificates,
            Question::DeviceAdmin,
            Question::SystemIntegrity,
        ] {
            sink.looked(&seen, question, Wholly::No, log.events)?;
        }
        Flow::Continue(())
    }
}

#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow, default, rename = "dns_event")]
    dns: Option<Dns<'l>>,
    #[serde(borrow, default, rename = "connect_event")]
    connect: Option<Connect<'l>>,
    #[serde(default, rename = "security_event")]
    security: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Dns<'l> {
    #[serde(default)]
    event_time: Option<i64>,
    #[serde(borrow, default)]
    package_name: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    hostname: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    ip_addresses: Option<Vec<Cow<'l, str>>>,
}

#[derive(Deserialize)]
struct Connect<'l> {
    #[serde(default)]
    event_time: Option<i64>,
    #[serde(borrow, default)]
    package_name: Option<Cow<'l, str>>,
    #[serde(default)]
    port: Option<u32>,
    #[serde(borrow, default)]
    ip_address: Option<Cow<'l, str>>,
}

/// What was counted.
#[derive(Default)]
struct Log {
    connections: u64,
    events: u64,
    broken: u64,
    adb: u32,
    admin: u32,
    other: u32,
}

impl Log {
    fn line(&mut self, seen: &Seen, line: &str, sink: &mut dyn FactSink) -> Flow {
        if line.trim().is_empty() {
            return Flow::Continue(());
        }
        let Ok(line) = serde_json::from_str::<Line<'_>>(line) else {
            self.broken = self.broken.saturating_add(1);
            return Flow::Continue(());
        };
        if let Some(dns) = &line.dns {
            self.connections = self.connections.saturating_add(1);
            dns.tell(seen, sink)?;
        }
        if let Some(connect) = &line.connect {
            self.connections = self.connections.saturating_add(1);
            connect.tell(seen, sink)?;
        }
        match &line.security {
            Some(event) => self.security(seen, event, sink),
            None => Flow::Continue(()),
        }
    }

    fn security(&mut self, seen: &Seen, event: &Map<String, Value>, sink: &mut dyn FactSink) -> Flow {
        self.events = self.events.saturating_add(1);
        let own = ["event_id", "event_time", "event_type", "timestamp"];
        let Some((tag, told)) = event.iter().find(|(name, _)| !own.contains(&name.as_str())) else {
            return Flow::Continue(());
        };
        let at = event.get("event_time").and_then(Value::as_i64).map(nanoseconds);
        let event = Event { tag, told, at, seen };
        if let Some((name, app, what)) = event.sign() {
            let count = match name {
                "adb-used" => &mut self.adb,
                "admin-acted" => &mut self.admin,
                _ => &mut self.other,
            };
            *count = count.saturating_add(1);
            if *count <= MOST_SIGNS {
                let (name, at) = (name.to_owned(), event.at.clone());
                sink.says(seen, Sign { name, app: app.map(clipped), what: clipped(&what), at })?;
            }
        }
        event.tell(sink)
    }
}

fn nanoseconds(raw: i64) -> TimeReading {
    TimeReading::utc(raw.to_string(), Some(raw / 1_000_000), model::record::Precision::Millisecond)
}

impl Dns<'_> {
    fn tell(&self, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
        let at = self.event_time.map(TimeReading::unix_ms);
        let app = self.package_name.as_deref().map(clip);
        let addresses = self.ip_addresses.iter().flatten().take(MOST_ADDRESSES);
        let addresses = addresses.map(|address| address.trim_start_matches('/'));
        for value in self.hostname.as_deref().into_iter().chain(addresses).filter(|value| !value.is_empty()) {
            sink.trace(&Trace {
                kind: TraceKind::Connection,
                value: clip(value),
                at: at.as_ref(),
                app,
                seen,
            })?;
        }
        Flow::Continue(())
    }
}

impl Connect<'_> {
    fn tell(&self, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
        let at = self.event_time.map(TimeReading::unix_ms);
        let app = self.package_name.as_deref().map(clip);
        let address = clip(self.ip_address.as_deref().unwrap_or_default().trim_start_matches('/'));
        if address.is_empty() {
            return Flow::Continue(());
        }
        let value = match self.port {
            Some(port) if address.contains(':') => format!("[{address}]:{port}"),
            Some(port) => format!("{address}:{port}"),
            None => address.to_owned(),
        };
        sink.trace(&Trace { kind: TraceKind::Connection, value: &value, at: at.as_ref(), app, seen })
    }
}

/// One event of the system's security log.
struct Event<'e> {
    tag: &'e str,
    told: &'e Value,
    at: Option<TimeReading>,
    seen: &'e Seen,
}

impl<'e> Event<'e> {
    /// A text it tells under one of these names.
    fn text(&self, names: &[&str]) -> Option<&'e str> {
        names.iter().find_map(|name| self.told.get(name)?.as_str())
    }

    /// Whether it says that it did not work.
    fn failed(&self) -> bool {
        let success = self.told.get("success").unwrap_or(self.told);
        success.as_bool() == Some(false) || success.as_i64() == Some(0)
    }

    /// The sign it is, the app it is about, and what exactly.
    fn sign(&self) -> Option<(&'static str, Option<&'e str>, String)> {
        let app = || self.text(&["admin_package", "package", "package_name"]);
        let all = || clip(&self.told.to_string()).to_owned();
        let state = || self.text(&["boot_state", "verified_boot_state"]).unwrap_or_default();
        let name = match self.tag {
            "cert_authority_installed" if !self.failed() => "certificate-installed",
            "cert_validation_failure" => "certificate-check-failed",
            "key_integrity_violation" => "key-integrity-failed",
            "wipe_failure" => "wipe-failed",
            "crypto_self_test_completed" if self.failed() => "selftest-failed",
            "os_startup" if !matches!(state(), "green" | "") => {
                return Some(("verified-boot-not-green", None, state().to_owned()));
            }
            "logging_stopped" => "logging-stopped",
            tag if tag.starts_with("adb_") => {
                let what = self.text(&["command", "path"]).unwrap_or_default();
                return Some(("adb-used", None, format!("{tag} {}", clip(what))));
            }
            tag if ADMIN.contains(&tag) => {
                return Some(("admin-acted", app(), format!("{tag} {}", all())));
            }
            _ => return None,
        };
        Some((name, app(), all()))
    }

    /// Facts and traces in it.
    fn tell(&self, sink: &mut dyn FactSink) -> Flow {
        let trace = |kind, value: &str, app, sink: &mut dyn FactSink| {
            sink.trace(&Trace { kind, value: clip(value), at: self.at.as_ref(), app, seen: self.seen })
        };
        match self.tag {
            "cert_authority_installed" if !self.failed() => {
                let subject = clipped(self.text(&["subject"]).unwrap_or_default());
                sink.says(self.seen, Certificate { subject, fingerprint: None, since: self.at.clone() })
            }
            "package_installed" | "package_updated" | "package_uninstalled" => self.package(sink),
            "app_process_start" => {
                let process = self.text(&["process"]).unwrap_or_default();
                let app = app_of_process(process);
                trace(TraceKind::Process, process, app, sink)?;
                if let Some(id) = app {
                    trace(TraceKind::AppMention, id, app, sink)?;
                }
                match self.text(&["sha256", "apk_sha256"]).filter(|hash| hash.len() == 64) {
                    Some(hash) => trace(TraceKind::FileHash, hash, app, sink),
                    None => Flow::Continue(()),
                }
            }
            "adb_shell_cmd" => {
                let words = self.text(&["command"]).unwrap_or_default().split([' ', '/', '\'', '"']);
                for word in words.filter(|word| is_app_id(word)).take(MOST_ADDRESSES) {
                    trace(TraceKind::AppMention, word, None, sink)?;
                }
                Flow::Continue(())
            }
            "adb_sync_recv_file" | "adb_sync_send_file" => {
                trace(TraceKind::Path, self.text(&["path"]).unwrap_or_default(), None, sink)
            }
            _ => Flow::Continue(()),
        }
    }

    fn package(&self, sink: &mut dyn FactSink) -> Flow {
        let Some(id) = self.text(&["package_name"]).filter(|id| !id.is_empty()).map(clipped) else {
            return Flow::Continue(());
        };
        let user = self.told.get("user_id").and_then(Value::as_u64).and_then(|user| u32::try_from(user).ok());
        let says = match (self.tag, self.at.clone()) {
            ("package_uninstalled", at) => AppSays::Removed(at),
            ("package_installed", Some(at)) => AppSays::FirstInstalled(at),
            ("package_updated", Some(at)) => AppSays::LastUpdated(at),
            _ => AppSays::Mentioned,
        };
        if !matches!(says, AppSays::Removed(_) | AppSays::Mentioned) {
            sink.says(self.seen, AppFact { id: id.clone(), user, says: AppSays::Mentioned })?;
        }
        sink.says(self.seen, AppFact { id, user, says })
    }
}

/// What an administrator of the device or of a profile did.
const ADMIN: &[&str] = &[
    "backup_service_toggled",
    "camera_policy_set",
    "keyguard_disabled_features_set",
    "max_password_attempts_set",
    "max_screen_lock_timeout_set",
    "password_complexity_required",
    "password_complexity_set",
    "password_expiration_set",
    "password_history_length_set",
    "remote_lock",
    "user_restriction_added",
    "user_restriction_removed",
];
