//! A custody log on a store: leaves, signed head, sealed bodies. Cases and installations keep theirs alike.
//!
//! Follows docs/format.md, sections 3 and 4 (steps 3 and 4). Whoever appends holds the lock of the store.
//! Knows neither holders nor what entries mean.

use custody::{Checkpoint, Entry, LOG_ENTRIES_MAX, Note, Signer, VerifierKey};
use model::{Digest, EntryNumber, Limits, ReadAt};
use seal::tree::TreeBuilder;
use seal::{OpenWith, SealError};

use crate::error::VaultError;
use crate::layout::{self, CHECKPOINT, LEAF_LINE_BYTES, LEAVES, SMALL_FILE_BYTES, VKEYS};
use crate::store::{Store, StoreError, Wipe};
use crate::view::View;

/// The head of a log: how many entries, and the tree hash over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of entries.
    pub size: u64,
    /// The tree hash.
    pub root: Digest,
}

/// Whether the body of an entry also lies open in `log/open/`; for erasures only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearBody {
    /// Sealed only.
    No,
    /// Sealed and in clear.
    Yes,
}

/// A log as it was last read or written.
pub(crate) struct LogStore {
    origin: String,
    checkpoint: String,
    leaves: Vec<Digest>,
    tree: TreeBuilder,
    vkeys: Vec<VerifierKey>,
}

impl LogStore {
    /// A log without entries and without a head, known only here.
    pub(crate) fn empty(origin: String, vkeys: Vec<VerifierKey>) -> Self {
        Self { origin, checkpoint: String::new(), leaves: Vec::new(), tree: TreeBuilder::new(), vkeys }
    }

    /// Signs the head of a log without entries; from then on the log exists.
    pub(crate) fn start(&mut self, store: &dyn Store, signer: &Signer) -> Result<(), VaultError> {
        store.extend(LEAVES, 0, b"")?;
        self.write_checkpoint(store, &self.tree.clone(), signer)
    }

    /// Reads and checks everything that needs no key: head, signature, leaves, tree hash.
    pub(crate) fn load(view: View<'_>, origin: String) -> Result<Self, VaultError> {
        let vkeys = parse_vkeys(&view.text(VKEYS, SMALL_FILE_BYTES)?)?;
        let checkpoint = view.text(CHECKPOINT, SMALL_FILE_BYTES)?;
        let head = read_checkpoint(&checkpoint, Some(&vkeys))?;
        if head.origin != origin {
            return Err(VaultError::OriginMismatch);
        }
        let (leaves, tree) = read_leaves(view, head.size)?;
        if tree.root() != head.root {
            return Err(VaultError::LeavesChanged);
        }
        Ok(Self { origin, checkpoint, leaves, tree, vkeys })
    }

    /// Removes what lies beyond the head: an entry that was never acknowledged.
    pub(crate) fn cut(&self, store: &dyn Store) -> Result<(), VaultError> {
        for (folder, before, after) in
            [("log/entries", "log/entries/", ".age"), ("log/open", "log/open/", ".json")]
        {
            for name in store.list(folder)? {
                if layout::number_in(&name, before, after).is_some_and(|number| number.0 >= self.size()) {
                    store.remove(&name, Wipe::No)?;
                }
            }
        }
        let end = self.size() * LEAF_LINE_BYTES;
        if store.size_bytes(LEAVES)?.is_some_and(|size_bytes| size_bytes > end) {
            store.extend(LEAVES, end, b"")?;
        }
        Ok(())
    }

    pub(crate) fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    pub(crate) fn head(&self) -> Head {
        Head { size: self.size(), root: self.tree.root() }
    }

    pub(crate) fn next(&self) -> EntryNumber {
        EntryNumber(self.size())
    }

    pub(crate) fn leaves(&self) -> &[Digest] {
        &self.leaves
    }

    pub(crate) fn vkeys(&self) -> &[VerifierKey] {
        &self.vkeys
    }

