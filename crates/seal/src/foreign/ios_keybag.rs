//! The keybag of an encrypted iOS backup (`BackupKeyBag` in Manifest.plist): parsed, and opened with the
//! backup's password.
//!
//! Layout as in public readers of iTunes and Finder backups (jsharkey's iphone_backup.py, crabapple 0.4.8,
//! read 2026-11): fields of a four-letter tag, a big-endian length and a value; a second `UUID` begins the
//! list of class records. Since iOS 10.2 the password goes through PBKDF2-HMAC-SHA-256 (DPSL, DPIC) first.
//! Deliberately absent: keybags of the device itself, whose keys never leave it.

use super::{AesKey, ForeignError, Pbkdf2Hash, Secret, pbkdf2, unwrap_key};

/// No keybag is as long as this.
const MAX_BYTES: usize = 64 * 1024;

/// There are about a dozen protection classes.
const MAX_CLASSES: usize = 64;

/// The bit of WRAP that says that the password opens a class key.
const WRAPPED_WITH_PASSWORD: u32 = 2;

/// A parsed keybag.
pub struct Keybag {
    salt: Vec<u8>,
    rounds: u32,
    /// Salt and rounds of the first step; older backups have none.
    first_step: Option<(Vec<u8>, u32)>,
    classes: Vec<ClassRecord>,
}

#[derive(Default)]
struct ClassRecord {
    class: u32,
    wrap: u32,
    wrapped: Vec<u8>,
}

/// The fields of the head, as far as they were seen.
#[derive(Default)]
struct Head {
    salt: Option<Vec<u8>>,
    rounds: Option<u32>,
    first_salt: Option<Vec<u8>>,
    first_rounds: Option<u32>,
}

/// The class keys of an opened keybag.
pub struct ClassKeys(Vec<(u32, AesKey)>);

impl Keybag {
    /// Parses the bytes of `BackupKeyBag`.
    pub fn parse(bytes: &[u8]) -> Result<Self, ForeignError> {
        if bytes.len() > MAX_BYTES {
            return Err(ForeignError::BadLength { what: "keybag" });
        }
        let mut head = Head::default();
        let mut classes: Vec<ClassRecord> = Vec::new();
        let mut head_has_uuid = false;
        let mut rest = bytes;
        while !rest.is_empty() {
            let Field { tag, value, after } = next_field(rest)?;
            rest = after;
            if tag == *b"UUID" && head_has_uuid {
                if classes.len() >= MAX_CLASSES {
                    return Err(ForeignError::BadLength { what: "keybag" });
                }
                classes.push(ClassRecord::default());
            } else if let Some(record) = classes.last_mut() {
                record.take(tag, value)?;
            } else {
                head_has_uuid |= tag == *b"UUID";
                head.take(tag, value)?;
            }
        }
        head.into_keybag(classes)
    }

    /// How many rounds of key derivation opening it takes.
    pub fn rounds(&self) -> u64 {
        let first = self.first_step.as_ref().map_or(0, |(_, rounds)| u64::from(*rounds));
        first.saturating_add(u64::from(self.rounds))
    }

    /// Opens every class key that the password opens. `WrongKey` when it opens none; `TooManyRounds` when the
    /// keybag asks for more than `max_rounds` in all (usual are 10,010,000).
    pub fn unlock(&self, password: &str, max_rounds: u32) -> Result<ClassKeys, ForeignError> {
        if self.rounds() > u64::from(max_rounds) {
            let max_rounds = u64::from(max_rounds);
            return Err(ForeignError::TooManyRounds { rounds: self.rounds(), max_rounds });
        }
        let first = match &self.first_step {
            Some((salt, rounds)) => {
                pbkdf2(Pbkdf2Hash::Sha256, password.as_bytes(), salt, *rounds, max_rounds, 32)?
            }
            None => Secret::new(password.as_bytes()),
        };
        let key = pbkdf2(Pbkdf2Hash::Sha1, first.as_bytes(), &self.salt, self.rounds, max_rounds, 32)?;
        let key = key.to_aes_key()?;
        let with_password = self.classes.iter().filter(|record| record.wrap & WRAPPED_WITH_PASSWORD != 0);
        let keys: Vec<_> = with_password
            .filter_map(|record| {
                let class_key = unwrap_key(&key, &record.wrapped).ok()?.to_aes_key().ok()?;
                Some((record.class, class_key))
            })
            .collect();
        if keys.is_empty() { Err(ForeignError::WrongKey) } else { Ok(ClassKeys(keys)) }
    }
}

