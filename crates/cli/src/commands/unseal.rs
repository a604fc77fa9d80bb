//! `asservat unseal CASE ITEM --to DIR`: files of a capsule as they were, into a folder the person chose.

use std::path::PathBuf;

use desk::{ItemName, UnsealForm, Unsealed};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::{Failure, vacant};
use crate::shown::shown_path;
use crate::size::size;
use crate::words::say;
use crate::work::{Want, Work};

/// Writes files out.
#[derive(clap::Args)]
pub(crate) struct Unseal {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// A capsule or one file of it.
    #[arg(value_name = "ITEM")]
    item: ItemName,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Unseal {
    /// Writes them.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        vacant(&self.to)?;
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let unsealed = desk.unseal(&mut case, &UnsealForm { item: self.item, to: self.to })?;
        let lines = lines(work, &unsealed);
        Ok(Answer::new(&unsealed, lines))
    }
}

fn lines(work: &Work<'_>, unsealed: &Unsealed) -> Vec<String> {
    let words = work.words;
    let bytes = size(words, unsealed.bytes);
    let folder = shown_path(&unsealed.to);
    let mut lines = vec![say!(words, "unseal-done", files = unsealed.files, bytes = bytes, folder = folder)];
    if unsealed.stopped > 0 {
        lines.push(say!(words, "unseal-stopped", count = unsealed.stopped));
    }
    lines.push(words.say("unseal-next"));
    lines
}
