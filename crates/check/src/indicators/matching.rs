//! Matching: between the checks and whoever takes their facts, adds a hit for what is known.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use model::record::{FileNumber, Problem, ProblemKind, TimeReading};

use super::lookup::Way;
use super::normal::clip;
use super::table::{Indicators, Match};
use crate::links;
use crate::{
    AppFact, AppSays, Fact, FactSink, Fingerprint, Flow, Hit, HitKind, Profile, Says, Seen, Trace, TraceKind,
};

/// Longest value that is told of a hit.
const VALUE_BYTES_MOST: usize = 1024;
/// Most places that are told of one value; further ones are counted.
const PLACES_MOST: u32 = 100;
/// Most hits that are told of one indicator, whatever the values; further ones are counted.
const HITS_MOST: u32 = 1000;
/// Domains of an iPhone's backup that carry an app's identifier.
const APP_DOMAINS: [&str; 2] = ["AppDomain-", "AppDomainPlugin-"];

/// Holds facts and traces against the indicators. Facts are passed on, traces end here.
pub struct Matching<'m> {
    indicators: &'m Indicators,
    sink: &'m mut dyn FactSink,
    told: Told,
    /// The app that was asked last, in which file and way: facts of one app come together.
    last_app: (String, FileNumber, Option<TraceKind>),
    /// Hits that are not passed on yet.
    hits: Vec<Fact>,
}

/// What was told already.
#[derive(Default)]
struct Told {
    /// Apps, by file: one place in each is enough.
    apps: HashSet<u64>,
    /// Places by indicator and value, hits by indicator.
    counts: HashMap<u64, u32>,
    hashing: RandomState,
    /// Places that were counted only, and the last of them.
    more: u64,
    more_at: Option<Seen>,
}

/// Whence a hit comes.
#[derive(Clone, Copy)]
struct From<'f> {
    value: &'f str,
    app: Option<&'f str>,
    trace: Option<TraceKind>,
    at: Option<&'f TimeReading>,
    seen: &'f Seen,
}

impl<'m> Matching<'m> {
    /// Passes facts on to `sink` and adds what `indicators` know.
    pub fn new(indicators: &'m Indicators, sink: &'m mut dyn FactSink) -> Self {
        let last_app = (String::new(), FileNumber(u32::MAX), None);
        Self { indicators, sink, told: Told::default(), last_app, hits: Vec::new() }
    }

    /// Says how many places of known things were counted only. To be called once, behind the last check.
    pub fn finish(self) -> Flow {
        let Some(Seen { file, place }) = self.told.more_at else { return Flow::Continue(()) };
        let expected = "at most 100 places of one value and 1,000 of one indicator".to_owned();
        let kept = "the first of them".to_owned();
        let units = self.told.more;
        self.sink.problem(Problem { file, place, kind: ProblemKind::Limit, expected, kept, units })
    }

    fn app_fact(&mut self, AppFact { id, says, .. }: &AppFact, seen: &Seen) {
        let trace = matches!(says, AppSays::Mentioned).then_some(TraceKind::AppMention);
        self.app(id, From { value: id, app: Some(id), trace, at: None, seen });
        let from = |value| From { value, app: Some(id), trace: None, at: None, seen };
        let indicators = self.indicators;
        match says {
            AppSays::Signer(print) => self.hits(indicators.signer(print), from(&print.hex)),
            AppSays::SignerName(name) => self.hits(indicators.signer_name(name), from(name)),
            AppSays::Bytes(print) => self.hits(indicators.file_hash(print), from(&print.hex)),
            AppSays::Path(path) => self.hits(indicators.path(path), from(path)),
            AppSays::Installer(Some(other)) | AppSays::Initiator(other) => {
                let trace = Some(TraceKind::AppMention);
                self.app(other, From { value: other, app: Some(other), trace, at: None, seen });
            }
            _ => {}
        }
    }

    /// An app's identifier: told once for each file.
    fn app(&mut self, id: &str, from: From<'_>) {
        let file = from.seen.file;
        if (self.last_app.1, self.last_app.2) == (file, from.trace) && self.last_app.0 == id {
            return;
        }
        self.last_app.0.clear();
        self.last_app.0.push_str(clip(id, VALUE_BYTES_MOST));
        (self.last_app.1, self.last_app.2) = (file, from.trace);
        self.hits(self.indicators.app(id), from);
    }