impl ClassKeys {
    /// The classes there are keys for.
    pub fn classes(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|(class, _)| *class)
    }

    /// The key of a file out of its wrapped form. `WrongKey` when there is no key for the class or it does
    /// not fit.
    pub fn unwrap(&self, class: u32, wrapped: &[u8]) -> Result<AesKey, ForeignError> {
        let found = self.0.iter().find(|(known, _)| *known == class);
        let (_, class_key) = found.ok_or(ForeignError::WrongKey)?;
        unwrap_key(class_key, wrapped)?.to_aes_key()
    }

    /// The same out of `ManifestKey` or `EncryptionKey`: the class as a little-endian number of four bytes,
    /// then the wrapped key.
    pub fn unwrap_with_class(&self, class_and_wrapped: &[u8]) -> Result<AesKey, ForeignError> {
        let (class, wrapped) =
            class_and_wrapped.split_first_chunk().ok_or(ForeignError::BadLength { what: "wrapped key" })?;
        self.unwrap(u32::from_le_bytes(*class), wrapped)
    }
}

impl ClassRecord {
    fn take(&mut self, tag: [u8; 4], value: &[u8]) -> Result<(), ForeignError> {
        match &tag {
            b"CLAS" => self.class = number(value)?,
            b"WRAP" => self.wrap = number(value)?,
            b"WPKY" => self.wrapped = value.to_vec(),
            _ => {}
        }
        Ok(())
    }
}

impl Head {
    fn take(&mut self, tag: [u8; 4], value: &[u8]) -> Result<(), ForeignError> {
        match &tag {
            b"SALT" => self.salt = Some(value.to_vec()),
            b"ITER" => self.rounds = Some(number(value)?),
            b"DPSL" => self.first_salt = Some(value.to_vec()),
            b"DPIC" => self.first_rounds = Some(number(value)?),
            _ => {}
        }
        Ok(())
    }

    fn into_keybag(self, classes: Vec<ClassRecord>) -> Result<Keybag, ForeignError> {
        let first_step = match (self.first_salt, self.first_rounds) {
            (Some(salt), Some(rounds)) => Some((salt, rounds)),
            (None, None) => None,
            _ => return Err(ForeignError::BadField { what: "keybag" }),
        };
        match (self.salt, self.rounds) {
            (Some(salt), Some(rounds)) if !classes.is_empty() => {
                Ok(Keybag { salt, rounds, first_step, classes })
            }
            _ => Err(ForeignError::BadField { what: "keybag" }),
        }
    }
}

/// A field and what comes after it.
struct Field<'a> {
    tag: [u8; 4],
    value: &'a [u8],
    after: &'a [u8],
}

fn next_field(bytes: &[u8]) -> Result<Field<'_>, ForeignError> {
    let cut_off = || ForeignError::BadLength { what: "keybag" };
    let (tag, rest) = bytes.split_first_chunk::<4>().ok_or_else(cut_off)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| cut_off())?;
    let (value, after) = rest.split_at_checked(length).ok_or_else(cut_off)?;
    Ok(Field { tag: *tag, value, after })
}

