//! tar archives and gzip: as the tar crate and GNU tar write them, and broken ones.

use std::io::{ErrorKind, Write};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use model::ReadLimits;
use model::record::ProblemKind;
use proptest::prelude::*;
use tar::{Builder, EntryType, Header};

use super::{grown, grown_within, listing, problems, read, read_random};

const TEXT: &[u8] = b"erfundene Nachricht";

fn header(size: usize, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size as u64);
    header.set_mtime(1_700_000_000);
    header.set_entry_type(kind);
    header
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, bytes) in files {
        builder.append_data(&mut header(bytes.len(), EntryType::Regular), path, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn files_are_parts_of_the_archive() {
    let long = format!("{}/lang.txt", "ordner".repeat(40));
    let bytes = archive(&[("a.txt", TEXT), (&long, b"2"), ("leer", b""), ("a.txt", b"3")]);
    let open = grown(&[("x.tar", &bytes)], &[]);
    assert_eq!(problems(&open), []);
    let long = format!("x.tar > {long}");
    assert_eq!(listing(&open), ["x.tar", "x.tar > a (2).txt", "x.tar > a.txt", "x.tar > leer", &long]);
    assert_eq!(read(&open, "x.tar > a.txt").unwrap(), TEXT);
    assert_eq!(read_random(&open, "x.tar > a (2).txt").unwrap(), b"3");
    assert_eq!(read(&open, &long).unwrap(), b"2");
    let time = open.tree.entries().nth(1).unwrap().1.modified().unwrap();
    assert_eq!(time.seconds, 1_700_000_000);
}

#[test]
fn a_packed_archive_opens_in_two_steps() {
    let bytes = packed(&archive(&[("a.txt", TEXT)]));
    for (name, inner) in
        [("x.tgz", "x.tar"), ("x.tar.gz", "x.tar"), ("X.TAR.GZ", "X.TAR"), ("x", "x (unpacked)")]
    {
        let open = grown(&[(name, &bytes)], &[]);
        assert_eq!(problems(&open), []);
        let steps = format!("{name} > {inner} > a.txt");
        assert_eq!(listing(&open)[2], steps);
        assert_eq!(read(&open, &steps).unwrap(), TEXT);
        assert_eq!(open.tree.entries().nth(1).unwrap().1.size_bytes(), 2048);
    }
    let two = [packed(TEXT), packed(TEXT)].concat();
    assert_eq!(read(&grown(&[("a.txt.gz", &two)], &[]), "a.txt.gz > a.txt").unwrap(), TEXT.repeat(2));
    let mut changed = packed(TEXT);
    let last = changed.len() - 6;
    changed[last] ^= 1;
    assert!(read(&grown(&[("a.txt.gz", &changed)], &[]), "a.txt.gz > a.txt").is_err());
    assert!(read(&grown(&[("a.txt.gz", &two[..30])], &[]), "a.txt.gz > a.txt").is_err());
}

#[test]
fn a_bomb_is_bounded() {
    let bytes = packed(&packed(&vec![0; 20 << 20]));
    let limits = ReadLimits { unpacked_bytes: 1 << 20, ..ReadLimits::DEFAULT };
    let open = grown_within(&[("x.gz.gz", &bytes)], &[], &limits);
    let error = read(&open, "x.gz.gz > x.gz > x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
}

#[test]
fn links_and_the_like_are_counted_and_not_followed() {
    let mut builder = Builder::new(Vec::new());
    for (kind, name) in [(EntryType::Symlink, "sym"), (EntryType::Link, "hard")] {
        builder.append_link(&mut header(0, kind), name, "/etc/passwd").unwrap();
    }
    builder.append_data(&mut header(0, EntryType::Fifo), "fifo", &b""[..]).unwrap();
    builder.append_data(&mut header(0, EntryType::Directory), "folder/", &b""[..]).unwrap();
    builder.append_data(&mut header(TEXT.len(), EntryType::Regular), "folder/a.txt", TEXT).unwrap();
    let open = grown(&[("x.tar", &builder.into_inner().unwrap())], &[]);
    assert_eq!(listing(&open), ["x.tar", "x.tar > folder/a.txt"]);
    assert_eq!(problems(&open), [(ProblemKind::Unsupported, 2), (ProblemKind::Unsupported, 1)]);
}

#[test]
fn what_gnu_tar_writes_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("sparse")).unwrap();
    file.set_len(5 << 20).unwrap();
    std::fs::write(folder.path().join("Grüße ü.txt"), TEXT).unwrap();
    for form in ["gnu", "posix"] {
        let form = format!("--format={form}");
        let output = Command::new("tar")
            .args(["-c", "-S", &form, "-C", folder.path().to_str().unwrap(), "."])
            .output();
        let Ok(output) = output else {
            println!("skipped: no tar");
            return;
        };
        let open = grown(&[("x.tar", &output.stdout)], &[]);
        assert_eq!(problems(&open), [(ProblemKind::Unsupported, 1)], "{form}");
        assert_eq!(read(&open, "x.tar > Grüße ü.txt").unwrap(), TEXT);
        let (_, sparse) = open.tree.entries().find(|(_, entry)| entry.path() == "sparse").unwrap();
        assert_eq!(sparse.size_bytes(), 5 << 20);
        assert!(sparse.content().stream().is_err());
    }
}

#[test]
fn damage_and_cuts_are_said() {
    let bytes = archive(&[("a.txt", TEXT), ("b.txt", &[7; 2000]), ("c.txt", TEXT)]);
    let mut changed = bytes.clone();
    changed[1024 + 3] ^= 1;
    let open = grown(&[("x.tar", &changed)], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Damaged, 1)]);
    assert_eq!(listing(&open), ["x.tar", "x.tar > a.txt", "x.tar > c.txt"]);
    let open = grown(&[("x.tar", &bytes[..2500])], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Truncated, 1)]);
    assert_eq!(listing(&open).len(), 3);
    // Claims 4 GB and has nothing.
    let mut claims = header(0xffff_ffff, EntryType::Regular);
    claims.set_path("a").unwrap();
    claims.set_cksum();
    let open = grown(&[("x.tar", claims.as_bytes())], &[]);
    assert_eq!(problems(&open), [(ProblemKind::Truncated, 1)]);
    assert_eq!(read(&open, "x.tar > a").unwrap(), b"");
}

