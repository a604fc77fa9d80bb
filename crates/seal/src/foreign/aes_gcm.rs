//! AES-GCM (NIST SP 800-38D) over files that do not fit into memory, with the tag at the end and an
//! initialisation vector of any length (WhatsApp has 16 bytes, most others 12).
//!
//! Two passes: the first reads all ciphertext and checks the tag in constant memory, the second decrypts what
//! is asked for. Nothing is given out before the tag was checked. That holds as long as the file stays the
//! same between the passes: give it something that cannot change, such as the sealed copy.

use super::aes_ctr::{Counter, CtrView};
use super::cipher::{BLOCK_BYTES, BlockBytes, Cipher};
use super::part::Part;
use super::{AesKey, ForeignError};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use model::ReadAt;
use std::io;
use zeroize::Zeroizing;

/// How much of the ciphertext is read at once; a multiple of the block size.
const PIECE_BYTES: usize = 256 * 1024;

/// The most that may be encrypted under one initialisation vector (SP 800-38D 5.2.1.1).
const MAX_TEXT_BYTES: u64 = (1 << 36) - 32;

/// The tag of AES-GCM in its full length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GcmTag(pub [u8; 16]);

/// An initialisation vector of any length but zero.
#[derive(Clone, Copy, Debug)]
pub struct GcmIv<'a>(pub &'a [u8]);

/// A part of a file encrypted with AES-GCM whose tag was checked, to be read at any place.
pub struct GcmView(CtrView);

impl GcmView {
    /// Reads all of the part (which holds the ciphertext without the tag) and checks the tag.
    pub fn verify(
        key: &AesKey,
        iv: GcmIv<'_>,
        associated: &[u8],
        part: Part,
        tag: GcmTag,
    ) -> Result<Self, ForeignError> {
        let mut check = Check::new(key, iv, associated)?;
        let size_bytes = part.size_bytes();
        if size_bytes > MAX_TEXT_BYTES {
            return Err(ForeignError::BadLength { what: "ciphertext" });
        }
        let mut piece = vec![0; PIECE_BYTES];
        let mut offset_bytes = 0_u64;
        while offset_bytes < size_bytes {
            let count = super::part::readable(&piece, offset_bytes, size_bytes);
            let bytes = piece.get_mut(..count).unwrap_or_default();
            part.read_exact(bytes, offset_bytes)?;
            check.hash.update_padded(bytes);
            offset_bytes = offset_bytes.saturating_add(count as u64);
        }
        let (cipher, first) = check.finish(size_bytes, tag)?;
        Ok(Self(CtrView::of(cipher, Counter::BigEndian32, first, part)))
    }
}

impl ReadAt for GcmView {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn size_bytes(&self) -> u64 {
        self.0.size_bytes()
    }
}

/// Checks the tag and decrypts something small.
pub fn gcm_decrypt(
    key: &AesKey,
    iv: GcmIv<'_>,
    associated: &[u8],
    ciphertext: &[u8],
    tag: GcmTag,
) -> Result<Zeroizing<Vec<u8>>, ForeignError> {
    let mut check = Check::new(key, iv, associated)?;
    check.hash.update_padded(ciphertext);
    let (cipher, first) = check.finish(ciphertext.len() as u64, tag)?;
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    cipher.apply_keystream(Counter::BigEndian32, first, 0, &mut plaintext)?;
    Ok(plaintext)
}

/// The check of a tag while the ciphertext goes by.
struct Check {
    cipher: Cipher,
    hash: GHash,
    /// The counter block that belongs to the tag (J0 in the standard).
    tag_block: BlockBytes,
    associated_bytes: u64,
}

impl Check {
    fn new(key: &AesKey, iv: GcmIv<'_>, associated: &[u8]) -> Result<Self, ForeignError> {
        let cipher = Cipher::new(key)?;
        let hash_key = Zeroizing::new(cipher.encrypt_block([0; BLOCK_BYTES]));
        let fresh = GHash::new(&(*hash_key).into());
        let tag_block = tag_block(fresh.clone(), iv)?;
        let mut hash = fresh;
        hash.update_padded(associated);
        Ok(Self { cipher, hash, tag_block, associated_bytes: associated.len() as u64 })
    }

    /// The cipher and the counter block of the first byte, if the tag fits.
    fn finish(mut self, text_bytes: u64, tag: GcmTag) -> Result<(Cipher, BlockBytes), ForeignError> {
        let lengths = length_block(self.associated_bytes, text_bytes);
        self.hash.update(&[lengths.into()]);
        let mask = self.cipher.encrypt_block(self.tag_block);
        let hash: BlockBytes = self.hash.finalize().into();
        // Every byte is looked at, whatever the ones before were.
        let pairs = hash.iter().zip(&mask).zip(&tag.0);
        let difference = pairs.fold(0, |found, ((hash, mask), tag)| found | (hash ^ mask ^ tag));
        if difference != 0 {
            return Err(ForeignError::AuthenticationFailed { offset_bytes: 0 });
        }
        Ok((self.cipher, next_block(self.tag_block)))
    }
}

fn tag_block(mut hash: GHash, iv: GcmIv<'_>) -> Result<BlockBytes, ForeignError> {
    if iv.0.is_empty() {
        return Err(ForeignError::BadLength { what: "initialisation vector" });
    }
    if let Ok(twelve) = <[u8; 12]>::try_from(iv.0) {
        // The vector, and a counter that begins at 1.
        let mut block = [0; BLOCK_BYTES];
        block.iter_mut().zip(twelve.into_iter().chain([0, 0, 0, 1])).for_each(|(to, from)| *to = from);
        return Ok(block);
    }
    hash.update_padded(iv.0);
    hash.update(&[length_block(0, iv.0.len() as u64).into()]);
    Ok(hash.finalize().into())
}

