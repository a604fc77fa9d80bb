//! `records`: what the index says, in the order of time or by search. Looking is an act and leaves an entry.

use std::ops::ControlFlow;

use custody::Fields;
use index::{Cursor, Doubles, Filter, Index, Line, RecordNumber, TimeRange};
use model::{Date, EntryNumber};
use text::{Query, Settings};

use crate::reading::index_file::IndexFile;
use crate::{Desk, DeskError, OpenCase};

/// Records on one page of the index.
const PAGE: usize = 500;
const DAY_MS: i64 = 86_400_000;

/// Which records are wanted.
#[derive(Clone, Debug, Default)]
pub struct RecordsForm {
    /// Only of this capsule.
    pub capsule: Option<EntryNumber>,
    /// Only of this kind: `message`, `call`, `contact` …
    pub kind: Option<String>,
    /// Only of this service: `whatsapp`, `sms` …
    pub app: Option<String>,
    /// Only from this reader.
    pub reader: Option<String>,
    /// Only from this day on.
    pub from: Option<Date>,
    /// Only up to this day, the day included.
    pub to: Option<Date>,
    /// Only what this finds.
    pub find: Option<String>,
    /// At most so many; all if none.
    pub most: Option<u64>,
}

/// A record as it is shown.
#[derive(Debug, serde::Serialize)]
pub struct ShownRecord {
    /// Its identifier.
    pub id: String,
    /// The entry that secured its capsule.
    pub capsule: EntryNumber,
    /// The paths that lead to its file, outermost first. May hold any character: show them escaped.
    pub file: Vec<String>,
    /// Where in the file.
    pub place: String,
    /// What it is: the members of a record that are not empty.
    pub record: serde_json::Value,
    /// The record itself.
    #[serde(skip)]
    pub what: model::record::What,
}

/// How many records were shown.
#[derive(Debug, serde::Serialize)]
pub struct FoundRecords {
    /// So many.
    pub shown: u64,
    /// Whether there are more.
    pub more: bool,
    /// What of the search was understood otherwise than it was typed.
    pub notes: Vec<String>,
}

impl Desk<'_> {
    /// Goes over the records that are wanted, one after the other.
    pub fn records(
        &mut self,
        case: &mut OpenCase,
        form: &RecordsForm,
        show: &mut dyn FnMut(ShownRecord) -> ControlFlow<()>,
    ) -> Result<FoundRecords, DeskError> {
        let index = IndexFile::of(case)?.current(case)?;
        if case.vault.access() == vault::Access::Write {
            let fields = Fields::new().with("what", "records").with("items", Vec::<String>::new());
            self.append(case, "opened", fields)?;
        }
        let filter = form.filter();
        let mut showing =
            Showing { index: &index, found: FoundRecords { shown: 0, more: false, notes: Vec::new() }, show };
        match &form.find {
            None => showing.pages(&filter, form.most)?,
            Some(words) => showing.hits(words, &filter, form.most)?,
        }
        Ok(showing.found)
    }
}

impl RecordsForm {
    fn filter(&self) -> Filter {
        let time = (self.from.is_some() || self.to.is_some()).then(|| TimeRange {
            from_ms: self.from.map_or(i64::MIN, |day| day.days.saturating_mul(DAY_MS)),
            until_ms: self.to.map_or(i64::MAX, |day| day.days.saturating_add(1).saturating_mul(DAY_MS)),
        });
        Filter {
            capsule: self.capsule,
            reader: self.reader.clone(),
            kind: self.kind.clone(),
            app: self.app.clone(),
            time,
            // Every record of every source.
            doubles: Doubles::All,
            ..Filter::default()
        }
    }
}

struct Showing<'s> {
    index: &'s Index,
    found: FoundRecords,
    show: &'s mut dyn FnMut(ShownRecord) -> ControlFlow<()>,
}

impl Showing<'_> {
    fn pages(&mut self, filter: &Filter, most: Option<u64>) -> Result<(), DeskError> {
        let mut after: Option<Cursor> = None;
        loop {
            let page = self.index.page(filter, after, PAGE)?;
            for line in page.lines {
                if self.put(line, most)?.is_break() {
                    return Ok(());
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    fn hits(&mut self, words: &str, filter: &Filter, most: Option<u64>) -> Result<(), DeskError> {
        let query = Query::parse(words, &Settings::default());
        self.found.notes = query.notes.iter().map(|note| format!("{note:?}")).collect();
        let mut after: Option<RecordNumber> = None;
        loop {
            let hits = self.index.search(&query, filter, after, PAGE)?;
            for hit in hits.hits {
                if self.put(hit.line, most)?.is_break() {
                    return Ok(());
                }
            }
            after = hits.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Shows a record, unless there are enough.
    fn put(&mut self, line: Line, most: Option<u64>) -> Result<ControlFlow<()>, DeskError> {
        if most.is_some_and(|most| self.found.shown >= most) {
            self.found.more = true;
            return Ok(ControlFlow::Break(()));
        }
        let shown = shown(self.index, line)?;
        self.found.shown += 1;
        Ok((self.show)(shown))
    }
}

/// A record with its identifier and the way to its file.
pub(crate) fn shown(index: &Index, line: Line) -> Result<ShownRecord, DeskError> {
    Ok(ShownRecord {
        id: line.key.to_string(),
        capsule: line.capsule,
        file: index.steps(line.file)?,
        place: line.record.place.to_string(),
        record: model::record::without_empty(serde_json::to_value(&line.record.what).unwrap_or_default()),
        what: line.record.what,
    })
}
