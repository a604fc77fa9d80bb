//! `asservat tag CASE [RECORD TAG]`: sets a tag, takes it away, or lists those that are set.
//!
//! ```text
//! asservat tag amsel 3fa2c81b04de wichtig
//! asservat tag amsel 3fa2c81b04de wichtig --off
//! asservat tag amsel
//! ```

use std::path::PathBuf;

use desk::TagState;
use serde_json::json;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::shown::shown;
use crate::words::say;
use crate::work::{Want, Work};

/// Sets a tag.
#[derive(clap::Args)]
pub(crate) struct Tag {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The record.
    #[arg(value_name = "RECORD", requires = "tag")]
    record: Option<String>,
    /// The tag.
    #[arg(value_name = "TAG")]
    tag: Option<String>,
    /// Take it away.
    #[arg(long, requires = "tag")]
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
        let want = if self.record.is_some() { Want::Act } else { Want::Look };
        let (mut desk, mut case) = work.open(&self.case, want, &self.signing, Some(&self.key))?;
        let (Some(record), Some(tag)) = (&self.record, &self.tag) else {
            let tags = desk.decisions(&case)?.tags;
            let line = |(record, tags): (&String, &std::collections::BTreeSet<String>)| {
                let tags: Vec<String> = tags.iter().map(|tag| shown(tag)).collect();
                format!("{record}  {}", tags.join(", "))
            };
            let mut lines: Vec<String> = tags.iter().map(line).collect();
            if lines.is_empty() {
                lines.push(words.say("tag-none"));
            }
            return Ok(Answer::new(&json!({ "tags": tags }), lines));
        };
        let state = if self.off { TagState::Off } else { TagState::On };
        let entry = desk.tag(&mut case, record, tag, state)?;
        let line = say!(words, "tag-done", entry = entry.to_string());
        Ok(Answer::new(&json!({ "entry": entry, "record": record, "tag": tag }), [line]))
    }
}
