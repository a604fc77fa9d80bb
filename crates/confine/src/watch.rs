//! The watch over a worker's silence: kills it when it owes a word for too long.
//!
//! It counts ticks of waiting, so it needs no clock, and time in which the parent is busy does not count.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The limit is this many ticks.
const TICKS: u32 = 8;
/// A tick is never shorter.
const TICK_MIN: Duration = Duration::from_millis(10);

/// Shared between the conversation and the thread that watches it.
#[derive(Default)]
pub(crate) struct Watch {
    /// Odd while the parent waits for the worker; it goes up at every change.
    turns: AtomicU64,
    gave_up: AtomicBool,
    over: Mutex<Over>,
    changed: Condvar,
}

/// Is there anything left to watch?
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Over {
    #[default]
    NotYet,
    Yes,
}

impl Watch {
    /// Runs something during which the worker owes a word.
    pub(crate) fn waiting<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.turns.fetch_add(1, Ordering::Relaxed);
        let result = wait();
        self.turns.fetch_add(1, Ordering::Relaxed);
        result
    }

    /// Did the watch give up on the worker?
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up.load(Ordering::Acquire)
    }

    /// Ends the watch.
    pub(crate) fn end(&self) {
        *self.over.lock().unwrap_or_else(PoisonError::into_inner) = Over::Yes;
        self.changed.notify_all();
    }

    /// Watches until the end; calls `kill` once if the worker owes a word for so long.
    pub(crate) fn over(&self, silence: Duration, kill: impl FnOnce()) {
        let tick = silence.checked_div(TICKS).unwrap_or(silence).max(TICK_MIN);
        let mut seen = self.turns.load(Ordering::Relaxed);
        let mut silent = 0;
        while silent < TICKS {
            let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = self.changed.wait_timeout_while(over, tick, |over| *over == Over::NotYet);
            if *waited.unwrap_or_else(PoisonError::into_inner).0 == Over::Yes {
                return;
            }
            let now = self.turns.load(Ordering::Relaxed);
            let owes = now == seen && now % 2 == 1;
            silent = if owes { silent.saturating_add(1) } else { 0 };
            seen = now;
        }
        self.gave_up.store(true, Ordering::Release);
        kill();
    }
}

#[cfg(test)]
mod tests {
    use std::thread::{scope, sleep};

    use super::*;

    const SILENCE: Duration = Duration::from_millis(80);

    #[test]
    fn silence_is_noticed_and_work_of_the_parent_is_not_silence() {
        for (owes, expected) in [(true, true), (false, false)] {
            let watch = Watch::default();
            scope(|scope| {
                let watching = scope.spawn(|| watch.over(SILENCE, || ()));
                if owes {
                    watch.waiting(|| sleep(SILENCE * 4));
                } else {
                    sleep(SILENCE * 4);
                }
                watch.end();
                watching.join().unwrap();
            });
            assert_eq!(watch.gave_up(), expected);
        }
    }

    #[test]
    fn many_short_waits_are_no_silence() {
        let watch = Watch::default();
        scope(|scope| {
            scope.spawn(|| watch.over(SILENCE, || ()));
            for _ in 0..40 {
                watch.waiting(|| sleep(SILENCE / 10));
            }
            watch.end();
        });
        assert!(!watch.gave_up());
    }
}
