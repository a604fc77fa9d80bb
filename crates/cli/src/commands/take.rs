//! `asservat take DIR`: a case comes back from a stick; what lies on the stick is a copy from now on.

use std::path::PathBuf;

use desk::Taken;

use crate::answer::Answer;
use crate::arguments::SigningKey;
use crate::errors::{Failure, vacant};
use crate::shown::shown_path;
use crate::size::size;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Install, Work, is_case};

/// Takes a case back.
#[derive(clap::Args)]
pub(crate) struct Take {
    /// Where it lies.
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// The folder to make here.
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// From whom.
    #[arg(long = "from", value_name = "TEXT")]
    who: Option<String>,
    #[command(flatten)]
    signing: SigningKey,
}

impl Take {
    /// Copies, compares, and makes the copy the writing one.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_case(&self.from)?;
        let into = match (self.into, self.from.file_name()) {
            (Some(into), _) => into,
            (None, Some(name)) => PathBuf::from(name),
            (None, None) => return Err(Failure::from(Trouble::TargetExists).with("path", ".")),
        };
        vacant(&into)?;
        let mut desk = work.desk(&self.signing, Install::IfMissing)?;
        let who = self.who.unwrap_or_else(|| work.words.say("not-stated"));
        let taken = desk.take(&self.from, &into, &who, None)?;
        let lines = lines(work, &taken);
        Ok(Answer::new(&taken, lines))
    }
}

fn lines(work: &Work<'_>, taken: &Taken) -> [String; 2] {
    let bytes = size(work.words, taken.bytes);
    let folder = shown_path(&taken.folder);
    [say!(work.words, "take-done", folder = folder, bytes = bytes), work.words.say("take-next")]
}
