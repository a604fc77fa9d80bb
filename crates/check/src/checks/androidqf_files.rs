//! Files of a phone that AndroidQF lists: `files.json`.
//!
//! A JSON list with an object for each file, as AndroidQF writes it since 2021 (mvt-project/androidqf, read
//! 2026-11): path, size, mode, owner, times in seconds, and hashes where they were asked for. Hundreds of
//! thousands of rows: every path and hash is held against the lists and forgotten. Deliberately not told as
//! facts: files as such; only those that stand for themselves. AndroidQF's own helper in the folder for
//! temporary files is passed over.

use std::borrow::Cow;
use std::ops::ControlFlow;

use model::record::{Place, TimeReading};
use serde::Deserialize;
use source::tree::Candidate;

use crate::android_text::clipped;
use crate::rows::{self, Shape, Taken};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign, Trace, TraceKind};

/// `files.json`.
pub(super) struct AndroidqfFiles;

const SHAPE: Shape = Shape { first_key: "\"path\"", expected: "a file as AndroidQF lists it" };

/// The folder in which adb, and whoever uses it, puts programs.
const TEMPORARY: &str = "/data/local/tmp/";

/// AndroidQF's own helper.
const OWN: &str = "/data/local/tmp/collector";

/// Most signs of one sort.
const MOST_SIGNS: u32 = 500;

impl Check for AndroidqfFiles {
    fn name(&self) -> &'static str {
        "androidqf_files"
    }

    fn about(&self) -> About {
        About {
            title: "Files in an acquisition by AndroidQF (files.json)",
            platform: Platform::Android,
            covers: "all versions of AndroidQF: paths and hashes held against the lists, files in the folder \
                     for temporary files, traces of root access",
            leaves_out: "size, mode and owner; SHA-512; AndroidQF's own helper program",
            answers: &[Question::Files, Question::SystemIntegrity],
            source: "mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        if candidate.entry().name() != "files.json" {
            return false;
        }
        let head = candidate.head().trim_ascii_start();
        let names = |key: &str| memchr::memmem::find(head, key.as_bytes()).is_some();
        head.starts_with(b"null") || head.starts_with(b"[") && (names("\"path\"") || head.len() < 16)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let mut signs = Signs { temporary: 0, root: 0 };
        let read = rows::each(input, &SHAPE, sink, &mut |seen, bytes, sink| {
            let Ok(file) = serde_json::from_slice::<File<'_>>(bytes) else {
                return ControlFlow::Continue(Taken::Broken);
            };
            file.tell(seen, &mut signs, sink)?;
            ControlFlow::Continue(Taken::Kept)
        })?;
        let seen = input.seen(Place::Whole);
        sink.looked(&seen, Question::Files, read.wholly, read.rows)?;
        sink.looked(&seen, Question::SystemIntegrity, read.wholly, read.rows)
    }
}

#[derive(Deserialize)]
struct File<'f> {
    #[serde(borrow)]
    path: Cow<'f, str>,
    #[serde(default)]
    modified_time: Option<i64>,
    #[serde(borrow, default)]
    md5: Option<Cow<'f, str>>,
    #[serde(borrow, default)]
    sha1: Option<Cow<'f, str>>,
    #[serde(borrow, default)]
    sha256: Option<Cow<'f, str>>,
}

/// How many were told.
struct Signs {
    temporary: u32,
    root: u32,
}

impl File<'_> {
    fn tell(&self, seen: &Seen, signs: &mut Signs, sink: &mut dyn FactSink) -> Flow {
        let at = self.modified_time.filter(|seconds| *seconds > 0).map(TimeReading::unix_seconds);
        let mut trace =
            |kind, value: &str| sink.trace(&Trace { kind, value, at: at.as_ref(), app: None, seen });
        trace(TraceKind::Path, &self.path)?;
        for hash in [&self.md5, &self.sha1, &self.sha256].into_iter().flatten() {
            if !hash.is_empty() {
                trace(TraceKind::FileHash, hash)?;
            }
        }
        let (name, count) = if self.path.starts_with(TEMPORARY) && self.path != OWN {
            ("odd-temporary-file", &mut signs.temporary)
        } else if is_root_trace(&self.path) {
            ("root-trace", &mut signs.root)
        } else {
            return Flow::Continue(());
        };
        *count = count.saturating_add(1);
        if *count > MOST_SIGNS {
            return Flow::Continue(());
        }
        sink.says(seen, Sign { name: name.to_owned(), app: None, what: clipped(&self.path), at })
    }
}

/// Folders that belong to ways to root a phone.
const ROOT_FOLDERS: &[&str] = &[
    "/data/adb/magisk",
    "/data/adb/modules",
    "/data/adb/ksu",
    "/data/adb/ap/",
    "/sbin/.magisk",
    "/debug_ramdisk/.magisk",
    "/cache/.disable_magisk",
    "/dev/.magisk",
];

/// Programs and apps that give root rights, by their last name, where programs of the system lie.
const ROOT_NAMES: &[&str] = &[
    "su",
    "daemonsu",
    "supersu",
    "magisk",
    "magisk32",
    "magisk64",
    "magiskinit",
    "magiskhide",
    "magiskpolicy",
    "ksud",
    "Superuser.apk",
    "SuperSU.apk",
    "SuperSu.apk",
    "KingoUser.apk",
];

/// Where programs of the system lie.
const SYSTEM_FOLDERS: &[&str] =
    &["/system", "/sbin/", "/su/", "/vendor/bin/", "/vendor/xbin/", "/product/bin/", "/data/local/", "/odm/"];

/// Whether a path tells that somebody has or had root access.
fn is_root_trace(path: &str) -> bool {
    if ROOT_FOLDERS.iter().any(|folder| path.starts_with(folder)) {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    ROOT_NAMES.contains(&name) && SYSTEM_FOLDERS.iter().any(|folder| path.starts_with(folder))
}
