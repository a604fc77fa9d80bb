//! Keccak-256 with its first padding, as Ethereum and Monero use it in checksums (Keccak reference 3.0, 2011;
//! EIP-55). Only to check spellings of addresses: nothing here is kept secret or signed.

const ROUNDS: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];
const TURNS: [u32; 24] =
    [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
const LANES: [usize; 24] =
    [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
const RATE_BYTES: usize = 136;

/// The Keccak-256 of less than 136 bytes; of more, only the first 135 count.
pub(super) fn keccak256(bytes: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; RATE_BYTES];
    let length = bytes.len().min(RATE_BYTES - 1);
    for (to, from) in block.iter_mut().zip(bytes.iter().take(length)) {
        *to = *from;
    }
    if let Some(end) = block.get_mut(length) {
        *end ^= 1;
    }
    if let Some(last) = block.last_mut() {
        *last ^= 0x80;
    }
    let mut state = [0_u64; 25];
    for (lane, eight) in state.iter_mut().zip(block.as_chunks::<8>().0) {
        *lane = u64::from_le_bytes(*eight);
    }
    permute(&mut state);
    let mut digest = [0; 32];
    for (to, lane) in digest.as_chunks_mut::<8>().0.iter_mut().zip(state) {
        *to = lane.to_le_bytes();
    }
    digest
}

#[expect(clippy::indexing_slicing, reason = "all indices are constants or taken modulo five of 25 lanes")]
fn permute(state: &mut [u64; 25]) {
    for round in ROUNDS {
        let mut columns = [0_u64; 5];
        for (at, lane) in state.iter().enumerate() {
            columns[at % 5] ^= lane;
        }
        for (at, lane) in state.iter_mut().enumerate() {
            *lane ^= columns[(at + 4) % 5] ^ columns[(at + 1) % 5].rotate_left(1);
        }
        let mut last = state[1];
        for (lane, turn) in LANES.into_iter().zip(TURNS) {
            last = std::mem::replace(&mut state[lane], last.rotate_left(turn));
        }
        for row in state.as_chunks_mut::<5>().0 {
            let old = *row;
            for (at, lane) in row.iter_mut().enumerate() {
                *lane = old[at] ^ (!old[(at + 1) % 5] & old[(at + 2) % 5]);
            }
        }
        state[0] ^= round;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing() {
        let hex = model::encode_hex(&keccak256(b""));
        assert_eq!(hex, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    }
}
