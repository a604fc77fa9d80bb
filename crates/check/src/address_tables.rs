//! Databases in which addresses, links and texts stand in known columns: gone through once, row by row, and
//! held against the lists.
//!
//! Which database and which columns is told by [`Source`]s; see `checks/message_databases.rs` and
//! `checks/browser_addresses.rs`. Columns that a version does not have are null. Packed values (archives of
//! Apple, property lists, protocol buffers) are searched as they lie, see [`in_bytes`]: what they compress or
//! store in UTF-16 is not found. Deliberately not read: deleted rows.

use std::borrow::Cow;
use std::ops::ControlFlow;

use memchr::memmem;
use model::record::{Place, Precision, ProblemKind, TimeReading};
use sqlite::{ColumnNumber, Database, Row, Table, Value};

use crate::database::{self, both};
use crate::{FactSink, Flow, Input, Question, Trace, TraceKind, Wholly, links};

/// A database whose addresses are known to stand in some columns.
pub(crate) struct Source {
    /// Its names, without folders.
    pub(crate) names: &'static [&'static str],
    /// The question it answers.
    pub(crate) question: Question,
    /// Its tables; at least one must be there.
    pub(crate) tables: &'static [Addresses],
}

/// A table.
pub(crate) struct Addresses {
    /// Its name.
    pub(crate) table: &'static str,
    /// Columns and what stands in them.
    pub(crate) columns: &'static [(&'static str, Holds)],
    /// The column with the time of a row.
    pub(crate) at: Option<(&'static str, Clock)>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A text of people, with or without links; or something packed that holds such.
    Words,
    /// The address of a page that was opened; or something packed that holds such.
    Visit,
    /// The address or name of something that was loaded or connected to.
    Connection,
    /// A path.
    Path,
    /// A hash, as bytes.
    Hash,
}

/// How a time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Seconds since 2001.
    Apple,
    /// Seconds since 1970, whole or not.
    Seconds,
    /// Seconds, milliseconds or microseconds since 1970; its size tells which.
    BySize,
    /// Microseconds since 1601.
    Webkit,
    /// A text.
    Text,
}

/// The source that has a file of this name.
pub(crate) fn named(sources: &'static [Source], name: &str) -> Option<&'static Source> {
    sources.iter().find(|source| source.names.iter().any(|known| name.eq_ignore_ascii_case(known)))
}

/// Goes through a database.
pub(crate) fn read(source: &Source, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let Some(database) = database::open(input, sink)? else { return Flow::Continue(()) };
    let whole = input.seen(Place::Whole);
    let mut wholly = database::condition(&database, input.file, sink)?;
    let (mut rows, mut tables) = (0_u64, 0_usize);
    let path = input.entry().map_or("", source::tree::Entry::path);
    let app = app_of(path);
    for known in source.tables {
        let Some(table) = database.table(known.table) else { continue };
        let read = self::table((known, table, app), &database, input, sink)?;
        tables = tables.saturating_add(1);
        rows = rows.saturating_add(read.rows);
        wholly = both(wholly, read.wholly);
    }
    if tables == 0 {
        let expected = "a table that is known of databases of this name";
        return sink.trouble(&whole, ProblemKind::NotUnderstood, expected, "");
    }
    sink.looked(&whole, source.question, wholly, rows)
}

/// Goes through one table of a database.
pub(crate) fn table(
    (known, table, app): (&Addresses, &Table, Option<&str>),
    database: &Database,
    input: &Input<'_>,
    sink: &mut dyn FactSink,
) -> ControlFlow<(), database::TableRead> {
    Reading::of(known, table, app).table(database, input, sink)
}

/// The app that a path of a phone belongs to, if it says so: `AppDomain-com.example.app/…`,
/// `data/data/com.example.app/…`, `Library/Caches/com.example.app/…`.
pub(crate) fn app_of(path: &str) -> Option<&str> {
    const DOMAINS: [&str; 2] = ["AppDomain-", "AppDomainPlugin-"];
    const FOLDERS: [&str; 4] =
        ["data/data/", "data/user/0/", "Library/Caches/", "Containers/Data/Application/"];
    let is_app = |name: &str| name.contains('.') && name.len() <= 255;
    let domain = DOMAINS.iter().find_map(|domain| path.strip_prefix(domain));
    let domain = domain.and_then(|rest| rest.split('/').next()).filter(|name| is_app(name));
    domain.or_else(|| {
        let mut apps = FOLDERS.iter().filter_map(|folder| {
            let at = memmem::find(path.as_bytes(), folder.as_bytes())?.checked_add(folder.len())?;
            let (app, _) = path.get(at..)?.split_once('/')?;
            is_app(app).then_some(app)
        });
        apps.next()
    })
}

/// A table while it is gone through.
struct Reading<'d> {
    columns: Vec<(ColumnNumber, Holds)>,
    at: Option<(ColumnNumber, Clock)>,
    table: &'d Table,
    app: Option<&'d str>,
}

