//! Which chats of different files are one conversation, and by how much their clocks differ.
//!
//! Every text that stands once in a chat and once in another of the same program votes for that pair, with
//! the difference of their clocks: none if both know their zone; otherwise whole quarter hours within 14
//! hours. A pair holds if each is the other's best, and either both have the same identifier, number or
//! name, or three texts vote for it and they are at least a quarter of the texts that one of the two holds
//! between the first and the last of them: what was sent to two chats makes no pair of them. Chats named
//! after different telephone numbers are never one. A second difference one hour beside the first is daylight
//! saving.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};
use text::{Sameness, normalise, phone_key, same_number};

use super::{Candidate, QUARTER_HOUR_MS, Source, TELLING, each_text, meet};
use crate::error::IndexError;

/// Greatest difference of two clocks, in quarter hours.
const MOST_QUARTERS: i64 = 14 * 4;
/// One hour.
const DAYLIGHT_SAVING: i64 = 4;
/// Most records with one text that vote.
const MOST_VOTING: usize = 32;
/// Most pairs that votes are counted for; then those with a single vote are forgotten. If that does not help,
/// no further ones are counted.
const MOST_COUNTED: usize = 500_000;
/// Fewest votes for chats that nothing else says to be one, and for a second difference.
const FEWEST_VOTES: u64 = 3;

/// For every chat those that tell the same conversation, with the differences of their clocks in
/// milliseconds: what the other one's clock shows more.
pub(super) type Aligned = HashMap<Source, Vec<(Source, Vec<i64>)>>;

/// Two chats, the smaller first, and what the clock of the second shows more.
type Pair = (Source, Source, i64);

struct Votes {
    count: u64,
    /// The first and the last time in each of the two.
    spans: [(i64, i64); 2],
}

/// A pair that may hold.
struct Proposal {
    pair: (Source, Source),
    quarters: Vec<i64>,
    votes: u64,
    spans: [(i64, i64); 2],
    same_name: bool,
}

/// All pairs of chats that hold.
pub(super) fn aligned(db: &Connection) -> Result<Aligned, IndexError> {
    let mut proposals = Vec::new();
    for proposal in proposals_of(votes(db)?) {
        let likeness = likeness(db, proposal.pair.0.chat, proposal.pair.1.chat)?;
        if likeness != Likeness::Different {
            proposals.push(Proposal { same_name: likeness == Likeness::Same, ..proposal });
        }
    }
    let best = best(&proposals);
    let mut aligned = Aligned::new();
    for proposal in &proposals {
        let (one, other) = proposal.pair;
        let is_best = |of: Source, file: i64| {
            best.get(&(of, file)).is_some_and(|best| best.pair == Some(proposal.pair))
        };
        if is_best(one, other.file) && is_best(other, one.file) && holds(db, proposal)? {
            let later = |sign: i64| {
                let quarters = proposal.quarters.iter();
                quarters.map(|at| at.saturating_mul(QUARTER_HOUR_MS).saturating_mul(sign)).collect()
            };
            aligned.entry(one).or_default().push((other, later(1)));
            aligned.entry(other).or_default().push((one, later(-1)));
        }
    }
    Ok(aligned)
}

fn votes(db: &Connection) -> Result<HashMap<Pair, Votes>, IndexError> {
    let mut votes = Ballot { pairs: HashMap::new(), full: false };
    each_text(db, MOST_VOTING, &mut |same| {
        let mut once = same.chunk_by(|one, other| one.source == other.source);
        let once: Vec<&Candidate> =
            once.by_ref().filter_map(|same| if let [one] = same { Some(one) } else { None }).collect();
        for (at, one) in once.iter().enumerate().filter(|(_, one)| one.clock.0 & TELLING != 0) {
            for other in once.iter().skip(at.saturating_add(1)) {
                vote(&mut votes, one, other);
            }
        }
        if !votes.full && votes.pairs.len() > MOST_COUNTED {
            votes.pairs.retain(|_, votes| votes.count > 1);
            votes.full = votes.pairs.len() > MOST_COUNTED / 2;
        }
        Ok(())
    })?;
    Ok(votes.pairs)
}

/// Votes as they come in.
struct Ballot {
    pairs: HashMap<Pair, Votes>,
    /// Only pairs that are there already are counted on.
    full: bool,
}

fn vote(ballot: &mut Ballot, one: &Candidate, other: &Candidate) {
    if one.source.file == other.source.file || one.app != other.app || one.clock.contradicts(other.clock) {
        return;
    }
    for ms in one.readings() {
        for other_ms in other.readings() {
            let Some(quarters) = difference((ms, one), (other_ms, other)) else { continue };
            let (times, pair) = ([ms, other_ms], (one.source, other.source, quarters));
            if ballot.full && !ballot.pairs.contains_key(&pair) {
                continue;
            }
            let votes = ballot
                .pairs
                .entry(pair)
                .or_insert_with(|| Votes { count: 0, spans: times.map(|ms| (ms, ms)) });
            votes.count = votes.count.saturating_add(1);
            for (span, ms) in votes.spans.iter_mut().zip(times) {
                *span = (span.0.min(ms), span.1.max(ms));
            }
        }
    }
}

