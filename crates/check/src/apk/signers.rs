//! The certificates that a package is signed with: of the old form (files in `META-INF`) and of the block
//! before the archive's directory.
//!
//! Old form: PKCS #7 (RFC 2315) in DER. Block: APK Signature Scheme v2, v3, v3.1 as the Android documentation
//! describes them (read 2026-11). Of each signer its own certificate, not those above it. Deliberately no
//! check of any signature, no lineage of keys, no v4 (which lies beside the package).

use super::Front;
use super::archive::{Archive, read_exact};

/// Most signers of one package.
const MOST: usize = 16;

/// Largest block.
const BLOCK_BYTES: u64 = 32 << 20;

/// The certificates in the signing block of an archive; none if there is no such block.
pub(crate) fn signing_block_certificates(archive: &Archive) -> Vec<Vec<u8>> {
    const SCHEMES: [u32; 3] = [0x7109_871a, 0xf053_68c0, 0x1b93_ad61];
    let Some(block) = signing_block(archive) else { return Vec::new() };
    let mut front = Front(&block);
    let mut found = Vec::new();
    while let Some(pair) = pair(&mut front) {
        let mut pair = Front(pair);
        if pair.u32().is_some_and(|id| SCHEMES.contains(&id)) {
            signers(pair, &mut found);
        }
    }
    found
}

/// Every second pair's length in front, in eight bytes.
fn pair<'b>(front: &mut Front<'b>) -> Option<&'b [u8]> {
    let length = usize::try_from(front.u64()?).ok()?;
    front.bytes(length)
}

fn signers(mut scheme: Front<'_>, found: &mut Vec<Vec<u8>>) {
    let Some(all) = scheme.piece() else { return };
    let mut all = Front(all);
    while let Some(signer) = all.piece().filter(|_| found.len() < MOST) {
        let certificate = || {
            let mut signed = Front(Front(signer).piece()?);
            let _digests = signed.piece()?;
            Front(signed.piece()?).piece()
        };
        found.extend(certificate().map(<[u8]>::to_vec));
    }
}

/// What lies between the last file of an archive and its directory, if it is a signing block.
fn signing_block(archive: &Archive) -> Option<Vec<u8>> {
    const MAGIC: &[u8] = b"APK Sig Block 42";
    let (bytes, directory) = (archive.bytes(), archive.directory_offset());
    let mut foot = [0; 24];
    read_exact(bytes, &mut foot, directory.checked_sub(24)?).ok()?;
    let mut front = Front(&foot);
    let size = front.u64()?;
    if front.0 != MAGIC || !(24..=BLOCK_BYTES).contains(&size) {
        return None;
    }
    let begin = directory.checked_sub(size)?;
    let mut block = vec![0; usize::try_from(size.checked_sub(24)?).ok()?];
    read_exact(bytes, &mut block, begin).ok()?;
    Some(block)
}

/// The certificates of those who signed, out of a file of `META-INF`.
pub(crate) fn v1_certificates(file: &[u8]) -> Vec<&[u8]> {
    const CERTIFICATES: u8 = 0xa0;
    let Some(mut signed) = signed_data(file) else { return Vec::new() };
    let (mut certificates, mut serials) = (Vec::new(), Vec::new());
    // Version, digests, content.
    for _ in 0..3 {
        if element(&mut signed).is_none() {
            return certificates;
        }
    }
    while let Some(part) = element(&mut signed) {
        if part.tag == CERTIFICATES {
            let mut rest = part.content;
            while let Some(one) = element(&mut rest).filter(|_| certificates.len() < MOST) {
                certificates.push(one.whole);
            }
        } else if part.tag == SET {
            let mut rest = part.content;
            while let Some(signer) = element(&mut rest).filter(|_| serials.len() < MOST) {
                serials.extend(serial_of_signer(signer.content));
            }
        }
    }
    let signs = |certificate: &&[u8]| serial(certificate).is_some_and(|serial| serials.contains(&serial));
    if certificates.iter().any(signs) {
        certificates.retain(signs);
    }
    certificates
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// What is inside the outer sequence, the identifier and the brackets.
fn signed_data(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file;
    let mut content = element(&mut rest).filter(|outer| outer.tag == SEQUENCE)?.content;
    element(&mut content)?;
    let mut inner = element(&mut content)?.content;
    Some(element(&mut inner).filter(|data| data.tag == SEQUENCE)?.content)
}

/// The serial number that a signer is known by.
fn serial_of_signer(mut signer: &[u8]) -> Option<&[u8]> {
    element(&mut signer)?;
    let mut known = element(&mut signer).filter(|known| known.tag == SEQUENCE)?.content;
    element(&mut known)?;
    Some(element(&mut known)?.content)
}

/// The serial number of a certificate.
fn serial(certificate: &[u8]) -> Option<&[u8]> {
    let mut rest = certificate;
    let mut content = element(&mut rest)?.content;
    let mut inner = element(&mut content)?.content;
    let first = element(&mut inner)?;
    // The version may stand before it.
    if first.tag == 0xa0 { Some(element(&mut inner)?.content) } else { Some(first.content) }
}

/// An element of DER.
struct Der<'b> {
    tag: u8,
    content: &'b [u8],
    whole: &'b [u8],
}

/// Takes an element off the front.
fn element<'b>(rest: &mut &'b [u8]) -> Option<Der<'b>> {
    let all = *rest;
    let (tag, behind) = all.split_first()?;
    let (length, mut behind) = behind.split_first()?;
    let mut size = usize::from(*length);
    if *length >= 0x80 {
        let bytes = usize::from(length & 0x7f);
        if bytes == 0 || bytes > 4 {
            return None;
        }
        let (digits, after) = behind.split_at_checked(bytes)?;
        size = digits.iter().fold(0, |size, digit| size << 8 | usize::from(*digit));
        behind = after;
    }
    let (content, after) = behind.split_at_checked(size)?;
    *rest = after;
    let whole = all.get(..all.len().saturating_sub(after.len()))?;
    Some(Der { tag: *tag, content, whole })
}
