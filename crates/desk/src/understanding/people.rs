//! `people`: who is named in a case, who may be the same, which numbers, addresses and accounts recur.
//!
//! Proposals are never decided here: a person says same, not the same, or unsure, and that is an entry that
//! can be undone. Everything is of one case; no other is ever opened.

use std::collections::{BTreeMap, BTreeSet};

use index::{Cursor, Filter, Index, Insights, PartyNumber, SeenIdentifier, SeenParty};
use insight::find::Context;
use insight::people::{self, PartySeen, Proposal};
use insight::picture::graph;
use model::EntryNumber;

use super::decisions::{Decisions, Same};
use super::pass::PassForm;
use crate::{Desk, DeskError, OpenCase};

/// Parties or identifiers read at once.
const PAGE: usize = 10_000;
/// Parties that are looked at; a case with more says so.
const MOST_PARTIES: usize = 100_000;
/// Persons, those with the most records, whose first and last time are looked up.
const MOST_TIMED: usize = 1_000;
/// Records that are gone through for the links of one identifier.
const MOST_LINKED: usize = 2_000;

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct PeopleForm {
    /// Countries (two letters of ISO 3166) whose spelling of numbers is understood.
    pub countries: Vec<String>,
}

/// Everybody who is named, and who may be the same.
#[derive(Debug, serde::Serialize)]
pub struct FoundPeople {
    /// Persons: what a person confirmed to be one stands together.
    pub persons: Vec<Person>,
    /// Pairs that may be one person.
    pub proposals: Vec<Proposal>,
    /// Pairs there was no room for.
    pub left_out: u64,
    /// Whether there are more parties than were looked at.
    pub more: bool,
}

/// A person: one party, or several that somebody confirmed to be one.
#[derive(Debug, serde::Serialize)]
pub struct Person {
    /// As the sources name them. May hold any character: show them escaped.
    pub parties: Vec<PersonParty>,
    /// When they occur first, in milliseconds since 1970; looked up for those with the most records.
    pub first_ms: Option<i64>,
    /// When they occur last; the same.
    pub last_ms: Option<i64>,
    /// Why they are one, as it was decided.
    pub why: Vec<String>,
}

/// Somebody as one source names them.
#[derive(Clone, Debug, serde::Serialize)]
pub struct PersonParty {
    /// Their key.
    pub key: String,
    /// The service.
    pub app: String,
    /// The capsule.
    pub capsule: EntryNumber,
    /// The identifier.
    pub id: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// Records they sent.
    pub sent: u64,
    /// Other records they are named in.
    pub named: u64,
}

/// An identifier, where it occurs and with whom.
#[derive(Debug, serde::Serialize)]
pub struct Link {
    /// What sort.
    pub kind: String,
    /// The one spelling.
    pub key: String,
    /// As it was written the first time. May hold any character: show it escaped.
    pub shown: String,
    /// How often it occurs.
    pub count: u64,
    /// When first, in milliseconds since 1970.
    pub first_ms: Option<i64>,
    /// When last.
    pub last_ms: Option<i64>,
    /// Who sent the records it stands in, and how many; the most first.
    pub with: Vec<(String, u64)>,
    /// Whether it occurs more often than was gone through for this.
    pub more: bool,
}

impl Desk<'_> {
    /// Everybody, and the proposals.
    pub fn people(&mut self, case: &mut OpenCase, form: &PeopleForm) -> Result<FoundPeople, DeskError> {
        let (index, _) = self.with_identifiers(case, form)?;
        self.looked(case, "people")?;
        let decisions = self.decisions(case)?;
        let (parties, more) = parties(&index)?;
        let seen: Vec<PartySeen> = parties.iter().map(party_seen).collect();
        let context = Context::of_countries(form.countries.iter().map(String::as_str));
        let decided: BTreeSet<(String, String)> = decisions.people.keys().cloned().collect();
        let proposals = people::propose(&seen, &context, &decided);
        let persons = persons(&index, &parties, &decisions)?;
        let (left_out, proposals) = (proposals.left_out, proposals.proposals);
        Ok(FoundPeople { persons, proposals, left_out, more })
    }

    /// The identifiers of a case with who stands beside them; of one kind or of all.
    pub fn links(
        &mut self,
        case: &mut OpenCase,
        form: &PeopleForm,
        kind: Option<&str>,
    ) -> Result<Vec<Link>, DeskError> {
        let (index, insights) = self.with_identifiers(case, form)?;
        self.looked(case, "people")?;
        let mut links = Vec::new();
        let mut after = None;
        loop {
            let page = insights.identifiers(kind, after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.number);
            for identifier in page {
                links.push(link(&index, &insights, identifier)?);
            }
        }
        links.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.kind, &a.key).cmp(&(&b.kind, &b.key))));
        Ok(links)
    }

    /// The links as a picture; `words` are those that stand in it.
    pub fn link_graph(
        &mut self,
        case: &mut OpenCase,
        form: &PeopleForm,
        words: &graph::Words<'_>,
    ) -> Result<String, DeskError> {
        let links = self.links(case, form, None)?;
        let edges = links.iter().flat_map(|link| {
            let identifier = format!("{}: {}", link.kind, link.shown);
            link.with.iter().map(move |(who, count)| graph::Edge {
                from: who.clone(),
                to: identifier.clone(),
                count: *count,
            })
        });
        Ok(graph::svg(&edges.collect::<Vec<_>>(), words))
    }

    /// Decides about two parties by their keys, or by the beginnings of them.
    pub fn judge_person(
        &mut self,
        case: &mut OpenCase,
        (one, other): (&str, &str),
        decision: Same,
        why: &str,
    ) -> Result<EntryNumber, DeskError> {
        let index = crate::reading::IndexFile::of(case)?.current(case)?;
        let (parties, _) = parties(&index)?;
        let whole = |key: &str| {
            let mut fitting = parties.iter().map(|party| party.key.to_string());
            let mut fitting = fitting.by_ref().filter(|known| key.len() >= 6 && known.starts_with(key));
            match (fitting.next(), fitting.next()) {
                (Some(only), None) => Ok(only),
                // Nobody, or several: then too few digits were given.
                _ => Err(DeskError::Unknown(key.to_owned())),
            }
        };
        let (one, other) = (whole(one)?, whole(other)?);
        self.decide_person(case, (&one, &other), decision, why)
    }

    fn with_identifiers(&self, case: &OpenCase, form: &PeopleForm) -> Result<(Index, Insights), DeskError> {
        self.insights(case, &PassForm { languages: Vec::new(), countries: form.countries.clone() })
    }
}