/// What the other clock shows more, in quarter hours; nothing if these are not one moment.
fn difference(one: (i64, &Candidate), other: (i64, &Candidate)) -> Option<i64> {
    let both = [(one.0, one.1.clock), (other.0, other.1.clock)];
    let [first, second] = both;
    let fits = |quarters: i64| meet(first, second, quarters.saturating_mul(QUARTER_HOUR_MS));
    if first.1.has_zone() && second.1.has_zone() {
        return fits(0).then_some(0);
    }
    let below = second.0.saturating_sub(first.0).div_euclid(QUARTER_HOUR_MS);
    [below, below.saturating_add(1)]
        .into_iter()
        .find(|quarters| (-MOST_QUARTERS..=MOST_QUARTERS).contains(quarters) && fits(*quarters))
}

/// The differences of each pair of chats: the one with the most votes, and one an hour beside it.
fn proposals_of(votes: HashMap<Pair, Votes>) -> Vec<Proposal> {
    let mut pairs: BTreeMap<(Source, Source), Vec<(i64, Votes)>> = BTreeMap::new();
    for ((one, other, quarters), votes) in votes {
        pairs.entry((one, other)).or_default().push((quarters, votes));
    }
    let mut proposals = Vec::new();
    for (pair, mut differences) in pairs {
        differences.sort_by_key(|(quarters, votes)| (Reverse(votes.count), quarters.abs(), *quarters));
        let mut differences = differences.into_iter();
        let Some((first, votes)) = differences.next() else { continue };
        let mut proposal = Proposal {
            pair,
            quarters: vec![first],
            votes: votes.count,
            spans: votes.spans,
            same_name: false,
        };
        let second = differences.find(|(quarters, votes)| {
            quarters.abs_diff(first) == DAYLIGHT_SAVING.unsigned_abs() && votes.count >= FEWEST_VOTES
        });
        if let Some((second, votes)) = second {
            proposal.quarters.push(second);
            proposal.votes = proposal.votes.saturating_add(votes.count);
            for (span, more) in proposal.spans.iter_mut().zip(votes.spans) {
                *span = (span.0.min(more.0), span.1.max(more.1));
            }
        }
        proposals.push(proposal);
    }
    proposals
}

/// A chat, and a file in which its like is looked for.
type Place = (Source, i64);

/// The best pair for a place, and what it is worth; no pair where two are equally good.
#[derive(Default)]
struct Best {
    worth: (bool, u64),
    pair: Option<(Source, Source)>,
}

fn best(proposals: &[Proposal]) -> HashMap<Place, Best> {
    let mut best: HashMap<Place, Best> = HashMap::new();
    for proposal in proposals {
        let (one, other) = proposal.pair;
        let worth = (proposal.same_name, proposal.votes);
        for place in [(one, other.file), (other, one.file)] {
            let there = best.entry(place).or_default();
            match worth.cmp(&there.worth) {
                Ordering::Greater => *there = Best { worth, pair: Some(proposal.pair) },
                Ordering::Equal => there.pair = None,
                Ordering::Less => {}
            }
        }
    }
    best
}

fn holds(db: &Connection, proposal: &Proposal) -> Result<bool, IndexError> {
    if proposal.same_name {
        return Ok(true);
    }
    if proposal.votes < FEWEST_VOTES {
        return Ok(false);
    }
    let most = i64::try_from(proposal.votes.saturating_mul(4)).unwrap_or(i64::MAX);
    for (source, (from, until)) in [proposal.pair.0, proposal.pair.1].into_iter().zip(proposal.spans) {
        // No more are counted than it takes to know.
        let select = "SELECT count(*) FROM (
                          SELECT DISTINCT sign FROM record INDEXED BY record_by_chat
                          WHERE chat = ?1 AND order_ms BETWEEN ?2 AND ?3 AND file = ?4 AND clock & ?5
                          LIMIT ?6)";
        let values = params![source.chat, from, until, source.file, TELLING, most.saturating_add(1)];
        let texts: i64 = db.prepare_cached(select)?.query_row(values, |row| row.get(0))?;
        if texts <= most {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether two chats are called the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// They have the same identifier, telephone number or name.
    Same,
    /// Nothing says so, nothing says otherwise.
    Perhaps,
    /// They are named after different telephone numbers.
    Different,
}

fn likeness(db: &Connection, one: i64, other: i64) -> Result<Likeness, IndexError> {
    let mut select = db.prepare_cached("SELECT source_id, ifnull(name, '') FROM chat WHERE id = ?")?;
    let mut names = |chat: i64| select.query_row([chat], |row| Ok((row.get(0)?, row.get(1)?)));
    let (one, other): ((String, String), (String, String)) = (names(one)?, names(other)?);
    // WhatsApp writes the number before an @.
    let number = |id: &str| phone_key(id.split('@').next().unwrap_or_default());
    let sameness = number(&one.0).zip(number(&other.0)).map(|(one, other)| same_number(&one, &other, None));
    let name = normalise(&one.1);
    Ok(if !one.0.is_empty() && one.0 == other.0 || sameness == Some(Sameness::Same) {
        Likeness::Same
    } else if sameness == Some(Sameness::Different) {
        Likeness::Different
    } else if !name.trim().is_empty() && name == normalise(&other.1) {
        Likeness::Same
    } else {
        Likeness::Perhaps
    })
}
