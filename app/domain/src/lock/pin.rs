//! Which PINs are good enough.

use std::fmt;

use zeroize::Zeroize;

use crate::digit::digit;

/// Fewest digits of a PIN.
pub const SHORTEST: usize = 6;
/// Most digits of a PIN; more are not remembered.
pub const LONGEST: usize = 12;

/// Patterns of the number pad, and favourites, that no rule below catches.
const FAVOURITES: [&[u8]; 8] = [
    b"147258", b"147852", b"258456", b"789456", b"159753", b"159357", b"142536", b"112358",
];

/// A PIN as typed, in digits of any script, held as Latin ones.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Vec<u8>);

/// Why a PIN cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPin {
    /// Fewer than [`SHORTEST`] digits.
    TooShort,
    /// More than [`LONGEST`] digits.
    TooLong,
    /// Something that is not a digit.
    NotDigits,
    /// Among the first anybody would try: one digit over and over, a row, a pattern.
    Simple,
}

impl BadPin {
    /// A short stable name, for messages.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "pin-too-short",
            Self::TooLong => "pin-too-long",
            Self::NotDigits => "pin-not-digits",
            Self::Simple => "pin-simple",
        }
    }
}

impl Pin {
    /// Reads a PIN someone typed to open a lock: any number of digits, since a wrong one only fails.
    pub fn typed(text: &str) -> Result<Self, BadPin> {
        let typed = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}'));
        let digits = typed.map(|c| digit(c).map(|value| value + b'0'));
        let digits = digits.collect::<Option<Vec<_>>>();
        Ok(Self(digits.ok_or(BadPin::NotDigits)?))
    }

    /// Reads a PIN someone chooses.
    pub fn chosen(text: &str) -> Result<Self, BadPin> {
        let pin = Self::typed(text)?;
        match pin.0.len() {
            ..SHORTEST => Err(BadPin::TooShort),
            SHORTEST..=LONGEST if is_simple(&pin.0) => Err(BadPin::Simple),
            SHORTEST..=LONGEST => Ok(pin),
            _ => Err(BadPin::TooLong),
        }
    }

    /// The digits, as Latin text.
    pub fn digits(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

fn is_simple(digits: &[u8]) -> bool {
    let repeats =
        (1..=3).any(|period| (period..digits.len()).all(|at| digits[at] == digits[at - period]));
    let step = |pair: &[u8]| (10 + pair[1] - pair[0]) % 10;
    let row = digits.windows(2).all(|pair| step(pair) == step(digits));
    // 112233, 111222.
    let doubled = (2..=3).any(|times| {
        digits
            .chunks(times)
            .all(|run| run.iter().all(|d| d == &run[0]))
    });
    let favourite = FAVOURITES.iter().any(|known| digits.starts_with(known));
    repeats || row || doubled || favourite
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn chosen(text: &str, expected: Result<&str, BadPin>) {
        let pin = Pin::chosen(text);
        let pin = pin.as_ref().map(Pin::digits).map_err(|why| *why);
        assert_eq!(pin, expected.map(str::as_bytes), "{text:?}");
    }

    #[test]
    fn a_pin_has_six_to_twelve_digits_of_any_script() {
        chosen("294617", Ok("294617"));
        chosen(" 294 617 ", Ok("294617"));
        chosen("\u{662}\u{669}\u{664}\u{666}\u{661}\u{667}", Ok("294617"));
        chosen("294617294618", Ok("294617294618"));
        chosen("", Err(BadPin::TooShort));
        chosen("29461", Err(BadPin::TooShort));
        chosen("2946172946183", Err(BadPin::TooLong));
        chosen("29461a", Err(BadPin::NotDigits));
    }

    #[test]
    fn the_first_anybody_would_try_are_refused() {
        for simple in [
            "000000",
            "11111111",
            "123456",
            "1234567890",
            "987654",
            "890123",
            "246802",
            "121212",
            "123123",
            "456456",
            "112233",
            "111222",
            "147258",
            "159753",
            "14725836",
        ] {
            chosen(simple, Err(BadPin::Simple));
        }
    }

    #[test]
    fn a_pin_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", Pin::typed("294617")), "Ok(Pin)");
    }

    #[test]
    fn few_pins_are_refused() {
        let refused = (0..1_000_000)
            .filter(|n| is_simple(format!("{n:06}").as_bytes()))
            .count();
        assert!((1000..3000).contains(&refused), "{refused}");
    }

    proptest! {
        #[test]
        fn whatever_is_chosen_can_be_typed(text in "[0-9 ]{0,16}") {
            if let Ok(pin) = Pin::chosen(&text) {
                prop_assert_eq!(Pin::typed(&text), Ok(pin));
            }
        }

        #[test]
        fn nothing_typed_makes_it_fall_over(text in ".{0,30}") {
            let _ = Pin::chosen(&text);
        }
    }
}
