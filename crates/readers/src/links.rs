//! Files that lie in a known place beside the one that is read.

use std::io::Read;

use model::record::FileNumber;
use serde_json::Value;
use source::tree::Tree;

use crate::{Input, part};

/// The file that a link on a page names; links begin where the page lies and may lead upwards.
pub(crate) fn linked(tree: &Tree, page: FileNumber, link: &str) -> Option<FileNumber> {
    let entry = tree.entry(page)?;
    let mut folder = entry.folder();
    let mut rest = link;
    while let Some(after) = rest.strip_prefix("../") {
        let above = folder.strip_suffix('/')?;
        folder = above.get(..above.rfind('/').map_or(0, |slash| slash.saturating_add(1)))?;
        rest = after;
    }
    tree.find(entry.container(), &format!("{folder}{rest}"))
}

/// A small JSON file beside the one that is read; none if it is not there or no JSON.
pub(crate) fn small_json(input: &Input<'_>, link: &str) -> Option<Value> {
    const MOST_BYTES: u64 = 2 << 20;
    let file = linked(input.tree, input.file, link)?;
    let stream = input.tree.entry(file)?.content().stream().ok()?;
    let mut bytes = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    part::value(&bytes).map(|(value, _)| value)
}
