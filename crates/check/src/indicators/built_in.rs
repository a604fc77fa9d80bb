//! The lists that are part of the program, and whose work they are.

use std::sync::LazyLock;

use super::compact;
use super::table::Indicators;

/// The lists, in the order in which they are asked: the first that knows a thing of a family is named.
const TEXTS: &[&str] = &[
    include_str!("../../../../rules/indicators/stalkerware-indicators.txt"),
    include_str!("../../../../rules/indicators/mvt-indicators.txt"),
    include_str!("../../../../rules/indicators/tinycheck.txt"),
];

/// A list that is part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, as it stands in a hit.
    pub name: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its licence.
    pub licence: &'static str,
    /// Whose work it is.
    pub authors: &'static str,
    /// Version, commit and date.
    pub version: &'static str,
    /// What was changed.
    pub changes: &'static str,
    /// How many indicators of it are in the program.
    pub count: usize,
}

/// The lists that are part of the program: to be named wherever their facts are shown.
pub fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let source = |text: &&'static str| {
            let compact::Header { name, source, licence, authors, version, changes, count } =
                compact::header(text);
            Source { name, source, licence, authors, version, changes, count }
        };
        TEXTS.iter().map(source).collect()
    });
    &SOURCES
}

/// A new table of the lists that are part of the program; further lists can be added to it. Takes a few
/// milliseconds, so make it once.
pub fn built_in() -> Indicators {
    Indicators::of_texts(TEXTS)
}
