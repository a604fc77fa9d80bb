//! Secrets: asked for without echo, or read from a file or an open file descriptor. Never from the command
//! line.
//!
//! A file that holds `AGE-SECRET-KEY-` or `AGE-PLUGIN-` is an age identity file; otherwise its first line is
//! a passphrase. Two lines of 28 words are two shares of a recovery split. What is obviously none of these (a
//! public key, a sealed file) is refused, because it would lock somebody out later.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use desk::{HolderKey, IdentityFile, Passphrase};
use seal::{Identity, OpenWith, Share};
use zeroize::Zeroizing;

use crate::errors::Failure;
use crate::trouble::Trouble;
use crate::work::{Work, warn};

/// A secret that opens something.
pub(crate) enum Secret {
    /// Typed, or the first line of a file.
    Passphrase(Passphrase),
    /// An age identity file.
    Identities(IdentityFile),
    /// What two recovery shares give together.
    Recovered([Identity; 1]),
}

/// Where a secret comes from.
pub(crate) enum Origin<'a> {
    /// A file.
    File(&'a Path),
    /// A file descriptor of this process.
    Descriptor(u32),
    /// The person at the terminal.
    Person,
    /// The person at the terminal, who has two recovery shares.
    PersonWithShares,
}

/// Whether a secret exists already or is being chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Novelty {
    /// It was set before: asked for once.
    Known,
    /// It is set now: asked for twice, and short ones are warned about.
    New,
}

const SECRET_BYTES_MAX: u64 = 64 << 10;
const PASSPHRASE_CHARACTERS_MIN: usize = 10;
const ATTEMPTS: u32 = 3;
const SHARE_WORDS: usize = 28;

impl Secret {
    /// Gets a secret. `question` is the id of the words that ask for it.
    pub(crate) fn get(
        work: &Work<'_>,
        origin: &Origin<'_>,
        question: &str,
        novelty: Novelty,
    ) -> Result<Self, Failure> {
        let (path, text) = match origin {
            Origin::Person => return ask(work, question, novelty).map(Self::Passphrase),
            Origin::PersonWithShares => return ask_shares(work),
            Origin::File(path) => (path.to_path_buf(), read(path)?),
            Origin::Descriptor(number) => {
                let path = descriptor(*number)?;
                let text = read(&path)?;
                (path, text)
            }
        };
        let secret = Self::parse(&text).map_err(|trouble| trouble.with("path", path.to_string_lossy()))?;
        if novelty == Novelty::New && matches!(secret, Self::Passphrase(_)) {
            warn_if_short(work, first_line(&text));
        }
        Ok(secret)
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        if text.contains("AGE-SECRET-KEY-") || text.contains("AGE-PLUGIN-") {
            return Ok(Self::Identities(IdentityFile::parse(text)?));
        }
        let mut shares = text.lines().filter(|line| line.split_whitespace().count() == SHARE_WORDS);
        if let (Some(first), Some(second)) = (shares.next(), shares.next()) {
            return Self::recovered(&Share::from_words(first)?, &Share::from_words(second)?);
        }
        let line = first_line(text);
        if line.trim().is_empty() {
            return Err(Trouble::SecretEmpty.into());
        }
        if line.starts_with("age-encryption.org/") || line.starts_with("-----BEGIN ") {
            return Err(Trouble::SecretIsSealed.into());
        }
        if line.trim_start().to_ascii_lowercase().starts_with("age1") {
            return Err(Trouble::SecretIsPublic.into());
        }
        Ok(Self::Passphrase(Passphrase::new(line.to_owned())))
    }

    fn recovered(first: &Share, second: &Share) -> Result<Self, Failure> {
        let secret = seal::combine(first, second)?;
        Ok(Self::Recovered([Identity::from_secret(&secret)?]))
    }

    /// For opening.
    pub(crate) fn open_with(&self) -> OpenWith<'_> {
        match self {
            Self::Passphrase(passphrase) => OpenWith::Passphrase(passphrase),
            Self::Identities(file) => OpenWith::IdentityFile(file),
            Self::Recovered(identity) => OpenWith::Identities(identity),
        }
    }

    /// For sealing: the passphrase, or the recipient that belongs to the first identity.
    pub(crate) fn into_key(self) -> Result<HolderKey, Failure> {
        match self {
            Self::Passphrase(passphrase) => Ok(HolderKey::Passphrase(passphrase)),
            Self::Identities(file) => match file.identities().first() {
                Some(identity) => Ok(HolderKey::Recipient(identity.recipient())),
                None => Err(Trouble::SecretIsPlugin.into()),
            },
            Self::Recovered(_) => Err(Trouble::SecretIsShares.into()),
        }
    }
}

