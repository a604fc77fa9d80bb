//! The reckoning of one file: everything in it is accounted for.

use serde::{Deserialize, Serialize};

use super::FileNumber;

/// How many units a file has and what became of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The file.
    pub file: FileNumber,
    /// What is counted.
    pub unit: Unit,
    /// Which part of the file, where several are counted: the table's name; otherwise empty.
    pub part: String,
    /// Units in the source.
    pub in_source: u64,
    /// Units that became a record of their own.
    pub records: u64,
    /// Units that belong to a record begun before: further lines of a message, rows that describe another.
    pub continuations: u64,
    /// Units that the program itself wrote: notices, headers, system rows. They are records too.
    pub system: u64,
    /// Units that became a problem.
    pub problems: u64,
}

impl Counted {
    /// Nothing counted yet.
    pub fn new(file: FileNumber, unit: Unit, part: &str) -> Self {
        let part = part.to_owned();
        Self { file, unit, part, in_source: 0, records: 0, continuations: 0, system: 0, problems: 0 }
    }

    /// Whether every unit is accounted for.
    pub fn adds_up(&self) -> bool {
        let sum = self.records.checked_add(self.continuations).and_then(|sum| sum.checked_add(self.system));
        sum.and_then(|sum| sum.checked_add(self.problems)) == Some(self.in_source)
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// Lines of a text.
    Line,
    /// Rows of a table.
    Row,
    /// Elements of a JSON, XML or HTML document.
    Element,
    /// Frames of a stream.
    Frame,
    /// Whole files.
    File,
    /// Mails in a mailbox.
    Mail,
    /// Entries of a card file.
    Card,
}

impl Unit {
    /// The word in tables, JSON and text ids; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Row => "row",
            Self::Element => "element",
            Self::Frame => "frame",
            Self::File => "file",
            Self::Mail => "mail",
            Self::Card => "card",
        }
    }
}