impl<'d> Reading<'d> {
    fn of(known: &Addresses, table: &'d Table, app: Option<&'d str>) -> Self {
        let columns = known.columns.iter().filter_map(|(name, holds)| Some((table.column(name)?, *holds)));
        let at = known.at.and_then(|(name, clock)| Some((table.column(name)?, clock)));
        Self { columns: columns.collect(), at, table, app }
    }

    fn table(
        &self,
        database: &Database,
        input: &Input<'_>,
        sink: &mut dyn FactSink,
    ) -> ControlFlow<(), database::TableRead> {
        database::each_row((database, self.table, input.file), sink, &mut |row, sink| {
            for (column, holds) in &self.columns {
                let value = row.get(*column);
                let mut flow = Flow::Continue(());
                each(value, *holds, &mut |kind, found| {
                    if flow.is_continue() {
                        flow = self.tell((kind, found), row, input, sink);
                    }
                });
                flow?;
            }
            Flow::Continue(())
        })
    }

    /// Only what is found costs a place and a time.
    fn tell(
        &self,
        (kind, value): (TraceKind, &str),
        row: &Row<'_>,
        input: &Input<'_>,
        sink: &mut dyn FactSink,
    ) -> Flow {
        let seen = input.seen(Place::row(self.table.name(), row.rowid()));
        let at = self.at.and_then(|(column, clock)| clock.read(row, column));
        // What an app loads is its own; a link that was sent and a page that a person opened are not.
        let app = self.app.filter(|_| kind == TraceKind::Connection);
        sink.trace(&Trace { kind, value, at: at.as_ref(), app, seen: &seen })
    }
}

/// What stands in a value.
fn each(value: Value<'_>, holds: Holds, take: &mut dyn FnMut(TraceKind, &str)) {
    let kind = match holds {
        Holds::Words => TraceKind::Link,
        Holds::Visit => TraceKind::Visit,
        Holds::Connection => TraceKind::Connection,
        Holds::Path => TraceKind::Path,
        Holds::Hash => TraceKind::FileHash,
    };
    match (value, holds) {
        (Value::Text(text), Holds::Words) => in_words(&text.lossy(), &mut |link| take(kind, link)),
        (Value::Text(text), _) => {
            let text = text.lossy();
            let text = text.trim();
            if !text.is_empty() {
                take(kind, text);
            }
        }
        (Value::Blob(bytes), Holds::Hash) if matches!(bytes.len(), 16 | 20 | 32) => {
            take(kind, &model::encode_hex(bytes));
        }
        (Value::Blob(bytes), Holds::Words | Holds::Visit | Holds::Connection) => {
            in_bytes(bytes, &mut |link| take(kind, link));
        }
        _ => {}
    }
}

/// The links in a text of people.
pub(crate) fn in_words(text: &str, take: &mut dyn FnMut(&str)) {
    links::find(text, take);
}

