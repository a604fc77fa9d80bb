//! What can go wrong when opening what others encrypted, told apart by what the person has to do next.
//!
//! Deliberately free of content: no key, no password, no plaintext is ever in an error.

use std::io;

/// An error of reading what others encrypted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The password or key does not fit. Next: another password or key.
    #[error("the password or key does not fit")]
    WrongKey,
    /// What was encrypted is not what stands there now: changed or cut off, or the key is another's where the
    /// format cannot tell the two apart. Next: another copy, then another key.
    #[error("the encrypted data from byte {offset_bytes} on does not match its check value")]
    AuthenticationFailed {
        /// Where the part that was checked begins, counted from the start of what was given to be read.
        offset_bytes: u64,
    },
    /// The padding at the end is not as the format wants it: wrong key, or damaged, or cut off.
    #[error("the padding at the end of the encrypted data is wrong")]
    BadPadding,
    /// Something has a length it cannot have.
    #[error("the length of the {what} does not fit")]
    BadLength {
        /// What has the wrong length.
        what: &'static str,
    },
    /// Something is not written as the format says.
    #[error("the {what} is not as the format says")]
    BadField {
        /// What could not be read.
        what: &'static str,
    },
    /// The file asks for more work to make a key of the password than the caller allows.
    #[error("{rounds} rounds of key derivation are asked for, {max_rounds} are allowed")]
    TooManyRounds {
        /// What the file asks for.
        rounds: u64,
        /// What the caller allows.
        max_rounds: u64,
    },
    /// The file could not be read.
    #[error("reading the encrypted data failed")]
    Io(#[from] io::Error),
}

impl From<ForeignError> for io::Error {
    fn from(error: ForeignError) -> Self {
        match error {
            ForeignError::Io(error) => error,
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_ours_survives_the_way_through_io() {
        let error: io::Error = ForeignError::WrongKey.into();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ForeignError>());
        assert!(matches!(inner, Some(ForeignError::WrongKey)));
        let error: io::Error = ForeignError::Io(io::ErrorKind::UnexpectedEof.into()).into();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
