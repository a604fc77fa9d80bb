//! What a check is: it recognises one artefact of a device and turns it into facts.

use std::ops::ControlFlow;

use model::ReadLimits;
use model::record::{FileNumber, Place, Problem, ProblemKind, TimeReading};
use serde::{Deserialize, Serialize};
use source::tree::{Candidate, Entry, Keys, Tree};

use crate::{Fact, Looked, Question, Says, Seen, Wholly};

/// Go on, or stop because nobody listens any more.
pub type Flow = ControlFlow<()>;

/// A kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Android.
    Android,
    /// iPhone and iPad.
    Ios,
    /// Any: a network capture.
    Any,
}

/// A check of one artefact. One unit struct in one file of `checks/`, named in [`crate::CHECKS`].
pub trait Check: Sync {
    /// Its name: that of its file; stable.
    fn name(&self) -> &'static str;

    /// What it covers, for documents and help.
    fn about(&self) -> About;

    /// Whether this file is one. By its path first; first bytes only if the path fits: in a backup every
    /// look at bytes is a decryption. Files that are open as a container are asked too.
    fn recognise(&self, candidate: &Candidate<'_>) -> bool;

    /// Turns it into facts. Never fails whole: what cannot be read is a problem. Says [`Looked`] for every
    /// question that it could answer. Ends early only if the sink says so.
    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow;
}

/// What a check covers, in plain words.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The artefact in a few words.
    pub title: &'static str,
    /// Of which device.
    pub platform: Platform,
    /// Files and versions seen.
    pub covers: &'static str,
    /// What it deliberately does not read.
    pub leaves_out: &'static str,
    /// The questions it can answer.
    pub answers: &'static [Question],
    /// Where the knowledge comes from.
    pub source: &'static str,
}

/// A file to read, and what may be used for it.
pub struct Input<'i> {
    /// The tree it is in.
    pub tree: &'i Tree,
    /// The file.
    pub file: FileNumber,
    /// Passwords that were given for the evidence.
    pub keys: &'i Keys,
    /// What may be spent.
    pub limits: &'i ReadLimits,
}

impl Input<'_> {
    /// The file's entry in the tree.
    pub fn entry(&self) -> Option<&Entry> {
        self.tree.entry(self.file)
    }

    /// A place in the file.
    pub fn seen(&self, place: Place) -> Seen {
        Seen { file: self.file, place }
    }
}

/// Something of which there may be hundreds of thousands: it is held against the lists of indicators at once
/// and leaves a fact only if it is known.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'t> {
    /// What sort.
    pub kind: TraceKind,
    /// It.
    pub value: &'t str,
    /// When, if told.
    pub at: Option<&'t TimeReading>,
    /// The app or process it belongs to, if told.
    pub app: Option<&'t str>,
    /// Where.
    pub seen: &'t Seen,
}

/// What sort of trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TraceKind {
    /// The address of a page that was opened.
    Visit,
    /// The address of something a page or an app loaded by itself, or a name the device looked up or
    /// connected to: a domain, an address with or without port.
    Connection,
    /// A link in a message, mail or calendar.
    Link,
    /// A text that may hold links: they are found in it.
    Text,
    /// A path of a file.
    Path,
    /// MD5, SHA-1 or SHA-256 of a file, in hexadecimal digits.
    FileHash,
    /// A process, by name or path.
    Process,
    /// A mail address.
    Mail,
    /// A system property, by name.
    Property,
    /// The identifier of a configuration profile.
    Profile,
    /// The identifier of an app that is mentioned but need not be installed.
    AppMention,
}

/// Takes what a check gives, in order.
pub trait FactSink {
    /// A fact.
    fn fact(&mut self, fact: Fact) -> Flow;

    /// Something to be held against the lists.
    fn trace(&mut self, trace: &Trace<'_>) -> Flow;

    /// Something that could not be read.
    fn problem(&mut self, problem: Problem) -> Flow;

    /// A file is about to be checked, as this unit of all; `Break` leaves it out.
    fn begins(&mut self, _unit: u64, _file: FileNumber, _check: &'static str) -> Flow {
        Flow::Continue(())
    }
}

impl dyn FactSink + '_ {
    /// A fact seen at a place.
    pub fn says(&mut self, seen: &Seen, says: impl Into<Says>) -> Flow {
        self.fact(Fact { seen: seen.clone(), says: says.into() })
    }

    /// A question was looked into here: `entries` things were there to look at.
    pub fn looked(&mut self, seen: &Seen, question: Question, wholly: Wholly, entries: u64) -> Flow {
        self.says(seen, Says::Looked(Looked { question, wholly, entries }))
    }

    /// Something that could not be read; `expected` and `kept` in technical words, nothing from the content.
    pub fn trouble(&mut self, seen: &Seen, kind: ProblemKind, expected: &str, kept: &str) -> Flow {
        let Seen { file, place } = seen.clone();
        let (expected, kept) = (expected.to_owned(), kept.to_owned());
        self.problem(Problem { file, place, kind, expected, kept, units: 1 })
    }
}

/// Keeps everything in memory, traces as text; for tests.
#[derive(Debug, Default)]
pub struct Kept {
    /// The facts.
    pub facts: Vec<Fact>,
    /// The traces: kind and value.
    pub traces: Vec<(TraceKind, String)>,
    /// The problems.
    pub problems: Vec<Problem>,
}

impl FactSink for Kept {
    fn fact(&mut self, fact: Fact) -> Flow {
        self.facts.push(fact);
        Flow::Continue(())
    }

    fn trace(&mut self, trace: &Trace<'_>) -> Flow {
        self.traces.push((trace.kind, trace.value.to_owned()));
        Flow::Continue(())
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.problems.push(problem);
        Flow::Continue(())
    }
}
