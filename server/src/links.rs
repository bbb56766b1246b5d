//! Signed links, by which a manager keeps their own place true without an account.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use data_encoding::BASE64URL_NOPAD;
use domain::id::PlaceId;
use domain::time::{DAY, Timestamp};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::durable;

/// How long a link can be used, in days.
pub const LASTS: i64 = 60;
/// The file of the key, among the other keys.
const FILE: &str = "keys/links.key";
/// The first byte of every link.
const VERSION: u8 = 1;
/// Bytes of the signature that a link carries.
const SIGNATURE: usize = 16;
/// Longer than any link of ours, in characters.
const LONGEST: usize = 400;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first one: the place is asked to take part.
    Welcome,
    /// Every year: is it all still so?
    Confirm,
}

impl Purpose {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Confirm => "confirm",
        }
    }

    fn of(byte: u8) -> Option<Self> {
        [Self::Welcome, Self::Confirm]
            .get(usize::from(byte))
            .copied()
    }
}

/// What a link says. It holds no name and no secret but its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose it is.
    pub place: PlaceId,
    /// What it is for.
    pub purpose: Purpose,
    /// The last instant at which it opens.
    pub expires: Timestamp,
    /// Drawn for this link alone: it is answered once.
    pub nonce: [u8; 16],
}

/// Why a link does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not made by this server, or changed since.
    Altered,
    /// Too old.
    Expired,
}

/// The key that signs links; never shown.
pub struct Key([u8; 64]);

impl Key {
    /// The key of a data folder, made where there is none. A new one makes every older link useless.
    pub fn load(data: &Path) -> std::io::Result<Self> {
        let path = data.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => <[u8; 64]>::try_from(bytes)
                .map(Self)
                .map_err(|_| ErrorKind::InvalidData.into()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Self::make(&path),
            Err(cause) => Err(cause),
        }
    }

    fn make(path: &Path) -> std::io::Result<Self> {
        let mut key = [0; 64];
        getrandom::fill(&mut key).map_err(|_| std::io::Error::from(ErrorKind::Other))?;
        durable::write_secret(path, &key)?;
        Ok(Self(key))
    }

    /// A link made now for a place, with chance of its own.
    pub fn draw(place: PlaceId, purpose: Purpose, now: Timestamp) -> std::io::Result<Link> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|_| std::io::Error::from(ErrorKind::Other))?;
        Ok(Link {
            place,
            purpose,
            expires: now.plus(LASTS * DAY),
            nonce,
        })
    }

    /// The link as it stands in an address.
    pub fn sign(&self, link: &Link) -> String {
        let mut bytes = vec![VERSION, link.purpose as u8];
        bytes.extend(link.expires.0.to_be_bytes());
        bytes.extend(link.nonce);
        bytes.extend(link.place.as_str().as_bytes());
        let signature = self.mac(&bytes).finalize().into_bytes();
        bytes.extend(&signature[..SIGNATURE]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Opens what stands in an address.
    pub fn open(&self, text: &str, now: Timestamp) -> Result<Link, Refused> {
        let link = self.verified(text).ok_or(Refused::Altered)?;
        if now > link.expires {
            return Err(Refused::Expired);
        }
        Ok(link)
    }

    fn verified(&self, text: &str) -> Option<Link> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (said, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
        self.mac(said).verify_truncated_left(signature).ok()?;
        let ([VERSION, purpose], rest) = said.split_first_chunk()? else {
            return None;
        };
        let (expires, rest) = rest.split_first_chunk()?;
        let (nonce, place) = rest.split_first_chunk()?;
        Some(Link {
            place: std::str::from_utf8(place).ok()?.parse().ok()?,
            purpose: Purpose::of(*purpose)?,
            expires: Timestamp(i64::from_be_bytes(*expires)),
            nonce: *nonce,
        })
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // As long as a block of the hash, so that it is used as it is.
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&self.0.into());
        mac.update(bytes);
        mac
    }
}

impl Link {
    /// The nonce as the database has it.
    pub fn nonce_text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn link() -> Link {
        let place = "hawthorns-house".parse().expect("an id");
        Key::draw(place, Purpose::Confirm, NOW).expect("randomness")
    }

    #[test]
    fn a_link_opens_until_its_time_is_over() {
        let key = Key([7; 64]);
        let link = link();
        let text = key.sign(&link);
        assert_eq!(key.open(&text, NOW), Ok(link.clone()));
        assert_eq!(key.open(&text, link.expires), Ok(link.clone()));
        assert_eq!(key.open(&text, link.expires.plus(1)), Err(Refused::Expired));
    }

    #[test]
    fn a_link_that_was_changed_anywhere_does_not_open() {
        let key = Key([7; 64]);
        let text = key.sign(&link());
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).expect("letters");
            assert_eq!(key.open(&other, NOW), Err(Refused::Altered), "{at}");
        }
        for cut in 0..text.len() {
            assert_eq!(key.open(&text[..cut], NOW), Err(Refused::Altered));
        }
        assert_eq!(Key([8; 64]).open(&text, NOW), Err(Refused::Altered));
        assert_eq!(key.open(&"A".repeat(10_000), NOW), Err(Refused::Altered));
    }

    #[test]
    fn a_key_is_made_once_and_nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().expect("a folder");
        let text = Key::load(data.path()).expect("made").sign(&link());
        let again = Key::load(data.path()).expect("read");
        assert!(again.open(&text, NOW).is_ok());
        let mode = fs::metadata(data.path().join(FILE))
            .expect("there")
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}
