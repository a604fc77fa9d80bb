//! Checks packages, receipts, capsules and cases against `docs/format.md`, and says what differs, where.
//!
//! Depends on nothing but `model`, `seal`, `bag` and `custody`, so that it stays small enough to be read
//! by somebody who does not trust us. It never writes, never repairs, and never stops at the first
//! difference.

mod capsule;
mod case;
mod case_branch;
mod case_entries;
mod case_names;
mod folder;
mod keyring;
mod package;
mod package_custody;
mod receipt;
mod report;

pub use capsule::{CapsuleExpected, verify_capsule};
pub use case::{CaseCheck, verify_case};
pub use folder::{DiskFile, DiskFolder, Folder, read_all};
pub use package::verify_package;
pub use receipt::{ReceiptAgainst, verify_receipt};
pub use report::{Fact, Problem, ProblemKind, Report};
