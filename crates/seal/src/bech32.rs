//! Writing Bech32 (BIP-173, without its length limit, as age uses it): needed to make an identity out of
//! 32 bytes.
//!
//! Reading Bech32 is left to the age crate.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// The Bech32 text of 32 secret bytes under a prefix in capitals, in capitals.
pub(crate) fn encode_upper(prefix: &str, secret: &[u8; 32]) -> Zeroizing<String> {
    let values = five_bit_groups(secret);
    let lower = prefix.to_ascii_lowercase();
    let high = lower.bytes().map(|byte| byte >> 5);
    let low = lower.bytes().map(|byte| byte & 31);
    let checked = high.chain([0]).chain(low).chain(values.iter().copied()).chain([0; 6]);
    let checksum = checked.fold(1, step) ^ 1;
    let checksum = (0..6).rev().map(|i| (checksum >> (5 * i) & 31).to_le_bytes()[0]);

    let mut text = Zeroizing::new(String::with_capacity(prefix.len() + 1 + values.len() + 6));
    text.push_str(prefix);
    text.push('1');
    for value in values.iter().copied().chain(checksum) {
        let letter = ALPHABET.get(usize::from(value)).copied().unwrap_or_default();
        text.push(char::from(letter.to_ascii_uppercase()));
    }
    text
}

/// 32 bytes as 52 groups of five bits, filled up with zero bits.
fn five_bit_groups(secret: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut groups = Zeroizing::new(Vec::with_capacity(52));
    let (mut pending, mut bits) = (0_u16, 0);
    for byte in secret {
        pending = (pending << 8 | u16::from(*byte)) & 0x0fff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            groups.push((pending >> bits & 31).to_le_bytes()[0]);
        }
    }
    groups.push((pending << (5 - bits) & 31).to_le_bytes()[0]);
    groups
}

fn step(checksum: u32, value: u8) -> u32 {
    let top = checksum >> 25;
    let next = (checksum & 0x01ff_ffff) << 5 ^ u32::from(value);
    GENERATOR.iter().enumerate().fold(
        next,
        |sum, (i, generator)| {
            if top >> i & 1 == 1 { sum ^ generator } else { sum }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use age_core::secrecy::ExposeSecret;

    #[test]
    fn age_reads_and_writes_the_same_text() {
        for seed in 0..=255_u8 {
            let secret =
                std::array::from_fn(|i| seed.wrapping_mul(31).wrapping_add(u8::try_from(i).unwrap()));
            let text = encode_upper("AGE-SECRET-KEY-", &secret);
            let identity: age::x25519::Identity = text.parse().unwrap();
            assert_eq!(identity.to_string().expose_secret(), text.as_str());
        }
    }
}
