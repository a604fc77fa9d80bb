//! What the desk tells while it works; how that looks is the caller's matter.

/// A stretch of work a person waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Counting what there is to secure.
    Measuring,
    /// Reading and sealing.
    Sealing,
    /// Reading the sealed capsule back from the medium.
    ReadingBack,
    /// Reading what capsules hold.
    Reading,
    /// Looking for monitoring.
    Checking,
    /// Looking for hints and identifiers in what was read.
    Understanding,
    /// Checking what was signed.
    Verifying,
    /// Copying a case.
    Copying,
    /// Writing files out.
    Unsealing,
    /// Writing a package.
    HandingOver,
}

/// Hears of progress. Called often; must be cheap.
pub trait Progress {
    /// A stage begins; `total_bytes` if known.
    fn begin(&self, stage: Stage, total_bytes: Option<u64>);
    /// So many bytes more are done.
    fn advance(&self, bytes: u64);
    /// The stage is over.
    fn end(&self);
}

/// Hears nothing.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

/// Tells the time. Passed in, so that tests and the demo choose it.
pub trait Clock {
    /// Now, by the own clock.
    fn now(&self) -> model::Timestamp;
}
