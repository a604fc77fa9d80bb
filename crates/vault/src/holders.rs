//! Holders: who has a key to the case, added and removed, each in one act.
//!
//! Follows docs/format.md, section 2. A new holder can read everything from the first entry on. Removing one
//! begins a new epoch and protects only what is sealed afterwards: what the holder could read before stays
//! readable to the holder.

use std::collections::BTreeMap;

use custody::{Fields, Signer};
use model::{EntryNumber, HolderName};
use seal::{Identity, OpenWith, Recipient, SealTo, Share, WorkFactor};

use crate::act::Act;
use crate::case::{CaseVault, open_small};
use crate::create::{HolderKey, RECOVERY, keys_field, recovery_split};
use crate::error::VaultError;
use crate::keyring::Keyring;
use crate::layout::{self, RECIPIENT_NOTE, SMALL_FILE_BYTES};
use crate::log::ClearBody;
use crate::recipient_note::RecipientNote;

impl CaseVault {
    /// Adds a holder. `fields` has `at`, and `clock_back` if so; the rest is filled in.
    pub fn add_holder(
        &mut self,
        name: &HolderName,
        key: &HolderKey,
        work_factor: WorkFactor,
        fields: Fields,
        keyring: &Keyring,
        signer: &Signer,
    ) -> Result<EntryNumber, VaultError> {
        if name.as_str() == RECOVERY {
            return Err(VaultError::HolderExists);
        }
        self.admit(name, key, key.word(), work_factor, fields, keyring, signer)
    }

    /// Makes a recovery split: the holder `recovery`, opened by any two of the shares, which exist nowhere
    /// else.
    pub fn add_recovery(
        &mut self,
        shares: u8,
        fields: Fields,
        keyring: &Keyring,
        signer: &Signer,
    ) -> Result<(EntryNumber, Vec<Share>), VaultError> {
        let (key, shares) = recovery_split(shares)?;
        let name = RECOVERY.parse().map_err(|_| VaultError::NoSuchHolder)?;
        let number = self.admit(&name, &key, "split", WorkFactor::DEFAULT, fields, keyring, signer)?;
        Ok((number, shares))
    }

    #[expect(clippy::too_many_arguments, reason = "the two public ways to add a holder meet here")]
    fn admit(
        &mut self,
        name: &HolderName,
        key: &HolderKey,
        how: &str,
        work_factor: WorkFactor,
        fields: Fields,
        keyring: &Keyring,
        signer: &Signer,
    ) -> Result<EntryNumber, VaultError> {
        self.prepare()?;
        let mut holders = self.loaded.note.holders().clone();
        if holders.contains_key(name) {
            return Err(VaultError::HolderExists);
        }
        let mut theirs = keyring.for_holder(name.clone(), Identity::generate()?)?;
        let later = self.later_epochs(keyring)?;
        self.follow_epochs(&mut theirs, later)?;
        holders.extend(theirs.own_recipient().map(|own| (name.clone(), own)));
        let of_epoch = self.loaded.note.of_epoch().ok_or(VaultError::NoSuchHolder)?.clone();
        let note = RecipientNote::sign(self.id(), self.epoch(), &of_epoch, holders, signer);
        let files = vec![
            (layout::keyring(name.as_str()), key.seal(theirs.to_text().as_bytes(), work_factor)?),
            (RECIPIENT_NOTE.to_owned(), note.bytes().to_vec()),
        ];
        let fields = fields.with("kind", "holder.added").with("name", name.as_str()).with("how", how);
        self.change_keys(fields, &note, files, Vec::new(), signer)
    }

