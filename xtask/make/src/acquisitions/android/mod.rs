//! Android: what AndroidQF collects (layout of v1.8.3), and the bug report that is in it or stands alone.

mod androidqf;
mod backup;
mod bugreport;
mod device;
mod package_section;
mod services;

pub use androidqf::{androidqf, zipped};
pub use bugreport::{bugreport, dumpstate};
pub use package_section::Resolvers;

/// How large an acquisition is.
#[derive(Clone, Copy, Debug)]
pub struct AndroidSize {
    /// Ordinary apps.
    pub apps: u64,
    /// Files in the list of files, with hashes.
    pub files: u64,
    /// At least so many bytes of `dumpstate`.
    pub dumpstate_bytes: usize,
    /// How the tables of receivers are written.
    pub resolvers: Resolvers,
}

impl AndroidSize {
    /// For tests.
    pub const SMALL: Self =
        Self { apps: 30, files: 200, dumpstate_bytes: 1 << 20, resolvers: Resolvers::Counted };
    /// As large as a full phone's.
    pub const BENCH: Self =
        Self { apps: 500, files: 20_000, dumpstate_bytes: 60_000_000, resolvers: Resolvers::Counted };
    /// A tenth of that.
    pub const TENTH: Self =
        Self { apps: 50, files: 2_000, dumpstate_bytes: 6_000_000, resolvers: Resolvers::Counted };
}
