//! What is kept of a lock: its key, wrapped, and how to ask for it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use domain::id::LockId;
use domain::lock::{Cost, Name, Pin};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Answer, Key, LockError, Question};

/// The version of a record and of everything it is derived with.
pub const VERSION: u32 = 1;

/// A lock, as it lies on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Record {
    version: u32,
    id: LockId,
    ways: Ways,
}

/// Who opens it. A passkey stands only beside a PIN: a lost one must not lose the content.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ways {
    Device {
        device: Wrapped,
    },
    Pin {
        cost: Cost,
        pin: Wrapped,
        passkey: Option<Wrapped>,
    },
}

/// A [`Record`] as it is written: side by side, what one of the ways has. Serde would read a flattened
/// enum, too, with several kilobytes on every phone.
#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    id: LockId,
    by: By,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<Wrapped>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<Cost>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pin: Option<Wrapped>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    passkey: Option<Wrapped>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    Device,
    Pin,
}

impl TryFrom<Written> for Record {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let ways = match (written.by, written.device, written.cost, written.pin) {
            (By::Device, Some(device), ..) => Ways::Device { device },
            (By::Pin, _, Some(cost), Some(pin)) => Ways::Pin {
                cost,
                pin,
                passkey: written.passkey,
            },
            _ => return Err("no way in"),
        };
        Ok(Self {
            version: written.version,
            id: written.id,
            ways,
        })
    }
}

impl From<Record> for Written {
    fn from(record: Record) -> Self {
        let (by, device, cost, pin, passkey) = match record.ways {
            Ways::Device { device } => (By::Device, Some(device), None, None, None),
            Ways::Pin { cost, pin, passkey } => (By::Pin, None, Some(cost), Some(pin), passkey),
        };
        Self {
            version: record.version,
            id: record.id,
            by,
            device,
            cost,
            pin,
            passkey,
        }
    }
}

/// A key wrapped once, and the salt that was drawn for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    salt: Base64,
    key: Base64,
}

/// Bytes, as base64 where they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Base64(Vec<u8>);

impl TryFrom<String> for Base64 {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = BASE64.decode(text);
        bytes.map(Self).map_err(|_| "not base64")
    }
}

impl From<Base64> for String {
    fn from(bytes: Base64) -> String {
        BASE64.encode(&bytes.0)
    }
}

impl Record {
    /// A record that opens without a PIN, on this phone only.
    pub fn open_on_this_device(key: &Key, question: &Question, answer: &Answer) -> Self {
        let device = wrap(key, question, answer);
        Self {
            version: VERSION,
            id: key.id.clone(),
            ways: Ways::Device { device },
        }
    }

    /// A record that opens with a PIN. The passkey of an older record of the same key stays.
    pub fn with_pin(
        key: &Key,
        cost: Cost,
        question: &Question,
        answer: &Answer,
        older: Option<&Self>,
    ) -> Self {
        let passkey = match older.map(|older| (&older.id, &older.ways)) {
            Some((id, Ways::Pin { passkey, .. })) if *id == key.id => passkey.clone(),
            _ => None,
        };
        let pin = wrap(key, question, answer);
        Self {
            version: VERSION,
            id: key.id.clone(),
            ways: Ways::Pin { cost, pin, passkey },
        }
    }

    /// The same record, which a passkey opens, too.
    pub fn with_passkey(
        mut self,
        key: &Key,
        question: &Question,
        answer: &Answer,
    ) -> Result<Self, LockError> {
        match &mut self.ways {
            Ways::Pin { passkey, .. } => *passkey = Some(wrap(key, question, answer)),
            Ways::Device { .. } => return Err(LockError::NoSuchWay),
        }
        Ok(self)
    }

    /// The same record, which no passkey opens.
    pub fn without_passkey(mut self) -> Self {
        if let Ways::Pin { passkey, .. } = &mut self.ways {
            *passkey = None;
        }
        self
    }

    /// Whose key it wraps.
    pub fn id(&self) -> &LockId {
        &self.id
    }

    /// Whether a PIN stands before it.
    pub fn has_pin(&self) -> bool {
        matches!(self.ways, Ways::Pin { .. })
    }

    /// Whether a passkey opens it.
    pub fn has_passkey(&self) -> bool {
        matches!(
            self.ways,
            Ways::Pin {
                passkey: Some(_),
                ..
            }
        )
    }

    /// What one try of a PIN costs.
    pub fn cost(&self) -> Option<Cost> {
        match self.ways {
            Ways::Pin { cost, .. } => Some(cost),
            Ways::Device { .. } => None,
        }
    }

    /// The question to open it by a PIN. Takes as long as the record says.
    pub fn by_pin(&self, typed: &Pin) -> Result<Question, LockError> {
        match &self.ways {
            Ways::Pin { cost, pin, .. } => Question::pin(typed, *cost, self.salt(pin)?),
            Ways::Device { .. } => Err(LockError::NoSuchWay),
        }
    }

    /// The question to open it by what a passkey gave.
    pub fn by_passkey(&self, prf: &[u8; 32]) -> Result<Question, LockError> {
        match &self.ways {
            Ways::Pin {
                passkey: Some(passkey),
                ..
            } => Ok(Question::passkey(prf, self.salt(passkey)?)),
            _ => Err(LockError::NoSuchWay),
        }
    }

    /// The question to open it without anything but the phone.
    pub fn by_device(&self) -> Result<Question, LockError> {
        match &self.ways {
            Ways::Device { device } => Ok(Question::device(self.salt(device)?)),
            Ways::Pin { .. } => Err(LockError::NoSuchWay),
        }
    }

    /// Unwraps the key.
    pub fn open(&self, name: Name, question: &Question, answer: &Answer) -> Result<Key, LockError> {
        let wrapped = match (&self.ways, question.way) {
            (Ways::Device { device }, "device") => device,
            (Ways::Pin { pin, .. }, "pin") => pin,
            (
                Ways::Pin {
                    passkey: Some(passkey),
                    ..
                },
                "passkey",
            ) => passkey,
            _ => return Err(LockError::NoSuchWay),
        };
        let cipher = cipher(&question.wrapping_key(answer, name));
        let payload = Payload {
            msg: &wrapped.key.0,
            aad: self.id.as_str().as_bytes(),
        };
        let plain = cipher.decrypt(&Nonce::default(), payload);
        let plain = Zeroizing::new(plain.map_err(|_| LockError::Wrong)?);
        let mut secret = Zeroizing::new([0; 32]);
        let (bytes, rest) = plain.split_first_chunk::<32>().ok_or(LockError::Damaged)?;
        if !rest.is_empty() {
            return Err(LockError::Damaged);
        }
        secret.copy_from_slice(bytes);
        Ok(Key {
            id: self.id.clone(),
            name,
            secret,
        })
    }

    fn salt(&self, wrapped: &Wrapped) -> Result<[u8; 16], LockError> {
        if self.version > VERSION {
            return Err(LockError::TooNew);
        }
        let salt = wrapped.salt.0.as_slice();
        salt.try_into().map_err(|_| LockError::Damaged)
    }
}

fn wrap(key: &Key, question: &Question, answer: &Answer) -> Wrapped {
    let cipher = cipher(&question.wrapping_key(answer, key.name));
    let payload = Payload {
        msg: &*key.secret,
        aad: key.id.as_str().as_bytes(),
    };
    let wrapped = cipher
        .encrypt(&Nonce::default(), payload)
        .expect("32 bytes are far fewer than the cipher's limit");
    Wrapped {
        salt: Base64(question.salt.to_vec()),
        key: Base64(wrapped),
    }
}

pub(super) fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.into())
}
