//! Copying a case to another store, and making sure that it arrived.
//!
//! A copy holds every file of the case but the lock, the cache and what is under way. The signed head comes
//! last, so an interrupted copy is no case, or still the earlier one. Every file is read back from the
//! target, from the medium where the system allows, and compared. A target that holds another case, or
//! entries the source does not have, is refused.

use std::io::Write;

use model::{Digest, ReadAt};
use seal::Sha256;

use crate::case::Loaded;
use crate::error::VaultError;
use crate::fork::{Relation, relation};
use crate::layout::{self, CASE_JSON, CHECKPOINT, INDEX, LEAF_LINE_BYTES, LEAVES, RECIPIENT_NOTE, VKEYS};
use crate::log;
use crate::plan;
use crate::store::{ReadBack, Store, StoreError, Wipe};
use crate::view::View;

/// How far a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    /// Bytes copied and read back.
    pub done_bytes: u64,
    /// Bytes altogether.
    pub total_bytes: u64,
}

/// What a finished copy amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyReport {
    /// Files of the case.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that had been erased in the source since the last copy, and were removed from the target.
    pub removed: Vec<String>,
    /// Where the files were read back from; the cache if any of them was.
    pub read_back: ReadBack,
}

/// Where a file half copied lies in the target.
const HALF: &str = "pending/put-copy";

const BUFFER_BYTES: usize = 1 << 20;

/// Copies a case. The target must be empty, an interrupted copy, or an earlier state of the same case.
pub fn copy_case(
    from: &dyn Store,
    to: &dyn Store,
    progress: &mut dyn FnMut(CopyProgress),
) -> Result<CopyReport, VaultError> {
    let source = Loaded::read(from)?;
    let view = View { store: from, overlay: &source.overlay };
    let lines = check_target(&source, view, to)?;
    let _lock = to.lock()?;

    let mut names = files(&source, view)?;
    names.sort_by_key(|name| (rank(name), name.clone()));
    let mut total_bytes = 0;
    for name in &names {
        total_bytes += view.open(name)?.size_bytes();
    }
    let mut copy = CopyRun { to, progress, done_bytes: 0, total_bytes, read_back: ReadBack::Medium };
    let mut bytes = 0;
    for name in &names {
        let file = view.open(name)?;
        bytes += file.size_bytes();
        if name == LEAVES {
            copy.leaves(&source, lines)?;
        } else {
            copy.file(name, file.as_ref())?;
        }
    }
    let read_back = copy.read_back;
    let removed = remove_erased(&source, &names, to)?;
    Ok(CopyReport { files: names.len() as u64, bytes, removed, read_back })
}

/// How many leaves of the source the target has already; an error if the target may not be written to.
fn check_target(source: &Loaded, view: View<'_>, to: &dyn Store) -> Result<u64, VaultError> {
    let case_json = match to.get(CASE_JSON, layout::SMALL_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(StoreError::NotFound { .. }) => {
            let ours = |name: &String| is_case_file(name) || INDEX.contains(&name.as_str());
            return if to.list("")?.iter().any(ours) { Err(VaultError::NotEmpty) } else { Ok(0) };
        }
        Err(error) => return Err(error.into()),
    };
    if case_json != view.get(CASE_JSON, layout::SMALL_FILE_BYTES)? {
        return Err(VaultError::OtherCase);
    }
    if to.size_bytes(CHECKPOINT)?.is_none() {
        return Ok(0);
    }
    let target = Loaded::read(to)?;
    match relation(source.log.leaves(), target.log.leaves()) {
        Relation::Same | Relation::OtherOlder => Ok(target.log.size()),
        Relation::OtherNewer | Relation::Diverged { .. } => Err(VaultError::TargetNotOlder),
    }
}

/// The files of the case, without what lies beyond its head.
fn files(source: &Loaded, view: View<'_>) -> Result<Vec<String>, VaultError> {
    let acknowledged = |name: &String| {
        let number = layout::number_in(name, "log/entries/", ".age");
        let number = number.or_else(|| layout::number_in(name, "log/open/", ".json"));
        number.is_none_or(|number| number.0 < source.log.size())
    };
    let mut names = view.list("")?;
    names.retain(|name| is_case_file(name) && crate::check_name(name).is_ok() && acknowledged(name));
    Ok(names)
}

fn is_case_file(name: &str) -> bool {
    name == CASE_JSON || ["keys/", "log/", "capsules/"].iter().any(|folder| name.starts_with(folder))
}

/// What must be there before what: the name of the case, the keys that signed, everything, the head.
fn rank(name: &str) -> u8 {
    match name {
        CASE_JSON => 0,
        VKEYS => 1,
        RECIPIENT_NOTE => 2,
        LEAVES => 4,
        CHECKPOINT => 5,
        _ => 3,
    }
}

