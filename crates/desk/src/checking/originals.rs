//! The original bytes behind a finding: every statement leads back to them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use check::judge::Where;
use model::EntryNumber;

use super::folder::FolderContents;
use super::{CheckForm, reading};
use crate::reading::evidence_keys;
use crate::reading::host::CapsuleContents;
use crate::reading::shown_lines;
use crate::reading::words::{Looks, Wanted};
use crate::unseal::OpenCapsule;
use crate::{Desk, DeskError, EvidenceKey, OpenCase, Progress};

/// How much of each place is shown, in bytes.
const MOST_BYTES: u64 = 4096;

/// The original bytes of places; none where they cannot be had.
type Originals = Vec<Option<Vec<u8>>>;

impl Desk<'_> {
    /// The original bytes of places that a check of this case named, in their order.
    pub fn check_originals(
        &self,
        case: &OpenCase,
        form: &CheckForm,
        places: &[Where],
    ) -> Result<Originals, DeskError> {
        let keys = evidence_keys::of(case)?;
        let mut by_capsule: BTreeMap<EntryNumber, Vec<(usize, Wanted)>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            let mut steps = place.file.clone();
            let first = steps.first_mut().ok_or(DeskError::BadInput("place"))?;
            let (capsule, path) = first.split_once(':').ok_or(DeskError::BadInput("place"))?;
            let capsule = capsule.parse().map(EntryNumber).map_err(|_| DeskError::BadInput("place"))?;
            *first = path.to_owned();
            let wanted = Wanted { steps, place: place.at.clone() };
            by_capsule.entry(capsule).or_default().push((at, wanted));
        }
        let mut all = vec![None; places.len()];
        for (number, wanted) in by_capsule {
            let state = case.state()?;
            let facts = state.capsules.get(&number).ok_or_else(|| DeskError::Unknown(number.to_string()))?;
            let capsule = OpenCapsule::open(case, facts)?;
            let lines = shown_lines(case, number, &capsule, &mut 0)?;
            let contents = CapsuleContents { tar: capsule.tar(), lines: &lines };
            let (at, wanted): (Vec<usize>, Vec<Wanted>) = wanted.into_iter().unzip();
            let reading = reading(&contents, &keys, form, self.progress);
            let found = reading.originals(wanted, MOST_BYTES, Looks::AtWhatChecksRead)?;
            for (at, bytes) in at.into_iter().zip(found) {
                if let Some(place) = all.get_mut(at) {
                    *place = bytes;
                }
            }
        }
        Ok(all)
    }
}

/// The original bytes of places that a check of a folder named, in their order.
pub fn folder_originals(
    path: PathBuf,
    keys: &[EvidenceKey],
    form: &CheckForm,
    progress: &dyn Progress,
    places: &[Where],
) -> Result<Originals, DeskError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let contents = FolderContents::list(path)?;
    let wanted = places.iter().map(|place| Wanted { steps: place.file.clone(), place: place.at.clone() });
    reading(&contents, keys, form, progress).originals(wanted.collect(), MOST_BYTES, Looks::AtWhatChecksRead)
}
