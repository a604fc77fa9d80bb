//! Phone backups made here, plain and encrypted, whole and broken. All people and texts are invented.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use model::record::{FileNumber, ProblemKind};
use model::{Digest, ReadAt, ReadLimits};
use plist::{Dictionary, Uid, Value};
use rusqlite::{Connection, params};
use seal::foreign::{AesKey, ForeignSha1, Pbkdf2Hash, pbkdf2};
use source::containers::{CONTAINERS, Opening};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

use super::{encrypted_block, grown, listing, padded, problems, read, read_random};

const PASSWORD: &str = "erfundenes Passwort";
const CLASS: u32 = 3;
const CLASS_KEY: [u8; 32] = [0x33; 32];

/// RFC 3394, 2.2.1.
fn wrap(key: &[u8], inner: &[u8]) -> Vec<u8> {
    let key = AesKey::new(key).unwrap();
    let mut first = [0xa6_u8; 8];
    let mut parts: Vec<[u8; 8]> = inner.chunks(8).map(|part| part.try_into().unwrap()).collect();
    let count = parts.len() as u64;
    for round in 0..6 {
        for (index, part) in (1..).zip(&mut parts) {
            let out = encrypted_block(&key, [first, *part].concat().try_into().unwrap());
            let high = u64::from_be_bytes(out[..8].try_into().unwrap());
            first = (high ^ (count * round + index)).to_be_bytes();
            part.copy_from_slice(&out[8..]);
        }
    }
    [&first[..], &parts.concat()].concat()
}

/// AES-CBC with a vector of zeros.
fn cbc(key: &[u8], plain: &[u8]) -> Vec<u8> {
    super::cbc(key, [0; 16], plain)
}

fn with_class(key: &[u8; 32]) -> Vec<u8> {
    [&CLASS.to_le_bytes()[..], &wrap(&CLASS_KEY, key)].concat()
}

fn keybag() -> Vec<u8> {
    let first = pbkdf2(Pbkdf2Hash::Sha256, PASSWORD.as_bytes(), &[1; 20], 200, 200, 32).unwrap();
    let key = pbkdf2(Pbkdf2Hash::Sha1, first.as_bytes(), &[2; 20], 100, 100, 32).unwrap();
    let number = |number: u32| number.to_be_bytes().to_vec();
    let fields: [(&[u8; 4], Vec<u8>); 11] = [
        (b"VERS", number(5)),
        (b"UUID", vec![1; 16]),
        (b"WRAP", number(0)),
        (b"SALT", vec![2; 20]),
        (b"ITER", number(100)),
        (b"DPIC", number(200)),
        (b"DPSL", vec![1; 20]),
        (b"UUID", vec![4; 16]),
        (b"CLAS", number(CLASS)),
        (b"WRAP", number(2)),
        (b"WPKY", wrap(key.as_bytes(), &CLASS_KEY)),
    ];
    let bytes = |(tag, value): &(&[u8; 4], Vec<u8>)| {
        [&tag[..], &u32::try_from(value.len()).unwrap().to_be_bytes(), value].concat()
    };
    fields.iter().flat_map(bytes).collect()
}

fn record(size: usize, key: Option<Vec<u8>>) -> Vec<u8> {
    let dictionary = |pairs: Vec<(&str, Value)>| {
        Value::Dictionary(
            pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Dictionary>(),
        )
    };
    let uid = |number| Value::Uid(Uid::new(number));
    let mut file = vec![
        ("$class", uid(3)),
        ("Birth", Value::Integer(1_600_000_000.into())),
        ("Flags", Value::Integer(0.into())),
        ("LastModified", Value::Integer(1_700_000_000.into())),
        ("Mode", Value::Integer(33188.into())),
        ("ProtectionClass", Value::Integer(CLASS.into())),
        ("RelativePath", uid(2)),
        ("Size", Value::Integer((size as u64).into())),
    ];
    let mut objects =
        vec![Value::String("$null".into()), Value::Boolean(false), Value::String("Library/erfunden".into())];
    objects.push(dictionary(vec![("$classname", Value::String("MBFile".into()))]));
    if let Some(key) = key {
        file.push(("EncryptionKey", uid(4)));
        objects.push(dictionary(vec![("NS.data", Value::Data(key)), ("$class", uid(5))]));
        objects.push(dictionary(vec![("$classname", Value::String("NSMutableData".into()))]));
    }
    objects[1] = dictionary(file);
    let archive = dictionary(vec![
        ("$version", Value::Integer(100_000.into())),
        ("$archiver", Value::String("NSKeyedArchiver".into())),
        ("$top", dictionary(vec![("root", uid(1))])),
        ("$objects", Value::Array(objects)),
    ]);
    let mut bytes = Vec::new();
    archive.to_writer_binary(&mut bytes).unwrap();
    bytes
}

