//! `erase`: a case, a capsule, or the body of one entry. What is gone is gone; that it is gone stays
//! provable.

use custody::Fields;
use vault::{Erase, Erasure};

use crate::{Desk, DeskError, OpenCase};

impl Desk<'_> {
    /// Erases, and tells what erasing cannot reach. Refuses while the case is held. `reason` goes into the
    /// clear trace and must say nothing about a person.
    pub fn erase(&mut self, case: &mut OpenCase, target: Erase, reason: &str) -> Result<Erasure, DeskError> {
        if case.state()?.hold.is_some() {
            return Err(DeskError::OnHold);
        }
        let fields = self.fields("erased", Fields::new().with("reason", reason), self.last_seen_at(case));
        let signer = self.installation.signer();
        let done = case.with_keyring(|vault, keyring| vault.erase(target, fields, keyring, signer))?;
        self.remember(case)?;
        if target != Erase::Case {
            case.refresh()?;
        }
        Ok(done)
    }
}
