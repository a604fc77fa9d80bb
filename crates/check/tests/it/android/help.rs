//! Trees made in a test, and what the checks say of them.

use std::io::{self, Cursor, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use check::{AppSays, Gathering, Kept, Question, Says, Sign, TraceKind, Wholly, gather};
use model::ReadLimits;
use model::record::FileNumber;
use source::tree::{Grown, Keys, Plain, RootFile, Spools, Tree, Watch, grow};
use zeroize::Zeroizing;

struct All;

impl Watch for All {
    fn opening(&mut self, _tree: &Tree, _file: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

struct Nameless;

impl Spools for Nameless {
    fn file(&self) -> io::Result<Arc<std::fs::File>> {
        tempfile::tempfile().map(Arc::new)
    }
}

/// The tree of these files.
pub(crate) fn grown(files: &[(&str, &[u8])], keys: &Keys) -> Grown {
    let root = |(leaf, (path, bytes)): (u64, &(&str, &[u8]))| RootFile {
        leaf,
        path: (*path).to_owned(),
        modified: None,
        sha256: None,
        content: Arc::new(Plain(Arc::new(bytes.to_vec()))),
    };
    let spools: Arc<dyn Spools> = Arc::new(Nameless);
    grow((0..).zip(files).map(root).collect(), keys, &ReadLimits::DEFAULT, &spools, &mut All)
}

/// What all checks say of these files.
pub(crate) fn checked(files: &[(&str, &[u8])]) -> Kept {
    checked_with(files, &[])
}

/// The same with keys for the evidence.
pub(crate) fn checked_with(files: &[(&str, &[u8])], keys: &[&str]) -> Kept {
    let keys = Keys::new(keys.iter().map(|key| Zeroizing::new((*key).to_owned())).collect());
    let grown = grown(files, &keys);
    let mut kept = Kept::default();
    let gathering = Gathering { tree: &grown.tree, keys: &keys, limits: &ReadLimits::DEFAULT };
    let flow = gather(&gathering, 0, &mut kept);
    assert!(flow.is_continue());
    kept
}

/// What is said about an app.
pub(crate) fn about<'k>(kept: &'k Kept, id: &str) -> Vec<&'k AppSays> {
    let says = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::App(app) if app.id == id => Some(&app.says),
        _ => None,
    });
    says.collect()
}

/// Names of signs with what they are about.
pub(crate) fn signs(kept: &Kept) -> Vec<(&str, &str)> {
    let signs = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Sign(Sign { name, what, .. }) => Some((name.as_str(), what.as_str())),
        _ => None,
    });
    signs.collect()
}

/// Questions that were looked into.
pub(crate) fn looked(kept: &Kept) -> Vec<(Question, Wholly, u64)> {
    let looked = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Looked(looked) => Some((looked.question, looked.wholly, looked.entries)),
        _ => None,
    });
    looked.collect()
}

/// Values of settings with their names.
pub(crate) fn settings(kept: &Kept) -> Vec<(&str, &str)> {
    let settings = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Setting(setting) => Some((setting.name.as_str(), setting.value.as_str())),
        _ => None,
    });
    settings.collect()
}

/// The traces of one kind.
pub(crate) fn traces(kept: &Kept, kind: TraceKind) -> Vec<&str> {
    kept.traces.iter().filter(|trace| trace.0 == kind).map(|trace| trace.1.as_str()).collect()
}

/// An archive of these files, as they are.
pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (path, bytes) in files {
        writer.start_file(*path, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
