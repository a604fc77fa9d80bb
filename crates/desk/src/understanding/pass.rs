//! One pass over the records of a case: which passages may point to a tactic, which identifiers stand
//! where.
//!
//! What is found is kept beside the index (`insight.db`), under the same key, and is made again when the
//! index, the rules or the languages change. Records come in the order of time, the same message from two
//! sources once. Nothing is written to the log: nothing was shown yet.

use std::collections::HashMap;
use std::hash::{Hash as _, Hasher as _};

use index::{
    Cursor, Field, FileId, Filter, HintLine, Index, InsightBuilder, Insights, Line, PartyNumber, Spot,
    searched,
};
use insight::find::{self, Context};
use insight::structure::{self, Asks, Moment, MomentSort, StructureHint, Watch, When};
use insight::tactics::{self, Finder, Mark};
use model::record::{Attachment, CallOutcome, Direction, Inside, MediaKind, Message, State, What};

use super::wanted::RecordsWanted;
use crate::reading::IndexFile;
use crate::{Desk, DeskError, OpenCase, Stage};

/// Records on one page of the index.
const PAGE: usize = 2_000;
/// Paths of files that are kept; then forgetting begins anew.
const MOST_PATHS: usize = 10_000;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PassForm {
    /// The languages whose hints are looked for; none if hints are off.
    pub(super) languages: Vec<String>,
    /// Countries whose spelling of numbers is understood.
    pub(super) countries: Vec<String>,
}

/// What the insights of a case were made from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Basis {
    /// The version of everything that looks for something.
    version: u32,
    languages: Vec<String>,
    rules: String,
    countries: Vec<String>,
}

/// Raised with every change of what is looked for that the rules do not show.
const VERSION: u32 = 2;

impl Desk<'_> {
    /// The insights of a case, made now if those that are there do not say what is asked.
    pub(super) fn insights(&self, case: &OpenCase, form: &PassForm) -> Result<(Index, Insights), DeskError> {
        let file = IndexFile::of(case)?;
        let mut index = file.current(case)?;
        let insights = match file.insights().filter(|insights| form.fits(insights)) {
            Some(insights) => insights,
            None => self.pass(&file, &index, form)?,
        };
        file.attach(&mut index)?;
        Ok((index, insights))
    }

    /// The index, and with it the insights if a filter asks for what is in them.
    pub(super) fn opened_index(
        &self,
        case: &OpenCase,
        wanted: &RecordsWanted,
    ) -> Result<(Index, Option<Insights>), DeskError> {
        if !wanted.needs_insights() {
            return Ok((IndexFile::of(case)?.current(case)?, None));
        }
        // Hints of the languages that were looked for last; those that have passed if none were.
        let languages = if wanted.hint.is_some() { languages_of(case)? } else { Vec::new() };
        let (index, insights) = self.insights(case, &PassForm { languages, countries: Vec::new() })?;
        Ok((index, Some(insights)))
    }

    fn pass(&self, file: &IndexFile, index: &Index, form: &PassForm) -> Result<Insights, DeskError> {
        let languages: Vec<&str> = form.languages.iter().map(String::as_str).collect();
        let engine = tactics::engine(&languages).map_err(|_| DeskError::BadInput("rules"))?;
        let asks = structure::asks().map_err(|_| DeskError::BadInput("rules"))?;
        let mut pass = Pass {
            index,
            builder: file.begin_insights()?,
            hints: if form.languages.is_empty() { Hints::Off } else { Hints::On },
            finder: engine.finder(),
            marks: Vec::new(),
            paths: HashMap::new(),
            context: Context::of_countries(form.countries.iter().map(String::as_str)),
            asks: asks.finder(),
            asked: Vec::new(),
            watch: Watch::default(),
            found: Vec::new(),
            bytes: 0,
        };
        self.progress.begin(Stage::Understanding, None);
        let mut after: Option<Cursor> = None;
        loop {
            let page = index.page(&Filter::default(), after, PAGE)?;
            for line in &page.lines {
                pass.record(line)?;
            }
            self.progress.advance(std::mem::take(&mut pass.bytes));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        self.progress.end();
        pass.builder.finish(&form.basis())?;
        file.put_insights()?;
        file.insights().ok_or(DeskError::Index(index::IndexError::Damaged))
    }
}

