//! What the tests of the sections have in common.

use model::ReadLimits;
use model::record::FileNumber;
use source::tree::{Keys, NoSpools, Plain, RootFile, Spools, Tree, Watch, grow};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Begins, Section, read};
use crate::{AppSays, Input, Kept, Question, Says, Wholly};

struct Quiet;

impl Watch for Quiet {
    fn opening(&mut self, _: &Tree, _: FileNumber) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// A tree of files that lie in a capsule as they are.
fn tree(files: &[(&str, &[u8])]) -> Tree {
    let roots = files.iter().zip(0..).map(|((path, bytes), leaf)| RootFile {
        leaf,
        path: (*path).to_owned(),
        modified: None,
        sha256: None,
        content: Arc::new(Plain(Arc::new(bytes.to_vec()))),
    });
    let spools: Arc<dyn Spools> = Arc::new(NoSpools);
    grow(roots.collect(), &Keys::default(), &ReadLimits::DEFAULT, &spools, &mut Quiet).tree
}

/// What one section says of a text that holds nothing else.
pub(crate) fn read_section(section: &'static dyn Section, text: &str) -> Kept {
    read_text(text.as_bytes(), Begins::Section(section))
}

/// What a text says that begins so.
pub(crate) fn read_text(text: &[u8], begins: Begins) -> Kept {
    let tree = tree(&[("text.txt", text)]);
    let keys = Keys::default();
    let input = Input { tree: &tree, file: FileNumber(0), keys: &keys, limits: &ReadLimits::DEFAULT };
    let mut kept = Kept::default();
    assert!(read(&input, begins, &mut kept).is_continue());
    kept
}

/// The facts about apps: identifier, user, what is said.
pub(crate) fn apps(kept: &Kept) -> Vec<(String, Option<u32>, AppSays)> {
    let app = |says: &Says| match says {
        Says::App(app) => Some((app.id.clone(), app.user, app.says.clone())),
        _ => None,
    };
    kept.facts.iter().filter_map(|fact| app(&fact.says)).collect()
}

/// What was looked into.
pub(crate) fn looked(kept: &Kept) -> Vec<(Question, Wholly, u64)> {
    let looked = |says: &Says| match says {
        Says::Looked(looked) => Some((looked.question, looked.wholly, looked.entries)),
        _ => None,
    };
    kept.facts.iter().filter_map(|fact| looked(&fact.says)).collect()
}

/// Settings: space, name, value.
pub(crate) fn settings(kept: &Kept) -> Vec<(String, String, String)> {
    let setting = |says: &Says| match says {
        Says::Setting(setting) => Some((setting.space.clone(), setting.name.clone(), setting.value.clone())),
        _ => None,
    };
    kept.facts.iter().filter_map(|fact| setting(&fact.says)).collect()
}

/// The names of signs.
pub(crate) fn signs(kept: &Kept) -> Vec<(String, Option<String>, String)> {
    let sign = |says: &Says| match says {
        Says::Sign(sign) => Some((sign.name.clone(), sign.app.clone(), sign.what.clone())),
        _ => None,
    };
    kept.facts.iter().filter_map(|fact| sign(&fact.says)).collect()
}
