//! `show CASE RECORD`: a record and the original bytes it was read from.

use custody::Fields;

use crate::reading::host::{CapsuleContents, Reading};
use crate::reading::index_file::IndexFile;
use crate::reading::records::{ShownRecord, shown};
use crate::reading::words::{Looks, Wanted};
use crate::reading::{evidence_keys, shown_lines};
use crate::unseal::OpenCapsule;
use crate::{Desk, DeskError, OpenCase};

/// How much of the original is shown at most, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// A record with what stands behind it.
#[derive(Debug, serde::Serialize)]
pub struct OriginalBytes {
    /// The record.
    pub record: ShownRecord,
    /// The leaf of the capsule it comes from.
    pub leaf: Option<u64>,
    /// The original bytes, at most 1 MiB; of a database's row where it lies and its values. None if they
    /// cannot be had.
    #[serde(skip)]
    pub bytes: Option<Vec<u8>>,
}

impl Desk<'_> {
    /// Shows a record and its original bytes. `record` is its identifier or the beginning of it.
    pub fn original(
        &mut self,
        case: &mut OpenCase,
        record: &str,
        program: &confine::Program,
    ) -> Result<OriginalBytes, DeskError> {
        let prefix = record.parse().map_err(|_| DeskError::Unknown(record.to_owned()))?;
        let index = IndexFile::of(case)?.current(case)?;
        let line = index.record(prefix)?;
        let (number, place) = (line.capsule, line.record.place.clone());
        let record = shown(&index, line)?;
        drop(index);
        let keys = evidence_keys::of(case)?;
        let facts =
            case.state()?.capsules.get(&number).ok_or_else(|| DeskError::Unknown(number.to_string()))?;
        let capsule = OpenCapsule::open(case, facts)?;
        let lines = shown_lines(case, number, &capsule, &mut 0)?;
        let root = record.file.first().cloned().unwrap_or_default();
        let leaf = lines.iter().find(|shown| shown.path == root).map(|shown| shown.line.leaf);
        let reading = Reading {
            contents: &CapsuleContents { tar: capsule.tar(), lines: &lines },
            keys: &keys,
            options: &readers::Options::default(),
            program,
            limits: &confine::Limits::default(),
            progress: self.progress,
        };
        let wanted = vec![Wanted { steps: record.file.clone(), place }];
        let bytes = reading.originals(wanted, MOST_BYTES, Looks::AtAll)?.pop().flatten();
        if case.vault.access() == vault::Access::Write {
            let items = vec![record.id.clone()];
            self.append(case, "opened", Fields::new().with("what", "record").with("items", items))?;
        }
        Ok(OriginalBytes { record, leaf, bytes })
    }
}