fn ask(work: &Work<'_>, question: &str, novelty: Novelty) -> Result<Passphrase, Failure> {
    is_somebody_to_ask()?;
    for _ in 0..ATTEMPTS {
        let text = hidden_line(&work.words.say(question))?;
        if text.is_empty() {
            warn(&work.words.say("passphrase-empty"));
            continue;
        }
        if novelty == Novelty::Known {
            return Ok(Passphrase::new(text));
        }
        warn_if_short(work, &text);
        let again = hidden_line(&work.words.say("passphrase-again"))?;
        if again == text {
            return Ok(Passphrase::new(text));
        }
        warn(&work.words.say("passphrase-other"));
    }
    Err(if novelty == Novelty::New { Trouble::PassphrasesDiffer } else { Trouble::SecretMissing }.into())
}

/// The question goes to the terminal itself; without one of these nobody sits there.
fn is_somebody_to_ask() -> Result<(), Failure> {
    let there = std::io::stdin().is_terminal() || std::io::stderr().is_terminal();
    if there { Ok(()) } else { Err(Trouble::SecretMissing.into()) }
}

/// One secret line, typed by the person.
pub(crate) fn line(work: &Work<'_>, question: &str) -> Result<Zeroizing<String>, Failure> {
    is_somebody_to_ask()?;
    hidden_line(&work.words.say(question))
}

/// The lines of a file that are not empty, each a secret.
pub(crate) fn lines(path: &Path) -> Result<Vec<Zeroizing<String>>, Failure> {
    let text = read(path)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(|line| Zeroizing::new(line.to_owned())).collect())
}

/// All bytes of a file that is no secret and that a person chose: a list of indicators, at most 64 MiB.
pub(crate) fn whole(path: &Path) -> Result<Vec<u8>, Failure> {
    const MOST_BYTES: u64 = 64 << 20;
    let unreadable = |error| Failure::of_system(Trouble::PathUnreadable, path, &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(unreadable(std::io::ErrorKind::FileTooLarge.into()));
    }
    Ok(bytes)
}

fn ask_shares(work: &Work<'_>) -> Result<Secret, Failure> {
    is_somebody_to_ask()?;
    let first = ask_share(work, "ask-share-first")?;
    let second = ask_share(work, "ask-share-second")?;
    Secret::recovered(&first, &second)
}

/// Words are mistyped easily, and each share tells whether they were.
fn ask_share(work: &Work<'_>, question: &str) -> Result<Share, Failure> {
    let mut attempts = 1;
    loop {
        match Share::from_words(&hidden_line(&work.words.say(question))?) {
            Err(error) if attempts < ATTEMPTS => warn(&Failure::from(error).told(work.words).message),
            share => return Ok(share?),
        }
        attempts += 1;
    }
}

fn hidden_line(question: &str) -> Result<Zeroizing<String>, Failure> {
    match rpassword::prompt_password(format!("{question} ")) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(_) => Err(Trouble::SecretMissing.into()),
    }
}

fn warn_if_short(work: &Work<'_>, text: &str) {
    if text.chars().count() < PASSPHRASE_CHARACTERS_MIN {
        warn(&crate::words::say!(work.words, "passphrase-short", count = PASSPHRASE_CHARACTERS_MIN));
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unreadable = |error| Failure::of_system(Trouble::PathUnreadable, path, &error);
    let file = File::open(path).map_err(unreadable)?;
    // Room for the largest secret from the start, so that growing leaves no copy behind in memory.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(SECRET_BYTES_MAX + 1).unwrap_or(0)));
    file.take(SECRET_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > SECRET_BYTES_MAX {
        return Err(Failure::about(Trouble::SecretTooLong, path));
    }
    Ok(text)
}

fn descriptor(number: u32) -> Result<PathBuf, Failure> {
    if cfg!(unix) {
        Ok(PathBuf::from(format!("/dev/fd/{number}")))
    } else {
        Err(Trouble::KeyFdUnavailable.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_secret_may_be() {
        let identity = seal::Identity::generate().unwrap();
        let text = identity.to_secret_text();
        assert!(matches!(Secret::parse(&format!("# mine\n{}\n", *text)), Ok(Secret::Identities(_))));
        assert!(matches!(Secret::parse("correct horse\r\nsecond line"), Ok(Secret::Passphrase(_))));
        for (text, trouble) in [
            ("", Trouble::SecretEmpty),
            ("  \nx", Trouble::SecretEmpty),
            ("age-encryption.org/v1\n-> scrypt", Trouble::SecretIsSealed),
            ("-----BEGIN AGE ENCRYPTED FILE-----\n", Trouble::SecretIsSealed),
            (&identity.recipient().to_string(), Trouble::SecretIsPublic),
            ("AGE-SECRET-KEY-1QQQ", Trouble::IdentityFileLine),
        ] {
            assert_eq!(Secret::parse(text).err().map(|failure| failure.trouble), Some(trouble), "{text}");
        }
    }

    #[test]
    fn an_identity_seals_to_its_recipient() {
        let identity = seal::Identity::generate().unwrap();
        let secret = Secret::parse(&identity.to_secret_text()).ok().unwrap();
        let key = secret.into_key().ok().unwrap();
        assert!(matches!(key, HolderKey::Recipient(recipient) if recipient == identity.recipient()));
    }
}
