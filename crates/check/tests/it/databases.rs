//! Databases, made with SQLite itself.

use rusqlite::Connection;

/// The bytes of a database that these statements make.
pub(crate) fn database(fill: impl FnOnce(&Connection)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database");
    let connection = Connection::open(&path).unwrap();
    fill(&connection);
    connection.close().unwrap();
    std::fs::read(path).unwrap()
}

/// As [`database`], of statements only.
pub(crate) fn database_of(statements: &str) -> Vec<u8> {
    database(|connection| connection.execute_batch(statements).unwrap())
}

/// An attributed string as Apple archives it.
pub(crate) fn attributed(text: &str) -> Vec<u8> {
    let before = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\0\
                   \x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+";
    let after = b"\x86\x84\x02iI\x01\x05\x92\x84\x84\x84\x0cNSDictionary\0\x94\x84\x01i\x01\x92\x84\x96\x96\
                  \x1d__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08NSNumber\0\x84\x84\x07NSValue\0\
                  \x94\x84\x01*\x84\x99\x99\0\x86\x86\x86";
    let length = match u16::try_from(text.len()).unwrap() {
        short @ 0..128 => vec![u8::try_from(short).unwrap()],
        long => [&[0x81][..], &long.to_le_bytes()].concat(),
    };
    [before, &length[..], text.as_bytes(), after].concat()
}
