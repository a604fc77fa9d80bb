//! `asservat search CASE WORDS`: where words stand, by which rule they were found, and what stands around.
//!
//! ```text
//! asservat search amsel "pass NEAR/5 schulden" --context 2
//! asservat search amsel "+49 170 1234567" --country 49
//! ```

use std::path::PathBuf;

use desk::{Found, FoundHit, RecordNumber, SearchForm};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::shown::shown;
use crate::timeline_text;
use crate::wanted::Wanted;
use crate::words::say;
use crate::work::{Want, Work};

/// Hits that are shown if nobody says how many.
const MOST: usize = 50;

/// Searches for words.
#[derive(clap::Args)]
pub(crate) struct Search {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// The words.
    #[arg(value_name = "WORDS", allow_hyphen_values = true)]
    words: String,
    /// The country of numbers without a code.
    #[arg(long, value_name = "CODE", value_parser = country)]
    country: Option<String>,
    /// Messages before and behind each hit.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    context: u8,
    #[command(flatten)]
    wanted: Wanted,
    /// Where the search goes on.
    #[arg(long, value_name = "NUMBER")]
    after: Option<i64>,
    /// At most so many.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=10000))]
    most: Option<u16>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Search {
    /// Searches.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let form = SearchForm {
            words: self.words,
            country: self.country,
            wanted: self.wanted.records(),
            after: self.after.map(RecordNumber),
            most: self.most.map_or(MOST, usize::from),
            context: usize::from(self.context),
        };
        let found = desk.search(&mut case, &form)?;
        let lines = lines(work, &found);
        Ok(Answer::new(&found, lines))
    }
}

fn lines(work: &Work<'_>, found: &Found) -> Vec<String> {
    let words = work.words;
    let mut lines: Vec<String> =
        found.notes.iter().map(|note| words.say(&format!("search-note-{note}"))).collect();
    if found.hits.is_empty() {
        lines.push(words.say("search-none"));
    }
    for hit in &found.hits {
        lines.push(String::new());
        lines.extend(hit_lines(work, hit));
    }
    lines.push(String::new());
    if let Some(next) = found.next {
        lines.push(say!(words, "search-more", shown = found.hits.len(), after = next.0));
    }
    lines
}

fn hit_lines(work: &Work<'_>, hit: &FoundHit) -> Vec<String> {
    let words = work.words;
    let mut lines = Vec::new();
    for record in &hit.before {
        lines.push(format!("  · {}", crate::record_line::line(work, record)));
    }
    let day = timeline_text::day(work, &hit.record);
    lines.push(format!("{day}  {}", timeline_text::head(work, &hit.record.record)));
    lines.extend(timeline_text::passages(&hit.passages));
    let matched = hit.matched.iter().map(|matched| {
        let rule = words.say(&format!("search-rule-{}", matched.rule));
        let spelling = words.say(&format!("search-spelling-{}", matched.spelling));
        say!(words, "search-matched", word = shown(&matched.word), rule = rule, spelling = spelling)
    });
    lines.push(format!("    {}", matched.collect::<Vec<_>>().join("; ")));
    for record in &hit.behind {
        lines.push(format!("  · {}", crate::record_line::line(work, record)));
    }
    lines
}

/// A calling code with or without its sign.
fn country(text: &str) -> Result<String, String> {
    let digits = text.trim().trim_start_matches('+').trim_start_matches("00");
    let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(digits.to_owned()) } else { Err("a calling code such as +49".to_owned()) }
}
