//! The header of an age v1 file (age-encryption.org/v1): a strict parser and a writer.
//!
//! Limits are those of `docs/format.md`, section 10. Armored files are not read, no grease stanza is
//! written, and what is inside a stanza is left to the age crate, except for the rules about passphrases
//! that it does not enforce.

use crate::hash::{hkdf_sha256, hmac_sha256_matches};
use crate::{SealError, WorkFactor, hmac_sha256, positioned};
use age_core::format::{FileKey, Stanza, is_arbitrary_string};
use age_core::secrecy::ExposeSecret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use model::{Limits, ReadAt};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"age-encryption.org/";
const VERSION: &str = "age-encryption.org/v1";
const STANZAS_MAX: usize = 128;
const COLUMNS: usize = 64;
const SCRYPT: &str = "scrypt";

/// A well-formed header whose MAC nobody has checked yet.
pub(crate) struct Header {
    /// The stanzas, at least one; a scrypt stanza is alone.
    pub(crate) stanzas: Vec<Stanza>,
    /// Where the payload begins.
    pub(crate) size_bytes: usize,
    authenticated: Vec<u8>,
    mac: [u8; 32],
}

impl Header {
    /// Whether a passphrase opens the file.
    pub(crate) fn is_scrypt(&self) -> bool {
        self.stanzas.iter().any(|stanza| stanza.tag == SCRYPT)
    }

    /// How much work its passphrase costs; none if keys open the file.
    pub(crate) fn work_factor(&self) -> Option<WorkFactor> {
        let stanza = self.stanzas.iter().find(|stanza| stanza.tag == SCRYPT)?;
        stanza.args.get(1)?.parse().ok().and_then(|log2_n| WorkFactor::new(log2_n).ok())
    }

    /// Checks that whoever wrote this header knew the file key.
    pub(crate) fn check_mac(&self, file_key: &FileKey) -> Result<(), SealError> {
        let key = mac_key(file_key)?;
        if hmac_sha256_matches(key.as_slice(), &self.authenticated, &self.mac) {
            Ok(())
        } else {
            Err(SealError::HeaderDamaged)
        }
    }
}

