//! The key of an encrypted Android backup (`adb backup`, `.ab`): parsed from the lines of its head, and
//! opened with the password.
//!
//! Follows BackupManagerService and PasswordUtils of Android and nelenkov/android-backup-extractor 14bce42
//! (read 2026-11), versions 1 to 5. Java makes bytes of a password in two ways, and devices used both: as
//! UTF-8, and (before Android 4.4) as the low eight bits of every UTF-16 unit; the master key goes through
//! the same way to make its checksum. Both ways are tried. The payload after the head is AES-256-CBC with
//! PKCS7 padding: `CbcView`. Deliberately absent: the payload, and backups that are not encrypted.

use super::{AesKey, ForeignError, Padding, Pbkdf2Hash, Secret, cbc_decrypt, pbkdf2};
use zeroize::Zeroizing;

/// The longest line of a head that is looked at.
const MAX_LINE_BYTES: usize = 4096;

/// The head of an encrypted backup.
pub struct AndroidBackupHeader {
    /// The version of the format, 1 to 5.
    pub version: u32,
    /// Whether the payload is compressed (zlib) before it is encrypted: 0 no, 1 yes.
    pub compression: u32,
    user_salt: Vec<u8>,
    checksum_salt: Vec<u8>,
    rounds: u32,
    user_iv: [u8; 16],
    master_key_blob: Vec<u8>,
}

/// What opens the payload.
pub struct AndroidBackupKey {
    /// AES-256-CBC.
    pub key: AesKey,
    /// Its initialisation vector.
    pub iv: [u8; 16],
}

/// How Java made bytes of characters.
#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    LowBytes,
}

impl AndroidBackupHeader {
    /// Reads the eight lines after `ANDROID BACKUP`: version, compression, `AES-256`, salt of the user key,
    /// salt of the checksum, rounds, initialisation vector, master key blob.
    pub fn parse(lines: &[&str]) -> Result<Self, ForeignError> {
        let wrong = |what| ForeignError::BadField { what };
        let [version, compression, cipher, user_salt, checksum_salt, rounds, user_iv, blob] = lines else {
            return Err(wrong("head of the Android backup"));
        };
        if lines.iter().any(|line| line.len() > MAX_LINE_BYTES) {
            return Err(ForeignError::BadLength { what: "head of the Android backup" });
        }
        if cipher.trim() != "AES-256" {
            return Err(wrong("encryption of the Android backup"));
        }
        let number = |text: &str, what| text.trim().parse::<u32>().map_err(|_| wrong(what));
        let bytes =
            |text: &str, what| model::decode_hex(&text.trim().to_ascii_lowercase()).map_err(|_| wrong(what));
        let user_iv = bytes(user_iv, "initialisation vector")?;
        Ok(Self {
            version: number(version, "version of the Android backup")?,
            compression: number(compression, "compression of the Android backup")?,
            user_salt: bytes(user_salt, "salt of the user key")?,
            checksum_salt: bytes(checksum_salt, "salt of the checksum")?,
            rounds: number(rounds, "number of rounds")?,
            user_iv: user_iv.try_into().map_err(|_| wrong("initialisation vector"))?,
            master_key_blob: bytes(blob, "master key blob")?,
        })
    }

    /// Opens the master key. `WrongKey` when the password does not fit. `max_rounds` bounds each derivation;
    /// there are at most six of them.
    pub fn unlock(&self, password: &str, max_rounds: u32) -> Result<AndroidBackupKey, ForeignError> {
        let utf8 = Zeroizing::new(password.as_bytes().to_vec());
        let low_bytes = low_bytes(password.encode_utf16());
        let passwords = [&utf8, &low_bytes];
        // For ASCII both are the same.
        let different = if utf8 == low_bytes { 1 } else { 2 };
        for password in passwords.into_iter().take(different) {
            let user_key = self.derive(password, &self.user_salt, max_rounds)?.to_aes_key()?;
            let blob = cbc_decrypt(&user_key, &self.user_iv, &self.master_key_blob, Padding::Pkcs7);
            let Ok(blob) = blob else { continue };
            let Some((iv, master_key, checksum)) = split_blob(&blob) else { continue };
            for encoding in [Encoding::Utf8, Encoding::LowBytes] {
                let password = as_java_password(master_key, encoding);
                let found = self.derive(&password, &self.checksum_salt, max_rounds)?;
                if found.as_bytes() == checksum {
                    return Ok(AndroidBackupKey { key: AesKey::new(master_key)?, iv: *iv });
                }
            }
        }
        Err(ForeignError::WrongKey)
    }

    fn derive(&self, password: &[u8], salt: &[u8], max_rounds: u32) -> Result<Secret, ForeignError> {
        pbkdf2(Pbkdf2Hash::Sha1, password, salt, self.rounds, max_rounds, 32)
    }
}

