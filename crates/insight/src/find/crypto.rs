//! Addresses of crypto currencies, by their checksums: Bitcoin (base58check; BIP-173, BIP-350), Litecoin,
//! Dogecoin, Tron, Ethereum and what shares its form (EIP-55), Monero (main net, standard, sub and
//! integrated addresses).
//!
//! An address of Ethereum in small letters only carries no checksum: it is taken by its form, and the rule
//! says so. Hashes of transactions, keys and names of wallets are deliberately not looked for.

use super::passage::{Passage, byte_at, is_word};
use super::{Context, Kind, base58, bech32, finds::Finds, keccak};

/// Shortest and longest of all addresses.
const LENGTHS: std::ops::RangeInclusive<usize> = 25..=106;

pub(super) fn find(passage: &Passage<'_>, _: &Context, finds: &mut Finds) {
    let bytes = passage.text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(byte_at(bytes, at)) {
            at = at.saturating_add(1);
            continue;
        }
        let length = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_word(**byte)).count();
        let end = at.saturating_add(length);
        if let Some(word) = passage.text.get(at..end).filter(|_| LENGTHS.contains(&length))
            && let Some((currency, key, rule)) = address(word)
        {
            finds.add(Kind::Crypto, at..end, format!("{currency}:{key}"), rule);
        }
        at = end;
    }
}

/// The currency, the canonical spelling and the rule.
fn address(word: &str) -> Option<(&'static str, String, &'static str)> {
    if !word.is_ascii() {
        return None;
    }
    if let Some(hex) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        return ethereum(hex).map(|rule| ("ethereum", format!("0x{}", hex.to_ascii_lowercase()), rule));
    }
    let checked = |currency| Some((currency, word.to_owned(), "checksum"));
    if matches!(word.len(), 95 | 106) {
        return is_monero(word.as_bytes()).then(|| checked("monero"))?;
    }
    let lower = word.to_ascii_lowercase();
    let one_case = lower == word || word.to_ascii_uppercase() == word;
    for (prefix, currency) in [("bc", "bitcoin"), ("ltc", "litecoin")] {
        if one_case && word.len() <= 90 && bech32::is_address(&lower, prefix) {
            return Some((currency, lower, "checksum"));
        }
    }
    if word.len() > 35 {
        return None;
    }
    match base58::version(word.as_bytes())? {
        0 | 5 => checked("bitcoin"),
        48 | 50 => checked("litecoin"),
        30 => checked("dogecoin"),
        0x41 => checked("tron"),
        _ => None,
    }
}

/// Forty digits of base 16, and where small and big letters are mixed, mixed as EIP-55 says.
fn ethereum(hex: &str) -> Option<&'static str> {
    if hex.len() != 40 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let has_small = hex.bytes().any(|byte| byte.is_ascii_lowercase());
    let has_big = hex.bytes().any(|byte| byte.is_ascii_uppercase());
    if !(has_small && has_big) {
        return Some("form");
    }
    let digest = keccak::keccak256(hex.to_ascii_lowercase().as_bytes());
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let fits =
        |(letter, nibble): (u8, u8)| letter.is_ascii_digit() || letter.is_ascii_uppercase() == (nibble >= 8);
    hex.bytes().zip(nibbles).all(fits).then_some("checksum")
}

fn is_monero(address: &[u8]) -> bool {
    let Some(bytes) = base58::monero(address) else { return false };
    let Some((body, checksum)) = bytes.split_at_checked(bytes.len().saturating_sub(4)) else { return false };
    let network = matches!(body.first(), Some(18 | 19 | 42));
    network && keccak::keccak256(body).get(..4) == Some(checksum)
}
