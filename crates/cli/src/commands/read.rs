//! `asservat read CASE [CAPSULE…]`: what lies in the capsules becomes records in the index.
//!
//! ```text
//! asservat read amsel
//! asservat read amsel --evidence-key
//! ```

use std::path::PathBuf;

use desk::{Anew, EntryNumber, OpenCase, ReadForm, ReadOptions, ReadOutcome, WorkerLimits};

use crate::answer::Answer;
use crate::arguments::{CaseKey, EvidenceKeys, SigningKey};
use crate::errors::Failure;
use crate::shown::shown;
use crate::words::say;
use crate::work::{Want, Work};
use crate::worker;

/// Reads what lies in capsules.
#[derive(clap::Args)]
pub(crate) struct Read {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Only these capsules.
    #[arg(value_name = "CAPSULE")]
    capsules: Vec<u64>,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

/// How reading is done.
#[derive(clap::Args)]
pub(crate) struct How {
    /// The owner's name as it stands in chats.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    #[command(flatten)]
    evidence: EvidenceKeys,
    /// Memory of the reading process.
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(64..=65536))]
    worker_memory: Option<u64>,
}

impl How {
    /// Keeps new passwords, then reads.
    pub(crate) fn read(
        self,
        work: &Work<'_>,
        (desk, case): (&mut desk::Desk<'_>, &mut OpenCase),
        capsules: Vec<EntryNumber>,
        anew: Anew,
    ) -> Result<ReadOutcome, Failure> {
        let mut anew = anew;
        for key in self.evidence.keys(work)? {
            if desk.keep_evidence_key(case, &key, "")?.is_some() {
                // What was read before without it may be opened by it now.
                anew = Anew::Yes;
            }
        }
        let options = ReadOptions { owner: self.owner };
        let mut limits = WorkerLimits::default();
        if let Some(mebibytes) = self.worker_memory {
            limits.memory_bytes = mebibytes << 20;
        }
        Ok(desk.read(case, &ReadForm { capsules, anew, options, program: worker::program()?, limits })?)
    }
}

impl Read {
    /// Reads what is not in the index yet.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let capsules = self.capsules.into_iter().map(EntryNumber).collect();
        let outcome = self.how.read(work, (&mut desk, &mut case), capsules, Anew::No)?;
        let lines = lines(work, &outcome);
        Ok(Answer::new(&outcome, lines))
    }
}

/// What reading gave, in words.
pub(crate) fn lines(work: &Work<'_>, outcome: &ReadOutcome) -> Vec<String> {
    let words = work.words;
    if outcome.capsules.is_empty() {
        return vec![words.say("read-nothing-new")];
    }
    let mut lines = vec![say!(words, "read-done", files = outcome.files, records = outcome.records)];
    for reader in outcome.readers.iter().filter(|reader| !reader.reader.is_empty()) {
        let name = words.word("reader", &reader.reader);
        let (files, records, units) = (reader.files, reader.records, reader.in_source);
        lines.push(say!(words, "read-reader", name = name, files = files, records = records, units = units));
    }
    if outcome.stopped > 0 {
        lines.push(say!(words, "read-stopped", count = outcome.stopped));
    }
    if outcome.problem_kinds.is_empty() {
        lines.push(words.say("read-no-problem"));
    } else {
        lines.push(words.say("read-problems"));
    }
    for (kind, units) in &outcome.problem_kinds {
        lines.push(format!("  {units} × {}", words.word("problem", kind)));
    }
    for problem in &outcome.problem_files {
        let file: Vec<String> = problem.file.iter().map(|step| shown(step)).collect();
        let (file, kind) = (file.join(" › "), words.word("problem", problem.kind));
        lines.push(say!(words, "read-problem-file", file = file, kind = kind, units = problem.units));
    }
    if outcome.problem_files.len() >= 20 {
        lines.push(words.say("read-problem-more"));
    }
    if outcome.problem_kinds.contains_key("needs-key") || outcome.problem_kinds.contains_key("wrong-key") {
        lines.push(words.say("read-needs-key"));
    }
    if !outcome.unprotected.is_empty() {
        lines.push(say!(words, "read-unprotected", layers = outcome.unprotected.join(", ")));
    }
    lines.push(words.say("read-next"));
    lines
}
