//! Names of things: 128 random bits, written in base32, that say nothing about when or where.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Length of a written id in characters: 128 bits in base32 without padding.
pub const ID_LENGTH: usize = 26;

/// A text that is not an id of the expected shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id has 26 characters of a to z and 2 to 7")
    }
}

impl std::error::Error for NotAnId {}

/// RFC 4648 in lower case. Written out here because a coder for every base is larger than all ids.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Without padding.
fn base32(bits: &[u8; 16]) -> String {
    let all = u128::from_be_bytes(*bits);
    (0..ID_LENGTH)
        .map(|at| {
            // The last letter carries three bits; its other two are zero.
            let five = if at + 1 < ID_LENGTH {
                all >> (123 - 5 * at)
            } else {
                all << 2
            };
            char::from(BASE32[(five & 31) as usize])
        })
        .collect()
}

fn is_base32_of_16_bytes(text: &str) -> bool {
    let value = |letter: u8| BASE32.iter().position(|known| *known == letter);
    text.len() == ID_LENGTH
        && text.bytes().all(|letter| value(letter).is_some())
        && text
            .bytes()
            .last()
            .and_then(value)
            .is_some_and(|last| last % 4 == 0)
}

fn hex(bytes: &[u8; 32]) -> String {
    let digit = |four: u8| char::from(HEX[usize::from(four)]);
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let four = |digit: u8| HEX.iter().position(|known| *known == digit);
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = (four(digits[0])? << 4 | four(digits[1])?) as u8;
    }
    Some(bytes)
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z2-7]{25}[aeimquy4]$", example = "mfrggzdfmztwq2lknnwg23tpoa"))]
        pub struct $name(String);

        impl $name {
            /// Makes an id of 128 random bits, which the caller draws.
            pub fn from_random(bits: [u8; 16]) -> Self {
                Self(base32(&bits))
            }

            /// The written form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if is_base32_of_16_bytes(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NotAnId)
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

random_id!(
    /// One report; made by the phone that writes it.
    ReportId
);
random_id!(
    /// Where answers to one report lie; derived from its receipt.
    MailboxId
);
random_id!(
    /// One part of a report: a sealed picture, recording or document; drawn by the phone.
    PartId
);
random_id!(
    /// One message in a mailbox; drawn by whoever writes it.
    MessageId
);
random_id!(
    /// One note; drawn for it alone, so that it leads nowhere.
    NoteId
);
random_id!(
    /// One photo on this phone; another id for another picture.
    PhotoId
);
random_id!(
    /// One life of a server's database; another after a restore from a backup.
    Epoch
);
random_id!(
    /// One key that locks content on this phone; another after starting again.
    LockId
);

/// A Safe Place: short, stable, made by the server. Lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z0-9-]{2,40}$", example = "hawthorns-house"))]
pub struct PlaceId(String);

impl PlaceId {
    /// The written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PlaceId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (2..=40).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnId)
        }
    }
}

impl TryFrom<String> for PlaceId {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<PlaceId> for String {
    fn from(id: PlaceId) -> String {
        id.0
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
pub struct Sha256(pub [u8; 32]);

impl TryFrom<String> for Sha256 {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        from_hex(&text).map(Self).ok_or(NotAnId)
    }
}

impl From<Sha256> for String {
    fn from(hash: Sha256) -> String {
        hex(&hash.0)
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) {
        assert_eq!(text.parse::<ReportId>(), Err(NotAnId), "{text:?}");
    }

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = ReportId::from_random([0xA5; 16]);
        assert_eq!(id.as_str().len(), ID_LENGTH);
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        refused("");
        refused("short");
        refused("MFRGGZDFMZTWQ2LKNNWG23TPOA");
        refused("mfrggzdfmztwq2lknnwg23tpo1");
        refused("mfrggzdfmztwq2lknnwg23tpoaa");
        refused("../../../../../../etc/pass");
    }

    #[test]
    fn a_place_id_is_short_and_plain() {
        assert!("hawthorns-house".parse::<PlaceId>().is_ok());
        assert_eq!("Hawthorns House".parse::<PlaceId>(), Err(NotAnId));
        assert_eq!("x".parse::<PlaceId>(), Err(NotAnId));
        assert_eq!("a/b".parse::<PlaceId>(), Err(NotAnId));
    }

    #[test]
    fn an_id_is_base32_as_others_write_it() {
        // RFC 4648 gives "foobar" as MZXW6YTBOI.
        let mut bits = [0; 16];
        bits[..6].copy_from_slice(b"foobar");
        let id = ReportId::from_random(bits);
        assert!(id.as_str().starts_with("mzxw6ytbo"), "{id}");
        assert_eq!(
            ReportId::from_random([255; 16]).as_str(),
            "77777777777777777777777774"
        );
        assert_eq!(id.as_str().parse(), Ok(id));
        assert!("77777777777777777777777775".parse::<ReportId>().is_err());
    }

    #[test]
    fn a_hash_is_64_small_digits() {
        let hash = Sha256([0xa7; 32]);
        assert_eq!(Sha256::try_from(String::from(hash)), Ok(hash));
        assert!(Sha256::try_from("A7".repeat(32)).is_err());
        assert!(Sha256::try_from("a7".repeat(31)).is_err());
    }
}
