//! Pairs the records of one text, one to one, in the order of time.
//!
//! Which of several stands for all is the one whose time is the most exact: a time that can be read in one
//! way before one that can be read in two, one with a zone before one without, the finer before the coarser,
//! and what was put in first before what came later.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::align::Aligned;
use super::{COARSE, Candidate, Source, meet};

/// Records that are one message, each group in the order in which they stand for it. `same` all have one text
/// and come source by source.
pub(super) fn groups(same: &[Candidate], aligned: &Aligned) -> Vec<Vec<i64>> {
    let mut places: HashMap<Source, Range<usize>> = HashMap::new();
    let mut at = 0_usize;
    for of_source in same.chunk_by(|one, other| one.source == other.source) {
        let end = at.saturating_add(of_source.len());
        if let Some(first) = of_source.first() {
            places.insert(first.source, at..end);
        }
        at = end;
    }
    if places.len() < 2 {
        return Vec::new();
    }
    let mut sources: Vec<(&Source, &Range<usize>)> = places.iter().collect();
    sources.sort_unstable_by_key(|(source, _)| **source);
    let mut joined = Joined { same, group_of: HashMap::new(), groups: BTreeMap::new() };
    for (source, place) in sources {
        for (other, differences) in
            aligned.get(source).into_iter().flatten().filter(|(other, _)| other > source)
        {
            let Some(other_place) = places.get(other) else { continue };
            for (one, other) in pairs(same, place.clone(), other_place.clone(), differences) {
                joined.join(one, other);
            }
        }
    }
    joined.groups.into_values().map(|group| ordered(same, group)).collect()
}

/// A reading of a time, and the place in `same` of the record.
type Moment = (i64, usize);

/// Pairs of places in `same`, by one difference of the clocks after the other.
fn pairs(
    same: &[Candidate],
    one: Range<usize>,
    other: Range<usize>,
    differences: &[i64],
) -> Vec<(usize, usize)> {
    let in_time = |range: Range<usize>| {
        let mut list: Vec<Moment> = range
            .filter_map(|at| Some((at, same.get(at)?)))
            .flat_map(|(at, candidate)| candidate.readings().map(move |ms| (ms, at)))
            .collect();
        list.sort_unstable();
        list
    };
    let (one, other) = (in_time(one), in_time(other));
    let (mut pairs, mut taken) = (Vec::new(), HashSet::new());
    for later_ms in differences {
        walk(same, (&one, &other), *later_ms, &mut |one, other| {
            if !taken.contains(&one) && !taken.contains(&other) {
                taken.extend([one, other]);
                pairs.push((one, other));
            }
        });
    }
    pairs
}

/// Two lists in the order of time side by side: the earliest two that can be one are a pair.
fn walk(
    same: &[Candidate],
    (one, other): (&[Moment], &[Moment]),
    later_ms: i64,
    take: &mut dyn FnMut(usize, usize),
) {
    let (mut ones, mut others) = (one.iter().peekable(), other.iter().peekable());
    while let (Some((ms, at)), Some((other_ms, other_at))) = (ones.peek(), others.peek()) {
        let (Some(candidate), Some(other)) = (same.get(*at), same.get(*other_at)) else { break };
        let moments = ((*ms, candidate.clock), (*other_ms, other.clock));
        if meet(moments.0, moments.1, later_ms) && !candidate.clock.contradicts(other.clock) {
            take(*at, *other_at);
            ones.next();
            others.next();
        } else if *ms <= other_ms.saturating_sub(later_ms) {
            ones.next();
        } else {
            others.next();
        }
    }
}

/// Pairs joined to groups; a group never holds two records of one source.
struct Joined<'c> {
    same: &'c [Candidate],
    group_of: HashMap<usize, usize>,
    groups: BTreeMap<usize, Vec<usize>>,
}

impl Joined<'_> {
    fn join(&mut self, one: usize, other: usize) {
        let group = |joined: &Self, at: usize| joined.group_of.get(&at).copied();
        let (of_one, of_other) = (group(self, one), group(self, other));
        if of_one.is_some() && of_one == of_other {
            return;
        }
        let members = |joined: &Self, group: Option<usize>, at: usize| {
            group.and_then(|group| joined.groups.get(&group).cloned()).unwrap_or_else(|| vec![at])
        };
        let (ones, others) = (members(self, of_one, one), members(self, of_other, other));
        let source = |at: &usize| self.same.get(*at).map(|candidate| candidate.source);
        if ones.iter().any(|one| others.iter().any(|other| source(one) == source(other))) {
            return;
        }
        for group in [of_one, of_other].into_iter().flatten() {
            self.groups.remove(&group);
        }
        for member in ones.iter().chain(&others) {
            self.group_of.insert(*member, one);
        }
        self.groups.insert(one, ones.into_iter().chain(others).collect());
    }
}

fn ordered(same: &[Candidate], group: Vec<usize>) -> Vec<i64> {
    let mut group: Vec<&Candidate> = group.into_iter().filter_map(|at| same.get(at)).collect();
    group.sort_by_key(|one| {
        (one.second_ms.is_some(), !one.clock.has_zone(), one.clock.0 & COARSE, one.number)
    });
    group.into_iter().map(|one| one.number).collect()
}
