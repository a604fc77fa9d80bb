//! Cases on a store: crash-safe append, locks, holders, erasing. Parses no evidence.
//!
//! Follows docs/format.md, sections 1 to 4 and 8. A [`Store`] is named byte strings, a [`disk::Disk`] the few
//! operations of a file system that a store in a folder needs. Deliberately absent: clocks, paths of the
//! person's computer, anything that looks into a capsule.

mod act;
mod case;
mod copy;
mod create;
pub mod disk;
mod entries;
mod erase;
mod error;
mod folder_store;
mod fork;
mod holders;
mod installation;
mod keyring;
mod layout;
mod log;
mod memory;
mod plan;
mod recipient_note;
mod store;
mod view;

/// Every file of a case that is a cache made from capsules and log, and goes whenever something in it must
/// go.
pub const INDEX_FILES: [&str; 16] = layout::INDEX;

pub use act::Act;
pub use case::{Access, CaseVault};
pub use copy::{CopyProgress, CopyReport, copy_case};
pub use create::{HolderKey, NewCase, NewHolder};
pub use entries::{Branch, EntryRead};
pub use erase::{Erase, Erasure, Unreachable};
pub use error::VaultError;
pub use folder_store::{FolderStore, LOCK_NAME};
pub use fork::{HoldersOfBranch, Joined, Relation, relation};
pub use installation::{Installation, InstallationFacts};
pub use keyring::Keyring;
pub use log::{ClearBody, Head};
pub use memory::{Possession, Seen, SeenCase, Standing, assess};
pub use store::{LockGuard, ReadBack, Store, StoreError, Upload, UploadSink, Wipe, check_name};
