//! The keyring of a holder: the identities that open a case.
//!
//! Follows docs/format.md, section 2: an age identity file with comment lines that say what each identity is,
//! so stock `age` can use it. Secret; it is wiped when dropped.

use model::{CaseId, HolderName};
use seal::{Identity, OpenWith, Recipient};
use zeroize::Zeroizing;

/// What a holder's keyring holds: the holder's own identity and that of each epoch known to it.
pub struct Keyring {
    case: CaseId,
    holder: HolderName,
    /// The holder's own first, then by epoch.
    identities: Vec<Identity>,
    epochs: Vec<u64>,
}

const HEADER: &str = "# asservat keyring v1";

impl Keyring {
    pub(crate) fn new(case: CaseId, holder: HolderName, own: Identity) -> Self {
        Self { case, holder, identities: vec![own], epochs: Vec::new() }
    }

    /// Whose keyring it is.
    pub fn holder(&self) -> &HolderName {
        &self.holder
    }

    /// The case it belongs to.
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// The newest epoch whose identity it holds.
    pub fn newest_epoch(&self) -> Option<u64> {
        self.epochs.last().copied()
    }

    /// What opens everything in the case that this holder may read.
    pub fn open_with(&self) -> OpenWith<'_> {
        OpenWith::Identities(&self.identities)
    }

    /// The key of the index, a cache: every holder of the newest epoch has the same, nobody else has it.
    pub fn index_key(&self) -> Option<Zeroizing<[u8; 32]>> {
        let newest = self.newest_epoch().and_then(|_| self.identities.last())?;
        let parts: [&[u8]; 2] = [b"asservat index v1\n", &self.case.0.0];
        Some(Zeroizing::new(seal::hmac_sha256(newest.to_secret_text().as_bytes(), &parts)))
    }

    pub(crate) fn own_recipient(&self) -> Option<Recipient> {
        self.identities.first().map(Identity::recipient)
    }

    pub(crate) fn newest_recipient(&self) -> Option<Recipient> {
        self.newest_epoch().and_then(|_| self.identities.last()).map(Identity::recipient)
    }

    /// Adds the identity of the next epoch.
    pub(crate) fn add_epoch(&mut self, epoch: u64, identity: Identity) {
        self.epochs.push(epoch);
        self.identities.push(identity);
    }

    /// A new keyring for another holder, with copies of the identities of all epochs.
    pub(crate) fn for_holder(&self, holder: HolderName, own: Identity) -> Result<Self, seal::SealError> {
        let mut other = Self::new(self.case, holder, own);
        for (epoch, identity) in self.epochs.iter().zip(self.identities.iter().skip(1)) {
            other.add_epoch(*epoch, copy(identity)?);
        }
        Ok(other)
    }

    /// The identity file, to be sealed.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        // Enough room from the start, so that no half-written copy stays behind in memory.
        let mut text = Zeroizing::new(String::with_capacity(512 + self.identities.len() * 128));
        let head = format!("{HEADER}\n# case {}\n# holder {}\n", self.case, self.holder);
        text.push_str(&head);
        let epochs = self.epochs.iter().map(|epoch| format!("# epoch {epoch}\n"));
        for (label, identity) in std::iter::once("# own\n".to_owned()).chain(epochs).zip(&self.identities) {
            text.push_str(&label);
            text.push_str(&identity.to_secret_text());
            text.push('\n');
        }
        text
    }

    /// Reads exactly what [`Keyring::to_text`] gives.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != HEADER {
            return None;
        }
        let case = CaseId(lines.next()?.strip_prefix("# case ")?.parse().ok()?);
        let holder = lines.next()?.strip_prefix("# holder ")?.parse().ok()?;
        if lines.next()? != "# own" {
            return None;
        }
        let mut keyring = Self::new(case, holder, Identity::parse(lines.next()?).ok()?);
        while let Some(label) = lines.next() {
            let epoch: u64 = label.strip_prefix("# epoch ")?.parse().ok()?;
            if keyring.newest_epoch().is_some_and(|newest| newest >= epoch) {
                return None;
            }
            keyring.add_epoch(epoch, Identity::parse(lines.next()?).ok()?);
        }
        (keyring.to_text().as_str() == text).then_some(keyring)
    }
}

/// A second copy of an identity, through its text form, which is wiped.
fn copy(identity: &Identity) -> Result<Identity, seal::SealError> {
    Identity::parse(&identity.to_secret_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Digest;

    #[test]
    fn written_and_read_again_and_stock_age_would_read_it_too() {
        let mut keyring =
            Keyring::new(CaseId(Digest([1; 32])), "client".parse().unwrap(), Identity::generate().unwrap());
        keyring.add_epoch(0, Identity::generate().unwrap());
        keyring.add_epoch(2, Identity::generate().unwrap());
        let text = keyring.to_text();
        let read = Keyring::parse(&text).unwrap();
        assert_eq!(read.to_text().as_str(), text.as_str());
        assert_eq!((read.newest_epoch(), read.holder().as_str()), (Some(2), "client"));
        assert_eq!(seal::IdentityFile::parse(&text).unwrap().identities().len(), 3);
        for bad in [
            text.replace("# epoch 2", "# epoch 0"),
            text.replace("# epoch 2", "# epoch 02"),
            text.replace(" v1", " v2"),
            text.replace("# own\n", ""),
            text.replace('\n', "\r\n"),
            text.trim_end().to_owned(),
            String::new(),
        ] {
            assert!(Keyring::parse(&bad).is_none());
        }
        let other = keyring.for_holder("lawyer".parse().unwrap(), Identity::generate().unwrap()).unwrap();
        assert_eq!(other.newest_recipient(), keyring.newest_recipient());
        assert_ne!(other.own_recipient(), keyring.own_recipient());
    }
}
