//! What AndroidQF tells of its own work: `acquisition.json`, `package_users.json`, `hashes.csv`.
//!
//! The first is an object with a UUID, the version, when it began and ended, since 2026 the key of the
//! computer (mvt-project/androidqf, read 2026-11). The second names the users of the phone. The third has
//! path and SHA-256 of every file that was brought; those of apps and temporary files are held against the
//! lists. Deliberately not verified: the hashes, which the capsule's own stand for.

use model::record::{Place, ProblemKind, TimeReading};
use serde::Deserialize;
use source::tree::{Candidate, Entry};

use crate::android_text::{beginning, clip, clipped, each_line, moment};
use crate::{
    About, Check, DeviceFact, FactSink, Flow, Input, Platform, Question, Setting, Trace, TraceKind, User,
    UserKind, Wholly,
};

/// `acquisition.json` and the like.
pub(super) struct AndroidqfAcquisition;

/// Longest object that is read.
const MOST_BYTES: u64 = 4 << 20;

/// Most users that are told.
const MOST_USERS: usize = 1000;

impl Check for AndroidqfAcquisition {
    fn name(&self) -> &'static str {
        "androidqf_acquisition"
    }

    fn about(&self) -> About {
        About {
            title: "The acquisition by AndroidQF itself (acquisition.json, package_users.json, hashes.csv)",
            platform: Platform::Android,
            covers: "when it was made and by which version, the users of the phone, hashes of fetched apps",
            leaves_out: "whether the hashes are right; names of folders on the computer",
            answers: &[Question::Users],
            source: "mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let head = || candidate.head().trim_ascii_start();
        let has = |word: &str| memchr::memmem::find(candidate.head(), word.as_bytes()).is_some();
        match candidate.entry().name() {
            "acquisition.json" => head().starts_with(b"{") && has("\"uuid\"") && has("\"started\""),
            "package_users.json" => head().starts_with(b"{") && has("\"users\""),
            "hashes.csv" => ["acquisition.json", "getprop.txt", "packages.json"]
                .iter()
                .any(|name| candidate.tree().sibling(candidate.number(), name).is_some()),
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        match input.entry().map(Entry::name) {
            Some("acquisition.json") => acquisition(input, sink),
            Some("package_users.json") => users(input, sink),
            _ => hashes(input, sink),
        }
    }
}

#[derive(Deserialize)]
struct Acquisition {
    #[serde(default)]
    uuid: String,
    #[serde(default)]
    androidqf_version: String,
    #[serde(default)]
    started: String,
    #[serde(default)]
    completed: String,
}

fn acquisition(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let seen = input.seen(Place::Whole);
    let Some(bytes) = beginning(input, MOST_BYTES, sink)? else { return Flow::Continue(()) };
    let Ok(told) = serde_json::from_slice::<Acquisition>(&bytes) else {
        return sink.trouble(&seen, ProblemKind::Damaged, "what AndroidQF tells of itself", "");
    };
    let pairs = [
        ("uuid", &told.uuid),
        ("androidqf_version", &told.androidqf_version),
        ("started", &told.started),
        ("completed", &told.completed),
    ];
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let (space, name, value) = ("acquisition".to_owned(), name.to_owned(), clipped(value));
        sink.says(&seen, Setting { space, name, value })?;
    }
    // Go's zero time stands for none.
    let time = |text: &str| -> Option<TimeReading> { moment(text).filter(|_| !text.starts_with("0001-")) };
    let acquired = time(&told.started).or_else(|| time(&told.completed));
    sink.says(&seen, DeviceFact { acquired, ..DeviceFact::new(Platform::Android) })
}

#[derive(Deserialize)]
struct Users {
    #[serde(default)]
    users: Option<Vec<Listed>>,
    #[serde(default)]
    enumeration_error: String,
}

#[derive(Deserialize)]
struct Listed {
    id: u32,
    #[serde(default)]
    name: String,
    #[serde(default)]
    flags: String,
    #[serde(default)]
    inventory_status: String,
}

fn users(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let seen = input.seen(Place::Whole);
    let Some(bytes) = beginning(input, MOST_BYTES, sink)? else { return Flow::Continue(()) };
    let Ok(told) = serde_json::from_slice::<Users>(&bytes) else {
        return sink.trouble(&seen, ProblemKind::Damaged, "users as AndroidQF lists them", "");
    };
    let all = told.users.unwrap_or_default();
    for user in all.iter().take(MOST_USERS) {
        let (number, name, kind) = (user.id, clipped(&user.name), user.kind());
        sink.says(&seen, User { number, name, kind })?;
        if user.inventory_status == "failed" || user.inventory_status == "partial" {
            let (kind, expected) = (ProblemKind::Gap, "the apps of every user");
            sink.trouble(&seen, kind, expected, "those of the users that AndroidQF could look into")?;
        }
    }
    let wholly = if told.enumeration_error.is_empty() { Wholly::Yes } else { Wholly::No };
    sink.looked(&seen, Question::Users, wholly, all.len() as u64)
}

impl Listed {
    /// Flags of `android.content.pm.UserInfo` (Android 5 to 16).
    fn kind(&self) -> UserKind {
        const GUEST: u32 = 0x4;
        const MANAGED: u32 = 0x20;
        const PROFILE: u32 = 0x1000;
        let flags = u32::from_str_radix(&self.flags, 16).unwrap_or(0);
        match self.id {
            0 => UserKind::Owner,
            _ if flags & GUEST != 0 => UserKind::Guest,
            _ if flags & MANAGED != 0 => UserKind::Work,
            // Makers give their copies of apps numbers of their own: Samsung 95 and 150, Xiaomi 999.
            95 | 150..=160 | 999 => UserKind::Clone,
            _ if flags & PROFILE != 0 => UserKind::Clone,
            _ => UserKind::Second,
        }
    }
}

fn hashes(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let mut count = 0_u64;
    let read = each_line(input, "lines of path and hash", sink, &mut |seen, line, sink| {
        let Some((path, hash)) = line.rsplit_once(',') else { return Flow::Continue(()) };
        let path = path.trim_matches('"').replace('\\', "/");
        let hash = hash.trim();
        if hash.len() != 64 || !(path.contains("apks/") || path.contains("tmp/")) {
            return Flow::Continue(());
        }
        count = count.saturating_add(1);
        sink.trace(&Trace { kind: TraceKind::FileHash, value: clip(hash), at: None, app: None, seen })
    })?;
    if count == 0 {
        return Flow::Continue(());
    }
    sink.looked(&input.seen(Place::Whole), Question::Files, read.wholly, count)
}
