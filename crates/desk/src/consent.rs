//! `consent`: what the client agreed to hand over, to whom, for what, until when; and taking that back.

use custody::{ConsentItems, Fields};
use model::{Date, EntryNumber};

use crate::{Desk, DeskError, ItemName, OpenCase};

/// A consent as it is given.
pub struct ConsentGiven {
    /// The recipient, exactly as the hand-over will name it.
    pub to: String,
    /// What for.
    pub purpose: String,
    /// What it covers; empty means every item of the case at any time.
    pub items: Vec<ItemName>,
    /// The last day it holds.
    pub until: Date,
    /// How it was given: signed sheet, spoken before a witness, …
    pub how: String,
}

/// One consent in a list.
#[derive(Debug, serde::Serialize)]
pub struct ConsentLine {
    /// Its name, used with `handover`.
    pub id: String,
    /// The recipient.
    pub to: String,
    /// What for.
    pub purpose: String,
    /// What it covers: `all`, or item names.
    pub items: Vec<String>,
    /// The last day it holds.
    pub until: Date,
    /// The entry that gave it.
    pub given: EntryNumber,
    /// The entry that took it back.
    pub withdrawn: Option<EntryNumber>,
}

impl Desk<'_> {
    /// Records a consent; gives its name, `c` and the entry number.
    pub fn consent_give(&mut self, case: &mut OpenCase, given: &ConsentGiven) -> Result<String, DeskError> {
        if given.to.trim().is_empty() || given.purpose.trim().is_empty() || given.how.trim().is_empty() {
            return Err(DeskError::BadInput("consent-incomplete"));
        }
        for item in &given.items {
            item.find(case.state()?)?;
        }
        let items = if given.items.is_empty() {
            custody::Value::from("all")
        } else {
            given.items.iter().map(ToString::to_string).collect::<Vec<_>>().into()
        };
        let id = format!("c{}", case.vault.head().size);
        let fields = Fields::new()
            .with("id", id.as_str())
            .with("to", given.to.as_str())
            .with("purpose", given.purpose.as_str())
            .with("items", items)
            .with("until", given.until.to_string())
            .with("how", given.how.as_str());
        self.append(case, "consent.given", fields)?;
        Ok(id)
    }

    /// Takes a consent back. What was handed over before cannot be called back, and the program says so.
    pub fn consent_withdraw(&mut self, case: &mut OpenCase, id: &str) -> Result<EntryNumber, DeskError> {
        let known = case.state()?.consents.get(id).is_some_and(|consent| consent.withdrawn.is_none());
        if !known {
            return Err(DeskError::Unknown(id.to_owned()));
        }
        self.append(case, "consent.withdrawn", Fields::new().with("id", id))
    }

    /// Every consent of the case, in the order given.
    pub fn consents(&self, case: &OpenCase) -> Result<Vec<ConsentLine>, DeskError> {
        let mut lines: Vec<ConsentLine> = case
            .state()?
            .consents
            .iter()
            .map(|(id, consent)| ConsentLine {
                id: id.clone(),
                to: consent.to.clone(),
                purpose: consent.purpose.clone(),
                items: words(&consent.items),
                until: consent.until,
                given: consent.given,
                withdrawn: consent.withdrawn,
            })
            .collect();
        lines.sort_by_key(|line| line.given);
        Ok(lines)
    }
}

fn words(items: &ConsentItems) -> Vec<String> {
    match items {
        ConsentItems::All => vec!["all".to_owned()],
        ConsentItems::Listed(items) => {
            items.iter().map(|&(capsule, leaf)| ItemName { capsule, leaf }.to_string()).collect()
        }
    }
}
