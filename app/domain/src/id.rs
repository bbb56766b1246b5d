//! Names of things: 128 random bits, written in base32, that say nothing about when or where.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
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

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z2-7]{26}$", example = "mfrggzdfmztwq2lknnwg23tpoa"))]
        pub struct $name(String);

        impl $name {
            /// Makes an id of 128 random bits, which the caller draws.
            pub fn from_random(bits: [u8; 16]) -> Self {
                Self(BASE32_NOPAD.encode(&bits).to_ascii_lowercase())
            }

            /// The written form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let lower = text.len() == ID_LENGTH && !text.bytes().any(|b| b.is_ascii_uppercase());
                let bits = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes());
                match bits {
                    Ok(bits) if lower && bits.len() == 16 => Ok(Self(text.to_owned())),
                    _ => Err(NotAnId),
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
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| NotAnId)?;
        Ok(Self(bytes.try_into().map_err(|_| NotAnId)?))
    }
}

impl From<Sha256> for String {
    fn from(hash: Sha256) -> String {
        HEXLOWER.encode(&hash.0)
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
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
}