fn id(domain: &str, path: &str) -> String {
    model::encode_hex(&ForeignSha1::of(format!("{domain}-{path}").as_bytes()))
}

fn file_key(number: usize) -> [u8; 32] {
    [u8::try_from(number % 251).unwrap(); 32]
}

type Files = BTreeMap<String, Vec<u8>>;

fn contents() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut files = vec![
        ("HomeDomain", "Library/SMS/sms.db".to_owned(), b"SQLite format 3\0 erfunden".repeat(500)),
        ("HomeDomain", "leer.txt".to_owned(), Vec::new()),
    ];
    for number in 0..8 {
        let bytes = format!("erfundene Datei {number} ").into_bytes().repeat(number * 7 + 1);
        files.push(("AppDomain-x", format!("Documents/{number}.txt"), bytes));
    }
    files
}

fn database(rows: &[(String, &str, &str, i64, Vec<u8>)]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Manifest.db");
    let mut connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE Files
               (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
             CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);",
        )
        .unwrap();
    let transaction = connection.transaction().unwrap();
    {
        let mut insert = transaction.prepare("INSERT INTO Files VALUES (?,?,?,?,?)").unwrap();
        for (id, domain, path, flags, record) in rows {
            insert.execute(params![id, domain, path, flags, record]).unwrap();
        }
    }
    transaction.commit().unwrap();
    drop(connection);
    std::fs::read(path).unwrap()
}

fn manifest_plist(is_encrypted: bool) -> Vec<u8> {
    let mut top = Dictionary::new();
    top.insert("IsEncrypted".into(), Value::Boolean(is_encrypted));
    top.insert("Version".into(), Value::String("10.0".into()));
    top.insert("BackupKeyBag".into(), Value::Data(keybag()));
    if is_encrypted {
        top.insert("ManifestKey".into(), Value::Data(with_class(&[0x77; 32])));
    }
    let mut bytes = Vec::new();
    Value::Dictionary(top).to_writer_xml(&mut bytes).unwrap();
    bytes
}

/// Files of a backup in the folder `b`.
fn backup(is_encrypted: bool) -> Files {
    let mut files = Files::new();
    let mut rows = vec![
        (id("HomeDomain", "Library"), "HomeDomain", "Library", 2, record(0, None)),
        (id("HomeDomain", "weg.txt"), "HomeDomain", "weg.txt", 1, record(5, None)),
    ];
    let contents = contents();
    for (number, (domain, path, bytes)) in contents.iter().enumerate() {
        let id = id(domain, path);
        let is_locked = is_encrypted && !bytes.is_empty();
        let key = is_locked.then(|| with_class(&file_key(number)));
        rows.push((id.clone(), domain, path, 1, record(bytes.len(), key)));
        let stored = if is_locked { cbc(&file_key(number), &padded(bytes)) } else { bytes.clone() };
        files.insert(format!("b/{}/{id}", &id[..2]), stored);
    }
    let list = database(&rows);
    files.insert("b/Manifest.db".into(), if is_encrypted { cbc(&[0x77; 32], &list) } else { list });
    files.insert("b/Manifest.plist".into(), manifest_plist(is_encrypted));
    files.insert("b/Info.plist".into(), b"erfunden".to_vec());
    files
}

fn tree(files: &Files, keys: &[&str]) -> Grown {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    grown(&files, keys)
}

