//! To whom is sealed and with what is opened: passphrases, work factors, recipients, identities.

use crate::{Identity, IdentityFile, Recipient, SealError, header};
use model::ReadAt;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// A passphrase; wiped when dropped. It is used byte by byte as given, as stock `age` does.
pub struct Passphrase(SecretString);

impl Passphrase {
    /// Takes the text over; a `String` or a `Zeroizing<String>`, wiped either way.
    pub fn new(text: impl Into<Zeroizing<String>>) -> Self {
        let text: Zeroizing<String> = text.into();
        Self(SecretString::from(text.as_str()))
    }

    pub(crate) fn to_secret(&self) -> SecretString {
        SecretString::from(self.0.expose_secret())
    }
}

/// The cost of guessing a passphrase: log2 of scrypt's N (with r = 8 and p = 1), so 2^(10 + value) bytes
/// of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkFactor(u8);

impl WorkFactor {
    /// 128 MiB and a few tenths of a second.
    pub const DEFAULT: Self = Self(17);
    /// The highest that is written, and the highest that is accepted on reading.
    pub const MAX: Self = Self(20);

    /// log2 of N, from 1 to 20.
    pub fn new(log2_n: u8) -> Result<Self, SealError> {
        if (1..=Self::MAX.0).contains(&log2_n) {
            Ok(Self(log2_n))
        } else {
            Err(SealError::WorkFactorNotAllowed { log2_n })
        }
    }

    /// log2 of N.
    pub fn log2_n(self) -> u8 {
        self.0
    }
}

impl Default for WorkFactor {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// To whom something is sealed.
#[derive(Clone, Copy)]
pub enum SealTo<'a> {
    /// Any one of these can open it.
    Recipients(&'a [Recipient]),
    /// Whoever knows the passphrase can open it.
    Passphrase {
        /// The passphrase.
        passphrase: &'a Passphrase,
        /// The cost of guessing it.
        work_factor: WorkFactor,
    },
}

/// With what something is opened.
#[derive(Clone, Copy)]
pub enum OpenWith<'a> {
    /// Any one of these.
    Identities(&'a [Identity]),
    /// A passphrase.
    Passphrase(&'a Passphrase),
    /// Any one of the identities in the file, plugins included.
    IdentityFile(&'a IdentityFile),
}

/// What kind of key a sealed file asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// A passphrase.
    Passphrase,
    /// The identity of one of its recipients.
    Recipients,
}

/// Says what kind of key opens a sealed file, from its header alone and unchecked: good for asking the
/// person, no more.
pub fn lock_of(file: &dyn ReadAt) -> Result<Lock, SealError> {
    let header = header::read(file)?;
    Ok(if header.is_scrypt() { Lock::Passphrase } else { Lock::Recipients })
}

/// How much work the passphrase of a sealed file costs, from its header alone and unchecked; none if keys
/// open it. For files of others, before that work is begun.
pub fn work_of(file: &dyn ReadAt) -> Result<Option<WorkFactor>, SealError> {
    Ok(header::read(file)?.work_factor())
}
