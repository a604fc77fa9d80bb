//! Which apps were installed and removed on an iPhone: `mobile_installation.log.0` and its older parts.
//!
//! Lines `Mon Apr  7 06:13:34 2025 [234] <notice> (0x16b48f000) -[MIInstaller …]: …`; what counts are those
//! that say an outcome: `Install Successful for (Customer:ID)`, `Uninstalling identifier ID`. Who asked for
//! it and which version it was stand in earlier lines of the same thread. Known from iLEAPP's
//! mobileInstall, which found that other lines prove no outcome, and from EC-DIGIT-CSIRC/sysdiagnose (2026).
//! The clock is the device's own and no zone is said. The log goes back some weeks only.

use std::collections::BTreeMap;

use model::record::{FileNumber, Place, ProblemKind, TimeReading};
use source::tree::{Candidate, Tree};

use crate::database::{both, clipped};
use crate::sysdiagnose::{each_line, spelled};
use crate::{
    About, AppFact, AppOrigin, AppSays, Check, FactSink, Flow, Input, Platform, Question, Seen, Trace,
    TraceKind, Wholly,
};

/// Logs of installations.
pub(crate) struct IosMobileInstallation;

const NAME: &str = "mobile_installation.log";
/// Most parts of a log, most apps, most threads that are remembered.
const PARTS_MOST: usize = 100;
const APPS_MOST: usize = 20_000;
const THREADS_MOST: usize = 1_000;

impl Check for IosMobileInstallation {
    fn name(&self) -> &'static str {
        "ios_mobile_installation"
    }

    fn about(&self) -> About {
        About {
            title: "Installed and removed apps (mobile_installation.log)",
            platform: Platform::Ios,
            covers: "apps installed, updated and removed in the last weeks with time, version, who asked; \
                     iOS 12 to 26, from a sysdiagnose or alone",
            leaves_out: "where an app's data lies; lines that prove no outcome",
            answers: &[Question::RemovedApps],
            source: "iLEAPP mobileInstall, EC-DIGIT-CSIRC/sysdiagnose (2026)",
        }
    }

    /// The first part stands for all: which event came last is only known from all of them.
    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        is_part(candidate.entry().name())
            && parts(candidate.tree(), candidate.number()).first() == Some(&candidate.number())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let whole = input.seen(Place::Whole);
        let mut log = Log::default();
        let mut wholly = Wholly::Yes;
        for file in parts(input.tree, input.file) {
            let part = Input { tree: input.tree, file, keys: input.keys, limits: input.limits };
            log.threads.clear();
            let read = each_line(&part, sink, &mut |line, seen, _| {
                log.line(line, seen);
                Flow::Continue(())
            })?;
            wholly = both(wholly, read);
        }
        if log.lost > 0 {
            wholly = Wholly::No;
            sink.trouble(&whole, ProblemKind::Limit, "at most 20,000 apps", "those that came first")?;
        }
        if log.dated == 0 {
            wholly = Wholly::No;
            sink.trouble(&whole, ProblemKind::NotUnderstood, "lines that begin with a time", "")?;
        }
        let count = log.apps.len() as u64;
        for (id, app) in log.apps {
            app.tell(&id, sink)?;
        }
        sink.looked(&whole, Question::RemovedApps, wholly, count)
    }
}

/// Whether it is a part of the log: `mobile_installation.log`, with a number or without.
fn is_part(name: &str) -> bool {
    name.strip_prefix(NAME).is_some_and(|end| {
        end.is_empty()
            || end.strip_prefix('.').is_some_and(|number| {
                !number.is_empty() && number.len() < 5 && number.bytes().all(|byte| byte.is_ascii_digit())
            })
    })
}

/// All parts in the folder of one, in the order of their paths.
fn parts(tree: &Tree, file: FileNumber) -> Vec<FileNumber> {
    let Some(entry) = tree.entry(file) else { return Vec::new() };
    let prefix = format!("{}{NAME}", entry.folder());
    let parts = tree.below(entry.container(), &prefix).take(PARTS_MOST);
    parts.filter(|(_, part)| is_part(part.name())).map(|(number, _)| number).collect()
}

/// What is known of all parts.
#[derive(Default)]
struct Log {
    apps: BTreeMap<String, App>,
    /// By thread: what it was asked for last.
    threads: BTreeMap<String, Asked>,
    dated: u64,
    lost: u64,
}

/// What a thread was asked for.
#[derive(Clone, Default)]
struct Asked {
    by: Option<String>,
    version: Option<(String, String)>,
}

/// One app.
#[derive(Default)]
struct App {
    installed: Option<Outcome>,
    removed: Option<Outcome>,
    /// That it had no place of its own before: it is new, not updated.
    placeholder: Option<Outcome>,
    /// That an installation began, whatever came of it.
    begun: Option<Outcome>,
}

#[derive(Clone)]
struct Outcome {
    at: TimeReading,
    seen: Seen,
    kind: String,
    asked: Asked,
}