#[test]
fn both_sorts_give_the_files_under_their_names() {
    for (is_encrypted, keys) in [(false, &[][..]), (true, &["falsch", PASSWORD][..])] {
        let files = backup(is_encrypted);
        let open = tree(&files, keys);
        assert_eq!(problems(&open), [(ProblemKind::Unreadable, 1)]);
        assert_eq!(open.tree.len(), files.len() + contents().len());
        for (domain, path, bytes) in contents() {
            let steps = format!("b/Manifest.db > {domain}/{path}");
            assert_eq!(read(&open, &steps).unwrap(), bytes);
            assert_eq!(read_random(&open, &steps).unwrap(), bytes);
        }
        let taken = open.tree.entries().filter(|(_, entry)| entry.taken_by().is_some()).count();
        assert_eq!(taken, contents().len());
        let (_, sms) = open.tree.entries().find(|(_, entry)| entry.name() == "sms.db").unwrap();
        assert_eq!(sms.modified().unwrap().seconds, 1_700_000_000);
        assert!(listing(&open).contains(&"b/Info.plist".to_owned()));
    }
}

#[test]
fn without_the_password_the_files_stay_as_they_are() {
    let files = backup(true);
    for (keys, kind) in [(&[][..], ProblemKind::NeedsKey), (&["falsch"][..], ProblemKind::WrongKey)] {
        let open = tree(&files, keys);
        assert_eq!(problems(&open), [(kind, 10)]);
        assert_eq!(open.tree.len(), files.len());
        assert_eq!(open.tree.entries().filter(|(_, entry)| entry.taken_by().is_some()).count(), 10);
    }
    let limits = ReadLimits { key_rounds: 299, ..ReadLimits::DEFAULT };
    let named: Vec<(&str, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let open = super::grown_within(&named, &[PASSWORD], &limits);
    assert_eq!(problems(&open), [(ProblemKind::Limit, 10)]);
}

#[test]
fn an_archive_among_the_hashed_files_is_opened_once() {
    let zip = {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
        writer.finish().unwrap().into_inner()
    };
    let mut files = Files::new();
    // A name whose hash comes before the M of Manifest.db.
    let path = (0..1000).map(|n| format!("{n}.zip")).find(|path| id("D", path).starts_with('0')).unwrap();
    let id = id("D", &path);
    files.insert("b/Manifest.db".into(), database(&[(id.clone(), "D", &path, 1, record(zip.len(), None))]));
    files.insert("b/Manifest.plist".into(), manifest_plist(false));
    files.insert(format!("b/{}/{id}", &id[..2]), zip);
    let open = tree(&files, &[]);
    assert_eq!(
        listing(&open)[3..],
        [format!("b/Manifest.db > D/{path}"), format!("b/Manifest.db > D/{path} > a.txt")]
    );
}

#[test]
fn what_is_broken_is_said_and_the_rest_comes() {
    let files = backup(true);
    let is_hashed = |path: &str| path.len() > 40;
    let sms = format!("b/3d/{}", id("HomeDomain", "Library/SMS/sms.db"));
    let mut changed = files.clone();
    changed.get_mut(&sms).unwrap().truncate(100);
    let open = tree(&changed, &[PASSWORD]);
    assert_eq!(problems(&open), [(ProblemKind::Unreadable, 1), (ProblemKind::Truncated, 1)]);
    let steps = "b/Manifest.db > HomeDomain/Library/SMS/sms.db";
    assert!(read(&open, steps).is_err());
    assert_eq!(read_random(&open, steps).unwrap(), contents()[0].2[..96]);
    // Any flipped byte of any of the files, in steps.
    for (path, bytes) in files.iter().filter(|(path, _)| !is_hashed(path)) {
        for at in (0..bytes.len()).step_by(211) {
            let mut changed = files.clone();
            changed.get_mut(path).unwrap()[at] ^= 0x55;
            let open = tree(&changed, &[PASSWORD]);
            for name in listing(&open) {
                let _ = read(&open, &name);
            }
        }
    }
}

#[test]
fn paths_are_labels_and_hostile_lists_do_no_harm() {
    let mut files = Files::new();
    let stored = id("D", "x");
    let deep = "../".repeat(100_000);
    let other = id("D", "y");
    let rows = vec![
        (stored.clone(), "D", deep.as_str(), 1, record(3, None)),
        (other.clone(), "D", "../../Manifest.db", 1, record(3, None)),
        ("zz".to_owned(), "D", "keine Kennung", 1, record(3, None)),
    ];
    files.insert("b/Manifest.db".into(), database(&rows));
    files.insert("b/Manifest.plist".into(), [&b"<plist>"[..], &b"<array>".repeat(500_000)].concat());
    assert_eq!(problems(&tree(&files, &[])), [(ProblemKind::Damaged, 1)]);
    files.insert("b/Manifest.plist".into(), manifest_plist(false));
    // The list itself as one of its files: its name is found again, and ends at the limit of depth.
    let list = files["b/Manifest.db"].clone();
    files.insert(format!("b/{}/{other}", &other[..2]), list);
    files.insert(format!("b/{}/{stored}", &stored[..2]), b"abc".to_vec());
    let open = tree(&files, &[]);
    assert_eq!(problems(&open), [(ProblemKind::Unreadable, 1)]);
    assert_eq!(open.tree.len(), 6);
    let old: Files =
        [("Manifest.mbdb", "mbdb"), ("Manifest.plist", "x")].map(|(a, b)| (a.into(), b.into())).into();
    assert_eq!(problems(&tree(&old, &[])), [(ProblemKind::Unsupported, 1)]);
}

/// Bytes in memory of this process.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}

/// Processor time of this thread.
fn cpu_ms() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<u64>().ok()).unwrap_or(0) / 1_000_000
}

