//! A store as it will be once every act in it is carried out, for readers that may not write.
//!
//! Follows docs/format.md, section 4: a reader that may not write does the same in its mind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::ReadAt;

use crate::error::VaultError;
use crate::layout;
use crate::plan::Plan;
use crate::store::{Store, StoreError};
use model::EntryNumber;

/// What acts that are acknowledged but not carried out change.
#[derive(Default)]
pub(crate) struct Overlay {
    /// Final name to the name where the file still lies.
    put: BTreeMap<String, String>,
    gone: BTreeSet<String>,
}

impl Overlay {
    pub(crate) fn add(&mut self, number: EntryNumber, plan: &Plan) {
        for (key, name) in &plan.put {
            self.gone.remove(name);
            self.put.insert(name.clone(), layout::pending(number, key));
        }
        for name in &plan.remove {
            self.put.remove(name);
            self.gone.insert(name.clone());
        }
    }
}

/// A store seen through an overlay.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) overlay: &'a Overlay,
}

impl View<'_> {
    pub(crate) fn get(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, StoreError> {
        self.at(name, |name| self.store.get(name, limit_bytes))
    }

    pub(crate) fn open(&self, name: &str) -> Result<Arc<dyn ReadAt>, StoreError> {
        self.at(name, |name| self.store.open(name))
    }

    /// A file that must be text.
    pub(crate) fn text(&self, name: &str, limit_bytes: u64) -> Result<String, VaultError> {
        String::from_utf8(self.get(name, limit_bytes)?)
            .map_err(|_| VaultError::Malformed { name: name.to_owned() })
    }

    pub(crate) fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let mut names: BTreeSet<String> = self.store.list(folder)?.into_iter().collect();
        names.retain(|name| !self.overlay.gone.contains(name));
        let inside = |name: &&String| {
            name.strip_prefix(folder).is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
        };
        names.extend(self.overlay.put.keys().filter(inside).cloned());
        Ok(names.into_iter().collect())
    }

    fn at<T>(&self, name: &str, read: impl Fn(&str) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.overlay.gone.contains(name) {
            return Err(StoreError::NotFound { name: name.to_owned() });
        }
        match self.overlay.put.get(name).map(|pending| read(pending)) {
            // Somebody who may write has carried it out meanwhile.
            None | Some(Err(StoreError::NotFound { .. })) => read(name),
            Some(result) => result,
        }
    }
}