    /// Removes a holder and begins a new epoch. The keyring of any holder opens what is sealed from then on;
    /// one that is at hand must be unlocked anew to add holders.
    pub fn remove_holder(
        &mut self,
        name: &HolderName,
        fields: Fields,
        signer: &Signer,
    ) -> Result<EntryNumber, VaultError> {
        self.prepare()?;
        let mut holders = self.loaded.note.holders().clone();
        holders.remove(name).ok_or(VaultError::NoSuchHolder)?;
        // The recovery split alone would lock everybody out until two shares are brought together.
        if holders.keys().all(|holder| holder.as_str() == RECOVERY) {
            return Err(VaultError::LastHolder);
        }
        let epoch = self.epoch() + 1;
        let identity = Identity::generate()?;
        let remaining: Vec<Recipient> = holders.values().cloned().collect();
        let mut text = identity.to_secret_text();
        text.push('\n');
        let sealed = seal::seal_bytes(text.as_bytes(), &SealTo::Recipients(&remaining))?;
        let note = RecipientNote::sign(self.id(), epoch, &identity.recipient(), holders, signer);
        let files = vec![(layout::epoch(epoch), sealed), (RECIPIENT_NOTE.to_owned(), note.bytes().to_vec())];
        let fields =
            fields.with("kind", "holder.removed").with("name", name.as_str()).with("how", "new-epoch");
        let number = self.change_keys(fields, &note, files, vec![layout::keyring(name.as_str())], signer)?;
        // Whoever removes a holder must know if the keyring is still there.
        self.finish()?;
        Ok(number)
    }

    /// Opens the keyring of the recovery split with two shares.
    pub fn combine_recovery(&self, first: &Share, second: &Share) -> Result<Keyring, VaultError> {
        let secret = seal::combine(first, second).map_err(VaultError::Shares)?;
        let identity = [Identity::from_secret(&secret)?];
        let name = RECOVERY.parse().map_err(|_| VaultError::NoSuchHolder)?;
        self.unlock(Some(&name), &OpenWith::Identities(&identity))
    }

    fn change_keys(
        &mut self,
        fields: Fields,
        note: &RecipientNote,
        files: Vec<(String, Vec<u8>)>,
        remove: Vec<String>,
        signer: &Signer,
    ) -> Result<EntryNumber, VaultError> {
        let mut keys = BTreeMap::new();
        for name in self.view().list("keys")? {
            if name == RECIPIENT_NOTE || layout::is_key(&name) {
                keys.insert(name.clone(), self.view().get(&name, SMALL_FILE_BYTES)?);
            }
        }
        keys.retain(|name, _| !remove.contains(name));
        keys.extend(files.iter().cloned());
        let fields = fields
            .with("program", model::PROGRAM)
            .with("key", signer.vkey().fingerprint().to_string())
            .with("epoch", note.epoch())
            .with("recipient_sha256", note.sha256().to_string())
            .with("keys", keys_field(&keys));
        self.append(Act { fields, files, upload: None, remove, clear_body: ClearBody::No }, signer)
    }

    /// The identities of the epochs that began after the keyring was written.
    pub(crate) fn later_epochs(&self, keyring: &Keyring) -> Result<Vec<(u64, Identity)>, VaultError> {
        let first = keyring.newest_epoch().map_or(0, |newest| newest + 1);
        let open = |epoch| {
            let name = layout::epoch(epoch);
            let sealed = self.view().get(&name, SMALL_FILE_BYTES)?;
            let text = open_small(&sealed, &name, &keyring.open_with())?;
            let identity = std::str::from_utf8(&text).ok().and_then(|text| Identity::parse(text).ok());
            Ok((epoch, identity.ok_or(VaultError::KeyringMismatch { name })?))
        };
        (first..=self.epoch()).map(open).collect()
    }

    /// Adds later epochs to a keyring, which must then reach the one to which is sealed now.
    pub(crate) fn follow_epochs(
        &self,
        keyring: &mut Keyring,
        later: Vec<(u64, Identity)>,
    ) -> Result<(), VaultError> {
        for (epoch, identity) in later {
            keyring.add_epoch(epoch, identity);
        }
        if keyring.newest_recipient().as_ref() == self.loaded.note.of_epoch() {
            Ok(())
        } else {
            Err(VaultError::KeyringMismatch { name: layout::epoch(self.epoch()) })
        }
    }
}
