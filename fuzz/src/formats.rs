//! The readers under fuzzing: a folder of hostile files is grown into a tree, planned and read, as the
//! program does it.
//!
//! Input is a folder in the form of [`crate::targets::FILE_MARK`]. Seeds are the fixtures of the readers, one
//! corpus a format, put together by `fixtures.py`; so a new format is fuzzed as soon as it has its folder.
//! What the tests of `readers` assert of every fixture is asserted here of everything.

use std::ops::ControlFlow;
use std::sync::Arc;

use model::record::{Counted, FileNumber, Place, Problem, Record};
use model::{FileTime, ReadLimits};
use readers::{Flow, Input, Options, Sink, plan, read_unit};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

use crate::targets::files;

/// Small, so that an input that asks for much is stopped by a limit and not by the engine.
const LIMITS: ReadLimits =
    ReadLimits { entries: 2000, depth: 4, unpacked_bytes: 4 << 20, unit_bytes: 1 << 20, key_rounds: 1000 };

/// Reads a folder; nothing panics, every reckoning adds up, every place is a place.
pub fn format(bytes: &[u8]) {
    let roots = files(bytes).into_iter().zip(0..).map(|((path, bytes), leaf)| RootFile {
        leaf,
        path,
        modified: Some(FileTime { seconds: 1_700_000_000, nanoseconds: 0 }),
        sha256: Some(seal::sha256(&bytes)),
        content: Arc::new(Plain(Arc::new(bytes))),
    });
    let (keys, options) = (Keys::default(), Options::default());
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    let Grown { tree, .. } = grow(roots.collect(), &keys, &LIMITS, &spools, &mut Open);
    for unit in plan(&tree) {
        let mut asserting = Asserting { tree: &tree };
        let (tree, file, with) = (&tree, unit.file, unit.with.as_slice());
        let input = Input { tree, file, with, keys: &keys, limits: &LIMITS, options: &options };
        let sink: &mut dyn Sink = &mut asserting;
        assert!(read_unit(&unit, &input, sink).is_continue());
    }
}

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

struct Asserting<'t> {
    tree: &'t Tree,
}

impl Sink for Asserting<'_> {
    fn record(&mut self, record: Record) -> Flow {
        let entry = self.tree.entry(record.file);
        assert!(entry.is_some(), "a record of no file");
        if let Place::Bytes { offset, length } = record.place {
            assert!(offset.checked_add(length).is_some(), "a place beyond all places");
        }
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        assert!(!problem.expected.is_empty(), "a problem that says nothing");
        Flow::Continue(())
    }

    fn counted(&mut self, counted: Counted) -> Flow {
        assert!(counted.adds_up(), "{counted:?}");
        Flow::Continue(())
    }
}
