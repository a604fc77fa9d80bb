//! Where a section's reader says what it read: facts and traces with the place of their line, within limits.

use model::record::{FileNumber, Place, ProblemKind};

use super::words::clip;
use crate::{
    AppFact, AppSays, FactSink, Flow, Looked, Question, Says, Seen, Setting, Sign, Trace, TraceKind, Wholly,
};

/// Most facts of one section, so that a hostile one stays bounded.
const FACTS_MOST: u64 = 200_000;
/// Most traces of one section.
const TRACES_MOST: u64 = 500_000;

/// Questions that one section answers only in part: the answer is whole if all parts were looked into.
const PARTS: &[(Question, &[&str])] = &[
    (Question::InputAndOverlay, &["keyboards", "overlays"]),
    (Question::AppSources, &["installs", "settings"]),
];

/// A line, or a range of lines, by its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    /// Where it begins in the file.
    pub(crate) offset: u64,
    /// How long it is, with its end.
    pub(crate) length: u64,
}

impl Spot {
    /// From the start of this one to the end of another that lies behind it.
    pub(crate) fn until(self, last: Self) -> Self {
        let end = last.offset.saturating_add(last.length);
        Self { offset: self.offset, length: end.saturating_sub(self.offset).max(self.length) }
    }
}

/// What is known of the section that is being read.
pub(crate) struct Progress {
    /// From its first line to the last that was read.
    pub(crate) spot: Spot,
    /// Whether all of it could be read.
    pub(crate) wholly: Wholly,
    facts: u64,
    traces: u64,
    told_limit: bool,
}

impl Progress {
    /// At the first line.
    pub(crate) fn new(spot: Spot) -> Self {
        Self { spot, wholly: Wholly::Yes, facts: 0, traces: 0, told_limit: false }
    }
}

/// A part of a question that was looked into.
pub(crate) struct Half {
    question: Question,
    part: &'static str,
    wholly: Wholly,
    entries: u64,
}

/// Takes what a reader of a section says.
pub(crate) struct Out<'o> {
    pub(super) sink: &'o mut dyn FactSink,
    pub(super) file: FileNumber,
    pub(super) line: Spot,
    pub(super) progress: &'o mut Progress,
    pub(super) halves: &'o mut Vec<Half>,
}

impl Out<'_> {
    /// The line that is being read.
    pub(crate) fn here(&self) -> Spot {
        self.line
    }

    /// A part could not be read.
    pub(crate) fn not_whole(&mut self) {
        self.progress.wholly = Wholly::No;
    }

    /// A fact in this line.
    pub(crate) fn says(&mut self, says: impl Into<Says>) -> Flow {
        self.says_at(self.line, says)
    }

    /// A fact in a line that was read before.
    pub(crate) fn says_at(&mut self, spot: Spot, says: impl Into<Says>) -> Flow {
        if self.progress.facts >= FACTS_MOST {
            return self.limit("fewer facts in one section");
        }
        self.progress.facts = self.progress.facts.saturating_add(1);
        let seen = self.seen(spot);
        self.sink.says(&seen, says)
    }

    /// Something about an app in this line.
    pub(crate) fn app(&mut self, id: &str, says: AppSays) -> Flow {
        self.app_at(self.line, id, None, says)
    }

    /// Something about an app of a user in this line.
    pub(crate) fn app_of(&mut self, id: &str, user: Option<u32>, says: AppSays) -> Flow {
        self.app_at(self.line, id, user, says)
    }

    /// Something about an app of a user in a line that was read before.
    pub(crate) fn app_at(&mut self, spot: Spot, id: &str, user: Option<u32>, says: AppSays) -> Flow {
        self.says_at(spot, AppFact { id: clip(id).to_owned(), user, says })
    }

    /// A setting in this line.
    pub(crate) fn setting(&mut self, space: &str, name: &str, value: &str) -> Flow {
        let [space, name, value] = [space, name, value].map(|text| clip(text).to_owned());
        self.says(Setting { space, name, value })
    }

    /// A sign in this line that is about no app.
    pub(crate) fn sign(&mut self, name: &str, what: &str) -> Flow {
        self.says(Sign { name: name.to_owned(), app: None, what: clip(what).to_owned(), at: None })
    }

    /// Something in this line that may stand on a list.
    pub(crate) fn trace(&mut self, kind: TraceKind, value: &str, app: Option<&str>) -> Flow {
        if self.progress.traces >= TRACES_MOST {
            return self.limit("fewer traces in one section");
        }
        self.progress.traces = self.progress.traces.saturating_add(1);
        let seen = self.seen(self.line);
        self.sink.trace(&Trace { kind, value: clip(value), at: None, app: app.map(clip), seen: &seen })
    }

    /// A question was looked into in this section.
    pub(crate) fn looked(&mut self, question: Question, entries: u64) -> Flow {
        self.looked_as(question, self.progress.wholly, entries)
    }

    /// A question was looked into, and this section alone does not answer it wholly.
    pub(crate) fn looked_partly(&mut self, question: Question, entries: u64) -> Flow {
        self.looked_as(question, Wholly::No, entries)
    }

    /// A part of a question was looked into; said when all sections were read.
    pub(crate) fn looked_half(&mut self, question: Question, part: &'static str, entries: u64) {
        const MOST: usize = 1024;
        if self.halves.len() < MOST {
            self.halves.push(Half { question, part, wholly: self.progress.wholly, entries });
        }
    }

    /// The section has a form that its reader does not know.
    pub(crate) fn not_understood(&mut self, expected: &str) -> Flow {
        self.not_whole();
        let seen = self.seen(self.progress.spot);
        self.sink.trouble(&seen, ProblemKind::NotUnderstood, expected, "nothing of the section")
    }

    fn looked_as(&mut self, question: Question, wholly: Wholly, entries: u64) -> Flow {
        let seen = self.seen(self.progress.spot);
        self.sink.says(&seen, Says::Looked(Looked { question, wholly, entries }))
    }

    fn limit(&mut self, expected: &str) -> Flow {
        self.not_whole();
        if std::mem::replace(&mut self.progress.told_limit, true) {
            return Flow::Continue(());
        }
        let seen = self.seen(self.progress.spot);
        self.sink.trouble(&seen, ProblemKind::Limit, expected, "what came before")
    }

    fn seen(&self, spot: Spot) -> Seen {
        Seen { file: self.file, place: Place::bytes(spot.offset, spot.length) }
    }
}

/// Says which questions were looked into in parts: wholly if every part was, wholly.
pub(super) fn say_halves(halves: &[Half], seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    for (question, parts) in PARTS {
        let of = |part: &str| {
            halves
                .iter()
                .filter(move |half| half.question == *question && half.part == part)
                .collect::<Vec<_>>()
        };
        let found: Vec<_> = parts.iter().map(|part| of(part)).collect();
        if found.iter().all(Vec::is_empty) {
            continue;
        }
        let whole = |halves: &Vec<&Half>| halves.iter().any(|half| half.wholly == Wholly::Yes);
        let wholly = if found.iter().all(whole) { Wholly::Yes } else { Wholly::No };
        let most = |halves: &Vec<&Half>| halves.iter().map(|half| half.entries).max().unwrap_or(0);
        let entries = found.iter().map(most).fold(0, u64::saturating_add);
        sink.looked(seen, *question, wholly, entries)?;
    }
    Flow::Continue(())
}
