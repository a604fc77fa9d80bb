//! `holders`: who can open the case.

use custody::Fields;
use model::{EntryNumber, HolderName, Timestamp};
use seal::Share;
use vault::HolderKey;

use crate::{Desk, DeskError, OpenCase};

/// One holder in a list.
#[derive(Debug, serde::Serialize)]
pub struct HolderLine {
    /// The name.
    pub name: String,
    /// `passphrase`, `recipient` or `recovery`; none for those since the beginning.
    pub how: Option<String>,
    /// Since when, by the own clock.
    pub since: Timestamp,
}

impl Desk<'_> {
    /// Adds a holder; she can read everything of the case from its beginning.
    pub fn holder_add(
        &mut self,
        case: &mut OpenCase,
        name: &HolderName,
        key: &HolderKey,
        work_factor: seal::WorkFactor,
    ) -> Result<EntryNumber, DeskError> {
        let fields = self.holder_fields(case, "holder.added");
        let number = case.with_keyring(|vault, keyring| {
            vault.add_holder(name, key, work_factor, fields, keyring, self.installation.signer())
        })?;
        self.after_holders(case, number)
    }

    /// Removes a holder. What she could read before she can still read wherever she kept a copy.
    pub fn holder_remove(
        &mut self,
        case: &mut OpenCase,
        name: &HolderName,
    ) -> Result<EntryNumber, DeskError> {
        let fields = self.holder_fields(case, "holder.removed");
        let own = case.keyring()?.holder() == name;
        let number = case.vault.remove_holder(name, fields, self.installation.signer())?;
        self.remember(case)?;
        if own {
            // From here on her keyring does not open what comes; the case stays open without a key.
            case.lock_up();
        }
        case.refresh()?;
        Ok(number)
    }

    /// Makes a recovery split: any two of the shares open the case, one does not. The shares are printed,
    /// never stored.
    pub fn holder_recovery(&mut self, case: &mut OpenCase, shares: u8) -> Result<Vec<Share>, DeskError> {
        let fields = self.holder_fields(case, "holder.added");
        let (number, shares) = case.with_keyring(|vault, keyring| {
            vault.add_recovery(shares, fields, keyring, self.installation.signer())
        })?;
        self.after_holders(case, number)?;
        Ok(shares)
    }

    /// Who can open the case now.
    pub fn holders(&self, case: &OpenCase) -> Result<Vec<HolderLine>, DeskError> {
        let line = |(name, holder): (&String, &custody::Holder)| HolderLine {
            name: name.clone(),
            how: holder.how.clone(),
            since: holder.since,
        };
        Ok(case.state()?.holders.iter().map(line).collect())
    }

    fn holder_fields(&self, case: &OpenCase, kind: &str) -> Fields {
        self.fields(kind, Fields::new(), self.last_seen_at(case))
    }

    fn after_holders(&mut self, case: &mut OpenCase, number: EntryNumber) -> Result<EntryNumber, DeskError> {
        self.remember(case)?;
        case.refresh()?;
        Ok(number)
    }
}
