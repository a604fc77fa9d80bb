//! Every path of an iPhone backup: `Manifest.db`.
//!
//! Paths are held against the lists; parts of names that look like a domain (WebKit names folders after
//! pages) are held against the domains. Apps are known by the domains of their data, tools of a jailbreak by
//! where they lie. A plain list is read row by row, with folders, links and files that the backup lacks; an
//! encrypted one is taken from the tree, which has its files. Deliberately not read: content of the files.

use std::collections::BTreeSet;

use model::record::{Place, ProblemKind};
use source::tree::Candidate;

use crate::database::{self, clipped};
use crate::{
    About, AppFact, AppSays, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign, Trace, TraceKind,
    Wholly,
};

/// `Manifest.db`.
pub(crate) struct IosBackupFiles;

/// Most apps that are named, and most traces of a jailbreak that are told.
const APPS_MOST: usize = 20_000;
const SIGNS_MOST: usize = 200;

/// Parts of paths that belong to a jailbreak or to what is installed with one: matched in small letters, as
/// a whole name between slashes or as the beginning of one where a `*` ends it. From the file lists of
/// Cydia, Sileo, Zebra, checkra1n, unc0ver, Taurine, palera1n, Dopamine, TrollStore (public, 2026-11).
const JAILBREAK: &[&str] = &[
    "cydia",
    "cydia.app",
    "com.saurik.cydia",
    "sileo.app",
    "org.coolstar.sileostore",
    "xyz.willy.zebra",
    "checkra1n*",
    "com.opa334.dopamine*",
    "com.opa334.trollstore*",
    "trollstore*",
    "unc0ver*",
    "science.xnu.undecimus",
    "palera1n*",
    "org.coolstar.odyssey*",
    "org.coolstar.taurine*",
    "taurine.app",
    "mobilesubstrate",
    "substratebootstrap",
    "ellekit*",
    "preferenceloader",
    ".installed_unc0ver",
    ".cydia_no_stash",
    ".bootstrapped_electra",
    "afc2d",
];

impl Check for IosBackupFiles {
    fn name(&self) -> &'static str {
        "ios_backup_files"
    }

    fn about(&self) -> About {
        About {
            title: "iPhone backup: every path (Manifest.db)",
            platform: Platform::Ios,
            covers: "paths, domains in them, apps that left data, tools of a jailbreak",
            leaves_out: "content; of an encrypted list: folders, links, and files that the backup lacks",
            answers: &[Question::Files, Question::SystemIntegrity],
            source: "mvt manifest (2026); public file lists of jailbreaks",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "Manifest.db"
            && (candidate.entry().opened_as() == Some("ios_backup")
                || candidate.tree().sibling(candidate.number(), "Manifest.plist").is_some())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let mut paths = Paths { seen: input.seen(Place::Whole), ..Paths::new(input) };
        let plain = input.entry().is_some_and(is_plain);
        if plain {
            paths.rows(input, sink)?;
        } else {
            paths.tree(input, sink)?;
        }
        paths.finish(input, sink)
    }
}

fn is_plain(entry: &source::tree::Entry) -> bool {
    use std::io::Read;
    let mut start = Vec::new();
    let read = entry.content().stream().and_then(|stream| stream.take(6).read_to_end(&mut start));
    read.is_ok() && start == b"SQLite"
}

/// What is gathered on the way.
struct Paths {
    seen: Seen,
    count: u64,
    wholly: Wholly,
    apps: BTreeSet<String>,
    /// The domain that came last, which was already looked at.
    last_domain: String,
    signs: usize,
}

impl Paths {
    fn new(input: &Input<'_>) -> Self {
        let seen = input.seen(Place::Whole);
        let (apps, last_domain) = (BTreeSet::new(), String::new());
        Self { seen, count: 0, wholly: Wholly::Yes, apps, last_domain, signs: 0 }
    }

    /// The rows of a plain list.
    fn rows(&mut self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(database) = database::open(input, sink)? else {
            self.wholly = Wholly::No;
            return self.tree(input, sink);
        };
        self.wholly = database::condition(&database, input.file, sink)?;
        let Some(table) = database.table("Files") else {
            self.wholly = Wholly::No;
            return sink.trouble(&self.seen, ProblemKind::NotUnderstood, "a table Files in Manifest.db", "");
        };
        let (domain, path) = (table.column("domain"), table.column("relativePath"));
        let mut whole = String::new();
        self.seen.place = Place::row("Files", 0);
        let read = database::each_row((&database, table, input.file), sink, &mut |row, sink| {
            if let Place::Row { row: number, .. } = &mut self.seen.place {
                *number = row.rowid();
            }
            let domain = row.text(domain).unwrap_or_default();
            let path = row.text(path).unwrap_or_default();
            self.domain(&domain, sink)?;
            whole.clear();
            whole.push_str(&domain);
            whole.push('/');
            let at = whole.len();
            whole.push_str(&path);
            self.path(&whole, at, sink)
        })?;
        self.wholly = database::both(self.wholly, read.wholly);
        Flow::Continue(())
    }

