//! The one place random numbers come from.

use std::fmt;

use zeroize::Zeroizing;

/// The device gave no random numbers; without them nothing can be kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRandomness;

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this device gives no random numbers")
    }
}

impl std::error::Error for NoRandomness {}

/// So many random bytes, forgotten after use.
pub(crate) fn draw<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
