//! `asservat records CASE`: what was read, in the order of time or by search.
//!
//! ```text
//! asservat records amsel --find "wo bist du" --app whatsapp
//! asservat records amsel --lines > records.jsonl
//! ```

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use desk::{Date, EntryNumber, RecordsForm, ShownRecord};
use serde_json::json;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::record_line;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work};

/// Records shown if nobody says how many.
const MOST: u64 = 100;

/// Shows records.
#[derive(clap::Args)]
pub(crate) struct Records {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Only what this finds.
    #[arg(long, value_name = "WORDS")]
    find: Option<String>,
    /// Only of this capsule.
    #[arg(long, value_name = "NUMBER")]
    capsule: Option<u64>,
    /// Only of this kind.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only of this service.
    #[arg(long, value_name = "SERVICE")]
    app: Option<String>,
    /// Only from this reader.
    #[arg(long, value_name = "READER")]
    reader: Option<String>,
    /// From this day on.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Up to this day.
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// At most so many.
    #[arg(long, value_name = "NUMBER", conflicts_with = "lines")]
    most: Option<u64>,
    /// All of them, one JSON object a line.
    #[arg(long)]
    lines: bool,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Records {
    /// Shows them.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let form = RecordsForm {
            capsule: self.capsule.map(EntryNumber),
            kind: self.kind,
            app: self.app,
            reader: self.reader,
            from: self.from,
            to: self.to,
            find: self.find,
            most: if self.lines { None } else { Some(self.most.unwrap_or(MOST)) },
        };
        if self.lines {
            let mut failed = None;
            desk.records(&mut case, &form, &mut |record| print_line(&record, &mut failed))?;
            return match failed {
                // Somebody who closes the pipe has read enough.
                Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Trouble::OutputFailed.into()),
                _ => Ok(Answer::silent()),
            };
        }
        let mut records = Vec::new();
        let found = desk.records(&mut case, &form, &mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        })?;
        let mut lines: Vec<String> = records.iter().map(|record| record_line::line(work, record)).collect();
        if lines.is_empty() {
            lines.push(work.words.say("records-none"));
        }
        if found.more {
            lines.push(say!(work.words, "records-more", shown = found.shown));
        }
        let outcome = json!({ "records": records, "more": found.more, "notes": found.notes });
        Ok(Answer::new(&outcome, lines))
    }
}

fn print_line(record: &ShownRecord, failed: &mut Option<io::Error>) -> ControlFlow<()> {
    let line = serde_json::to_string(record).unwrap_or_default();
    match writeln!(io::stdout().lock(), "{line}") {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            *failed = Some(error);
            ControlFlow::Break(())
        }
    }
}
