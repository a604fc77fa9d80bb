//! `tag`: a word beside a record, set, taken away and listed.

use index::{Doubles, Filter, RecordKey};
use model::EntryNumber;

use crate::reading::IndexFile;
use crate::understanding::decisions::TagState;
use crate::understanding::line::{Lines, TimelineLine};
use crate::{Desk, DeskError, OpenCase};

/// Most tagged records that are listed.
const MOST: usize = 10_000;

impl Desk<'_> {
    /// Sets or takes away a tag of a record, named by its identifier or the beginning of it; gives the entry
    /// and the whole identifier.
    pub fn tag_record(
        &mut self,
        case: &mut OpenCase,
        record: &str,
        tag: &str,
        state: TagState,
    ) -> Result<(EntryNumber, String), DeskError> {
        let prefix = record.parse().map_err(|_| DeskError::Unknown(record.to_owned()))?;
        let record = IndexFile::of(case)?.current(case)?.record(prefix)?.key.to_string();
        Ok((self.tag(case, &record, tag, state)?, record))
    }

    /// The records with a tag, in the order of time. Those that are in the index no more are left out.
    pub fn tagged(&mut self, case: &mut OpenCase) -> Result<Vec<TimelineLine>, DeskError> {
        let index = IndexFile::of(case)?.current(case)?;
        self.looked(case, "tags")?;
        let decisions = self.decisions(case)?;
        let keys: Vec<RecordKey> = decisions.tags.keys().filter_map(|key| key.parse().ok()).collect();
        let filter = Filter { records: Some(keys), doubles: Doubles::All, ..Filter::default() };
        let mut lines = Lines::new(&index, &decisions);
        index.page(&filter, None, MOST)?.lines.into_iter().map(|line| lines.line(line)).collect()
    }
}