    fn profile(&mut self, profile: &Profile, seen: &Seen) {
        let from = |value| From { value, app: None, trace: None, at: None, seen };
        let indicators = self.indicators;
        for id in std::iter::once(&profile.id).chain(&profile.uuid) {
            self.hits(indicators.profile(id), from(id));
        }
        for (_, value) in profile.payloads.iter().flat_map(|payload| &payload.details) {
            if let Some(print) = Fingerprint::parse(value) {
                self.hits(indicators.signer(&print), from(value));
            }
            let under = |kind| From { trace: Some(kind), ..from(value) };
            self.hits(indicators.address(value, Way::Connected), under(TraceKind::Connection));
            self.hits(indicators.app(value), under(TraceKind::AppMention));
        }
    }

    /// What a fact that is no hit may be known for.
    fn says(&mut self, says: &Says, seen: &Seen) {
        let from = |value| From { value, app: None, trace: None, at: None, seen };
        let indicators = self.indicators;
        match says {
            Says::App(fact) => self.app_fact(fact, seen),
            Says::Profile(profile) => self.profile(profile, seen),
            Says::Process(process) => {
                let from = From { trace: Some(TraceKind::Process), ..from(&process.name) };
                self.hits(indicators.process(&process.name), from);
            }
            Says::Crash(crash) => {
                let (trace, at) = (Some(TraceKind::Process), crash.at.as_ref());
                let from = From { trace, at, ..from(&crash.process) };
                self.hits(indicators.process(&crash.process), from);
            }
            Says::Setting(setting) => self.hits(indicators.property(&setting.name), from(&setting.name)),
            Says::Account(account) => self.hits(indicators.mail(&account.name), from(&account.name)),
            Says::Vpn(vpn) => {
                let server = vpn.server.as_deref().unwrap_or_default();
                let from_server = From { trace: Some(TraceKind::Connection), ..from(server) };
                self.hits(indicators.address(server, Way::Connected), from_server);
                self.hits(indicators.app(&vpn.name), from(&vpn.name));
            }
            Says::Certificate(certificate) => {
                let print = certificate.fingerprint.as_ref();
                let known = print.map(|print| indicators.signer(print)).unwrap_or_default();
                self.hits(known, from(print.map_or("", |print| &print.hex)));
                self.hits(indicators.signer_name(&certificate.subject), from(&certificate.subject));
            }
            Says::Connection(connection) => {
                let (app, at) = (connection.app.as_deref(), connection.at.as_ref());
                let from = From { app, at, trace: Some(TraceKind::Connection), ..from(&connection.to) };
                self.hits(indicators.address(&connection.to, Way::Connected), from);
            }
            Says::Sign(sign) => {
                if let Some(app) = &sign.app {
                    self.app(app, From { app: Some(app), at: sign.at.as_ref(), ..from(app) });
                }
            }
            _ => {}
        }
    }

    /// What a trace may be known for.
    fn traced(&mut self, trace: &Trace<'_>) {
        let &Trace { kind, value, at, app, seen } = trace;
        let from = From { value, app, trace: Some(kind), at, seen };
        let indicators = self.indicators;
        if let Some(app) = app {
            self.app(app, From { value: app, ..from });
        }
        match kind {
            TraceKind::Visit | TraceKind::Link => self.link(value, from),
            TraceKind::Connection => self.hits(indicators.address(value, Way::Connected), from),
            TraceKind::Text => {
                let from = From { trace: Some(TraceKind::Link), ..from };
                links::find(value, &mut |link| self.link(link, From { value: link, ..from }));
            }
            TraceKind::Path => self.path(value, from),
            TraceKind::FileHash => {
                let print = Fingerprint::parse(clip(value, 256));
                self.hits(print.map(|print| indicators.file_hash(&print)).unwrap_or_default(), from);
            }
            TraceKind::Process => self.hits(indicators.process(value), from),
            TraceKind::Mail => self.hits(indicators.mail(value), from),
            TraceKind::Property => self.hits(indicators.property(value), from),
            TraceKind::Profile => self.hits(indicators.profile(value), from),
            TraceKind::AppMention => self.app(value, From { app: Some(value), ..from }),
        }
    }

    /// A page or link: its host or address, and the app whose page in a store it is.
    fn link(&mut self, link: &str, from: From<'_>) {
        let indicators = self.indicators;
        self.hits(indicators.address(link, Way::Read), from);
        if let Some(id) = store_app(link) {
            self.hits(indicators.app(id), From { value: id, ..from });
        }
    }

