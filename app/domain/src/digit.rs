//! Digits, in whichever script a person types them.

/// The zeros of the scripts whose digits are read: Latin, Arabic, Persian and Urdu, Devanagari,
/// Bengali, Gurmukhi, Gujarati, and full width. Nine more follow each.
pub const ZEROS: [char; 8] = [
    '0', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{FF10}',
];

/// The value of a typed digit.
pub fn digit(typed: char) -> Option<u8> {
    let typed = u32::from(typed);
    ZEROS
        .iter()
        .filter_map(|&zero| typed.checked_sub(u32::from(zero)))
        .find(|&value| value < 10)
        .and_then(|value| u8::try_from(value).ok())
}
