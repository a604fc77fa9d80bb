//! Goes through a capsule's tar for unpacking, without touching a file system.
//!
//! Every path is checked again against the name rule, so that no archive, however made, leads outside of
//! the folder it is unpacked to. Links cannot occur: the archive reader refuses them. Hashes are
//! deliberately not checked here.

use std::io::{self, Read};

use model::FileTime;

use crate::names::is_stored;
use crate::tar_stream::{TarError, TarStream};

/// The tag files of a capsule, in order.
pub(crate) const TAG_FILES: [&str; 7] = [
    "bagit.txt",
    "names.jsonl",
    "salts",
    "capsule.json",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
];

/// A file to be written.
pub struct UnpackEntry<'a> {
    /// The name of the top folder, `capsule-<8 hex>`.
    pub top: &'a str,
    /// The path below the top folder: relative, `/` between safe names.
    pub path: &'a str,
    /// When it was last modified.
    pub mtime: FileTime,
    /// Its size.
    pub size_bytes: u64,
    /// Its content; what is not read is skipped.
    pub content: &'a mut dyn Read,
}

/// Why unpacking stopped.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError<E> {
    /// The archive could not be read, or not opened.
    #[error("reading the archive")]
    Read(#[source] io::Error),
    /// Not the archive of a capsule, or cut off.
    #[error("not the archive of a capsule, or cut off")]
    Broken,
    /// A path that no capsule can hold.
    #[error("the archive holds a path that no capsule can hold")]
    UnsafeName,
    /// The one who writes the files stopped.
    #[error("stopped by the one who writes")]
    Write(E),
}

/// Shows every file of the archive to `write`, in order. A reading error inside a content is also given to
/// `write`.
pub fn unpack<E>(
    reader: &mut dyn Read,
    write: &mut dyn FnMut(UnpackEntry<'_>) -> Result<(), E>,
) -> Result<(), UnpackError<E>> {
    let mut stream = TarStream::new(reader, 0);
    let mut top: Option<String> = None;
    while let Some(entry) = stream.next_entry()? {
        let (first, path) = entry.head.path.split_once('/').ok_or(UnpackError::UnsafeName)?;
        let top = top.get_or_insert_with(|| first.to_owned());
        if top != first || !is_top(first) {
            return Err(UnpackError::UnsafeName);
        }
        if path == "data/" {
            continue;
        }
        if !TAG_FILES.contains(&path) && !is_stored(path) {
            return Err(UnpackError::UnsafeName);
        }
        let size_bytes = entry.head.size_bytes;
        let mut content = Content { stream: &mut stream, left: size_bytes };
        let shown = UnpackEntry { top, path, mtime: entry.head.mtime, size_bytes, content: &mut content };
        write(shown).map_err(UnpackError::Write)?;
        io::copy(&mut content, &mut io::sink()).map_err(UnpackError::Read)?;
        stream.skip_padding(size_bytes)?;
    }
    Ok(())
}

/// Whether this is the name of a capsule's top folder.
pub(crate) fn is_top(name: &str) -> bool {
    name.strip_prefix("capsule-").is_some_and(|hex| hex.len() == 8 && model::decode_hex(hex).is_ok())
}

/// The content of the entry at which the stream stands.
pub(crate) struct Content<'a, R> {
    pub(crate) stream: &'a mut TarStream<R>,
    pub(crate) left: u64,
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..most).unwrap_or_default();
        self.stream.read_content(buffer).map_err(|error| match error {
            TarError::Io(error) => error,
            TarError::Truncated | TarError::Broken => io::ErrorKind::UnexpectedEof.into(),
        })?;
        self.left -= most as u64;
        Ok(most)
    }
}

impl<E> From<TarError> for UnpackError<E> {
    fn from(error: TarError) -> Self {
        match error {
            TarError::Io(error) => Self::Read(error),
            TarError::Truncated | TarError::Broken => Self::Broken,
        }
    }
}
