//! Backups of iPhones and iPads (iTunes, Finder, libimobiledevice) of iOS 10 and later, plain and encrypted:
//! the files under their own names, `Domain/path`.
//!
//! Layout as in mvt, jsharkey's iphone_backup.py and crabapple 0.4.8 (read 2026-11). The container is
//! `Manifest.db`; the hashed files beside it (`ab/ab…`) are taken, whether or not a password opens them, and
//! stay in the tree as they are. Info.plist, Manifest.plist and Status.plist stay files. Deliberately absent:
//! links, folders, and backups before iOS 10 (`Manifest.mbdb`), which are only named.

mod bplist;
mod file_record;
mod hashed;
mod manifest;

use std::io::{self, Read};
use std::sync::Arc;

use model::ReadAt;
use model::record::{FileNumber, Place, Problem, ProblemKind};
use seal::foreign::{CbcEnding, CbcView, ClassKeys, Padding, Part};
use sqlite::{ColumnNumber, Database, Row, Table};

use super::same_names::tell_apart;
use super::unavailable::Unavailable;
use super::{Container, Opened, Opening, Turn};
use crate::tree::{Candidate, Child, Content, Entry};
use file_record::{FileKey, FileRecord};
use hashed::Hashed;
use manifest::Manifest;

/// No Manifest.plist is longer.
const MANIFEST_BYTES: u64 = 64 << 20;

/// The format.
pub(super) struct IosBackup;

impl Container for IosBackup {
    fn name(&self) -> &'static str {
        "ios_backup"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        matches!(candidate.entry().name(), "Manifest.db" | "Manifest.mbdb")
            && candidate.tree().sibling(candidate.number(), "Manifest.plist").is_some()
    }

    fn turn(&self, name: &str) -> Turn {
        if name == "Manifest.db" { Turn::First } else { Turn::InOrder }
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        if entry.name() == "Manifest.mbdb" {
            return opening.failed(ProblemKind::Unsupported, "a backup of iOS 10 or later");
        }
        let stored = StoredFiles::gather(opening, entry);
        let mut opened = match Backup::open(opening, entry, &stored) {
            Ok(mut backup) => {
                backup.list();
                backup.finish()
            }
            Err((kind, expected)) => {
                let mut problem = opening.problem(kind, expected);
                "the hashed files as they are".clone_into(&mut problem.kept);
                problem.units = (stored.0.len() as u64).max(1);
                let takes = stored.0.iter().map(|(_, file)| *file).collect();
                Opened { takes, problems: vec![problem], ..Opened::default() }
            }
        };
        tell_apart(&mut opened.children);
        opened
    }
}

/// The hashed files beside `Manifest.db`, by the hash in their names.
struct StoredFiles(Vec<([u8; 20], FileNumber)>);

impl StoredFiles {
    fn gather(opening: &Opening<'_>, manifest: &Entry) -> Self {
        let folder = manifest.folder();
        let below = opening.tree.below(manifest.container(), folder);
        let mut files: Vec<_> = below
            .filter_map(|(number, entry)| Some((hash_of(entry.path().get(folder.len()..)?)?, number)))
            .collect();
        files.sort_unstable();
        Self(files)
    }

    fn find(&self, hash: &[u8; 20]) -> Option<(usize, FileNumber)> {
        let at = self.0.binary_search_by(|(known, _)| known.cmp(hash)).ok()?;
        Some((at, self.0.get(at)?.1))
    }
}

/// The hash in `ab/ab…` (40 digits).
fn hash_of(path: &str) -> Option<[u8; 20]> {
    let (folder, name) = path.split_at_checked(2)?;
    let name = name.strip_prefix('/')?;
    if name.starts_with(folder) { digits(name) } else { None }
}

fn digits(text: &str) -> Option<[u8; 20]> {
    let digits: &[u8; 40] = text.as_bytes().try_into().ok()?;
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(hash)
}

/// What was not as it should be.
#[derive(Default)]
struct Tally {
    missing: u64,
    not_understood: u64,
    no_class_key: u64,
    cut: u64,
    links: u64,
    damaged: u64,
}

struct Backup<'b> {
    opening: &'b Opening<'b>,
    stored: &'b StoredFiles,
    database: Database,
    keys: Option<Arc<ClassKeys>>,
    /// Which of the stored files are named in the list.
    named: Vec<bool>,
    children: Vec<Child>,
    tally: Tally,
}

