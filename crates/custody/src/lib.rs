//! The custody log: entries, leaves, checkpoints, proofs, receipts, extracts, and the state that a case's
//! entries add up to.
//!
//! Byte forms follow `docs/format.md`, sections 3, 6, 7 and 9. This crate deliberately knows nothing of
//! storage and seals nothing: it gets bytes and gives bytes; randomness and time are passed in.

mod checkpoint;
mod consent;
mod entry;
mod extract;
mod fields;
mod key;
pub mod kinds;
mod leaf;
mod note;
mod proof;
mod receipt;
mod receipt_text;
mod shape;
mod state;
mod text;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use consent::{Consent, ConsentItems, ConsentRefusal};
pub use entry::{Entry, EntryError, LOG_ENTRIES_MAX};
pub use extract::{ExtractError, ExtractLine};
pub use fields::{Fields, Value};
pub use key::{Signer, VerifierKey, VerifierKeyError};
pub use leaf::{Disclosure, LeafError, LeafRecord};
pub use note::{Note, NoteError};
pub use proof::{TlogProof, TlogProofError};
pub use receipt::{Receipt, ReceiptCapsule, ReceiptError};
pub use state::{CapsuleFacts, CaseState, Erased, Holder, HolderKind};
