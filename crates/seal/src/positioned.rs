//! Reading at positions: complete reads through `model::ReadAt`, and views of slices and files.

use crate::SealError;
use model::ReadAt;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// Fills the whole buffer; a file that ends before is truncated.
pub(crate) fn read_exact_at(
    file: &dyn ReadAt,
    mut buffer: &mut [u8],
    mut offset: u64,
) -> Result<(), SealError> {
    while !buffer.is_empty() {
        match file.read_at(buffer, offset) {
            Ok(0) => return Err(SealError::Truncated),
            Ok(count) => {
                buffer = std::mem::take(&mut buffer).get_mut(count..).unwrap_or_default();
                offset += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Borrowed bytes.
pub(crate) struct SliceAt<'a>(pub(crate) &'a [u8]);

impl ReadAt for SliceAt<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut rest = usize::try_from(offset).ok().and_then(|start| self.0.get(start..)).unwrap_or_default();
        io::Read::read(&mut rest, buffer)
    }

    fn size_bytes(&self) -> u64 {
        self.0.len() as u64
    }
}

/// A file of our own of which we know the size.
pub(crate) struct FileAt {
    pub(crate) file: Arc<File>,
    pub(crate) size_bytes: u64,
}

impl ReadAt for FileAt {
    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&*self.file, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, offset)
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}
