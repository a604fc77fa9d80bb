//! The first packets of QUIC connections (RFC 9001 section 5.2, version 1; RFC 9369, version 2).
//!
//! They are encrypted under keys that anybody can work out of the packet itself, against mix-ups and not
//! against readers: so the name of the server that a device asks for can be read from a capture.
//! HKDF-SHA-256,
//! AES-128-ECB for the header, AES-128-GCM for the rest. Deliberately absent: everything that comes after,
//! whose keys nobody but the two ends has; writing packets.

use super::cipher::{BLOCK_BYTES, Cipher};
use super::{AesKey, ForeignError, GcmIv, GcmTag, Secret, foreign_hkdf_sha256, gcm_decrypt};
use zeroize::Zeroizing;

/// A version of QUIC whose first packets can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuicVersion {
    /// RFC 9000.
    One,
    /// RFC 9369.
    Two,
}

impl QuicVersion {
    /// From its number in a packet.
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            0x6b33_43cf => Some(Self::Two),
            _ => None,
        }
    }

    fn salt(self) -> [u8; 20] {
        match self {
            Self::One => [
                0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
                0xad, 0xcc, 0xbb, 0x7f, 0x0a,
            ],
            Self::Two => [
                0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d,
                0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
            ],
        }
    }

    fn labels(self) -> [&'static str; 3] {
        match self {
            Self::One => ["quic key", "quic iv", "quic hp"],
            Self::Two => ["quicv2 key", "quicv2 iv", "quicv2 hp"],
        }
    }
}

/// What the one who opens a connection encrypts its first packets with.
pub struct QuicInitialKeys {
    key: AesKey,
    vector: Secret,
    header: Cipher,
}

const TAG_BYTES: usize = 16;
/// The sample of the ciphertext begins as if the packet number had four bytes.
const NUMBER_BYTES_MOST: usize = 4;

impl QuicInitialKeys {
    /// From the destination connection identifier of the very first packet.
    pub fn of_client(version: QuicVersion, destination: &[u8]) -> Result<Self, ForeignError> {
        let secret = foreign_hkdf_sha256(destination, &version.salt(), &label("client in", 32), 32)?;
        let [key, vector, header] = version.labels();
        let expand = |name, length: u8| expanded(&secret, &label(name, length), usize::from(length));
        Ok(Self {
            key: expand(key, 16)?.to_aes_key()?,
            vector: expand(vector, 12)?,
            header: Cipher::new(&expand(header, 16)?.to_aes_key()?)?,
        })
    }

    /// The frames in a packet. `packet` ends where the packet ends, and its number begins at `number_at`.
    pub fn open(&self, packet: &[u8], number_at: usize) -> Result<Zeroizing<Vec<u8>>, ForeignError> {
        let short = || ForeignError::BadLength { what: "packet" };
        let (header, protected) = packet.split_at_checked(number_at).ok_or_else(short)?;
        let (first, header) = header.split_first().ok_or_else(short)?;
        let sample = protected.get(NUMBER_BYTES_MOST..).and_then(|rest| rest.first_chunk::<BLOCK_BYTES>());
        let [first_mask, masks @ ..] = self.header.encrypt_block(*sample.ok_or_else(short)?);
        let first = first ^ (first_mask & 0x0f);
        let number_bytes = usize::from(first & 3).saturating_add(1);
        let (number, rest) = protected.split_at_checked(number_bytes).ok_or_else(short)?;
        let number: Vec<u8> = number.iter().zip(masks).map(|(byte, mask)| byte ^ mask).collect();
        let associated = [&[first], header, &number].concat();
        let mut nonce = Zeroizing::new(self.vector.as_bytes().to_vec());
        nonce.iter_mut().rev().zip(number.iter().rev()).for_each(|(byte, number)| *byte ^= number);
        let text_bytes = rest.len().checked_sub(TAG_BYTES).ok_or_else(short)?;
        let (text, tag) = rest.split_at_checked(text_bytes).ok_or_else(short)?;
        let tag = GcmTag(tag.try_into().map_err(|_| short())?);
        gcm_decrypt(&self.key, GcmIv(&nonce), &associated, text, tag)
    }
}

