//! The signs of one subject: names that the rules know, each with what was seen.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::record::TimeReading;

use super::Evidence;
use crate::Seen;

/// A sign's name.
pub(super) type SignName = Cow<'static, str>;

/// Places that are kept of one sign; further ones are counted.
const KEPT: usize = 20;

/// What was seen of each sign.
#[derive(Default)]
pub(super) struct Signs(BTreeMap<SignName, Seens>);

/// What was seen of one sign.
#[derive(Default)]
pub(super) struct Seens {
    /// The first of them.
    pub(super) kept: Vec<Evidence>,
    /// All of them.
    pub(super) count: u64,
}

impl Signs {
    /// One more place.
    pub(super) fn add(
        &mut self,
        name: impl Into<SignName>,
        what: &str,
        at: Option<TimeReading>,
        seen: &Seen,
    ) {
        let seens = self.0.entry(name.into()).or_default();
        seens.count = seens.count.saturating_add(1);
        if seens.kept.len() < KEPT {
            seens.kept.push(Evidence { what: what.to_owned(), at, seen: seen.clone() });
        }
    }

    /// Whether there is such a sign.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Where the first of them was seen.
    pub(super) fn first_place(&self) -> Option<Seen> {
        self.0.values().next()?.kept.first().map(|evidence| evidence.seen.clone())
    }

    /// What was seen of a sign.
    pub(super) fn get(&self, name: &str) -> Option<&Seens> {
        self.0.get(name)
    }
}
