//! What one service of Android says about itself: `adb shell dumpsys NAME`, kept in a file of its own.
//!
//! Known by its first lines where the name only hints (`package.txt`, `accessibility.txt`, a folder named
//! after the service), or by the name alone if that says `dumpsys_NAME` (Android 8 to 15). The readers are
//! those of a bug report. Deliberately not read: forms for machines (`--checkin`, proto).

use source::tree::Candidate;

use super::android_dumpstate;
use crate::dumpsys::{self, Begins, SECTIONS, Section};
use crate::{About, Check, FactSink, Flow, Input, Platform};

/// Dumps of single services.
pub(crate) struct AndroidDumpsys;

impl Check for AndroidDumpsys {
    fn name(&self) -> &'static str {
        "android_dumpsys"
    }

    fn about(&self) -> About {
        About {
            title: "What one service of Android says about itself (dumpsys)",
            platform: Platform::Android,
            covers: "texts of dumpsys for one service, of the whole device or of one app; Android 8 to 15",
            leaves_out: "forms for machines",
            answers: dumpsys::answers_alone(),
            source: "AOSP's services (2026), spytrap's real dumps",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        of(candidate).is_some() && !android_dumpstate::takes(candidate)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let candidate = Candidate::new(input.tree, input.file);
        match candidate.as_ref().and_then(of) {
            Some(section) => dumpsys::read(input, Begins::Section(section), sink),
            None => Flow::Continue(()),
        }
    }
}

/// The section that a file holds.
fn of(candidate: &Candidate<'_>) -> Option<&'static dyn Section> {
    let entry = candidate.entry();
    if !matches!(entry.extension().as_str(), "txt" | "log" | "") {
        return None;
    }
    let name = entry.name().to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let folder = entry.folder().trim_end_matches('/').to_ascii_lowercase();
    let folder = folder.rsplit('/').next().unwrap_or_default();
    let says_dumpsys = stem.contains("dumpsys") || folder.contains("dumpsys");
    let hints = says_dumpsys || of_name(stem).is_some() || dumpsys::section(folder).is_some();
    if !hints {
        return None;
    }
    let head = String::from_utf8_lossy(candidate.head());
    dumpsys::section_of_text(&head).or_else(|| {
        let by_name = stem.contains("dumpsys").then(|| of_name(stem)).flatten();
        by_name.filter(|_| !head.trim().is_empty())
    })
}

/// The section whose service a name holds as words of its own: `dumpsys_package`, `Dumpsys-package-2`.
fn of_name(stem: &str) -> Option<&'static dyn Section> {
    let is_word = |at: usize, length: usize| {
        let before = at.checked_sub(1).and_then(|before| stem.as_bytes().get(before));
        let after = at.checked_add(length).and_then(|after| stem.as_bytes().get(after));
        [before, after].into_iter().flatten().all(|byte| !byte.is_ascii_alphanumeric())
    };
    let named = |section: &&&dyn Section| {
        let mut names = section.names().iter();
        names.any(|name| stem.match_indices(name).any(|(at, found)| is_word(at, found.len())))
    };
    SECTIONS.iter().find(named).copied()
}
