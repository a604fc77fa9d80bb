//! Addresses that the phone asked Apple about: `com.apple.identityservices.idstatuscache.plist`.
//!
//! Before a message, a call or a shared location the phone looks up whether the other address is known to a
//! service. Pegasus left addresses of its operators here (Amnesty International, 2021). As in mvt's
//! `idstatuscache` (2026-11). The service `com.apple.private.alloy.fmf` is the one that shares the location.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::lists::{self, Budget};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question, Seen, Sign, Trace, TraceKind, Wholly};

/// `…idstatuscache.plist`.
pub(crate) struct IosIdStatus;

/// Most addresses of all services, and most signs.
const ENTRIES_MOST: u64 = 200_000;
const SIGNS_MOST: usize = 500;
/// The services that share the location.
const SHARES_LOCATION: &[&str] =
    &["com.apple.private.alloy.fmf", "com.apple.private.alloy.findmylocateagent"];

impl Check for IosIdStatus {
    fn name(&self) -> &'static str {
        "ios_id_status"
    }

    fn about(&self) -> About {
        About {
            title: "Addresses that the phone asked Apple about (idstatuscache.plist)",
            platform: Platform::Ios,
            covers: "mail addresses of every service; odd ones; those looked up to share the location",
            leaves_out: "whether anything was sent",
            answers: &[Question::LocationSharing],
            source: "mvt idstatuscache; Amnesty International (2021)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let name = candidate.entry().name();
        name == "com.apple.identityservices.idstatuscache.plist" || name == "idstatuscache.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            let expected = "a dictionary of services";
            return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
        };
        let mut reading =
            Reading { budget: Budget::new(ENTRIES_MOST), signs: 0, shared: 0, wholly: Wholly::Yes };
        for (service, entries) in top.pairs().filter(|(_, entries)| entries.is_dictionary()) {
            if lists::is_cut(entries) {
                reading.wholly = Wholly::No;
            }
            let seen = input.seen(file.place(entries));
            reading.service(&service, entries, &seen, sink)?;
        }
        if reading.wholly == Wholly::No {
            let expected = "fewer addresses of one service, and of all";
            sink.trouble(&input.seen(Place::Whole), ProblemKind::Limit, expected, "the others")?;
        }
        let whole = input.seen(Place::Whole);
        sink.looked(&whole, Question::LocationSharing, reading.wholly, reading.shared)
    }
}

struct Reading {
    budget: Budget,
    signs: usize,
    shared: u64,
    wholly: Wholly,
}

impl Reading {
    fn service(&mut self, service: &str, entries: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
        for (user, entry) in entries.pairs() {
            if !self.budget.take(1) {
                self.wholly = Wholly::No;
                return Flow::Continue(());
            }
            let at = lists::is_small_dictionary(entry).then(|| entry.get("LookupDate")).flatten();
            let at = at.and_then(|at| {
                lists::time_of(at).or_else(|| at.real().map(model::record::TimeReading::apple))
            });
            let user = crate::database::clipped(&user);
            if let Some(mail) = user.strip_prefix("mailto:") {
                let (kind, value) = (TraceKind::Mail, mail.trim_matches('\''));
                sink.trace(&Trace { kind, value, at: at.as_ref(), app: None, seen })?;
            }
            let is_odd = user.contains("\0\0") || user.contains("\\x00\\x00");
            let shares = SHARES_LOCATION.contains(&service);
            if shares {
                self.shared = self.shared.saturating_add(1);
            }
            for (name, is_it) in [("account-id-odd", is_odd), ("location-shared", shares)] {
                if is_it && self.signs < SIGNS_MOST {
                    self.signs = self.signs.saturating_add(1);
                    let what = crate::database::clipped(&format!("{user} ({service})")).to_owned();
                    sink.says(seen, Sign { name: name.to_owned(), app: None, what, at: at.clone() })?;
                }
            }
        }
        Flow::Continue(())
    }
}
