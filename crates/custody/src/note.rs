//! Signed notes: text with signature lines below it.
//!
//! Follows C2SP signed-note with Ed25519 only, and docs/format.md, section 0. Signatures of unknown keys
//! are ignored, a failing signature of a known key rejects the note. Deliberately does not interpret the
//! text.

use model::Limits;

use crate::key::is_key_name;
use crate::text;
use crate::{Signer, VerifierKey};

/// Most signature lines that are read; the specification asks for at least 16.
const SIGNATURES_MAX: usize = 100;

const DASH: &str = "\u{2014} ";

/// A note that was parsed. Its text means nothing before [`Note::verify`] succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    name: String,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

/// Why a note is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than a reader accepts.
    #[error("a note longer than {} bytes", Limits::DEFAULT.receipt_bytes)]
    TooLong,
    /// A control character other than the line feed; often a note that was converted by a mail or text
    /// program.
    #[error("a note with a control character")]
    ControlCharacter,
    /// No empty line followed by signature lines, each ending in a line feed.
    #[error("a note without signature lines")]
    Unsigned,
    /// A line below the text is not a signature line.
    #[error("a line that is not a signature line")]
    SignatureLine,
    /// More signatures than a reader accepts.
    #[error("a note with more than {SIGNATURES_MAX} signatures")]
    TooManySignatures,
    /// A known key's signature does not belong to this text: the text or the signature was altered.
    #[error("the signature of {key_name} does not belong to this text")]
    BadSignature {
        /// The name of the key.
        key_name: String,
    },
    /// No signature is by a known key.
    #[error("not signed by a known key")]
    NoKnownKey,
    /// Two known keys share name and key id, so no signature can be assigned.
    #[error("two known keys have the same name and key id")]
    AmbiguousKeys,
}

impl Note {
    /// Signs a text and gives the note. The text ends in a line feed and has no other control characters.
    pub fn sign(text: &str, signer: &Signer) -> String {
        debug_assert!(
            text.ends_with('\n') && !has_control_character(text),
            "a text that no reader would accept"
        );
        let mut bytes = signer.vkey().key_id().to_vec();
        bytes.extend_from_slice(&signer.key.sign(text.as_bytes()));
        format!("{text}\n{DASH}{} {}\n", signer.name, text::to_base64(&bytes))
    }

    /// Takes a note apart without judging its signatures.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() as u64 > Limits::DEFAULT.receipt_bytes {
            return Err(NoteError::TooLong);
        }
        if has_control_character(note) {
            return Err(NoteError::ControlCharacter);
        }
        // The last empty line separates; the text keeps its final line feed.
        let split = note.rfind("\n\n").ok_or(NoteError::Unsigned)?;
        let (text, lines) = note.split_at_checked(split + 1).ok_or(NoteError::Unsigned)?;
        let lines =
            lines.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n')).ok_or(NoteError::Unsigned)?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let signatures: Option<Vec<Signature>> = lines.split('\n').map(Signature::parse).collect();
        let signatures = signatures.ok_or(NoteError::SignatureLine)?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text with its final line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Checks every signature of a known key and gives the key of the first one.
    pub fn verify<'a>(&self, known: &'a [VerifierKey]) -> Result<&'a VerifierKey, NoteError> {
        let mut first = None;
        for signature in &self.signatures {
            let Some(key) = signature.key_among(known)? else { continue };
            let verified = <&[u8; 64]>::try_from(signature.bytes.as_slice())
                .is_ok_and(|bytes| key.public.verify(self.text.as_bytes(), bytes).is_ok());
            if !verified {
                return Err(NoteError::BadSignature { key_name: key.name.clone() });
            }
            first = first.or(Some(key));
        }
        first.ok_or(NoteError::NoKnownKey)
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
        let decoded = text::from_base64(encoded)?;
        let (key_id, bytes) = decoded.split_first_chunk::<4>()?;
        let whole = is_key_name(name) && !bytes.is_empty();
        whole.then(|| Self { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
    }

    fn key_among<'a>(&self, known: &'a [VerifierKey]) -> Result<Option<&'a VerifierKey>, NoteError> {
        let mut fitting = known.iter().filter(|key| key.name == self.name && key.key_id() == self.key_id);
        let key = fitting.next();
        if fitting.any(|other| Some(other) != key) { Err(NoteError::AmbiguousKeys) } else { Ok(key) }
    }
}

fn has_control_character(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(seed: u8) -> Signer {
        Signer::new(seal::SigningKey::from_seed([seed; 32].into()))
    }

    #[test]
    fn signed_and_opened() {
        let (one, two) = (signer(1), signer(2));
        for text in ["x\n", "\n", "a\n\nb\n", "a\n\n\n", "umlaut ä — dash\n"] {
            let note = Note::parse(&Note::sign(text, &one)).unwrap();
            assert_eq!(note.text(), text);
            let known = [two.vkey(), one.vkey(), one.vkey()];
            assert_eq!(note.verify(&known), Ok(&one.vkey()));
            assert_eq!(note.verify(&[two.vkey()]), Err(NoteError::NoKnownKey));
        }
    }

    #[test]
    fn unknown_keys_are_ignored_and_failing_known_ones_reject() {
        let (one, two) = (signer(1), signer(2));
        let note = Note::sign("text\n", &one);
        let foreign = Note::sign("other\n", &two).lines().last().unwrap().to_owned();
        let sixteen = format!("{note}{}", format!("{foreign}\n").repeat(15));
        let parsed = Note::parse(&sixteen).unwrap();
        assert_eq!(parsed.verify(&[one.vkey()]), Ok(&one.vkey()));
        assert_eq!(
            parsed.verify(&[one.vkey(), two.vkey()]),
            Err(NoteError::BadSignature { key_name: two.name.clone() })
        );
        let many = format!("{note}{}", format!("{foreign}\n").repeat(100));
        assert_eq!(Note::parse(&many), Err(NoteError::TooManySignatures));
    }

    #[test]
    fn malformed_notes() {
        let note = Note::sign("text\n", &signer(1));
        for (bad, error) in [
            (note.replace('\n', "\r\n"), NoteError::ControlCharacter),
            (note.replace("text", "te\tt"), NoteError::ControlCharacter),
            (note.replace("\n\n", "\n"), NoteError::Unsigned),
            ("text\n\n".to_owned(), NoteError::Unsigned),
            (note.trim_end().to_owned(), NoteError::Unsigned),
            (note.replace('\u{2014}', "-"), NoteError::SignatureLine),
            (format!("{note}tail\n"), NoteError::SignatureLine),
            ("text\n\n\u{2014} name AAAA\n".to_owned(), NoteError::SignatureLine),
            ("x".repeat((16 << 20) + 1), NoteError::TooLong),
        ] {
            assert_eq!(Note::parse(&bad), Err(error), "{}", bad.get(..80).unwrap_or(&bad));
        }
        let short = "text\n\n\u{2014} name AAAAAAA=\n";
        assert_eq!(Note::parse(short).unwrap().verify(&[]), Err(NoteError::NoKnownKey));
    }
}
