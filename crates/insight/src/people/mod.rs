//! Proposes who may be the same person, and says why; decides nothing.
//!
//! What sources name (parties) is grouped by number, by account and by name. A proposal is a pair with its
//! reason: within a group the first one is paired with each other one, because a person who confirms these
//! has confirmed the group. What a person decided about a pair is not proposed again. Names alone are a weak
//! reason, and a single common name a weaker one; these come last. Nothing follows from a proposal by
//! itself, and no two proposals are joined into a third.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use text::{normalise, other_script};

use crate::find::{Context, Kind, find};

/// Pairs of one group at most; what is left is counted.
const MOST_OF_A_GROUP: usize = 50;
/// Proposals at most.
pub const MOST_PROPOSALS: usize = 5_000;
/// Names that many people have, and words that are no names: alone they say next to nothing.
const COMMON: &[&str] = &[
    "mama", "papa", "mutter", "vater", "oma", "opa", "baby", "schatz", "chef", "boss", "madam", "madame",
    "mum", "mom", "dad", "ana", "maria", "anna", "mohamed", "mohammed", "ali", "fatima", "ivan", "alex",
    "maman", "tata", "мама", "папа", "chefin", "arbeit", "work", "taxi", "arzt", "schule", "home", "me",
    "ich", "du", "you", "sie",
];

/// Somebody as one source names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartySeen {
    /// Their key.
    pub key: String,
    /// The service.
    pub app: String,
    /// The capsule, by its entry.
    pub capsule: u64,
    /// The source's identifier.
    pub id: Option<String>,
    /// The name.
    pub name: Option<String>,
}

/// Two that may be one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The key of the one, the smaller.
    pub first: String,
    /// The key of the other.
    pub second: String,
    /// Why.
    pub reason: Reason,
}

/// Why two may be one person; the stronger first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Reason {
    /// They have the same account of one service in two capsules.
    SameAccount {
        /// The account.
        account: String,
    },
    /// They have the same telephone number; of a messenger's identifier the number in it.
    SameNumber {
        /// The number.
        number: String,
    },
    /// They have the same mail address.
    SameMail {
        /// The address.
        mail: String,
    },
    /// They have the same name of several words.
    SameName {
        /// The name.
        name: String,
    },
    /// They have the same name in two scripts.
    SameNameOtherScript {
        /// The name of the first.
        name: String,
    },
    /// They share one common name or word only.
    CommonName {
        /// The name.
        name: String,
    },
}

/// Proposals, and how many there were no room for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proposals {
    /// The proposals, those with the stronger reasons first.
    pub proposals: Vec<Proposal>,
    /// Pairs that are left out, because a group or the list was too long.
    pub left_out: u64,
}

/// Proposes pairs; `decided` are those that a person decided about, the smaller key first.
pub fn propose(parties: &[PartySeen], context: &Context, decided: &BTreeSet<(String, String)>) -> Proposals {
    let mut groups: BTreeMap<Reason, Vec<usize>> = BTreeMap::new();
    for (number, party) in parties.iter().enumerate() {
        for reason in reasons(party, context) {
            groups.entry(reason).or_default().push(number);
        }
    }
    let mut found = Proposals::default();
    let mut seen = decided.clone();
    for (reason, members) in groups {
        let Some((first, others)) = members.split_first() else { continue };
        let Some(first) = parties.get(*first) else { continue };
        for (place, other) in others.iter().filter_map(|other| parties.get(*other)).enumerate() {
            if first.key == other.key || !says_something(&reason, first, other) {
                continue;
            }
            let pair = pair(first, other);
            if seen.contains(&pair) {
                continue;
            }
            if place >= MOST_OF_A_GROUP || found.proposals.len() >= MOST_PROPOSALS {
                found.left_out = found.left_out.saturating_add(1);
                continue;
            }
            seen.insert(pair.clone());
            let (first, second) = pair;
            found.proposals.push(Proposal { first, second, reason: reason.clone() });
        }
    }
    found
}

/// What a party can be grouped by.
fn reasons(party: &PartySeen, context: &Context) -> BTreeSet<Reason> {
    let mut reasons = BTreeSet::new();
    if let Some(id) = &party.id {
        let account = format!("{}:{}", party.app, id.to_lowercase());
        reasons.insert(Reason::SameAccount { account });
        if let Some(number) = crate::find::number_of(&party.app, id, context) {
            reasons.insert(Reason::SameNumber { number });
        }
        for found in find(id, context) {
            if found.kind == Kind::Mail {
                reasons.insert(Reason::SameMail { mail: found.key });
            }
        }
    }
    let Some(written) = &party.name else { return reasons };
    // A name that is a number: a chat with somebody who is in no address book.
    if let Some(number) = crate::find::number_of(&party.app, written, context) {
        reasons.insert(Reason::SameNumber { number });
        return reasons;
    }
    let name = normalise(written).trim().to_owned();
    if name.chars().count() < 2 {
        return reasons;
    }
    let words = name.split(' ').count();
    if words < 2 || COMMON.contains(&name.as_str()) {
        reasons.insert(Reason::CommonName { name });
        return reasons;
    }
    if let Some(other) = in_other_script(&name) {
        reasons.insert(Reason::SameNameOtherScript { name: other });
    }
    reasons.insert(Reason::SameNameOtherScript { name: name.clone() });
    reasons.insert(Reason::SameName { name });
    reasons
}

