//! What each fuzz target does with hostile bytes: it parses them and holds what must be true of whatever was
//! accepted.
//!
//! A target never panics on any input; a panic is the finding. What it asserts is a property of the format
//! (`docs/format.md`), mostly that what was accepted is written back to the same bytes. To add one: a
//! function, a line in [`TARGETS`], a file in `fuzz_targets/`, and a seed. Also compiled into the tests that
//! replay the seeds.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use bag::{BagFolder, NameLine, Namer, check_folder, check_stream, is_stored, unpack};
use custody::{Checkpoint, Entry, ExtractLine, Note, Receipt, TlogProof, VerifierKey};
use model::{Limits, ReadAt};
use seal::{Identity, OpenWith, Opened, Spool, lock_of, open_bytes};
use verify::{CaseCheck, Folder, ReceiptAgainst, verify_case, verify_package, verify_receipt};

/// Feeds a target.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("header", header),
    ("payload", payload),
    ("tar", tar),
    ("names", names),
    ("note", note),
    ("checkpoint", checkpoint),
    ("proof", proof),
    ("receipt", receipt),
    ("entry", entry),
    ("extract", extract),
    ("bag", bag),
    ("package", package),
    ("case", case),
    ("sqlite", sqlite),
    ("normalise", normalise),
    ("query", query),
];

/// The secret of the identity that the seeds are sealed to. It protects nothing.
pub const SECRET: [u8; 32] = [7; 32];
/// What is read into memory at most; far above any input.
const BYTES: u64 = 1 << 24;

/// The header of an age file.
pub fn header(bytes: &[u8]) {
    let _ = lock_of(&bytes.to_vec());
}

/// A whole age file: read in one go, as a stream and at random it gives the same bytes or nothing.
pub fn payload(bytes: &[u8]) {
    let with = OpenWith::Identities(identities());
    let at_once = open_bytes(bytes, &with, BYTES);
    let Ok(opened) = Opened::new(Arc::new(bytes.to_vec()), &with) else {
        assert!(at_once.is_err(), "opened at once, but not for random access");
        return;
    };
    let mut streamed = Vec::new();
    let stream_is_whole = opened.stream().read_to_end(&mut streamed).is_ok();
    assert_eq!(stream_is_whole, at_once.is_ok(), "a stream and a reading at once differ");
    if let Ok(at_once) = at_once {
        assert_eq!(*at_once, streamed);
        assert_eq!(opened.size_bytes(), streamed.len() as u64);
    }
    let mut tail = [0; 100];
    let offset = opened.size_bytes().saturating_sub(60);
    if let (Ok(count), true) = (opened.read_at(&mut tail, offset), stream_is_whole) {
        let expected =
            usize::try_from(offset).ok().and_then(|start| streamed.get(start..)).unwrap_or_default();
        assert!(expected.starts_with(tail.get(..count).unwrap_or_default()));
    }
}

/// The tar of a capsule: checked and unpacked. What is found whole can also be unpacked.
pub fn tar(bytes: &[u8]) {
    let mut spools = || Spool::new(1 << 20, Box::new(|| Err(io::ErrorKind::StorageFull.into())));
    let checked = check_stream(&mut &*bytes, &mut spools, &mut |_, _| {});
    let mut unpacked = 0;
    let result = unpack::<()>(&mut &*bytes, &mut |entry| {
        assert!(!entry.path.split('/').any(|part| matches!(part, ".." | "." | "")), "an unsafe path");
        assert!(!entry.top.contains(['/', '\\']), "an unsafe top folder");
        io::copy(entry.content, &mut io::sink()).map_err(|_| ())?;
        unpacked += 1;
        Ok(())
    });
    if let Ok(report) = checked
        && report.problems.is_empty()
    {
        assert!(result.is_ok(), "a whole capsule does not unpack");
        assert!(unpacked >= report.files);
    }
}

