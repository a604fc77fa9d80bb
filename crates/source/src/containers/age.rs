//! Files encrypted with age (`.age`): one file inside, named as the encrypted one without its ending.
//!
//! age v1 (age-encryption.org/v1) as AndroidQF writes its archives since 2023 (`<id>.zip.age`, encrypted to a
//! recipient) and as `age` and `rage` write files, to recipients or with a passphrase. What opens it is a
//! password given for the evidence that is an identity (`AGE-SECRET-KEY-1…`, or a file of them) or the
//! passphrase. Nothing is given out before its chunk was checked, and memory stays at a few chunks.
//! Deliberately absent: the armoured form, and plugins, which are programs of others.

use std::sync::Arc;

use model::ReadAt;
use model::record::ProblemKind;
use seal::{Identity, OpenWith, Opened as Unsealed, Passphrase, SealError, WorkFactor};

use super::{Container, Opened, Opening};
use crate::tree::{Candidate, Child, Plain};

const MAGIC: &[u8] = b"age-encryption.org/";

/// Most work of a passphrase: log2 of N, so half a gibibyte; a worker has one.
const MOST_WORK: u8 = 19;

/// Most lines of a key that are taken for identities.
const MOST_IDENTITIES: usize = 256;

/// The format.
pub(super) struct Age;

impl Container for Age {
    fn name(&self) -> &'static str {
        "age"
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        candidate.begins_with(MAGIC)
    }

    fn open(&self, opening: &Opening<'_>) -> Opened {
        let Some(entry) = opening.tree.entry(opening.file) else { return Opened::default() };
        let Ok(bytes) = entry.content().random() else {
            return opening.failed(ProblemKind::Unreadable, "bytes of the encrypted file");
        };
        match unsealed(opening, &bytes) {
            Ok(plain) => {
                let (path, content) = (inner_name(entry.name()), Arc::new(Plain(Arc::new(plain))));
                let child = Child { path, modified: entry.modified(), stored_sha256: None, content };
                Opened { children: vec![child], ..Opened::default() }
            }
            Err((kind, expected)) => opening.failed(kind, expected),
        }
    }
}

type Failed = (ProblemKind, &'static str);

/// The plaintext with the first key that fits.
fn unsealed(opening: &Opening<'_>, bytes: &Arc<dyn ReadAt>) -> Result<Unsealed, Failed> {
    let work = seal::work_of(&**bytes).map_err(|error| failed(&error))?;
    let Some(work) = work else {
        let identities: Vec<Identity> =
            opening.keys.iter().flat_map(identities).take(MOST_IDENTITIES).collect();
        if identities.is_empty() {
            return Err((ProblemKind::NeedsKey, "the identity AGE-SECRET-KEY-1… of a recipient"));
        }
        let opened = Unsealed::new(Arc::clone(bytes), &OpenWith::Identities(&identities));
        return opened.map_err(|error| failed(&error));
    };
    if work > WorkFactor::new(MOST_WORK).unwrap_or_default() {
        return Err((ProblemKind::Limit, "less work for the passphrase"));
    }
    let mut last = (ProblemKind::NeedsKey, "the passphrase of the encrypted file");
    for key in opening.keys.iter().filter(|key| identities(key).next().is_none()) {
        let passphrase = Passphrase::new(key.to_owned());
        match Unsealed::new(Arc::clone(bytes), &OpenWith::Passphrase(&passphrase)) {
            Ok(opened) => return Ok(opened),
            Err(SealError::WrongKey) => last = failed(&SealError::WrongKey),
            Err(error) => return Err(failed(&error)),
        }
    }
    Err(last)
}

/// The identities in the text of a key.
fn identities(key: &str) -> impl Iterator<Item = Identity> {
    key.lines().filter_map(|line| Identity::parse(line).ok())
}

fn failed(error: &SealError) -> Failed {
    match error {
        SealError::WrongKey => (ProblemKind::WrongKey, "an identity or passphrase that fits"),
        SealError::Truncated => (ProblemKind::Truncated, "the end of the encrypted file"),
        SealError::Damaged { .. } => (ProblemKind::Damaged, "a last part that fits its check value"),
        SealError::WorkFactorTooHigh { .. } => (ProblemKind::Limit, "less work for the passphrase"),
        SealError::HeaderTooLarge => (ProblemKind::Limit, "a smaller header"),
        SealError::UnsupportedVersion => (ProblemKind::Unsupported, "version 1 of age"),
        SealError::Io(_) => (ProblemKind::Unreadable, "bytes of the encrypted file"),
        _ => (ProblemKind::Damaged, "the header of the encrypted file"),
    }
}

fn inner_name(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if ending.eq_ignore_ascii_case("age") && !stem.is_empty() {
        stem.to_owned()
    } else {
        format!("{name} (decrypted)")
    }
}
