//! A proof file: that one entry is in a log, with the log's signed checkpoint, in one text.
//!
//! Follows C2SP tlog-proof (`c2sp.org/tlog-proof@v1`) and docs/format.md, section 3, "Proof file". Extra
//! data is carried but, as in the specification, proves nothing. Deliberately strict: one text per proof.

use model::Digest;

use crate::text;
use crate::{Checkpoint, CheckpointError, Note, NoteError, VerifierKey};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// More than any tree of 2^64 leaves needs.
const HASHES_MAX: usize = 64;

/// The content of a `.tlog-proof` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The number of the entry in the log.
    pub index: u64,
    /// The inclusion proof of RFC 6962, from the leaf to the root.
    pub hashes: Vec<Digest>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
    /// Data that nobody vouches for; never empty.
    pub extra: Option<Vec<u8>>,
}

/// Why a proof file does not prove.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// Not the lines of a proof file.
    #[error("not the lines of a proof file")]
    Lines,
    /// The checkpoint in the file is no note, or not signed by a known key.
    #[error("the checkpoint in the proof file: {0}")]
    Note(#[from] NoteError),
    /// The signed text is no checkpoint.
    #[error("the checkpoint in the proof file: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not in the log with this checkpoint.
    #[error("the entry is not in the log that the checkpoint describes")]
    NotIncluded,
}

impl TlogProof {
    /// The text of the file.
    pub fn to_text(&self) -> String {
        let extra = self.extra.as_ref().map(|bytes| format!("extra {}\n", text::to_base64(bytes)));
        let hashes: String = self.hashes.iter().map(|hash| text::to_base64(&hash.0) + "\n").collect();
        format!("{HEADER}\n{}index {}\n{hashes}\n{}", extra.unwrap_or_default(), self.index, self.checkpoint)
    }

    /// Takes a proof file apart without judging it.
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        // No line above the checkpoint is empty, so the first empty one separates.
        let (head, checkpoint) = text.split_once("\n\n").ok_or(TlogProofError::Lines)?;
        Self::parse_head(head, checkpoint).ok_or(TlogProofError::Lines)
    }

    /// Whether a leaf is in the log; gives the checkpoint if one of the keys signed it.
    pub fn verify(&self, leaf_hash: Digest, known: &[VerifierKey]) -> Result<Checkpoint, TlogProofError> {
        let note = Note::parse(&self.checkpoint)?;
        note.verify(known)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        seal::tree::verify_inclusion(leaf_hash, self.index, checkpoint.size, &self.hashes, checkpoint.root)
            .map_err(|_| TlogProofError::NotIncluded)?;
        Ok(checkpoint)
    }

    fn parse_head(head: &str, checkpoint: &str) -> Option<Self> {
        let mut lines = head.split('\n').peekable();
        if lines.next()? != HEADER {
            return None;
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => {
                Some(text::from_base64(line.strip_prefix("extra ")?).filter(|bytes| !bytes.is_empty())?)
            }
            None => None,
        };
        let index = text::decimal(lines.next()?.strip_prefix("index ")?)?;
        let hashes: Vec<Digest> =
            lines.take(HASHES_MAX + 1).map(text::digest_from_base64).collect::<Option<_>>()?;
        (hashes.len() <= HASHES_MAX).then(|| Self { index, hashes, checkpoint: checkpoint.to_owned(), extra })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_the_written_form() {
        let proof = TlogProof {
            index: 5,
            hashes: vec![Digest([0; 32])],
            checkpoint: "log\n6\nroot\n\nsignature\n".into(),
            extra: Some(vec![0]),
        };
        let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let text = format!("{HEADER}\nextra AA==\nindex 5\n{zeros}\n\nlog\n6\nroot\n\nsignature\n");
        assert_eq!(proof.to_text(), text);
        assert_eq!(TlogProof::parse(&text), Ok(proof));
        for bad in [
            text.replace("@v1", "@v2"),
            text.replace("extra AA==", "extra "),
            text.replace("extra AA==", "extra AA"),
            text.replace("index 5", "index 05"),
            text.replace("index 5\n", ""),
            text.replace(zeros, "AAAA"),
            text.replace(zeros, &format!("{zeros}\n").repeat(65)),
            text.replace('\n', "\r\n"),
            String::new(),
        ] {
            assert_eq!(TlogProof::parse(&bad), Err(TlogProofError::Lines), "{bad}");
        }
    }
}