/// Initialisation vector, master key and checksum, each after its length in one byte.
fn split_blob(blob: &[u8]) -> Option<(&[u8; 16], &[u8], &[u8])> {
    let next = |bytes| {
        let (length, rest): (&u8, &[u8]) = <[u8]>::split_first(bytes)?;
        rest.split_at_checked(usize::from(*length))
    };
    let (iv, rest) = next(blob)?;
    let (master_key, rest) = next(rest)?;
    let (checksum, _) = next(rest)?;
    (master_key.len() == 32 && checksum.len() == 32).then_some((iv.try_into().ok()?, master_key, checksum))
}

/// The bytes Java makes of key bytes that it took for characters: a byte is signed there, so that one from
/// 0x80 on becomes a character from U+FF80 on.
fn as_java_password(key: &[u8], encoding: Encoding) -> Zeroizing<Vec<u8>> {
    let unit = |byte: u8| if byte < 0x80 { u16::from(byte) } else { 0xff00 | u16::from(byte) };
    let units = key.iter().map(|byte| unit(*byte));
    match encoding {
        Encoding::LowBytes => low_bytes(units),
        Encoding::Utf8 => {
            let text = units.filter_map(|unit| char::from_u32(u32::from(unit))).collect::<String>();
            Zeroizing::new(text.into_bytes())
        }
    }
}

fn low_bytes(units: impl Iterator<Item = u16>) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::new());
    bytes.extend(units.map(|unit| unit.to_le_bytes()[0]));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUNDS: u32 = 50;

    #[test]
    fn java_makes_strange_characters_of_bytes() {
        let utf8 = as_java_password(&[0x41, 0x80, 0xff], Encoding::Utf8);
        assert_eq!(*utf8, [0x41, 0xef, 0xbe, 0x80, 0xef, 0xbf, 0xbf]);
        assert_eq!(*as_java_password(&[0x41, 0x80, 0xff], Encoding::LowBytes), [0x41, 0x80, 0xff]);
        assert_eq!(*low_bytes("ü€".encode_utf16()), [0xfc, 0xac]);
    }

    /// A head as a device writes it.
    #[cfg(not(windows))]
    fn head(password: &[u8], encoding: Encoding) -> Vec<String> {
        use model::encode_hex;
        let master_key: Vec<u8> = (0..32).map(|at| at * 8).collect();
        let derive = |password: &[u8], salt: &[u8]| {
            pbkdf2(Pbkdf2Hash::Sha1, password, salt, ROUNDS, ROUNDS, 32).unwrap().as_bytes().to_vec()
        };
        let checksum = derive(&as_java_password(&master_key, encoding), &[2; 64]);
        let mut blob = vec![16];
        blob.extend_from_slice(&[7; 16]);
        blob.push(32);
        blob.extend_from_slice(&master_key);
        blob.push(32);
        blob.extend_from_slice(&checksum);
        let cipher = openssl::symm::Cipher::aes_256_cbc();
        let key = derive(password, &[1; 64]);
        let blob = openssl::symm::encrypt(cipher, &key, Some(&[3; 16]), &blob).unwrap();
        let (user_salt, checksum_salt) = (encode_hex(&[1; 64]), encode_hex(&[2; 64]));
        let blob = encode_hex(&blob).to_uppercase();
        let rounds = ROUNDS.to_string();
        let first = ["3", "1", "AES-256"].map(str::to_owned);
        [&first[..], &[user_salt, checksum_salt, rounds, encode_hex(&[3; 16]), blob]].concat()
    }

    #[cfg(not(windows))]
    fn parse(lines: &[String]) -> Result<AndroidBackupHeader, ForeignError> {
        AndroidBackupHeader::parse(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[cfg(not(windows))]
    #[test]
    fn both_ways_of_java_are_opened() {
        let password = "erfunden ü";
        for (bytes, encoding) in [
            (password.as_bytes().to_vec(), Encoding::Utf8),
            (low_bytes(password.encode_utf16()).to_vec(), Encoding::LowBytes),
        ] {
            let header = parse(&head(&bytes, encoding)).unwrap();
            let key = header.unlock(password, ROUNDS).unwrap();
            assert_eq!((key.key.as_bytes()[31], key.iv), (248, [7; 16]));
            assert_eq!((header.version, header.compression), (3, 1));
            assert!(matches!(header.unlock("other", ROUNDS), Err(ForeignError::WrongKey)));
            let error = header.unlock(password, ROUNDS - 1).err();
            assert!(matches!(error, Some(ForeignError::TooManyRounds { .. })));
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn a_head_that_is_not_one_is_refused() {
        let lines = head(b"p", Encoding::Utf8);
        for line in 0..lines.len() {
            let mut changed = lines.clone();
            changed[line] = "xyz".to_owned();
            assert!(matches!(parse(&changed), Err(ForeignError::BadField { .. })), "line {line}");
            changed[line] = "0".repeat(5000);
            assert!(parse(&changed).is_err(), "line {line}");
            changed.remove(line);
            assert!(parse(&changed).is_err(), "line {line}");
        }
        for blob in [String::new(), "00".repeat(16), "00".repeat(17)] {
            let mut changed = lines.clone();
            changed[7] = blob;
            let error = parse(&changed).unwrap().unlock("p", ROUNDS).err();
            assert!(matches!(error, Some(ForeignError::WrongKey)));
        }
    }
}
