//! `search`: the passages that fit a query, by which rule each was found, and what stands around in its chat.
//!
//! Hits come in the order of the sources, as the index finds them. What was searched for goes into no entry.

use index::{Field, Hit, Index, RecordNumber, searched};
use model::record::Record;
use text::{Leaf, Note, Origin, Query, Rule, Sameness, Settings, Shape, Spelling, Spellings};
use text::{normalise, phone_key, same_number};

use crate::understanding::line::{Lines, TimelineLine};
use crate::understanding::passage::{MarkedPlace, Passage, passages};
use crate::understanding::wanted::{RecordsWanted, WantedParty};
use crate::{Desk, DeskError, OpenCase};

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct SearchForm {
    /// As it was typed.
    pub words: String,
    /// The code of the country whose numbers may be written without it: `49`.
    pub country: Option<String>,
    /// Whether words are also looked for as they may be spelt otherwise.
    pub spellings: Spellings,
    /// Which records.
    pub wanted: RecordsWanted,
    /// So many messages before and behind each hit in its chat.
    pub around: usize,
    /// Where it goes on.
    pub after: Option<i64>,
    /// At most so many hits.
    pub most: usize,
}

/// What was found.
#[derive(Debug, serde::Serialize)]
pub struct SearchOutcome {
    /// The hits.
    pub hits: Vec<FoundHit>,
    /// Where the search goes on; there may be nothing there. Nothing if all was gone through.
    pub after: Option<i64>,
    /// What of the query was understood otherwise than it was typed, in stable words.
    pub notes: Vec<&'static str>,
    /// Whose records are shown, if somebody was named.
    pub person: Vec<WantedParty>,
}

/// A hit.
#[derive(Debug, serde::Serialize)]
pub struct FoundHit {
    /// The record.
    #[serde(flatten)]
    pub line: TimelineLine,
    /// Where it was found.
    pub passages: Vec<FoundPassage>,
    /// By which rules.
    pub matched: Vec<MatchedTerm>,
    /// What stands before it in its chat.
    pub before: Vec<TimelineLine>,
    /// What stands behind it in its chat.
    pub behind: Vec<TimelineLine>,
}

/// A passage with the field it stands in.
#[derive(Debug, serde::Serialize)]
pub struct FoundPassage {
    /// The field, in a stable word.
    pub field: &'static str,
    /// The passage.
    #[serde(flatten)]
    pub passage: Passage,
}

/// A term of the query with the rule by which it was found.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct MatchedTerm {
    /// As it was typed.
    pub term: String,
    /// The rule, in a stable word.
    pub rule: &'static str,
    /// What stands there. May hold any character: show it escaped.
    pub found: String,
}

/// Most characters of what stands there.
const LONGEST_FOUND: usize = 60;

impl Desk<'_> {
    /// Searches.
    pub fn search(&mut self, case: &mut OpenCase, form: &SearchForm) -> Result<SearchOutcome, DeskError> {
        let (index, insights) = self.opened_index(case, &form.wanted)?;
        self.looked(case, "search")?;
        let decisions = self.decisions(case)?;
        let resolved = form.wanted.resolve(&index, insights.as_ref(), &decisions)?;
        let settings = Settings { country_prefix: form.country.as_deref(), spellings: form.spellings };
        let query = Query::parse(&form.words, &settings);
        let after = form.after.map(RecordNumber);
        let found = index.search(&query, &resolved.filter, after, form.most)?;
        let mut making = Making { index: &index, lines: Lines::new(&index, &decisions), query: &query, form };
        let hits = found.hits.into_iter().map(|hit| making.hit(hit)).collect::<Result<_, _>>()?;
        let after = found.next.map(|next| next.0);
        Ok(SearchOutcome { hits, after, notes: notes(&query, form), person: resolved.parties })
    }
}

/// Makes hits as they are shown.
struct Making<'m> {
    index: &'m Index,
    lines: Lines<'m>,
    query: &'m Query,
    form: &'m SearchForm,
}