impl<'b> Backup<'b> {
    fn open(
        opening: &'b Opening<'b>,
        entry: &Entry,
        stored: &'b StoredFiles,
    ) -> Result<Self, (ProblemKind, &'static str)> {
        let no_manifest = (ProblemKind::Damaged, "a property list in Manifest.plist");
        let plist = opening.tree.sibling(opening.file, "Manifest.plist");
        let plist = plist.and_then(|number| opening.tree.entry(number)).ok_or(no_manifest)?;
        let bytes = whole(plist).map_err(|_| (ProblemKind::Unreadable, "bytes of Manifest.plist"))?;
        let manifest = Manifest::parse(&bytes).ok_or(no_manifest)?;
        let keys = if manifest.is_encrypted() { Some(Arc::new(manifest.unlock(opening)?)) } else { None };
        let unreadable = (ProblemKind::Unreadable, "bytes of Manifest.db");
        let list = entry.content().random().map_err(|_| unreadable)?;
        let is_plain = super::bytes::read_at(&*list, 0, 6).map_err(|_| unreadable)? == b"SQLite";
        let (list, wal) = match (&keys, &manifest.database_key) {
            (Some(keys), Some(key)) if !is_plain => (decrypted(list, keys, key)?, None),
            _ => (list, wal_beside(opening)),
        };
        let database = Database::open(list, wal, sqlite::Limits::DEFAULT)
            .map_err(|_| (ProblemKind::Damaged, "a SQLite database in Manifest.db"))?;
        let named = vec![false; stored.0.len()];
        let room = stored.0.len().min(opening.entries_left).saturating_add(1);
        let children = Vec::with_capacity(room);
        Ok(Self { opening, stored, database, keys, named, children, tally: Tally::default() })
    }

    fn list(&mut self) {
        // Taken out for the time of the walk, so that rows and children are not one borrow.
        let Self { opening, stored, database, keys, named, children, tally } = self;
        let Some(table) = database.table("Files") else {
            tally.damaged = tally.damaged.saturating_add(1);
            return;
        };
        let columns = Columns::of(table);
        let lister = Lister { opening, stored, keys: keys.as_ref(), columns };
        let mut rows = database.rows(table);
        while children.len() <= opening.entries_left {
            match rows.next() {
                None => break,
                Some(Ok(row)) => children.extend(lister.child(&row, named, tally)),
                Some(Err(_)) => tally.damaged = tally.damaged.saturating_add(1),
            }
        }
    }

    fn finish(self) -> Opened {
        use ProblemKind::{Damaged, NotUnderstood, Truncated, Unreadable, Unsupported, WrongKey};
        let Tally { missing, not_understood, no_class_key, cut, links, damaged } = self.tally;
        let damaged = damaged.saturating_add(self.database.problems().len() as u64);
        let all = [
            (missing, Unreadable, "the hashed file of each file in Manifest.db", ""),
            (not_understood, NotUnderstood, "an archived record of each file in Manifest.db", "names"),
            (no_class_key, WrongKey, "a class key that the password opens", "names and sizes"),
            (cut, Truncated, "hashed files as long as Manifest.db says", "their beginning"),
            (links, Unsupported, "files instead of links", ""),
            (damaged, Damaged, "every row of Manifest.db", "the other rows"),
        ];
        let file = self.opening.file;
        let problems =
            all.into_iter().filter(|(units, ..)| *units > 0).map(|(units, kind, expected, kept)| {
                let (expected, kept) = (expected.to_owned(), kept.to_owned());
                Problem { file, place: Place::Whole, kind, expected, kept, units }
            });
        let named = self.stored.0.iter().zip(&self.named).filter(|(_, named)| **named);
        let takes = named.map(|((_, file), _)| *file).collect();
        Opened { problems: problems.collect(), takes, children: self.children }
    }
}

/// Where the columns are that are read.
struct Columns {
    id: Option<ColumnNumber>,
    domain: Option<ColumnNumber>,
    path: Option<ColumnNumber>,
    flags: Option<ColumnNumber>,
    record: Option<ColumnNumber>,
}

impl Columns {
    fn of(table: &Table) -> Self {
        Self {
            id: table.column("fileID"),
            domain: table.column("domain"),
            path: table.column("relativePath"),
            flags: table.column("flags"),
            record: table.column("file"),
        }
    }
}