/// A name of several words, each in the likeliest spelling of the other script.
fn in_other_script(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let words = name.split(' ').map(|word| other_script(word).into_iter().next());
    words.collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

/// Whether a reason says anything about these two: the same account counts between capsules only, the same
/// name between different identifiers.
fn says_something(reason: &Reason, one: &PartySeen, other: &PartySeen) -> bool {
    match reason {
        Reason::SameAccount { .. } => one.capsule != other.capsule,
        Reason::SameName { .. } | Reason::SameNameOtherScript { .. } | Reason::CommonName { .. } => {
            (&one.app, one.capsule, &one.id) != (&other.app, other.capsule, &other.id)
        }
        Reason::SameNumber { .. } | Reason::SameMail { .. } => true,
    }
}

fn pair(one: &PartySeen, other: &PartySeen) -> (String, String) {
    let (first, second) = if one.key < other.key { (one, other) } else { (other, one) };
    (first.key.clone(), second.key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    // All names and numbers are invented.
    fn party(key: &str, capsule: u64, id: Option<&str>, name: Option<&str>) -> PartySeen {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        PartySeen {
            key: key.to_owned(),
            app: "whatsapp".to_owned(),
            capsule,
            id: owned(id),
            name: owned(name),
        }
    }

    fn proposed(parties: &[PartySeen], decided: &[(&str, &str)]) -> Vec<(String, String, Reason)> {
        let decided = decided.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let context = Context::of_countries(["DE"]);
        let found = propose(parties, &context, &decided).proposals;
        found.into_iter().map(|proposal| (proposal.first, proposal.second, proposal.reason)).collect()
    }

    #[test]
    fn the_same_number_under_two_names_and_in_a_messenger() {
        let parties = [
            party("b", 1, Some("+49 171 3920011"), Some("Falke Nord")),
            party("a", 1, Some("491713920011@s.whatsapp.net"), Some("F.")),
            party("c", 1, Some("0171 3920011"), None),
            party("d", 1, Some("0171 3920012"), None),
        ];
        let number = Reason::SameNumber { number: "+491713920011".to_owned() };
        let found = proposed(&parties, &[]);
        assert_eq!(
            found,
            [("a".into(), "b".into(), number.clone()), ("b".into(), "c".into(), number.clone())]
        );
        assert_eq!(proposed(&parties, &[("a", "b")]), [("b".into(), "c".into(), number)]);
    }

    #[test]
    fn names_are_weak_and_common_ones_weaker() {
        let parties = [
            party("a", 1, Some("x1"), Some("Irina Petrova")),
            party("b", 2, Some("x2"), Some("irina PETROVA")),
            party("c", 2, Some("x3"), Some("Ирина Петрова")),
            party("d", 1, Some("x4"), Some("Mama")),
            party("e", 2, Some("x5"), Some("mama")),
        ];
        let reasons: Vec<Reason> = proposed(&parties, &[]).into_iter().map(|(_, _, reason)| reason).collect();
        assert!(matches!(reasons[0], Reason::SameName { .. }), "{reasons:?}");
        assert!(reasons.iter().any(|reason| matches!(reason, Reason::SameNameOtherScript { .. })));
        assert!(matches!(reasons.last(), Some(Reason::CommonName { .. })));
    }

    #[test]
    fn the_same_account_counts_between_capsules_only() {
        let same = [party("a", 1, Some("kaya_7"), None), party("b", 1, Some("KAYA_7"), Some("Kaya"))];
        assert_eq!(proposed(&same, &[]), []);
        let two = [party("a", 1, Some("kaya_7"), None), party("b", 2, Some("kaya_7"), None)];
        assert!(matches!(proposed(&two, &[])[0].2, Reason::SameAccount { .. }));
    }

    #[test]
    fn a_group_of_thousands_stays_small() {
        let many: Vec<PartySeen> = (0..5_000)
            .map(|number| party(&format!("{number:05}"), number, Some(&format!("i{number}")), Some("Mama")))
            .collect();
        let found = propose(&many, &Context::default(), &BTreeSet::new());
        assert_eq!(found.proposals.len(), MOST_OF_A_GROUP);
        assert_eq!(found.left_out, 5_000 - 1 - MOST_OF_A_GROUP as u64);
    }
}
