//! The only shapes both sides of `/api` send, and their sizes.

use serde::{Deserialize, Serialize};

use crate::id::{Epoch, MailboxId, Sha256};
use crate::scheme::{Centre, Service};

/// Version of [`Envelope`]'s shape.
pub const ENVELOPE_VERSION: u32 = 1;
/// Largest sealed text in bytes. The largest size class (60 KiB) with age's header and tags fits.
pub const MAX_SEALED: usize = 64 * 1024;
/// Largest body of `PUT /api/reports/{id}` in bytes: [`MAX_SEALED`] in base64, and what stands around it.
pub const MAX_ENVELOPE: usize = MAX_SEALED / 3 * 4 + 4 * 1024;

/// A sealed report on its way. What is retried is byte for byte the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// [`ENVELOPE_VERSION`] of the sender.
    pub version: u32,
    /// The reporting centre it is sealed for.
    pub centre: String,
    /// Version of the keyset it is sealed to.
    pub keyset: u32,
    /// Where answers will lie.
    pub mailbox: Mailbox,
    /// The age file.
    pub sealed: Sealed,
}

/// A place for answers, and how its owner will be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Derived from the receipt.
    pub id: MailboxId,
    /// SHA-256 of the token derived from the receipt; the server never sees the token before it is used.
    pub token_hash: Sha256,
}

/// Sealed bytes, in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Byte))]
#[serde(try_from = "String", into = "String")]
pub struct Sealed(pub Vec<u8>);

impl TryFrom<String> for Sealed {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = data_encoding::BASE64.decode(text.as_bytes());
        bytes.map(Self).map_err(|_| "not base64")
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> String {
        data_encoding::BASE64.encode(&sealed.0)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// The answer to a stored report: it survives the server's death.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stored {
    /// The life of the database it was stored in.
    pub epoch: Epoch,
    /// A backup that reaches this mark covers it.
    pub mark: u64,
}

/// What the holder of a receipt may know. A mailbox that does not exist answers as an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailboxState {
    /// Where the report stands; absent in an empty mailbox.
    #[serde(default)]
    pub report: Option<ReportState>,
}

/// Where a report stands at the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportState {
    /// On the server's disk; nobody has read it yet.
    Received,
}

/// `GET /api/scheme`: what a phone must know of the scheme it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scheme {
    /// As people know it.
    pub name: String,
    /// A sample: nobody reads its reports, and its keys are made by themselves.
    pub demo: bool,
    /// Who reads reports.
    pub centres: Vec<Centre>,
    /// To whom reports are sealed.
    pub keyset: SignedKeyset,
    /// The key that signs keysets: an Ed25519 public key, in base64.
    pub root: String,
    /// Numbers and people to turn to.
    pub services: Vec<Service>,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// Reports up to this mark are covered by a backup.
    pub backed_up_through: u64,
}

/// A keyset and the root key's signature over its exact bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedKeyset {
    /// The keyset's JSON, as signed.
    pub keyset: String,
    /// An Ed25519 signature, in base64.
    pub signature: String,
}

/// An error, as problem+json (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable; what a program acts on: "/problems/other-bytes".
    pub r#type: String,
    /// The same for every problem of the type.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What this one is about, and what can be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
