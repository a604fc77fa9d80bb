//! AES-CBC (NIST SP 800-38A 6.2) with 128, 192 or 256 bits, whole or read at any place.
//!
//! CBC says nothing about whether the bytes are what was written: a changed block changes itself and the one
//! after it. Deliberately absent: a cache (the caller has one) and encryption.

use super::cipher::{BLOCK_BYTES, BlockBytes, Cipher};
use super::part::{Part, readable};
use super::{AesKey, ForeignError};
use model::ReadAt;
use std::io;
use zeroize::Zeroizing;

/// What stands at the end of the last block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Nothing: all bytes of all blocks count.
    None,
    /// 1 to 16 bytes that each hold their number (RFC 5652 6.3); checked, and taken off.
    Pkcs7,
}

/// Where the plaintext of a part ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CbcEnding {
    /// After so many bytes, which somebody else says; what comes after them is not looked at.
    SizeBytes(u64),
    /// As the padding says; it is checked when the view is made.
    Padding(Padding),
}

/// Decrypts all of it and takes off the padding.
pub fn cbc_decrypt(
    key: &AesKey,
    iv: &[u8; 16],
    ciphertext: &[u8],
    padding: Padding,
) -> Result<Zeroizing<Vec<u8>>, ForeignError> {
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    Cipher::new(key)?.cbc_decrypt(*iv, &mut plaintext)?;
    if padding == Padding::Pkcs7 {
        let size_bytes = plaintext.len().saturating_sub(pkcs7_bytes(&plaintext)?);
        plaintext.truncate(size_bytes);
    }
    Ok(plaintext)
}

/// A part of a file encrypted with AES-CBC, to be read at any place.
pub struct CbcView {
    cipher: Cipher,
    iv: BlockBytes,
    part: Part,
    size_bytes: u64,
}

impl CbcView {
    /// Looks at the length of the part, and at its last block if the padding is to be checked.
    pub fn new(key: &AesKey, iv: &[u8; 16], part: Part, ending: CbcEnding) -> Result<Self, ForeignError> {
        let whole_bytes = part.size_bytes();
        if !whole_bytes.is_multiple_of(BLOCK_BYTES as u64) {
            return Err(ForeignError::BadLength { what: "ciphertext" });
        }
        let mut view = Self { cipher: Cipher::new(key)?, iv: *iv, part, size_bytes: whole_bytes };
        match ending {
            CbcEnding::Padding(Padding::None) => {}
            CbcEnding::SizeBytes(size_bytes) if size_bytes <= whole_bytes => view.size_bytes = size_bytes,
            CbcEnding::SizeBytes(_) => return Err(ForeignError::BadLength { what: "plaintext" }),
            CbcEnding::Padding(Padding::Pkcs7) => {
                let last = whole_bytes.checked_sub(BLOCK_BYTES as u64).ok_or(ForeignError::BadPadding)?;
                let mut block = Zeroizing::new([0; BLOCK_BYTES]);
                view.read_blocks(block.as_mut_slice(), last)?;
                view.size_bytes = whole_bytes.saturating_sub(pkcs7_bytes(block.as_slice())? as u64);
            }
        }
        Ok(view)
    }

    /// Fills whole blocks from the start of a block on.
    fn read_blocks(&self, buffer: &mut [u8], offset_bytes: u64) -> io::Result<()> {
        let before = match offset_bytes.checked_sub(BLOCK_BYTES as u64) {
            None => self.iv,
            Some(place) => {
                let mut block = [0; BLOCK_BYTES];
                self.part.read_exact(&mut block, place)?;
                block
            }
        };
        self.part.read_exact(buffer, offset_bytes)?;
        Ok(self.cipher.cbc_decrypt(before, buffer)?)
    }

    /// Fills the buffer with what one block has from `offset_bytes` on; says how much that was.
    fn read_within_block(&self, buffer: &mut [u8], offset_bytes: u64) -> io::Result<usize> {
        let within_bytes = offset_bytes % BLOCK_BYTES as u64;
        let mut block = Zeroizing::new([0; BLOCK_BYTES]);
        self.read_blocks(block.as_mut_slice(), offset_bytes.saturating_sub(within_bytes))?;
        let from = usize::try_from(within_bytes).ok().and_then(|start| block.get(start..));
        io::Read::read(&mut from.unwrap_or_default(), buffer)
    }
}

impl ReadAt for CbcView {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wanted = readable(buffer, offset, self.size_bytes);
        let mut rest = buffer.get_mut(..wanted).unwrap_or_default();
        let mut position = offset;
        while !rest.is_empty() {
            let whole_blocks = rest.len().saturating_sub(rest.len() % BLOCK_BYTES);
            let done = if position.is_multiple_of(BLOCK_BYTES as u64) && whole_blocks > 0 {
                self.read_blocks(rest.get_mut(..whole_blocks).unwrap_or_default(), position)?;
                whole_blocks
            } else {
                self.read_within_block(rest, position)?
            };
            rest = std::mem::take(&mut rest).get_mut(done..).unwrap_or_default();
            position = position.saturating_add(done as u64);
        }
        Ok(wanted)
    }

    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

