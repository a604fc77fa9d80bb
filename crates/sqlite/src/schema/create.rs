//! Reads CREATE TABLE, as far as it says where values are stored: names, types, defaults, the primary key,
//! generated columns, WITHOUT ROWID. Constraints are passed over.

use std::collections::HashMap;

use super::token::{Token, tokens};
use super::{Affinity, Column, Stored, default};
use crate::record::COLUMNS_MAX;

/// The words that begin a constraint of a table.
const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
/// The words that begin a constraint of a column.
const COLUMN_CONSTRAINTS: &[&str] =
    &["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS"];
/// More pieces of text than any table has.
const TOKENS_MAX: usize = 1 << 20;

/// What the text says.
#[derive(Debug, PartialEq)]
pub(super) enum Created {
    /// Rows with rowids.
    Rowid(Vec<Column>),
    /// Rows in the order of the primary key.
    WithoutRowid(Vec<Column>),
    /// A virtual table.
    Virtual,
}

/// Reads the text; nothing when it cannot be understood.
pub(super) fn parse(sql: &str) -> Option<Created> {
    let tokens = tokens(sql, TOKENS_MAX);
    let mut rest = tokens.iter();
    rest.next().filter(|token| token.is("CREATE"))?;
    let mut next = rest.next()?;
    while next.is_any(&["TEMP", "TEMPORARY"]) {
        next = rest.next()?;
    }
    if next.is("VIRTUAL") {
        return Some(Created::Virtual);
    }
    next.is("TABLE").then_some(())?;
    let open = tokens.iter().position(|token| *token == Token::Sign('('))?;
    let body = tokens.get(open + 1..)?;
    let end = closing(body)?;
    let options = body.get(end..)?;
    let without_rowid =
        options.windows(2).any(|pair| matches!(pair, [a, b] if a.is("WITHOUT") && b.is("ROWID")));
    let definition = definition(body.get(..end)?)?;
    Some(if without_rowid {
        Created::WithoutRowid(definition.in_key_order())
    } else {
        Created::Rowid(definition.in_declared_order())
    })
}