struct Lister<'l> {
    opening: &'l Opening<'l>,
    stored: &'l StoredFiles,
    keys: Option<&'l Arc<ClassKeys>>,
    columns: Columns,
}

impl Lister<'_> {
    /// The file of a row; none for folders, links, and files that are not there.
    fn child(&self, row: &Row<'_>, named: &mut [bool], tally: &mut Tally) -> Option<Child> {
        const FOLDER: i64 = 2;
        const LINK: i64 = 4;
        match row.integer(self.columns.flags) {
            Some(FOLDER) => return None,
            Some(LINK) => {
                tally.links = tally.links.saturating_add(1);
                return None;
            }
            _ => {}
        }
        let id = row.text(self.columns.id).unwrap_or_default();
        let Some((at, number)) = digits(&id).and_then(|hash| self.stored.find(&hash)) else {
            tally.missing = tally.missing.saturating_add(1);
            return None;
        };
        if let Some(named) = named.get_mut(at) {
            *named = true;
        }
        let stored = self.opening.tree.entry(number)?;
        let path = self.path(row, &id);
        let record = row.blob(self.columns.record).and_then(FileRecord::parse);
        if record.is_none() {
            tally.not_understood = tally.not_understood.saturating_add(1);
        }
        let modified = record.as_ref().and_then(|record| record.modified);
        let (content, is_as_stored) = self.content(stored, record, tally);
        let stored_sha256 = if is_as_stored { stored.sha256() } else { None };
        Some(Child { path, modified, stored_sha256, content })
    }

    fn path(&self, row: &Row<'_>, id: &str) -> String {
        let domain = row.text(self.columns.domain).unwrap_or_default();
        let path = row.text(self.columns.path).unwrap_or_default();
        let path = if path.is_empty() { id } else { &path };
        let mut whole = String::with_capacity(domain.len().saturating_add(path.len()).saturating_add(1));
        whole.push_str(&domain);
        whole.push('/');
        whole.push_str(path);
        whole
    }

    /// The content, and whether it is the stored file as it lies there.
    fn content(
        &self,
        stored: &Entry,
        record: Option<FileRecord>,
        tally: &mut Tally,
    ) -> (Arc<dyn Content>, bool) {
        let as_stored = || (Arc::clone(stored.content()), true);
        let Some(keys) = self.keys else { return as_stored() };
        let Some(record) = record else { return (Arc::new(Unavailable::of_size(0)), false) };
        let key = match record.key {
            None => return as_stored(),
            Some(FileKey::Unknown) => None,
            Some(FileKey::Wrapped(key)) => Some(key),
        };
        let class = key.and_then(|key| key.first_chunk().copied()).map(u32::from_le_bytes);
        let Some(key) = key.filter(|_| keys.classes().any(|known| class == Some(known))) else {
            tally.no_class_key = tally.no_class_key.saturating_add(1);
            return (Arc::new(Unavailable::of_size(record.size_bytes)), false);
        };
        if stored.size_bytes() < record.size_bytes {
            tally.cut = tally.cut.saturating_add(1);
        }
        let stored = Arc::clone(stored.content());
        let hashed = Hashed { keys: Arc::clone(keys), stored, size_bytes: record.size_bytes, key };
        (Arc::new(hashed), false)
    }
}

fn whole(entry: &Entry) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.content().stream()?.take(MANIFEST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wal_beside(opening: &Opening<'_>) -> Option<Arc<dyn ReadAt>> {
    let wal = opening.tree.sibling(opening.file, "Manifest.db-wal")?;
    opening.tree.entry(wal)?.content().random().ok()
}

/// The list of files, decrypted page by page.
fn decrypted(
    list: Arc<dyn ReadAt>,
    keys: &ClassKeys,
    key: &[u8],
) -> Result<Arc<dyn ReadAt>, (ProblemKind, &'static str)> {
    let damaged = (ProblemKind::Damaged, "a Manifest.db that its key opens");
    let key = keys.unwrap_with_class(key).map_err(|_| damaged)?;
    let size = list.size_bytes();
    let part = Part::new(list, 0, size.saturating_sub(size % 16)).map_err(|_| damaged)?;
    let view = CbcView::new(&key, &[0; 16], part, CbcEnding::Padding(Padding::None)).map_err(|_| damaged)?;
    Ok(Arc::new(view))
}