    pub(crate) fn add_vkey(&mut self, vkey: VerifierKey) {
        if !self.vkeys.contains(&vkey) {
            self.vkeys.push(vkey);
        }
    }

    pub(crate) fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// Appends the next entry. When this returns `Ok`, it is acknowledged; with any error but
    /// [`VaultError::OutcomeUnknown`] it is not and never will be.
    pub(crate) fn append(
        &mut self,
        store: &dyn Store,
        entry: &Entry,
        sealed: &[u8],
        clear_body: ClearBody,
        signer: &Signer,
    ) -> Result<(), VaultError> {
        debug_assert_eq!(entry.number, self.next(), "the entry must be the next one");
        let leaf = entry.leaf_hash();
        store.put(&layout::entry(entry.number), sealed)?;
        if clear_body == ClearBody::Yes {
            store.put(&layout::open_body(entry.number), &entry.body_bytes())?;
        }
        store.extend(LEAVES, self.size() * LEAF_LINE_BYTES, format!("{leaf}\n").as_bytes())?;
        let mut tree = self.tree.clone();
        tree.push(leaf);
        self.write_checkpoint(store, &tree, signer)?;
        self.tree = tree;
        self.leaves.push(leaf);
        Ok(())
    }

    /// The body of an entry, checked against its leaf; `None` if there is no file.
    pub(crate) fn entry(
        &self,
        view: View<'_>,
        number: EntryNumber,
        with: &OpenWith<'_>,
    ) -> Result<Option<Entry>, VaultError> {
        let leaf = usize::try_from(number.0).ok().and_then(|index| self.leaves.get(index));
        let leaf = *leaf.ok_or(VaultError::NoSuchEntry { number })?;
        read_entry(view, &layout::entry(number), number, leaf, with)
    }

    fn write_checkpoint(
        &mut self,
        store: &dyn Store,
        tree: &TreeBuilder,
        signer: &Signer,
    ) -> Result<(), VaultError> {
        let head = Checkpoint { origin: self.origin.clone(), size: tree.len(), root: tree.root() };
        let note = Note::sign(&head.to_text(), signer);
        if let Err(error) = store.put(CHECKPOINT, note.as_bytes()) {
            // The rename may be done although something after it failed. Then only a second, whole try makes
            // sure.
            match store.get(CHECKPOINT, SMALL_FILE_BYTES) {
                Ok(seen) if seen == note.as_bytes() => {
                    store.put(CHECKPOINT, note.as_bytes()).map_err(|_| VaultError::OutcomeUnknown)?;
                }
                Ok(seen) if seen == self.checkpoint.as_bytes() => return Err(error.into()),
                Err(StoreError::NotFound { .. }) if self.checkpoint.is_empty() => return Err(error.into()),
                _ => return Err(VaultError::OutcomeUnknown),
            }
        }
        self.checkpoint = note;
        Ok(())
    }
}

/// Reads one sealed body and checks number and leaf hash; `None` if there is no file.
pub(crate) fn read_entry(
    view: View<'_>,
    name: &str,
    number: EntryNumber,
    leaf: Digest,
    with: &OpenWith<'_>,
) -> Result<Option<Entry>, VaultError> {
    let sealed = match view.get(name, layout::SEALED_BODY_BYTES) {
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(StoreError::OverLimit { .. }) => return Err(VaultError::EntryDamaged { number }),
        sealed => sealed?,
    };
    let body = seal::open_bytes(&sealed, with, Limits::DEFAULT.entry_body_bytes).map_err(|error| {
        if is_damage(&error) { VaultError::EntryDamaged { number } } else { error.into() }
    })?;
    check_body(&body, number, leaf).map(Some)
}

