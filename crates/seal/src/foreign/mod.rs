//! The cryptography of others that evidence comes wrapped in: phone backups, messenger backups, archives and
//! databases. For reading only; nothing of ours is ever sealed with it.
//!
//! Each file says which specification it follows. What is built here is put together from published ciphers
//! and hashes (AES of FIPS 197 in the modes of NIST SP 800-38A and 38D, SHA-1, SHA-2, MD5, HMAC, PBKDF2,
//! HKDF, RFC 3394); several of them are too weak to protect anything today and are here because others used
//! them. Work that a file asks for is bounded by a limit the caller gives. Deliberately absent: writing,
//! finding keys by trying, and the reading of the containers themselves, which is the readers' work.

mod aes_cbc;
mod aes_ctr;
mod aes_gcm;
mod android_backup;
mod cipher;
mod error;
mod hashes;
mod ios_keybag;
mod key;
mod key_wrap;
mod part;
mod pbkdf2;
mod quic;
mod signal_backup;
mod sqlcipher;
mod whatsapp_backup;
mod winzip_aes;
mod zip_crypto;

pub use aes_cbc::{CbcEnding, CbcView, Padding, cbc_decrypt};
pub use aes_ctr::{Counter, CtrKey, CtrReader, CtrView, ctr_decrypt};
pub use aes_gcm::{GcmIv, GcmTag, GcmView, gcm_decrypt};
pub use android_backup::{AndroidBackupHeader, AndroidBackupKey};
pub use error::ForeignError;
pub use hashes::{
    ForeignHmacSha1, ForeignHmacSha256, ForeignHmacSha512, ForeignMd5, ForeignSha1, ForeignSha512,
    foreign_hkdf_sha256,
};
pub use ios_keybag::{ClassKeys, Keybag};
pub use key::{AesKey, Secret};
pub use key_wrap::unwrap_key;
pub use part::Part;
pub use pbkdf2::{Pbkdf2Hash, pbkdf2};
pub use quic::{QuicInitialKeys, QuicVersion};
pub use signal_backup::{SignalBackupKeys, signal_frame_iv, signal_passphrase_key};
pub use sqlcipher::{SqlcipherPages, SqlcipherView};
pub use whatsapp_backup::{Crypt15Purpose, WhatsappKey};
pub use winzip_aes::{WinzipAesReader, WinzipAesStrength};
pub use zip_crypto::{ZIP_CRYPTO_HEADER_BYTES, ZipCryptoReader};
