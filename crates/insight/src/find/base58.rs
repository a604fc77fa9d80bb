//! Base58 (Bitcoin's alphabet, 2009) with the checksum of four bytes, and in blocks as Monero writes it.

use seal::sha256;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// A version, 20 bytes of hash, four of checksum.
const ADDRESS_BYTES: usize = 25;

/// The version byte of an address whose checksum is right.
pub(super) fn version(address: &[u8]) -> Option<u8> {
    let mut bytes = [0_u8; ADDRESS_BYTES];
    for letter in address {
        let mut carry = u32::from(value(*letter)?);
        for byte in bytes.iter_mut().rev() {
            carry = carry.saturating_add(u32::from(*byte).saturating_mul(58));
            *byte = carry.to_le_bytes().first().copied().unwrap_or_default();
            carry >>= 8;
        }
        if carry != 0 {
            return None;
        }
    }
    let (body, checksum) = bytes.split_at_checked(ADDRESS_BYTES - 4)?;
    let twice = sha256(&sha256(body).0);
    (twice.0.get(..4) == Some(checksum)).then(|| body.first().copied())?
}

/// The bytes of an address of Monero: blocks of eleven letters hold eight bytes, the last seven hold five.
pub(super) fn monero(address: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for block in address.chunks(11) {
        let length = match block.len() {
            11 => 8,
            7 => 5,
            _ => return None,
        };
        let mut number = 0_u128;
        for letter in block {
            number = number.checked_mul(58)?.checked_add(u128::from(value(*letter)?))?;
        }
        let big = number.to_be_bytes();
        let (zero, kept) = big.split_at_checked(big.len().checked_sub(length)?)?;
        if zero.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

fn value(letter: u8) -> Option<u8> {
    let at = ALPHABET.iter().position(|known| *known == letter)?;
    u8::try_from(at).ok()
}
