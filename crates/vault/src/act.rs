//! Appending: one act, one entry, in an order that survives being killed at any point.
//!
//! Follows docs/format.md, section 4. The replacement of `log/checkpoint` is the moment an act is
//! acknowledged: before it the act leaves no trace, after it the act is finished, now or on opening the case
//! again.

use custody::{Entry, Fields, Signer, kinds};
use model::{EntryNumber, ReadAt};
use seal::SealTo;

use crate::case::{CaseVault, Condition};
use crate::error::VaultError;
use crate::layout::{self, RECIPIENT_NOTE, VKEYS};
use crate::log::{self, ClearBody};
use crate::plan::{self, Plan, UPLOAD_KEY};
use crate::recipient_note::RecipientNote;
use crate::store::Upload;

/// Most bytes that are copied at a time.
const COPY_BYTES: usize = 1 << 20;

/// What is to be done and written down in one step.
pub struct Act {
    /// The fields of the entry, with `kind`, `at`, `program` and `key`.
    pub fields: Fields,
    /// Files that appear or are replaced with the entry: final name and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// A large file that appears with the entry, and its final name.
    pub upload: Option<(Upload, String)>,
    /// Files that go with the entry, overwritten where the medium allows; those not there are passed over.
    pub remove: Vec<String>,
    /// Whether the body also lies open.
    pub clear_body: ClearBody,
}

impl Act {
    /// An act that is nothing but its entry.
    pub fn entry(fields: Fields) -> Self {
        Self { fields, files: Vec::new(), upload: None, remove: Vec::new(), clear_body: ClearBody::No }
    }
}

/// A large file that is copied into the case with an act.
pub(crate) struct Copy<'a> {
    pub(crate) from: &'a dyn ReadAt,
    pub(crate) name: String,
}

impl CaseVault {
    /// Begins the sealed file of a capsule. Drop it to give up; hand it to [`CaseVault::append`] to keep it.
    pub fn begin_upload(&self) -> Result<Upload, VaultError> {
        self.check_writable()?;
        Ok(self.store.begin(&layout::pending(self.loaded.log.next(), UPLOAD_KEY))?)
    }

    /// Appends an entry and does what belongs to it, or nothing at all.
    ///
    /// After an error the act is not in the log and can be tried again, with two exceptions that say so
    /// themselves: [`VaultError::OutcomeUnknown`] and, when called again, [`VaultError::NotCarriedOut`] of an
    /// act before. `Ok` means acknowledged; whether files could be put and removed at once is told by
    /// [`CaseVault::finish`].
    pub fn append(&mut self, act: Act, signer: &Signer) -> Result<EntryNumber, VaultError> {
        self.append_with(act, &[], signer)
    }

