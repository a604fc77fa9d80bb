//! `asservat timeline CASE`: all records of a case in the order of time.
//!
//! ```text
//! asservat timeline amsel --from 2024-03-01 --to 2024-03-31
//! asservat timeline amsel --person "+49 170 1234567" --kind call
//! asservat timeline amsel --after 1709287200000,512
//! ```

use std::path::PathBuf;

use desk::{Cursor, RecordNumber, Timeline as Part, TimelineForm};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::timeline_text;
use crate::wanted::Wanted;
use crate::words::say;
use crate::work::{Want, Work};

/// Records that are shown if nobody says how many.
const MOST: usize = 100;

/// Shows all records in the order of time.
#[derive(clap::Args)]
pub(crate) struct Timeline {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    #[command(flatten)]
    wanted: Wanted,
    /// Behind this place.
    #[arg(long, value_name = "CURSOR", value_parser = cursor, conflicts_with = "before", allow_hyphen_values = true)]
    after: Option<Cursor>,
    /// Before this place.
    #[arg(long, value_name = "CURSOR", value_parser = cursor, allow_hyphen_values = true)]
    before: Option<Cursor>,
    /// At most so many.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=10000))]
    most: Option<u16>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Timeline {
    /// Shows them.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let form = TimelineForm {
            wanted: self.wanted.records(),
            after: self.after,
            before: self.before,
            most: self.most.map_or(MOST, usize::from),
        };
        let part = desk.timeline(&mut case, &form)?;
        let lines = lines(work, &part);
        Ok(Answer::new(&part, lines))
    }
}

fn lines(work: &Work<'_>, part: &Part) -> Vec<String> {
    let words = work.words;
    let mut lines = timeline_text::parties(work, &part.parties);
    if part.records.is_empty() {
        lines.push(words.say("records-none"));
    }
    let (mut day, mut last_ms) = (None, None);
    for record in &part.records {
        let this_ms = record.record.what.time().and_then(|time| time.first_ms);
        let silence = part
            .silences
            .iter()
            .find(|silence| Some(silence.before_ms) == this_ms && Some(silence.after_ms) == last_ms);
        if let Some(silence) = silence {
            lines.push(String::new());
            lines.push(say!(words, "timeline-silence", days = silence.days()));
        }
        last_ms = this_ms.or(last_ms);
        let new = timeline_text::day(work, record);
        if day.as_ref() != Some(&new) {
            lines.push(String::new());
            lines.push(new.clone());
            day = Some(new);
        }
        lines.extend(timeline_text::record(work, record));
    }
    lines.push(String::new());
    if part.problems > 0 {
        lines.push(say!(words, "timeline-problems", count = part.problems));
    }
    if let Some(previous) = part.previous {
        lines.push(say!(words, "timeline-previous", cursor = spelt(previous)));
    }
    if let Some(next) = part.next {
        lines.push(say!(words, "timeline-next", cursor = spelt(next)));
    }
    lines
}

fn spelt(cursor: Cursor) -> String {
    format!("{},{}", cursor.order_ms, cursor.number.0)
}

/// A place in the order of time: two whole numbers with a comma between them.
fn cursor(text: &str) -> Result<Cursor, String> {
    let wrong = || "two whole numbers with a comma between them".to_owned();
    let (time, number) = text.split_once(',').ok_or_else(wrong)?;
    let order_ms = time.trim().parse().map_err(|_| wrong())?;
    let number = RecordNumber(number.trim().parse().map_err(|_| wrong())?);
    Ok(Cursor { order_ms, number })
}
