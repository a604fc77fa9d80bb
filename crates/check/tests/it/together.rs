//! Files put into a tree, and what all checks say about them.

use std::ops::ControlFlow;
use std::sync::Arc;

use check::{Gathering, Kept, Question, Says, TraceKind, Wholly, gather};
use model::record::FileNumber;
use model::{FileTime, ReadLimits};
use source::tree::{Grown, Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};

struct Open;

impl Watch for Open {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// What all checks say about these files, given by path and bytes.
pub(crate) fn said_of(files: Vec<(&str, Vec<u8>)>) -> Kept {
    let modified = Some(FileTime { seconds: 1_700_000_000, nanoseconds: 0 });
    let roots = files.into_iter().zip(0..).map(|((path, bytes), leaf)| RootFile {
        leaf,
        path: path.to_owned(),
        modified,
        sha256: None,
        content: Arc::new(Plain(Arc::new(bytes))),
    });
    let (keys, limits) = (Keys::default(), ReadLimits::DEFAULT);
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    let Grown { tree, problems } = grow(roots.collect(), &keys, &limits, &spools, &mut Open);
    let mut kept = Kept { problems, ..Kept::default() };
    let gathering = Gathering { tree: &tree, keys: &keys, limits: &limits };
    let flow = gather(&gathering, 0, &mut kept);
    assert!(flow.is_continue());
    kept
}

/// The traces of a kind, in order.
pub(crate) fn traces(kept: &Kept, kind: TraceKind) -> Vec<&str> {
    let traces = kept.traces.iter().filter(|(of, _)| *of == kind);
    traces.map(|(_, value)| value.as_str()).collect()
}

/// How a question was looked into: how often, whether wholly each time, and at how many things together.
pub(crate) fn looked(kept: &Kept, question: Question) -> Option<(Wholly, u64)> {
    let looked = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Looked(looked) if looked.question == question => Some((looked.wholly, looked.entries)),
        _ => None,
    });
    looked.reduce(|(one, many), (other, more)| (one.min(other), many + more))
}

/// The signs of a name: what was seen.
pub(crate) fn signs<'k>(kept: &'k Kept, name: &str) -> Vec<&'k str> {
    let signs = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Sign(sign) if sign.name == name => Some(sign.what.as_str()),
        _ => None,
    });
    signs.collect()
}