impl Log {
    fn line(&mut self, line: &str, seen: &Seen) {
        let Some(at) = line.get(..24).and_then(spelled) else { return };
        self.dated = self.dated.saturating_add(1);
        let thread = line.split_once("(0x").and_then(|(_, rest)| rest.split(')').next()).unwrap_or("");
        if let Some((_, rest)) = line.split_once("Install of \"") {
            let by = rest.split_once("requested by ").map(|(_, by)| clipped(word(by)).to_owned());
            self.asked(thread, |asked| *asked = Asked { by, version: None });
        } else if let Some((_, rest)) = line.split_once("Installing <MIInstallableBundle ID=") {
            let value = |key| rest.split_once(key).and_then(|(_, text)| text.split([',', '>']).next());
            let version = value("ShortVersion=").filter(|text| *text != "(null)");
            let id = clipped(rest.split([';', '>']).next().unwrap_or_default()).to_owned();
            let version = version.map(|text| (id.clone(), clipped(text.trim()).to_owned()));
            self.asked(thread, |asked| asked.version = version);
            let (kind, asked) = (String::new(), Asked::default());
            if let Some(app) = self.app(&id) {
                later(&mut app.begun, Outcome { at, seen: seen.clone(), kind, asked });
            }
        } else if let Some((_, rest)) = line.split_once("Install Successful for (") {
            let Some((kind, id)) = rest.split(')').next().and_then(|of| of.split_once(':')) else { return };
            let asked = self.threads.get(thread).cloned().unwrap_or_default();
            let outcome = Outcome { at, seen: seen.clone(), kind: clipped(kind).to_owned(), asked };
            let Some(app) = self.app(id) else { return };
            let into = if kind == "Placeholder" { &mut app.placeholder } else { &mut app.installed };
            later(into, outcome);
        } else if let Some((_, rest)) = line.split_once("Uninstalling identifier ") {
            let asked = Asked::default();
            let outcome = Outcome { at, seen: seen.clone(), kind: String::new(), asked };
            if let Some(app) = self.app(word(rest)) {
                later(&mut app.removed, outcome);
            }
        }
    }

    fn asked(&mut self, thread: &str, set: impl FnOnce(&mut Asked)) {
        if self.threads.len() >= THREADS_MOST && !self.threads.contains_key(thread) {
            self.threads.clear();
        }
        set(self.threads.entry(clipped(thread).to_owned()).or_default());
    }

    fn app(&mut self, id: &str) -> Option<&mut App> {
        let id = clipped(id.trim());
        if id.is_empty() || (self.apps.len() >= APPS_MOST && !self.apps.contains_key(id)) {
            self.lost = self.lost.saturating_add(u64::from(!id.is_empty()));
            return None;
        }
        Some(self.apps.entry(id.to_owned()).or_default())
    }
}

/// The first word.
fn word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Keeps the later of two; of the same second the one that stands later.
fn later(into: &mut Option<Outcome>, outcome: Outcome) {
    if into.as_ref().is_none_or(|kept| kept.at.first_ms <= outcome.at.first_ms) {
        *into = Some(outcome);
    }
}

impl App {
    fn tell(self, id: &str, sink: &mut dyn FactSink) -> Flow {
        let after = |one: &Option<Outcome>, other: &Option<Outcome>| {
            let ms = |outcome: &Option<Outcome>| outcome.as_ref().and_then(|outcome| outcome.at.first_ms);
            one.is_some() && ms(one) >= ms(other)
        };
        let any =
            [&self.installed, &self.removed, &self.placeholder, &self.begun].into_iter().flatten().next();
        let Some(any) = any else { return Flow::Continue(()) };
        let seen = &any.seen;
        sink.trace(&Trace {
            kind: TraceKind::AppMention,
            value: id,
            at: Some(&any.at),
            app: Some(id),
            seen,
        })?;
        let removed = self.removed.as_ref().filter(|_| after(&self.removed, &self.installed));
        if let Some(removed) = removed {
            let says = AppSays::Removed(Some(removed.at.clone()));
            return sink.says_of(id, &removed.seen, says);
        }
        let Some(installed) = &self.installed else { return sink.says_of(id, seen, AppSays::Mentioned) };
        let seen = &installed.seen;
        let origin = if installed.kind == "System" { AppOrigin::Factory } else { AppOrigin::Added };
        sink.says_of(id, seen, AppSays::Installed(origin))?;
        // A place is made for an app before it is first installed, and not for an update.
        let new = after(&self.placeholder, &self.removed);
        let at = installed.at.clone();
        let says = if new { AppSays::FirstInstalled(at) } else { AppSays::LastUpdated(at) };
        sink.says_of(id, seen, says)?;
        if installed.kind == "Developer" {
            sink.says_of(id, seen, AppSays::Installer(Some("Developer".to_owned())))?;
        }
        if let Some(by) = &installed.asked.by {
            sink.says_of(id, seen, AppSays::Initiator(by.clone()))?;
        }
        match &installed.asked.version {
            Some((of, version)) if of == id => sink.says_of(id, seen, AppSays::Version(version.clone())),
            _ => Flow::Continue(()),
        }
    }
}

trait SaysOf {
    fn says_of(&mut self, id: &str, seen: &Seen, says: AppSays) -> Flow;
}

impl SaysOf for dyn FactSink + '_ {
    fn says_of(&mut self, id: &str, seen: &Seen, says: AppSays) -> Flow {
        self.says(seen, AppFact::new(id, says))
    }
}
