//! AES in counter mode (NIST SP 800-38A 6.5) with a first counter block of 16 bytes: as a stream, or read at
//! any place.
//!
//! Counter mode says nothing about whether the bytes are what was written; where a format adds a check value,
//! the file for that format checks it. Encrypting is the same as decrypting, so both are here.

use super::cipher::{BlockBytes, Cipher};
use super::part::{Part, readable};
use super::{AesKey, ForeignError};
use model::ReadAt;
use std::io::{self, Read};

/// How the counter block is counted up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// All 16 bytes, last byte first: Signal, SP 800-38A.
    BigEndian128,
    /// The last four bytes only, last byte first: inside of GCM.
    BigEndian32,
    /// All 16 bytes, first byte first: WinZip, beginning at 1.
    LittleEndian128,
}

/// Decrypts in place, as the beginning of a stream.
pub fn ctr_decrypt(
    key: &AesKey,
    counter: Counter,
    iv: &[u8; 16],
    bytes: &mut [u8],
) -> Result<(), ForeignError> {
    Cipher::new(key)?.apply_keystream(counter, *iv, 0, bytes)
}

/// A key made ready once for many short pieces.
pub struct CtrKey(Cipher);

impl CtrKey {
    /// Expands the key.
    pub fn new(key: &AesKey) -> Result<Self, ForeignError> {
        Cipher::new(key).map(Self)
    }

    /// Decrypts in place what lies `offset_bytes` behind the beginning of a stream.
    pub fn decrypt(
        &self,
        counter: Counter,
        iv: &[u8; 16],
        offset_bytes: u64,
        bytes: &mut [u8],
    ) -> Result<(), ForeignError> {
        self.0.apply_keystream(counter, *iv, offset_bytes, bytes)
    }
}

/// A part of a file encrypted in counter mode, to be read at any place.
pub struct CtrView {
    cipher: Cipher,
    counter: Counter,
    iv: BlockBytes,
    part: Part,
}

impl CtrView {
    /// `iv` is the first counter block, which belongs to the first byte of the part.
    pub fn new(key: &AesKey, counter: Counter, iv: &[u8; 16], part: Part) -> Result<Self, ForeignError> {
        Ok(Self::of(Cipher::new(key)?, counter, *iv, part))
    }

    pub(super) fn of(cipher: Cipher, counter: Counter, iv: BlockBytes, part: Part) -> Self {
        Self { cipher, counter, iv, part }
    }
}

impl ReadAt for CtrView {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wanted = readable(buffer, offset, self.size_bytes());
        if let Some(buffer) = buffer.get_mut(..wanted).filter(|buffer| !buffer.is_empty()) {
            self.part.read_exact(buffer, offset)?;
            self.cipher.apply_keystream(self.counter, self.iv, offset, buffer)?;
        }
        Ok(wanted)
    }

    fn size_bytes(&self) -> u64 {
        self.part.size_bytes()
    }
}

/// A stream encrypted in counter mode, decrypted as it is read.
pub struct CtrReader<R> {
    reader: R,
    cipher: Cipher,
    counter: Counter,
    iv: BlockBytes,
    done_bytes: u64,
}

impl<R: Read> CtrReader<R> {
    /// `iv` is the first counter block, which belongs to the next byte of the reader.
    pub fn new(key: &AesKey, counter: Counter, iv: &[u8; 16], reader: R) -> Result<Self, ForeignError> {
        Ok(Self { reader, cipher: Cipher::new(key)?, counter, iv: *iv, done_bytes: 0 })
    }

    /// The reader below, which stands after the last byte that was read.
    pub fn into_inner(self) -> R {
        self.reader
    }
}

impl<R: Read> Read for CtrReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let bytes = buffer.get_mut(..count).unwrap_or_default();
        self.cipher.apply_keystream(self.counter, self.iv, self.done_bytes, bytes)?;
        self.done_bytes = self.done_bytes.saturating_add(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};
    use proptest::prelude::*;
    use std::sync::Arc;

    #[test]
    fn ctr_of_nist_sp_800_38a() {
        // F.5.5: CTR-AES256, the first two blocks.
        let key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
        let key = AesKey::new(&decode_hex(key).unwrap()).unwrap();
        let iv = decode_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").unwrap().try_into().unwrap();
        let mut bytes =
            decode_hex("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5").unwrap();
        ctr_decrypt(&key, Counter::BigEndian128, &iv, &mut bytes).unwrap();
        assert_eq!(encode_hex(&bytes), "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    }

    #[test]
    fn the_counters_carry_where_they_should() {
        let key = AesKey::new(&[3; 32]).unwrap();
        let cipher = Cipher::new(&key).unwrap();
        let mut last = [0xff; 16];
        last[0] = 7;
        for (counter, iv, second) in [
            (Counter::BigEndian128, last, {
                let mut next = [0; 16];
                next[0] = 8;
                next
            }),
            (Counter::BigEndian32, last, {
                let mut next = last;
                next[12..].fill(0);
                next
            }),
            (Counter::LittleEndian128, [1; 16], {
                let mut next = [1; 16];
                next[0] = 2;
                next
            }),
        ] {
            let mut bytes = [0; 32];
            ctr_decrypt(&key, counter, &iv, &mut bytes).unwrap();
            assert_eq!(bytes[..16], cipher.encrypt_block(iv));
            assert_eq!(bytes[16..], cipher.encrypt_block(second));
        }
    }

    proptest! {
        #[test]
        fn view_and_reader_give_the_same(
            ciphertext in proptest::collection::vec(any::<u8>(), 0..1500),
            key in any::<[u8; 32]>(),
            iv in any::<[u8; 16]>(),
            kind in 0_usize..3,
            piece in 1_usize..100,
            reads in proptest::collection::vec((0_u64..1600, 0_usize..200), 1..20),
        ) {
            let counter =
                [Counter::BigEndian128, Counter::BigEndian32, Counter::LittleEndian128][kind];
            let key = AesKey::new(&key).unwrap();
            let mut whole = ciphertext.clone();
            ctr_decrypt(&key, counter, &iv, &mut whole).unwrap();
            #[cfg(not(windows))]
            if counter == Counter::BigEndian128 {
                use openssl::symm;
                let cipher = symm::Cipher::aes_256_ctr();
                let oracle = symm::decrypt(cipher, key.as_bytes(), Some(&iv), &ciphertext).unwrap();
                prop_assert_eq!(&whole, &oracle);
            }

            let mut streamed = Vec::new();
            let mut reader = CtrReader::new(&key, counter, &iv, &ciphertext[..]).unwrap();
            while reader.by_ref().take(piece as u64).read_to_end(&mut streamed).unwrap() > 0 {}
            prop_assert_eq!(&streamed, &whole);

            let view = CtrView::new(&key, counter, &iv, Part::whole(Arc::new(ciphertext))).unwrap();
            for (offset, length) in reads {
                let (mut found, mut expected) = (vec![0; length], vec![0; length]);
                let count = view.read_at(&mut found, offset).unwrap();
                prop_assert_eq!(count, whole.read_at(&mut expected, offset).unwrap());
                prop_assert_eq!(&found[..count], &expected[..count]);
            }
        }
    }
}