fn number(value: &[u8]) -> Result<u32, ForeignError> {
    let bytes = value.try_into().map_err(|_| ForeignError::BadLength { what: "number in the keybag" })?;
    Ok(u32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes_kw::{KeyInit as _, KwAes256};
    use proptest::prelude::*;

    const PASSWORD: &str = "erfundenes Passwort ü";

    fn wrap(key: &[u8], inner: &[u8; 32]) -> Vec<u8> {
        let mut buffer = [0; 40];
        KwAes256::new_from_slice(key).unwrap().wrap_key(inner, &mut buffer).unwrap().to_vec()
    }

    fn field(to: &mut Vec<u8>, tag: [u8; 4], value: &[u8]) {
        to.extend_from_slice(&tag);
        to.extend_from_slice(&u32::try_from(value.len()).unwrap().to_be_bytes());
        to.extend_from_slice(value);
    }

    /// A keybag with a class of the device (1) and two of the password (3, 11).
    fn keybag(first_rounds: Option<u32>) -> Vec<u8> {
        let mut key = Secret::new(PASSWORD.as_bytes());
        let mut bytes = Vec::new();
        field(&mut bytes, *b"VERS", &5_u32.to_be_bytes());
        field(&mut bytes, *b"TYPE", &1_u32.to_be_bytes());
        field(&mut bytes, *b"UUID", &[1; 16]);
        field(&mut bytes, *b"WRAP", &0_u32.to_be_bytes());
        field(&mut bytes, *b"SALT", &[2; 20]);
        field(&mut bytes, *b"ITER", &100_u32.to_be_bytes());
        if let Some(rounds) = first_rounds {
            field(&mut bytes, *b"DPIC", &rounds.to_be_bytes());
            field(&mut bytes, *b"DPSL", &[3; 20]);
            key = pbkdf2(Pbkdf2Hash::Sha256, key.as_bytes(), &[3; 20], rounds, 1000, 32).unwrap();
        }
        let key = pbkdf2(Pbkdf2Hash::Sha1, key.as_bytes(), &[2; 20], 100, 1000, 32).unwrap();
        for (class, wrap_bits) in [(1_u32, 1_u32), (3, 2), (11, 3)] {
            field(&mut bytes, *b"UUID", &[4; 16]);
            field(&mut bytes, *b"CLAS", &class.to_be_bytes());
            field(&mut bytes, *b"WRAP", &wrap_bits.to_be_bytes());
            field(&mut bytes, *b"KTYP", &0_u32.to_be_bytes());
            field(&mut bytes, *b"WPKY", &wrap(key.as_bytes(), &[u8::try_from(class).unwrap(); 32]));
        }
        bytes
    }

    #[test]
    fn the_password_opens_its_classes() {
        for first_rounds in [Some(200), None] {
            let keybag = Keybag::parse(&keybag(first_rounds)).unwrap();
            let keys = keybag.unlock(PASSWORD, 300).unwrap();
            assert_eq!(keys.classes().collect::<Vec<_>>(), [3, 11]);
            let mut wrapped = wrap(&[3; 32], &[0x55; 32]);
            assert_eq!(keys.unwrap(3, &wrapped).unwrap().as_bytes(), [0x55; 32]);
            assert!(matches!(keys.unwrap(1, &wrapped), Err(ForeignError::WrongKey)));
            assert!(matches!(keys.unwrap(11, &wrapped), Err(ForeignError::WrongKey)));
            wrapped.splice(0..0, 3_u32.to_le_bytes());
            assert_eq!(keys.unwrap_with_class(&wrapped).unwrap().as_bytes(), [0x55; 32]);
            assert!(keys.unwrap_with_class(&wrapped[..3]).is_err());
            assert!(matches!(keybag.unlock("other", 300), Err(ForeignError::WrongKey)));
        }
    }

    #[test]
    fn the_work_is_bounded() {
        let keybag = Keybag::parse(&keybag(Some(200))).unwrap();
        let error = keybag.unlock(PASSWORD, 299).err();
        assert!(matches!(error, Some(ForeignError::TooManyRounds { rounds: 300, max_rounds: 299 })));
    }

    #[test]
    fn what_is_cut_off_is_refused_or_has_fewer_classes() {
        let bytes = keybag(Some(200));
        for end in 0..bytes.len() {
            if let Ok(keybag) = Keybag::parse(&bytes[..end]) {
                assert!(keybag.classes.len() <= 3);
            }
        }
        assert!(Keybag::parse(&vec![0; MAX_BYTES + 1]).is_err());
        assert!(Keybag::parse(&b"UUID\0\0\0\0".repeat(MAX_CLASSES + 2)).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Keybag::parse(&bytes);
        }
    }
}
