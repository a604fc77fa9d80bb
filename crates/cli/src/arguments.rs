//! Arguments that several commands share. Their help is in `locales/<tag>/help.ftl`.

use std::path::PathBuf;

use desk::{EvidenceKey, HolderName, ItemName};

use crate::commands::Command;
use crate::errors::Failure;
use crate::language::Language;
use crate::secrets::{self, Novelty, Origin, Secret};
use crate::work::Work;

/// The whole command line.
#[derive(clap::Parser)]
#[command(name = "asservat", version)]
pub(crate) struct Arguments {
    /// For every command.
    #[command(flatten)]
    pub(crate) manner: Common,
    /// What to do; nothing shows the overview.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Arguments of every command.
#[derive(clap::Args)]
pub(crate) struct Common {
    /// One JSON object instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No hints, no progress.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// The language; read before the others, so here only checked.
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Language>,
    /// The folder of the installation.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) home: Option<PathBuf>,
}

/// The key of the installation, for signing.
#[derive(clap::Args)]
pub(crate) struct SigningKey {
    /// A file with it.
    #[arg(long, value_name = "FILE")]
    signing_key_file: Option<PathBuf>,
    /// A file descriptor to read it from.
    #[arg(long, value_name = "NUMBER", conflicts_with = "signing_key_file")]
    signing_key_fd: Option<u32>,
}

impl SigningKey {
    /// Where it comes from.
    pub(crate) fn origin(&self) -> Origin<'_> {
        origin(self.signing_key_file.as_ref(), self.signing_key_fd)
    }

    /// Whether it was given, so that nobody need be asked.
    pub(crate) fn is_given(&self) -> bool {
        self.signing_key_file.is_some() || self.signing_key_fd.is_some()
    }
}

/// The key of a holder of the case.
#[derive(clap::Args)]
pub(crate) struct CaseKey {
    /// Whose key it is.
    #[arg(long, value_name = "NAME")]
    key_holder: Option<HolderName>,
    /// A file with it.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// A file descriptor to read it from.
    #[arg(long, value_name = "NUMBER", conflicts_with = "key_file")]
    key_fd: Option<u32>,
    /// Ask for two recovery shares instead of a passphrase.
    #[arg(long, conflicts_with_all = ["key_file", "key_fd"])]
    shares: bool,
}

impl CaseKey {
    /// Whose key it is, if that was said.
    pub(crate) fn holder(&self) -> Option<HolderName> {
        self.key_holder.clone()
    }

    /// Where it comes from.
    pub(crate) fn origin(&self) -> Origin<'_> {
        match origin(self.key_file.as_ref(), self.key_fd) {
            Origin::Person if self.shares => Origin::PersonWithShares,
            origin => origin,
        }
    }

    /// Whether it was said which key to use.
    pub(crate) fn is_given(&self) -> bool {
        self.key_file.is_some() || self.key_fd.is_some() || self.shares
    }

    /// The key, to open the case with.
    pub(crate) fn secret(&self, work: &Work<'_>) -> Result<Secret, Failure> {
        Secret::get(work, &self.origin(), "ask-case-key", Novelty::Known)
    }
}

/// The key of a holder who is being added.
#[derive(clap::Args)]
pub(crate) struct NewKey {
    /// A file with it.
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,
    /// A file descriptor to read it from.
    #[arg(long, value_name = "NUMBER", conflicts_with = "new_key_file")]
    new_key_fd: Option<u32>,
}

impl NewKey {
    /// Where it comes from.
    pub(crate) fn origin(&self) -> Origin<'_> {
        origin(self.new_key_file.as_ref(), self.new_key_fd)
    }
}

/// Passwords of the evidence itself.
#[derive(clap::Args)]
pub(crate) struct EvidenceKeys {
    /// Ask for a password of the evidence itself.
    #[arg(long, conflicts_with = "evidence_key_file")]
    evidence_key: bool,
    /// Or take them from a file, one a line.
    #[arg(long, value_name = "FILE")]
    evidence_key_file: Option<PathBuf>,
}

impl EvidenceKeys {
    /// Those that were given now.
    pub(crate) fn keys(&self, work: &Work<'_>) -> Result<Vec<EvidenceKey>, Failure> {
        match &self.evidence_key_file {
            Some(file) => secrets::lines(file),
            None if self.evidence_key => Ok(vec![secrets::line(work, "ask-evidence-key")?]),
            None => Ok(Vec::new()),
        }
    }
}

/// Answers to the safety questions, given in advance.
#[derive(clap::Args)]
pub(crate) struct SafetyAnswers {
    /// `danger-now=no`; what is not given is asked for.
    #[arg(id = "answer", long = "answer", value_name = "ANSWER", value_delimiter = ',')]
    pub(crate) given: Vec<String>,
}

/// Items by number, commas between.
#[derive(clap::Args)]
pub(crate) struct Items {
    /// `17` for a capsule, `17:3` for one file in it.
    #[arg(long, value_name = "ITEMS", value_delimiter = ',')]
    pub(crate) items: Vec<ItemName>,
}

fn origin(file: Option<&PathBuf>, descriptor: Option<u32>) -> Origin<'_> {
    match (file, descriptor) {
        (Some(file), _) => Origin::File(file),
        (None, Some(number)) => Origin::Descriptor(number),
        (None, None) => Origin::Person,
    }
}
