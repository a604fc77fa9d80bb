//! `asservat erase CASE --case|--capsule N|--entry N --reason …`: gone for good; that it is gone stays
//! provable.

use std::path::PathBuf;

use desk::{EntryNumber, Erase as Erased, Unreachable};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::prompt::{ask, is_somebody_there, understood};
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work, is_case, warn};

/// Erases.
#[derive(clap::Args)]
pub(crate) struct Erase {
    /// The case folder.
    #[arg(value_name = "CASE")]
    folder: PathBuf,
    #[command(flatten)]
    target: Target,
    /// Why; stands in the open trace.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Target {
    /// The whole case.
    #[arg(long)]
    case: bool,
    /// One capsule.
    #[arg(long, value_name = "NUMBER")]
    capsule: Option<u64>,
    /// The body of one entry.
    #[arg(long, value_name = "NUMBER")]
    entry: Option<u64>,
}

impl Erase {
    /// Asks once more, then erases and says what cannot be reached.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_case(&self.folder)?;
        let (target, sentence) = self.target.chosen(work);
        if !self.yes {
            confirm(work, &sentence)?;
        }
        let (mut desk, mut case) = work.open(&self.folder, Want::Act, &self.signing, Some(&self.key))?;
        let done = desk.erase(&mut case, target, &self.reason)?;
        let mut lines = vec![say!(work.words, "erase-done", entry = done.number.0)];
        lines.extend(unreachable(work, &done.unreachable));
        let json = serde_json::json!({
            "entry": done.number,
            "unreachable": unreachable_words(&done.unreachable),
        });
        Ok(Answer::new(&json, lines))
    }
}

impl Target {
    fn chosen(&self, work: &Work<'_>) -> (Erased, String) {
        match (self.capsule, self.entry) {
            (Some(number), _) => {
                (Erased::Capsule(EntryNumber(number)), say!(work.words, "erase-capsule", number = number))
            }
            (None, Some(number)) => {
                (Erased::Entry(EntryNumber(number)), say!(work.words, "erase-entry", number = number))
            }
            (None, None) => (Erased::Case, work.words.say("erase-case")),
        }
    }
}

fn confirm(work: &Work<'_>, sentence: &str) -> Result<(), Failure> {
    if !is_somebody_there() {
        return Err(Trouble::NotConfirmed.into());
    }
    warn(sentence);
    let answer = ask(&work.words.say("erase-question")).unwrap_or_default();
    match understood(work, &answer, &["words-yes"]) {
        Some(_) => Ok(()),
        None => Err(Trouble::NotConfirmed.into()),
    }
}

/// What cannot be reached, as it is called in JSON.
pub(super) fn unreachable_words(beyond: &[Unreachable]) -> Vec<&'static str> {
    beyond.iter().copied().map(unreachable_word).collect()
}

/// What erasing or removing cannot reach, in words.
pub(super) fn unreachable(work: &Work<'_>, beyond: &[Unreachable]) -> Vec<String> {
    let line = |one: &Unreachable| format!("  {}", work.words.word("unreachable", unreachable_word(*one)));
    let mut lines: Vec<String> = beyond.iter().map(line).collect();
    if !lines.is_empty() {
        lines.insert(0, work.words.say("unreachable-how"));
    }
    lines
}

fn unreachable_word(one: Unreachable) -> &'static str {
    match one {
        Unreachable::Copies => "copies",
        Unreachable::FormerHoldersKeys => "former-holders-keys",
        Unreachable::PrintedShares => "printed-shares",
        Unreachable::HandedOverPackages => "handed-over-packages",
        Unreachable::FlashRemnants => "flash-remnants",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::words::Words;

    #[test]
    fn what_cannot_be_reached_has_words() {
        use Unreachable::{Copies, FlashRemnants, FormerHoldersKeys, HandedOverPackages, PrintedShares};
        for language in Language::ALL {
            let words = Words::new(language);
            for one in [Copies, FormerHoldersKeys, PrintedShares, HandedOverPackages, FlashRemnants] {
                assert!(words.has(&format!("unreachable-{}", unreachable_word(one))), "{one:?}");
            }
        }
    }
}
