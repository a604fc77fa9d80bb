//! What a client brings as one read-only tree: folders and files on a medium, walked in one fixed order.
//!
//! Order and gap words follow `docs/format.md`, section 5. This crate deliberately writes nothing, follows
//! no link below a root, opens no fifo, socket or device, and does not look at extended attributes or
//! alternate streams. On Linux it also asks the system not to note the time of access; reading a link's
//! target is the one look that a medium mounted writable may note.

pub mod containers;
mod item;
pub mod lines;
pub mod list_file;
pub mod mail;
mod measure;
mod media;
mod opened;
pub mod property_list;
mod reopen;
pub mod tree;
mod walk;
pub mod wire;

#[cfg(unix)]
#[path = "unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "windows.rs"]
mod platform;

pub use item::{FileState, GapKind, Item, SourceFile, What};
pub use measure::{Measure, measure};
pub use reopen::{WalkedFile, reopen};
pub use walk::{MediaChoice, WalkError, WalkOptions, WalkTotals, root_name, walk};
