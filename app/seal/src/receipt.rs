//! The receipt: 24 digits that lead to a mailbox, and that only the person who holds them knows.

use std::cmp::Ordering;
use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use domain::digit::digit;
use domain::id::{MailboxId, Sha256};
use domain::wire::Mailbox;
use hkdf::Hkdf;
use sha2::Digest;
use zeroize::{Zeroize, Zeroizing};

use crate::identity;
use crate::randomness::{self, NoRandomness};

/// Digits in a receipt.
pub const LENGTH: usize = 24;
/// Random digits in it: 10^22 are as many as 73 random bits.
const PAYLOAD: usize = 22;
/// Digits in a group, as a receipt is shown and read aloud.
const GROUP: usize = 4;

/// Memory that one derivation fills, in KiB: 32 MiB, which a phone with 2 GB can spare.
const MEMORY: u32 = 32 * 1024;
/// Times the memory is gone through.
const PASSES: u32 = 4;
/// The version of everything below; other numbers or labels need another one.
const SALT: &[u8] = b"safe-place receipt v1";

/// The digits of one receipt, check digits included.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u8; LENGTH]);

/// What is wrong with digits someone typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadReceipt {
    /// Fewer than 24 digits.
    TooShort,
    /// More than 24 digits.
    TooLong,
    /// Something that is neither a digit nor a space or hyphen.
    NotDigits,
    /// 24 digits, but one or more of them are wrong: the check digits do not fit.
    Mistyped,
}

impl fmt::Display for BadReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "a receipt has 24 digits; some are missing",
            Self::TooLong => "a receipt has 24 digits; these are more",
            Self::NotDigits => "a receipt has only digits, spaces and hyphens",
            Self::Mistyped => "one of the digits is wrong, or two are swapped",
        })
    }
}

impl std::error::Error for BadReceipt {}

impl Receipt {
    /// A new receipt.
    pub fn draw() -> Result<Self, NoRandomness> {
        let mut payload = Zeroizing::new(Vec::with_capacity(PAYLOAD));
        while payload.len() < PAYLOAD {
            let bytes = randomness::draw::<32>()?;
            let missing = PAYLOAD - payload.len();
            payload.extend(fair_digits(&*bytes).take(missing));
        }
        let mut digits = [0; PAYLOAD];
        digits.copy_from_slice(&payload);
        Ok(Self::from_payload(&Zeroizing::new(digits)))
    }

    /// Reads what a person typed or scanned: digits of any script the app speaks, spaces and hyphens between them.
    pub fn parse(text: &str) -> Result<Self, BadReceipt> {
        let typed = text.chars().filter(|&c| !is_between(c));
        let digits = typed.map(|c| digit(c).ok_or(BadReceipt::NotDigits));
        let digits = Zeroizing::new(digits.collect::<Result<Vec<_>, _>>()?);
        let (payload, check) = digits
            .split_first_chunk::<PAYLOAD>()
            .ok_or(BadReceipt::TooShort)?;
        let whole = Self::from_payload(payload);
        match check.len().cmp(&(LENGTH - PAYLOAD)) {
            Ordering::Less => Err(BadReceipt::TooShort),
            Ordering::Greater => Err(BadReceipt::TooLong),
            Ordering::Equal if whole.0.ends_with(check) => Ok(whole),
            Ordering::Equal => Err(BadReceipt::Mistyped),
        }
    }

    /// Everything that follows from the digits. Takes about a second on a slow phone, and 32 MiB.
    pub fn derive(&self) -> Result<MailboxKeys, DeriveError> {
        let stretched = self.stretch()?;
        let hkdf = Hkdf::<sha2::Sha256>::new(Some(SALT), &*stretched);
        let token: [u8; 32] = *expand(&hkdf, "mailbox token");
        let reply = expand(&hkdf, "reply identity");
        Ok(MailboxKeys {
            id: MailboxId::from_random(*expand(&hkdf, "mailbox id")),
            token_hash: Sha256(sha2::Sha256::digest(token).into()),
            token,
            reply: identity::from_bytes(&reply),
        })
    }

