//! What a capture says, each thing once: names as traces and facts, addresses and pages as traces.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use model::record::{FileNumber, Place, Precision, ProblemKind, TimeReading};

use super::file::Moment;
use super::internet::{End, is_outside};
use crate::database::clipped;
use crate::{Connection, FactSink, Flow, Seen, Trace, TraceKind, links};

/// Most different things that are remembered as told; those beyond are told each time.
const REMEMBERED_MOST: usize = 200_000;
/// Most names that become facts of their own.
const FACTS_MOST: usize = 2000;

/// The packet that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Origin<'p> {
    /// When it was captured.
    pub(super) at: Option<Moment>,
    /// The app or process it belongs to.
    pub(super) app: Option<&'p str>,
    /// Where it lies.
    pub(super) offset_bytes: u64,
    /// How long it is.
    pub(super) length_bytes: u64,
}

/// Takes what packets say.
pub(super) struct Findings<'s> {
    sink: &'s mut dyn FactSink,
    file: FileNumber,
    hasher: RandomState,
    told: HashSet<u64>,
    ends: HashSet<(End, u64)>,
    names: usize,
    /// What the sink said last.
    pub(super) flow: Flow,
}

impl<'s> Findings<'s> {
    /// None yet.
    pub(super) fn new(file: FileNumber, sink: &'s mut dyn FactSink) -> Self {
        let (told, ends) = (HashSet::new(), HashSet::new());
        let (names, flow) = (0, Flow::Continue(()));
        Self { sink, file, hasher: RandomState::new(), told, ends, names, flow }
    }

    /// The sink, for what is said about the file as a whole.
    pub(super) fn sink(&mut self) -> &mut dyn FactSink {
        self.sink
    }

    /// A name that was looked up, asked for or shown.
    pub(super) fn name(&mut self, name: &str, origin: Origin<'_>) {
        let Some(name) = links::host_of(name) else { return };
        if !self.is_new("name", &name, origin.app) {
            return;
        }
        self.trace(TraceKind::Connection, &name, origin);
        self.names = self.names.saturating_add(1);
        if self.names > FACTS_MOST || self.flow.is_break() {
            return;
        }
        let seen = self.seen(origin);
        let connection = Connection {
            to: clipped(&name).to_owned(),
            app: origin.app.map(|app| clipped(app).to_owned()),
            at: origin.at.map(time),
        };
        self.flow = self.sink.says(&seen, connection);
    }

    /// An address that a packet went to or came from, or that a name was said to have (without port).
    pub(super) fn end(&mut self, end: End, origin: Origin<'_>) {
        if !is_outside(end.address) {
            return;
        }
        let app = origin.app.map_or(0, |app| self.hasher.hash_one(app));
        if self.ends.contains(&(end, app)) {
            return;
        }
        if self.ends.len() < REMEMBERED_MOST {
            self.ends.insert((end, app));
        }
        let address = match end.port {
            0 => end.address.to_string(),
            port => core::net::SocketAddr::new(end.address, port).to_string(),
        };
        self.trace(TraceKind::Connection, &address, origin);
    }

    /// The address of a page that was loaded without encryption.
    pub(super) fn page(&mut self, address: &str, origin: Origin<'_>) {
        if self.is_new("page", address, origin.app) {
            self.trace(TraceKind::Connection, address, origin);
        }
        self.name(address, origin);
    }

    /// The fingerprint of a certificate that was shown.
    pub(super) fn certificate(&mut self, hash: &str, origin: Origin<'_>) {
        if self.is_new("certificate", hash, origin.app) {
            self.trace(TraceKind::FileHash, hash, origin);
        }
    }

    /// Says that not every name became a fact, if that is so.
    pub(super) fn finish(&mut self) -> Flow {
        self.flow?;
        if self.names <= FACTS_MOST {
            return Flow::Continue(());
        }
        let seen = Seen { file: self.file, place: Place::Whole };
        let (expected, kept) = ("at most 2000 names that are listed", "all were held against the lists");
        self.sink.trouble(&seen, ProblemKind::Limit, expected, kept)
    }

    fn is_new(&mut self, sort: &str, value: &str, app: Option<&str>) -> bool {
        // A hash of 64 bits under a key of this run: two of 200,000 are alike in one of a billion runs.
        let hash = self.hasher.hash_one((sort, value, app));
        if self.told.contains(&hash) {
            return false;
        }
        if self.told.len() < REMEMBERED_MOST {
            self.told.insert(hash);
        }
        true
    }

    fn trace(&mut self, kind: TraceKind, value: &str, origin: Origin<'_>) {
        if self.flow.is_break() {
            return;
        }
        let (at, seen) = (origin.at.map(time), self.seen(origin));
        let trace = Trace { kind, value, at: at.as_ref(), app: origin.app, seen: &seen };
        self.flow = self.sink.trace(&trace);
    }

    fn seen(&self, origin: Origin<'_>) -> Seen {
        Seen { file: self.file, place: Place::bytes(origin.offset_bytes, origin.length_bytes) }
    }
}

fn time(at: Moment) -> TimeReading {
    let raw = format!("{}.{:09}", at.seconds, at.nanoseconds);
    let ms =
        at.seconds.checked_mul(1000).and_then(|ms| ms.checked_add(i64::from(at.nanoseconds / 1_000_000)));
    // The years that can be shown.
    let ms = ms.filter(|ms| ms.unsigned_abs() < 253_402_300_800_000);
    TimeReading::utc(raw, ms, Precision::Millisecond)
}
