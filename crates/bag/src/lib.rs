//! Tar, BagIt, capsule and package layout, names, the file tree. Holds no keys.
//!
//! Follows `docs/format.md`, sections 5 and 7, BagIt 1.0 (RFC 8493) and POSIX ustar with pax headers. This
//! crate deliberately opens no file by itself: it reads and writes streams that the caller brings.

mod bagit;
mod capsule_check;
mod capsule_json;
mod capsule_reader;
mod capsule_writer;
mod check_lines;
mod check_names;
mod file_tree;
mod format_characters;
mod name_lines;
mod names;
mod names_reader;
mod problem;
mod read_at;
mod tar_entry;
mod tar_stream;
mod unpack;

pub use bagit::{BagFolder, FolderReport, bag_info, check_folder, declaration, manifest_line};
pub use capsule_check::{CapsuleReport, check_stream};
pub use capsule_json::{About, CapsuleJson};
pub use capsule_reader::{CapsuleReadError, CapsuleReader, FileReader, Place};
pub use capsule_writer::{CapsuleWriteError, CapsuleWriter, FileOutcome, Finished, SpoolMaker};
pub use file_tree::{FileProof, FileTree, file_leaf_hash};
pub use name_lines::{
    FileGap, FileGapKind, FileLine, FolderLine, GapLine, LinkLine, NameLine, NameLineError, RawName, Refusal,
    RefusalKind,
};
pub use names::{Namer, Stored, is_plain, is_stored};
pub use names_reader::NamesReader;
pub use problem::{BagProblem, BagProblemKind, Problems};
pub use unpack::{UnpackEntry, UnpackError, unpack};
