//! The checksum of Bech32 (BIP-173) and Bech32m (BIP-350) addresses.

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2bc8_30a3;

/// Whether an address in small letters, `prefix` and `1` in front, has the checksum of its version.
pub(super) fn is_address(address: &str, prefix: &str) -> bool {
    let Some(data) = address.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('1')) else {
        return false;
    };
    let values: Option<Vec<u8>> = data.bytes().map(value).collect();
    let Some(values) = values.filter(|values| values.len() >= 14) else { return false };
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let checksum = high.chain([0]).chain(low).chain(values.iter().copied()).fold(1, step);
    // Version 0 has the older checksum, later ones the newer.
    checksum == if values.first() == Some(&0) { BECH32 } else { BECH32M }
}

fn value(letter: u8) -> Option<u8> {
    u8::try_from(ALPHABET.iter().position(|known| *known == letter)?).ok()
}

fn step(checksum: u32, value: u8) -> u32 {
    let top = checksum >> 25;
    let next = ((checksum & 0x01ff_ffff) << 5) ^ u32::from(value);
    let generators = GENERATOR.iter().enumerate();
    generators.fold(next, |sum, (at, generator)| if (top >> at) & 1 == 1 { sum ^ generator } else { sum })
}
