//! A member of a zip archive with the traditional encryption of PKWARE, decrypted as it is read.
//!
//! Follows PKWARE's APPNOTE.TXT 6.3.10, section 6.1. The cipher is weak and nothing but one byte checks the
//! password (1 of 256 wrong ones passes); whether the data is right only the CRC-32 in the archive tells,
//! which the reader of the archive compares. Deliberately absent: encryption and the archive itself.

use super::ForeignError;
use std::io::{self, Read};
use zeroize::Zeroizing;

/// What stands before the data of a member and belongs to its compressed size.
pub const ZIP_CRYPTO_HEADER_BYTES: u64 = 12;

/// The data of one member, decrypted.
pub struct ZipCryptoReader<R> {
    reader: R,
    keys: Keys,
}

impl<R: Read> ZipCryptoReader<R> {
    /// Reads the twelve bytes before the data. `check` is the highest byte of the CRC-32 of the member, or,
    /// when bit 3 of its flags is set, of its time of change. `WrongKey` when it does not fit.
    pub fn new(mut reader: R, password: &[u8], check: u8) -> Result<Self, ForeignError> {
        let mut keys = Keys::new(password);
        let mut header = [0; 12];
        reader.read_exact(&mut header)?;
        keys.decrypt(&mut header);
        if header.last() != Some(&check) {
            return Err(ForeignError::WrongKey);
        }
        Ok(Self { reader, keys })
    }

    /// The reader below, which stands after the last byte that was read.
    pub fn into_inner(self) -> R {
        self.reader
    }
}

impl<R: Read> Read for ZipCryptoReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.keys.decrypt(buffer.get_mut(..count).unwrap_or_default());
        Ok(count)
    }
}

/// The three keys, and the table of CRC-32 they are mixed with.
struct Keys {
    keys: Zeroizing<[u32; 3]>,
    table: Box<[u32; 256]>,
}

impl Keys {
    fn new(password: &[u8]) -> Self {
        let keys = Zeroizing::new([0x1234_5678, 0x2345_6789, 0x3456_7890]);
        let mut keys = Self { keys, table: Box::new(std::array::from_fn(table_entry)) };
        for byte in password {
            keys.mix(*byte);
        }
        keys
    }

    fn decrypt(&mut self, bytes: &mut [u8]) {
        // In variables of their own, so that they stay in registers.
        let mut keys = *self.keys;
        for byte in bytes {
            let [_, _, key] = keys;
            let low = (key & 0xffff) | 2;
            let [_, mask, _, _] = low.wrapping_mul(low ^ 1).to_le_bytes();
            *byte ^= mask;
            keys = mixed(&self.table, keys, *byte);
        }
        *self.keys = keys;
    }

    fn mix(&mut self, byte: u8) {
        *self.keys = mixed(&self.table, *self.keys, byte);
    }
}

/// The keys after a byte of plaintext.
fn mixed(table: &[u32; 256], [first, second, third]: [u32; 3], byte: u8) -> [u32; 3] {
    let first = crc(table, first, byte);
    let second = second.wrapping_add(first & 0xff).wrapping_mul(134_775_813).wrapping_add(1);
    let [_, _, _, high] = second.to_le_bytes();
    [first, second, crc(table, third, high)]
}

fn crc(table: &[u32; 256], crc: u32, byte: u8) -> u32 {
    let [low, ..] = crc.to_le_bytes();
    (crc >> 8) ^ table.get(usize::from(low ^ byte)).copied().unwrap_or_default()
}

/// An entry of the table of CRC-32 (polynomial 0xEDB88320).
fn table_entry(index: usize) -> u32 {
    let start = u32::try_from(index).unwrap_or_default();
    (0..8).fold(start, |entry, _| if entry & 1 == 1 { (entry >> 1) ^ 0xedb8_8320 } else { entry >> 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The other direction.
    fn encrypt(keys: &mut Keys, bytes: &mut [u8]) {
        for byte in bytes {
            let plain = *byte;
            let mut mask = [0];
            let before = *keys.keys;
            keys.decrypt(&mut mask);
            *keys.keys = before;
            *byte ^= mask[0];
            keys.mix(plain);
        }
    }

    #[test]
    fn the_table_is_that_of_crc_32() {
        let keys = Keys::new(b"");
        let sum = b"123456789".iter().fold(u32::MAX, |sum, byte| crc(&keys.table, sum, *byte));
        assert_eq!(!sum, 0xcbf4_3926);
    }

    /// A member that Info-ZIP 3.0 wrote (`zip -e` with the password "erfunden").
    #[test]
    fn a_member_of_info_zip_is_read() {
        let member = model::decode_hex(INFO_ZIP_MEMBER).unwrap();
        let mut data = Vec::new();
        let mut reader = ZipCryptoReader::new(&member[..], b"erfunden", INFO_ZIP_CHECK).unwrap();
        reader.read_to_end(&mut data).unwrap();
        assert_eq!(data, b"erfundene Nachricht");
        let error = ZipCryptoReader::new(&member[..], b"Erfunden", INFO_ZIP_CHECK).err();
        assert!(matches!(error, Some(ForeignError::WrongKey)));
        assert!(ZipCryptoReader::new(&member[..11], b"erfunden", INFO_ZIP_CHECK).is_err());
    }

    const INFO_ZIP_MEMBER: &str = "de3c503b1ec00ecacd574c9bbef8708f2dea05db43a69b770f3fdc4df0d5c9";
    const INFO_ZIP_CHECK: u8 = 0xb9;

    proptest! {
        #[test]
        fn what_was_encrypted_is_read(
            data in proptest::collection::vec(any::<u8>(), 0..300),
            password in proptest::collection::vec(any::<u8>(), 0..40),
            header in any::<[u8; 12]>(),
        ) {
            let mut member = [&header[..], &data].concat();
            encrypt(&mut Keys::new(&password), &mut member);
            let mut found = Vec::new();
            let mut reader = ZipCryptoReader::new(&member[..], &password, header[11]).unwrap();
            reader.read_to_end(&mut found).unwrap();
            prop_assert_eq!(&found, &data);
            prop_assert!(reader.into_inner().is_empty());
        }
    }
}
