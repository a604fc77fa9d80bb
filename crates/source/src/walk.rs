//! The walk: depth first, inside a folder ascending by the bytes of names, one thing at a time.
//!
//! Order per `docs/format.md`, section 5. The folders on the way stay open (one descriptor each, so at most
//! `limits.depth` + 1; where the system allows fewer, what lies deeper becomes a gap
//! `too-many-open-folders`). Memory is that of the names of these folders. The walk deliberately never
//! fails on what it meets: what cannot be taken is a gap.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

use model::Limits;

use crate::item::{FileState, GapKind, Item, SourceFile, What};
use crate::media;
use crate::opened::Opened;
use crate::platform::{self, Folder, Identity};

/// What is to be taken and how far the walk goes.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// Where the walk stops.
    pub limits: Limits,
    /// Folders that are left out with the reason `own-case`, such as the case that is being written.
    pub skip: Vec<PathBuf>,
    /// Whether pictures and videos are left out.
    pub media: MediaChoice,
}

/// Which files are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaChoice {
    /// Every file.
    #[default]
    All,
    /// Pictures and videos become gaps with the reason `left-out-media`, told by name and by first bytes.
    WithoutPicturesAndVideos,
}

/// What a walk met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalkTotals {
    /// Files handed to the visitor.
    pub files: u64,
    /// The sum of their sizes when they were opened.
    pub bytes: u64,
    /// Links.
    pub links: u64,
    /// Folders with nothing in them.
    pub empty_folders: u64,
    /// What could not be taken.
    pub gaps: u64,
}

/// Why a walk did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum WalkError<E> {
    /// Nothing lies where this root is said to be; noticed before anything is visited.
    #[error("nothing lies at root {root}")]
    RootMissing {
        /// The index of the root.
        root: usize,
    },
    /// The visitor stopped.
    #[error("stopped by what the walk is made for")]
    Visit(E),
}

/// Walks the roots in the order given and shows everything to `visit`.
pub fn walk<E>(
    roots: &[PathBuf],
    options: &WalkOptions,
    visit: &mut dyn FnMut(Item<'_>) -> Result<(), E>,
) -> Result<WalkTotals, WalkError<E>> {
    if let Some(root) = missing(roots) {
        return Err(WalkError::RootMissing { root });
    }
    let skipped = Skipped::new(&options.skip);
    let mut walker =
        Walker { options, visit, totals: WalkTotals::default(), entries: 0, root: 0, path: Vec::new() };
    for (index, path) in roots.iter().enumerate() {
        walker.root = index;
        walker.path = root_name(path);
        walker.walk_root(path, &skipped).map_err(WalkError::Visit)?;
    }
    Ok(walker.totals)
}

/// The name under which a root appears: its last component, a drive's letter, or `root`.
pub fn root_name(path: &Path) -> Vec<u8> {
    if let Some(name) = path.file_name() {
        return platform::name_bytes(name).to_vec();
    }
    let resolved = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if let Some(name) = resolved.file_name() {
        return platform::name_bytes(name).to_vec();
    }
    let text = resolved.as_os_str().as_encoded_bytes();
    let letters: Vec<u8> = text.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    if letters.is_empty() { b"root".to_vec() } else { letters }
}

/// The index of the first root that is not there.
pub(crate) fn missing(roots: &[PathBuf]) -> Option<usize> {
    roots.iter().position(|root| root.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound))
}

/// The folders to leave out, by what they are and by where they are.
pub(crate) struct Skipped {
    identities: Vec<Identity>,
    places: Vec<PathBuf>,
}

impl Skipped {
    pub(crate) fn new(skip: &[PathBuf]) -> Self {
        Self {
            identities: skip.iter().filter_map(|path| platform::identity_of(path).ok()).collect(),
            places: skip.iter().filter_map(|path| path.canonicalize().ok()).collect(),
        }
    }

    pub(crate) fn holds(&self, folder: &Folder) -> bool {
        self.identities.contains(folder.identity())
    }

    /// Whether a root lies inside one of them.
    pub(crate) fn surrounds(&self, root: &Path) -> bool {
        root.canonicalize().is_ok_and(|root| self.places.iter().any(|place| root.starts_with(place)))
    }
}

/// A folder on the way.
pub(crate) struct Frame {
    pub(crate) folder: Folder,
    /// Descending, so that the next one is popped.
    pub(crate) names: Vec<OsString>,
    pub(crate) path_bytes: usize,
}

struct Walker<'a, E> {
    options: &'a WalkOptions,
    visit: &'a mut dyn FnMut(Item<'_>) -> Result<(), E>,
    totals: WalkTotals,
    /// Names met so far, counted when their folder is entered.
    entries: u64,
    root: usize,
    path: Vec<u8>,
}