impl PassForm {
    fn basis(&self) -> String {
        let languages: Vec<&str> = self.languages.iter().map(String::as_str).collect();
        let basis = Basis {
            version: VERSION,
            languages: self.languages.clone(),
            rules: tactics::fingerprint(&languages),
            countries: self.countries.clone(),
        };
        serde_json::to_string(&basis).unwrap_or_default()
    }

    /// Whether insights say what is asked: hints of the same languages by the same rules. Who asks for no
    /// hints is content with any.
    fn fits(&self, insights: &Insights) -> bool {
        let Ok(made) = insights.basis() else { return false };
        if !self.languages.is_empty() {
            return made == self.basis();
        }
        let made: Option<Basis> = serde_json::from_str(&made).ok();
        made.is_some_and(|made| made.version == VERSION && made.countries == self.countries)
    }
}

/// The languages whose hints were looked for last in a case; those that have passed if none were.
pub(super) fn languages_of(case: &OpenCase) -> Result<Vec<String>, DeskError> {
    let made = IndexFile::of(case)?.insights().and_then(|insights| insights.basis().ok());
    let basis: Option<Basis> = made.and_then(|made| serde_json::from_str(&made).ok());
    let languages = basis.map(|basis| basis.languages).unwrap_or_default();
    if languages.is_empty() {
        return Ok(tactics::passed().into_iter().map(str::to_owned).collect());
    }
    Ok(languages)
}

/// Whether hints are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hints {
    /// Identifiers only.
    Off,
    /// Hints, too.
    On,
}

/// A pass under way.
struct Pass<'p> {
    index: &'p Index,
    builder: InsightBuilder,
    hints: Hints,
    finder: Finder<'p>,
    marks: Vec<Mark<'p>>,
    paths: HashMap<FileId, Vec<String>>,
    context: Context,
    /// Finds plain questions for the whereabouts.
    asks: Finder<'p>,
    asked: Vec<Mark<'p>>,
    watch: Watch,
    found: Vec<StructureHint>,
    /// Bytes of text that were looked at since somebody was told.
    bytes: u64,
}

impl Pass<'_> {
    fn record(&mut self, line: &Line) -> Result<(), DeskError> {
        if !self.paths.contains_key(&line.file) {
            if self.paths.len() >= MOST_PATHS {
                self.paths.clear();
            }
            self.paths.insert(line.file, self.index.steps(line.file)?);
        }
        let steps = self.paths.get(&line.file).map(Vec::as_slice).unwrap_or_default();
        let cursor = line.cursor();
        let is_message = matches!(line.record.what, What::Message(_));
        let (mut codes, mut asks) = (Vec::new(), Asks::No);
        for (part, text) in searched(&line.record, steps).iter().enumerate() {
            self.bytes = self.bytes.saturating_add(text.text.len() as u64);
            if !is_message
                || !matches!(text.field, Field::Text | Field::Subject | Field::Caption | Field::Poll)
            {
                continue;
            }
            self.finder.find(text.text, &mut self.marks);
            for mark in &self.marks {
                let spot = spot(cursor, part, &mark.place);
                let (code, language, rule) = (mark.code, mark.language, mark.line);
                self.builder.hint(&HintLine { spot, code, language, rule, facts: "" })?;
                codes.push(code);
            }
            self.asks.find(text.text, &mut self.asked);
            if !self.asked.is_empty() {
                asks = Asks::Yes;
            }
        }
        let text = searched(&line.record, steps);
        for (part, found) in find::in_record(&line.record, steps, &self.context) {
            let shown = text.get(part).map(|part| found.shown(part.text)).unwrap_or_default();
            let identifier = self.builder.identifier(found.kind.word(), &found.key, &shown)?;
            self.builder.occurrence(identifier, spot(cursor, part, &found.place))?;
        }
        self.structure(line, asks, &codes)
    }
}

