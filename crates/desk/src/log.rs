//! `log`: every entry of the case in order. Reading it is an act and leaves an entry.

use custody::Fields;
use model::{EntryNumber, Timestamp};
use vault::EntryRead;

use crate::{Desk, DeskError, OpenCase};

/// One entry as it is shown.
#[derive(Debug, serde::Serialize)]
pub struct LogLine {
    /// Its number.
    pub number: EntryNumber,
    /// Its kind; none when its body was erased.
    pub kind: Option<String>,
    /// Its time by the clock of the installation that wrote it.
    pub at: Option<Timestamp>,
    /// Everything it says.
    pub fields: serde_json::Map<String, custody::Value>,
}

impl Desk<'_> {
    /// Reads the whole log. In a writing copy an `opened` entry is appended first and shown last; a copy
    /// open for reading cannot record that it was read.
    pub fn log(&mut self, case: &mut OpenCase) -> Result<Vec<LogLine>, DeskError> {
        case.keyring()?;
        if case.vault.access() == vault::Access::Write {
            self.append(
                case,
                "opened",
                Fields::new().with("what", "log").with("items", Vec::<String>::new()),
            )?;
        }
        let keyring = case.keyring()?;
        (0..case.vault.head().size)
            .map(EntryNumber)
            .map(|number| {
                Ok(match case.vault.entry(number, keyring)? {
                    EntryRead::Erased => {
                        LogLine { number, kind: None, at: None, fields: serde_json::Map::new() }
                    }
                    EntryRead::Body(entry) => LogLine {
                        number,
                        kind: entry.fields.kind().map(str::to_owned),
                        at: entry.fields.at(),
                        fields: entry
                            .fields
                            .iter()
                            .map(|(name, value)| (name.to_owned(), value.clone()))
                            .collect(),
                    },
                })
            })
            .collect()
    }
}
