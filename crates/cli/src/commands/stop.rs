//! `asservat stop CASE ITEM`: never again shown, indexed, copied out or handed over. Nothing is deleted.

use std::path::PathBuf;

use desk::ItemName;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::words::say;
use crate::work::{Want, Work};

/// Stops an item.
#[derive(clap::Args)]
pub(crate) struct Stop {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// A capsule or one file of it.
    #[arg(value_name = "ITEM")]
    item: ItemName,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Stop {
    /// Writes the entry.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
        let entry = desk.stop(&mut case, self.item)?;
        let lines =
            [say!(work.words, "stop-done", item = self.item.to_string()), work.words.say("stop-next")];
        Ok(Answer::new(&serde_json::json!({ "entry": entry, "item": self.item.to_string() }), lines))
    }
}
