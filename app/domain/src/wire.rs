//! The only shapes both sides of `/api` send, and their sizes.

mod envelope;
mod mailbox;
mod note;
mod part;
mod proof;

use serde::{Deserialize, Serialize};

use crate::id::Epoch;
use crate::scheme::{Centre, Service};

pub use envelope::{
    ENVELOPE_VERSION, Envelope, Label, MAX_ENVELOPE, MAX_LABEL, MAX_SEALED, Mailbox, NoEnvelope,
    REPORT_TYPE, open_envelope,
};
pub use mailbox::{
    MAX_MESSAGE, MAX_MESSAGES, MESSAGE_TYPE, MailboxState, Message, ReportState, Side, Stage,
    Stages, Taken,
};
pub use note::{MAX_NOTE, NOTE_VERSION, NoNote, Noted, SentNote, open_note};
pub use part::{
    CHUNK_TYPE, MAX_CHUNK, MAX_PART, MAX_PARTS, MAX_PARTS_BYTES, Missing, Part, length, may_travel,
};
pub use proof::{MOST_PROVEN, Proof, leaf, signed, tree};

/// The answer to a stored report: it survives the server's death.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stored {
    /// The life of the database it was stored in.
    pub epoch: Epoch,
    /// A backup that reaches this mark covers it.
    pub mark: u64,
    /// False while parts are missing. Older servers do not say it, and take no parts.
    #[serde(default = "yes")]
    pub complete: bool,
    /// What is missing, and where to go on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// The server's signature that it received the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

fn yes() -> bool {
    true
}

/// `GET /api/scheme`: what a phone must know of the scheme it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The key that signs proofs of receipt: an Ed25519 public key, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_key: Option<String>,
    /// How long reports are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// What the scheme changes in the questions of a report, and what its own say: lines as in a scheme's
    /// `questions.txt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questions: Option<String>,
}

/// How long the server keeps what, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retention {
    /// Parts of a report whose other parts never came.
    pub unfinished_days: u32,
    /// A report after it was closed.
    pub closed_days: u32,
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
    /// Where a part really goes on, when a chunk began elsewhere.
    #[serde(
        default,
        rename = "expected-offset",
        skip_serializing_if = "Option::is_none"
    )]
    pub expected_offset: Option<u32>,
    /// Where that chunk began.
    #[serde(
        default,
        rename = "provided-offset",
        skip_serializing_if = "Option::is_none"
    )]
    pub provided_offset: Option<u32>,
}