/// A line of names.jsonl is canonical; and the first lines as names of files get paths that are safe and
/// differ.
pub fn names(bytes: &[u8]) {
    if let Ok(line) = NameLine::parse(bytes)
        && let NameLine::File(file) = line
    {
        let _ = file.leaf_json();
        let _ = file.original_path();
    }
    let _ = bag::CapsuleJson::parse(bytes);
    let mut originals: Vec<Vec<&[u8]>> = bytes
        .split(|byte| *byte == b'\n')
        .take(200)
        .map(|name| name.split(|byte| *byte == b'/').collect())
        .filter(|path: &Vec<&[u8]>| path.iter().all(|part| !part.is_empty()))
        .collect();
    originals.sort();
    originals.dedup();
    let mut namer = Namer::new();
    let mut given = std::collections::BTreeSet::new();
    for original in originals {
        let stored = namer.stored(0, &original.join(&b'/'));
        assert!(is_stored(stored.path()), "not a stored path: {:?}", stored.path());
        assert!(given.insert(stored.path().to_owned()), "given twice: {:?}", stored.path());
    }
}

/// A signed note and a verifier key: text in, text out.
pub fn note(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(note) = Note::parse(text) {
        assert!(text.starts_with(note.text()));
        let _ = note.verify(&[]);
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
}

/// The text of a checkpoint.
pub fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_text(), text);
        let _ = checkpoint.case_id();
    }
}

/// A proof file.
pub fn proof(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(proof) = TlogProof::parse(text) {
        assert_eq!(proof.to_text(), text);
        let _ = proof.verify(seal::sha256(bytes), &[]);
    }
}

/// A receipt, alone and against a capsule that it does not name.
pub fn receipt(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parsed = Receipt::parse(text).is_ok();
    let report = verify_receipt(text, &ReceiptAgainst::Nothing, &mut |_| {});
    assert_eq!(report.unchanged(), parsed);
    let capsule = ReceiptAgainst::Capsule("x.age", Arc::new(bytes.to_vec()));
    let _ = verify_receipt(text, &capsule, &mut |_| {});
}

/// The body of an entry.
pub fn entry(bytes: &[u8]) {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.body_bytes(), bytes);
        for (name, _) in entry.fields.iter() {
            let disclosure = entry.disclosure(name);
            assert!(disclosure.is_some_and(|disclosure| entry.leaf_record().shows(&disclosure)));
        }
    }
}

/// A line of an extract.
pub fn extract(bytes: &[u8]) {
    if let Ok(line) = ExtractLine::parse(bytes) {
        assert_eq!(line.to_line().trim_end_matches('\n').as_bytes(), bytes);
        let _ = line.verify();
    }
}

/// An open bag, as [`files`] reads it.
pub fn bag(bytes: &[u8]) {
    let _ = check_folder(&Made(files(bytes)));
}

/// A hand-over package, as [`files`] reads it.
pub fn package(bytes: &[u8]) {
    let _ = verify_package(&Made(files(bytes)), &mut |_| {});
}

/// A case folder, as [`files`] reads it, without and with the key.
pub fn case(bytes: &[u8]) {
    let folder = Made(files(bytes));
    let with = OpenWith::Identities(identities());
    for with in [None, Some(&with)] {
        let check = CaseCheck { folder: &folder, with, limits: Limits::DEFAULT };
        let _ = verify_case(&check, &mut |_| {});
    }
}

