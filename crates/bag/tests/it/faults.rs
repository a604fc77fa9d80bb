//! Files that change or break off while they are read, and media that refuse to be written.

use std::io::{self, Read, Write};

use bag::{CapsuleReader, CapsuleWriteError, CapsuleWriter, FileGapKind, NameLine, check_stream};
use zeroize::Zeroizing;

use crate::build::{TOP, check, finish, spool, time, writer};

/// Gives `real` bytes, then ends or breaks off.
struct Faulty {
    real: usize,
    end: Option<io::ErrorKind>,
}

impl Read for Faulty {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.real.min(buffer.len()).min(300);
        self.real -= count;
        buffer[..count].fill(b'x');
        match self.end {
            Some(kind) if count == 0 => Err(kind.into()),
            _ => Ok(count),
        }
    }
}

#[test]
fn every_change_is_a_gap_and_the_capsule_stays_whole() {
    use FileGapKind::{Changed, Grew, Shrunk, Unreadable};
    let broken = Some(io::ErrorKind::Other);
    for (real, end, change, expected) in [
        (1000, None, None, None),
        (700, None, None, Some((Shrunk, 700))),
        (700, None, Some(Changed), Some((Shrunk, 700))),
        (0, broken, None, Some((Unreadable, 0))),
        (700, broken, Some(Grew), Some((Unreadable, 700))),
        (2000, None, Some(Grew), Some((Grew, 1000))),
        (1000, None, Some(Changed), Some((Changed, 1000))),
        (1000, None, Some(Shrunk), Some((Shrunk, 1000))),
    ] {
        let mut writer = writer();
        let reader = &mut Faulty { real, end };
        let done = writer.file(0, b"r/a", 1000, time(0, 0), reader, &mut || change).unwrap();
        assert_eq!(done.gap.map(|gap| (gap.kind, gap.bytes_read)), expected);
        writer.file(0, b"r/b", 1, time(0, 0), &mut &b"b"[..], &mut || None).unwrap();
        let finished = finish(writer);
        let report = check(&finished.out);
        assert!(report.problems.is_empty(), "{:?}", report.problems.listed);
        assert_eq!(report.gaps.values().sum::<u64>(), u64::from(expected.is_some()));
        let reader = CapsuleReader::open(&finished.out, None).unwrap();
        let Some(Ok(NameLine::File(line))) = reader.names().next() else { panic!("no file") };
        let mut content = Vec::new();
        reader.open_file(&line).unwrap().read_to_end(&mut content).unwrap();
        let bytes_read = done.gap.map_or(1000, |gap| usize::try_from(gap.bytes_read).unwrap());
        assert_eq!(content, [vec![b'x'; bytes_read], vec![0; 1000 - bytes_read]].concat());
    }
}

#[test]
fn a_read_that_was_interrupted_goes_on() {
    struct Interrupted(bool);
    impl Read for Interrupted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 = !self.0;
            buffer[0] = b'x';
            if self.0 { Err(io::ErrorKind::Interrupted.into()) } else { Ok(1) }
        }
    }
    let done = writer().file(0, b"r/a", 3, time(0, 0), &mut Interrupted(false), &mut || None).unwrap();
    assert_eq!((done.gap, done.sha256), (None, seal::sha256(b"xxx")));
}

/// A medium with so many bytes left.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.0);
        self.0 -= count;
        if count == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(count) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_medium_is_an_error_wherever_it_happens() {
    let write = |room: usize| -> Result<(), CapsuleWriteError> {
        let mut writer = CapsuleWriter::new(Full(room), TOP, Box::new(spool), Zeroizing::new([7; 32]))?;
        writer.file(0, b"r/a", 700, time(0, 0), &mut io::repeat(1), &mut || None)?;
        writer.finish(&crate::build::about(), model::Date { days: 0 }).map(|_| ())
    };
    let whole = (0..).step_by(512).find(|room| write(*room).is_ok()).unwrap();
    assert!(whole > 8 * 1024);
    for room in (0..whole).step_by(317) {
        assert!(matches!(write(room), Err(CapsuleWriteError::Output(_))), "{room}");
    }
}

#[test]
fn lists_that_cannot_be_kept_are_an_error() {
    let spool = || seal::Spool::new(100, Box::new(|| Err(io::ErrorKind::StorageFull.into())));
    let mut writer = CapsuleWriter::new(Vec::new(), TOP, Box::new(spool), Zeroizing::new([7; 32])).unwrap();
    let done = (0..100).try_for_each(|_| writer.link(0, b"r/a", b"b"));
    assert!(matches!(done, Err(CapsuleWriteError::Spool(_))));
}

#[test]
fn files_beyond_the_limit_are_refused() {
    let done = writer().file(0, b"r/a", (1 << 43) + 1, time(0, 0), &mut io::empty(), &mut || None);
    assert!(matches!(done, Err(CapsuleWriteError::TooLarge)));
}

#[test]
fn an_error_of_reading_is_not_a_problem_of_the_capsule() {
    let mut reader = Faulty { real: 0, end: Some(io::ErrorKind::PermissionDenied) };
    let done = check_stream(&mut reader, &mut spool, &mut |_, _| {});
    assert_eq!(done.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
}
