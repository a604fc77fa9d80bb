//! `timeline`: the records of all capsules in the order of time, page by page.
//!
//! A page costs what stands on it. Records whose clock has no zone stand where their wall clock would stand
//! in UTC, those with two readings at the first; both is said by the times themselves. Records without a
//! time come last. Looking is an act and leaves an entry.

use std::collections::BTreeMap;

use index::{Cursor, Doubles, FileId, Filter, Index, Line, Page, RecordNumber, TimeRange};
use insight::gaps::{Rule, Silence, silences};

use crate::reading::ProblemFile;
use crate::understanding::line::{Lines, TimelineLine, cursor_of, cursor_text};
use crate::understanding::wanted::{RecordsWanted, WantedParty};
use crate::{Desk, DeskError, OpenCase};

const DAY_MS: i64 = 86_400_000;
/// Where records without a time stand.
const NO_TIME: i64 = i64::MAX;
/// Most records without a time that are counted.
const MOST_WITHOUT_TIME: usize = 500;
/// Problems and files with problems that are looked at, and how many files are named.
const PROBLEMS: usize = 1000;
const PROBLEM_FILES_SEEN: usize = 50;
const PROBLEM_FILES: usize = 20;

/// Which page of which records.
#[derive(Clone, Debug, Default)]
pub struct TimelineForm {
    /// Which records.
    pub wanted: RecordsWanted,
    /// Where the page begins or ends.
    pub edge: PageEdge,
    /// At most so many records.
    pub most: usize,
    /// When nothing for days is a gap; nothing if gaps are not wanted.
    pub gaps: Option<Rule>,
}

/// Where a page begins or ends: a cursor, or a record by its identifier or the beginning of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PageEdge {
    /// It begins with the first record.
    #[default]
    Beginning,
    /// It begins behind this.
    After(String),
    /// It ends before this.
    Before(String),
}

/// A page of the timeline.
#[derive(Debug, serde::Serialize)]
pub struct Timeline {
    /// The records.
    pub records: Vec<TimelineLine>,
    /// Where nothing is for days.
    pub gaps: Vec<Gap>,
    /// Where the page before ends; nothing if this is the first.
    pub before: Option<String>,
    /// Behind what the next page begins; nothing if this is the last.
    pub after: Option<String>,
    /// Records without a time; they stand at the end.
    pub without_time: u64,
    /// Whether there are more of them than were counted.
    pub more_without_time: bool,
    /// Whose records are shown, if somebody was named.
    pub person: Vec<WantedParty>,
    /// Files that could not be read as they should and may belong to the time of this page.
    pub not_read: Vec<ProblemFile>,
}

/// Nothing for days.
#[derive(Debug, serde::Serialize)]
pub struct Gap {
    /// From when to when.
    #[serde(flatten)]
    pub silence: Silence,
    /// Whole days.
    pub days: i64,
    /// Whether a record that has two readings of its time may belong into it.
    pub perhaps_not_empty: bool,
}

impl Desk<'_> {
    /// A page of the timeline.
    pub fn timeline(&mut self, case: &mut OpenCase, form: &TimelineForm) -> Result<Timeline, DeskError> {
        let (index, insights) = self.opened_index(case, &form.wanted)?;
        self.looked(case, "timeline")?;
        let decisions = self.decisions(case)?;
        let resolved = form.wanted.resolve(&index, insights.as_ref(), &decisions)?;
        let mut timeline = page(&index, &resolved.filter, form)?;
        let mut lines = Lines::new(&index, &decisions);
        for line in std::mem::take(&mut timeline.lines) {
            timeline.shown.records.push(lines.line(line)?);
        }
        timeline.shown.person = resolved.parties;
        Ok(timeline.shown)
    }
}

/// A page of which the lines are not made yet.
struct Begun {
    lines: Vec<Line>,
    shown: Timeline,
}

fn page(index: &Index, filter: &Filter, form: &TimelineForm) -> Result<Begun, DeskError> {
    let (page, from) = match &form.edge {
        PageEdge::Beginning => (index.page(filter, None, form.most)?, None),
        PageEdge::After(text) => {
            let cursor = cursor_of(index, text)?;
            (index.page(filter, Some(cursor), form.most)?, Some(cursor))
        }
        PageEdge::Before(text) => {
            let cursor = cursor_of(index, text)?;
            (index.page_before(filter, cursor, form.most)?, None)
        }
    };
    let backwards = matches!(form.edge, PageEdge::Before(_));
    let Page { lines, next } = page;
    let (first, last) = (lines.first().map(Line::cursor), lines.last().map(Line::cursor));
    let (before, after) = if backwards { (next, last) } else { (from.and(first), next) };
    let times = times(index, filter, &lines, first)?;
    let (without_time, more_without_time) = without_time(index, filter)?;
    let shown = Timeline {
        records: Vec::new(),
        gaps: form.gaps.map(|rule| gaps(index, filter, &times, rule)).transpose()?.unwrap_or_default(),
        before: before.map(cursor_text),
        after: after.map(cursor_text),
        without_time,
        more_without_time,
        person: Vec::new(),
        not_read: not_read(index, filter, &times, next.is_none() && !backwards)?,
    };
    Ok(Begun { lines, shown })
}