/// How many bytes at the end are padding.
fn pkcs7_bytes(plaintext: &[u8]) -> Result<usize, ForeignError> {
    let count = plaintext.last().map_or(0, |last| usize::from(*last));
    let padding = plaintext.len().checked_sub(count).and_then(|start| plaintext.get(start..));
    match padding {
        Some(padding) if (1..=BLOCK_BYTES).contains(&count) => {
            let all_say_so = padding.iter().all(|byte| usize::from(*byte) == count);
            if all_say_so { Ok(count) } else { Err(ForeignError::BadPadding) }
        }
        _ => Err(ForeignError::BadPadding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};
    use proptest::prelude::*;
    use std::sync::Arc;

    const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    #[test]
    fn cbc_of_nist_sp_800_38a() {
        // F.2.2 and F.2.6: the first two blocks.
        for (key, ciphertext) in [
            (
                "2b7e151628aed2a6abf7158809cf4f3c",
                "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
            ),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
            ),
        ] {
            let key = AesKey::new(&decode_hex(key).unwrap()).unwrap();
            let plaintext = cbc_decrypt(&key, &IV, &decode_hex(ciphertext).unwrap(), Padding::None).unwrap();
            assert_eq!(
                encode_hex(&plaintext),
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            );
        }
    }

    #[test]
    fn padding_is_looked_at_closely() {
        assert_eq!(pkcs7_bytes(&[16; 16]).unwrap(), 16);
        assert_eq!(pkcs7_bytes(&[0, 0, 0, 1]).unwrap(), 1);
        for wrong in [&[][..], &[0; 16], &[17; 17], &[2, 1, 2], &[5, 5]] {
            assert!(matches!(pkcs7_bytes(wrong), Err(ForeignError::BadPadding)));
        }
    }

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        let key = AesKey::new(&[1; 32]).unwrap();
        let view =
            |size: usize, ending| CbcView::new(&key, &IV, Part::whole(Arc::new(vec![0; size])), ending);
        assert!(matches!(view(17, CbcEnding::SizeBytes(3)), Err(ForeignError::BadLength { .. })));
        assert!(matches!(view(16, CbcEnding::SizeBytes(17)), Err(ForeignError::BadLength { .. })));
        assert!(matches!(view(0, CbcEnding::Padding(Padding::Pkcs7)), Err(ForeignError::BadPadding)));
        assert_eq!(view(0, CbcEnding::Padding(Padding::None)).unwrap().size_bytes(), 0);
        assert!(cbc_decrypt(&key, &IV, &[0; 15], Padding::None).is_err());
        assert!(cbc_decrypt(&key, &IV, &[], Padding::Pkcs7).is_err());
    }

    #[cfg(not(windows))]
    proptest! {
        #[test]
        fn a_view_reads_what_openssl_encrypted(
            plaintext in proptest::collection::vec(any::<u8>(), 0..2000),
            key in any::<[u8; 32]>(),
            key_size in 0_usize..3,
            iv in any::<[u8; 16]>(),
            before in 0_usize..40,
            reads in proptest::collection::vec((0_u64..2100, 0_usize..300), 1..20),
        ) {
            use openssl::symm;
            let (cipher, length) = [
                (symm::Cipher::aes_128_cbc(), 16),
                (symm::Cipher::aes_192_cbc(), 24),
                (symm::Cipher::aes_256_cbc(), 32),
            ][key_size];
            let ciphertext = symm::encrypt(cipher, &key[..length], Some(&iv), &plaintext).unwrap();
            let key = AesKey::new(&key[..length]).unwrap();
            let whole = cbc_decrypt(&key, &iv, &ciphertext, Padding::Pkcs7).unwrap();
            prop_assert_eq!(&*whole, &plaintext);

            let mut file = vec![0xee; before];
            file.extend_from_slice(&ciphertext);
            file.push(0xee);
            let file: Arc<dyn ReadAt> = Arc::new(file);
            for ending in [
                CbcEnding::Padding(Padding::Pkcs7),
                CbcEnding::SizeBytes(plaintext.len() as u64),
            ] {
                let part = Part::new(Arc::clone(&file), before as u64, ciphertext.len() as u64).unwrap();
                let view = CbcView::new(&key, &iv, part, ending).unwrap();
                prop_assert_eq!(view.size_bytes(), plaintext.len() as u64);
                for (offset, length) in &reads {
                    let (mut found, mut expected) = (vec![0; *length], vec![0; *length]);
                    let count = view.read_at(&mut found, *offset).unwrap();
                    prop_assert_eq!(count, plaintext.read_at(&mut expected, *offset).unwrap());
                    prop_assert_eq!(&found[..count], &expected[..count]);
                }
            }
        }
    }
}
