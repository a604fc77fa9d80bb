//! `asservat log CASE`: every entry in order. Reading it is an act and leaves an entry.

use std::path::PathBuf;

use desk::LogLine;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::shown::shown;
use crate::work::{Want, Work};

/// Shows the log.
#[derive(clap::Args)]
pub(crate) struct Log {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Log {
    /// Shows it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let entries = desk.log(&mut case)?;
        let lines: Vec<String> = entries.iter().flat_map(|entry| lines(work, entry)).collect();
        Ok(Answer::new(&serde_json::json!({ "entries": entries }), lines))
    }
}

/// Fields that every entry has; `--json` shows them.
const EVERY: [&str; 4] = ["kind", "at", "program", "key"];

fn lines(work: &Work<'_>, entry: &LogLine) -> Vec<String> {
    let kind = entry
        .kind
        .as_deref()
        .map_or_else(|| work.words.say("log-erased"), |kind| work.words.word("kind", kind));
    let at = entry.at.map(|at| at.to_string()).unwrap_or_default();
    let mut lines = vec![format!("{}  {at:20}  {kind}", entry.number.file_stem())];
    let fields = entry.fields.iter().filter(|(name, _)| !EVERY.contains(&name.as_str()));
    lines.extend(fields.map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("        {}: {}", shown(name), shown(&value))
    }));
    lines
}
