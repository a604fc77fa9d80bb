//! `asservat search CASE WORDS`: passages that fit, by which rule, with what stands around; `docs/search.md`.
//!
//! ```text
//! asservat search amsel "wo bist du" --context 2
//! asservat search amsel "0170 3920011" --country +49
//! asservat search amsel "(Pass OR Ausweis) NEAR/5 gib" --app whatsapp
//! ```

use std::path::PathBuf;

use desk::{FoundHit, FoundPassage, SearchForm, SearchOutcome, Spellings};

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::emphasis::{Emphasis, isolated};
use crate::errors::Failure;
use crate::shown::shown;
use crate::timeline_text::{Drawing, cut};
use crate::wanted::Wanted;
use crate::words::{Words, say};
use crate::work::{Want, Work};

/// Hits shown if nobody says how many.
const MOST: u32 = 20;
/// Most characters of a term or of what stands there.
const TERM_CHARACTERS: usize = 40;

/// Searches.
#[derive(clap::Args)]
pub(crate) struct Search {
    /// The case folder.
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// What is searched for.
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    wanted: Wanted,
    /// The country whose numbers may be written without it.
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    country: Option<String>,
    /// Only as typed, no other spelling.
    #[arg(long)]
    as_typed: bool,
    /// So many messages before and behind each hit.
    #[arg(
        long, value_name = "NUMBER", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(0..=100)
    )]
    context: u32,
    /// Where it goes on.
    #[arg(long, value_name = "CURSOR")]
    after: Option<i64>,
    /// At most so many.
    #[arg(
        long, value_name = "NUMBER", default_value_t = MOST,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    most: u32,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

/// `+49`, `0049` or `49` as its digits.
fn country(text: &str) -> Result<String, &'static str> {
    let digits = text.trim().trim_start_matches('+').trim_start_matches('0');
    let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(digits.to_owned()) } else { Err("a country code: +49") }
}

impl Search {
    /// Searches; what was searched for goes into no entry.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let (mut desk, mut case) = work.open(&self.case, Want::Look, &self.signing, Some(&self.key))?;
        let form = SearchForm {
            words: self.words.join(" "),
            country: self.country,
            spellings: if self.as_typed { Spellings::AsTyped } else { Spellings::Also },
            wanted: self.wanted.records(),
            around: usize::try_from(self.context).unwrap_or_default(),
            after: self.after,
            most: usize::try_from(self.most).unwrap_or(usize::MAX),
        };
        let outcome = desk.search(&mut case, &form)?;
        let lines = lines(work, &outcome);
        Ok(Answer::new(&outcome, lines))
    }
}

fn lines(work: &Work<'_>, outcome: &SearchOutcome) -> Vec<String> {
    let words = work.words;
    let drawing = Drawing { words, emphasis: Emphasis::of_output() };
    let mut lines: Vec<String> =
        outcome.notes.iter().map(|note| words.say(&format!("search-note-{note}"))).collect();
    lines.extend(drawing.people(&outcome.person));
    for hit in &outcome.hits {
        lines.push(String::new());
        lines.extend(hit_lines(&drawing, hit));
    }
    if !outcome.hits.is_empty() {
        lines.push(String::new());
    }
    let count = outcome.hits.len() as u64;
    lines.push(match outcome.after {
        Some(after) => say!(words, "search-more", count = count, cursor = after),
        None if count == 0 => words.say("search-none"),
        None => say!(words, "search-all", count = count),
    });
    lines
}

fn hit_lines(drawing: &Drawing<'_>, hit: &FoundHit) -> Vec<String> {
    let words = drawing.words;
    let mut lines = vec![drawing.dated_head(&hit.line)];
    lines.extend(hit.before.iter().map(|line| context_line(drawing, line)));
    lines.extend(hit.passages.iter().map(|passage| passage_line(drawing, passage)));
    if hit.passages.is_empty() {
        lines.push(format!("      {}", words.say("search-no-passage")));
    }
    lines.extend(hit.behind.iter().map(|line| context_line(drawing, line)));
    let matched: Vec<String> = hit.matched.iter().map(|matched| matched_words(words, matched)).collect();
    if !matched.is_empty() {
        lines.push(format!("      {}", matched.join("; ")));
    }
    lines.extend(drawing.beside(&hit.line));
    lines
}

/// A passage with its hits marked, in the form in which it may be printed.
fn passage_line(drawing: &Drawing<'_>, found: &FoundPassage) -> String {
    let passage = &found.passage;
    let pieces = passage
        .pieces
        .iter()
        .map(|piece| if piece.hit { drawing.emphasis.hit(&piece.text) } else { shown(&piece.text) });
    let dots = |cut: bool| if cut { "…" } else { "" };
    let text = isolated(&pieces.collect::<String>());
    let field = match found.field {
        "text" => String::new(),
        field => format!("{}: ", drawing.words.say(&format!("field-{field}"))),
    };
    format!("    > {field}{}{text}{}", dots(passage.cut_before), dots(passage.cut_behind))
}

fn context_line(drawing: &Drawing<'_>, line: &desk::TimelineLine) -> String {
    format!("      {}", drawing.short(line))
}

fn matched_words(words: &Words, matched: &desk::MatchedTerm) -> String {
    let (term, found) = (cut(&matched.term, TERM_CHARACTERS), cut(&matched.found, TERM_CHARACTERS));
    say!(words, &format!("search-rule-{}", matched.rule), term = term, found = found)
}
