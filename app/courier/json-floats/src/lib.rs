//! How serde_json writes floating numbers. The crate of this name brings ten kilobytes of tables to
//! write them quickly; this one asks the standard library, which is on the phone already. The digits are
//! the same: the fewest that read back as the same number.

use std::fmt::{Display, Write};

/// Where one number is written.
#[derive(Default)]
pub struct Buffer {
    text: String,
}

/// `f32` and `f64`.
pub trait Float: Display + Copy + Into<f64> {}

impl Float for f32 {}
impl Float for f64 {}

impl Buffer {
    /// Nothing is written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Any number; what is none is named as other languages name it.
    pub fn format<F: Float>(&mut self, number: F) -> &str {
        let wide: f64 = number.into();
        match (wide.is_nan(), wide.is_infinite(), wide > 0.0) {
            (true, ..) => "NaN",
            (_, true, true) => "inf",
            (_, true, false) => "-inf",
            _ => self.format_finite(number),
        }
    }

    /// A finite number, always with a point, so that it is read back as what it was.
    pub fn format_finite<F: Float>(&mut self, number: F) -> &str {
        self.text.clear();
        // Writing into a string does not fail.
        let _ = write!(self.text, "{number}");
        if !self.text.contains('.') {
            self.text.push_str(".0");
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn writes(number: f64, expected: &str) {
        let written = Buffer::new().format(number).to_owned();
        assert_eq!(written, expected);
        assert_eq!(
            written.parse::<f64>().map(f64::to_bits),
            Ok(number.to_bits())
        );
    }

    #[test]
    fn numbers_are_written_with_a_point_and_read_back_as_they_were() {
        writes(52.5037, "52.5037");
        writes(-1.9679, "-1.9679");
        writes(0.0, "0.0");
        writes(-0.0, "-0.0");
        writes(1.0, "1.0");
        writes(1e21, "1000000000000000000000.0");
        writes(0.1 + 0.2, "0.30000000000000004");
        writes(f64::MIN_POSITIVE, &format!("{}", f64::MIN_POSITIVE));
        assert_eq!(Buffer::new().format(f64::NAN), "NaN");
        assert_eq!(Buffer::new().format(f64::NEG_INFINITY), "-inf");
        assert_eq!(Buffer::new().format_finite(1.5_f32), "1.5");
    }
}
