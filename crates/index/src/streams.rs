//! Numbers of records in ascending order, drawn from the tables bit by bit.
//!
//! A source answers one question: which is the first record from this one on? So "both" can leap and
//! "either" can merge without ever holding a whole result, and the first hits cost what the first hits cost.

use rusqlite::{Connection, params};

use crate::error::IndexError;
use crate::plan::by_runs;

/// Numbers drawn at first; then twice as many each time, up to the most.
const FIRST_DRAW: usize = 64;
/// Numbers drawn at once at most.
const MOST_DRAWN: usize = 4096;

/// Texts read at once at most.
const MOST_READ: usize = 1024;
/// Texts that are read without finding much before the table of parts is asked.
const MOST_PATIENCE: usize = 2048;
/// A term that is in fewer than one text of so many is not found much.
const SELDOM: usize = 64;

/// Records in ascending order.
pub(crate) enum Source {
    /// Drawn from a table.
    Drawn(Drawn),
    /// Those with a term of one or two characters.
    Short(Short),
    /// These.
    Given(Vec<i64>),
    /// In any of these.
    Either(Vec<Source>),
    /// In all of these; at least one.
    Both(Vec<Source>),
}

/// A statement that gives the numbers from `?2` on, `?3` at most, for an argument `?1`.
pub(crate) struct Drawn {
    select: &'static str,
    argument: String,
    numbers: Vec<i64>,
    /// The first number that was not asked for yet: all from the last draw's start up to it are known.
    from: i64,
    until: i64,
    size: usize,
}

/// Records with a term of one or two characters. Such a term is often in every other text, and then reading
/// texts soon finds enough; where it does not, the table of parts is asked, which costs the same for one
/// record as for all.
pub(crate) struct Short {
    term: String,
    numbers: Vec<i64>,
    /// The texts from here up to there were read, and what was found is in `numbers`.
    from: i64,
    until: i64,
    size: usize,
    /// So many texts are read yet without finding much.
    patience: usize,
    by_runs: Option<Box<Source>>,
}

impl Source {
    /// Records with a term of one or two characters.
    pub(crate) fn short(term: String) -> Self {
        let (numbers, size) = (Vec::new(), FIRST_DRAW);
        let by_runs = None;
        Self::Short(Short { term, numbers, from: 0, until: 0, size, patience: MOST_PATIENCE, by_runs })
    }

    /// Records whose words fit an FTS5 expression.
    pub(crate) fn words(expression: String) -> Self {
        Self::drawn(
            "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid >= ?2 ORDER BY rowid LIMIT ?3",
            expression,
        )
    }

    /// Records whose runs of three characters fit an FTS5 expression.
    pub(crate) fn parts(expression: String) -> Self {
        Self::drawn(
            "SELECT rowid FROM parts WHERE parts MATCH ?1 AND rowid >= ?2 ORDER BY rowid LIMIT ?3",
            expression,
        )
    }

    /// Records whose shadow text holds this, found by reading all of them.
    pub(crate) fn read(term: String) -> Self {
        Self::drawn("SELECT id FROM shadow WHERE instr(text, ?1) > 0 AND id >= ?2 ORDER BY id LIMIT ?3", term)
    }

    /// Every record with a shadow text.
    pub(crate) fn everything() -> Self {
        Self::drawn("SELECT id FROM shadow WHERE ?1 = '' AND id >= ?2 ORDER BY id LIMIT ?3", String::new())
    }

    fn drawn(select: &'static str, argument: String) -> Self {
        let (numbers, size) = (Vec::new(), FIRST_DRAW);
        Self::Drawn(Drawn { select, argument, numbers, from: i64::MIN, until: i64::MIN, size })
    }