/// The times on the page that lie in the range asked for, with that of the record before the page.
fn times(
    index: &Index,
    filter: &Filter,
    lines: &[Line],
    first: Option<Cursor>,
) -> Result<Vec<i64>, DeskError> {
    let before = first.map(|first| index.page_before(filter, first, 1)).transpose()?.unwrap_or_default();
    let all = before.lines.iter().chain(lines).map(|line| line.cursor().order_ms);
    let inside = |time: &i64| {
        *time != NO_TIME && filter.time.is_none_or(|range| (range.from_ms..range.until_ms).contains(time))
    };
    Ok(all.filter(inside).collect())
}

fn gaps(index: &Index, filter: &Filter, times: &[i64], rule: Rule) -> Result<Vec<Gap>, DeskError> {
    let any_between = |from_ms: i64, until_ms: i64| {
        let time = Some(TimeRange { from_ms, until_ms });
        let filter = Filter { time, ..filter.clone() };
        Ok::<bool, DeskError>(!index.page(&filter, None, 1)?.lines.is_empty())
    };
    let mut has_records = |day: i64| {
        let from = day.saturating_mul(DAY_MS);
        any_between(from, from.saturating_add(DAY_MS))
    };
    let found = silences(times, rule, &mut has_records)?;
    let gap = |silence: Silence| {
        let perhaps_not_empty = any_between(silence.after_ms.saturating_add(1), silence.before_ms)?;
        Ok(Gap { days: silence.days(), silence, perhaps_not_empty })
    };
    found.into_iter().map(gap).collect()
}

fn without_time(index: &Index, filter: &Filter) -> Result<(u64, bool), DeskError> {
    let last = Cursor { order_ms: NO_TIME.saturating_sub(1), number: RecordNumber(i64::MAX) };
    if filter.time.is_some() {
        return Ok((0, false));
    }
    let page = index.page(filter, Some(last), MOST_WITHOUT_TIME)?;
    Ok((page.lines.len() as u64, page.next.is_some()))
}

/// Files with problems whose records lie around the times of the page, or that have none with a time.
fn not_read(
    index: &Index,
    filter: &Filter,
    times: &[i64],
    is_last: bool,
) -> Result<Vec<ProblemFile>, DeskError> {
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return if is_last { problem_files(index, filter, None) } else { Ok(Vec::new()) };
    };
    problem_files(index, filter, Some((*first, *last)))
}

fn problem_files(
    index: &Index,
    filter: &Filter,
    span: Option<(i64, i64)>,
) -> Result<Vec<ProblemFile>, DeskError> {
    let mut files: Vec<ProblemFile> = Vec::new();
    let mut known: BTreeMap<FileId, Option<Vec<String>>> = BTreeMap::new();
    for line in index.problems(None, PROBLEMS)? {
        if !known.contains_key(&line.file) {
            if known.len() >= PROBLEM_FILES_SEEN {
                break;
            }
            let touches = may_touch(index, filter, line.file, span)?;
            let steps = touches.then(|| index.steps(line.file)).transpose()?;
            known.insert(line.file, steps);
        }
        let Some(Some(file)) = known.get(&line.file) else { continue };
        let (kind, units) = (line.problem.kind.word(), line.problem.units);
        if let Some(there) = files.iter_mut().find(|there| there.file == *file && there.kind == kind) {
            there.units = there.units.saturating_add(units);
        } else if files.len() < PROBLEM_FILES {
            files.push(ProblemFile { file: file.clone(), kind, units });
        } else {
            break;
        }
    }
    Ok(files)
}

/// Whether something of a file may belong to a span of time: its records reach into it, or none has a time.
fn may_touch(
    index: &Index,
    filter: &Filter,
    file: FileId,
    span: Option<(i64, i64)>,
) -> Result<bool, DeskError> {
    if filter.capsule.is_some() && filter.capsule != Some(index.capsule_of(file)?) {
        return Ok(false);
    }
    let Some((first, last)) = span else { return Ok(true) };
    let of_file = Filter { file: Some(file), doubles: Doubles::All, ..Filter::default() };
    let begins = index.page(&of_file, None, 1)?.lines.first().map(|line| line.cursor().order_ms);
    let end = Cursor { order_ms: NO_TIME, number: RecordNumber(0) };
    let ends = index.page_before(&of_file, end, 1)?.lines.last().map(|line| line.cursor().order_ms);
    Ok(match (begins, ends) {
        (Some(begins), Some(ends)) => begins <= last && ends >= first,
        _ => true,
    })
}
