//! A record as `timeline` and `search` show it: with its sources, and with what people put beside it.

use std::collections::BTreeMap;

use index::{Cursor, FileId, Index, Line, RecordNumber};
use model::EntryNumber;

use crate::reading::{ShownRecord, shown};
use crate::understanding::decisions::{Decisions, NoteAbout};
use crate::{Desk, DeskError, OpenCase};

/// A record with what is known beside it.
#[derive(Debug, serde::Serialize)]
pub struct TimelineLine {
    /// The record.
    #[serde(flatten)]
    pub record: ShownRecord,
    /// Its place in the order of time, for paging; holds within one index only.
    pub cursor: String,
    /// Which reader read its file.
    pub reader: Option<String>,
    /// The number of its chat; holds within one index only.
    pub chat: Option<i64>,
    /// Where the same message was found, too.
    pub also_in: Vec<OtherSource>,
    /// Its tags. May hold any character: show them escaped.
    pub tags: Vec<String>,
    /// Notes about it.
    pub notes: Vec<NoteAbout>,
}

/// Another record that says the same.
#[derive(Debug, serde::Serialize)]
pub struct OtherSource {
    /// Its identifier.
    pub id: String,
    /// Its capsule.
    pub capsule: EntryNumber,
    /// The paths that lead to its file, outermost first. May hold any character: show them escaped.
    pub file: Vec<String>,
    /// Which reader read it.
    pub reader: Option<String>,
    /// The time it has.
    #[serde(skip)]
    pub what: model::record::What,
}

/// Makes lines; knows the readers of files that were met before.
pub(crate) struct Lines<'l> {
    index: &'l Index,
    decisions: &'l Decisions,
    readers: BTreeMap<FileId, Option<String>>,
}

impl<'l> Lines<'l> {
    /// Nothing met yet.
    pub(crate) fn new(index: &'l Index, decisions: &'l Decisions) -> Self {
        Self { index, decisions, readers: BTreeMap::new() }
    }

    /// A record as it is shown.
    pub(crate) fn line(&mut self, line: Line) -> Result<TimelineLine, DeskError> {
        let (number, chat, cursor) = (line.number, line.chat.map(|chat| chat.0), cursor_text(line.cursor()));
        let reader = self.reader(line.file)?;
        let also_in = self.also_in(number)?;
        let record = shown(self.index, line)?;
        let tags = self.decisions.tags_of(&record.id).map(str::to_owned).collect();
        let notes = self.decisions.notes_about(&record.id).cloned().collect();
        Ok(TimelineLine { record, cursor, reader, chat, also_in, tags, notes })
    }

    fn also_in(&mut self, number: RecordNumber) -> Result<Vec<OtherSource>, DeskError> {
        let twins = self.index.twins(number)?;
        let mut others = Vec::with_capacity(twins.len());
        for twin in twins {
            let reader = self.reader(twin.file)?;
            let ShownRecord { id, capsule, file, what, .. } = shown(self.index, twin)?;
            others.push(OtherSource { id, capsule, file, reader, what });
        }
        Ok(others)
    }

    fn reader(&mut self, file: FileId) -> Result<Option<String>, DeskError> {
        if let Some(reader) = self.readers.get(&file) {
            return Ok(reader.clone());
        }
        let found = self.index.files(Some(FileId(file.0.saturating_sub(1))), 1)?;
        let reader = found.into_iter().next().and_then(|file| file.reader).map(|(reader, _)| reader);
        self.readers.insert(file, reader.clone());
        Ok(reader)
    }
}

/// A place in the order of time, as text.
pub(crate) fn cursor_text(cursor: Cursor) -> String {
    format!("{}.{}", cursor.order_ms, cursor.number.0)
}

/// A place in the order of time as a person names it: what [`cursor_text`] gave, or a record by its
/// identifier or the beginning of it.
pub(crate) fn cursor_of(index: &Index, text: &str) -> Result<Cursor, DeskError> {
    if let Some((order_ms, number)) = text.split_once('.') {
        let parts = order_ms.parse().ok().zip(number.parse().ok());
        let (order_ms, number) = parts.ok_or_else(|| DeskError::Unknown(text.to_owned()))?;
        return Ok(Cursor { order_ms, number: RecordNumber(number) });
    }
    let prefix = text.parse().map_err(|_| DeskError::Unknown(text.to_owned()))?;
    Ok(index.record(prefix)?.cursor())
}

impl Desk<'_> {
    /// Looking is an act; what was looked for is nobody's business and is not told.
    pub(crate) fn looked(&mut self, case: &mut OpenCase, what: &str) -> Result<(), DeskError> {
        if case.vault.access() == vault::Access::Write {
            let fields = custody::Fields::new().with("what", what).with("items", Vec::<String>::new());
            self.append(case, "opened", fields)?;
        }
        Ok(())
    }
}
