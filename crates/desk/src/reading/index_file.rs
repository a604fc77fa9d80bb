//! The index of a case as a file: made beside the old one, put in its place when it is whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use index::{Builder, Index, IndexError, IndexKey, InsightBuilder, Insights};
use model::EntryNumber;

use crate::{DeskError, OpenCase};

/// The file of what was found in the records of the index.
const INSIGHTS: &str = "insight.db";

/// Where the index of a case lies, and its key.
pub(crate) struct IndexFile {
    folder: PathBuf,
    path: PathBuf,
    new: PathBuf,
    key: IndexKey,
}

/// Whether an index is there that can be added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// There is none.
    Nothing,
    /// The one that is there.
    Old,
}

impl IndexFile {
    /// The index of a case; nothing is touched.
    pub(crate) fn of(case: &OpenCase) -> Result<Self, DeskError> {
        let key = case.keyring()?.index_key().ok_or(DeskError::BadInput("this needs a holder's key"))?;
        let folder = case.folder.clone();
        let (path, new) = (folder.join("index.db"), folder.join("index.db.new"));
        Ok(Self { folder, path, new, key: IndexKey::new(key) })
    }

    /// The capsules that are in it. An index that is missing, damaged, of another key or another version, or
    /// that holds what may not be shown any more, is none: it is made anew.
    pub(crate) fn known(&self, case: &OpenCase) -> Result<(Base, BTreeSet<EntryNumber>), DeskError> {
        match self.current(case) {
            Ok(index) => Ok((Base::Old, index.capsules()?.into_iter().collect())),
            Err(DeskError::Index(_) | DeskError::IndexOutdated) => Ok((Base::Nothing, BTreeSet::new())),
            Err(error) => Err(error),
        }
    }

    /// Opens it for reading, if it holds nothing that was stopped or erased since.
    pub(crate) fn current(&self, case: &OpenCase) -> Result<Index, DeskError> {
        let index = self.open()?;
        let state = case.state()?;
        for capsule in index.capsules()? {
            if !state.capsules.contains_key(&capsule) || state.erased.capsules.contains(&capsule) {
                return Err(DeskError::IndexOutdated);
            }
        }
        for (capsule, leaf) in &state.stopped {
            if index.holds(*capsule, *leaf)? {
                return Err(DeskError::IndexOutdated);
            }
        }
        Ok(index)
    }

    /// Begins a new one, on top of the old one if there is one. What a run before left unfinished goes.
    pub(crate) fn begin(&self, base: Base) -> Result<Builder, DeskError> {
        clear(&self.new)?;
        Ok(match base {
            Base::Old => Builder::extend(&self.path, &self.new, &self.key)?,
            Base::Nothing => Builder::create(&self.new, &self.key)?,
        })
    }

    /// Puts the new one in the place of the old one.
    pub(crate) fn put(&self) -> Result<(), DeskError> {
        // What was found in the old one names its records by number.
        remove(&self.folder.join(INSIGHTS))?;
        put(&self.new, &self.path)
    }

    /// Begins a file of insights; what it was made from is told at its end.
    pub(crate) fn begin_insights(&self) -> Result<InsightBuilder, DeskError> {
        let new = self.new_insights();
        clear(&new)?;
        Ok(InsightBuilder::create(&new, &self.key)?)
    }

    /// Puts the new insights in the place of the old ones.
    pub(crate) fn put_insights(&self) -> Result<(), DeskError> {
        put(&self.new_insights(), &self.folder.join(INSIGHTS))
    }

    /// Opens the insights; none if there are none that can be used.
    pub(crate) fn insights(&self) -> Option<Insights> {
        Insights::open(&self.folder.join(INSIGHTS), &self.key).ok()
    }

    /// Lets filters of an index ask for what was found in its records.
    pub(crate) fn attach(&self, index: &mut Index) -> Result<(), DeskError> {
        Ok(index.attach_insights(&self.folder.join(INSIGHTS), &self.key)?)
    }

    fn new_insights(&self) -> PathBuf {
        self.folder.join("insight.db.new")
    }

    /// Opens it for reading.
    pub(crate) fn open(&self) -> Result<Index, DeskError> {
        if !self.path.exists() {
            return Err(DeskError::Index(IndexError::Missing));
        }
        Ok(Index::open(&self.path, &self.key)?)
    }
}

/// A new, empty file at a path, in place of what a run before left there unfinished.
fn clear(new: &Path) -> Result<(), DeskError> {
    for end in ["", "-journal", "-shm", "-wal"] {
        let mut name = new.to_owned().into_os_string();
        name.push(end);
        remove(Path::new(&name))?;
    }
    make_private(new)
}

/// Puts a finished file in the place of an old one.
fn put(new: &Path, path: &Path) -> Result<(), DeskError> {
    let failed = |source| DeskError::TargetUnwritable { path: path.to_owned(), source };
    fs::rename(new, path).map_err(failed)?;
    // The new name must outlive a loss of power, too. Windows has no handle on a folder to flush.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    }
    Ok(())
}

/// An empty file that only this person may read: like everything else in a case.
fn make_private(path: &Path) -> Result<(), DeskError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path);
    made.map(drop).map_err(|source| DeskError::TargetUnwritable { path: path.to_owned(), source })
}

fn remove(path: &Path) -> Result<(), DeskError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(DeskError::TargetUnwritable { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
