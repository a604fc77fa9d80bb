//! The family group that an iPhone's account belongs to: `CircleCache.plist`, `JFamilyCircle.plist`.
//!
//! Members with name, account and part: organiser, parent. Names as in iLEAPP's module on surveillance
//! (2026-06, read 2026-11). Deliberately not told: the owner of the phone.

use model::record::{Place, ProblemKind, TimeReading};
use source::property_list::{PropertyList, Value};
use source::tree::Candidate;

use crate::database::clipped;
use crate::{
    About, Check, FactSink, Flow, Input, LinkedDevice, Platform, Question, Trace, TraceKind, Wholly, lists,
};

/// Caches of the family group.
pub(crate) struct IosFamily;

/// Most members; Apple allows six.
const MEMBERS_MOST: usize = 100;

impl Check for IosFamily {
    fn name(&self) -> &'static str {
        "ios_family"
    }

    fn about(&self) -> About {
        About {
            title: "Family group (CircleCache.plist, JFamilyCircle.plist)",
            platform: Platform::Ios,
            covers: "every other member with account, name and part",
            leaves_out: "what is shared with them",
            answers: &[Question::Family],
            source: "iLEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        matches!(candidate.entry().name(), "CircleCache.plist" | "JFamilyCircle.plist")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(top) = list.as_ref().and_then(PropertyList::top).filter(|top| top.is_dictionary()) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a dictionary", "");
        };
        let circle = top.get("circle");
        let members = circle.and_then(|circle| {
            let own = circle.get("family-members");
            own.or_else(|| circle.get("family")?.get("members"))
        });
        let mut wholly = Wholly::Yes;
        let mut count = 0_u64;
        for member in members.into_iter().flat_map(Value::elements).take(MEMBERS_MOST) {
            if !lists::is_small_dictionary(member) {
                wholly = Wholly::No;
                continue;
            }
            if lists::truth(member, "is-me") == Some(true) || lists::truth(member, "isMe") == Some(true) {
                continue;
            }
            count = count.saturating_add(1);
            let seen = input.seen(file.place(member));
            let first = |names: &[&str]| names.iter().find_map(|name| lists::text(member, name));
            let account = first(&["member-apple-id", "accountName", "appleID"]);
            if let Some(value) = account.as_deref().filter(|account| account.contains('@')) {
                sink.trace(&Trace { kind: TraceKind::Mail, value, at: None, app: None, seen: &seen })?;
            }
            let (service, used) = ("family".to_owned(), None);
            let name = shown(member, account.as_deref());
            sink.says(&seen, LinkedDevice { service, name, since: joined(member), used })?;
        }
        sink.looked(&seen, Question::Family, wholly, count)
    }
}

/// Name, account and part of a member in one text.
fn shown(member: Value<'_>, account: Option<&str>) -> String {
    let text = |names: [&str; 2]| names.iter().find_map(|name| lists::text(member, name));
    let names = [text(["member-first-name", "firstName"]), text(["member-last-name", "lastName"])];
    let mut parts: Vec<String> = names.into_iter().flatten().collect();
    parts.extend(account.map(|account| format!("<{account}>")));
    let is = |names: [&str; 2]| names.iter().any(|name| lists::truth(member, name) == Some(true));
    if is(["member-is-organizer", "isOrganizer"]) {
        parts.push("(organiser)".to_owned());
    }
    if is(["member-is-parent-account", "isParent"]) {
        parts.push("(parent)".to_owned());
    }
    clipped(&parts.join(" ")).to_owned()
}

fn joined(member: Value<'_>) -> Option<TimeReading> {
    let raw = member.get("member-join-date-epoch")?;
    let number = raw.integer().or_else(|| raw.text_within(20)?.parse().ok())?;
    // Some versions count milliseconds.
    let is_ms = number.unsigned_abs() > 100_000_000_000;
    Some(if is_ms { TimeReading::unix_ms(number) } else { TimeReading::unix_seconds(number) })
}
