//! A member of a zip archive encrypted with WinZip's AES (AE-1 and AE-2), decrypted as it is read.
//!
//! Follows WinZip's "AES Encryption Information", version 1.04 of 2009: salt, two bytes to check the
//! password, AES in counter mode with a little-endian counter from 1, ten bytes of HMAC-SHA-1. The check
//! value is at the end: what is read before it is not yet proven. The read that comes to the last byte checks
//! it and gives an error instead of those bytes. Deliberately absent: the archive itself, decompression, and
//! the CRC-32 that AE-1 has besides (the reader of the archive knows it).

use super::cipher::{BlockBytes, Cipher};
use super::{AesKey, Counter, ForeignError, ForeignHmacSha1, Pbkdf2Hash, pbkdf2};
use std::io::{self, Read};

/// Fixed by the format.
const ROUNDS: u32 = 1000;

const VERIFIER_BYTES: usize = 2;
const MAC_BYTES: usize = 10;

/// The counter begins at 1.
const FIRST_COUNTER: BlockBytes = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// The strength in the extra field 0x9901 of the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WinzipAesStrength {
    /// 1: AES-128.
    Bits128,
    /// 2: AES-192.
    Bits192,
    /// 3: AES-256.
    Bits256,
}

impl WinzipAesStrength {
    /// The strength with this number in the extra field.
    pub fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Bits128),
            2 => Some(Self::Bits192),
            3 => Some(Self::Bits256),
            _ => None,
        }
    }

    fn key_bytes(self) -> usize {
        match self {
            Self::Bits128 => 16,
            Self::Bits192 => 24,
            Self::Bits256 => 32,
        }
    }
}

/// The data of one member, decrypted.
pub struct WinzipAesReader<R> {
    reader: R,
    cipher: Cipher,
    check: Check,
    done_bytes: u64,
    left_bytes: u64,
}

/// Where the check of the data stands.
enum Check {
    Running(ForeignHmacSha1),
    Passed,
    Failed,
}

impl<R: Read> WinzipAesReader<R> {
    /// Reads salt and verifier and derives the keys. `stored_bytes` is the compressed size of the member in
    /// the archive. `WrongKey` when the verifier does not fit (1 of 65,536 wrong passwords passes here and
    /// fails at the end).
    pub fn new(
        mut reader: R,
        password: &[u8],
        strength: WinzipAesStrength,
        stored_bytes: u64,
    ) -> Result<Self, ForeignError> {
        let key_bytes = strength.key_bytes();
        let salt_bytes = key_bytes / 2;
        let overhead_bytes = salt_bytes.saturating_add(VERIFIER_BYTES + MAC_BYTES) as u64;
        let left_bytes = stored_bytes.checked_sub(overhead_bytes);
        let left_bytes = left_bytes.ok_or(ForeignError::BadLength { what: "encrypted member" })?;
        let mut salt = vec![0; salt_bytes];
        let mut verifier = [0; VERIFIER_BYTES];
        reader.read_exact(&mut salt)?;
        reader.read_exact(&mut verifier)?;
        let length_bytes = key_bytes.saturating_mul(2).saturating_add(VERIFIER_BYTES);
        let keys = pbkdf2(Pbkdf2Hash::Sha1, password, &salt, ROUNDS, ROUNDS, length_bytes)?;
        let (cipher_key, rest) = keys.as_bytes().split_at_checked(key_bytes).unwrap_or_default();
        let (mac_key, expected) = rest.split_at_checked(key_bytes).unwrap_or_default();
        if expected != verifier {
            return Err(ForeignError::WrongKey);
        }
        let cipher = Cipher::new(&AesKey::new(cipher_key)?)?;
        let check = Check::Running(ForeignHmacSha1::new(mac_key)?);
        Ok(Self { reader, cipher, check, done_bytes: 0, left_bytes })
    }

    /// Reads what is left and checks it, for whoever does not need all of the data; gives the reader back,
    /// which stands after the member.
    pub fn finish(mut self) -> Result<R, ForeignError> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.reader)
    }

    /// Compares the check value once all data was read.
    fn check(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.check, Check::Failed) {
            Check::Passed => {}
            Check::Failed => return Err(ForeignError::AuthenticationFailed { offset_bytes: 0 }.into()),
            Check::Running(mac) => {
                let mut expected = [0; MAC_BYTES];
                self.reader.read_exact(&mut expected)?;
                if !mac.matches(&expected) {
                    return Err(ForeignError::AuthenticationFailed { offset_bytes: 0 }.into());
                }
            }
        }
        self.check = Check::Passed;
        Ok(())
    }
}