    /// Puts the check digits (ISO 7064, MOD 97-10) behind the payload.
    fn from_payload(payload: &[u8; PAYLOAD]) -> Self {
        let remainder = payload
            .iter()
            .fold(0, |sum, &digit| (sum * 10 + u32::from(digit)) % 97);
        let check = 98 - remainder * 100 % 97;
        let mut digits = [0; LENGTH];
        digits[..PAYLOAD].copy_from_slice(payload);
        digits[PAYLOAD] = (check / 10) as u8;
        digits[PAYLOAD + 1] = (check % 10) as u8;
        Self(digits)
    }

    /// Makes guessing dear: Argon2id over the plain digits.
    fn stretch(&self) -> Result<Zeroizing<[u8; 32]>, DeriveError> {
        let params = Params::new(MEMORY, PASSES, 1, Some(32))
            .expect("the parameters are constants in range");
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut plain = Zeroizing::new(self.0);
        plain.iter_mut().for_each(|digit| *digit += b'0');
        let mut out = Zeroizing::new([0; 32]);
        argon
            .hash_password_into(&*plain, SALT, out.as_mut_slice())
            .map_err(|_| DeriveError::NoMemory)?;
        Ok(out)
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Display for Receipt {
    /// Groups of four: "1234 5678 …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.iter().enumerate() {
            if place > 0 && place % GROUP == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

/// What follows from a receipt.
#[derive(Clone, PartialEq, Eq)]
pub struct MailboxKeys {
    /// Where answers lie.
    pub id: MailboxId,
    /// Shown to the server when asking for answers.
    pub token: [u8; 32],
    /// What the server keeps of the token.
    pub token_hash: Sha256,
    /// The age identity answers are sealed to.
    pub reply: String,
}

impl MailboxKeys {
    /// What the server is told with the report.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox {
            id: self.id.clone(),
            token_hash: self.token_hash,
        }
    }
}

impl Drop for MailboxKeys {
    fn drop(&mut self) {
        self.token.zeroize();
        self.reply.zeroize();
    }
}

impl fmt::Debug for MailboxKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailboxKeys")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Why nothing could be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeriveError {
    /// The device cannot spare 32 MiB now. Closing other things and trying again helps.
    NoMemory,
}

impl fmt::Display for DeriveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is not enough free memory; 32 MB are needed")
    }
}

impl std::error::Error for DeriveError {}

fn expand<const N: usize>(hkdf: &Hkdf<sha2::Sha256>, label: &str) -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    hkdf.expand(label.as_bytes(), bytes.as_mut_slice())
        .expect("far fewer bytes than HKDF's limit of 8160");
    bytes
}

/// Digits of random bytes, each as likely as any other: the 6 values that 256 has too many are left out.
fn fair_digits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes
        .iter()
        .filter(|&&byte| byte < 250)
        .map(|byte| byte % 10)
}

