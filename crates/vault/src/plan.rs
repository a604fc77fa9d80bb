//! What an act has still to do once it is acknowledged: which staged files get their names, which files go.
//!
//! Follows docs/format.md, section 4, steps 1, 2 and 5. A plan is part of the act's own folder `pending/<n>`;
//! it names only files that acts may change, so a plan made by somebody else cannot reach the log itself.

use std::collections::BTreeMap;

use model::{EntryNumber, canonical};
use serde_json::{Value, json};

use crate::error::VaultError;
use crate::layout;
use crate::store::{Store, StoreError, Wipe, check_name};

const PLAN: &str = "plan";
const PLAN_BYTES: u64 = model::Limits::DEFAULT.list_bytes;

/// The plan of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Key in `pending/<n>` and final name.
    pub(crate) put: Vec<(String, String)>,
    /// Names of files that go.
    pub(crate) remove: Vec<String>,
}

impl Plan {
    pub(crate) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty()
    }

    /// Whether an act may do all this.
    pub(crate) fn is_allowed(&self) -> bool {
        let key_fits = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
        let put_fits = |(key, name): &(String, String)| {
            key_fits(key) && layout::may_be_put(name) && check_name(name).is_ok()
        };
        self.put.iter().all(put_fits)
            && self.remove.iter().all(|name| layout::may_be_removed(name) && check_name(name).is_ok())
    }

    /// Writes the plan beside the staged files; from here on an acknowledged entry carries it out.
    pub(crate) fn write(&self, store: &dyn Store, number: EntryNumber) -> Result<(), VaultError> {
        let name = plan_name(number);
        let bytes = canonical::to_bytes(&json!({"put": self.put, "remove": self.remove, "v": 1}))
            .map_err(|_| VaultError::Malformed { name: name.clone() })?;
        Ok(store.put(&name, &bytes)?)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let Value::Object(mut members) = canonical::parse(bytes).ok()? else { return None };
        let put = serde_json::from_value(members.remove("put")?).ok()?;
        let remove = serde_json::from_value(members.remove("remove")?).ok()?;
        let plan = Self { put, remove };
        (members.remove("v")? == 1 && members.is_empty() && plan.is_allowed()).then_some(plan)
    }

    /// Carries the plan out, as often as need be.
    pub(crate) fn carry_out(&self, store: &dyn Store, number: EntryNumber) -> Result<(), StoreError> {
        for (key, name) in &self.put {
            match store.rename(&layout::pending(number, key), name) {
                // Missing means done before; if the file is lost altogether, its reader will say so.
                Err(StoreError::NotFound { .. }) => store.settle(name)?,
                renamed => renamed?,
            }
        }
        for name in &self.remove {
            remove(store, name, Wipe::Yes)?;
        }
        remove(store, &plan_name(number), Wipe::No)
    }
}

/// What lies in `pending/`: plans of acknowledged acts, and names of files that mean nothing.
pub(crate) struct Pending {
    pub(crate) plans: BTreeMap<EntryNumber, Plan>,
    pub(crate) leftovers: Vec<String>,
}

impl Pending {
    /// Looks through `pending/` in a log of `size` entries.
    pub(crate) fn read(store: &dyn Store, size: u64) -> Result<Self, VaultError> {
        let mut found = Self { plans: BTreeMap::new(), leftovers: Vec::new() };
        for name in store.list("pending")? {
            let number = layout::number_in(&name, "pending/", "/plan").filter(|number| number.0 < size);
            let Some(number) = number else {
                found.leftovers.push(name);
                continue;
            };
            match store.get(&name, PLAN_BYTES) {
                Ok(bytes) => {
                    let plan = Plan::parse(&bytes).ok_or(VaultError::Malformed { name })?;
                    found.plans.insert(number, plan);
                }
                // Carried out by a writer in this very moment.
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let staged: Vec<String> = found
            .plans
            .iter()
            .flat_map(|(number, plan)| plan.put.iter().map(|(key, _)| layout::pending(*number, key)))
            .collect();
        found.leftovers.retain(|name| !staged.contains(name));
        Ok(found)
    }
}

/// Removes what an act of this number that was never acknowledged left behind; uploads (key 0) stay.
pub(crate) fn throw_away(store: &dyn Store, number: EntryNumber) -> Result<(), StoreError> {
    // The plan first: without it the rest means nothing.
    remove(store, &plan_name(number), Wipe::No)?;
    let own = layout::pending(number, "");
    for name in store.list("pending")? {
        // Directly in `pending/` lies what a store has half written.
        let half_written = name.matches('/').count() == 1;
        if half_written || (name.starts_with(&own) && name != layout::pending(number, UPLOAD_KEY)) {
            remove(store, &name, Wipe::No)?;
        }
    }
    remove(store, &layout::open_body(number), Wipe::No)
}

/// The key of a capsule on its way; the other files of an act count from 1.
pub(crate) const UPLOAD_KEY: &str = "0";

/// Removes a file, and makes sure that it is gone for good if it does not show.
pub(crate) fn remove(store: &dyn Store, name: &str, wipe: Wipe) -> Result<(), StoreError> {
    match store.remove(name, wipe) {
        Err(StoreError::NotFound { .. }) => store.settle(name),
        removed => removed,
    }
}

pub(crate) fn plan_name(number: EntryNumber) -> String {
    layout::pending(number, PLAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_reach_only_what_acts_may_change() {
        let plan = |put: &str, remove: &str| Plan {
            put: vec![("1".into(), put.into())],
            remove: vec![remove.into()],
        };
        assert!(plan("capsules/x.age", "log/entries/000001.age").is_allowed());
        for (put, remove) in [
            ("log/checkpoint", "keys/a.age"),
            ("case.json", "keys/a.age"),
            ("keys/../case.json", "keys/a.age"),
            ("keys/a.age", "log/leaves"),
            ("keys/a.age", "case.json"),
            ("keys/a.age", "log/entries/../leaves"),
            ("log/entries/000001.age", "keys/a.age"),
        ] {
            assert!(!plan(put, remove).is_allowed(), "{put} {remove}");
        }
        let good = br#"{"put":[["1","keys/a.age"]],"remove":["capsules/x"],"v":1}"#;
        assert_eq!(Plan::parse(good), Some(plan("keys/a.age", "capsules/x")));
        for bad in [
            r#"{"put":[["1","case.json"]],"remove":[],"v":1}"#,
            r#"{"put":[["../1","keys/a"]],"remove":[],"v":1}"#,
            r#"{"put":[],"remove":[],"v":2}"#,
            r#"{"put":[],"v":1}"#,
            r#"{"put":[],"remove":[],"v":1,"x":1}"#,
            "",
        ] {
            assert_eq!(Plan::parse(bad.as_bytes()), None, "{bad}");
        }
    }
}
