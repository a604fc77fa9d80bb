//! `asservat tag CASE RECORD TAG`: a word beside a record; `asservat tag CASE` lists them.
//!
//! ```text
//! asservat tag amsel 18c653877c40 wichtig
//! asservat tag amsel 18c653877c40 wichtig --off
//! ```

use std::path::PathBuf;

use desk::TagState;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::emphasis::{Emphasis, foreign};
use crate::errors::Failure;
use crate::timeline_text::{Drawing, id};
use crate::words::say;
use crate::work::{Want, Work};

/// Sets, takes away or lists tags.
#[derive(clap::Args)]
pub(crate) struct Tag {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The record, by its identifier or the beginning of it.
    #[arg(value_name = "RECORD", requires = "word")]
    record: Option<String>,
    /// The tag.
    #[arg(value_name = "TAG")]
    word: Option<String>,
    /// Take it away.
    #[arg(long, requires = "word")]
    off: bool,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Tag {
    /// Sets, takes away or lists.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let words = work.words;
        if let (Some(record), Some(tag)) = (&self.record, &self.word) {
            let (mut desk, mut case) = work.open(&self.case, Want::Act, &self.signing, Some(&self.key))?;
            let (state, said) = if self.off { (TagState::Off, "tag-off") } else { (TagState::On, "tag-on") };
            let (entry, record) = desk.tag_record(&mut case, record, tag, state)?;
            let line = say!(words, said, entry = entry.0, tag = foreign(tag.trim()), record = id(&record));
            let outcome = serde_json::json!({ "entry": entry, "record": record, "tag": tag.trim() });
            return Ok(Answer::new(&outcome, [line]));
        }
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let records = desk.tagged(&mut case)?;
        let drawing = Drawing { words, emphasis: Emphasis::of_output() };
        let mut lines = drawing.page(&records, &[]);
        if records.is_empty() {
            lines.push(words.say("tag-none"));
        }
        Ok(Answer::new(&serde_json::json!({ "records": records }), lines))
    }
}
