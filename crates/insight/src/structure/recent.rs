//! The last moments of each voice, within a span of time; so many voices that memory stays flat.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use index::Cursor;

use super::{Facts, MOST_NAMED};

/// Voices that are kept; then forgetting begins anew.
const MOST_VOICES: usize = 20_000;
/// Moments of one voice that are kept.
const MOST_MOMENTS: usize = 512;

/// Moments within a span, by voice.
pub(super) struct Recent<K> {
    voices: HashMap<K, VecDeque<(i64, Cursor)>>,
}

impl<K> Default for Recent<K> {
    fn default() -> Self {
        Self { voices: HashMap::new() }
    }
}

impl<K: Hash + Eq> Recent<K> {
    /// Adds a moment and gives those of the same voice that are not older than the span.
    pub(super) fn add(&mut self, voice: K, at: (i64, Cursor), span_ms: i64) -> &mut VecDeque<(i64, Cursor)> {
        if self.voices.len() >= MOST_VOICES && !self.voices.contains_key(&voice) {
            self.voices.clear();
        }
        let moments = self.voices.entry(voice).or_default();
        moments.push_back(at);
        while moments.len() > MOST_MOMENTS
            || moments.front().is_some_and(|(first, _)| at.0.saturating_sub(*first) > span_ms)
        {
            moments.pop_front();
        }
        moments
    }
}

/// What moments come to.
pub(super) fn facts(moments: &VecDeque<(i64, Cursor)>) -> Facts {
    Facts {
        count: moments.len() as u64,
        from_ms: moments.front().map_or(0, |(at, _)| *at),
        until_ms: moments.back().map_or(0, |(at, _)| *at),
        records: moments.iter().take(MOST_NAMED).map(|(_, cursor)| cursor.number.0).collect(),
        other: None,
    }
}
