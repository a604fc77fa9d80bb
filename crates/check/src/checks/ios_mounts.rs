//! Whether an iPhone's system could be written to: `mount.txt` of a sysdiagnose.
//!
//! The output of mount(8): `/dev/disk0s1s1 on / (apfs, sealed, local, nosuid, read-only, journaled)`.
//! Since iOS 7 the system is read-only; jailbreaks made it writable, newer ones lay folders over it. Paths of
//! Apple's own images and volumes are not judged. Deliberately not read: sizes (`disks.txt`).

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::clipped;
use crate::sysdiagnose::{each_line, is_in_root, made_of};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Sign, Wholly};

/// Mounted volumes.
pub(crate) struct IosMounts;

/// Places of the system over which nothing is laid.
const SYSTEM: &[&str] =
    &["/usr", "/sbin", "/bin", "/Library", "/Applications", "/System/Library/Frameworks", "/etc"];
/// Most signs of one file.
const SIGNS_MOST: u64 = 100;

impl Check for IosMounts {
    fn name(&self) -> &'static str {
        "ios_mounts"
    }

    fn about(&self) -> About {
        About {
            title: "Whether the system could be written to (mount.txt)",
            platform: Platform::Ios,
            covers: "the mounted volumes of a sysdiagnose, iOS 13 to 26",
            leaves_out: "sizes; volumes of Apple's own images",
            answers: &[Question::SystemIntegrity],
            source: "mount(8), public descriptions of jailbreaks (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "mount.txt" && is_in_root(candidate)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let at = made_of(input);
        let (mut count, mut signs, mut root) = (0_u64, 0_u64, false);
        let wholly = each_line(input, sink, &mut |line, seen, sink| {
            let Some((place, options)) = mounted(line) else { return Flow::Continue(()) };
            count = count.saturating_add(1);
            root |= place == "/";
            let name = if place == "/" && !options.split(", ").any(|option| option == "read-only") {
                "system-writable"
            } else if SYSTEM.iter().any(|known| place == *known || place.starts_with(&format!("{known}/"))) {
                "odd-mount"
            } else {
                return Flow::Continue(());
            };
            signs = signs.saturating_add(1);
            if signs > SIGNS_MOST {
                return Flow::Continue(());
            }
            let (name, what) = (name.to_owned(), clipped(line.trim()).to_owned());
            sink.says(seen, Sign { name, app: None, what, at: at.clone() })
        })?;
        if !root {
            sink.trouble(
                &whole,
                ProblemKind::NotUnderstood,
                "a line about the system's volume",
                "the others",
            )?;
        }
        let wholly = if root { wholly } else { Wholly::No };
        sink.looked(&whole, Question::SystemIntegrity, wholly, count)
    }
}

/// Where something is mounted, and how.
fn mounted(line: &str) -> Option<(&str, &str)> {
    let (before, options) = line.trim().strip_suffix(')')?.rsplit_once(" (")?;
    Some((before.split_once(" on ")?.1, options))
}