/// A SQLite database; or one with its write-ahead log, as [`files`] reads them: `db` and `wal`.
pub fn sqlite(bytes: &[u8]) {
    let (main, wal) = if bytes.starts_with(FILE_MARK) {
        let mut files = files(bytes);
        (files.remove("db").unwrap_or_default(), files.remove("wal"))
    } else {
        (bytes.to_vec(), None)
    };
    let there = main.len() + wal.as_ref().map_or(0, Vec::len);
    let wal = wal.map(|wal| Arc::new(wal) as Arc<dyn ReadAt>);
    let limits = sqlite::Limits::DEFAULT;
    let Ok(database) = sqlite::Database::open(Arc::new(main), wal, limits) else { return };
    let log = database.wal();
    assert_eq!(log.frames, log.applied + log.left_out());
    for table in database.tables() {
        let mut rowids = Vec::new();
        let mut count = 0;
        let mut rows = database.rows(table);
        while let Some(row) = rows.next() {
            count += 1;
            match row {
                Ok(row) => {
                    rowids.push(row.rowid());
                    for number in 0..table.columns().len() {
                        let _ = row.text(sqlite::ColumnNumber(number));
                    }
                    assert!(row.place().offset_bytes < there as u64, "a row that lies nowhere");
                }
                Err(problem) => assert!(!problem.to_string().is_empty()),
            }
        }
        // A cell takes at least four bytes, the bytes of a page count twice, a row may come with doubts; and
        // the last page may be cut.
        assert!(count <= there * 2 + 16_384, "more rows than bytes");
        for rowid in rowids.into_iter().take(50) {
            if let Ok(Some(found)) = database.row(table, rowid) {
                assert_eq!(found.row().rowid(), rowid);
            }
        }
    }
}

/// A text and its shadow form: made twice it is the same, and every place in it is a place in the text.
pub fn normalise(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let traced = text::Normalised::of(&text);
    assert_eq!(text::normalise(&text), traced.text);
    assert_eq!(text::normalise(&traced.text), traced.text, "not idempotent");
    let mut end = 0;
    for (at, c) in traced.text.char_indices() {
        let source = traced.to_source(&(at..at + c.len_utf8()));
        assert!(text.get(source.clone()).is_some(), "cuts a character");
        assert!(source.end >= end, "goes backwards");
        end = source.end;
    }
    for (place, key) in text::find_numbers(&traced.text) {
        assert!(traced.text.get(place).is_some());
        assert_eq!(text::same_number(&key, &key, None), text::Sameness::Same);
    }
}

/// What somebody typed: understood somehow, and what goes to FTS5 is one quoted string.
pub fn query(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    let query = text::Query::parse(&typed, &text::Settings::default());
    for form in query.leaves().iter().flat_map(|leaf| &leaf.forms) {
        assert!(!form.text.is_empty());
        let Some(fts) = form.fts() else { continue };
        assert!(form.rule != text::Rule::Trigram || form.text.chars().count() >= 3);
        let body = fts.strip_suffix(" *").unwrap_or(&fts);
        let inner = body.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        assert!(inner.is_some_and(|inner| !inner.replace("\"\"", "").contains('"')), "{fts:?}");
    }
}

/// What stands between two files.
pub const FILE_MARK: &[u8] = b"\n== ";

/// Reads the bytes as a folder: each file begins with [`FILE_MARK`], its path and a line feed.
pub(crate) fn files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut rest = bytes;
    while let Some(start) = find(rest, FILE_MARK) {
        let file = rest.get(start + FILE_MARK.len()..).unwrap_or_default();
        let (head, body) = file.split_at(find(file, b"\n").unwrap_or(file.len()));
        let body = body.get(1..).unwrap_or_default();
        // The mark that ends this file may begin with the line feed that ends its path.
        let end = if body.starts_with(b"== ") { 0 } else { find(body, FILE_MARK).unwrap_or(body.len()) };
        files
            .insert(String::from_utf8_lossy(head).into_owned(), body.get(..end).unwrap_or_default().to_vec());
        rest = file.get(head.len()..).unwrap_or_default();
    }
    files
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn identities() -> &'static [Identity] {
    static IDENTITIES: OnceLock<Vec<Identity>> = OnceLock::new();
    IDENTITIES.get_or_init(|| Identity::from_secret(&SECRET).into_iter().collect())
}

/// A folder that exists in memory only.
struct Made(BTreeMap<String, Vec<u8>>);

impl Made {
    fn list(&self) -> Vec<(String, u64)> {
        self.0.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect()
    }
}

impl BagFolder for Made {
    fn files(&self) -> io::Result<Vec<(String, u64)>> {
        Ok(self.list())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.as_slice()))
    }
}

impl Folder for Made {
    fn files(&self) -> io::Result<Vec<(String, u64)>> {
        Ok(self.list())
    }

    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(bytes.clone()))
    }
}