/// Two lengths in bits, as the last block of the hash wants them.
fn length_block(first_bytes: u64, second_bytes: u64) -> BlockBytes {
    let bits = |bytes: u64| u128::from(bytes.saturating_mul(8));
    ((bits(first_bytes) << 64) | bits(second_bytes)).to_be_bytes()
}

/// The counter block after this one: only the last four bytes count.
fn next_block(block: BlockBytes) -> BlockBytes {
    let number = u128::from_be_bytes(block);
    let low = u32::try_from(number & u128::from(u32::MAX)).unwrap_or_default();
    ((number >> 32 << 32) | u128::from(low.wrapping_add(1))).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};
    use std::sync::Arc;

    #[test]
    fn gcm_of_mcgrew_and_viega() {
        let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
        let key = AesKey::new(&decode_hex(key).unwrap()).unwrap();
        let associated = decode_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
        // Test cases 16, 17 and 18: initialisation vectors of 12, 8 and 60 bytes.
        for (iv, ciphertext, tag) in [
            (
                "cafebabefacedbaddecaf888",
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                 8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
                "76fc6ece0f4e1768cddf8853bb2d551b",
            ),
            (
                "cafebabefacedbad",
                "c3762df1ca787d32ae47c13bf19844cbaf1ae14d0b976afac52ff7d79bba9de0\
                 feb582d33934a4f0954cc2363bc73f7862ac430e64abe499f47c9b1f",
                "3a337dbf46a792c45e454913fe2ea8f2",
            ),
            (
                "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728\
                 c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b",
                "5a8def2f0c9e53f1f75d7853659e2a20eeb2b22aafde6419a058ab4f6f746bf4\
                 0fc0c3b780f244452da3ebf1c5d82cdea2418997200ef82e44ae7e3f",
                "a44a8266ee1c8eb0c8b5d4cf5ae9f19a",
            ),
        ] {
            let iv = decode_hex(iv).unwrap();
            let ciphertext = decode_hex(ciphertext).unwrap();
            let tag = GcmTag(decode_hex(tag).unwrap().try_into().unwrap());
            let plaintext = gcm_decrypt(&key, GcmIv(&iv), &associated, &ciphertext, tag).unwrap();
            assert_eq!(
                encode_hex(&plaintext),
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                 1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
            );
        }
        assert!(gcm_decrypt(&key, GcmIv(&[]), &[], &[], GcmTag([0; 16])).is_err());
    }

    #[test]
    fn only_the_last_four_bytes_are_counted() {
        assert_eq!(next_block([0xff; 16]), [[0xff; 4], [0xff; 4], [0xff; 4], [0; 4]].concat()[..]);
    }

    #[cfg(not(windows))]
    #[test]
    fn a_large_file_is_read_as_openssl_reads_it() {
        use openssl::symm;
        let plaintext: Vec<u8> = (0..=250).cycle().take(PIECE_BYTES * 2 + 77).collect();
        let (key, iv) = ([9; 32], [0xab; 16]);
        let mut tag = [0; 16];
        let ciphertext =
            symm::encrypt_aead(symm::Cipher::aes_256_gcm(), &key, Some(&iv), &[], &plaintext, &mut tag)
                .unwrap();
        let key = AesKey::new(&key).unwrap();
        let verify = |file: Vec<u8>, iv: &[u8], tag| {
            GcmView::verify(&key, GcmIv(iv), &[], Part::whole(Arc::new(file)), GcmTag(tag))
        };
        let view = verify(ciphertext.clone(), &iv, tag).unwrap();
        for (offset, length) in [(0, plaintext.len()), (PIECE_BYTES - 5, 1000), (plaintext.len() - 3, 3)] {
            let mut found = vec![0; length];
            assert_eq!(view.read_at(&mut found, offset as u64).unwrap(), length);
            assert_eq!(found, plaintext[offset..offset + length]);
        }
        for place in [0, PIECE_BYTES, ciphertext.len() - 1] {
            let mut changed = ciphertext.clone();
            changed[place] ^= 1;
            let error = verify(changed, &iv, tag).err();
            assert!(matches!(error, Some(ForeignError::AuthenticationFailed { .. })));
        }
        tag[15] ^= 1;
        assert!(verify(ciphertext, &iv, tag).is_err());
    }

    #[cfg(not(windows))]
    proptest::proptest! {
        #[test]
        fn every_length_is_as_openssl_has_it(
            plaintext in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            associated in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
            iv in proptest::collection::vec(proptest::prelude::any::<u8>(), 1..17),
            key in proptest::prelude::any::<[u8; 32]>(),
        ) {
            use openssl::symm;
            let mut tag = [0; 16];
            let cipher = symm::Cipher::aes_256_gcm();
            let ciphertext =
                symm::encrypt_aead(cipher, &key, Some(&iv), &associated, &plaintext, &mut tag).unwrap();
            let key = AesKey::new(&key).unwrap();
            let found = gcm_decrypt(&key, GcmIv(&iv), &associated, &ciphertext, GcmTag(tag)).unwrap();
            proptest::prop_assert_eq!(&*found, &plaintext);
        }
    }
}
