//! Programs that give root rights, as AndroidQF found them: `root_binaries.json`, and Magisk's modules in
//! `magisk_modules/manifest.json`.
//!
//! The first is a JSON list of texts: what `which -a` printed for `su`, `magisk`, `busybox` and the like,
//! each with one or more paths (mvt-project/androidqf, read 2026-11). The second is an object since 2026.
//! Deliberately no difference between programs: that one is there is the sign.

use std::ops::ControlFlow;

use model::record::{Place, ProblemKind};
use serde::Deserialize;
use source::tree::Candidate;

use crate::android_text::{beginning, clipped};
use crate::rows::{self, Shape, Taken};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign, Trace, TraceKind, Wholly};

/// `root_binaries.json`.
pub(super) struct AndroidqfRootBinaries;

const SHAPE: Shape = Shape { first_key: "", expected: "a path as text" };

/// Most signs.
const MOST_SIGNS: u32 = 200;

/// Longest list of modules.
const MANIFEST_BYTES: u64 = 4 << 20;

impl Check for AndroidqfRootBinaries {
    fn name(&self) -> &'static str {
        "androidqf_root_binaries"
    }

    fn about(&self) -> About {
        About {
            title: "Programs that give root rights, found by AndroidQF (root_binaries.json)",
            platform: Platform::Android,
            covers: "every program found, every installed module of Magisk",
            leaves_out: "what the modules do",
            answers: &[Question::SystemIntegrity],
            source: "mvt-project/androidqf (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let head = || candidate.head().trim_ascii_start();
        match candidate.entry().name() {
            "root_binaries.json" => head().starts_with(b"[") || head().starts_with(b"null"),
            "manifest.json" => {
                candidate.entry().folder().ends_with("magisk_modules/") && head().starts_with(b"{")
            }
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        if input.entry().is_some_and(|entry| entry.name() == "manifest.json") {
            return modules(input, sink);
        }
        let mut told = 0_u32;
        let read = rows::each(input, &SHAPE, sink, &mut |seen, bytes, sink| {
            let Ok(output) = serde_json::from_slice::<String>(bytes) else {
                return ControlFlow::Continue(Taken::Broken);
            };
            for path in output.lines().map(str::trim).filter(|path| !path.is_empty()) {
                told = told.saturating_add(1);
                found(seen, path, told, sink)?;
            }
            ControlFlow::Continue(Taken::Kept)
        })?;
        sink.looked(&input.seen(Place::Whole), Question::SystemIntegrity, read.wholly, read.rows)
    }
}

fn found(seen: &Seen, path: &str, told: u32, sink: &mut dyn FactSink) -> Flow {
    sink.trace(&Trace { kind: TraceKind::Path, value: path, at: None, app: None, seen })?;
    if told > MOST_SIGNS {
        return Flow::Continue(());
    }
    sink.says(seen, Sign { name: "root-trace".to_owned(), app: None, what: clipped(path), at: None })
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    status: String,
    #[serde(default)]
    modules: Option<Vec<Module>>,
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    device_path: String,
}

fn modules(input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let seen = input.seen(Place::Whole);
    let Some(bytes) = beginning(input, MANIFEST_BYTES, sink)? else { return Flow::Continue(()) };
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&bytes) else {
        return sink.trouble(&seen, ProblemKind::Damaged, "a list of modules", "");
    };
    let all = manifest.modules.unwrap_or_default();
    for (told, module) in (1..).zip(&all) {
        found(&seen, &module.device_path, told, sink)?;
    }
    if matches!(manifest.status.as_str(), "collected" | "partial" | "no_modules") {
        let wholly = if manifest.status == "partial" { Wholly::No } else { Wholly::Yes };
        sink.looked(&seen, Question::SystemIntegrity, wholly, all.len() as u64)?;
    }
    Flow::Continue(())
}
