//! `timeline`: all records of all capsules in the order of time, the same message from two sources once.
//!
//! Where nothing was for days amid a daily talk the silence is shown, by the rule of `insight::gaps`. Records
//! without a time stand at the end. Looking is an act and leaves an entry; what was looked for does not.

use custody::Fields;
use index::{Cursor, Index, Line, Page, TimeRange};
use insight::gaps::{self, Silence};

use super::decisions::Decisions;
use super::pass::{PassForm, languages_of};
use super::wanted::{RecordsWanted, WantedParty};
use crate::reading::index_file::IndexFile;
use crate::reading::records::{ShownRecord, shown};
use crate::{Desk, DeskError, OpenCase};

const DAY_MS: i64 = 86_400_000;

/// Which part of a timeline is wanted.
#[derive(Clone, Debug, Default)]
pub struct TimelineForm {
    /// Which records.
    pub wanted: RecordsWanted,
    /// Behind this place; from the beginning if nothing.
    pub after: Option<Cursor>,
    /// Before this place, instead of behind one.
    pub before: Option<Cursor>,
    /// At most so many records.
    pub most: usize,
}

/// A part of a timeline.
#[derive(Debug, serde::Serialize)]
pub struct Timeline {
    /// Whose records these are, if somebody was named.
    pub parties: Vec<WantedParty>,
    /// The records.
    pub records: Vec<TimelineRecord>,
    /// Silences between them.
    pub silences: Vec<Silence>,
    /// By what rule a silence is one.
    pub silence_rule: gaps::Rule,
    /// The place behind which the next part begins; nothing at the end.
    pub next: Option<Cursor>,
    /// The place before which the part before ends; nothing at the beginning.
    pub previous: Option<Cursor>,
    /// Units of the sources that could not be read; they may lie anywhere in time.
    pub problems: u64,
}

/// A record on a timeline.
#[derive(Debug, serde::Serialize)]
pub struct TimelineRecord {
    /// The record.
    #[serde(flatten)]
    pub record: ShownRecord,
    /// Its place in the order of time.
    pub cursor: Cursor,
    /// The same from other sources.
    pub also: Vec<Also>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Notes about it.
    pub notes: Vec<String>,
}

/// The same record from another source.
#[derive(Debug, serde::Serialize)]
pub struct Also {
    /// Its identifier.
    pub id: String,
    /// The entry that secured its capsule.
    pub capsule: model::EntryNumber,
    /// The paths that lead to its file. May hold any character: show them escaped.
    pub file: Vec<String>,
}

impl Desk<'_> {
    /// A part of the timeline.
    pub fn timeline(&mut self, case: &mut OpenCase, form: &TimelineForm) -> Result<Timeline, DeskError> {
        let decisions = self.decisions(case)?;
        let opened = self.opened_index(case, &form.wanted)?;
        if case.vault.access() == vault::Access::Write {
            let fields = Fields::new().with("what", "timeline").with("items", Vec::<String>::new());
            self.append(case, "opened", fields)?;
        }
        let index = &opened.0;
        let resolved = form.wanted.resolve(index, opened.1.as_ref(), &decisions)?;
        let page = match form.before {
            Some(before) => index.page_before(&resolved.filter, before, form.most)?,
            None => index.page(&resolved.filter, form.after, form.most)?,
        };
        let silences = silences(index, &resolved.filter, &page)?;
        let (next, previous) = (edge(&page, form, Side::Next), edge(&page, form, Side::Previous));
        let records = page.lines.into_iter().map(|line| on_timeline(index, &decisions, line));
        Ok(Timeline {
            parties: resolved.parties,
            records: records.collect::<Result<_, _>>()?,
            silences,
            silence_rule: gaps::Rule::default(),
            next,
            previous,
            problems: index.stats()?.problems,
        })
    }

    /// The index, and with it the insights if the filter asks for what is in them.
    pub(super) fn opened_index(
        &self,
        case: &OpenCase,
        wanted: &RecordsWanted,
    ) -> Result<(Index, Option<index::Insights>), DeskError> {
        if !wanted.needs_insights() {
            return Ok((IndexFile::of(case)?.current(case)?, None));
        }
        // Hints of the languages that were looked for last; those that have passed if none were.
        let languages = if wanted.hint.is_some() { languages_of(case)? } else { Vec::new() };
        let form = PassForm { languages, countries: Vec::new() };
        let (index, insights) = self.insights(case, &form)?;
        Ok((index, Some(insights)))
    }
}

/// A record with everything that belongs beside it.
pub(super) fn on_timeline(
    index: &Index,
    decisions: &Decisions,
    line: Line,
) -> Result<TimelineRecord, DeskError> {
    let cursor = line.cursor();
    let also = index.twins(line.number)?;
    let also = also.into_iter().map(|twin| {
        Ok(Also { id: twin.key.to_string(), capsule: twin.capsule, file: index.steps(twin.file)? })
    });
    let also = also.collect::<Result<_, DeskError>>()?;
    let record = shown(index, line)?;
    let tags = decisions.tags_of(&record.id).map(str::to_owned).collect();
    let notes = decisions.notes_about(&record.id).map(|note| note.text.clone()).collect();
    Ok(TimelineRecord { record, cursor, also, tags, notes })
}

/// Which end of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Next,
    Previous,
}

/// Where the part behind or before a page begins; nothing if there is none.
fn edge(page: &Page, form: &TimelineForm, side: Side) -> Option<Cursor> {
    let backwards = form.before.is_some();
    match (side, backwards) {
        (Side::Next, false) => page.next,
        (Side::Previous, true) => page.next,
        (Side::Next, true) => page.lines.last().map(Line::cursor),
        (Side::Previous, false) => {
            let first = page.lines.first().map(Line::cursor);
            first.filter(|_| form.after.is_some())
        }
    }
}

/// Silences between the records of a page; the days around it are asked of the index.
fn silences(index: &Index, filter: &index::Filter, page: &Page) -> Result<Vec<Silence>, DeskError> {
    let times = page.lines.iter().filter_map(|line| line.record.what.time().and_then(|time| time.first_ms));
    let times: Vec<i64> = times.collect();
    let mut has_records = |day: i64| {
        let from_ms = day.saturating_mul(DAY_MS);
        let range = TimeRange { from_ms, until_ms: from_ms.saturating_add(DAY_MS) };
        let filter = index::Filter { time: Some(range), ..filter.clone() };
        Ok::<bool, DeskError>(!index.page(&filter, None, 1)?.lines.is_empty())
    };
    gaps::silences(&times, gaps::Rule::default(), &mut has_records)
}
