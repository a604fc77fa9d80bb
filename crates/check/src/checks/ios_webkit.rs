//! What WebKit keeps of pages outside of databases: the log of a session's resources, and files whose name or
//! content is the address of a site that stored something.
//!
//! `full_browsing_session_resourceLog.plist` lists which domains loaded from which; folders below
//! `WebsiteData` are named after sites (`https_www.example.com_0`) or, since iOS 15, hold a file `origin`.
//! Known from MVT (2026). Deliberately not read: what the sites stored.

use model::record::{Place, ProblemKind};
use source::property_list::Value;
use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Trace, TraceKind, Wholly};
use crate::{address_tables, links, lists};

/// WebKit's traces of sites.
pub(crate) struct IosWebkit;

const LOG: &str = "full_browsing_session_resourceLog.plist";
/// That of Safari, as a phone's backup names it.
const LOG_IN_BACKUP: &str = "a500ee38053454a02e990957be8a251935e28d3f";
const ORIGIN_BYTES_MOST: usize = 4096;
/// Deepest list, and most values that are looked at.
const DEPTH_MOST: usize = 16;
const VALUES_MOST: usize = 500_000;

impl Check for IosWebkit {
    fn name(&self) -> &'static str {
        "ios_webkit"
    }

    fn about(&self) -> About {
        About {
            title: "Sites that WebKit remembers: resource log, stored data by site",
            platform: Platform::Ios,
            covers: "full_browsing_session_resourceLog.plist; names below WebsiteData (IndexedDB, \
                LocalStorage, \
                     SafariViewService) and files named origin",
            leaves_out: "what the sites stored",
            answers: &[Question::Connections],
            source: "MVT (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        matches!(name, LOG | LOG_IN_BACKUP) || is_of_site(candidate.entry().path())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let app = address_tables::app_of(entry.path());
        match entry.name() {
            LOG | LOG_IN_BACKUP => log(app, input, sink),
            "origin" => origin(app, input, sink),
            _ => named(app, entry.path(), input, sink),
        }
    }
}

/// Whether a path below `WebsiteData` tells a site: one file of each site is enough.
fn is_of_site(path: &str) -> bool {
    let Some((_, below)) = path.split_once("WebsiteData/") else { return false };
    let name = below.rsplit('/').next().unwrap_or_default();
    let is_database = name.ends_with(".localstorage") || name == "IndexedDB.sqlite3";
    name == "origin" || is_database && site_of(below).is_some()
}

/// The site in a path: a part such as `https_www.example.com_0`.
fn site_of(path: &str) -> Option<String> {
    path.split('/').find_map(|part| {
        let rest = part.strip_prefix("https_").or_else(|| part.strip_prefix("http_"))?;
        let (host, _) = rest.rsplit_once('_')?;
        links::host_of(host).map(std::borrow::Cow::into_owned)
    })
}

fn tell(value: &str, app: Option<&str>, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let seen = input.seen(Place::Whole);
    sink.trace(&Trace { kind: TraceKind::Connection, value, at: None, app, seen: &seen })
}

fn named(app: Option<&str>, path: &str, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let Some(site) = site_of(path) else { return Flow::Continue(()) };
    tell(&site, app, input, sink)?;
    sink.looked(&input.seen(Place::Whole), Question::Connections, Wholly::Yes, 1)
}

/// Lengths, schemes and hosts, one after the other: the hosts are runs of printable characters.
fn origin(app: Option<&str>, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    use std::io::Read;
    let whole = input.seen(Place::Whole);
    let mut bytes = Vec::new();
    let stream = input.entry().and_then(|entry| entry.content().stream().ok());
    let read = stream.map(|stream| stream.take(ORIGIN_BYTES_MOST as u64).read_to_end(&mut bytes));
    if !matches!(read, Some(Ok(_))) {
        return sink.trouble(&whole, ProblemKind::Unreadable, "bytes of a site's name that can be had", "");
    }
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let mut found = 0_u64;
    for run in bytes.split(|byte| !is_of_name(byte)) {
        let host = std::str::from_utf8(run).ok().filter(|run| run.contains('.'));
        if let Some(host) = host.and_then(links::host_of) {
            found = found.saturating_add(1);
            tell(&host, app, input, sink)?;
        }
    }
    sink.looked(&whole, Question::Connections, Wholly::Yes, found)
}

fn log(app: Option<&str>, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
    let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
    let whole = input.seen(Place::Whole);
    let list = file.list();
    let mut open: Vec<(Value<'_>, usize)> = list.iter().filter_map(|list| Some((list.top()?, 0))).collect();
    let (mut found, mut looked_at, mut wholly) = (0_u64, 0_usize, Wholly::Yes);
    let mut tell_text = |text: &str, sink: &mut dyn FactSink| {
        if text.contains('.') && links::host_of(text).is_some() {
            found = found.saturating_add(1);
            return tell(text, app, input, sink);
        }
        Flow::Continue(())
    };
    while let Some((value, depth)) = open.pop() {
        looked_at = looked_at.saturating_add(1);
        if looked_at > VALUES_MOST || depth > DEPTH_MOST {
            wholly = Wholly::No;
            sink.trouble(&whole, ProblemKind::Limit, "a smaller list of sites", "the values before")?;
            break;
        }
        let inner = depth.saturating_add(1);
        if let Some(text) = value.text() {
            tell_text(&text, sink)?;
        } else if value.is_dictionary() {
            for (key, value) in value.pairs() {
                tell_text(&key, sink)?;
                open.push((value, inner));
            }
        } else if value.members().is_some() {
            open.extend(value.elements().take(VALUES_MOST).map(|value| (value, inner)));
        }
        if open.len() > VALUES_MOST {
            open.truncate(VALUES_MOST);
        }
    }
    sink.looked(&whole, Question::Connections, wholly, found)
}