    /// The first record from `target` on.
    pub(crate) fn first_from(&mut self, db: &Connection, target: i64) -> Result<Option<i64>, IndexError> {
        match self {
            Self::Drawn(drawn) => drawn.first_from(db, target),
            Self::Short(short) => short.first_from(db, target),
            Self::Given(numbers) => Ok(at_or_behind(numbers, target)),
            Self::Either(sources) => {
                let mut first = None;
                for source in sources {
                    let found = source.first_from(db, target)?;
                    first = match (first, found) {
                        (Some(first), Some(found)) => Some(std::cmp::min::<i64>(first, found)),
                        (first, found) => first.or(found),
                    };
                }
                Ok(first)
            }
            Self::Both(sources) => leap(sources, db, target),
        }
    }
}

impl Short {
    fn first_from(&mut self, db: &Connection, target: i64) -> Result<Option<i64>, IndexError> {
        // The numbers of records begin with 1.
        let mut target = target.max(1);
        while self.patience > 0 || (self.from..self.until).contains(&target) {
            if (self.from..self.until).contains(&target) {
                if let Some(number) = at_or_behind(&self.numbers, target) {
                    return Ok(Some(number));
                }
                target = self.until;
                continue;
            }
            self.read(db, target)?;
        }
        let by_runs = match self.by_runs.take() {
            Some(source) => source,
            None => Box::new(by_runs(db, &self.term)?),
        };
        self.by_runs.insert(by_runs).first_from(db, target)
    }

    fn read(&mut self, db: &Connection, target: i64) -> Result<(), IndexError> {
        let texts = i64::try_from(self.size).unwrap_or(i64::MAX);
        let until = target.saturating_add(texts);
        let select = "SELECT id FROM shadow WHERE instr(text, ?1) > 0 AND id >= ?2 AND id < ?3 ORDER BY id";
        let mut statement = db.prepare_cached(select)?;
        let numbers = statement.query_map(params![self.term, target, until], |row| row.get(0))?;
        self.numbers = numbers.collect::<rusqlite::Result<_>>()?;
        (self.from, self.until) = (target, until);
        let often = self.numbers.len().saturating_mul(SELDOM) >= self.size;
        self.patience = if often { MOST_PATIENCE } else { self.patience.saturating_sub(self.size) };
        self.size = self.size.saturating_mul(2).min(MOST_READ);
        Ok(())
    }
}

/// The first record that all sources have: each in turn names the next one that it could be.
fn leap(sources: &mut [Source], db: &Connection, target: i64) -> Result<Option<i64>, IndexError> {
    let mut candidate = target;
    loop {
        let before = candidate;
        for source in &mut *sources {
            let Some(found) = source.first_from(db, candidate)? else { return Ok(None) };
            candidate = found;
        }
        // A round in which nobody leapt: each was asked for the same one and has it.
        if candidate == before {
            return Ok(Some(candidate));
        }
    }
}

fn at_or_behind(numbers: &[i64], target: i64) -> Option<i64> {
    let at = numbers.partition_point(|number| *number < target);
    numbers.get(at).copied()
}

impl Drawn {
    fn first_from(&mut self, db: &Connection, target: i64) -> Result<Option<i64>, IndexError> {
        if target >= self.from && target < self.until {
            if let Some(number) = at_or_behind(&self.numbers, target) {
                return Ok(Some(number));
            }
            if self.until == i64::MAX {
                return Ok(None);
            }
        }
        self.draw(db, target)?;
        Ok(self.numbers.first().copied())
    }

    fn draw(&mut self, db: &Connection, target: i64) -> Result<(), IndexError> {
        self.numbers.clear();
        let most = i64::try_from(self.size).unwrap_or(i64::MAX);
        let mut statement = db.prepare_cached(self.select)?;
        let mut rows = statement.query(params![self.argument, target, most])?;
        while let Some(row) = rows.next()? {
            self.numbers.push(row.get(0)?);
        }
        self.from = target;
        let all = self.numbers.len() < self.size;
        let last = self.numbers.last().copied().unwrap_or(target);
        self.until = if all { i64::MAX } else { last.saturating_add(1) };
        self.size = self.size.saturating_mul(2).min(MOST_DRAWN);
        Ok(())
    }
}
