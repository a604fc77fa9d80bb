//! What held up a shutdown of an iPhone: `shutdown.log` of the unified log, also on its own.
//!
//! Each round that programs do not end in is `After 1.26s, these clients are still here:` with lines
//! `remaining client pid: 3012 (/path/of/program/UUID)`; `SIGTERM: [1707138423] …` with seconds since 1970
//! ends a shutdown. Pegasus, Reign and Predator showed here by their paths, and by three rounds and more
//! (Kaspersky, "A lightweight method to detect potential iOS malware", 2024, and its iShutdown scripts). The
//! times a shutdown took are not read: they say little.

use std::collections::BTreeMap;

use model::record::{Place, TimeReading};
use source::tree::Candidate;

use crate::database::clipped;
use crate::ios_paths::Programs;
use crate::sysdiagnose::each_line;
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign, Wholly};

/// `shutdown.log`.
pub(crate) struct IosShutdownLog;

/// From so many rounds on a delayed shutdown is told.
const ROUNDS_TOLD: u64 = 3;
/// Most different programs of one shutdown that are remembered.
const CLIENTS_MOST: usize = 5_000;
/// Most names of programs in one sign.
const NAMED_MOST: usize = 8;

impl Check for IosShutdownLog {
    fn name(&self) -> &'static str {
        "ios_shutdown_log"
    }

    fn about(&self) -> About {
        About {
            title: "What held up shutdowns of an iPhone (shutdown.log)",
            platform: Platform::Ios,
            covers: "programs that were still running in each round of each shutdown, iOS 15 to 26, from a \
                     sysdiagnose, a log archive or alone",
            leaves_out: "how long it took; the unified log (tracev3) itself",
            answers: &[Question::Processes, Question::SystemIntegrity],
            source: "Kaspersky iShutdown (2024), MVT ShutdownLog, EC-DIGIT-CSIRC/sysdiagnose (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let name = entry.name();
        if !(name.starts_with("shutdown") && entry.extension() == "log") {
            return false;
        }
        let folder = entry.folder();
        if folder.ends_with(".logarchive/Extra/") || folder.ends_with("db/diagnostics/") {
            return true;
        }
        let head = String::from_utf8_lossy(candidate.head());
        ["remaining client pid:", "these clients are still here", "SIGTERM: ["]
            .iter()
            .any(|mark| head.contains(mark))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let (mut log, mut shutdown) = (Log::default(), Shutdown::default());
        let wholly = each_line(input, sink, &mut |line, seen, sink| {
            let line = line.trim();
            if line.starts_with("After ") {
                shutdown.rounds = shutdown.rounds.saturating_add(1);
            }
            if let Some(path) = client(line) {
                log.entries = log.entries.saturating_add(1);
                return shutdown.remains(path, seen, sink, &mut log);
            }
            if let Some(rest) = line.strip_prefix("SIGTERM:") {
                log.shutdowns = log.shutdowns.saturating_add(1);
                return std::mem::take(&mut shutdown).ends(time(rest), seen, sink, &mut log);
            }
            Flow::Continue(())
        })?;
        // Some logs end without the last line: when that shutdown was is then not known.
        shutdown.ends(None, &whole, sink, &mut log)?;
        let wholly = if log.shutdowns == 0 && log.entries == 0 { Wholly::No } else { wholly };
        sink.looked(&whole, Question::Processes, wholly, log.entries)?;
        sink.looked(&whole, Question::SystemIntegrity, wholly, log.entries)
    }
}

/// The program of a line about one that remains, without the identifier of its bytes.
fn client(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("remaining client pid: ")?;
    let (_, path) = rest.split_once('(')?;
    let path = path.rsplit_once(')').map_or(path, |(path, _)| path);
    let (program, last) = path.rsplit_once('/').unwrap_or((path, ""));
    let identifier = last.len() == 36 && last.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    Some(if identifier { program } else { path }).filter(|path| !path.is_empty())
}

/// The time of a line that ends a shutdown; newer ones say it as ` @1707138423`.
fn time(rest: &str) -> Option<TimeReading> {
    let seconds = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text.get(..digits).and_then(|digits| digits.parse().ok()).filter(|seconds| *seconds > 0)
    };
    let after = |mark: &str| rest.split_once(mark).and_then(|(_, text)| seconds(text));
    after("[").or_else(|| after("@")).map(TimeReading::unix_seconds)
}

/// All of the log.
#[derive(Default)]
struct Log {
    programs: Programs,
    entries: u64,
    shutdowns: u64,
}

/// One shutdown.
#[derive(Default)]
struct Shutdown {
    rounds: u64,
    /// Programs that remained: in how many lines, and where first.
    remained: BTreeMap<String, (u64, Option<Seen>)>,
}

impl Shutdown {
    fn remains(&mut self, path: &str, seen: &Seen, sink: &mut dyn FactSink, log: &mut Log) -> Flow {
        let path = clipped(path);
        if self.remained.len() >= CLIENTS_MOST && !self.remained.contains_key(path) {
            // Too many to wait for the time: told at once, without it.
            return log.programs.ran(path, None, seen, sink);
        }
        let of = self.remained.entry(path.to_owned()).or_insert_with(|| (0, Some(seen.clone())));
        of.0 = of.0.saturating_add(1);
        Flow::Continue(())
    }

    fn ends(self, at: Option<TimeReading>, end: &Seen, sink: &mut dyn FactSink, log: &mut Log) -> Flow {
        for (path, (_, seen)) in &self.remained {
            log.programs.ran(path, at.as_ref(), seen.as_ref().unwrap_or(end), sink)?;
        }
        if self.rounds < ROUNDS_TOLD {
            return Flow::Continue(());
        }
        let mut longest: Vec<(&String, u64)> =
            self.remained.iter().map(|(path, (times, _))| (path, *times)).collect();
        longest.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let names: Vec<&str> = longest.iter().take(NAMED_MOST).map(|(path, _)| path.as_str()).collect();
        let what = format!("{} rounds: {}", self.rounds, names.join(", "));
        let first = self.remained.values().find_map(|(_, seen)| seen.clone());
        let sign =
            Sign { name: "shutdown-delayed".to_owned(), app: None, what: clipped(&what).to_owned(), at };
        sink.says(first.as_ref().unwrap_or(end), sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_without_its_identifier() {
        let line = "remaining client pid: 31 (/usr/libexec/x/0A1B2C3D-0000-3333-4444-555566667777)";
        assert_eq!(client(line), Some("/usr/libexec/x"));
        assert_eq!(client("remaining client pid: 31 (/private/var/a (b)/c)"), Some("/private/var/a (b)/c"));
        assert_eq!(client("remaining client pid: 31 (/cut/of"), Some("/cut/of"));
        assert_eq!(client("remaining client pid: 31"), None);
    }

    #[test]
    fn times_of_both_forms() {
        assert_eq!(time(" [1707138423] All buffers flushed").unwrap().first_ms, Some(1_707_138_423_000));
        assert_eq!(time(" @1707138423.5").unwrap().first_ms, Some(1_707_138_423_000));
        assert!(time(" now").is_none());
    }
}