/// All parties, and whether there are more.
fn parties(index: &Index) -> Result<(Vec<SeenParty>, bool), DeskError> {
    let (mut all, mut after): (Vec<SeenParty>, Option<PartyNumber>) = (Vec::new(), None);
    loop {
        let page = index.parties(after, PAGE)?;
        let Some(last) = page.last() else { return Ok((all, false)) };
        after = Some(last.number);
        all.extend(page);
        if all.len() >= MOST_PARTIES {
            return Ok((all, true));
        }
    }
}

fn party_seen(party: &SeenParty) -> PartySeen {
    PartySeen {
        key: party.key.to_string(),
        app: party.app.clone(),
        capsule: party.capsule.0,
        id: party.source_id.clone(),
        name: party.name.clone(),
    }
}

/// Parties with those that were confirmed to be one, in the order of what they sent.
fn persons(index: &Index, parties: &[SeenParty], decisions: &Decisions) -> Result<Vec<Person>, DeskError> {
    let by_key: BTreeMap<String, &SeenParty> =
        parties.iter().map(|party| (party.key.to_string(), party)).collect();
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut persons = Vec::new();
    for key in by_key.keys() {
        if done.contains(key) {
            continue;
        }
        let mut keys = BTreeSet::from([key.clone()]);
        decisions.add_confirmed(&mut keys);
        let members: Vec<&SeenParty> = keys.iter().filter_map(|key| by_key.get(key).copied()).collect();
        let pairs = decisions.people.iter();
        let same = pairs.filter(|((one, _), (same, _))| *same == Same::Same && keys.contains(one));
        let why = same.map(|(_, (_, why))| why.clone()).filter(|why| !why.is_empty()).collect();
        let parties = members.iter().map(|party| person_party(party)).collect();
        persons.push((Person { parties, first_ms: None, last_ms: None, why }, members));
        done.extend(keys);
    }
    let records = |person: &Person| {
        person
            .parties
            .iter()
            .fold(0_u64, |sum, party| sum.saturating_add(party.sent).saturating_add(party.named))
    };
    persons.sort_by_key(|(person, _)| std::cmp::Reverse(records(person)));
    for (person, members) in persons.iter_mut().take(MOST_TIMED) {
        (person.first_ms, person.last_ms) = times(index, members)?;
    }
    Ok(persons.into_iter().map(|(person, _)| person).collect())
}

fn person_party(party: &SeenParty) -> PersonParty {
    PersonParty {
        key: party.key.to_string(),
        app: party.app.clone(),
        capsule: party.capsule,
        id: party.source_id.clone(),
        name: party.name.clone(),
        sent: party.sent,
        named: party.named,
    }
}

/// The first and the last time of records with them.
fn times(index: &Index, members: &[&SeenParty]) -> Result<(Option<i64>, Option<i64>), DeskError> {
    let parties = members.iter().map(|party| party.number).collect();
    let filter = Filter { parties, ..Filter::default() };
    let time = |page: index::Page| {
        page.lines.first().and_then(|line| line.record.what.time().and_then(|time| time.first_ms))
    };
    // Behind everything with a time stands what has none.
    let end = Cursor { order_ms: i64::MAX, number: index::RecordNumber(0) };
    Ok((time(index.page(&filter, None, 1)?), time(index.page_before(&filter, end, 1)?)))
}

/// An identifier with those who sent the records it stands in.
fn link(index: &Index, insights: &Insights, identifier: SeenIdentifier) -> Result<Link, DeskError> {
    let spots = insights.occurrences(identifier.number, None, MOST_LINKED)?;
    let mut with: BTreeMap<String, u64> = BTreeMap::new();
    for spot in &spots {
        let line = index.numbered(spot.cursor.number)?;
        for who in senders(&line.record.what) {
            let count = with.entry(who).or_default();
            *count = count.saturating_add(1);
        }
    }
    let mut with: Vec<(String, u64)> = with.into_iter().collect();
    with.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let SeenIdentifier { kind, key, shown, count, first_ms, last_ms, .. } = identifier;
    Ok(Link { kind, key, shown, count, first_ms, last_ms, with, more: spots.len() >= MOST_LINKED })
}

/// Whom a record is from, or whom it is about.
fn senders(what: &model::record::What) -> Vec<String> {
    use model::record::{Party, What};
    let name = |party: &Party| party.name.clone().or_else(|| party.id.clone());
    match what {
        What::Message(message) => message.sender.iter().filter_map(name).collect(),
        What::Call(call) => call.others.iter().filter_map(name).collect(),
        What::Contact(contact) => contact.names.first().cloned().into_iter().collect(),
        _ => Vec::new(),
    }
}
