//! `unseal`: files of a capsule as they were, into a folder a person chose.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use bag::{CapsuleReader, FileLine, NameLine, Place};
use custody::{CapsuleFacts, Fields};
use model::EntryNumber;
use seal::{Opened, Sha256};

use crate::out_folder::OutFolder;
use crate::{Desk, DeskError, ItemName, OpenCase, Stage};

/// What to unseal and where to.
pub struct UnsealForm {
    /// A capsule or one file of it.
    pub item: ItemName,
    /// The folder to make.
    pub to: PathBuf,
}

/// What was unsealed.
#[derive(Debug, serde::Serialize)]
pub struct Unsealed {
    /// The entry that records it; none in a copy that is open for reading only.
    pub entry: Option<EntryNumber>,
    /// Files written.
    pub files: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Items left out because they are stopped.
    pub stopped: u64,
    /// The folder.
    pub to: PathBuf,
}

impl Desk<'_> {
    /// Writes the files of a capsule that are not stopped; each is compared with its SHA-256 before the
    /// folder gets its name.
    pub fn unseal(&mut self, case: &mut OpenCase, form: &UnsealForm) -> Result<Unsealed, DeskError> {
        let state = case.state()?;
        let facts = form.item.find(state)?.clone();
        if form.item.leaf.is_some_and(|leaf| state.is_stopped(form.item.capsule, leaf)) {
            return Err(DeskError::Stopped);
        }
        let out = OutFolder::begin(&form.to)?;
        let capsule = OpenCapsule::open(case, &facts)?;
        let reader = capsule.reader()?;
        let mut done = Unsealed { entry: None, files: 0, bytes: 0, stopped: 0, to: form.to.clone() };
        self.progress.begin(Stage::Unsealing, Some(facts.size_bytes));
        for line in reader.names() {
            let NameLine::File(line) = line? else { continue };
            if !form.item.covers(form.item.capsule, line.leaf) {
                continue;
            }
            if state.is_stopped(form.item.capsule, line.leaf) {
                done.stopped += 1;
                continue;
            }
            self.write_file(&reader, &line, &out, &form.to)?;
            done.files += 1;
            done.bytes += line.size;
        }
        self.progress.end();
        if case.vault.access() == vault::Access::Write {
            let fields = Fields::new().with("what", form.item.to_string()).with("items", done.files);
            done.entry = Some(self.append(case, "unsealed", fields)?);
        }
        out.finish()?;
        Ok(done)
    }

    fn write_file(
        &self,
        reader: &CapsuleReader<'_>,
        line: &FileLine,
        out: &OutFolder,
        target: &Path,
    ) -> Result<(), DeskError> {
        let unwritable = |source| DeskError::TargetUnwritable { path: target.to_owned(), source };
        let below = line.path.strip_prefix("data/").unwrap_or(&line.path);
        let mut file = out.file(below).map_err(unwritable)?;
        file.set_mtime(line.mtime);
        let mut content = reader.open_file(line)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            let count = content.read(&mut buffer).map_err(seal::SealError::from)?;
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
            hasher.update(piece);
            file.write_all(piece).map_err(unwritable)?;
            self.progress.advance(count as u64);
        }
        if hasher.finish() != line.sha256 {
            return Err(DeskError::ReadBackDiffers);
        }
        file.flush().map_err(unwritable)
    }
}

/// A capsule of an open case, for reading its names and files.
pub(crate) struct OpenCapsule {
    opened: Opened,
    names: Place,
}

impl OpenCapsule {
    /// Opens the capsule that an entry tells of; nothing is decrypted yet but its end.
    pub(crate) fn open(case: &OpenCase, facts: &CapsuleFacts) -> Result<Self, DeskError> {
        let sealed = case.vault.open_capsule(&facts.file_name)?;
        let opened = Opened::new(sealed, &case.keyring()?.open_with())?;
        Ok(Self { opened, names: Place { offset: facts.names_offset, bytes: facts.names_bytes } })
    }

    /// The tar in it, decrypted where it is read.
    pub(crate) fn tar(&self) -> &Opened {
        &self.opened
    }

    /// Its names and files.
    pub(crate) fn reader(&self) -> Result<CapsuleReader<'_>, DeskError> {
        Ok(CapsuleReader::open(&self.opened, Some(self.names))?)
    }
}