impl Pass<'_> {
    /// Hints by structure stand beside the first record they rest on; only where hints are looked for.
    fn structure(&mut self, line: &Line, asks: Asks, codes: &[&str]) -> Result<(), DeskError> {
        if self.hints == Hints::Off {
            return Ok(());
        }
        let moment = Moment {
            cursor: line.cursor(),
            at: when(&line.record.what),
            chat: line.chat,
            sender: line.sender.or_else(|| caller(&line.record.what)),
            sort: sort_of(&line.record.what),
            asks,
            codes,
        };
        self.found.clear();
        self.watch.see(&moment, &mut self.found);
        for hint in &self.found {
            let spot = Spot { cursor: hint.cursor, part: 0, from: 0, until: 0 };
            let facts = serde_json::to_string(&hint.facts).unwrap_or_default();
            let (code, rule) = (hint.code.as_str(), hint.rule);
            self.builder.hint(&HintLine { spot, code, language: "", rule, facts: &facts })?;
        }
        Ok(())
    }
}

/// Who called the owner: a number of their own for each, apart from those of the index, which keeps callers
/// only beside the call.
fn caller(what: &What) -> Option<PartyNumber> {
    let What::Call(call) = what else { return None };
    let other = call.others.first().filter(|_| call.direction != Direction::Outgoing)?;
    let mut hash = std::collections::hash_map::DefaultHasher::new();
    (&call.app, other).hash(&mut hash);
    let number = i64::try_from(hash.finish() >> 2).unwrap_or(0);
    Some(PartyNumber(number.saturating_neg().saturating_sub(1)))
}

/// When a record was, for the rules of structure: a time with two readings is none of both.
fn when(what: &What) -> When {
    match what.time() {
        Some(time) if time.second_ms.is_some() => When::Either,
        Some(time) => time.first_ms.map_or(When::Unknown, When::At),
        None => When::Unknown,
    }
}

/// What a record is for the rules of structure.
fn sort_of(what: &What) -> MomentSort {
    match what {
        What::Message(message) => sort_of_message(message),
        What::Call(call) if is_unanswered(&call.outcome) => MomentSort::UnansweredCall,
        _ => MomentSort::Other,
    }
}

fn sort_of_message(message: &Message) -> MomentSort {
    let shows = |attachment: &Attachment| matches!(attachment.kind, MediaKind::Picture | MediaKind::Video);
    let place = |inside: &Inside| matches!(inside, Inside::Location { .. });
    let called = |inside: &Inside| match inside {
        Inside::Call { outcome, .. } => is_unanswered(outcome) && message.direction != Direction::Outgoing,
        _ => false,
    };
    let deleted = |state: &State| matches!(state, State::DeletedBySender | State::Deleted);
    if is_block(message) {
        MomentSort::Block
    } else if message.inside.iter().any(called) {
        MomentSort::UnansweredCall
    } else if message.states.iter().any(deleted) {
        MomentSort::Deleted
    } else if message.direction == Direction::System {
        MomentSort::Other
    } else if message.attachments.iter().any(shows) || message.inside.iter().any(place) {
        MomentSort::Shows
    } else {
        MomentSort::Words
    }
}

/// Whether the program tells that somebody was blocked. Where it has one word for the beginning and the
/// end of a block, it is taken for the beginning.
fn is_block(message: &Message) -> bool {
    /// As WhatsApp writes it in English and German.
    const SENTENCES: [&str; 2] = ["you blocked", "kontakt blockiert"];
    let in_text = |text: &str| SENTENCES.iter().any(|sentence| text.to_lowercase().contains(sentence));
    let in_change = |inside: &Inside| match inside {
        Inside::Change { what, .. } => what.contains("block") && !what.starts_with("unblock"),
        _ => false,
    };
    let in_text = message.direction == Direction::System && message.text.as_deref().is_some_and(in_text);
    in_text || message.inside.iter().any(in_change)
}

fn is_unanswered(outcome: &CallOutcome) -> bool {
    matches!(
        outcome,
        CallOutcome::Missed | CallOutcome::NotAnswered | CallOutcome::Cancelled | CallOutcome::Declined
    )
}

fn spot(cursor: Cursor, part: usize, place: &std::ops::Range<usize>) -> Spot {
    let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let part = u16::try_from(part).unwrap_or(u16::MAX);
    Spot { cursor, part, from: short(place.start), until: short(place.end) }
}
