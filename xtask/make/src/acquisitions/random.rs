//! Numbers that look random and are the same every time: SplitMix64 (Steele, Lea, Flood 2014, public domain).
//!
//! For invented data only, never for keys of ours.

/// A source of numbers, started from a seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A source for one part of the data: the same seed and name give the same numbers, whatever else is
    /// made.
    pub fn new(seed: u64, part: &str) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        for byte in part.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(state)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number().checked_rem(end).unwrap_or(0)
    }

    /// One of these; nothing of nothing.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(of.len() as u64);
        of.get(usize::try_from(at).unwrap_or(0))
    }

    /// One of these words; the empty one of nothing.
    pub fn word<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.one_of(of).copied().unwrap_or_default()
    }

    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend(self.number().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }

    /// So many bytes as hexadecimal digits.
    pub fn hex(&mut self, count: usize) -> String {
        model::encode_hex(&self.bytes(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_part_give_the_same_numbers() {
        let numbers = |seed, part| {
            let mut random = Random::new(seed, part);
            [random.number(), random.number(), random.below(10)]
        };
        assert_eq!(numbers(1, "a"), numbers(1, "a"));
        assert_ne!(numbers(1, "a"), numbers(1, "b"));
        assert_ne!(numbers(1, "a"), numbers(2, "a"));
        assert_eq!(Random::new(1, "a").bytes(13).len(), 13);
    }
}
