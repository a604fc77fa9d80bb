//! `asservat hints CASE`: passages that may point to a tactic, each with its reason; and what a person makes
//! of them.
//!
//! ```text
//! asservat hints amsel --code monitor
//! asservat hints amsel --language de,bg
//! asservat hints amsel --record 3fa2… --code debt.owed --dismiss --why "Es ging um die Pizza."
//! asservat hints --explain docs.kept
//! ```

use std::path::{Path, PathBuf};

use desk::{Dismissed, EntryWords, FoundHints, HintDecision, HintsForm, ShownHint, TAXONOMY, hint_languages};
use serde_json::json;

use crate::answer::Answer;
use crate::arguments::{CaseKey, SigningKey};
use crate::errors::Failure;
use crate::language::Language;
use crate::record_line;
use crate::shown::shown;
use crate::trouble::Trouble;
use crate::words::say;
use crate::work::{Want, Work};

/// Hints that are shown if nobody says how many.
const MOST: u64 = 50;

/// Characters of a rule's line that are shown.
const RULE_CHARACTERS: usize = 60;

/// Shows passages that may point to a tactic.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Hints {
    /// The case folder.
    #[arg(value_name = "CASE", required_unless_present_any = ["explain", "languages"])]
    case: Option<PathBuf>,
    /// The languages to look for.
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
    language: Vec<String>,
    /// Only this tactic.
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "NUMBER")]
    most: Option<u64>,
    /// Leave out the first ones.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    skip: u64,
    /// What was dismissed, too.
    #[arg(long)]
    dismissed: bool,
    /// What a tactic is.
    #[arg(long, value_name = "CODE", conflicts_with = "case")]
    explain: Option<String>,
    /// Which languages there are, and what was measured.
    #[arg(long, conflicts_with = "case")]
    languages: bool,
    /// The record that something is decided about.
    #[arg(long, value_name = "RECORD", requires = "code")]
    record: Option<String>,
    /// The hint does not fit.
    #[arg(long, requires = "record", group = "decision")]
    dismiss: bool,
    /// It is another tactic.
    #[arg(long, value_name = "CODE", requires = "record", group = "decision")]
    relabel: Option<String>,
    /// Set a hint by hand.
    #[arg(long, requires = "record", group = "decision")]
    add: bool,
    /// What was decided does not hold any more.
    #[arg(long, requires = "record", group = "decision")]
    undo: bool,
    /// Why.
    #[arg(long, value_name = "TEXT", requires = "decision")]
    why: Option<String>,
    #[command(flatten)]
    key: CaseKey,
    #[command(flatten)]
    signing: SigningKey,
}

impl Hints {
    /// Shows hints, decides about one, or says what they are.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        if let Some(code) = &self.explain {
            return explained(work, code);
        }
        let Some(case) = &self.case else { return Ok(languages(work)) };
        if let (Some(record), Some(code)) = (&self.record, &self.code) {
            return self.decide(work, case, (record, code));
        }
        let (mut desk, mut case) = work.open(case, Want::Look, &self.signing, Some(&self.key))?;
        let form = HintsForm {
            languages: self.language,
            code: self.code,
            most: Some(self.most.unwrap_or(MOST)),
            skip: self.skip,
            dismissed: if self.dismissed { Dismissed::Listed } else { Dismissed::LeftOut },
        };
        let found = desk.hints(&mut case, &form)?;
        let lines = lines(work, &found);
        Ok(Answer::new(&found, lines))
    }

    fn decide(&self, work: &Work<'_>, case: &Path, about: (&str, &str)) -> Result<Answer, Failure> {
        let why = self.why.clone().unwrap_or_default();
        let decision = match (&self.relabel, self.dismiss, self.add, self.undo) {
            (Some(to), ..) => Some(HintDecision::Relabelled { to: to.clone(), why }),
            (None, true, ..) => Some(HintDecision::Dismissed { why }),
            (None, _, true, _) => Some(HintDecision::Added { place: None, why }),
            (None, _, _, true) => None,
            _ => return Err(Trouble::UsageMissing.into()),
        };
        let (mut desk, mut case) = work.open(case, Want::Act, &self.signing, Some(&self.key))?;
        let entry = desk.judge_hint(&mut case, about, decision.as_ref())?;
        let line = say!(work.words, "hints-decided", entry = entry.to_string());
        Ok(Answer::new(&json!({ "entry": entry, "record": about.0, "code": about.1 }), [line]))
    }
}

fn words_of<'t>(work: &Work<'_>, code: &str) -> Option<&'t EntryWords> {
    let entry = TAXONOMY.entry(code)?;
    Some(if work.words.language() == Language::German { &entry.de } else { &entry.en })
}

fn lines(work: &Work<'_>, found: &FoundHints) -> Vec<String> {
    let words = work.words;
    let tags: Vec<&str> = found.languages.iter().map(|quality| quality.tag.as_str()).collect();
    let mut lines =
        vec![say!(words, "hints-head", languages = tags.join(", ")), words.say("hints-no-verdict")];
    let drafts = found.languages.iter().filter(|quality| quality.state == desk::LanguageState::Draft);
    for quality in drafts {
        lines.push(say!(words, "hints-draft", language = quality.tag.as_str()));
    }
    for hint in &found.hints {
        lines.push(String::new());
        lines.extend(hint_lines(work, hint));
    }
    lines.push(String::new());
    if found.hints.is_empty() {
        lines.push(words.say("hints-none"));
    }
    if found.dismissed > 0 {
        lines.push(say!(words, "hints-left-out", count = found.dismissed));
    }
    if found.more {
        lines.push(say!(words, "hints-more", shown = found.hints.len()));
    }
    let mut codes: Vec<&str> = found.hints.iter().map(|hint| hint.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        if let Some(entry) = words_of(work, code) {
            lines.push(String::new());
            lines.push(format!("{} ({code})", entry.name));
            lines.push(format!("  {}", entry.why));
            lines.push(format!("  {}", say!(words, "hints-ordinary", readings = entry.ordinary.join(" · "))));
        }
    }
    lines
}

