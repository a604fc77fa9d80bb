//! The limits of every reader in one place (docs/format.md, section 10).

/// What a reader of foreign bytes may spend. A reader stops at a limit and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of one file in a source.
    pub file_bytes: u64,
    /// Most entries (files, folders, links) in one source.
    pub entries: u64,
    /// Deepest folder below a root.
    pub depth: u32,
    /// Most bytes of one name in a path.
    pub name_bytes: u32,
    /// Most bytes of one entry body.
    pub entry_body_bytes: u64,
    /// Most bytes of the header of an age file.
    pub age_header_bytes: u64,
    /// Most bytes of a receipt.
    pub receipt_bytes: u64,
    /// Most bytes of a list of files or names that is read into memory.
    pub list_bytes: u64,
}

impl Limits {
    /// The defaults of the program.
    pub const DEFAULT: Self = Self {
        file_bytes: 1 << 43,
        entries: 50_000_000,
        depth: 512,
        name_bytes: 65_536,
        entry_body_bytes: 1 << 20,
        age_header_bytes: 64 << 10,
        receipt_bytes: 16 << 20,
        list_bytes: 64 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What reading evidence may spend, so that a hostile file costs its worker and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReadLimits {
    /// Most files in a tree, those in containers included.
    pub entries: u64,
    /// Deepest nesting of containers.
    pub depth: u32,
    /// Most bytes that one packed file may unpack to.
    pub unpacked_bytes: u64,
    /// Most bytes of one unit that is held in memory: a line, a row, an element, a mail part.
    pub unit_bytes: u64,
    /// Most rounds of a password's key derivation that a file may ask for.
    pub key_rounds: u32,
}

impl ReadLimits {
    /// The defaults of the program.
    pub const DEFAULT: Self = Self {
        entries: 2_000_000,
        depth: 8,
        unpacked_bytes: 256 << 30,
        unit_bytes: 64 << 20,
        key_rounds: 50_000_000,
    };
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
