//! iPhone: a backup as Finder and iTunes make it, plain or encrypted, and a sysdiagnose.

mod archive;
mod backup;
mod databases;
mod lists;
mod locked;
mod sysdiagnose;

pub use backup::backup;
pub use sysdiagnose::sysdiagnose;

/// Whether the files that a backup lists are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// All of them, with so many bytes on average.
    Present {
        /// Bytes on average.
        bytes: u64,
    },
    /// Only the files that tell something: the rest is listed and missing.
    Absent,
}

/// How a backup is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locked {
    /// Not at all.
    No,
    /// With a password, and so many rounds of SHA-256 and of SHA-1 behind it.
    With {
        /// The password.
        password: String,
        /// Rounds of the first derivation: 10,000,000 in real backups since iOS 10.2.
        first_rounds: u32,
        /// Rounds of the second: 10,000.
        rounds: u32,
    },
}

/// How large a backup is.
#[derive(Clone, Debug)]
pub struct IosSize {
    /// Messages in `sms.db`.
    pub messages: u64,
    /// Messages of WhatsApp.
    pub whatsapp_messages: u64,
    /// Visits in Safari.
    pub visits: u64,
    /// Ordinary apps.
    pub apps: u64,
    /// Other files that are listed.
    pub others: u64,
    /// Whether they are there.
    pub presence: Others,
    /// Whether it is encrypted.
    pub locked: Locked,
}

impl IosSize {
    /// For tests: plain.
    pub const SMALL: Self = Self {
        messages: 200,
        whatsapp_messages: 100,
        visits: 100,
        apps: 20,
        others: 100,
        presence: Others::Present { bytes: 500 },
        locked: Locked::No,
    };

    /// The same, locked with few rounds.
    pub fn small_locked(password: &str) -> Self {
        let locked = Locked::With { password: password.to_owned(), first_rounds: 1000, rounds: 100 };
        Self { locked, ..Self::SMALL }
    }

    /// A full phone's, locked as real ones are: so many files of 55 KB on average.
    pub fn bench_locked(password: &str, files: u64) -> Self {
        let password = password.to_owned();
        Self {
            messages: files / 2,
            whatsapp_messages: files / 2,
            visits: files / 10,
            apps: 200,
            others: files,
            presence: Others::Present { bytes: 55_000 },
            locked: Locked::With { password, first_rounds: 10_000_000, rounds: 10_000 },
        }
    }

    /// Many messages, and a long list of files most of which are not there.
    pub fn bench_large(messages: u64, files: u64) -> Self {
        Self {
            messages,
            whatsapp_messages: 1000,
            visits: 1000,
            apps: 200,
            others: files,
            presence: Others::Absent,
            locked: Locked::No,
        }
    }
}
