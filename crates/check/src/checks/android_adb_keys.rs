//! Computers that an Android phone trusts for debugging: `adb_keys`.
//!
//! A line for each computer: its public key in base64 and, after a space, the name it gave itself
//! (`adbd_auth` of the Android Open Source Project, read 2026-11). The fingerprint is the MD5 of the key's
//! bytes, as the phone shows it when it asks. AndroidQF's `adb_host_key.pub` has the same form and is the
//! computer that made the acquisition: it is told as a setting, to be told apart. Deliberately not read:
//! `adb_temp_keys.xml`, which mostly is in a binary form of XML.

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::android_text::{clipped, each_line};
use crate::dumpsys::adb_fingerprint;
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Setting, Trust, Wholly};

/// `adb_keys`.
pub(super) struct AndroidAdbKeys;

/// Most keys that are told.
const MOST_KEYS: u64 = 1000;

impl Check for AndroidAdbKeys {
    fn name(&self) -> &'static str {
        "android_adb_keys"
    }

    fn about(&self) -> About {
        About {
            title: "Computers that an Android phone trusts (adb_keys)",
            platform: Platform::Android,
            covers: "every key with the name its computer gave itself, the key of the acquiring computer",
            leaves_out: "adb_temp_keys.xml; when a key was last used",
            answers: &[Question::TrustedComputers],
            source: "Android Open Source Project, mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        // The length of the key's first part, four bytes little-endian: 64 words.
        matches!(name, "adb_keys" | "adb_host_key.pub")
            && candidate.head().trim_ascii_start().starts_with(b"QAAAA")
            || name == "adb_keys" && candidate.head().is_empty()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let is_own = input.entry().is_some_and(|entry| entry.name() == "adb_host_key.pub");
        let (mut told, mut broken) = (0_u64, 0_u64);
        let read = each_line(input, "lines of keys", sink, &mut |seen, line, sink| {
            let line = line.trim();
            if line.is_empty() {
                return Flow::Continue(());
            }
            let (text, name) = line.split_once(' ').unwrap_or((line, ""));
            let Some(key) = adb_fingerprint(text).filter(|_| text.len() >= 64) else {
                broken = broken.saturating_add(1);
                return Flow::Continue(());
            };
            told = told.saturating_add(1);
            if told > MOST_KEYS {
                return Flow::Continue(());
            }
            if is_own {
                let (space, name) = ("acquisition".to_owned(), "adb_host_key".to_owned());
                return sink.says(seen, Setting { space, name, value: key });
            }
            sink.says(seen, Trust { name: clipped(name), key, used: None })
        })?;
        let seen = input.seen(Place::Whole);
        if broken > 0 {
            sink.trouble(&seen, ProblemKind::Damaged, "a key in base64", "the other keys")?;
        }
        if is_own {
            return Flow::Continue(());
        }
        let wholly = if broken > 0 { Wholly::No } else { read.wholly };
        sink.looked(&seen, Question::TrustedComputers, wholly, told)
    }
}