    pub(crate) fn append_with(
        &mut self,
        act: Act,
        copies: &[Copy<'_>],
        signer: &Signer,
    ) -> Result<EntryNumber, VaultError> {
        self.prepare()?;
        self.condition = Condition::Leftovers;
        let result = self.write(act, copies, signer);
        match &result {
            Ok(_) => self.condition = Condition::Tidy,
            Err(VaultError::OutcomeUnknown) => self.condition = Condition::Unknown,
            Err(_) => {}
        }
        result
    }

    /// Makes sure that nothing of earlier acts is under way.
    pub(crate) fn prepare(&mut self) -> Result<(), VaultError> {
        self.check_writable()?;
        if self.condition == Condition::Unknown {
            self.reload()?;
        }
        self.finish()?;
        if self.is_erased() {
            return Err(VaultError::CaseErased);
        }
        if self.condition == Condition::Leftovers {
            plan::throw_away(self.store.as_ref(), self.loaded.log.next())?;
            self.condition = Condition::Tidy;
        }
        Ok(())
    }

    fn write(&mut self, act: Act, copies: &[Copy<'_>], signer: &Signer) -> Result<EntryNumber, VaultError> {
        let Act { mut fields, mut files, mut upload, remove, clear_body } = act;
        let number = self.loaded.log.next();
        self.introduce(signer, &mut fields, &mut files)?;
        kinds::check(&fields)?;
        let note = self.note_after(&files, signer)?;
        let entry = Entry::new(number, fields, seal::random()?)?;

        let mut plan = Plan { put: Vec::new(), remove };
        if let Some((upload, name)) = &mut upload {
            upload.commit()?;
            plan.put.push((UPLOAD_KEY.to_owned(), name.clone()));
        }
        let names = files.iter().map(|(name, _)| name).chain(copies.iter().map(|copy| &copy.name));
        for (key, name) in (1_u64..).zip(names) {
            plan.put.push((key.to_string(), name.clone()));
        }
        if !plan.is_allowed() {
            return Err(VaultError::NotForActs);
        }
        self.stage(number, upload.as_ref().map(|(upload, _)| upload), &files, copies)?;
        if !plan.is_empty() {
            plan.write(self.store.as_ref(), number)?;
        }

        let recipients = note.as_ref().unwrap_or(&self.loaded.note).recipients();
        let sealed = seal::seal_bytes(&entry.body_bytes(), &SealTo::Recipients(recipients))?;
        let acknowledged = self.loaded.log.append(self.store.as_ref(), &entry, &sealed, clear_body, signer);
        if !matches!(acknowledged, Ok(()) | Err(VaultError::OutcomeUnknown)) {
            return acknowledged.map(|()| number);
        }
        if let Some((upload, _)) = upload {
            upload.keep();
        }
        acknowledged?;

        self.loaded.log.add_vkey(signer.vkey());
        if let Some(note) = note {
            self.loaded.note = note;
        }
        if clear_body == ClearBody::Yes {
            self.loaded.clear.insert(number, entry);
        }
        if !plan.is_empty() {
            self.loaded.overlay.add(number, &plan);
            self.loaded.unfinished.insert(number, plan);
        }
        // The act stands; if its files cannot be put now, they are seen in the mind and put later.
        let _ = self.finish();
        Ok(number)
    }

    /// Lists a key that signs here for the first time; only an entry that says so may do that.
    fn introduce(
        &self,
        signer: &Signer,
        fields: &mut Fields,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> Result<(), VaultError> {
        let vkey = signer.vkey();
        let introduces = matches!(fields.kind(), Some("key.introduced" | "writing.claimed"));
        if introduces {
            *fields = std::mem::take(fields).with("vkey", vkey.to_string());
        }
        if self.vkeys().contains(&vkey) {
            return Ok(());
        }
        if !introduces {
            return Err(VaultError::SignerNotIntroduced);
        }
        let mut vkeys = self.vkeys().to_vec();
        vkeys.push(vkey);
        files.push((VKEYS.to_owned(), log::lines(&vkeys).into_bytes()));
        Ok(())
    }

    /// The note that the act puts, if it puts one; the entry is sealed to its recipients already.
    fn note_after(
        &self,
        files: &[(String, Vec<u8>)],
        signer: &Signer,
    ) -> Result<Option<RecipientNote>, VaultError> {
        let Some((_, note)) = files.iter().find(|(name, _)| name == RECIPIENT_NOTE) else { return Ok(None) };
        let malformed = |_| VaultError::Malformed { name: RECIPIENT_NOTE.to_owned() };
        let note = std::str::from_utf8(note).map_err(malformed)?;
        RecipientNote::parse(note, self.id(), &[signer.vkey()]).map(Some)
    }

    /// Step 1: the act's files lie in its own folder, on the medium.
    fn stage(
        &self,
        number: EntryNumber,
        upload: Option<&Upload>,
        files: &[(String, Vec<u8>)],
        copies: &[Copy<'_>],
    ) -> Result<(), VaultError> {
        let store = self.store.as_ref();
        let place = layout::pending(number, UPLOAD_KEY);
        if let Some(upload) = upload.filter(|upload| upload.name() != place) {
            // Other acts were appended while it was written.
            store.rename(upload.name(), &place)?;
        }
        let mut keys = 1_u64..;
        for ((_, bytes), key) in files.iter().zip(keys.by_ref()) {
            store.put(&layout::pending(number, &key.to_string()), bytes)?;
        }
        for (copy, key) in copies.iter().zip(keys) {
            let mut to = store.begin(&layout::pending(number, &key.to_string()))?;
            copy_all(copy.from, &mut to).map_err(|error| crate::StoreError::of(&copy.name, &error))?;
            to.commit()?;
            to.keep();
        }
        Ok(())
    }
}

/// Copies a file from its start to its end.
pub(crate) fn copy_all(from: &dyn ReadAt, to: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut buffer = vec![0; COPY_BYTES];
    let mut offset = 0;
    loop {
        let count = from.read_at(&mut buffer, offset)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { return Ok(()) };
        to.write_all(read)?;
        offset += count as u64;
    }
}
