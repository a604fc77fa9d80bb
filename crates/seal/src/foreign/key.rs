//! Key material of others: zeroed when dropped, never shown, never copied unasked.

use super::ForeignError;
use zeroize::Zeroizing;

/// Key material of any length: a derived key, a MAC key, the root of a chain of keys.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes a copy of the bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// So many zeros, to be filled.
    pub(super) fn zeros(length_bytes: usize) -> Self {
        Self(Zeroizing::new(vec![0; length_bytes]))
    }

    pub(super) fn as_mut_bytes(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// The bytes themselves.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// All of it as an AES key.
    pub fn to_aes_key(&self) -> Result<AesKey, ForeignError> {
        AesKey::new(&self.0)
    }
}

/// An AES key of 16, 24 or 32 bytes.
pub struct AesKey(Secret);

impl AesKey {
    /// Takes a copy of 16, 24 or 32 bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, ForeignError> {
        match bytes.len() {
            16 | 24 | 32 => Ok(Self(Secret::new(bytes))),
            _ => Err(ForeignError::BadLength { what: "AES key" }),
        }
    }

    /// The bytes themselves.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aes_key_has_one_of_three_lengths() {
        for length in 0..70 {
            assert_eq!(AesKey::new(&vec![1; length]).is_ok(), [16, 24, 32].contains(&length));
        }
        assert_eq!(Secret::new(&[7; 24]).to_aes_key().unwrap().as_bytes(), [7; 24]);
    }
}
