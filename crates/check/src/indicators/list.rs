//! A list of indicators as it is read: families with what they are known by, and what could not be read.
//!
//! Knows no format; `compact.rs`, `stix.rs` and `echap.rs` make lists.

use super::normal;
use crate::Kind;

/// What an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndicatorKind {
    /// The identifier of an app: package name or bundle identifier.
    App,
    /// The fingerprint of a certificate that signs apps.
    Signer,
    /// The organisation in such a certificate.
    SignerOrganisation,
    /// The common name in such a certificate: `?` any sign that is no letter or digit, `#` a digit, `*` the
    /// rest.
    SignerPattern,
    /// MD5, SHA-1 or SHA-256 of a file.
    FileHash,
    /// The name of a file.
    FileName,
    /// The path of a file or folder; without a slash in front: the end of a path.
    FilePath,
    /// The name or path of a process.
    Process,
    /// A server that takes what such a program sends.
    CommandServer,
    /// The vendor's website.
    Website,
    /// Where such a program is downloaded from.
    Distributor,
    /// A host or address that the list gives no part for.
    Domain,
    /// The identifier of a configuration profile.
    Profile,
    /// The name of a system property.
    Property,
    /// A mail address.
    Mail,
}

impl IndicatorKind {
    /// All of them, in the order of the compact form.
    pub const ALL: &[Self] = &[
        Self::App,
        Self::Signer,
        Self::SignerOrganisation,
        Self::SignerPattern,
        Self::FileHash,
        Self::FileName,
        Self::FilePath,
        Self::Process,
        Self::CommandServer,
        Self::Website,
        Self::Distributor,
        Self::Domain,
        Self::Profile,
        Self::Property,
        Self::Mail,
    ];

    /// Its word in the compact form; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Signer => "signer",
            Self::SignerOrganisation => "signer-organisation",
            Self::SignerPattern => "signer-pattern",
            Self::FileHash => "hash",
            Self::FileName => "file",
            Self::FilePath => "path",
            Self::Process => "process",
            Self::CommandServer => "server",
            Self::Website => "website",
            Self::Distributor => "distributor",
            Self::Domain => "domain",
            Self::Profile => "profile",
            Self::Property => "property",
            Self::Mail => "mail",
        }
    }

    /// The kind with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// One indicator: what it is, and its value in the one form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Indicator {
    /// What it is.
    pub kind: IndicatorKind,
    /// Its value.
    pub value: String,
}

impl Indicator {
    /// Brings a value into its form; none if it is no such thing.
    pub fn new(kind: IndicatorKind, value: &str) -> Option<Self> {
        normal::form(kind, value).map(|value| Self { kind, value })
    }
}

/// A family of programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// What sort of program it is.
    pub kind: Kind,
    /// What it is known by.
    pub indicators: Vec<Indicator>,
}

impl Family {
    /// A family of which nothing is known yet.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), aliases: Vec::new(), kind, indicators: Vec::new() }
    }
}

/// What was read of a list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The families, in the order of the list.
    pub families: Vec<Family>,
    /// What could not be read; the first ones.
    pub troubles: Vec<Trouble>,
    /// How many things could not be read, with those that are not listed.
    pub troubles_count: u64,
}

/// An entry of a list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where: the identifier or number of the entry, a line.
    pub at: String,
    /// What was expected there, in technical words.
    pub expected: &'static str,
}

/// Most troubles that are listed one by one.
const TROUBLES_MOST: usize = 100;
/// Longest place of a trouble.
const PLACE_BYTES_MOST: usize = 120;

impl List {
    /// How many indicators there are.
    pub fn count(&self) -> usize {
        self.families.iter().map(|family| family.indicators.len()).sum()
    }

    /// Tells an entry that could not be read.
    pub(super) fn trouble(&mut self, at: &str, expected: &'static str) {
        self.troubles_count = self.troubles_count.saturating_add(1);
        if self.troubles.len() < TROUBLES_MOST {
            let at = normal::clip(at, PLACE_BYTES_MOST).to_owned();
            self.troubles.push(Trouble { at, expected });
        }
    }
}

/// What may be spent on a list that a person adds.
#[derive(Clone, Copy, Debug)]
pub struct ListLimits {
    /// Longest file in bytes.
    pub bytes: usize,
    /// Most indicators.
    pub indicators: usize,
    /// Deepest nesting.
    pub depth: usize,
}

impl Default for ListLimits {
    fn default() -> Self {
        Self { bytes: 64 << 20, indicators: 1_000_000, depth: 32 }
    }
}