/// Spaces, hyphens and the invisible marks that come along when text is copied.
fn is_between(typed: char) -> bool {
    typed.is_whitespace()
        || matches!(typed, '-' | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(typed, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(typed, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use domain::digit::ZEROS;

    use super::*;

    const DIGITS: &str = "1234 5678 9012 3456 7890 1235";

    fn known() -> Receipt {
        Receipt::parse(DIGITS).expect("its check digits fit")
    }

    #[track_caller]
    fn reads(text: &str) {
        assert!(Receipt::parse(text) == Ok(known()), "{text:?}");
    }

    #[track_caller]
    fn refused(text: &str, why: BadReceipt) {
        assert_eq!(Receipt::parse(text), Err(why), "{text:?}");
    }

    /// The known receipt in the script whose zero this is.
    fn written_from(zero: char) -> String {
        let shift = |digit: char| char::from_u32(u32::from(zero) + digit.to_digit(10)?);
        DIGITS.chars().map(|c| shift(c).unwrap_or(c)).collect()
    }

    #[test]
    fn a_receipt_is_read_as_people_type_it() {
        reads("123456789012345678901235");
        reads("  1234-5678-9012-3456-7890-1235\n");
        reads("1234\u{2011}5678 9012\u{A0}3456\u{202F}7890\t1235");
        reads("\u{200F}1234 5678 9012 3456 7890 1235\u{200E}");
        for zero in ZEROS {
            reads(&written_from(zero));
        }
        let mixed = DIGITS.replace('5', "\u{665}").replace('7', "\u{9ED}");
        reads(&mixed);
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        refused("", BadReceipt::TooShort);
        refused("1234 5678 9012 3456 7890 123", BadReceipt::TooShort);
        refused("1234 5678 9012 3456 7890 1235 1", BadReceipt::TooLong);
        refused("1234 5678 9012 3456 7890 1235 1x", BadReceipt::NotDigits);
        refused("1234 5678 9012 3456 7890 123O", BadReceipt::NotDigits);
        refused("x", BadReceipt::NotDigits);
        refused("0000 0000 0000 0000 0000 0000", BadReceipt::Mistyped);
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_neighbours_is_noticed() {
        for _ in 0..20 {
            let drawn = Receipt::draw().expect("random numbers");
            for place in 0..LENGTH {
                for other in (0..10).filter(|&other| other != drawn.0[place]) {
                    let mut digits = drawn.0;
                    digits[place] = other;
                    refused(&Receipt(digits).to_string(), BadReceipt::Mistyped);
                }
                if place > 0 && drawn.0[place] != drawn.0[place - 1] {
                    let mut digits = drawn.0;
                    digits.swap(place, place - 1);
                    refused(&Receipt(digits).to_string(), BadReceipt::Mistyped);
                }
            }
        }
    }

    #[test]
    fn check_digits_have_one_spelling() {
        // 97 and 00 leave the same remainder; only the first is ever written.
        let written = (0..1000_u32).filter_map(|n| {
            let mut payload = [0; PAYLOAD];
            payload[PAYLOAD - 1] = (n % 10) as u8;
            payload[PAYLOAD - 2] = (n / 10 % 10) as u8;
            payload[PAYLOAD - 3] = (n / 100) as u8;
            let receipt = Receipt::from_payload(&payload);
            receipt.0.ends_with(&[9, 7]).then_some(receipt)
        });
        let mut seen = 0;
        for receipt in written {
            let mut digits = receipt.0;
            digits[PAYLOAD..].copy_from_slice(&[0, 0]);
            refused(&Receipt(digits).to_string(), BadReceipt::Mistyped);
            seen += 1;
        }
        assert!(seen > 0);
    }

    #[test]
    fn a_drawn_receipt_reads_back_and_is_not_drawn_twice() {
        let drawn = Receipt::draw().expect("random numbers");
        let shown = drawn.to_string();
        assert_eq!(shown.len(), LENGTH + 5);
        assert!(Receipt::parse(&shown) == Ok(drawn.clone()));
        assert!(drawn != Receipt::draw().expect("random numbers"));
    }

    #[test]
    fn no_digit_is_likelier_than_another() {
        let all: Vec<u8> = (0..=255).collect();
        for digit in 0..10 {
            assert_eq!(fair_digits(&all).filter(|&d| d == digit).count(), 25);
        }
    }

    /// Worked out with other implementations: Python's hmac and hashlib, and the reference Argon2 in C.
    #[test]
    fn the_derivation_is_the_one_of_version_1() {
        let keys = known().derive().expect("enough memory");
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        assert_eq!(keys.id.as_str(), "fkt3krdhryonjykiyjbfkxyvfu");
        assert_eq!(
            hex(&keys.token),
            "e7d61423fcaf5664eb49e32b0d6cf3680838146cb1d9d97b0ff47a205f6b9471"
        );
        assert_eq!(
            hex(&keys.token_hash.0),
            "5f5f272cc9d15d193bcbbf0b08bc0026728e4ae26db75dc0d3962bb55d8776ef"
        );
        assert_eq!(
            keys.reply,
            "AGE-SECRET-KEY-10UE6UVY8K9GQEZU6KHG6GMGC337FL03ZRPZN4F0NW7DE2SP3FWES0NDMQS"
        );
        assert!(identity::recipient(&keys.reply).is_ok());
        assert_eq!(keys.mailbox().id, keys.id);
    }

    #[test]
    fn nothing_secret_shows_in_debug() {
        let receipt = known();
        assert_eq!(format!("{receipt:?}"), "Receipt");
        let keys = receipt.derive().expect("enough memory");
        assert_eq!(
            format!("{keys:?}"),
            "MailboxKeys { id: MailboxId(fkt3krdhryonjykiyjbfkxyvfu), .. }"
        );
    }
}
