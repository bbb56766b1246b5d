//! Links that open the phone's own app for text messages, with the words already there.

/// How the words follow the number: phones differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `sms:…?body=…`, RFC 5724: Android and everyone else.
    Standard,
    /// `sms:…&body=…`: iPhones and iPads.
    Apple,
}

/// The link for a number that can be dialled. Nothing is sent: the person presses Send there.
pub fn link(dial: &str, words: &str, dialect: Dialect) -> String {
    let mark = match dialect {
        Dialect::Standard => '?',
        Dialect::Apple => '&',
    };
    let mut link = format!("sms:{dial}{mark}body=");
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            link.push(char::from(byte));
        } else {
            link.push('%');
            link.push(hex(byte >> 4));
            link.push(hex(byte & 15));
        }
    }
    link
}

fn hex(digit: u8) -> char {
    char::from(match digit {
        0..=9 => b'0' + digit,
        _ => b'A' + digit - 10,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_the_number_as_each_phone_wants_it() {
        let link = |dialect| link("07700900123", "Help me", dialect);
        assert_eq!(link(Dialect::Standard), "sms:07700900123?body=Help%20me");
        assert_eq!(link(Dialect::Apple), "sms:07700900123&body=Help%20me");
    }

    #[test]
    fn no_word_can_be_taken_for_a_part_of_the_link() {
        let link = link("999", "a&b=c?d#e%f+é\n", Dialect::Standard);
        assert_eq!(link, "sms:999?body=a%26b%3Dc%3Fd%23e%25f%2B%C3%A9%0A");
    }
}