impl<R: Read> Read for WinzipAesReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left_bytes == 0 {
            return self.check().map(|()| 0);
        }
        let wanted = super::part::readable(buffer, 0, self.left_bytes);
        let room = buffer.get_mut(..wanted).unwrap_or_default();
        if room.is_empty() {
            return Ok(0);
        }
        let count = self.reader.read(room)?;
        let bytes = room.get_mut(..count).filter(|bytes| !bytes.is_empty());
        let bytes = bytes.ok_or(io::ErrorKind::UnexpectedEof)?;
        if let Check::Running(mac) = &mut self.check {
            mac.update(bytes);
        }
        self.left_bytes = self.left_bytes.saturating_sub(count as u64);
        if self.left_bytes == 0 {
            self.check()?;
        }
        self.cipher.apply_keystream(Counter::LittleEndian128, FIRST_COUNTER, self.done_bytes, bytes)?;
        self.done_bytes = self.done_bytes.saturating_add(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STRENGTHS: [WinzipAesStrength; 3] =
        [WinzipAesStrength::Bits128, WinzipAesStrength::Bits192, WinzipAesStrength::Bits256];

    /// A member as the specification says, made with the counter written out by hand.
    fn member(password: &[u8], strength: WinzipAesStrength, data: &[u8]) -> Vec<u8> {
        let size = strength.key_bytes();
        let salt: Vec<u8> = (0..u8::try_from(size / 2).unwrap()).collect();
        let keys = pbkdf2(Pbkdf2Hash::Sha1, password, &salt, 1000, 1000, size * 2 + 2).unwrap();
        let keys = keys.as_bytes();
        let cipher = Cipher::new(&AesKey::new(&keys[..size]).unwrap()).unwrap();
        let mut encrypted = data.to_vec();
        for (block, counter) in encrypted.chunks_mut(16).zip(1_u128..) {
            let mask = cipher.encrypt_block(counter.to_le_bytes());
            block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        }
        let mut mac = ForeignHmacSha1::new(&keys[size..size * 2]).unwrap();
        mac.update(&encrypted);
        [&salt[..], &keys[size * 2..], &encrypted, &mac.finish()[..10]].concat()
    }

    fn read(member: &[u8], password: &[u8], strength: WinzipAesStrength) -> io::Result<Vec<u8>> {
        let mut data = Vec::new();
        let reader = WinzipAesReader::new(member, password, strength, member.len() as u64);
        reader?.read_to_end(&mut data)?;
        Ok(data)
    }

    #[test]
    fn a_changed_byte_is_told_with_the_last_read() {
        for strength in STRENGTHS {
            let member = member(b"erfunden", strength, b"some data of more than one block of AES");
            assert!(matches!(
                WinzipAesReader::new(&member[..], b"other", strength, member.len() as u64).err(),
                Some(ForeignError::WrongKey)
            ));
            for place in 0..member.len() {
                let mut changed = member.clone();
                changed[place] ^= 1;
                assert!(read(&changed, b"erfunden", strength).is_err(), "byte {place}");
                assert!(read(&member[..place], b"erfunden", strength).is_err(), "cut at {place}");
            }
            let mut changed = member.clone();
            *changed.last_mut().unwrap() ^= 1;
            let mut reader =
                WinzipAesReader::new(&changed[..], b"erfunden", strength, member.len() as u64).unwrap();
            assert!(io::copy(&mut reader, &mut io::sink()).is_err());
            assert!(reader.read(&mut [0; 4]).is_err(), "and stays so");
        }
        assert_eq!(WinzipAesStrength::from_number(4), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_was_encrypted_is_read(
            data in proptest::collection::vec(any::<u8>(), 0..300),
            password in proptest::collection::vec(any::<u8>(), 0..80),
            strength in 0_u8..3,
            piece in 1_u64..50,
        ) {
            let strength = WinzipAesStrength::from_number(strength + 1).unwrap();
            let mut file = member(&password, strength, &data);
            let stored = file.len() as u64;
            file.push(0xee);
            let mut reader = WinzipAesReader::new(&file[..], &password, strength, stored).unwrap();
            let mut found = Vec::new();
            while reader.by_ref().take(piece).read_to_end(&mut found).unwrap() > 0 {}
            prop_assert_eq!(&found, &data);
            prop_assert_eq!(reader.finish().unwrap(), &[0xee]);
        }
    }
}