/// Where the bracket closes that is open at the beginning.
fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 1_usize;
    tokens.iter().position(|token| {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// The tokens behind the brackets that begin here.
fn behind_brackets(tokens: &[Token]) -> &[Token] {
    match tokens.split_first() {
        Some((Token::Sign('('), inside)) => {
            closing(inside).and_then(|end| inside.get(end + 1..)).unwrap_or_default()
        }
        _ => tokens,
    }
}

/// The pieces between the commas that stand in no brackets.
fn items(mut tokens: &[Token]) -> Vec<&[Token]> {
    let mut items = Vec::new();
    loop {
        let mut depth = 0_usize;
        let comma = tokens.iter().position(|token| {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && *token == Token::Sign(',')
        });
        let Some(comma) = comma else { break };
        items.extend(tokens.get(..comma));
        tokens = tokens.get(comma + 1..).unwrap_or_default();
    }
    items.push(tokens);
    items
}

/// How a column's value is stored, as far as the column itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Storage {
    Plain,
    Virtual,
}

/// Columns and key, before it is worked out where each value lies.
#[derive(Default)]
struct Definition {
    columns: Vec<(Column, Storage)>,
    /// The columns by their names in lower case.
    numbers: HashMap<String, usize>,
    /// Numbers of the columns of the primary key.
    key: Vec<usize>,
    /// The column that `INTEGER PRIMARY KEY` makes the rowid.
    rowid: Option<usize>,
}

fn definition(body: &[Token]) -> Option<Definition> {
    let mut definition = Definition::default();
    for item in items(body) {
        let first = item.first()?;
        if first.is_any(TABLE_CONSTRAINTS) && !definition.columns.is_empty() {
            definition.table_constraint(item);
        } else {
            definition.column(item)?;
        }
        if definition.columns.len() > COLUMNS_MAX {
            return None;
        }
    }
    Some(definition)
}

impl Definition {
    fn column(&mut self, tokens: &[Token]) -> Option<()> {
        let (name, rest) = tokens.split_first()?;
        let name = name.name()?.to_owned();
        let (declared_type, constraints) = declared_type(rest);
        let affinity = Affinity::of(&declared_type);
        let mut column = Column {
            name,
            affinity,
            default: super::DefaultValue::Null,
            stored: Stored::Nowhere,
            declared_type,
        };
        let number = self.columns.len();
        self.numbers.entry(column.name.to_ascii_lowercase()).or_insert(number);
        let mut storage = Storage::Plain;
        let mut rest = constraints;
        let mut before: Option<&Token> = None;
        while let Some((first, behind)) = rest.split_first() {
            rest = match first {
                // ON DELETE SET DEFAULT is no default.
                token if token.is("DEFAULT") && !before.is_some_and(|token| token.is("SET")) => {
                    column.default = default::parse(behind, affinity);
                    behind
                }
                token if token.is("CONSTRAINT") || token.is("COLLATE") || token.is("REFERENCES") => {
                    behind.get(1..).unwrap_or_default()
                }
                token if token.is("PRIMARY") => {
                    self.key.push(number);
                    let falling = behind.get(1).is_some_and(|token| token.is("DESC"));
                    if column.declared_type.eq_ignore_ascii_case("INTEGER") && !falling {
                        self.rowid = Some(number);
                    }
                    behind
                }
                token if token.is("AS") => {
                    let behind = behind_brackets(behind);
                    let stored = behind.first().is_some_and(|token| token.is("STORED"));
                    storage = if stored { Storage::Plain } else { Storage::Virtual };
                    behind
                }
                Token::Sign('(') => behind_brackets(rest),
                _ => behind,
            };
            before = Some(first);
        }
        self.columns.push((column, storage));
        Some(())
    }

    /// Looks for `PRIMARY KEY (…)`; several constraints may stand in one piece, for the commas between them
    /// are optional.
    fn table_constraint(&mut self, tokens: &[Token]) {
        let mut rest = tokens;
        while let Some((first, behind)) = rest.split_first() {
            rest = match first {
                Token::Sign('(') => behind_brackets(rest),
                token if token.is("CONSTRAINT") => behind.get(1..).unwrap_or_default(),
                token if token.is("PRIMARY") => {
                    if let [_, Token::Sign('('), inside @ ..] = behind {
                        let end = closing(inside).unwrap_or(inside.len());
                        self.primary_key(inside.get(..end).unwrap_or_default());
                    }
                    behind
                }
                _ => behind,
            };
        }
    }

    fn primary_key(&mut self, list: &[Token]) {
        self.key = items(list)
            .into_iter()
            .filter_map(|item| {
                let name = item.first()?.name()?;
                self.numbers.get(&name.to_ascii_lowercase()).copied()
            })
            .collect();
        if let [only] = *self.key.as_slice() {
            let column = self.columns.get(only);
            let integer =
                |(column, _): &(Column, Storage)| column.declared_type.eq_ignore_ascii_case("INTEGER");
            self.rowid = column.is_some_and(integer).then_some(only);
        }
    }

    fn in_declared_order(self) -> Vec<Column> {
        let mut next = 0;
        let rowid = self.rowid;
        let place = |(number, (mut column, storage)): (usize, (Column, Storage))| {
            // A column that is the rowid keeps its place in the record, with a null in it.
            let at = next;
            next += usize::from(storage == Storage::Plain);
            column.stored = match storage {
                Storage::Virtual => Stored::Nowhere,
                Storage::Plain if rowid == Some(number) => Stored::AsRowid,
                Storage::Plain => Stored::At(at),
            };
            column
        };
        self.columns.into_iter().enumerate().map(place).collect()
    }

    fn in_key_order(self) -> Vec<Column> {
        let mut places = vec![None; self.columns.len()];
        let plain = (0..).zip(&self.columns).filter(|(_, (_, storage))| *storage == Storage::Plain);
        let others: Vec<usize> = plain.map(|(number, _)| number).collect();
        let mut next = 0;
        for number in self.key.into_iter().chain(others) {
            if let Some(place @ None) = places.get_mut(number) {
                *place = Some(next);
                next += 1;
            }
        }
        let all = self.columns.into_iter().zip(places);
        all.map(|((mut column, _), place)| {
            column.stored = place.map_or(Stored::Nowhere, Stored::At);
            column
        })
        .collect()
    }
}

/// The type in front of the constraints, as it was written but for the spaces, and the constraints.
fn declared_type(tokens: &[Token]) -> (String, &[Token]) {
    let is_end = |at: usize, token: &Token| {
        let generated = token.is("GENERATED") && tokens.get(at + 1).is_some_and(|next| next.is("ALWAYS"));
        generated || token.is_any(COLUMN_CONSTRAINTS) || token.name().is_none()
    };
    let words = tokens.iter().enumerate().position(|(at, token)| is_end(at, token)).unwrap_or(tokens.len());
    let (names, rest) = tokens.split_at_checked(words).unwrap_or((tokens, &[]));
    let mut text = names.iter().filter_map(Token::name).collect::<Vec<_>>().join(" ");
    let behind = behind_brackets(rest);
    if text.is_empty() || behind.len() == rest.len() {
        return (text, rest);
    }
    let size = rest.get(..rest.len() - behind.len()).unwrap_or_default();
    for token in size {
        match token {
            Token::Number(part) | Token::Word(part) => text.push_str(part),
            Token::Sign(sign) => text.push(*sign),
            _ => {}
        }
    }
    (text, behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name type place` of every column, R for the rowid and - for nowhere.
    fn read(sql: &str) -> Option<Vec<String>> {
        let (mark, columns) = match parse(sql)? {
            Created::Rowid(columns) => ("", columns),
            Created::WithoutRowid(columns) => ("w ", columns),
            Created::Virtual => return Some(vec!["virtual".to_owned()]),
        };
        let place = |column: &Column| match column.stored {
            Stored::At(at) => at.to_string(),
            Stored::AsRowid => "R".to_owned(),
            Stored::Nowhere => "-".to_owned(),
        };
        let line = |c: Column| format!("{mark}{}|{}|{}", c.name, c.declared_type, place(&c));
        Some(columns.into_iter().map(line).collect())
    }

    #[test]
    fn tables() {
        let cases: &[(&str, &[&str])] = &[
            ("CREATE TABLE t(a INTEGER PRIMARY KEY, b)", &["a|INTEGER|R", "b||1"]),
            ("create table t (a integer primary key autoincrement,b)", &["a|integer|R", "b||1"]),
            ("CREATE TABLE t(a INTEGER PRIMARY KEY DESC)", &["a|INTEGER|0"]),
            ("CREATE TABLE t(a INT PRIMARY KEY)", &["a|INT|0"]),
            ("CREATE TABLE t(b, a INTEGER, PRIMARY KEY(A DESC))", &["b||0", "a|INTEGER|R"]),
            ("CREATE TABLE t(b, a INTEGER, PRIMARY KEY(a, b))", &["b||0", "a|INTEGER|1"]),
            (
                "CREATE TABLE \"my(t\" /* ( */ (\"a,b\" VARCHAR(10, 2) NOT NULL, [c d] UNSIGNED BIG INT)",
                &["a,b|VARCHAR(10,2)|0", "c d|UNSIGNED BIG INT|1"],
            ),
            (
                "CREATE TABLE t(a, b INT GENERATED ALWAYS AS (a+1) VIRTUAL, c AS (a) STORED, d AS (x,y), e)",
                &["a||0", "b|INT|-", "c||1", "d||-", "e||2"],
            ),
            (
                "CREATE TABLE t(a, b, c, PRIMARY KEY(c, a) UNIQUE(b)) STRICT, WITHOUT ROWID",
                &["w a||1", "w b||2", "w c||0"],
            ),
            (
                "CREATE TABLE t(a REFERENCES primary(x) ON DELETE SET DEFAULT, b CHECK(a,b), CHECK(1))",
                &["a||0", "b||1"],
            ),
            ("CREATE VIRTUAL TABLE t USING fts5(a, b)", &["virtual"]),
        ];
        for (sql, expected) in cases {
            assert_eq!(
                read(sql).as_deref(),
                Some(&expected.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..]),
                "{sql}"
            );
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for sql in ["", "CREATE", "CREATE TABLE", "CREATE TABLE t", "CREATE TABLE t(", "CREATE TABLE t(a,,b)"]
        {
            assert_eq!(read(sql), None, "{sql}");
        }
        assert_eq!(read("CREATE INDEX i ON t(a)"), None);
        assert_eq!(read("CREATE TABLE t(a))))"), Some(vec!["a||0".to_owned()]));
    }
}
