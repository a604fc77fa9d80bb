//! AES (FIPS 197) with the three key lengths behind one type, in the modes the files beside this one need.
//!
//! Decrypts whole stretches at once, so that the processor's AES instructions work on several blocks in
//! parallel. Deliberately absent: CBC encryption.

use super::{AesKey, Counter, ForeignError};
use aes::cipher::{
    Array, Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, InnerIvInit, KeyInit,
    StreamCipher, StreamCipherCoreWrapper, StreamCipherSeek, consts::U16,
};
use aes::{Aes128, Aes192, Aes256};
use ctr::{CtrCore, CtrFlavor, flavors};

/// The size of a block of AES.
pub(super) const BLOCK_BYTES: usize = 16;

/// One block, such as an initialisation vector.
pub(super) type BlockBytes = [u8; BLOCK_BYTES];

/// An expanded AES key; zeroed when dropped.
pub(super) enum Cipher {
    Bits128(Box<Aes128>),
    Bits192(Box<Aes192>),
    Bits256(Box<Aes256>),
}

/// Does the same with whichever of the three it is.
macro_rules! with_aes {
    ($cipher:expr, $aes:ident => $work:expr) => {
        match $cipher {
            Cipher::Bits128($aes) => $work,
            Cipher::Bits192($aes) => $work,
            Cipher::Bits256($aes) => $work,
        }
    };
}

impl Cipher {
    pub(super) fn new(key: &AesKey) -> Result<Self, ForeignError> {
        let bytes = key.as_bytes();
        let wrong = |_| ForeignError::BadLength { what: "AES key" };
        match bytes.len() {
            16 => Aes128::new_from_slice(bytes).map(|aes| Cipher::Bits128(Box::new(aes))).map_err(wrong),
            24 => Aes192::new_from_slice(bytes).map(|aes| Cipher::Bits192(Box::new(aes))).map_err(wrong),
            _ => Aes256::new_from_slice(bytes).map(|aes| Cipher::Bits256(Box::new(aes))).map_err(wrong),
        }
    }

    /// One block, encrypted.
    pub(super) fn encrypt_block(&self, block: BlockBytes) -> BlockBytes {
        let mut block = block.into();
        with_aes!(self, aes => aes.encrypt_block(&mut block));
        block.into()
    }

    /// Decrypts whole blocks in place; `before` is the block of ciphertext before them.
    pub(super) fn cbc_decrypt(&self, before: BlockBytes, buffer: &mut [u8]) -> Result<(), ForeignError> {
        let (blocks, rest) = Array::<u8, U16>::slice_as_chunks_mut(buffer);
        if !rest.is_empty() {
            return Err(ForeignError::BadLength { what: "ciphertext" });
        }
        with_aes!(self, aes => cbc_blocks(&**aes, before, blocks));
        Ok(())
    }

    /// Applies the keystream from `offset_bytes` on to the buffer.
    pub(super) fn apply_keystream(
        &self,
        counter: Counter,
        iv: BlockBytes,
        offset_bytes: u64,
        buffer: &mut [u8],
    ) -> Result<(), ForeignError> {
        with_aes!(self, aes => match counter {
            Counter::BigEndian128 => keystream::<_, flavors::Ctr128BE>(&**aes, iv, offset_bytes, buffer),
            Counter::BigEndian32 => keystream::<_, flavors::Ctr32BE>(&**aes, iv, offset_bytes, buffer),
            Counter::LittleEndian128 => keystream::<_, flavors::Ctr128LE>(&**aes, iv, offset_bytes, buffer),
        })
    }
}

fn cbc_blocks<C>(aes: &C, before: BlockBytes, blocks: &mut [Block<C>])
where
    C: BlockCipherDecrypt<BlockSize = U16>,
{
    cbc::Decryptor::inner_iv_init(aes, &before.into()).decrypt_blocks(blocks);
}

fn keystream<C, F>(aes: &C, iv: BlockBytes, offset_bytes: u64, buffer: &mut [u8]) -> Result<(), ForeignError>
where
    C: BlockCipherEncrypt<BlockSize = U16>,
    F: CtrFlavor<U16>,
{
    let core = CtrCore::<&C, F>::inner_iv_init(aes, &iv.into());
    let mut stream = StreamCipherCoreWrapper::from_core(core);
    if stream.try_seek(offset_bytes).is_err() || stream.try_apply_keystream(buffer).is_err() {
        return Err(ForeignError::BadLength { what: "ciphertext" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};

    #[test]
    fn aes_of_fips_197() {
        let block = decode_hex("00112233445566778899aabbccddeeff").unwrap().try_into().unwrap();
        let key: Vec<u8> = (0..32).collect();
        for (length, expected) in [
            (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
            (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
            (32, "8ea2b7ca516745bfeafc49904b496089"),
        ] {
            let cipher = Cipher::new(&AesKey::new(&key[..length]).unwrap()).unwrap();
            assert_eq!(encode_hex(&cipher.encrypt_block(block)), expected);
        }
    }

    #[test]
    fn a_counter_that_runs_out_is_an_error() {
        let cipher = Cipher::new(&AesKey::new(&[1; 16]).unwrap()).unwrap();
        let mut buffer = [0; 64];
        let end = (1_u64 << 36) - 16;
        assert!(cipher.apply_keystream(Counter::BigEndian32, [0; 16], end, &mut buffer).is_err());
        assert!(cipher.apply_keystream(Counter::BigEndian128, [0xff; 16], end, &mut buffer).is_ok());
        assert!(cipher.cbc_decrypt([0; 16], &mut buffer[..63]).is_err());
    }
}
