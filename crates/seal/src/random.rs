//! Random bytes from the operating system. No generator of our own.

use crate::SealError;

/// `N` random bytes, fit for keys.
pub fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SealError::Random)?;
    Ok(bytes)
}
