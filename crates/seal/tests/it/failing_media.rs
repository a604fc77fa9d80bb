//! Disks that fill up, readers that fail, work that is dropped: the error comes back, and nobody waits for
//! ever.

use crate::{in_time, open, pair, plaintext, sealed};
use model::ReadAt;
use seal::{OpenWith, Opened, SealError, SealTo, Sealer};
use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Arc, Mutex};

/// Takes so many bytes, then the disk is full.
struct FullAfter {
    room: usize,
}

impl Write for FullAfter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        let count = bytes.len().min(self.room);
        self.room -= count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Seals 20 MiB and gives the first error.
fn seal_into(writer: impl Write + Send + 'static) -> SealError {
    let (_, recipient) = pair();
    let mut sealer = match Sealer::new(writer, &SealTo::Recipients(&recipient)) {
        Ok(sealer) => sealer,
        Err(error) => return error,
    };
    let piece = plaintext(300_000);
    for _ in 0..70 {
        if let Err(error) = sealer.write_all(&piece) {
            // Trying again must not help, and must not hang either.
            assert_eq!(sealer.write_all(&piece).unwrap_err().kind(), error.kind());
            assert!(matches!(sealer.finish(), Err(SealError::Io(again)) if again.kind() == error.kind()));
            return error.into();
        }
    }
    sealer.finish().err().unwrap()
}

#[test]
fn a_full_disk_comes_back_as_such_wherever_it_fills() {
    let end = 70 * 300_000 + 321 * 16;
    let rooms = [0, 1, 100, 183, 184, 200, 300, 65_552, 1 << 20, (1 << 20) + 300, (2 << 20) + 7, end];
    for room in rooms.into_iter().chain((0..end).step_by(1_654_321)) {
        let error = in_time(move || seal_into(FullAfter { room }));
        assert!(
            matches!(&error, SealError::Io(error) if error.kind() == ErrorKind::StorageFull),
            "{room}: {error}"
        );
    }
}

#[test]
fn a_panicking_writer_becomes_an_error() {
    struct Panics(usize);
    impl Write for Panics {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            assert!(self.0 < 4, "a writer that panics, on purpose");
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert!(matches!(in_time(|| seal_into(Panics(0))), SealError::Io(_)));
}

#[test]
fn a_dropped_sealer_leaves_a_file_that_does_not_open() {
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);
    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for size in [0, 1, 65_536, 1 << 20, (1 << 20) + 1, 30 << 20] {
        let (identity, recipient) = pair();
        let shared = Shared::default();
        let writer = shared.clone();
        in_time(move || {
            let mut sealer = Sealer::new(writer, &SealTo::Recipients(&recipient)).unwrap();
            sealer.write_all(&plaintext(size)).unwrap();
        });
        // The threads are gone with the sealer: nobody else holds the writer.
        assert_eq!(Arc::strong_count(&shared.0), 1);
        let file = shared.0.lock().unwrap().clone();
        assert!(matches!(open(file, &OpenWith::Identities(&identity)), Err(SealError::Truncated)), "{size}");
    }
}

/// A file on a medium with one bad spot.
struct BadSpot {
    file: Vec<u8>,
    at: u64,
}

impl ReadAt for BadSpot {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if (offset..offset + buffer.len() as u64).contains(&self.at) {
            return Err(ErrorKind::HostUnreachable.into());
        }
        self.file.read_at(buffer, offset)
    }

    fn size_bytes(&self) -> u64 {
        self.file.size_bytes()
    }
}

#[test]
fn a_bad_spot_comes_back_as_such() {
    let (file, identity) = sealed(&plaintext(20 << 20));
    let identity = Arc::new(identity);
    for at in [3, 100_000, 3 << 20, 15 << 20, (20 << 20) + 5000] {
        let (file, identity) = (file.clone(), Arc::clone(&identity));
        let error = in_time(move || {
            let opened = Opened::new(Arc::new(BadSpot { file, at }), &OpenWith::Identities(&*identity))?;
            let mut stream = opened.stream();
            let error = io::copy(&mut stream, &mut io::sink()).unwrap_err();
            assert!(stream.read(&mut [0; 10]).is_err());
            assert!(stream.finish().is_err());
            Err::<(), _>(SealError::from(error))
        });
        assert!(
            matches!(error, Err(SealError::Io(error)) if error.kind() == ErrorKind::HostUnreachable),
            "{at}"
        );
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_truncated() {
    struct Shrunk(Vec<u8>, u64);
    impl ReadAt for Shrunk {
        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            self.0.read_at(buffer, offset)
        }
        fn size_bytes(&self) -> u64 {
            self.1
        }
    }
    let (mut file, identity) = sealed(&plaintext(1000));
    let size = file.size_bytes();
    file.truncate(file.len() - 500);
    let opened = Opened::new(Arc::new(Shrunk(file, size)), &OpenWith::Identities(&identity));
    assert!(matches!(opened, Err(SealError::Truncated)));
}

#[test]
fn a_dropped_stream_ends_its_threads() {
    let (file, identity) = sealed(&plaintext(30 << 20));
    let file: Arc<dyn ReadAt> = Arc::new(file);
    for size in [0, 1, 65_537, 3 << 20] {
        let opened = Opened::new(Arc::clone(&file), &OpenWith::Identities(&identity)).unwrap();
        in_time(move || {
            let mut stream = opened.stream();
            stream.read_exact(&mut vec![0; size]).unwrap();
        });
        assert_eq!(Arc::strong_count(&file), 1, "after {size} bytes");
    }
}