/// The bytes of a header around these stanzas.
pub(crate) fn write(stanzas: &[Stanza], file_key: &FileKey) -> Result<Vec<u8>, SealError> {
    let mut text = format!("{VERSION}\n");
    for stanza in stanzas {
        text.push_str("-> ");
        text.push_str(&stanza.tag);
        for argument in &stanza.args {
            text.push(' ');
            text.push_str(argument);
        }
        text.push('\n');
        let body = STANDARD_NO_PAD.encode(&stanza.body);
        let mut rest = body.as_str();
        // The last line is always shorter than the others, if need be empty.
        while let Some((line, after)) = rest.split_at_checked(COLUMNS) {
            text.push_str(line);
            text.push('\n');
            rest = after;
        }
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str("---");
    let mac = hmac_sha256(mac_key(file_key)?.as_slice(), &[text.as_bytes()]);
    text.push(' ');
    text.push_str(&STANDARD_NO_PAD.encode(mac));
    text.push('\n');
    if stanzas.len() > STANZAS_MAX || text.len() > limit_bytes() {
        return Err(SealError::HeaderTooLarge);
    }
    Ok(text.into_bytes())
}

/// Reads the header at the start of a file.
pub(crate) fn read(file: &dyn ReadAt) -> Result<Header, SealError> {
    let size = usize::try_from(file.size_bytes()).unwrap_or(usize::MAX).min(limit_bytes());
    let mut bytes = vec![0; size];
    positioned::read_exact_at(file, &mut bytes, 0)?;
    parse(&bytes)
}

/// Reads the header out of the first bytes of a file: all of them or as many as a header may have.
pub(crate) fn parse(bytes: &[u8]) -> Result<Header, SealError> {
    let mut lines = Lines { bytes, position: 0 };
    check_version(&mut lines)?;
    let mut stanzas = Vec::new();
    loop {
        let start = lines.position;
        let line = lines.next()?;
        if let Some(mac) = line.strip_prefix("--- ") {
            if stanzas.is_empty() {
                return Err(SealError::HeaderDamaged);
            }
            let mac = decode(mac)?.try_into().map_err(|_| SealError::HeaderDamaged)?;
            // Everything up to and including the three dashes.
            let authenticated = bytes.get(..start + 3).unwrap_or_default().to_vec();
            check_scrypt(&stanzas)?;
            return Ok(Header { stanzas, size_bytes: lines.position, authenticated, mac });
        }
        let arguments = line.strip_prefix("-> ").ok_or(SealError::HeaderDamaged)?;
        stanzas.push(stanza(arguments, &mut lines)?);
        if stanzas.len() > STANZAS_MAX {
            return Err(SealError::HeaderTooLarge);
        }
    }
}

fn check_version(lines: &mut Lines<'_>) -> Result<(), SealError> {
    if !lines.bytes.starts_with(MAGIC) {
        let cut = MAGIC.starts_with(lines.bytes);
        return Err(if cut { SealError::Truncated } else { SealError::NotAge });
    }
    let line = lines.next()?;
    if line == VERSION {
        Ok(())
    } else if line.contains(|c: char| c.is_ascii_control()) {
        Err(SealError::HeaderDamaged)
    } else {
        Err(SealError::UnsupportedVersion)
    }
}

/// The rest of a stanza after `-> `.
fn stanza(arguments: &str, lines: &mut Lines<'_>) -> Result<Stanza, SealError> {
    let mut words = arguments.split(' ').map(|word| {
        let word = word.to_owned();
        if is_arbitrary_string(&word) { Ok(word) } else { Err(SealError::HeaderDamaged) }
    });
    let tag = words.next().ok_or(SealError::HeaderDamaged)??;
    let args = words.collect::<Result<_, _>>()?;
    let mut body = String::new();
    loop {
        let line = lines.next()?;
        body.push_str(line);
        if line.len() > COLUMNS {
            return Err(SealError::HeaderDamaged);
        }
        if line.len() < COLUMNS {
            return Ok(Stanza { tag, args, body: decode(&body)? });
        }
    }
}

/// A passphrase stanza stands alone, and its work factor is a plain decimal number that we are ready to pay.
fn check_scrypt(stanzas: &[Stanza]) -> Result<(), SealError> {
    let Some(stanza) = stanzas.iter().find(|stanza| stanza.tag == SCRYPT) else { return Ok(()) };
    let ([_], [_, work_factor]) = (stanzas, stanza.args.as_slice()) else {
        return Err(SealError::HeaderDamaged);
    };
    let digits = !work_factor.is_empty() && work_factor.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || work_factor.starts_with('0') {
        return Err(SealError::HeaderDamaged);
    }
    let log2_n = work_factor.parse().unwrap_or(u8::MAX);
    if log2_n > WorkFactor::MAX.log2_n() { Err(SealError::WorkFactorTooHigh { log2_n }) } else { Ok(()) }
}

fn decode(text: &str) -> Result<Vec<u8>, SealError> {
    STANDARD_NO_PAD.decode(text).map_err(|_| SealError::HeaderDamaged)
}

fn mac_key(file_key: &FileKey) -> Result<Zeroizing<[u8; 32]>, SealError> {
    hkdf_sha256(file_key.expose_secret(), b"", b"header")
}

fn limit_bytes() -> usize {
    usize::try_from(Limits::DEFAULT.age_header_bytes).unwrap_or(usize::MAX)
}

/// Lines that end in LF and hold ASCII only.
struct Lines<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, SealError> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
            let full = self.bytes.len() >= limit_bytes();
            return Err(if full { SealError::HeaderTooLarge } else { SealError::Truncated });
        };
        self.position += length + 1;
        let line = rest.get(..length).filter(|line| line.is_ascii());
        line.and_then(|line| std::str::from_utf8(line).ok()).ok_or(SealError::HeaderDamaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> FileKey {
        FileKey::new(Box::new([7; 16]))
    }

    fn example(count: usize) -> Vec<Stanza> {
        let one = |i: usize| Stanza { tag: format!("t{i}"), args: vec!["!~".to_owned()], body: vec![9; i] };
        (0..count).map(one).collect()
    }

    #[test]
    fn reads_what_it_writes_up_to_the_limits() {
        for count in [1, 2, 48, 97, 128] {
            let stanzas = example(count);
            let bytes = write(&stanzas, &key()).unwrap();
            let header = parse(&[&bytes[..], b"payload\n"].concat()).unwrap();
            assert_eq!((&header.stanzas, header.size_bytes), (&stanzas, bytes.len()));
            assert!(header.check_mac(&key()).is_ok());
            assert!(header.check_mac(&FileKey::new(Box::new([8; 16]))).is_err());
            for end in (0..bytes.len()).step_by(1 + count / 4) {
                assert!(matches!(parse(&bytes[..end]), Err(SealError::Truncated)), "cut at {end}");
            }
        }
        assert!(matches!(write(&example(129), &key()), Err(SealError::HeaderTooLarge)));
    }

    #[test]
    fn more_than_allowed_is_refused_early() {
        let many = format!("{VERSION}\n{}", "-> x\n\n".repeat(129));
        assert!(matches!(parse(many.as_bytes()), Err(SealError::HeaderTooLarge)));
        let mut long = format!("{VERSION}\n-> x {}", "a".repeat(70_000)).into_bytes();
        assert!(matches!(read(&long), Err(SealError::HeaderTooLarge)));
        long.truncate(100);
        assert!(matches!(read(&long), Err(SealError::Truncated)));
    }

    #[test]
    fn other_files_and_versions_are_named_as_such() {
        assert!(matches!(parse(b"PK\x03\x04"), Err(SealError::NotAge)));
        assert!(matches!(parse(b"age-encryption.org/v2\n"), Err(SealError::UnsupportedVersion)));
        assert!(matches!(parse(b"age-encryption.org/v1\r\n"), Err(SealError::HeaderDamaged)));
    }

    #[test]
    fn passphrase_stanzas_stand_alone_and_have_a_plain_work_factor() {
        let scrypt = |arguments: &str| {
            let args = arguments.split(' ').map(str::to_owned).collect();
            Stanza { tag: SCRYPT.to_owned(), args, body: vec![0; 32] }
        };
        let read = |stanzas: &[Stanza]| parse(&write(stanzas, &key()).unwrap());
        assert!(read(&[scrypt("salt 20")]).is_ok());
        for (factor, log2) in [("21", 21), ("23", 23), ("99999999999", 255)] {
            let error = read(&[scrypt(&format!("salt {factor}"))]).err();
            assert!(matches!(error, Some(SealError::WorkFactorTooHigh { log2_n }) if log2_n == log2));
        }
        for bad in ["salt", "salt 017", "salt 0", "salt -1", "salt +9", "salt 9x", "salt 0x9", "salt 9 9"] {
            assert!(matches!(read(&[scrypt(bad)]), Err(SealError::HeaderDamaged)), "{bad}");
        }
        let two = [scrypt("salt 9"), example(1).remove(0)];
        assert!(matches!(read(&two), Err(SealError::HeaderDamaged)));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), flip: usize) {
            let _ = parse(&bytes);
            let _ = parse(&[b"age-encryption.org/v1\n-> ", &bytes[..]].concat());
            let mut header = write(&example(3), &key()).unwrap();
            let at = flip % header.len();
            header[at] ^= bytes.first().copied().unwrap_or(1).max(1);
            // What still parses must fail the check of the MAC.
            prop_assert!(parse(&header).and_then(|header| header.check_mac(&key())).is_err());
        }
    }
}
