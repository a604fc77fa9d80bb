//! `asservat join CASE OTHER`: a copy that went its own way comes back; both branches are kept.

use std::path::PathBuf;

use crate::answer::Answer;
use crate::arguments::SigningKey;
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
    signing: SigningKey,
}

impl Join {
    /// Joins it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_case(&self.other)?;
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, None)?;
        let entry = desk.join(&mut case, &self.other)?;
        let line = match entry {
            Some(entry) => say!(work.words, "join-done", entry = entry.0),
            None => work.words.say("join-nothing"),
        };
        Ok(Answer::new(&serde_json::json!({ "entry": entry }), [line]))
    }
}
