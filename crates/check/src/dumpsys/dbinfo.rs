//! Databases that apps have open, by path.
//!
//! `** Database info for pid N [process] **`, then `Connection pool for PATH:` (AOSP 8 to 15); paths also
//! stand at the end of recent operations (`path=…`). Deliberately not read: the operations themselves (they
//! hold pieces of content).

use std::collections::HashSet;

use super::words::{between, clip};
use super::{Out, Reader, Section};
use crate::{Flow, Question, TraceKind};

/// Most paths.
const PATHS_MOST: usize = 50_000;

pub(super) struct Databases;

impl Section for Databases {
    fn names(&self) -> &'static [&'static str] {
        &["dbinfo"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Applications Database Info:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Paths>::default()
    }
}

#[derive(Default)]
struct Paths {
    process: Option<String>,
    paths: HashSet<String>,
}

impl Reader for Paths {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if text.starts_with("** Database info for pid ") {
            let process = between(text, " [", "] **").map(|process| clip(process).to_owned());
            if let Some(process) = &process {
                out.trace(TraceKind::Process, process, None)?;
            }
            self.process = process;
            return Flow::Continue(());
        }
        let pool = text.strip_prefix("Connection pool for ").and_then(|rest| rest.strip_suffix(':'));
        let Some(path) = pool.or_else(|| text.rsplit_once(", path=").map(|(_, path)| path)) else {
            return Flow::Continue(());
        };
        let path = clip(path.trim());
        if !path.starts_with('/') || self.paths.contains(path) {
            return Flow::Continue(());
        }
        if self.paths.len() >= PATHS_MOST {
            out.not_whole();
            return Flow::Continue(());
        }
        self.paths.insert(path.to_owned());
        out.trace(TraceKind::Path, path, self.process.as_deref())
    }

    fn end(&mut self, _: &mut Out<'_>) -> Flow {
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::read_section;

    #[test]
    fn a_path_is_said_once() {
        let text = "Applications Database Info:\n\n** Database info for pid 8817 [com.example.app] \
            **\n\nConnection pool \
                    for /data/user/0/com.example.app/databases/a.db:\n  Open: true\n        0: [2023-07-27 \
                    12:21:44.097] \
                    executeForLong took 2ms - succeeded, sql=\"PRAGMA x\", \
                    path=/data/user/0/com.example.app/databases/a.db\n\
                    Connection pool for :memory::\n";
        let kept = read_section(&Databases, text);
        assert_eq!(
            kept.traces,
            [
                (TraceKind::Process, "com.example.app".to_owned()),
                (TraceKind::Path, "/data/user/0/com.example.app/databases/a.db".to_owned()),
            ]
        );
    }
}
