//! One file of a tree.

use std::ops::Range;
use std::sync::Arc;

use model::record::FileNumber;
use model::{Digest, FileTime};

use super::Content;

/// A file of the tree: of the capsule itself, or of a container in it.
pub struct Entry {
    path: Box<str>,
    container: Option<FileNumber>,
    leaf: u64,
    modified: Option<FileTime>,
    sha256: Option<Digest>,
    content: Arc<dyn Content>,
    children: Range<u32>,
    opened_as: Option<&'static str>,
    taken_by: Option<FileNumber>,
}

/// A file of the capsule as it comes into the tree.
pub struct RootFile {
    /// Its leaf number in the capsule.
    pub leaf: u64,
    /// Its original path, `/` between the names.
    pub path: String,
    /// When it was last modified.
    pub modified: Option<FileTime>,
    /// SHA-256 of its bytes, if the capsule tells it.
    pub sha256: Option<Digest>,
    /// Its bytes.
    pub content: Arc<dyn Content>,
}

/// A file in a container as it comes into the tree.
pub struct Child {
    /// Its path in the container, `/` between the names; any characters.
    pub path: String,
    /// When it was last modified, if the container says so.
    pub modified: Option<FileTime>,
    /// SHA-256 of these bytes, where the tree knows it without reading them.
    pub stored_sha256: Option<Digest>,
    /// Its bytes, unpacked and decrypted.
    pub content: Arc<dyn Content>,
}

impl Entry {
    pub(super) fn root(file: RootFile) -> Self {
        Self {
            path: file.path.into(),
            container: None,
            leaf: file.leaf,
            modified: file.modified,
            sha256: file.sha256,
            content: file.content,
            children: 0..0,
            opened_as: None,
            taken_by: None,
        }
    }

    pub(super) fn child(file: Child, container: FileNumber, leaf: u64) -> Self {
        Self {
            path: file.path.into(),
            container: Some(container),
            leaf,
            modified: file.modified,
            sha256: file.stored_sha256,
            content: file.content,
            children: 0..0,
            opened_as: None,
            taken_by: None,
        }
    }

    pub(super) fn open_as(&mut self, container: &'static str, children: Range<u32>) {
        self.opened_as = Some(container);
        self.children = children;
    }

    pub(super) fn take(&mut self, by: FileNumber) {
        self.taken_by = Some(by);
    }

    /// Its path within its container or capsule, `/` between the names.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The last name of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Its path without the last name: empty, or ending in `/`.
    pub fn folder(&self) -> &str {
        let name = self.name().len();
        self.path.get(..self.path.len().saturating_sub(name)).unwrap_or_default()
    }

    /// What follows the last dot of its name, in small ASCII letters; empty if there is no dot.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The container it lies in; none for a file of the capsule itself.
    pub fn container(&self) -> Option<FileNumber> {
        self.container
    }

    /// The leaf of the capsule that its bytes come from.
    pub fn leaf(&self) -> u64 {
        self.leaf
    }

    /// When it was last modified, if that is known.
    pub fn modified(&self) -> Option<FileTime> {
        self.modified
    }

    /// SHA-256 of its bytes, where it is known without reading them.
    pub fn sha256(&self) -> Option<Digest> {
        self.sha256
    }

    /// Its size in bytes, as the tree shows it; a packed file's size is what its container claims.
    pub fn size_bytes(&self) -> u64 {
        self.content.size_bytes()
    }

    /// Its bytes.
    pub fn content(&self) -> &Arc<dyn Content> {
        &self.content
    }

    /// The container format that was opened here, if one was.
    pub fn opened_as(&self) -> Option<&'static str> {
        self.opened_as
    }

    /// The container that this file is a part of and that shows its content better: a volume of a split
    /// archive, a hashed file of a phone backup.
    pub fn taken_by(&self) -> Option<FileNumber> {
        self.taken_by
    }

    pub(super) fn children(&self) -> Range<u32> {
        self.children.clone()
    }
}
