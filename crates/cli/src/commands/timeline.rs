//! `asservat timeline CASE`: everything that was read, of all capsules, in the order of time.
//!
//! ```text
//! asservat timeline amsel --person Falke --from 2024-03-01
//! asservat timeline amsel --chat "Familie" --after 18c653877c40
//! ```

use std::path::PathBuf;

use desk::{GapRule, PageEdge, Timeline as Page, TimelineForm};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::emphasis::{Emphasis, foreign};
use crate::errors::Failure;
use crate::timeline_text::{Drawing, id};
use crate::wanted::Wanted;
use crate::words::say;
use crate::work::{Want, Work};

/// Records shown if nobody says how many.
const MOST: u32 = 50;
/// Files with problems that are named; `--json` has more.
const NOT_READ: usize = 5;

/// Shows the timeline.
#[derive(clap::Args)]
pub(crate) struct Timeline {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    #[command(flatten)]
    wanted: Wanted,
    /// Behind this.
    #[arg(long, value_name = "CURSOR", allow_hyphen_values = true, conflicts_with = "before")]
    after: Option<String>,
    /// Before this.
    #[arg(long, value_name = "CURSOR", allow_hyphen_values = true)]
    before: Option<String>,
    /// At most so many.
    #[arg(
        long, value_name = "NUMBER", default_value_t = MOST,
        value_parser = clap::value_parser!(u32).range(1..=10_000)
    )]
    most: u32,
    /// From how many days without a record a gap is said; 0 says none.
    #[arg(long, value_name = "DAYS")]
    gap_days: Option<u32>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Timeline {
    /// Shows a page.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let edge = match (self.after, self.before) {
            (Some(after), _) => PageEdge::After(after),
            (None, Some(before)) => PageEdge::Before(before),
            (None, None) => PageEdge::Beginning,
        };
        let rule = GapRule::default();
        let gaps = match self.gap_days {
            Some(0) => None,
            Some(silence_days) => Some(GapRule { silence_days, ..rule }),
            None => Some(rule),
        };
        let most = usize::try_from(self.most).unwrap_or(usize::MAX);
        let form = TimelineForm { wanted: self.wanted.records(), edge, most, gaps };
        let page = desk.timeline(&mut case, &form)?;
        let lines = lines(work, &page);
        Ok(Answer::new(&page, lines).with("gap_rule", &gaps))
    }
}

fn lines(work: &Work<'_>, page: &Page) -> Vec<String> {
    let words = work.words;
    let drawing = Drawing { words, emphasis: Emphasis::of_output() };
    let mut lines = drawing.people(&page.person);
    if page.records.is_empty() {
        lines.push(words.say("records-none"));
    } else {
        lines.push(words.say("timeline-order"));
    }
    lines.extend(drawing.page(&page.records, &page.gaps));
    lines.push(String::new());
    if page.without_time > 0 {
        let id = if page.more_without_time { "timeline-without-time-more" } else { "timeline-without-time" };
        lines.push(say!(words, id, count = page.without_time));
    }
    if !page.not_read.is_empty() {
        lines.push(words.say("timeline-not-read"));
        for problem in page.not_read.iter().take(NOT_READ) {
            let file: Vec<String> = problem.file.iter().map(|step| foreign(step)).collect();
            let kind = words.word("problem", problem.kind);
            let (file, units) = (file.join(" › "), problem.units);
            lines.push(format!(
                "  {}",
                say!(words, "read-problem-file", file = file, kind = kind, units = units)
            ));
        }
        if page.not_read.len() > NOT_READ {
            lines.push(words.say("timeline-not-read-more"));
        }
    }
    let cursor = |record: Option<&desk::TimelineLine>| record.map(|record| id(&record.record.id));
    if let Some(first) = page.before.as_ref().and(cursor(page.records.first())) {
        lines.push(say!(words, "timeline-before", cursor = first));
    }
    match page.after.as_ref().and(cursor(page.records.last())) {
        Some(last) => lines.push(say!(words, "timeline-after", cursor = last)),
        None => lines.push(words.say("timeline-end")),
    }
    lines
}
