//! The one place where index files are opened, and how they are set up.
//!
//! SQLCipher 4 with its standard settings (AES-256, HMAC-SHA-512, pages of 4096 bytes), so that its own tools
//! open the file with the raw key. Measured: SHA-256 instead of SHA-512, or pages of 16 KiB, change building by
//! less than a tenth. Nothing is ever written in clear: intermediate results stay in memory, and there is no
//! journal, because a new file that is not finished is thrown away.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::IndexError;
use crate::key::IndexKey;
use crate::schema::SCHEMA_VERSION;

/// Most pages kept in memory while building, in KiB.
const BUILD_CACHE_KIB: u32 = 64 << 10;
/// Most pages kept in memory while reading, in KiB.
const READ_CACHE_KIB: u32 = 32 << 10;

/// A new, empty file.
pub(crate) fn create(path: &Path, key: &IndexKey) -> Result<Connection, IndexError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | common_flags();
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(&key.creating())?;
    let pages: i64 =
        connection.query_row("PRAGMA page_count", [], |row| row.get(0)).map_err(|_| IndexError::NotEmpty)?;
    if pages != 0 {
        return Err(IndexError::NotEmpty);
    }
    let set_up = format!(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{BUILD_CACHE_KIB};"
    );
    connection.execute_batch(&set_up)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A finished file, for reading.
pub(crate) fn open(path: &Path, key: &IndexKey) -> Result<Connection, IndexError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | common_flags();
    let connection = Connection::open_with_flags(path, flags).map_err(|error| {
        let missing = error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen);
        if missing { IndexError::Missing } else { error.into() }
    })?;
    connection.execute_batch(&key.opening())?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    let set_up =
        format!("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{READ_CACHE_KIB}; PRAGMA query_only = ON;");
    connection.execute_batch(&set_up)?;
    check(&connection, key)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn common_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_EXRESCODE
}

/// Whether the key fits, the tables are those of this program, and all of it was written.
fn check(connection: &Connection, key: &IndexKey) -> Result<(), IndexError> {
    let first_page = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    let tables: i64 = match first_page {
        Ok(tables) => tables,
        Err(error) => {
            let error = IndexError::from(error);
            let other_key = matches!(error, IndexError::Damaged) && salt_of_file(connection) != key.salt();
            return Err(if other_key { IndexError::WrongKey } else { error });
        }
    };
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = SCHEMA_VERSION;
    if found > known {
        return Err(IndexError::NewerSchema { found, known });
    }
    // Before the first page is written all of it is zero, and the version with it.
    if tables == 0 || found == 0 {
        return Err(IndexError::Unfinished);
    }
    if found < known {
        return Err(IndexError::OlderSchema { found, known });
    }
    let finished: i64 = connection.query_row("SELECT count(*) FROM finished", [], |row| row.get(0))?;
    if finished == 0 { Err(IndexError::Unfinished) } else { Ok(()) }
}

/// The salt that the file begins with, in hexadecimal; empty if it cannot be had.
fn salt_of_file(connection: &Connection) -> String {
    connection.query_row("PRAGMA cipher_salt", [], |row| row.get(0)).unwrap_or_default()
}