    /// The files of the tree.
    fn tree(&mut self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        if input.entry().is_none_or(|entry| entry.opened_as().is_none()) {
            // What stood in the way was told when the tree was made.
            self.wholly = Wholly::No;
            return Flow::Continue(());
        }
        for (number, entry) in input.tree.inside(Some(input.file)) {
            self.seen = Seen { file: number, place: Place::Whole };
            let path = entry.path();
            let at = memchr::memchr(b'/', path.as_bytes()).unwrap_or(0);
            self.domain(path.get(..at).unwrap_or_default(), sink)?;
            self.path(path, at.saturating_add(1), sink)?;
        }
        Flow::Continue(())
    }

    /// A domain: of an app, or not.
    fn domain(&mut self, domain: &str, sink: &mut dyn FactSink) -> Flow {
        if domain == self.last_domain {
            return Flow::Continue(());
        }
        domain.clone_into(&mut self.last_domain);
        let Some(id) = app_of(domain) else { return Flow::Continue(()) };
        if self.apps.len() >= APPS_MOST || self.apps.contains(id) {
            return Flow::Continue(());
        }
        self.apps.insert(id.to_owned());
        let trace =
            Trace { kind: TraceKind::AppMention, value: id, at: None, app: Some(id), seen: &self.seen };
        sink.trace(&trace)?;
        sink.says(&self.seen, AppFact::new(id, AppSays::Mentioned))
    }

    /// A path, its domain before `at`.
    fn path(&mut self, whole: &str, at: usize, sink: &mut dyn FactSink) -> Flow {
        self.count = self.count.saturating_add(1);
        let seen = &self.seen;
        let path = whole.get(at..).unwrap_or_default();
        let path = if path.is_empty() { whole } else { path };
        sink.trace(&Trace { kind: TraceKind::Path, value: path, at: None, app: None, seen })?;
        if memchr::memchr(b'_', path.as_bytes()).is_some() {
            for part in path.split(['/', '_']).filter(|part| looks_like_domain(part)) {
                sink.trace(&Trace { kind: TraceKind::Connection, value: part, at: None, app: None, seen })?;
            }
        }
        if self.signs < SIGNS_MOST && whole.split(['/', '-']).any(is_jailbreak) {
            self.signs = self.signs.saturating_add(1);
            let (name, what) = ("jailbreak-trace".to_owned(), clipped(whole).to_owned());
            sink.says(seen, Sign { name, app: None, what, at: None })?;
        }
        Flow::Continue(())
    }

    fn finish(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        if self.count == 0 {
            // Nothing was there to look at: no password, or an empty list.
            return Flow::Continue(());
        }
        let seen = input.seen(Place::Whole);
        sink.looked(&seen, Question::Files, self.wholly, self.count)?;
        sink.looked(&seen, Question::SystemIntegrity, self.wholly, self.count)
    }
}

/// The app whose data a domain holds; none for groups, extensions, and what is not of an app.
fn app_of(domain: &str) -> Option<&str> {
    let id = domain.strip_prefix("AppDomain-")?;
    (id.len() <= 255 && id.contains('.')).then_some(id)
}

/// Whether a part of a name can be a domain: labels of letters, digits and hyphens, the last one letters.
fn looks_like_domain(part: &str) -> bool {
    if part.len() < 4 || part.len() > 253 || memchr::memchr(b'.', part.as_bytes()).is_none() {
        return false;
    }
    let fits = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    let mut labels = part.rsplit('.');
    let last = labels.next().unwrap_or_default();
    fits && (2..=24).contains(&last.len())
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && labels.all(|label| !label.is_empty())
}

/// Whether a name between slashes belongs to a jailbreak.
fn is_jailbreak(name: &str) -> bool {
    // The cheap question first: half a million paths have a few million names.
    let Some(first) = name.bytes().next().map(|byte| byte.to_ascii_lowercase()) else { return false };
    JAILBREAK.iter().any(|known| {
        if known.as_bytes().first() != Some(&first) {
            return false;
        }
        match known.strip_suffix('*') {
            Some(start) => name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start)),
            None => name.eq_ignore_ascii_case(known),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_and_jailbreaks_are_known_by_their_names() {
        for part in ["www.example.com", "example.co", "a-b.example"] {
            assert!(looks_like_domain(part), "{part}");
        }
        for part in ["example", "0", "a..b", ".com", "x.1", "größe.de", "1.2.3.4"] {
            assert!(!looks_like_domain(part), "{part}");
        }
        for name in ["Cydia.app", "checkra1n.dmg", "TrollStoreLite", "MobileSubstrate"] {
            assert!(is_jailbreak(name), "{name}");
        }
        for name in ["", "Cydiax", "Substitute", "Library", "ü"] {
            assert!(!is_jailbreak(name), "{name}");
        }
        assert_eq!(app_of("AppDomain-com.example.app"), Some("com.example.app"));
        assert_eq!(app_of("AppDomainGroup-group.com.example"), None);
    }
}
