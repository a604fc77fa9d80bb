//! `asservat note CASE TEXT`: a note in the log; `-` reads it from the input.
//!
//! ```text
//! asservat note amsel "She knows this number" --about 18c653877c40
//! ```

use std::io::Read;
use std::path::PathBuf;

use desk::NoteSubject;

use crate::answer::Answer;
use crate::arguments::SigningKey;
use crate::errors::Failure;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work, is_case};

/// Writes a note.
#[derive(clap::Args)]
pub(crate) struct Note {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The text, or `-`.
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    text: String,
    /// The item or record it is about.
    #[arg(long, value_name = "SUBJECT")]
    about: Option<NoteSubject>,
    #[command(flatten)]
    signing: SigningKey,
}

impl Note {
    /// Writes it; needs no holder's key.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        is_case(&self.case)?;
        let text = if self.text == "-" { from_input()? } else { self.text };
        let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, None)?;
        let entry = desk.note(&mut case, &text, self.about)?;
        let line = say!(work.words, "note-done", entry = entry.0);
        Ok(Answer::new(&serde_json::json!({ "entry": entry }), [line]))
    }
}

fn from_input() -> Result<String, Failure> {
    let mut text = String::new();
    let limit = model::Limits::DEFAULT.entry_body_bytes;
    match std::io::stdin().lock().take(limit).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::of_system(Trouble::PathUnreadable, "-".as_ref(), &error)),
    }
}
