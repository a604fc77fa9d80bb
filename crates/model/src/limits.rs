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
