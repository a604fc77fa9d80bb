//! What can go wrong when sealing and opening, told apart by what the person has to do next.
//!
//! Deliberately free of content: no key, no passphrase, no plaintext, no file name is ever in an error.

use std::io;

/// An error of sealing or opening.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// None of the keys fits, or the passphrase is wrong. Next: another key or passphrase.
    #[error("no key fits, or the passphrase is wrong")]
    WrongKey,
    /// The file ends where no sealed file can end: it was cut off, or still grows. Next: another copy.
    #[error("the sealed file is cut off")]
    Truncated,
    /// The bytes from here on (start of a chunk, counted from the start of the file) are not what was sealed:
    /// changed, or in the last chunk perhaps cut off. Next: another copy.
    #[error("the sealed file is damaged at byte {offset_bytes} or cut off there")]
    Damaged {
        /// Where the damaged chunk begins, counted from the start of the sealed file.
        offset_bytes: u64,
    },
    /// Not an age file at all. Next: another file.
    #[error("not a sealed file")]
    NotAge,
    /// The header is damaged or was changed. Next: another copy.
    #[error("the header of the sealed file is damaged")]
    HeaderDamaged,
    /// The header has more than 64 KiB or more than 128 stanzas.
    #[error("the header of the sealed file is larger than allowed")]
    HeaderTooLarge,
    /// An age file of another version. Next: a newer program.
    #[error("a version of the age format that is not known here")]
    UnsupportedVersion,
    /// The file asks for more scrypt work than allowed on reading (log2 of N, at most 20).
    #[error("the scrypt work factor {log2_n} is higher than allowed")]
    WorkFactorTooHigh {
        /// log2 of the N asked for; 255 stands for anything from 255 on.
        log2_n: u8,
    },
    /// A work factor outside of 1 to 20 was asked for on writing.
    #[error("the scrypt work factor {log2_n} is not between 1 and 20")]
    WorkFactorNotAllowed {
        /// log2 of the N asked for.
        log2_n: u8,
    },
    /// There was nobody to seal to.
    #[error("no recipient given")]
    NoRecipients,
    /// Recipients that refuse to stand beside each other (for example post-quantum and classic ones).
    #[error("these recipients cannot be used together")]
    IncompatibleRecipients,
    /// The age plugin `age-plugin-<name>` is not installed. Next: install it.
    #[error("the age plugin {name} is not installed")]
    PluginMissing {
        /// Name of the plugin without `age-plugin-`.
        name: String,
    },
    /// The age plugin did not do its work. Next: plug in the token, try the plugin by itself.
    #[error("the age plugin {name} reports an error")]
    PluginFailed {
        /// Name of the plugin without `age-plugin-`.
        name: String,
    },
    /// The text is no `AGE-SECRET-KEY-` identity.
    #[error("not an age identity")]
    NotAnIdentity,
    /// A line of an identity file is neither comment nor identity.
    #[error("line {line} of the identity file is not an identity")]
    IdentityFileLine {
        /// Number of the line, counted from 1.
        line: usize,
    },
    /// An identity file without any identity.
    #[error("the identity file holds no identity")]
    NoIdentities,
    /// The content is larger than the caller allows.
    #[error("the sealed content is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit the caller set.
        limit_bytes: u64,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The cryptographic library refused to work.
    #[error("the cryptographic library refused to work")]
    Cipher,
    /// The medium failed: full, gone, unreadable.
    #[error("reading or writing failed: {0}")]
    Io(#[source] io::Error),
}

impl From<io::Error> for SealError {
    /// Brings back a `SealError` that travelled through `std::io`, keeps everything else as it is.
    fn from(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(Self::Io)
    }
}

impl From<SealError> for io::Error {
    /// For `Read`, `Write` and `ReadAt`; `SealError::from` brings the variant back.
    fn from(error: SealError) -> Self {
        let kind = match error {
            SealError::Io(error) => return error,
            SealError::Truncated => io::ErrorKind::UnexpectedEof,
            SealError::Random | SealError::Cipher => io::ErrorKind::Other,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_survive_the_way_through_io() {
        let back = SealError::from(io::Error::from(SealError::Damaged { offset_bytes: 7 }));
        assert!(matches!(back, SealError::Damaged { offset_bytes: 7 }));
        let back = SealError::from(io::Error::from(SealError::Io(io::ErrorKind::StorageFull.into())));
        assert!(matches!(back, SealError::Io(error) if error.kind() == io::ErrorKind::StorageFull));
    }
}