/// The links in bytes of any form: what begins with `http` and goes on as a link does.
pub(crate) fn in_bytes(bytes: &[u8], take: &mut dyn FnMut(&str)) {
    /// Longest link that is looked at.
    const LINK_BYTES_MOST: usize = 2048;
    const SCHEME_BYTES: usize = 5;
    let mut from = 0_usize;
    for colon in memmem::find_iter(bytes, "://") {
        let begin = colon.saturating_sub(SCHEME_BYTES).max(from);
        let before = bytes.get(begin..colon).unwrap_or_default();
        let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters < 4 {
            continue;
        }
        let start = colon.saturating_sub(letters);
        let rest =
            bytes.get(start..bytes.len().min(start.saturating_add(LINK_BYTES_MOST))).unwrap_or_default();
        let valid = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let end = valid.find(|c: char| c.is_whitespace() || c.is_control()).unwrap_or(valid.len());
        links::find(valid.get(..end).unwrap_or_default(), take);
        from = start.saturating_add(end).max(colon.saturating_add(3));
    }
}

impl Clock {
    fn read(self, row: &Row<'_>, column: ColumnNumber) -> Option<TimeReading> {
        /// 1970 after 1601, in seconds.
        const WEBKIT_SECONDS: i64 = 11_644_473_600;
        let utc = |number: i64, ms: Option<i64>| {
            let ms = ms.filter(|ms| ms.unsigned_abs() < 253_402_300_800_000);
            (number != 0).then(|| TimeReading::utc(number.to_string(), ms, Precision::Millisecond))
        };
        match self {
            Self::Apple => database::apple_time(row, Some(column)),
            Self::Seconds => {
                let seconds = row.real(column).filter(|seconds| *seconds != 0.0)?;
                #[expect(clippy::cast_possible_truncation, reason = "checked to lie within ± 10^15")]
                let ms = (seconds.abs() < 1e11).then(|| (seconds * 1000.0).round() as i64);
                Some(TimeReading::utc(seconds.to_string(), ms, Precision::Millisecond))
            }
            Self::BySize => {
                let number = row.integer(column)?;
                let ms = match number.unsigned_abs() {
                    0..100_000_000_000 => number.checked_mul(1000),
                    100_000_000_000..100_000_000_000_000 => Some(number),
                    _ => Some(number.div_euclid(1000)),
                };
                utc(number, ms)
            }
            Self::Webkit => {
                let number = row.integer(column)?;
                utc(number, number.div_euclid(1000).checked_sub(WEBKIT_SECONDS.checked_mul(1000)?))
            }
            Self::Text => {
                let text = database::text(row, Some(column))?;
                let whole: Cow<'_, str> = match text.len() {
                    19 => format!("{}Z", text.replace(' ', "T")).into(),
                    _ => text.as_str().into(),
                };
                let ms = whole.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
                Some(TimeReading::utc(text, ms, Precision::Second))
            }
        }
    }
}

/// Whether a source's file was looked into as a whole; for checks that read more than tables.
pub(crate) fn sum(reads: &[database::TableRead], before: Wholly) -> (Wholly, u64) {
    reads
        .iter()
        .fold((before, 0), |(wholly, rows), read| (both(wholly, read.wholly), rows.saturating_add(read.rows)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_stand_in_paths() {
        for (path, app) in [
            ("AppDomain-com.example.app/Library/Caches/x/Cache.db", Some("com.example.app")),
            ("AppDomainGroup-group.com.example/x", None),
            ("dump/data/data/com.example.app/app_webview/Default/Cookies", Some("com.example.app")),
            ("private/var/mobile/Library/Caches/com.example.app/Cache.db", Some("com.example.app")),
            ("HomeDomain/Library/Safari/History.db", None),
            ("Cache.db", None),
        ] {
            assert_eq!(app_of(path), app, "{path}");
        }
    }

    #[test]
    fn links_in_packed_values() {
        let bytes =
            b"\x01\x02hhttp://a.example/x\x84https://\xff https://b.example/\xc3\xbc\x00://\x00www.c.example";
        let mut found = Vec::new();
        in_bytes(bytes, &mut |link| found.push(link.to_owned()));
        assert_eq!(found, ["http://a.example/x", "https://b.example/ü"]);
        let hostile = b"http://".repeat(100_000);
        in_bytes(&hostile, &mut |_| {});
        in_bytes(&b"x://".repeat(100_000), &mut |_| {});
    }
}
