//! A text that is looked through: which signs stand in it, and its shadow form, made only if it is needed.
//!
//! One pass over the bytes says whether any finder needs to look at all; most messages hold no sign that any
//! of them needs, and cost this pass only.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use text::Normalised;

/// A digit of any script.
pub(super) const DIGIT: u8 = 1;
/// `@`.
pub(super) const AT: u8 = 2;
/// A full stop with something behind it.
pub(super) const DOT: u8 = 4;
/// `:` with `/` behind it, or `:` alone.
pub(super) const COLON: u8 = 8;
/// `_`, as in names of accounts.
pub(super) const NAMING: u8 = 16;
/// A mail address whose signs are written as words.
pub(super) const SPELT: u8 = 32;
/// Not ASCII.
const OTHER: u8 = 128;

const TABLE: [u8; 256] = table();

/// A text.
pub(super) struct Passage<'t> {
    pub(super) text: &'t str,
    signs: u8,
    shadow: OnceCell<Normalised>,
}

impl<'t> Passage<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut signs = text.bytes().fold(0, |signs, byte| signs | sign(byte));
        if signs & DOT != 0 && !has_inner_dot(text) {
            signs &= !DOT;
        }
        if signs & OTHER != 0 && signs & DIGIT == 0 && text.chars().any(is_foreign_digit) {
            signs |= DIGIT;
        }
        if is_spelt(text) {
            signs |= SPELT;
        }
        Self { text, signs, shadow: OnceCell::new() }
    }

    /// Whether any of these signs stands in it.
    pub(super) fn has(&self, signs: u8) -> bool {
        self.signs & signs != 0
    }

    /// The shadow form, in which digits are ASCII and letters small.
    pub(super) fn shadow(&self) -> &Normalised {
        self.shadow.get_or_init(|| Normalised::of(self.text))
    }

    /// The bytes of the text behind a place in the shadow form.
    pub(super) fn source(&self, shadow: &Range<usize>) -> Range<usize> {
        self.shadow().to_source(shadow)
    }
}

const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "worked out when compiling, bounds are the loop's")]
        {
            table[byte] = match byte {
                0x30..=0x39 => DIGIT,
                0x40 => AT,
                0x2e => DOT,
                0x3a => COLON,
                0x5f => NAMING,
                0x80.. => OTHER,
                _ => 0,
            };
        }
        byte += 1;
    }
    table
}

fn sign(byte: u8) -> u8 {
    TABLE.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether a full stop stands within a word, not at its end.
fn has_inner_dot(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|at| byte_at(bytes, at.saturating_add(1)).is_ascii_alphanumeric())
}

fn is_foreign_digit(c: char) -> bool {
    !c.is_ascii() && c.is_numeric()
}

/// Whether `at` or `dot` may stand for the signs of a mail address.
fn is_spelt(text: &str) -> bool {
    static DOT_WORD: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(" dot "));
    static POINT_WORD: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(" punkt "));
    static AT_WORD: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(" at "));
    let bytes = text.as_bytes();
    let bracket = memchr::memchr2_iter(b'(', b'[', bytes);
    let mut bracket = bracket.filter_map(|at| bytes.get(at.saturating_add(1)..at.saturating_add(3)));
    bracket.any(|word| word.eq_ignore_ascii_case(b"at"))
        || AT_WORD.find(bytes).is_some()
        || DOT_WORD.find(bytes).is_some()
        || POINT_WORD.find(bytes).is_some()
}

/// The byte at a place; 0 behind the end.
pub(super) fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

/// The byte before a place; 0 at the beginning.
pub(super) fn byte_before(bytes: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |at| byte_at(bytes, at))
}

/// Whether a byte belongs to a word: letters and digits of ASCII, and everything beyond it.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}
