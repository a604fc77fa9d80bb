//! The head of a log: its name, how many entries it has, and the tree hash over them.
//!
//! Follows C2SP tlog-checkpoint without extension lines, and docs/format.md, section 3, "Checkpoint".
//! Deliberately unsigned here: a checkpoint is the text of a [`crate::Note`].

use model::{CaseId, Digest};

use crate::text;

const CASE: &str = "asservat/case/";

/// The text of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, for a case `asservat/case/<case id>`.
    pub origin: String,
    /// How many entries the log has.
    pub size: u64,
    /// The tree hash over all leaf hashes.
    pub root: Digest,
}

/// Text that is not a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not exactly three lines, the first not empty, each ending in a line feed.
    #[error("a checkpoint has exactly three lines")]
    Lines,
    /// The second line is not a decimal number in its one spelling.
    #[error("the size in a checkpoint is not a plain decimal number")]
    Size,
    /// The third line is not the base64 of a tree hash.
    #[error("the tree hash in a checkpoint is not the base64 of 32 bytes")]
    Root,
}

impl Checkpoint {
    /// The checkpoint of a case's log.
    pub fn case(id: CaseId, size: u64, root: Digest) -> Self {
        Self { origin: format!("{CASE}{id}"), size, root }
    }

    /// The case whose log this is; `None` for a log of another sort.
    pub fn case_id(&self) -> Option<CaseId> {
        self.origin.strip_prefix(CASE)?.parse().ok().map(CaseId)
    }

    /// The text to be signed.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, text::to_base64(&self.root.0))
    }

    /// Reads exactly what [`Checkpoint::to_text`] gives.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let lines: Vec<&str> = lines.splitn(4, '\n').collect();
        let &[origin, size, root] = lines.as_slice() else { return Err(CheckpointError::Lines) };
        if origin.is_empty() {
            return Err(CheckpointError::Lines);
        }
        let size = text::decimal(size).ok_or(CheckpointError::Size)?;
        let root = text::digest_from_base64(root).ok_or(CheckpointError::Root)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        let id = CaseId(Digest([0xc0; 32]));
        let checkpoint = Checkpoint::case(id, 20, Digest([0; 32]));
        let text = format!("asservat/case/{id}\n20\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        assert_eq!(checkpoint.to_text(), text);
        assert_eq!(Checkpoint::parse(&text), Ok(checkpoint.clone()));
        assert_eq!(checkpoint.case_id(), Some(id));
        assert_eq!(Checkpoint { origin: "asservat/installation/x".into(), ..checkpoint }.case_id(), None);
        for (bad, error) in [
            (text.replace("\n20\n", "\n020\n"), CheckpointError::Size),
            (text.replace("\n20\n", "\n+20\n"), CheckpointError::Size),
            (text.replace("\n20\n", "\n\n"), CheckpointError::Size),
            (text.replace("A=", "B="), CheckpointError::Root),
            (text.replace("AAA=", "AA=="), CheckpointError::Root),
            (format!("{text}extension\n"), CheckpointError::Lines),
            (format!("{text}\n"), CheckpointError::Lines),
            (text.trim_end().to_owned(), CheckpointError::Lines),
            (format!("\n{text}"), CheckpointError::Lines),
            ("\n0\nAAAA\n".to_owned(), CheckpointError::Lines),
        ] {
            assert_eq!(Checkpoint::parse(&bad), Err(error), "{bad}");
        }
    }
}
