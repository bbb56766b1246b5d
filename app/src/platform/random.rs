//! Random bits from the browser.

/// 128 random bits; `None` where the browser has no source of randomness.
pub fn bits() -> Option<[u8; 16]> {
    let mut bits = [0; 16];
    web_sys::window()?
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bits)
        .ok()?;
    Some(bits)
}
