//! `keys/recipient.note`: to whom a case is sealed now, signed.
//!
//! Follows docs/format.md, section 2. Everything is sealed to the newest epoch first, then to each holder's
//! own key.

use std::collections::BTreeMap;

use custody::{Note, Signer, VerifierKey};
use model::{CaseId, Digest, HolderName};
use seal::Recipient;

use crate::error::VaultError;
use crate::layout::RECIPIENT_NOTE;

const HEADER: &str = "asservat/recipient/v1";

/// To whom is sealed, and the note that says so.
pub(crate) struct RecipientNote {
    note: String,
    epoch: u64,
    holders: BTreeMap<HolderName, Recipient>,
    /// The epoch's first, then the holders' in order of names.
    recipients: Vec<Recipient>,
}

impl RecipientNote {
    pub(crate) fn sign(
        case: CaseId,
        epoch: u64,
        of_epoch: &Recipient,
        holders: BTreeMap<HolderName, Recipient>,
        signer: &Signer,
    ) -> Self {
        use std::fmt::Write as _;
        let mut text = format!("{HEADER}\n{case}\n{epoch}\n{of_epoch}\n");
        for (name, recipient) in &holders {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name} {recipient}");
        }
        let recipients = std::iter::once(of_epoch).chain(holders.values()).cloned().collect();
        Self { note: Note::sign(&text, signer), epoch, holders, recipients }
    }

    /// Reads a note that must be about this case and signed by one of these keys.
    pub(crate) fn parse(note: &str, case: CaseId, vkeys: &[VerifierKey]) -> Result<Self, VaultError> {
        let malformed = || VaultError::Malformed { name: RECIPIENT_NOTE.to_owned() };
        let parsed = Note::parse(note).map_err(|_| malformed())?;
        parsed.verify(vkeys).map_err(|_| VaultError::NotSigned { name: RECIPIENT_NOTE.to_owned() })?;
        Self::parse_text(parsed.text(), case)
            .map(|(epoch, holders, recipients)| Self { note: note.to_owned(), epoch, holders, recipients })
            .ok_or_else(malformed)
    }

    fn parse_text(
        text: &str,
        case: CaseId,
    ) -> Option<(u64, BTreeMap<HolderName, Recipient>, Vec<Recipient>)> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != HEADER || lines.next()? != case.to_string() {
            return None;
        }
        let epoch_text = lines.next()?;
        let epoch: u64 = epoch_text.parse().ok()?;
        let of_epoch: Recipient = lines.next()?.parse().ok()?;
        let mut holders = BTreeMap::new();
        for line in lines {
            let (name, recipient) = line.split_once(' ')?;
            let (name, recipient): (HolderName, Recipient) = (name.parse().ok()?, recipient.parse().ok()?);
            if holders.last_key_value().is_some_and(|(last, _)| *last >= name) {
                return None;
            }
            holders.insert(name, recipient);
        }
        let recipients: Vec<Recipient> =
            std::iter::once(&of_epoch).chain(holders.values()).cloned().collect();
        // Every holder's own key was made by the program, so a plugin here is not the program's doing.
        let plain = recipients.iter().all(|recipient| recipient.plugin_name().is_none());
        (plain && epoch.to_string() == epoch_text).then_some((epoch, holders, recipients))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.note.as_bytes()
    }

    pub(crate) fn sha256(&self) -> Digest {
        seal::sha256(self.bytes())
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(crate) fn of_epoch(&self) -> Option<&Recipient> {
        self.recipients.first()
    }

    pub(crate) fn holders(&self) -> &BTreeMap<HolderName, Recipient> {
        &self.holders
    }

    pub(crate) fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seal::{Identity, SigningKey};

    #[test]
    fn signed_and_read_again_and_nothing_else() {
        let signer = Signer::new(SigningKey::generate().unwrap());
        let case = CaseId(Digest([7; 32]));
        let own = || Identity::generate().unwrap().recipient();
        let holders: BTreeMap<HolderName, Recipient> =
            [("client".parse().unwrap(), own()), ("lawyer".parse().unwrap(), own())].into();
        let note = RecipientNote::sign(case, 3, &own(), holders, &signer);
        let text = note.note.clone();
        let known = [signer.vkey()];
        let read = RecipientNote::parse(&text, case, &known).unwrap();
        assert_eq!((read.epoch(), read.recipients()), (3, note.recipients()));
        assert_eq!(read.recipients().len(), 3);

        let malformed = |text: &str| {
            let note = Note::sign(text, &signer);
            matches!(RecipientNote::parse(&note, case, &known), Err(VaultError::Malformed { .. }))
        };
        let body = text.split("\n\n").next().unwrap().to_owned() + "\n";
        let lines: Vec<&str> = body.lines().collect();
        assert!(malformed(&body.replace("\n3\n", "\n03\n")));
        assert!(malformed(&body.replace("client", "Client")));
        assert!(malformed(&body.replace("lawyer", "client")));
        assert!(malformed(&([&lines[..4], &[lines[5], lines[4]]].concat().join("\n") + "\n")));
        assert!(malformed(&body.replace("/v1", "/v2")));
        assert!(RecipientNote::parse(&text, CaseId(Digest([8; 32])), &known).is_err());
        assert!(matches!(
            RecipientNote::parse(&text.replace("\n3\n", "\n4\n"), case, &known),
            Err(VaultError::NotSigned { .. })
        ));
    }
}
