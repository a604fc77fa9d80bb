//! Reads SQLite database files that others wrote, down to the byte: pages, rows, the write-ahead log.
//!
//! Follows "Database File Format" of the SQLite project (sqlite.org/fileformat2.html, format 3, schema
//! formats 1 to 4, as of SQLite 3.54). Whatever is damaged is left out and said, the rest still comes. This
//! crate deliberately runs no SQL, writes nothing, applies no rollback journal (a database whose journal is
//! hot is read as it lies), decrypts nothing, uses no index, reads no deleted rows from free pages or free
//! space, and does not work out generated columns that are not stored.
//!
//! ```
//! use std::sync::Arc;
//!
//! use sqlite::{Database, Limits, OpenError};
//!
//! /// The texts of a table of messages, with the names of their chats.
//! fn texts(file: Vec<u8>) -> Result<Vec<String>, OpenError> {
//!     let database = Database::open(Arc::new(file), None, Limits::DEFAULT)?;
//!     let Some(messages) = database.table("message") else { return Ok(Vec::new()) };
//!     let (text, chat) = (messages.column("text_data"), messages.column("chat_row_id"));
//!     let chats = database.table("chat");
//!     let subject = chats.and_then(|chats| chats.column("subject"));
//!     let mut texts = Vec::new();
//!     let mut rows = database.rows(messages);
//!     while let Some(row) = rows.next() {
//!         match row {
//!             Ok(row) => {
//!                 let chat = chats.zip(row.integer(chat));
//!                 let chat = chat.and_then(|(chats, rowid)| database.row(chats, rowid).ok().flatten());
//!                 let name = chat.and_then(|chat| chat.row().text(subject).map(|name| name.into_owned()));
//!                 texts.push(format!("{name:?} {:?} {:?}", row.text(text), row.place()));
//!             }
//!             Err(problem) => texts.push(format!("not read: {problem}")),
//!         }
//!     }
//!     Ok(texts)
//! }
//! assert!(texts(vec![0; 100]).is_err());
//! ```

mod bytes;
mod cell;
mod database;
mod header;
mod limits;
mod overflow;
mod page_set;
mod pages;
mod problem;
mod record;
mod row;
mod rows;
mod schema;
mod seek;
mod sequential;
mod value;
mod wal;

pub use database::Database;
pub use limits::Limits;
pub use problem::{InFile, Lost, OpenError, Place, RowProblem, What};
pub use row::{OwnedRow, Row};
pub use rows::Rows;
pub use schema::{Column, ColumnNumber, DefaultValue, Stored, Table, TableKind};
pub use value::{Encoding, Text, Value};
pub use wal::{WalHeaderState, WalReport};
