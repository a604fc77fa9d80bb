//! Reads a folder of files as the program does, into memory.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::record::{FileNumber, Record};
use model::{FileTime, ReadLimits};
use readers::{Input, Kept, Options, Sink, plan, read_unit};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

/// What reading a folder gave.
pub(crate) struct Read {
    pub(crate) tree: Tree,
    pub(crate) kept: Kept,
    /// Reader and file, in order.
    pub(crate) units: Vec<(&'static str, FileNumber)>,
}

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Reads files by path and bytes, as if they were a capsule.
pub(crate) fn read_files(files: Vec<(String, Vec<u8>)>, keys: &[&str], options: &Options) -> Read {
    read_within(files, keys, options, ReadLimits::DEFAULT)
}

/// The same, with limits of its own.
pub(crate) fn read_within(
    files: Vec<(String, Vec<u8>)>,
    keys: &[&str],
    options: &Options,
    limits: ReadLimits,
) -> Read {
    let modified = Some(FileTime { seconds: 1_700_000_000, nanoseconds: 0 });
    let roots = files.into_iter().zip(0..).map(|((path, bytes), leaf)| RootFile {
        leaf,
        path,
        modified,
        sha256: Some(seal::sha256(&bytes)),
        content: Arc::new(Plain(Arc::new(bytes))),
    });
    let keys = Keys::new(keys.iter().map(|key| Zeroizing::new((*key).to_owned())).collect());
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    let Grown { tree, problems } = grow(roots.collect(), &keys, &limits, &spools, &mut Open);
    let mut kept = Kept { problems, ..Kept::default() };
    let mut units = Vec::new();
    for unit in plan(&tree) {
        units.push((unit.reader(), unit.file));
        let input =
            Input { tree: &tree, file: unit.file, with: &unit.with, keys: &keys, limits: &limits, options };
        let sink: &mut dyn Sink = &mut kept;
        assert!(read_unit(&unit, &input, sink).is_continue());
    }
    Read { tree, kept, units }
}

/// The files of a folder with their paths below it. A text file `NAME.db.sql` stands for the database that
/// its statements make, `NAME.db`.
pub(crate) fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            let bytes = fs::read(&path).unwrap();
            files.push(match name.strip_suffix(".sql") {
                Some(database) => (database.to_owned(), database_of(&String::from_utf8(bytes).unwrap())),
                None => (name, bytes),
            });
        }
    }
    files.sort();
    files
}

/// The bytes of the database that these statements make.
pub(crate) fn database_of(statements: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(statements).unwrap();
    connection.close().unwrap();
    fs::read(path).unwrap()
}

/// A record as one line of JSON: what is empty is left out, and the file is named.
pub(crate) fn line(tree: &Tree, record: &Record) -> String {
    let mut value = model::record::json(record);
    if let Some(object) = value.as_object_mut() {
        object.insert("file".to_owned(), tree.steps(record.file).join(" > ").into());
    }
    value.to_string()
}

/// A file of the real sample data; none, and said, if it is not there.
#[expect(clippy::print_stdout, reason = "says that a test is skipped")]
pub(crate) fn sample(path: &str) -> Option<Vec<u8>> {
    let shared = std::env::var_os("ASSERVAT_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let bytes = fs::read(shared.join("data/messages").join(path)).ok();
    if bytes.is_none() {
        println!("skipped: {path} is not there");
    }
    bytes
}
