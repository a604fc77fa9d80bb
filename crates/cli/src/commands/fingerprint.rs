//! `asservat fingerprint`: the fingerprint of this installation's key, for the paper.
//!
//! The key itself is opened, so that a file somebody exchanged cannot answer for it.

use crate::answer::Answer;
use crate::arguments::SigningKey;
use crate::errors::Failure;
use crate::words::say;
use crate::work::{Install, Work};

/// Prints the fingerprint.
#[derive(clap::Args)]
pub(crate) struct Fingerprint {
    #[command(flatten)]
    signing: SigningKey,
}

impl Fingerprint {
    /// Prints it.
    pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
        let desk = work.desk(&self.signing, Install::No)?;
        let fingerprint = desk.installation.signer().vkey().fingerprint();
        let line = say!(work.words, "fingerprint", fingerprint = fingerprint.grouped());
        let json = serde_json::json!({ "fingerprint": fingerprint.grouped(), "sha256": fingerprint });
        Ok(Answer::new(&json, [line]))
    }
}
