//! Small outputs of commands in an acquisition by AndroidQF: `selinux.txt`, `services.txt`, `env.txt`.
//!
//! `getenforce` prints one word; `service list` prints numbered names; `env` prints variables
//! (mvt-project/androidqf, read 2026-11). What tells of a changed system becomes a sign. Deliberately not
//! told: the services of an ordinary system.

use model::record::Place;
use source::tree::Candidate;

use crate::android_text::{clipped, each_line};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Setting, Sign, Wholly};

/// `selinux.txt`, `services.txt`, `env.txt`.
pub(super) struct AndroidqfSystem;

/// Words in names of services and variables that belong to ways to root a phone.
const ROOT_WORDS: &[&str] = &["magisk", "supersu", "superuser", "kernelsu", "zygisk", "xposed", "apatch"];

/// Most signs.
const MOST_SIGNS: u32 = 50;

impl Check for AndroidqfSystem {
    fn name(&self) -> &'static str {
        "androidqf_system"
    }

    fn about(&self) -> About {
        About {
            title: "State of the system in an acquisition by AndroidQF (selinux.txt, services.txt, env.txt)",
            platform: Platform::Android,
            covers: "whether SELinux enforces, services and variables of ways to root a phone",
            leaves_out: "ordinary services and variables",
            answers: &[Question::SystemIntegrity],
            source: "mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let head = || candidate.head().trim_ascii();
        match candidate.entry().name() {
            "selinux.txt" => STATES.iter().any(|state| head().starts_with(state.as_bytes())),
            "services.txt" => head().starts_with(b"Found ") || head().starts_with(b"0\t"),
            "env.txt" => memchr::memmem::find(head(), b"ANDROID_").is_some(),
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let name = input.entry().map(|entry| entry.name().to_owned()).unwrap_or_default();
        let mut told = 0_u32;
        let read = each_line(input, "lines of a command", sink, &mut |seen, line, sink| {
            let line = line.trim();
            if name == "selinux.txt" && STATES.contains(&line) {
                let (space, setting) = ("selinux".to_owned(), "getenforce".to_owned());
                sink.says(seen, Setting { space, name: setting, value: clipped(line) })?;
            }
            let Some(sign) = sign(&name, line) else { return Flow::Continue(()) };
            told = told.saturating_add(1);
            if told > MOST_SIGNS {
                return Flow::Continue(());
            }
            sink.says(seen, Sign { name: sign.to_owned(), app: None, what: clipped(line), at: None })
        })?;
        let wholly = if read.rows == 0 { Wholly::No } else { read.wholly };
        sink.looked(&input.seen(Place::Whole), Question::SystemIntegrity, wholly, read.rows)
    }
}

/// What `getenforce` prints.
const STATES: &[&str] = &["Enforcing", "Permissive", "Disabled"];

fn sign(file: &str, line: &str) -> Option<&'static str> {
    if file == "selinux.txt" {
        return matches!(line, "Permissive" | "Disabled").then_some("selinux-off");
    }
    let lower = line.to_ascii_lowercase();
    let is_root = ROOT_WORDS.iter().any(|word| lower.contains(word));
    let is_preloaded = file == "env.txt" && line.starts_with("LD_PRELOAD=/") && line.contains("/data/");
    (is_root || is_preloaded).then_some("root-trace")
}
