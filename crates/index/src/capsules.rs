//! Which capsules an index covers, and whether something of a leaf is in it.

use model::EntryNumber;
use rusqlite::params;

use crate::{FileId, Index, IndexError};

impl Index {
    /// The capsules whose files and records are in it, by the entries that secured them.
    pub fn capsules(&self) -> Result<Vec<EntryNumber>, IndexError> {
        let mut select = self.db.prepare_cached("SELECT number FROM capsule ORDER BY number")?;
        let numbers = select.query_map([], |row| row.get::<_, i64>(0))?;
        numbers.map(|number| Ok(EntryNumber(number?.unsigned_abs()))).collect()
    }

    /// The capsule of a file, by the entry that secured it.
    pub fn capsule_of(&self, file: FileId) -> Result<EntryNumber, IndexError> {
        let mut select = self.db.prepare_cached("SELECT capsule FROM file WHERE id = ?")?;
        let number: i64 = select.query_row([file.0], |row| row.get(0))?;
        Ok(EntryNumber(number.unsigned_abs()))
    }

    /// Whether anything of a leaf of a capsule, or of any leaf of it, is in the index.
    pub fn holds(&self, capsule: EntryNumber, leaf: Option<u64>) -> Result<bool, IndexError> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let select = "SELECT EXISTS (SELECT 1 FROM file WHERE capsule = ?1 AND (?2 IS NULL OR leaf = ?2))";
        let values = params![number(capsule.0), leaf.map(number)];
        Ok(self.db.prepare_cached(select)?.query_row(values, |row| row.get(0))?)
    }
}