#[test]
fn names_are_labels_and_folders_may_be_deep() {
    let mut one = header(TEXT.len(), EntryType::Regular);
    one.as_old_mut().name[..9].copy_from_slice(b"../../etc");
    one.set_cksum();
    let mut bytes = one.as_bytes().to_vec();
    bytes.extend([TEXT, &[0; 512 - 19]].concat());
    let deep = format!("{}x", "a/".repeat(500_000));
    let mut extension = header(deep.len(), EntryType::GNULongName);
    extension.set_cksum();
    bytes.extend(extension.as_bytes());
    bytes.extend(deep.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes.extend(one.as_bytes());
    bytes.extend([TEXT, &[0; 512 - 19]].concat());
    let open = grown(&[("x.tar", &bytes)], &[]);
    assert_eq!(listing(&open)[1..], ["x.tar > ../../etc".to_owned(), format!("x.tar > {deep}")]);
}

#[test]
fn many_files_stop_at_the_limit() {
    let names: Vec<String> = (0..500).map(|number| number.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), TEXT)).collect();
    let limits = ReadLimits { entries: 100, ..ReadLimits::DEFAULT };
    let open = grown_within(&[("x.tar", &archive(&files))], &[], &limits);
    assert_eq!((open.tree.len(), problems(&open)), (100, vec![(ProblemKind::Limit, 1)]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_damage_makes_it_fail(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let long = "o/".repeat(80);
        let mut bytes = archive(&[("a.txt", TEXT), (&format!("{long}x"), TEXT)]);
        for (at, mask) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
        }
        bytes.truncate(cut.index(bytes.len() * 2).max(1));
        for bytes in [packed(&bytes), bytes] {
            let open = grown(&[("x", &bytes)], &[]);
            for name in listing(&open) {
                let _ = read(&open, &name);
            }
        }
    }
}
