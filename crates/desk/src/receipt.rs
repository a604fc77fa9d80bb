//! `receipt`: what a centre keeps when somebody else holds the case. Proves later that nothing changed;
//! tells nothing.

use custody::{Entry, Receipt};
use model::EntryNumber;
use vault::EntryRead;

use crate::{Desk, DeskError, OpenCase};

impl Desk<'_> {
    /// The receipt over every capsule the case holds now, as text.
    pub fn receipt(&mut self, case: &OpenCase) -> Result<String, DeskError> {
        let state = case.state()?;
        let numbers: Vec<EntryNumber> =
            state.capsules.keys().filter(|number| !state.erased.capsules.contains(number)).copied().collect();
        let mut entries: Vec<Entry> = Vec::new();
        for number in numbers {
            if let EntryRead::Body(entry) = case.vault.entry(number, case.keyring()?)? {
                entries.push(entry);
            }
        }
        let signer = self.installation.signer();
        let receipt = Receipt::build(
            self.clock.now(),
            &signer.vkey(),
            case.vault.checkpoint_text(),
            &entries,
            case.vault.leaves(),
        )?;
        Ok(receipt.to_note(signer))
    }
}
