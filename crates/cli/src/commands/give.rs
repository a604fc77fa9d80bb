//! `asservat give CASE DIR --to …`: hands the case over to who holds it, and keeps a receipt.

use std::path::{Path, PathBuf};

use desk::Given;

use super::erase::{unreachable, unreachable_words};
use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::shown::{shown, shown_path};
use crate::size::size;
use crate::words::say;
use crate::work::{Want, Work};

/// Gives a case away.
#[derive(clap::Args)]
pub(crate) struct Give {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The folder to make on her stick.
    #[arg(value_name = "DIR")]
    into: PathBuf,
    /// To whom.
    #[arg(long, value_name = "TEXT")]
    to: String,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Give {
    /// Copies, compares, writes the receipt, removes here.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let given =
            desk.give(case, &self.into, &self.to).map_err(|error| Failure::of_target(error, &self.into))?;
        let receipt = work.home()?.join("receipts").join(&given.receipt);
        let answer = Answer::new(&given, lines(work, &given, &receipt));
        Ok(answer.with("receipt", &receipt).with("unreachable", &unreachable_words(&given.unreachable)))
    }
}

fn lines(work: &Work<'_>, given: &Given, receipt: &Path) -> Vec<String> {
    let words = work.words;
    let bytes = size(words, given.bytes);
    let mut lines = vec![
        say!(words, "give-done", folder = shown_path(&given.folder), bytes = bytes),
        say!(words, "give-receipt", path = shown_path(receipt)),
    ];
    if !given.left_behind.is_empty() {
        lines.push(words.say("give-left-behind"));
    }
    lines.extend(given.left_behind.iter().map(|name| format!("  {}", shown(name))));
    lines.extend(unreachable(work, &given.unreachable));
    lines
}