struct CopyRun<'a> {
    to: &'a dyn Store,
    progress: &'a mut dyn FnMut(CopyProgress),
    done_bytes: u64,
    total_bytes: u64,
    read_back: ReadBack,
}

impl CopyRun<'_> {
    fn file(&mut self, name: &str, from: &dyn ReadAt) -> Result<(), VaultError> {
        let is_there = self.to.size_bytes(name)? == Some(from.size_bytes());
        if is_there && self.hash_back(name)? == hash_of(from, name)? {
            self.tell(from.size_bytes());
            return Ok(());
        }
        let mut half = self.to.begin(HALF)?;
        let mut hash = Sha256::new();
        each_piece(from, from.size_bytes(), name, |piece| {
            hash.update(piece);
            half.write_all(piece).map_err(|error| StoreError::of(name, &error).into())
        })?;
        half.commit()?;
        half.keep();
        self.to.rename(HALF, name)?;
        self.compare(name, hash.finish(), from.size_bytes())
    }

    /// Leaves are only ever appended, so that the target stays readable while they are copied.
    fn leaves(&mut self, source: &Loaded, lines: u64) -> Result<(), VaultError> {
        let text = log::lines(source.log.leaves());
        let at = lines * LEAF_LINE_BYTES;
        let rest = usize::try_from(at).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
        self.to.extend(LEAVES, at, rest)?;
        self.compare(LEAVES, seal::sha256(text.as_bytes()), text.len() as u64)
    }

    fn compare(&mut self, name: &str, expected: Digest, size_bytes: u64) -> Result<(), VaultError> {
        if self.hash_back(name)? != expected {
            return Err(VaultError::ReadBackDiffers { name: name.to_owned() });
        }
        self.tell(size_bytes);
        Ok(())
    }

    fn hash_back(&mut self, name: &str) -> Result<Digest, VaultError> {
        let (file, read_back) = self.to.open_from_medium(name)?;
        if read_back == ReadBack::Cache {
            self.read_back = ReadBack::Cache;
        }
        hash_of(file.as_ref(), name)
    }

    fn tell(&mut self, bytes: u64) {
        self.done_bytes += bytes;
        (self.progress)(CopyProgress { done_bytes: self.done_bytes, total_bytes: self.total_bytes });
    }
}

fn hash_of(file: &dyn ReadAt, name: &str) -> Result<Digest, VaultError> {
    let mut hash = Sha256::new();
    each_piece(file, file.size_bytes(), name, |piece| {
        hash.update(piece);
        Ok(())
    })?;
    Ok(hash.finish())
}

fn each_piece(
    file: &dyn ReadAt,
    size_bytes: u64,
    name: &str,
    mut take: impl FnMut(&[u8]) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut offset = 0;
    while offset < size_bytes {
        let count = file.read_at(&mut buffer, offset).map_err(|error| StoreError::of(name, &error))?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        take(piece)?;
        offset += count as u64;
    }
    Ok(())
}

/// Removes from the target what the source says was erased, or whose holder was removed; nothing else that
/// the source lacks, because a file that got lost there may be needed from the copy.
fn remove_erased(source: &Loaded, names: &[String], to: &dyn Store) -> Result<Vec<String>, VaultError> {
    let erased = |word: &str, number: Option<model::EntryNumber>| {
        source.clear.values().any(|entry| match entry.fields.text("what") {
            Some("case") => true,
            Some(what) => what == word && number.is_some_and(|n| entry.fields.number("which") == Some(n.0)),
            None => false,
        })
    };
    let removed_holder = |name: &str| {
        let stem = name.strip_prefix("keys/").and_then(|name| name.strip_suffix(".age"));
        let holder = stem.and_then(|stem| stem.parse::<model::HolderName>().ok());
        holder.is_some_and(|holder| !source.note.holders().contains_key(&holder))
    };
    let mut removed = Vec::new();
    for name in to.list("")? {
        let gone = if name.starts_with("capsules/") {
            erased("capsule", layout::capsule_number(&name))
        } else if name.starts_with("log/entries/") {
            erased("entry", layout::number_in(&name, "log/entries/", ".age"))
        } else if name.starts_with("keys/") {
            layout::is_key(&name) && (erased("", None) || removed_holder(&name))
        } else {
            name.starts_with("log/forks/") && name.contains("/entries/") && erased("", None)
        };
        if gone && crate::check_name(&name).is_ok() && !names.contains(&name) {
            plan::remove(to, &name, Wipe::Yes)?;
            removed.push(name);
        }
    }
    if !removed.is_empty() {
        for name in INDEX {
            plan::remove(to, name, Wipe::Yes)?;
        }
    }
    Ok(removed)
}
