//! VPNs, filters, DNS and proxies that are set up on an iPhone: `com.apple.networkextension.plist`.
//!
//! A keyed archive of `NEConfiguration` objects. Their members are those that Apple's NetworkExtension
//! framework stores (class descriptions of iOS 15 to 26, read 2026-11): name, app, and one object for each
//! sort of configuration. Deliberately not read: passwords (in the keychain), rules of filters.

use model::record::{Place, ProblemKind};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::database::clipped;
use crate::{
    About, Check, FactSink, Flow, Input, Platform, Question, Seen, Setting, Trace, TraceKind, Vpn, Wholly,
    lists,
};

/// `com.apple.networkextension.plist`.
pub(crate) struct IosVpn;

/// Most configurations.
const CONFIGURATIONS_MOST: u64 = 500;

/// Members that are a VPN, and whether the system keeps it on by itself.
const VPNS: &[(&str, Option<bool>)] = &[("VPN", None), ("AppVPN", None), ("AlwaysOnVPN", Some(true))];
/// Members that change where traffic or questions for names go.
const OTHERS: &[&str] =
    &["ContentFilter", "DNSProxy", "DNSSettings", "Relay", "PathController", "URLFilter", "Hotspot"];

impl Check for IosVpn {
    fn name(&self) -> &'static str {
        "ios_vpn"
    }

    fn about(&self) -> About {
        About {
            title: "VPN, filters, DNS of an iPhone (com.apple.networkextension.plist)",
            platform: Platform::Ios,
            covers: "each configuration with its app, server, and whether it comes on by itself",
            leaves_out: "whether it was on at a time; passwords",
            answers: &[Question::Vpn],
            source: "class descriptions of NetworkExtension, iOS 15 to 26 (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.entry().name() == "com.apple.networkextension.plist"
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let whole = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let Some(objects) = top.get("$objects").filter(|objects| objects.is_list()) else {
            // Without any configuration there is no archive either.
            let is_empty = top.members() == Some(0);
            if is_empty {
                return sink.looked(&whole, Question::Vpn, Wholly::Yes, 0);
            }
            return sink.trouble(&whole, ProblemKind::NotUnderstood, "an archive of configurations", "");
        };
        let mut wholly = if lists::is_cut(objects) { Wholly::No } else { Wholly::Yes };
        let mut count = 0_u64;
        for object in objects.elements() {
            if !lists::is_small_dictionary(object) || class(object).as_deref() != Some("NEConfiguration") {
                continue;
            }
            count = count.saturating_add(1);
            if count > CONFIGURATIONS_MOST {
                wholly = Wholly::No;
                break;
            }
            configuration(object, &input.seen(file.place(object)), sink)?;
        }
        sink.looked(&whole, Question::Vpn, wholly, count)
    }
}

/// The name of an archived object's class.
fn class(object: Value<'_>) -> Option<String> {
    lists::text(object.get("$class").filter(|class| lists::is_small_dictionary(*class))?, "$classname")
}

/// An object that is a member; none if it is `$null`.
fn inner<'p>(object: Value<'p>, name: &str) -> Option<Value<'p>> {
    object.get(name).filter(|inner| lists::is_small_dictionary(*inner))
}

fn configuration(object: Value<'_>, seen: &Seen, sink: &mut dyn FactSink) -> Flow {
    let app = lists::text(object, "Application");
    let name = lists::text(object, "Name").or_else(|| lists::text(object, "ApplicationName"));
    let words: Vec<&str> = [name.as_deref(), app.as_deref()].into_iter().flatten().collect();
    let name = match words.as_slice() {
        [name, app] if name != app => clipped(&format!("{name} ({app})")).to_owned(),
        [name, ..] => (*name).to_owned(),
        [] => "unnamed".to_owned(),
    };
    if let Some(value) = &app {
        let trace = Trace { kind: TraceKind::AppMention, value, at: None, app: Some(value), seen };
        sink.trace(&trace)?;
    }
    for (member, always) in VPNS {
        let Some(vpn) = inner(object, member) else { continue };
        let server = server(vpn, &mut 0);
        if let Some(value) = &server {
            let app = app.as_deref();
            sink.trace(&Trace { kind: TraceKind::Connection, value, at: None, app, seen })?;
        }
        let on_demand = lists::truth(vpn, "OnDemandEnabled");
        for (key, value) in [("Enabled", lists::truth(vpn, "Enabled")), ("OnDemandEnabled", on_demand)] {
            let Some(value) = value else { continue };
            let (space, name) = (format!("vpn-{key}"), name.clone());
            sink.says(seen, Setting { space, name, value: value.to_string() })?;
        }
        sink.says(seen, Vpn { name: name.clone(), always: always.or(on_demand), server })?;
    }
    for member in OTHERS {
        let Some(other) = inner(object, member) else { continue };
        let mut value =
            lists::truth(other, "Enabled").map_or("set", |on| if on { "on" } else { "off" }).to_owned();
        if let Some(server) = server(other, &mut 0) {
            let (kind, app) = (TraceKind::Connection, app.as_deref());
            sink.trace(&Trace { kind, value: &server, at: None, app, seen })?;
            value = format!("{value}, {server}");
        }
        let (space, name) = (format!("network-{member}"), name.clone());
        sink.says(seen, Setting { space, name, value })?;
    }
    Flow::Continue(())
}

/// The server of a configuration: its own or that of the protocol object in it, not deeper than three.
fn server(object: Value<'_>, depth: &mut usize) -> Option<String> {
    const INNER: &[&str] = &["Protocol", "protocol", "Provider", "provider", "Settings", "DNSSettings"];
    const NAMES: &[&str] = &["ServerAddress", "serverAddress", "RemoteAddress", "ServerURL", "ServerName"];
    if let Some(found) = NAMES.iter().find_map(|name| lists::text(object, name)) {
        return Some(found);
    }
    if *depth >= 3 {
        return None;
    }
    *depth = depth.saturating_add(1);
    INNER.iter().find_map(|name| inner(object, name).and_then(|inner| server(inner, depth)))
}