/// The label of TLS 1.3 (RFC 8446 section 7.1) with no context.
fn label(name: &str, length: u8) -> Vec<u8> {
    const PREFIX: &[u8] = b"tls13 ";
    let name_bytes = u8::try_from(PREFIX.len().saturating_add(name.len())).unwrap_or(u8::MAX);
    [&[0, length, name_bytes], PREFIX, name.as_bytes(), &[0]].concat()
}

fn expanded(secret: &Secret, info: &[u8], length_bytes: usize) -> Result<Secret, ForeignError> {
    let wrong = ForeignError::BadLength { what: "derived key" };
    let mut key = Secret::zeros(length_bytes);
    let from = hkdf::Hkdf::<sha2::Sha256>::from_prk(secret.as_bytes());
    let done = from.ok().and_then(|from| from.expand(info, key.as_mut_bytes()).ok());
    done.map(|()| key).ok_or(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{decode_hex, encode_hex};

    /// A packet of the client as the specification's section A.2 protects it.
    fn protected(version: QuicVersion, header: &str, frames: &[u8]) -> Vec<u8> {
        let keys = QuicInitialKeys::of_client(version, &decode_hex("8394c8f03e515708").unwrap()).unwrap();
        let header = decode_hex(header).unwrap();
        let number_at = header.len() - 4;
        let mut nonce = keys.vector.as_bytes().to_vec();
        nonce.iter_mut().rev().zip(header.iter().rev().take(4)).for_each(|(byte, number)| *byte ^= number);
        let mut tag = [0; 16];
        let cipher = openssl::symm::Cipher::aes_128_gcm();
        let key = keys.key.as_bytes();
        let text = openssl::symm::encrypt_aead(cipher, key, Some(&nonce), &header, frames, &mut tag).unwrap();
        let mut packet = [&header[..], &text, &tag].concat();
        let mask = keys.header.encrypt_block(packet[number_at + 4..][..16].try_into().unwrap());
        packet[0] ^= mask[0] & 0x0f;
        packet[number_at..].iter_mut().zip(&mask[1..5]).for_each(|(byte, mask)| *byte ^= mask);
        packet
    }

    #[test]
    fn keys_of_the_specifications() {
        for (version, key, vector) in [
            (QuicVersion::One, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c"),
            (QuicVersion::Two, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f"),
        ] {
            let keys = QuicInitialKeys::of_client(version, &decode_hex("8394c8f03e515708").unwrap()).unwrap();
            assert_eq!(encode_hex(keys.key.as_bytes()), key);
            assert_eq!(encode_hex(keys.vector.as_bytes()), vector);
        }
        assert_eq!(QuicVersion::from_number(0xff00_001d), None);
    }

    #[cfg(not(windows))]
    #[test]
    fn the_first_packet_of_the_specification() {
        let hello = "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413\
                     011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007\
                     000504616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f\
                     1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c000240\
                     01003900320408ffffffffffffffff05048000ffff07048000ffff08011001048000753009011 00f088394c8f03e515\
                     70806048000ffff";
        let hello: String = hello.chars().filter(|c| !c.is_whitespace()).collect();
        let mut frames = decode_hex(&hello).unwrap();
        frames.resize(1162, 0);
        let header = "c300000001088394c8f03e5157080000449e00000002";
        let packet = protected(QuicVersion::One, header, &frames);
        assert_eq!(
            encode_hex(&packet[..38]),
            "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b"
        );
        let keys = QuicInitialKeys::of_client(QuicVersion::One, &packet[6..14]).unwrap();
        assert_eq!(*keys.open(&packet, 18).unwrap(), frames);
        for at in [0, 5, 17, 20, packet.len() - 1] {
            let mut changed = packet.clone();
            changed[at] ^= 1;
            assert!(keys.open(&changed, 18).is_err());
        }
        for length in 0..60 {
            assert!(keys.open(&packet[..length], 18).is_err());
        }
        assert!(keys.open(&packet, packet.len() + 1).is_err());
    }

    #[cfg(not(windows))]
    #[test]
    fn version_two_is_read_with_its_own_words() {
        let packet = protected(QuicVersion::Two, "d36b3343cf088394c8f03e5157080000449e00000002", &[0; 1162]);
        let keys = QuicInitialKeys::of_client(QuicVersion::Two, &packet[6..14]).unwrap();
        assert_eq!(keys.open(&packet, 18).unwrap().len(), 1162);
    }
}
