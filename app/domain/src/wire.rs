//! The only shapes both sides of `/api` send, and their sizes.

mod envelope;
mod note;

use serde::{Deserialize, Serialize};

use crate::id::Epoch;
use crate::scheme::{Centre, Service};

pub use envelope::{
    ENVELOPE_VERSION, Envelope, Label, MAX_ENVELOPE, MAX_LABEL, MAX_SEALED, Mailbox, NoEnvelope,
    REPORT_TYPE, open_envelope,
};
pub use note::{MAX_NOTE, NOTE_VERSION, NoNote, Noted, SentNote, open_note};

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
