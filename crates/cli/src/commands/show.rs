//! `asservat show CASE`: what is in the case, with the numbers by which items are named.

use std::path::PathBuf;

use desk::{EntryNumber, OriginalBytes, ShownCapsule, ShownItem};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::record_line;
use crate::shown::shown;
use crate::size::size;
use crate::words::say;
use crate::work::{Want, Work};
use crate::worker;

/// Shows what is in a case.
#[derive(clap::Args)]
pub(crate) struct Show {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// A record, by its identifier or the beginning of it.
    #[arg(value_name = "RECORD", conflicts_with = "capsule")]
    record: Option<String>,
    /// Only this one.
    #[arg(long, value_name = "NUMBER")]
    capsule: Option<u64>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Show {
    /// Shows names, no content; stopped items without their names.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        if let Some(record) = &self.record {
            let original = desk.original(&mut case, record, &worker::program()?)?;
            return Ok(record_answer(work, &original));
        }
        let wanted =
            |capsule: &ShownCapsule| self.capsule.is_none_or(|number| capsule.capsule == EntryNumber(number));
        let capsules: Vec<ShownCapsule> = desk.show(&mut case)?.into_iter().filter(wanted).collect();
        let mut lines: Vec<String> = capsules.iter().flat_map(|capsule| lines(work, capsule)).collect();
        if lines.is_empty() {
            lines.push(work.words.say("show-nothing"));
        }
        Ok(Answer::new(&serde_json::json!({ "capsules": capsules }), lines))
    }
}

/// A record, where it was read from, and its original bytes.
fn record_answer(work: &Work<'_>, original: &OriginalBytes) -> Answer {
    let words = work.words;
    let record = &original.record;
    let item = match original.leaf {
        Some(leaf) => format!("{}:{leaf}", record.capsule),
        None => record.capsule.to_string(),
    };
    let file: Vec<String> = record.file.iter().map(|step| shown(step)).collect();
    let mut lines = vec![
        record_line::line(work, record),
        say!(words, "show-record-id", id = record.id.as_str()),
        say!(words, "show-record-place", item = item, file = file.join(" › "), place = shown(&record.place)),
    ];
    let text = original.bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    lines.push(words.say(if text.is_some() { "show-record-original" } else { "show-record-unreadable" }));
    lines.extend(text.iter().flat_map(|text| text.lines()).map(|line| format!("  {}", shown(line))));
    Answer::new(original, lines).with("original_text", &text)
}

fn lines(work: &Work<'_>, capsule: &ShownCapsule) -> Vec<String> {
    let words = work.words;
    let mut lines = vec![say!(
        words,
        "show-capsule",
        number = capsule.capsule.0,
        source = shown(&capsule.source),
        at = capsule.at.to_string()
    )];
    lines.extend(capsule.items.iter().map(|item| item_line(work, item)));
    for (name, reason) in &capsule.gaps {
        lines.push(format!("  {:>10}  {}: {}", "–", shown(name), words.word("left-out", reason)));
    }
    lines
}

fn item_line(work: &Work<'_>, item: &ShownItem) -> String {
    let path = item.path.as_deref().map_or_else(|| work.words.say("show-stopped"), shown);
    let gap = item.gap.map(|gap| format!(" ({})", work.words.word("gap", gap))).unwrap_or_default();
    format!("  {:>10}  {:>12}  {path}{gap}", item.item, size(work.words, item.size_bytes))
}
