//! The statements of a backup, as far as they say which table has which columns: CREATE TABLE, INSERT INTO.
//!
//! Signal writes the schema first, then each row as `INSERT INTO table VALUES (?,?,…)` without column names.
//! Follows sqlite.org/lang_createtable.html loosely: names in any quotes, comments, brackets in brackets;
//! types and constraints are passed over.

/// More columns than any table of SQLite has.
const COLUMNS_MAX: usize = 32_767;
/// The words that begin a constraint of the table and no column.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// What a statement does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// Makes a table with these columns.
    Create { table: String, columns: Vec<String> },
    /// Puts a row into a table; the columns only if the statement names them.
    Insert { table: String, columns: Option<Vec<String>> },
    /// Anything else: indexes, triggers, search tables.
    Other,
}

/// Reads a statement.
pub(super) fn read(text: &str) -> Statement {
    let mut words = Words { rest: text };
    let read = if words.keyword("CREATE") {
        while words.keyword("TEMP") || words.keyword("TEMPORARY") {}
        if words.keyword("TABLE") { create(&mut words) } else { None }
    } else if words.keyword("INSERT") {
        insert(&mut words)
    } else {
        None
    };
    read.unwrap_or(Statement::Other)
}

fn create(words: &mut Words<'_>) -> Option<Statement> {
    if words.keyword("IF") {
        (words.keyword("NOT") && words.keyword("EXISTS")).then_some(())?;
    }
    let table = words.table()?;
    words.sign('(').then_some(())?;
    Some(Statement::Create { table, columns: words.columns()? })
}

fn insert(words: &mut Words<'_>) -> Option<Statement> {
    if words.keyword("OR") {
        words.name()?;
    }
    words.keyword("INTO").then_some(())?;
    let table = words.table()?;
    let columns = if words.sign('(') { Some(words.columns()?) } else { None };
    Some(Statement::Insert { table, columns })
}

/// Takes a text apart from the front.
struct Words<'s> {
    rest: &'s str,
}

impl<'s> Words<'s> {
    fn space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let end = if self.rest.starts_with("--") {
                self.rest.find('\n')
            } else if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|at| at.saturating_add(2))
            } else {
                return;
            };
            self.rest = end.and_then(|end| self.rest.get(end..)).unwrap_or_default();
        }
    }

    /// Takes a sign, if it comes next.
    fn sign(&mut self, sign: char) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A word without quotes, left where it is.
    fn bare(&mut self) -> &'s str {
        self.space();
        let is_end = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_' && c != '$';
        let end = self.rest.find(is_end);
        self.rest.get(..end.unwrap_or(self.rest.len())).unwrap_or_default()
    }

    /// Takes this word, if it comes next.
    fn keyword(&mut self, word: &str) -> bool {
        let bare = self.bare();
        let is = bare.eq_ignore_ascii_case(word);
        if is {
            self.rest = self.rest.get(bare.len()..).unwrap_or_default();
        }
        is
    }

    /// Takes a name, in quotes or not.
    fn name(&mut self) -> Option<String> {
        self.space();
        let close = match self.rest.chars().next()? {
            quote @ ('"' | '`' | '\'') => quote,
            '[' => ']',
            _ => {
                let bare = self.bare();
                self.rest = self.rest.get(bare.len()..)?;
                return Some(bare.to_owned()).filter(|bare| !bare.is_empty());
            }
        };
        let mut name = String::new();
        loop {
            let inside = self.rest.get(1..)?;
            let end = inside.find(close)?;
            name.push_str(inside.get(..end)?);
            self.rest = inside.get(end.saturating_add(1)..)?;
            // A quote that stands twice is one.
            if close == ']' || !self.rest.starts_with(close) {
                return Some(name);
            }
            name.push(close);
        }
    }

    /// Takes the name of a table; that of its database is passed over.
    fn table(&mut self) -> Option<String> {
        let name = self.name()?;
        if self.sign('.') { self.name() } else { Some(name) }
    }

    /// Takes names of columns up to the closing bracket, with what stands behind each.
    fn columns(&mut self) -> Option<Vec<String>> {
        let mut columns = Vec::new();
        loop {
            let constraint = CONSTRAINTS.iter().any(|word| self.bare().eq_ignore_ascii_case(word));
            if columns.is_empty() || !constraint {
                columns.push(self.name()?);
            }
            match self.pass_over()? {
                ')' => return Some(columns),
                _ if columns.len() >= COLUMNS_MAX => return None,
                _ => {}
            }
        }
    }

    /// Passes over everything up to a comma or closing bracket that stands in no brackets, and takes that.
    fn pass_over(&mut self) -> Option<char> {
        let mut depth: u32 = 0;
        loop {
            self.space();
            let next = self.rest.chars().next()?;
            match next {
                '"' | '`' | '\'' | '[' => {
                    self.name()?;
                    continue;
                }
                '(' => depth = depth.saturating_add(1),
                ')' | ',' if depth == 0 => {
                    self.rest = self.rest.get(1..)?;
                    return Some(next);
                }
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.rest = self.rest.get(next.len_utf8()..)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> String {
        match read(text) {
            Statement::Create { table, columns } => format!("create {table}: {}", columns.join(" ")),
            Statement::Insert { table, columns } => {
                format!("insert {table}: {}", columns.map_or("-".to_owned(), |columns| columns.join(" ")))
            }
            Statement::Other => "other".to_owned(),
        }
    }

    #[test]
    fn tables_and_rows() {
        let cases = [
            ("CREATE TABLE a (b INTEGER PRIMARY KEY, c TEXT DEFAULT 'x,)''y', d)", "create a: b c d"),
            (
                "create table if not exists main.\"a b\" ([c d] INT(10, 2), -- e TEXT,\n `f` /* g, */ INT)",
                "create a b: c d f",
            ),
            (
                "CREATE TABLE r (m INT NOT NULL REFERENCES message (_id), UNIQUE(m, n) ON CONFLICT REPLACE)",
                "create r: m",
            ),
            ("INSERT INTO message VALUES (?,?)", "insert message: -"),
            ("INSERT OR REPLACE INTO 'a' (\"b\", c) VALUES (?,?)", "insert a: b c"),
            ("CREATE INDEX i ON a (b)", "other"),
            ("CREATE VIRTUAL TABLE f USING fts5(a)", "other"),
            ("CREATE TRIGGER t AFTER INSERT ON message BEGIN END", "other"),
        ];
        for (text, expected) in cases {
            assert_eq!(columns(text), expected, "{text}");
        }
    }

    #[test]
    fn what_breaks_off_is_nothing() {
        let create = ["CREATE TABLE", "CREATE TABLE a (", "CREATE TABLE a (b", "CREATE TABLE a ('b"];
        for text in ["", "/*", "INSERT"].into_iter().chain(create) {
            assert_eq!(read(text), Statement::Other, "{text}");
        }
    }
}