impl<E> Walker<'_, E> {
    fn walk_root(&mut self, path: &Path, skipped: &Skipped) -> Result<(), E> {
        if skipped.surrounds(path) {
            return self.gap(GapKind::Limit, "own-case");
        }
        let mut stack: Vec<Frame> = Vec::new();
        let name = OsString::from(path.file_name().unwrap_or_default());
        if let Some(folder) = self.meet(platform::open_root(path), &name)? {
            self.enter(folder, skipped, &mut stack)?;
        }
        while let Some(frame) = stack.last_mut() {
            let Some(name) = frame.names.pop() else {
                stack.pop();
                continue;
            };
            self.path.truncate(frame.path_bytes);
            self.path.push(b'/');
            self.path.extend_from_slice(platform::name_bytes(&name));
            let most = self.options.limits.name_bytes as usize;
            if self.path.len() > most {
                self.path.truncate(most);
                self.gap(GapKind::Limit, "name-too-long")?;
                continue;
            }
            let found = frame.folder.open(&name);
            if let Some(folder) = self.meet(found, &name)? {
                self.enter(folder, skipped, &mut stack)?;
            }
        }
        Ok(())
    }

    /// Shows what was found, unless it is a folder to be entered.
    fn meet(&mut self, found: io::Result<Opened>, name: &OsStr) -> Result<Option<Folder>, E> {
        match found {
            Ok(Opened::Folder(folder)) => return Ok(Some(folder)),
            Ok(Opened::File(file)) => self.meet_file(file, name)?,
            Ok(Opened::Link(target)) => {
                self.totals.links += 1;
                self.show(What::Link { target: &target })?;
            }
            Ok(Opened::Special(reason)) => self.gap(GapKind::Special, reason)?,
            Ok(Opened::Elsewhere) => self.gap(GapKind::Unreadable, "only-in-cloud")?,
            Err(error) => self.refused(&error)?,
        }
        Ok(None)
    }

    fn meet_file(&mut self, mut file: File, name: &OsStr) -> Result<(), E> {
        let state = match platform::state(&file) {
            Ok(state) => state,
            Err(error) => return self.refused(&error),
        };
        if state.size_bytes > self.options.limits.file_bytes {
            return self.gap(GapKind::Limit, "too-large");
        }
        if self.options.media == MediaChoice::WithoutPicturesAndVideos {
            match is_media(&mut file, name) {
                Ok(false) => {}
                Ok(true) => return self.gap(GapKind::Limit, "left-out-media"),
                Err(error) => return self.refused(&error),
            }
        }
        self.totals.files += 1;
        self.totals.bytes += state.size_bytes;
        let FileState { size_bytes, mtime, .. } = state;
        self.show(What::File { size_bytes, mtime, file: &mut OpenFile(file) })
    }

    fn enter(&mut self, folder: Folder, skipped: &Skipped, stack: &mut Vec<Frame>) -> Result<(), E> {
        if skipped.holds(&folder) {
            return self.gap(GapKind::Limit, "own-case");
        }
        if stack.len() > self.options.limits.depth as usize {
            return self.gap(GapKind::Limit, "too-deep");
        }
        let left = usize::try_from(self.options.limits.entries - self.entries).unwrap_or(usize::MAX);
        let found = folder.names(left.saturating_add(1));
        // Which names came first depends on the medium, so such a folder is left out as a whole.
        if found.names.len() > left {
            return self.gap(GapKind::Limit, "too-many-entries");
        }
        self.entries += found.names.len() as u64;
        match found.problem {
            Some(error) => self.refused(&error)?,
            None if found.names.is_empty() => return self.empty_folder(&folder),
            None => {}
        }
        let mut names = found.names;
        names.sort_unstable_by(|a, b| platform::name_bytes(b).cmp(platform::name_bytes(a)));
        stack.push(Frame { folder, names, path_bytes: self.path.len() });
        Ok(())
    }

    fn empty_folder(&mut self, folder: &Folder) -> Result<(), E> {
        match folder.mtime() {
            Ok(mtime) => {
                self.totals.empty_folders += 1;
                self.show(What::EmptyFolder { mtime })
            }
            Err(error) => self.refused(&error),
        }
    }

    fn refused(&mut self, error: &io::Error) -> Result<(), E> {
        match error.kind() {
            _ if platform::out_of_handles(error) => self.gap(GapKind::Limit, "too-many-open-folders"),
            ErrorKind::NotFound => self.gap(GapKind::Vanished, "vanished"),
            ErrorKind::PermissionDenied => self.gap(GapKind::Unreadable, "permission"),
            ErrorKind::ResourceBusy => self.gap(GapKind::Unreadable, "in-use"),
            _ => self.gap(GapKind::Unreadable, "system-error"),
        }
    }

    fn gap(&mut self, kind: GapKind, reason: &'static str) -> Result<(), E> {
        self.totals.gaps += 1;
        self.show(What::Gap { kind, reason })
    }

    fn show<'a>(&'a mut self, what: What<'a>) -> Result<(), E> {
        (self.visit)(Item { root: self.root, original: &self.path, what })
    }
}

fn is_media(file: &mut File, name: &OsStr) -> io::Result<bool> {
    if media::by_name(platform::name_bytes(name)) {
        return Ok(true);
    }
    let mut head = Vec::with_capacity(media::HEAD_BYTES);
    file.take(media::HEAD_BYTES as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(media::by_content(&head))
}

struct OpenFile(File);

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl SourceFile for OpenFile {
    fn state(&self) -> io::Result<FileState> {
        platform::state(&self.0)
    }
}
