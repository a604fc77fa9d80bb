//! All cryptography of Asservat: the age payload, keys, holders, recovery split, signatures; and, for reading
//! only, that of others. Knows nothing of cases.
//!
//! Formats: age v1 (age-encryption.org/v1), RFC 6962 tree hashes, Ed25519 (RFC 8032), Shamir's scheme as
//! in `docs/format.md` section 2. Deliberately absent: file names, clocks, logs, armor, and any cipher of
//! our own. What evidence comes wrapped in is opened in `foreign` and nowhere else.

mod access;
mod aead;
mod bech32;
mod chunk_buffer;
mod error;
mod file_key;
pub mod foreign;
mod gf256;
mod hash;
mod header;
mod identity;
mod identity_file;
mod lanes;
mod opened;
mod opened_stream;
mod payload;
mod pipeline;
mod positioned;
mod random;
mod random_access;
mod recipient;
mod sealer;
mod signature;
mod small;
mod split;
mod split_words;
mod spool;
pub mod tree;

pub use access::{Lock, OpenWith, Passphrase, SealTo, WorkFactor, lock_of, work_of};
pub use error::SealError;
pub use hash::{Sha256, hmac_sha256, sha256};
pub use identity::Identity;
pub use identity_file::IdentityFile;
pub use opened::Opened;
pub use opened_stream::OpenedStream;
pub use random::random;
pub use recipient::{Recipient, RecipientError};
pub use sealer::{Sealed, Sealer};
pub use signature::{PublicKey, SignatureError, SigningKey};
pub use small::{open_bytes, seal_bytes};
pub use split::{Share, SplitError, combine, split};
pub use spool::{Spool, SpoolReader};