/// Whether the sealed bytes are at fault rather than the key or the system.
pub(crate) fn is_damage(error: &SealError) -> bool {
    matches!(
        error,
        SealError::Truncated
            | SealError::Damaged { .. }
            | SealError::NotAge
            | SealError::HeaderDamaged
            | SealError::HeaderTooLarge
            | SealError::UnsupportedVersion
            | SealError::WorkFactorTooHigh { .. }
            | SealError::TooLarge { .. }
    )
}

/// Reads a body and checks number and leaf hash.
pub(crate) fn check_body(body: &[u8], number: EntryNumber, leaf: Digest) -> Result<Entry, VaultError> {
    let entry = Entry::parse(body).map_err(|error| match error {
        custody::EntryError::Version => VaultError::Version,
        _ => VaultError::EntryDamaged { number },
    })?;
    if entry.number != number || entry.leaf_hash() != leaf {
        return Err(VaultError::EntryExchanged { number });
    }
    Ok(entry)
}

/// Reads a signed head; without keys only its form is checked.
pub(crate) fn read_checkpoint(text: &str, vkeys: Option<&[VerifierKey]>) -> Result<Checkpoint, VaultError> {
    let malformed = || VaultError::Malformed { name: CHECKPOINT.to_owned() };
    let note = Note::parse(text).map_err(|_| malformed())?;
    if let Some(vkeys) = vkeys {
        note.verify(vkeys).map_err(|_| VaultError::NotSigned { name: CHECKPOINT.to_owned() })?;
    }
    let head = Checkpoint::parse(note.text()).map_err(|_| malformed())?;
    if head.size > LOG_ENTRIES_MAX { Err(malformed()) } else { Ok(head) }
}

/// The lines of a `vkeys` file.
pub(crate) fn parse_vkeys(text: &str) -> Result<Vec<VerifierKey>, VaultError> {
    let malformed = || VaultError::Malformed { name: VKEYS.to_owned() };
    let lines = text.strip_suffix('\n').ok_or_else(malformed)?;
    lines.split('\n').map(|line| line.parse().map_err(|_| malformed())).collect()
}

/// One item a line.
pub(crate) fn lines<T: std::fmt::Display>(items: &[T]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for item in items {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{item}");
    }
    text
}

/// The first `size` lines of `log/leaves` and the tree over them.
fn read_leaves(view: View<'_>, size: u64) -> Result<(Vec<Digest>, TreeBuilder), VaultError> {
    let file = view.open(LEAVES)?;
    if file.size_bytes() / LEAF_LINE_BYTES < size {
        return Err(VaultError::LeavesMissing { lines: file.size_bytes() / LEAF_LINE_BYTES, size });
    }
    let (mut leaves, mut tree) = (Vec::new(), TreeBuilder::new());
    let mut buffer = vec![0; 1024 * 65];
    while (leaves.len() as u64) < size {
        let line = leaves.len() as u64;
        let count = usize::try_from((size - line).min(1024)).unwrap_or(1024) * 65;
        let chunk = buffer.get_mut(..count).unwrap_or_default();
        read_exact_at(file.as_ref(), chunk, line * LEAF_LINE_BYTES)
            .map_err(|error| StoreError::of(LEAVES, &error))?;
        for line in chunk.chunks_exact(65) {
            let leaf = parse_leaf(line).ok_or(VaultError::LeafMalformed { line: leaves.len() as u64 })?;
            tree.push(leaf);
            leaves.push(leaf);
        }
    }
    Ok((leaves, tree))
}

fn parse_leaf(line: &[u8]) -> Option<Digest> {
    std::str::from_utf8(line).ok()?.strip_suffix('\n')?.parse().ok()
}

pub(crate) fn read_exact_at(
    file: &dyn ReadAt,
    mut buffer: &mut [u8],
    mut offset: u64,
) -> std::io::Result<()> {
    while !buffer.is_empty() {
        let count = file.read_at(buffer, offset)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        offset += count as u64;
        buffer = buffer.get_mut(count..).unwrap_or_default();
    }
    Ok(())
}
