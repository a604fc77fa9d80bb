//! The clock of this computer; the only place where the program reads it.

use desk::{Clock, Timestamp};

/// The own clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_second())
    }
}