/// Opens nothing.
struct Nothing;

impl Watch for Nothing {
    fn opening(&mut self, _tree: &Tree, _file: FileNumber) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

#[test]
#[ignore = "measures: half a million files"]
fn half_a_million_files_are_listed() {
    let sample = record(1234, Some(with_class(&[7; 32])));
    let at = sample.windows(44).position(|part| part == with_class(&[7; 32])).unwrap();
    let paths: Vec<String> =
        (0..500_000).map(|n| format!("Library/Caches/erfunden/ordner{}/datei{n}.bin", n % 977)).collect();
    let rows: Vec<_> = paths
        .iter()
        .enumerate()
        .map(|(number, path)| {
            let mut record = sample.clone();
            record[at + 12..at + 20].copy_from_slice(&(number as u64).to_be_bytes());
            (id("AppDomain-erfunden", path), "AppDomain-erfunden", path.as_str(), 1_i64, record)
        })
        .collect();
    let list = cbc(&[0x77; 32], &database(&rows));
    let shared: Arc<dyn ReadAt> = Arc::new(vec![0; 1248]);
    let file = |path: String, bytes: Arc<dyn ReadAt>| RootFile {
        leaf: 0,
        path,
        modified: None,
        sha256: Some(Digest([0; 32])),
        content: Arc::new(Plain(bytes)),
    };
    let mut roots: Vec<RootFile> =
        rows.iter().map(|(id, ..)| file(format!("{}/{id}", &id[..2]), Arc::clone(&shared))).collect();
    roots.push(file("Manifest.plist".into(), Arc::new(manifest_plist(true))));
    roots.push(file("Manifest.db".into(), Arc::new(list)));
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    let keys = Keys::new(vec![Zeroizing::new(PASSWORD.to_owned())]);
    let limits = ReadLimits::DEFAULT;
    let tree = grow(roots, &keys, &limits, &spools, &mut Nothing).tree;
    let file = tree.find(None, "Manifest.db").unwrap();
    let opening =
        Opening { tree: &tree, file, keys: &keys, limits: &limits, spools: &spools, entries_left: 1_000_000 };
    let container = CONTAINERS.iter().find(|container| container.name() == "ios_backup").unwrap();
    let (bytes, cpu, start) = (resident_bytes(), cpu_ms(), Instant::now());
    let opened = container.open(&opening);
    let bytes = resident_bytes().saturating_sub(bytes) >> 20;
    println!(
        "listed: {} ms, {} ms of the processor, {bytes} MiB",
        start.elapsed().as_millis(),
        cpu_ms() - cpu
    );
    assert_eq!((opened.children.len(), opened.takes.len()), (500_000, 500_000));
}

#[test]
#[ignore = "measures: the rounds of a real keybag"]
fn a_real_keybag_is_unlocked() {
    let start = Instant::now();
    let first = pbkdf2(Pbkdf2Hash::Sha256, b"erfunden", &[1; 20], 10_000_000, 10_000_000, 32).unwrap();
    pbkdf2(Pbkdf2Hash::Sha1, first.as_bytes(), &[2; 20], 10_000, 10_000, 32).unwrap();
    println!("one password: {} ms", start.elapsed().as_millis());
}
