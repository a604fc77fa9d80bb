//! The stable name of somebody as one source names them: the same on every machine and after every new
//! reading, so that what people decide about them can name them.
//!
//! The first 16 bytes of SHA-256 over, each with its length in front (8 bytes, big endian): the SHA-256 of
//! the capsule, the word of the program, `1` and the source's identifier or `0` without one, `1` and the name
//! or `0` without one. Written as 32 digits.

use std::fmt;
use std::str::FromStr;

use model::record::Party;
use model::{Digest, HexError, decode_hex, encode_hex};
use seal::Sha256;

use crate::record_key::add;

/// The stable name of somebody as one source names them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyKey(pub [u8; 16]);

/// The stable name of somebody in a capsule; `app` is empty for a record without a program.
pub fn party_key(capsule: Digest, app: &str, party: &Party) -> PartyKey {
    let mut hash = Sha256::new();
    add(&mut hash, &capsule.0);
    add(&mut hash, app.as_bytes());
    for part in [&party.id, &party.name] {
        let spelt = part.as_ref().map_or_else(|| "0".to_owned(), |part| format!("1{part}"));
        add(&mut hash, spelt.as_bytes());
    }
    let Digest(whole) = hash.finish();
    let mut key = [0; 16];
    key.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    PartyKey(key)
}

impl fmt::Display for PartyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_hex(&self.0))
    }
}

impl fmt::Debug for PartyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartyKey({self})")
    }
}

impl FromStr for PartyKey {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        Ok(Self(decode_hex(text)?.try_into().map_err(|_| HexError)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_tells_and_the_key_never_changes() {
        let key = |app, id: Option<&str>, name: Option<&str>| {
            let party = Party { id: id.map(str::to_owned), name: name.map(str::to_owned) };
            party_key(Digest([7; 32]), app, &party)
        };
        let whole = key("whatsapp", Some("49171@s.whatsapp.net"), Some("Mia"));
        // Worked out apart from this program, with another SHA-256 over the bytes the header describes.
        assert_eq!(whole.to_string(), "1c42cad5f623b2476e1c256082942cbd");
        assert_eq!(whole.to_string().parse::<PartyKey>().unwrap(), whole);
        for other in [
            key("", Some("49171@s.whatsapp.net"), Some("Mia")),
            key("whatsapp", None, Some("Mia")),
            key("whatsapp", Some(""), Some("Mia")),
            key("whatsapp", Some("49171@s.whatsapp.net"), None),
        ] {
            assert_ne!(whole, other);
        }
    }
}