    /// A path, and the app in whose folder it lies.
    fn path(&mut self, path: &str, from: From<'_>) {
        let indicators = self.indicators;
        self.hits(indicators.path(path), from);
        if let Some(id) = app_of(path) {
            self.app(id, From { value: id, app: Some(id), ..from });
        }
    }

    /// Tells what was found. An app is told once for each file and way: many facts and lines name it.
    fn hits(&mut self, found: Vec<Match<'_>>, from: From<'_>) {
        for one in found {
            let mut from = from;
            if one.kind == HitKind::App {
                // A process of an app is named after it: `com.example.app:service`.
                from.app = from.app.or(from.value.split(':').next());
                let key = self.told.hashing.hash_one((one.number, from.seen.file, from.trace));
                if !self.told.apps.insert(key) {
                    continue;
                }
            }
            self.hit(&one, from);
        }
    }

    fn hit(&mut self, one: &Match<'_>, from: From<'_>) {
        let From { value, app, trace, at, seen } = from;
        if !self.told.is_worth(one, value, trace, seen) {
            return;
        }
        let text = |text: &str| clip(text, VALUE_BYTES_MOST).to_owned();
        let hit = Hit {
            kind: one.kind,
            value: text(value),
            indicator: one.indicator.to_owned(),
            known: one.known(),
            app: app.map(text),
            trace,
            at: at.cloned(),
        };
        self.hits.push(Fact { seen: seen.clone(), says: Says::Hit(hit) });
    }

    /// Passes on what was found.
    fn pass_on(&mut self) -> Flow {
        for hit in self.hits.drain(..) {
            self.sink.fact(hit)?;
        }
        Flow::Continue(())
    }
}

impl Told {
    /// Whether a hit is among the first ones of its way: many links to an app must not hide that it is there.
    fn is_worth(&mut self, one: &Match<'_>, value: &str, trace: Option<TraceKind>, seen: &Seen) -> bool {
        let mut under = |key: u64, most: u32| {
            let count = self.counts.entry(key).or_default();
            *count = count.saturating_add(1);
            *count <= most
        };
        let by_indicator = under(self.hashing.hash_one((one.number, one.kind, trace)), HITS_MOST);
        // Values beyond the limit of their indicator are not counted one by one: that keeps memory bounded.
        if by_indicator && under(self.hashing.hash_one((one.number, one.kind, trace, value)), PLACES_MOST) {
            return true;
        }
        self.more = self.more.saturating_add(1);
        self.more_at = Some(seen.clone());
        false
    }
}

impl FactSink for Matching<'_> {
    fn fact(&mut self, fact: Fact) -> Flow {
        // What it is known for comes behind the fact itself.
        self.says(&fact.says, &fact.seen);
        self.sink.fact(fact)?;
        self.pass_on()
    }

    fn trace(&mut self, trace: &Trace<'_>) -> Flow {
        self.traced(trace);
        self.pass_on()
    }

    fn problem(&mut self, problem: Problem) -> Flow {
        self.sink.problem(problem)
    }

    fn begins(&mut self, unit: u64, file: FileNumber, check: &'static str) -> Flow {
        self.sink.begins(unit, file, check)
    }
}

/// The app whose page in Google's store an address is.
fn store_app(link: &str) -> Option<&str> {
    let (before, rest) = link.split_once("/store/apps/details?")?;
    before.ends_with("play.google.com").then_some(())?;
    let id = rest.split(['&', '#']).find_map(|pair| pair.strip_prefix("id="))?;
    Some(clip(id, VALUE_BYTES_MOST))
}

/// The app in whose folder a path lies.
fn app_of(path: &str) -> Option<&str> {
    let path = clip(path, VALUE_BYTES_MOST);
    if let Some(rest) = APP_DOMAINS.iter().find_map(|domain| path.strip_prefix(domain)) {
        return rest.split(['/', '-']).next();
    }
    if let Some((_, rest)) = path.split_once("/Android/") {
        let (folder, rest) = rest.split_once('/')?;
        return matches!(folder, "data" | "obb" | "media").then(|| rest.split('/').next())?;
    }
    let (_, rest) = path.split_once("/data/")?;
    let (folder, rest) = rest.split_once('/')?;
    if !matches!(folder, "data" | "app" | "app-lib" | "user" | "user_de") {
        return None;
    }
    // Users and random parts stand between: `/data/user/0/APP`, `/data/app/~~xyz==/APP-abc==/base.apk`.
    let part = rest.split('/').take(2).find(|part| part.contains('.') && !part.starts_with("~~"))?;
    part.split('-').next()
}
