//! The one place where index files are opened, and how they are set up.
//!
//! SQLCipher 4 with its standard settings (AES-256, HMAC-SHA-512, pages of 4096 bytes), so that its own
//! tools open the file with the raw key. Measured: SHA-256 instead of SHA-512 changes building by a
//! twentieth, pages of 16 KiB by a sixth but make every looked-up record dearer; `cipher_memory_security`
//! would more than double it and stays off, as is the standard. Nothing is ever written in clear:
//! intermediate results stay in memory, and there is no journal, because a new file that is not finished is
//! thrown away.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::IndexError;
use crate::key::IndexKey;

/// Most pages kept in memory while building, in KiB.
const BUILD_CACHE_KIB: u32 = 64 << 10;
/// Most pages kept in memory while reading, in KiB.
const READ_CACHE_KIB: u32 = 32 << 10;

/// SQLCipher would write to the standard error output by itself.
const SILENT: &str = "PRAGMA cipher_log_level = NONE;";

/// A new, empty file.
pub(crate) fn create(path: &Path, key: &IndexKey) -> Result<Connection, IndexError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | common_flags();
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(SILENT)?;
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

/// A finished file with tables of this version, for reading.
pub(crate) fn open(path: &Path, key: &IndexKey, version: u32) -> Result<Connection, IndexError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | common_flags();
    let connection = Connection::open_with_flags(path, flags).map_err(|error| {
        let missing = error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen);
        if missing { IndexError::Missing } else { error.into() }
    })?;
    connection.execute_batch(SILENT)?;
    connection.execute_batch(&key.opening())?;
    match sound(&connection, set_up_reading(&connection).and_then(|()| check(&connection, version))) {
        Ok(()) => Ok(connection),
        // The salt is the one thing that can be read without the key. It stands in the first page, which may
        // be the last one to be written.
        Err(IndexError::Damaged) => Err(match salt_of_file(&connection) {
            salt if salt == key.salt() => IndexError::Damaged,
            salt if salt.bytes().all(|digit| digit == b'0') => IndexError::Unfinished,
            _ => IndexError::WrongKey,
        }),
        Err(error) => Err(error),
    }
}

fn set_up_reading(connection: &Connection) -> Result<(), IndexError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    let set_up =
        format!("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{READ_CACHE_KIB}; PRAGMA query_only = ON;");
    Ok(connection.execute_batch(&set_up)?)
}

fn common_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_EXRESCODE
}

/// Whether the tables are those of this program, and all of it was written.
fn check(connection: &Connection, known: u32) -> Result<(), IndexError> {
    let number = |select| connection.query_row(select, [], |row| row.get::<_, i64>(0));
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let found = u32::try_from(number("PRAGMA user_version")?).map_err(|_| IndexError::Damaged)?;
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
    let finished = number("SELECT count(*) FROM finished")?;
    if finished == 0 { Err(IndexError::Unfinished) } else { Ok(()) }
}

/// What was read, if every page it came from was authentic. SQLCipher hands out an empty page in place of one
/// that is not, and only remembers that there was one; unasked, a search would find nothing and say so.
pub(crate) fn sound<T>(connection: &Connection, read: Result<T, IndexError>) -> Result<T, IndexError> {
    sound_in(connection, "main", read)
}

/// The same of one of several files that are open together.
pub(crate) fn sound_in<T>(
    connection: &Connection,
    name: &str,
    read: Result<T, IndexError>,
) -> Result<T, IndexError> {
    // The answer is fixed when the statement is prepared, so this one is never kept.
    let status: Result<String, _> =
        connection.query_row(&format!("PRAGMA {name}.cipher_status"), [], |row| row.get(0));
    match status.as_deref() {
        Ok("1") => read,
        _ => Err(IndexError::Damaged),
    }
}

/// Says that everything was written, when all of it is on disk.
pub(crate) fn finish(connection: &Connection) -> Result<(), IndexError> {
    sound(connection, Ok(()))?;
    // The last commit waits for the disk, and with it for all that was written before.
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;")?;
    Ok(connection.execute_batch("INSERT INTO finished DEFAULT VALUES")?)
}

/// Opens a second finished file beside the first; what it is was found by [`open`] before.
pub(crate) fn attach(
    connection: &Connection,
    path: &Path,
    key: &IndexKey,
    name: &str,
) -> Result<(), IndexError> {
    let path = path.to_str().ok_or_else(|| IndexError::Database("path is not Unicode".to_owned()))?;
    connection.execute(&format!("ATTACH DATABASE ? AS {name} KEY ?"), [path, key.attaching().as_str()])?;
    Ok(())
}

/// The salt that the file begins with, in hexadecimal; empty if it cannot be had.
fn salt_of_file(connection: &Connection) -> String {
    connection.query_row("PRAGMA cipher_salt", [], |row| row.get(0)).unwrap_or_default()
}
