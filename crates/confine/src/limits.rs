//! What a worker may use up at most, with the defaults in this one place.

/// Limits of one worker. What a system cannot enforce is missing in [`crate::Layers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Address space, so memory of every kind. Default: 1 GiB.
    pub memory_bytes: u64,
    /// Time on a processor. Default: 3600 s, an hour.
    pub cpu_seconds: u64,
    /// How long the worker may owe a word (a message, a question, its end) before the parent gives up. Time
    /// in which the parent itself is busy does not count. Default: 300 s.
    pub wall_seconds_without_word: u64,
    /// Size of each of the worker's spool files. Default: 64 GiB.
    pub spool_bytes: u64,
    /// Size of one message. Default: 16 MiB; never more than 1 GiB.
    pub message_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 1 << 30,
            cpu_seconds: 3600,
            wall_seconds_without_word: 300,
            spool_bytes: 64 << 30,
            message_bytes: 16 << 20,
        }
    }
}

impl Limits {
    /// The longest message as a length in memory.
    pub(crate) fn message_length(&self) -> usize {
        usize::try_from(self.message_bytes.min(1 << 30)).unwrap_or(1 << 30)
    }
}
