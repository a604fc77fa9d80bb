//! Sealing and opening what fits into memory: entry bodies, keyrings, settings.

use crate::payload::{self, CHUNK_BYTES};
use crate::positioned::SliceAt;
use crate::{OpenWith, SealError, SealTo, Sealer, opened};
use std::io::Write;
use zeroize::Zeroizing;

/// The sealed file for some bytes.
pub fn seal_bytes(plaintext: &[u8], to: &SealTo<'_>) -> Result<Vec<u8>, SealError> {
    let mut sealer = Sealer::new(Vec::new(), to)?;
    sealer.write_all(plaintext)?;
    Ok(sealer.finish()?.inner)
}

/// The bytes of a sealed file, if they are at most `limit_bytes`; wiped when dropped. All or nothing.
pub fn open_bytes(
    sealed: &[u8],
    with: &OpenWith<'_>,
    limit_bytes: u64,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let file = SliceAt(sealed);
    let (key, layout) = opened::unlock(&file, with)?;
    let size = usize::try_from(layout.size_bytes).ok().filter(|_| layout.size_bytes <= limit_bytes);
    let size = size.ok_or(SealError::TooLarge { limit_bytes })?;

    let mut opener = key.opener()?;
    let mut last = Zeroizing::new(Vec::new());
    payload::read_last_chunk(&file, &layout, &mut opener, &mut last)?;
    if layout.chunks == 1 {
        return Ok(last);
    }
    let mut plaintext = Zeroizing::new(Vec::with_capacity(size));
    let mut chunk = Zeroizing::new(Vec::with_capacity(CHUNK_BYTES));
    for number in 0..layout.last() {
        payload::read_chunk(&file, &layout, &mut opener, number, &mut chunk)?;
        plaintext.extend_from_slice(&chunk);
    }
    plaintext.extend_from_slice(&last);
    Ok(plaintext)
}
