//! Compares the lines of `names.jsonl` with the payload as it was seen.
//!
//! `docs/format.md`, section 5. Lines and files come in the same order, so one pass over both is enough; a
//! line that is missing or damaged is one problem and the comparison goes on at the next leaf number.

use std::io::{self, BufRead};

use crate::capsule_check::Listed;
use crate::capsule_json::Counts;
use crate::check_lines::{Recall, Remember, Remembered, Seen};
use crate::name_lines::{FileGapKind, FileLine, NameLine};
use crate::names::{Namer, Stored, number};
use crate::names_reader::Lines;
use crate::problem::{BagProblemKind as Kind, Problems};

const NAMES: &str = "names.jsonl";

/// Reads all lines; `leaves` takes what goes into the file tree.
pub(crate) fn check_names(
    content: &mut dyn BufRead,
    files: &Remembered,
    leaves: Remember,
    problems: &mut Problems,
) -> io::Result<Listed> {
    let mut check = NamesCheck {
        files: files.recall(),
        leaves,
        problems,
        counts: Counts::default(),
        namer: Namer::new(),
        numbered: 0,
        next_leaf: 0,
        last_root: None,
    };
    let mut lines = Lines::new(content);
    while let Some(line) = lines.next_line()? {
        match line.ok().and_then(|line| NameLine::parse(line).ok()) {
            Some(line) => check.line(line)?,
            None => check.problems.add(NAMES, Kind::Form),
        }
    }
    check.missing_before(files.count())?;
    Ok(Listed { counts: check.counts, leaves: check.leaves.finish()?, last_root: check.last_root })
}

struct NamesCheck<'a> {
    files: Recall<'a>,
    leaves: Remember,
    problems: &'a mut Problems,
    counts: Counts,
    namer: Namer,
    /// How many files are stored under numbers so far.
    numbered: u64,
    next_leaf: u64,
    last_root: Option<u64>,
}

impl NamesCheck<'_> {
    fn line(&mut self, line: NameLine) -> io::Result<()> {
        let root = match line {
            NameLine::File(line) => {
                let root = line.root;
                self.file(&line)?;
                root
            }
            NameLine::Link(line) => {
                self.counts.links += 1;
                line.root
            }
            NameLine::Folder(line) => {
                self.counts.folders += 1;
                line.root
            }
            NameLine::Gap(line) => {
                self.counts.gap(line.gap.kind.word());
                line.root
            }
        };
        // The walk takes the roots in order.
        if self.last_root.is_some_and(|last| root < last) {
            self.problems.add(NAMES, Kind::Order);
        }
        self.last_root = self.last_root.max(Some(root));
        Ok(())
    }

    fn file(&mut self, line: &FileLine) -> io::Result<()> {
        self.counts.files += 1;
        if let Some(gap) = line.gap {
            self.counts.gap(gap.kind.word());
            let whole = gap.bytes_read == line.size;
            if gap.bytes_read > line.size || (gap.kind == FileGapKind::Grew && !whole) {
                self.problems.add(&line.path, Kind::Form);
            }
        }
        let json = line.leaf_json().map_err(|_| io::ErrorKind::InvalidData)?;
        self.leaves.push(&json)?;
        self.name(line);
        if line.leaf < self.next_leaf {
            self.problems.add(&line.path, Kind::Order);
            return Ok(());
        }
        self.missing_before(line.leaf)?;
        match self.files.next_seen()? {
            Some(seen) if agrees(line, &seen) => {}
            Some(seen) => self.problems.add(&seen.path, Kind::NamesDiffer),
            None => self.problems.add(&line.path, Kind::Missing),
        }
        self.next_leaf = line.leaf.saturating_add(1);
        Ok(())
    }

    /// The stored path must be the one the rule gives. A file may lie under a number without need: what
    /// needs one depends on the version of Unicode.
    fn name(&mut self, line: &FileLine) {
        let root = usize::try_from(line.root).unwrap_or(usize::MAX);
        let stored = self.namer.stored(root, line.original_path());
        if let Some(k) = number(&line.path) {
            if k != self.numbered {
                self.problems.add(&line.path, Kind::Name);
            }
            self.numbered = k.saturating_add(1);
        } else if line.original.is_some() {
            self.problems.add(&line.path, Kind::Name);
        } else if let Stored::Numbered(_) = stored {
            self.problems.add(&line.path, Kind::NameClash);
        }
    }

    /// Files up to this leaf that no line spoke of.
    fn missing_before(&mut self, leaf: u64) -> io::Result<()> {
        while self.next_leaf < leaf {
            let Some(seen) = self.files.next_seen()? else { break };
            self.problems.add(&seen.path, Kind::Missing);
            self.next_leaf += 1;
        }
        Ok(())
    }
}

fn agrees(line: &FileLine, seen: &Seen) -> bool {
    line.path == seen.path
        && line.size == seen.size_bytes
        && line.sha256 == seen.sha256
        && line.offset == seen.offset
        && line.mtime == seen.mtime
}
