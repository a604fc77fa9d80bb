//! Zip archives as other programs write them, and as somebody writes them who means harm.

use std::io::{Cursor, ErrorKind, Write};
use std::process::Command;

use model::ReadLimits;
use model::record::ProblemKind;
use proptest::prelude::*;
use zip::unstable::write::FileOptionsExt;
use zip::write::{FileOptions, SimpleFileOptions};
use zip::{AesMode, CompressionMethod, ZipWriter};

use super::{grown, grown_within, listing, problems, read, read_random};

const TEXT: &[u8] = b"erfundene Nachricht, erfundene Nachricht, erfundene Nachricht";

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method)
}

fn archive(members: &[(&str, &[u8], SimpleFileOptions)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, options) in members {
        writer.start_file(*name, *options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn locked(method: CompressionMethod, password: &str, mode: Option<AesMode>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["a.txt", "b.txt"] {
        let options: FileOptions<'_, '_, ()> = FileOptions::default().compression_method(method);
        let options = match mode {
            Some(mode) => options.with_aes_encryption(mode, password),
            None => options.with_deprecated_encryption(password.as_bytes()).unwrap(),
        };
        writer.start_file(name, options).unwrap();
        writer.write_all(TEXT).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn every_method_is_read() {
    let large: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let methods = [CompressionMethod::Stored, CompressionMethod::Deflated, CompressionMethod::Bzip2];
    for method in methods {
        let members =
            [("folder/a.txt", TEXT, options(method)), ("b", &large, options(method).large_file(true))];
        let grown = grown(&[("x.zip", &archive(&members))], &[]);
        assert_eq!(listing(&grown), ["x.zip", "x.zip > b", "x.zip > folder/a.txt"]);
        assert_eq!(problems(&grown), []);
        assert_eq!(read(&grown, "x.zip > folder/a.txt").unwrap(), TEXT);
        assert_eq!(read(&grown, "x.zip > b").unwrap(), large);
        assert_eq!(read_random(&grown, "x.zip > b").unwrap(), large);
    }
}

#[test]
fn lzma_of_python_is_read() {
    let script = "import zipfile,sys,io\nb=io.BytesIO()\nz=zipfile.ZipFile(b,'w',zipfile.ZIP_LZMA)\n\
                  z.writestr('a.txt','erfunden '*1000)\nz.close()\nsys.stdout.buffer.write(b.getvalue())";
    let Some(bytes) = output("python3", &["-c", script]) else { return };
    let grown = grown(&[("x.zip", &bytes)], &[]);
    assert_eq!(read(&grown, "x.zip > a.txt").unwrap(), "erfunden ".repeat(1000).as_bytes());
}

fn output(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    match Command::new(program).args(arguments).output() {
        Ok(output) if output.status.success() => Some(output.stdout),
        _ => {
            println!("skipped: no {program}");
            None
        }
    }
}

#[test]
fn passwords_open_what_they_should_and_the_rest_is_counted() {
    let modes = [None, Some(AesMode::Aes128), Some(AesMode::Aes192), Some(AesMode::Aes256)];
    for mode in modes {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated, CompressionMethod::Bzip2] {
            let bytes = locked(method, "geheim", mode);
            let open = grown(&[("x.zip", &bytes)], &["falsch", "geheim"]);
            assert_eq!(problems(&open), []);
            for name in ["x.zip > a.txt", "x.zip > b.txt"] {
                assert_eq!(read(&open, name).unwrap(), TEXT, "{mode:?} {method:?}");
                assert_eq!(read_random(&open, name).unwrap(), TEXT);
            }
            let closed = grown(&[("x.zip", &bytes)], &[]);
            assert_eq!(problems(&closed), [(ProblemKind::NeedsKey, 2)]);
            assert_eq!(listing(&closed).len(), 3);
            assert!(read(&closed, "x.zip > a.txt").is_err());
            let wrong = grown(&[("x.zip", &bytes)], &["falsch"]);
            assert_eq!(problems(&wrong), [(ProblemKind::WrongKey, 2)]);
        }
    }
}

#[test]
fn of_many_wrong_passwords_none_is_taken_for_the_right_one() {
    let bytes = locked(CompressionMethod::Deflated, "geheim", None);
    let wrong: Vec<String> = (0..2000).map(|number| format!("falsch{number}")).collect();
    let mut keys: Vec<&str> = wrong.iter().map(String::as_str).collect();
    keys.push("geheim");
    let grown = grown(&[("x.zip", &bytes)], &keys);
    assert_eq!(problems(&grown), []);
    assert_eq!(read(&grown, "x.zip > b.txt").unwrap(), TEXT);
}

#[test]
fn names_are_labels() {
    let deflated = options(CompressionMethod::Deflated);
    let members: Vec<(&str, &[u8], SimpleFileOptions)> =
        ["../../etc/passwd", "/absolute", "a\\b.txt", "C:/x", "ä\u{202e}txt.exe"]
            .map(|name| (name, TEXT, deflated))
            .into();
    let grown = grown(&[("x.zip", &archive(&members))], &[]);
    let mut expected = [
        "x.zip > ../../etc/passwd",
        "x.zip > /absolute",
        "x.zip > a/b.txt",
        "x.zip > C:/x",
        "x.zip > ä\u{202e}txt.exe",
    ];
    expected.sort_unstable();
    assert_eq!(listing(&grown)[1..], expected);
}

/// Replaces a name everywhere it stands; same length.
fn renamed(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

#[test]
fn two_of_one_name_both_stay() {
    let stored = options(CompressionMethod::Stored);
    let bytes = archive(&[("name1.txt", b"1", stored), ("name2.txt", b"2", stored), ("nul_x", b"", stored)]);
    let bytes = renamed(renamed(bytes, b"name2", b"name1"), b"nul_x", b"nul\0x");
    let grown = grown(&[("x.zip", &bytes)], &[]);
    assert_eq!(listing(&grown)[1..], ["x.zip > name1 (2).txt", "x.zip > name1.txt", "x.zip > nul\0x"]);
    assert_eq!(read(&grown, "x.zip > name1.txt").unwrap(), b"1");
    assert_eq!(read(&grown, "x.zip > name1 (2).txt").unwrap(), b"2");
}

#[test]
fn documents_stay_one_file() {
    let stored = options(CompressionMethod::Stored);
    let bytes = archive(&[("[Content_Types].xml", TEXT, stored)]);
    assert_eq!(listing(&grown(&[("brief", &bytes)], &[])), ["brief"]);
    let bytes = archive(&[("x", TEXT, stored)]);
    assert_eq!(listing(&grown(&[("brief.docx", &bytes)], &[])), ["brief.docx"]);
    assert_eq!(listing(&grown(&[("brief.doc", &bytes)], &[])).len(), 2);
    assert_eq!(listing(&grown(&[("leer.zip", &archive(&[]))], &[])), ["leer.zip"]);
}

#[test]
fn what_stands_before_the_archive_does_not_matter() {
    let members = [("a.txt", TEXT, options(CompressionMethod::Deflated))];
    let bytes = [b"MZ this is a program", &archive(&members)[..]].concat();
    for name in ["x.zip", "x.exe"] {
        let grown = grown(&[(name, &bytes)], &[]);
        assert_eq!(problems(&grown), []);
        assert_eq!(read(&grown, &format!("{name} > a.txt")).unwrap(), TEXT);
    }
}

#[test]
fn a_cut_archive_gives_what_is_there() {
    let (deflated, stored) = (options(CompressionMethod::Deflated), options(CompressionMethod::Stored));
    let whole = archive(&[("a.txt", TEXT, deflated), ("b.txt", TEXT, stored), ("c.txt", TEXT, stored)]);
    let directory = whole.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let grown = grown(&[("x.zip", &whole[..directory - 10])], &[]);
    assert_eq!(problems(&grown), [(ProblemKind::Truncated, 1)]);
    assert_eq!(read(&grown, "x.zip > a.txt").unwrap(), TEXT);
    assert_eq!(read(&grown, "x.zip > b.txt").unwrap(), TEXT);
    assert_eq!(read(&grown, "x.zip > c.txt").unwrap_err().kind(), ErrorKind::UnexpectedEof);
    assert_eq!(read_random(&grown, "x.zip > c.txt").unwrap(), TEXT[..TEXT.len() - 10]);
}

#[test]
fn the_directory_of_an_archive_inside_is_not_taken_for_the_lost_one() {
    let stored = options(CompressionMethod::Stored);
    let inner = archive(&[("innen.txt", TEXT, stored)]);
    let whole = archive(&[("a.txt", TEXT, stored), ("i.zip", &inner, stored)]);
    let directory = whole.windows(5).rposition(|five| five == b"i.zip").unwrap() - 46 - 46 - 5;
    let open = grown(&[("x.zip", &whole[..directory])], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Truncated, 1)]);
    assert_eq!(listing(&open), ["x.zip", "x.zip > a.txt", "x.zip > i.zip", "x.zip > i.zip > innen.txt"]);
}

#[test]
fn a_cut_stream_with_sizes_behind_the_data() {
    let script = "import zipfile,sys\nclass S:\n def __init__(s): s.b=b''\n \
                  def write(s,x): s.b+=x; return len(x)\n def flush(s): pass\ns=S()\n\
                  z=zipfile.ZipFile(s,'w',zipfile.ZIP_DEFLATED)\n\
                  z.writestr('a.txt','erfunden '*1000)\nz.writestr('b.txt','anders '*1000)\n\
                  z.close()\nsys.stdout.buffer.write(s.b)";
    let Some(bytes) = output("python3", &["-c", script]) else { return };
    assert_eq!(
        read(&grown(&[("x.zip", &bytes)], &[]), "x.zip > b.txt").unwrap(),
        "anders ".repeat(1000).as_bytes()
    );
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let cut = grown(&[("x.zip", &bytes[..directory])], &[]);
    assert_eq!(read(&cut, "x.zip > a.txt").unwrap(), "erfunden ".repeat(1000).as_bytes());
    assert_eq!(read(&cut, "x.zip > b.txt").unwrap(), "anders ".repeat(1000).as_bytes());
    let cut = grown(&[("x.zip", &bytes[..directory - 12])], &[]);
    assert_eq!(read(&cut, "x.zip > b.txt").unwrap(), "anders ".repeat(1000).as_bytes());
}

#[test]
fn what_disagrees_is_said() {
    let stored = options(CompressionMethod::Stored);
    let whole = archive(&[("a.txt", TEXT, stored), ("b.txt", TEXT, stored)]);
    let mut other_name = whole.clone();
    other_name[30] = b'X';
    let open = grown(&[("x.zip", &other_name)], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
    assert_eq!(read(&open, "x.zip > a.txt").unwrap(), TEXT);
    let mut no_header = whole.clone();
    let second = whole.windows(4).rposition(|four| four == b"PK\x03\x04").unwrap();
    no_header[second] = b'X';
    let open = grown(&[("x.zip", &no_header)], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
    assert!(read(&open, "x.zip > b.txt").is_err());
    let mut changed = whole.clone();
    changed[40] ^= 1;
    let open = grown(&[("x.zip", &changed)], &[]);
    assert_eq!(read(&open, "x.zip > a.txt").unwrap_err().kind(), ErrorKind::InvalidData);
    let directory = whole.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    let mut half_a_directory = whole.clone();
    half_a_directory[directory] = b'X';
    let open = grown(&[("x.zip", &half_a_directory)], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
    assert_eq!(read(&open, "x.zip > b.txt").unwrap(), TEXT);
}

#[test]
fn pieces_and_volumes_are_one_archive() {
    let noise: Vec<u8> = (0_u32..60_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let stored = options(CompressionMethod::Stored);
    let whole = archive(&[("a.txt", TEXT, stored), ("b.bin", &noise, stored), ("c.txt", TEXT, stored)]);
    let pieces: Vec<&[u8]> = whole.chunks(100_000).collect();
    let files = [("x.zip.001", pieces[0]), ("x.zip.002", pieces[1]), ("x.zip.003", pieces[2])];
    let open = grown(&files, &[]);
    assert_eq!(problems(&open), []);
    assert_eq!(read(&open, "x.zip.001 > b.bin").unwrap(), noise);
    assert_eq!(read(&open, "x.zip.001 > c.txt").unwrap(), TEXT);
    let taken = open.tree.entries().filter(|(_, entry)| entry.taken_by().is_some()).count();
    assert_eq!(taken, 2);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("b.bin"), &noise).unwrap();
    std::fs::write(folder.path().join("a.txt"), TEXT).unwrap();
    let split = folder.path().join("y.zip");
    let arguments = ["-q", "-j", "-s", "64k", split.to_str().unwrap()];
    let files = [folder.path().join("b.bin"), folder.path().join("a.txt")];
    let files: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    if output("zip", &[&arguments[..], &files].concat()).is_none() {
        return;
    }
    let volume = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let names = ["y.z01", "y.z02", "y.z03", "y.zip"];
    let volumes: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (*name, volume(name))).collect();
    let volumes: Vec<(&str, &[u8])> = volumes.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let open = grown(&volumes, &[]);
    assert_eq!(problems(&open), []);
    assert_eq!(read(&open, "y.zip > b.bin").unwrap(), noise);
    assert_eq!(read(&open, "y.zip > a.txt").unwrap(), TEXT);
    let without_second = [volumes[0], volumes[2], volumes[3]];
    let open = grown(&without_second, &[]);
    assert_eq!(problems(&open), [(ProblemKind::Truncated, 1)]);
    assert_eq!(read(&open, "y.zip > a.txt").unwrap(), TEXT);
    assert!(read(&open, "y.zip > b.bin").is_err());
    let open = grown(&volumes[..1], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Truncated, 1)]);
    assert_eq!(listing(&open), ["y.z01", "y.z01 > b.bin"]);
}

#[test]
fn bombs_are_bounded() {
    let deflated = options(CompressionMethod::Deflated);
    let zeros = vec![0; 10 << 20];
    let bomb = archive(&[("zeros", &zeros, deflated)]);
    let limits = ReadLimits { unpacked_bytes: 1 << 20, ..ReadLimits::DEFAULT };
    let open = grown_within(&[("x.zip", &bomb)], &[], &limits);
    assert_eq!(read(&open, "x.zip > zeros").unwrap_err().kind(), ErrorKind::FileTooLarge);
    assert!(read_random(&open, "x.zip > zeros").is_err());
    // Claims 4 GB and has ten bytes.
    let mut claims = archive(&[("a", b"0123456789", options(CompressionMethod::Stored))]);
    let directory = claims.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    claims[directory + 20..directory + 28].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    let open = grown(&[("x.zip", &claims)], &[]);
    assert!(read(&open, "x.zip > a").is_err());
    assert!(open.tree.entries().any(|(_, entry)| entry.size_bytes() == 0xffff_fffe));
}

#[test]
fn a_walk_over_many_small_members_takes_linear_time() {
    let stored = options(CompressionMethod::Stored);
    let names: Vec<String> = (0..30_000).map(|number| number.to_string()).collect();
    let members: Vec<(&str, &[u8], SimpleFileOptions)> =
        names.iter().map(|name| (name.as_str(), TEXT, stored)).collect();
    let whole = archive(&members);
    let directory = whole.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let start = std::time::Instant::now();
    let open = grown(&[("x.zip", &whole[..directory])], &[]);
    assert_eq!((open.tree.len(), problems(&open)), (30_001, vec![(ProblemKind::Truncated, 1)]));
    // With a piece of the archive read for each of them it would be minutes.
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn nesting_ends_at_the_limit() {
    let mut bytes = archive(&[("a.txt", TEXT, options(CompressionMethod::Deflated))]);
    for _ in 0..12 {
        bytes = archive(&[("x.zip", &bytes, options(CompressionMethod::Deflated))]);
    }
    let open = grown(&[("x.zip", &bytes)], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Limit, 1)]);
    assert_eq!(open.tree.len(), 8);
}

#[test]
fn many_members_stop_at_the_limit() {
    let stored = options(CompressionMethod::Stored);
    let names: Vec<String> = (0..500).map(|number| format!("{}{number}", "a/".repeat(200))).collect();
    let members: Vec<(&str, &[u8], SimpleFileOptions)> =
        names.iter().map(|name| (name.as_str(), TEXT, stored)).collect();
    let bytes = archive(&members);
    let limits = ReadLimits { entries: 100, ..ReadLimits::DEFAULT };
    let open = grown_within(&[("x.zip", &bytes)], &[], &limits);
    assert_eq!((open.tree.len(), problems(&open)), (100, vec![(ProblemKind::Limit, 1)]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damage_makes_it_fail(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let deflated = options(CompressionMethod::Deflated);
        let stored = options(CompressionMethod::Stored);
        let mut bytes = archive(&[("a.txt", TEXT, deflated), ("b/c.txt", TEXT, stored)]);
        for (at, mask) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
        }
        bytes.truncate(cut.index(bytes.len() * 2).max(1));
        let open = grown(&[("x.zip", &bytes)], &["geheim"]);
        for name in listing(&open) {
            let _ = read(&open, &name);
        }
    }
}
