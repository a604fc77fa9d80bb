//! The passwords of the evidence itself: kept in the log, sealed like every entry, so that what was read once
//! can be read again.

use custody::Fields;
use model::EntryNumber;
use vault::EntryRead;
use zeroize::Zeroizing;

use crate::{Desk, DeskError, OpenCase};

/// A password of the evidence: of a phone's backup, an archive, a messenger's backup.
pub type EvidenceKey = Zeroizing<String>;

/// The kind of its entry.
const KIND: &str = "evidence.key";

impl Desk<'_> {
    /// Keeps a password of the evidence. One that is kept already is not kept twice.
    pub fn keep_evidence_key(
        &mut self,
        case: &mut OpenCase,
        key: &EvidenceKey,
        about: &str,
    ) -> Result<Option<EntryNumber>, DeskError> {
        if key.is_empty() {
            return Err(DeskError::BadInput("evidence-key-empty"));
        }
        if of(case)?.contains(key) {
            return Ok(None);
        }
        let fields = Fields::new().with("secret", key.as_str()).with("about", about);
        self.append(case, KIND, fields).map(Some)
    }
}

/// All that are kept, in the order in which they were given.
pub(crate) fn of(case: &OpenCase) -> Result<Vec<EvidenceKey>, DeskError> {
    let keyring = case.keyring()?;
    let mut keys = Vec::new();
    for entry in case.vault.entries(keyring) {
        if let (_, EntryRead::Body(entry)) = entry?
            && entry.fields.kind() == Some(KIND)
            && let Some(key) = entry.fields.text("secret")
        {
            keys.push(Zeroizing::new(key.to_owned()));
        }
    }
    Ok(keys)
}
