//! `search`: records in which words stand, with the passage, the rule that found it and what stood around it.
//!
//! The words that were searched for are written down nowhere.

use std::collections::BTreeMap;

use custody::Fields;
use index::{Hit, Index, RecordNumber, searched};
use text::{Note, Origin, Query, Rule, Settings};

use super::passage::{MarkedPlace, Passage, passages};
use super::timeline::{TimelineRecord, on_timeline};
use super::wanted::RecordsWanted;
use crate::reading::records::{ShownRecord, shown};
use crate::{Desk, DeskError, OpenCase};

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct SearchForm {
    /// The words, in the language of queries.
    pub words: String,
    /// The country code for numbers without one, such as `49`.
    pub country: Option<String>,
    /// Among which records.
    pub wanted: RecordsWanted,
    /// Behind this record, in the order of the sources.
    pub after: Option<RecordNumber>,
    /// At most so many hits.
    pub most: usize,
    /// So many records before and behind each hit in its chat.
    pub context: usize,
}

/// What a search found.
#[derive(Debug, serde::Serialize)]
pub struct Found {
    /// The hits, in the order of the sources.
    pub hits: Vec<FoundHit>,
    /// What of the words was understood otherwise than typed.
    pub notes: Vec<&'static str>,
    /// Where the search goes on.
    pub next: Option<RecordNumber>,
}

/// A hit.
#[derive(Debug, serde::Serialize)]
pub struct FoundHit {
    /// The record.
    #[serde(flatten)]
    pub record: TimelineRecord,
    /// The passages.
    pub passages: Vec<Passage>,
    /// By which rules the words were found: the word as it is searched for, and the rule.
    pub matched: Vec<MatchedWord>,
    /// The records before it in its chat.
    pub before: Vec<ShownRecord>,
    /// Those behind it.
    pub behind: Vec<ShownRecord>,
}

/// By which rule a word was found.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct MatchedWord {
    /// The word as it was typed.
    pub word: String,
    /// The rule: `word`, `part`, `number`, `scan`.
    pub rule: &'static str,
    /// How it is spelt: `typed`, `other-script`, `umlaut`
    pub spelling: &'static str,
}

impl Desk<'_> {
    /// Searches.
    pub fn search(&mut self, case: &mut OpenCase, form: &SearchForm) -> Result<Found, DeskError> {
        let decisions = self.decisions(case)?;
        let (index, insights) = self.opened_index(case, &form.wanted)?;
        if case.vault.access() == vault::Access::Write {
            let fields = Fields::new().with("what", "search").with("items", Vec::<String>::new());
            self.append(case, "opened", fields)?;
        }
        let settings = Settings { country_prefix: form.country.as_deref(), ..Settings::default() };
        let query = Query::parse(&form.words, &settings);
        let resolved = form.wanted.resolve(&index, insights.as_ref(), &decisions)?;
        let found = index.search(&query, &resolved.filter, form.after, form.most)?;
        let mut hits = Vec::new();
        for hit in found.hits {
            let around = around(&index, &hit, form.context)?;
            let (passages, matched) = (passages_of(&index, &hit)?, matched(&query, &hit));
            let record = on_timeline(&index, &decisions, hit.line)?;
            let (before, behind) = around;
            hits.push(FoundHit { record, passages, matched, before, behind });
        }
        let notes = query.notes.iter().map(|note| word_of(*note)).collect();
        Ok(Found { hits, notes, next: found.next })
    }
}

type Around = (Vec<ShownRecord>, Vec<ShownRecord>);

fn around(index: &Index, hit: &Hit, context: usize) -> Result<Around, DeskError> {
    if context == 0 {
        return Ok((Vec::new(), Vec::new()));
    }
    let around = index.around(hit.line.number, context, context)?;
    let all = |lines: Vec<index::Line>| {
        lines.into_iter().map(|line| shown(index, line)).collect::<Result<Vec<_>, _>>()
    };
    Ok((all(around.before)?, all(around.after)?))
}

fn passages_of(index: &Index, hit: &Hit) -> Result<Vec<Passage>, DeskError> {
    let steps = index.steps(hit.line.file)?;
    let texts: Vec<&str> = searched(&hit.line.record, &steps).into_iter().map(|part| part.text).collect();
    let marks = hit.marks.iter();
    let marks = marks.map(|mark| MarkedPlace { part: mark.part, place: mark.place.clone(), term: mark.leaf });
    Ok(passages(&texts, &marks.collect::<Vec<_>>()))
}

/// By which rules which words were found, each once.
fn matched(query: &Query, hit: &Hit) -> Vec<MatchedWord> {
    let leaves = query.leaves();
    let origin_word = |origin| match origin {
        Origin::Typed => "typed",
        Origin::Umlaut => "umlaut",
        Origin::OtherScript => "other-script",
    };
    let mut words: BTreeMap<(usize, &str, &str), MatchedWord> = BTreeMap::new();
    for one in hit.matched() {
        let word = leaves.get(one.leaf).map(|leaf| leaf.typed.clone()).unwrap_or_default();
        let (rule, spelling) = (rule_word(one.rule), origin_word(one.origin));
        words.insert((one.leaf, rule, spelling), MatchedWord { word, rule, spelling });
    }
    words.into_values().collect()
}

fn rule_word(rule: Rule) -> &'static str {
    match rule {
        Rule::Word => "word",
        Rule::Trigram => "part",
        Rule::Scan => "scan",
        Rule::Number => "number",
    }
}

fn word_of(note: Note) -> &'static str {
    match note {
        Note::QuoteAlone => "quote-alone",
        Note::BracketAlone => "bracket-alone",
        Note::OperatorAlone => "operator-alone",
        Note::NearOfGroups => "near-of-groups",
        Note::TooLong => "too-long",
        Note::TooDeep => "too-deep",
        Note::NothingToFind => "nothing-to-find",
    }
}