impl Making<'_> {
    fn hit(&mut self, hit: Hit) -> Result<FoundHit, DeskError> {
        let steps = self.index.steps(hit.line.file)?;
        let (passages, matched) = self.places(&hit, &steps);
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        if self.form.around > 0 && hit.line.chat.is_some() {
            let around = self.index.around(hit.line.number, self.form.around, self.form.around)?;
            for line in around.before {
                before.push(self.lines.line(line)?);
            }
            for line in around.after {
                behind.push(self.lines.line(line)?);
            }
        }
        Ok(FoundHit { line: self.lines.line(hit.line)?, passages, matched, before, behind })
    }

    fn places(&self, hit: &Hit, steps: &[String]) -> (Vec<FoundPassage>, Vec<MatchedTerm>) {
        let record: &Record = &hit.line.record;
        let parts = searched(record, steps);
        let texts: Vec<&str> = parts.iter().map(|part| part.text).collect();
        let leaves = self.query.leaves();
        let (mut marks, mut matched) = (Vec::new(), Vec::<MatchedTerm>::new());
        for mark in &hit.marks {
            marks.push(MarkedPlace { part: mark.part, place: mark.place.clone(), term: mark.leaf });
            let there = texts.get(mark.part).and_then(|text| text.get(mark.place.clone()));
            let (Some(leaf), Some(there)) = (leaves.get(mark.leaf), there) else { continue };
            let rule = rule_word(leaf, mark.rule, mark.origin, there, self.form.country.as_deref());
            if matched.iter().all(|known| (known.term.as_str(), known.rule) != (leaf.typed.as_str(), rule)) {
                let found = there.chars().take(LONGEST_FOUND).collect();
                matched.push(MatchedTerm { term: leaf.typed.clone(), rule, found });
            }
        }
        let field = |part: usize| parts.get(part).map_or("text", |part| field_word(part.field));
        let found = passages(&texts, &marks).into_iter();
        let found = found.map(|passage| FoundPassage { field: field(passage.part), passage });
        (found.collect(), matched)
    }
}

/// The rule by which a term was found, in a stable word.
fn rule_word(leaf: &Leaf, rule: Rule, origin: Origin, there: &str, country: Option<&str>) -> &'static str {
    match (rule, origin) {
        (_, Origin::Umlaut) => "umlaut",
        (_, Origin::OtherScript) => "other-script",
        (Rule::Number, _) => match (phone_key(there), &leaf.number) {
            _ if there == leaf.typed => "number",
            (Some(there), Some(typed)) if same_number(&there, typed, country) == Sameness::Perhaps => {
                "number-perhaps"
            }
            _ => "number-spelling",
        },
        (Rule::Scan, _) => "short",
        (Rule::Trigram, _) => "part",
        (Rule::Word, _) if there.to_lowercase() != leaf.typed.to_lowercase() && plain(leaf, there) => {
            "letters"
        }
        (Rule::Word, _) => match leaf.shape {
            Shape::Prefix => "beginning",
            Shape::Phrase => "phrase",
            _ => "word",
        },
    }
}

/// Whether it is the same word but for accents and forms of letters.
fn plain(leaf: &Leaf, there: &str) -> bool {
    leaf.shape == Shape::Word && normalise(there) == normalise(&leaf.typed)
}

fn notes(query: &Query, form: &SearchForm) -> Vec<&'static str> {
    let mut notes: Vec<&'static str> = query.notes.iter().map(|note| note_word(*note)).collect();
    let is_national = |leaf: &&Leaf| {
        leaf.number.as_ref().is_some_and(|number| number.spelling() != Spelling::International)
    };
    if form.country.is_none() && query.leaves().iter().any(is_national) {
        notes.push("no-country");
    }
    if query.root.is_none() {
        notes.push("nothing-typed");
    }
    notes
}

fn note_word(note: Note) -> &'static str {
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

fn field_word(field: Field) -> &'static str {
    match field {
        Field::Text => "text",
        Field::Subject => "subject",
        Field::Caption => "caption",
        Field::EarlierText => "earlier-text",
        Field::Quoted => "quoted",
        Field::FileName => "file-name",
        Field::ChatName => "chat-name",
        Field::Name => "name",
        Field::Identifier => "identifier",
        Field::Place => "place",
        Field::Poll => "poll",
        Field::Url => "url",
        Field::Title => "title",
        Field::Note => "note",
        Field::Change => "change",
    }
}
