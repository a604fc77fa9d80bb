//! The key of an index, and how a file tells a wrong key from damage.
//!
//! SQLCipher (4.x) takes a raw 256-bit key, so nothing is derived from a passphrase. Its salt, the first 16
//! bytes of the file, then only separates the page authentication key; here it is made from the key, so that
//! a file whose first page does not open says whether it was made with this key. The key is 256 bits of
//! chance, so its salt tells nothing about it.

use model::encode_hex;
use zeroize::{Zeroize, Zeroizing};

/// 32 bytes that open an index. Deliberately neither shown nor copied.
pub struct IndexKey(Zeroizing<[u8; 32]>);

impl IndexKey {
    /// Takes a key over.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The statement that opens a file: its salt is read from it.
    pub(crate) fn opening(&self) -> Zeroizing<String> {
        self.statement("PRAGMA key = \"x'", "", "'\";")
    }

    /// The statement that makes a file.
    pub(crate) fn creating(&self) -> Zeroizing<String> {
        self.statement("PRAGMA key = \"x'", &self.salt(), "'\";")
    }

    /// The value that opens a second file beside a first.
    pub(crate) fn attaching(&self) -> Zeroizing<String> {
        self.statement("x'", "", "'")
    }

    /// The salt of a file made with this key, in hexadecimal.
    pub(crate) fn salt(&self) -> String {
        let check = seal::hmac_sha256(self.0.as_slice(), &[b"asservat index salt"]);
        encode_hex(check.get(..16).unwrap_or_default())
    }

    /// A key for what is compared of messages, so that nobody can make two texts alike on purpose.
    pub(crate) fn for_signs(&self) -> SignKey {
        SignKey(Zeroizing::new(seal::hmac_sha256(self.0.as_slice(), &[b"asservat index sign"])))
    }

    fn statement(&self, before: &str, salt: &str, behind: &str) -> Zeroizing<String> {
        let mut hex = encode_hex(self.0.as_slice());
        // Wide enough from the start: no half of the key stays behind in memory that was given back.
        let mut statement = Zeroizing::new(String::with_capacity(160));
        for part in [before, &hex, salt, behind] {
            statement.push_str(part);
        }
        hex.zeroize();
        statement
    }
}

/// Makes a number of what is compared of a message.
pub(crate) struct SignKey(Zeroizing<[u8; 32]>);

impl SignKey {
    /// The number of these parts, which are put behind one another.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> i64 {
        let whole = seal::hmac_sha256(self.0.as_slice(), parts);
        i64::from_be_bytes(whole.first_chunk().copied().unwrap_or_default())
    }
}
