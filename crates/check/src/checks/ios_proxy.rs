//! Proxies that are set for the networks of an iPhone: `SystemConfiguration/preferences.plist`.
//!
//! Each network service may name a proxy for pages and a script that chooses one (keys of Apple's
//! SystemConfiguration framework, SCSchemaDefinitions.h, 2026-11). What a profile sets for all networks
//! stands in the profile. Deliberately not read: passwords, addresses, names of the phone.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::database::clipped;
use crate::lists::{self, Budget};
use crate::{
    About, Check, FactSink, Flow, Input, Platform, Question, Seen, Setting, Trace, TraceKind, Wholly,
};

/// `SystemConfiguration/preferences.plist`.
pub(crate) struct IosProxy;

/// Whether it is on, where it leads, and its port.
const PROXIES: &[(&str, &str, &str)] = &[
    ("HTTPEnable", "HTTPProxy", "HTTPPort"),
    ("HTTPSEnable", "HTTPSProxy", "HTTPSPort"),
    ("SOCKSEnable", "SOCKSProxy", "SOCKSPort"),
    ("ProxyAutoConfigEnable", "ProxyAutoConfigURLString", ""),
];

impl Check for IosProxy {
    fn name(&self) -> &'static str {
        "ios_proxy"
    }

    fn about(&self) -> About {
        About {
            title: "Proxies of networks (SystemConfiguration/preferences.plist)",
            platform: Platform::Ios,
            covers: "proxies for pages and scripts that choose one, of each network service",
            leaves_out: "proxies that a profile sets for all networks: they stand in the profile",
            answers: &[Question::Vpn],
            source: "Apple SystemConfiguration (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        entry.name() == "preferences.plist" && entry.folder().ends_with("SystemConfiguration/")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let whole = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let services = top.get("NetworkServices").filter(|services| services.is_dictionary());
        let mut wholly = if services.is_some_and(lists::is_cut) { Wholly::No } else { Wholly::Yes };
        let mut budget = Budget::new(2000);
        let mut count = 0_u64;
        for (_, service) in services.into_iter().flat_map(Value::pairs) {
            if !budget.take(1) || !lists::is_small_dictionary(service) {
                wholly = Wholly::No;
                continue;
            }
            let proxies = service.get("Proxies").filter(|proxies| lists::is_small_dictionary(*proxies));
            let Some(proxies) = proxies else { continue };
            let name = lists::text(service, "UserDefinedName").unwrap_or_default();
            count = count.saturating_add(tell(&name, proxies, &input.seen(file.place(proxies)), sink)?);
        }
        sink.looked(&whole, Question::Vpn, wholly, count)
    }
}

/// Tells the proxies of a service that are on; gives how many.
fn tell(
    service: &str,
    proxies: Value<'_>,
    seen: &Seen,
    sink: &mut dyn FactSink,
) -> std::ops::ControlFlow<(), u64> {
    let mut count = 0_u64;
    for (on, address, port) in PROXIES {
        let Some(to) = lists::text(proxies, address).filter(|_| lists::truth(proxies, on) == Some(true))
        else {
            continue;
        };
        count = count.saturating_add(1);
        sink.trace(&Trace { kind: TraceKind::Connection, value: &to, at: None, app: None, seen })?;
        let port =
            proxies.get(port).and_then(lists::shown).map(|port| format!(":{port}")).unwrap_or_default();
        let of = if service.is_empty() { String::new() } else { format!(" ({service})") };
        let value = clipped(&format!("{to}{port}{of}")).to_owned();
        sink.says(seen, Setting { space: "network".to_owned(), name: "http_proxy".to_owned(), value })?;
    }
    std::ops::ControlFlow::Continue(count)
}
