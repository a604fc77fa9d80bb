//! `asservat reindex CASE`: makes the index anew from all capsules and the log.

use std::path::PathBuf;

use desk::Anew;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::commands::read::{How, lines};
use crate::errors::Failure;
use crate::work::{Want, Work};

/// Makes the index anew.
#[derive(clap::Args)]
pub(crate) struct Reindex {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Reindex {
    /// Reads everything again; the old index stays until the new one is whole.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let outcome = self.how.read(work, (&mut desk, &mut case), Vec::new(), Anew::Yes)?;
        let lines = lines(work, &outcome);
        Ok(Answer::new(&outcome, lines))
    }
}
