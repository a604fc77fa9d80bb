//! Processes that were running, by the memory they used: the one list with their whole names.
//!
//! `Total PSS by process:` or `Total RSS by process:` with `N K: name (pid P / …)` (AOSP 8 to 15); the list
//! of threads in dumpstate cuts names after 15 characters. Deliberately not read: figures of memory.

use std::collections::HashSet;

use super::words::clip;
use super::{Out, Reader, Section};
use crate::{Flow, Question, TraceKind};

/// Most processes.
const PROCESSES_MOST: usize = 20_000;

pub(super) struct Memory;

impl Section for Memory {
    fn names(&self) -> &'static [&'static str] {
        &["meminfo"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["Applications Memory Usage (in Kilobytes):"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::Processes]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Processes>::default()
    }
}

#[derive(Default)]
struct Processes {
    in_list: bool,
    began: bool,
    names: HashSet<String>,
}

impl Reader for Processes {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if text.starts_with("Total ") {
            self.in_list = text.ends_with("by process:");
            self.began |= self.in_list;
        } else if self.in_list
            && let Some(name) = process(text).map(clip)
            && !self.names.contains(name)
        {
            if self.names.len() >= PROCESSES_MOST {
                out.not_whole();
                return Flow::Continue(());
            }
            self.names.insert(name.to_owned());
            return out.trace(TraceKind::Process, name, None);
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("processes in meminfo");
        }
        out.looked(Question::Processes, self.names.len() as u64)
    }
}

/// `123,456K: com.example.app (pid 1234 / activities)`.
fn process(text: &str) -> Option<&str> {
    let (size, rest) = text.split_once("K: ")?;
    let digits = size.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b' '));
    let (name, _) = rest.rsplit_once(" (pid ")?;
    (digits && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wholly;
    use crate::dumpsys::testing::{looked, read_section};

    #[test]
    fn names_are_whole_and_said_once() {
        let text = "Applications Memory Usage (in Kilobytes):\nUptime: 1 Realtime: 1\n\nTotal RSS by \
            process:\n    382,104K: \
                    system (pid 1712)\n     12,000K: com.example.a.very.long.name (pid 99 / \
                    activities)\n\nTotal RSS by OOM \
                    adjustment:\n    200,000K: Native\n         12K: x (pid 3)\n\nTotal PSS by \
                    process:\n        382K: system \
                    (pid 1712)\n";
        let kept = read_section(&Memory, text);
        let names: Vec<&str> = kept.traces.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["system", "com.example.a.very.long.name"]);
        assert_eq!(looked(&kept), [(Question::Processes, Wholly::Yes, 2)]);
    }
}
