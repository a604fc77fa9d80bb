//! `asservat join CASE OTHER`: a copy that went its own way comes back; both branches are kept.

use std::path::PathBuf;

use desk::{HoldersOfBranch, Joined};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::words::say;
use crate::work::{Want, Work, is_case};

/// Joins a branch.
#[derive(clap::Args)]
pub(crate) struct Join {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The other copy.
    #[arg(value_name = "OTHER")]
    other: PathBuf,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Join {
    /// Joins it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_case(&self.other)?;
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let Some(joined) = desk.join(&mut case, &self.other)? else {
            let line = work.words.say("join-nothing");
            return Ok(Answer::new(&serde_json::json!({ "entry": null }), [line]));
        };
        let json = serde_json::json!({
            "entry": joined.number,
            "common": joined.common,
            "capsules": joined.capsules,
            "erasures_there": joined.erasures,
            "holders_differ": joined.holders == HoldersOfBranch::Different,
        });
        Ok(Answer::new(&json, lines(work, &joined)))
    }
}

fn lines(work: &Work<'_>, joined: &Joined) -> Vec<String> {
    let words = work.words;
    let mut lines = vec![say!(words, "join-done", entry = joined.number.0, capsules = joined.capsules.len())];
    if !joined.erasures.is_empty() {
        lines.push(say!(words, "join-erasures", count = joined.erasures.len()));
    }
    if joined.holders == HoldersOfBranch::Different {
        lines.push(words.say("join-holders"));
    }
    lines
}