fn hint_lines(work: &Work<'_>, hint: &ShownHint) -> Vec<String> {
    let words = work.words;
    let name = words_of(work, &hint.code).map_or(hint.code.as_str(), |entry| entry.name.as_str());
    let mut lines = vec![record_line::head(work, &hint.record)];
    lines.push(format!("  {}", say!(words, "hints-may-point", name = name, code = hint.code.as_str())));
    for passage in &hint.passages {
        let pieces = passage.pieces.iter().map(|piece| {
            let text = shown(&piece.text);
            if piece.hit { format!("[{text}]") } else { text }
        });
        let (before, behind) = (cut(passage.cut_before), cut(passage.cut_behind));
        lines.push(format!("  {before}{}{behind}", pieces.collect::<String>()));
    }
    lines.push(format!("  {}", reason(work, hint)));
    lines
}

fn cut(is_cut: bool) -> &'static str {
    if is_cut { "… " } else { "" }
}

/// By which rule, or by whom.
fn reason(work: &Work<'_>, hint: &ShownHint) -> String {
    let words = work.words;
    match &hint.decided {
        Some(HintDecision::Added { why, .. }) => say!(words, "hints-by-hand", why = shown(why)),
        Some(HintDecision::Relabelled { why, .. }) => say!(words, "hints-relabelled", why = shown(why)),
        Some(HintDecision::Dismissed { why }) => say!(words, "hints-dismissed", why = shown(why)),
        None if hint.language.is_empty() => by_structure(work, hint),
        None => {
            say!(words, "hints-rule", language = hint.language.as_str(), rule = short(&hint.rule))
        }
    }
}

/// The beginning of a line; the whole of it is in the JSON.
fn short(rule: &str) -> String {
    match rule.char_indices().nth(RULE_CHARACTERS) {
        Some((end, _)) => format!("{} …", rule.get(..end).unwrap_or_default()),
        None => rule.to_owned(),
    }
}

/// By which rule of structure, with its numbers and how else it can be meant.
fn by_structure(work: &Work<'_>, hint: &ShownHint) -> String {
    let words = work.words;
    let rule = desk::STRUCTURE.rule(&hint.rule);
    let Some(rule) = rule else { return hint.rule.clone() };
    let texts = if words.language() == Language::German { &rule.de } else { &rule.en };
    let number = |member: &str| hint.facts.get(member).and_then(serde_json::Value::as_i64).unwrap_or(0);
    let date = |ms: i64| model::Timestamp(ms.div_euclid(1000)).to_string();
    let told = say!(
        words,
        "hints-structure",
        name = texts.name.as_str(),
        about = texts.about.as_str(),
        count = number("count"),
        first = date(number("from_ms")),
        last = date(number("until_ms")),
        ordinary = texts.ordinary.join(" · ")
    );
    if hint.facts.get("other").is_none() {
        return told;
    }
    format!("{told} {}", say!(words, "hints-structure-other", count = number("other")))
}

/// What a tactic is, in full.
fn explained(work: &Work<'_>, code: &str) -> Result<Answer, Failure> {
    let words = work.words;
    let entry = TAXONOMY.entry(code).ok_or_else(|| Failure::from(Trouble::NoSuchHint).with("name", code))?;
    let Some(texts) = words_of(work, code) else { return Err(Trouble::NoSuchHint.into()) };
    let mut lines = vec![
        format!("{} ({code})", texts.name),
        texts.sees.clone(),
        texts.why.clone(),
        say!(words, "hints-ask", question = texts.ask.as_str()),
    ];
    let tactic = TAXONOMY.tactic_of(code);
    let tactic =
        tactic.map(|tactic| if words.language() == Language::German { &tactic.de } else { &tactic.en });
    let none = Vec::new();
    let lists = [
        ("hints-readings", &texts.ordinary),
        ("hints-evidence", tactic.map_or(&none, |tactic| &tactic.evidence)),
        ("hints-avoid", tactic.map_or(&none, |tactic| &tactic.avoid)),
        ("hints-sources", &entry.sources),
        ("hints-htcds", &entry.htcds),
    ];
    for (head, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        lines.push(words.say(head));
        lines.extend(list.iter().map(|line| format!("- {line}")));
    }
    let (sources, htcds) = (&entry.sources, &entry.htcds);
    let outcome =
        json!({ "code": code, "words": texts, "tactic": tactic, "sources": sources, "htcds": htcds });
    Ok(Answer::new(&outcome, lines))
}

/// What was measured on a set that was not known, or that there is none.
fn measured(work: &Work<'_>, quality: &desk::LanguageQuality) -> String {
    let Some(unseen) = quality.unseen else { return work.words.say("hints-not-measured") };
    say!(
        work.words,
        "hints-measured",
        messages = unseen.messages,
        recall = unseen.recall_percent,
        precision = unseen.precision_percent
    )
}

/// Which languages there are, and what was measured for each.
fn languages(work: &Work<'_>) -> Answer {
    let words = work.words;
    let all = hint_languages();
    let mut lines = vec![words.say("hints-languages")];
    for quality in &all {
        let state = match quality.state {
            desk::LanguageState::Passed => "hints-passed",
            desk::LanguageState::Draft => "hints-is-draft",
        };
        lines.push(say!(
            words,
            "hints-quality",
            language = quality.tag.as_str(),
            state = words.say(state),
            measured = measured(work, quality)
        ));
    }
    Answer::new(&json!({ "languages": all }), lines)
}
