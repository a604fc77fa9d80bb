//! A file of a walk, opened once more: for reading at random what the walk only listed.
//!
//! Goes the way of the walk, name by name, and follows no link below the root.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::opened::Opened;
use crate::platform;

/// A file that a walk from `root` gave with this path.
///
/// Errors: it is not there any more, or something else lies there (`NotFound`); the system refuses.
pub fn reopen(root: &Path, original: &[u8]) -> io::Result<WalkedFile> {
    let mut opened = platform::open_root(root)?;
    // The first name is the root's own.
    for name in original.split(|byte| *byte == b'/').skip(1) {
        let Opened::Folder(folder) = opened else { return Err(io::ErrorKind::NotFound.into()) };
        let name = platform::name_of(name).ok_or(io::ErrorKind::NotFound)?;
        opened = folder.open(&name)?;
    }
    match opened {
        Opened::File(file) => Ok(WalkedFile(file)),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}

/// A file that is open for reading.
pub struct WalkedFile(File);

impl WalkedFile {
    /// Fills as much of the buffer as there is from an offset on.
    pub fn read_at(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.seek(SeekFrom::Start(offset))?;
        let mut done = 0;
        while let Some(room) = buffer.get_mut(done..).filter(|room| !room.is_empty()) {
            match self.0.read(room) {
                Ok(0) => break,
                Ok(count) => done = done.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_walk_lists_can_be_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/c.txt"), "hello").unwrap();
        let mut paths = Vec::new();
        let walked = crate::walk(std::slice::from_ref(&root), &crate::WalkOptions::default(), &mut |item| {
            paths.push(item.original.to_vec());
            Ok::<(), ()>(())
        });
        assert_eq!(walked.unwrap().files, 1);
        let mut buffer = [0; 8];
        let mut file = reopen(&root, &paths[0]).unwrap();
        assert_eq!((file.read_at(&mut buffer, 1).unwrap(), &buffer[..4]), (4, b"ello".as_slice()));
        assert!(reopen(&root, b"root/a").is_err());
        assert!(reopen(&root, b"root/../root/a/b/c.txt/x").is_err());
        let mut alone = reopen(&root.join("a/b/c.txt"), b"c.txt").unwrap();
        assert_eq!(alone.read_at(&mut buffer, 0).unwrap(), 5);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        std::fs::create_dir(folder.path().join("root")).unwrap();
        std::os::unix::fs::symlink("../secret", folder.path().join("root/link")).unwrap();
        assert!(reopen(&folder.path().join("root"), b"root/link").is_err());
        assert!(reopen(&folder.path().join("root"), b"root/../secret").is_err());
    }
}
