//! What follows a report in chunks: sealed pictures, recordings, documents.

use serde::{Deserialize, Serialize};

use crate::id::{PartId, Sha256};

/// Most parts of one report.
pub const MAX_PARTS: usize = 20;
/// Most sealed bytes of one part: 25 MiB with what sealing adds.
pub const MAX_PART: u32 = 26 * 1024 * 1024;
/// Most sealed bytes of all parts of one report.
pub const MAX_PARTS_BYTES: u64 = 100 * 1024 * 1024;
/// Most bytes of a part in one request.
pub const MAX_CHUNK: usize = 1024 * 1024;
/// What the body of `PATCH /api/reports/{id}/parts/{part}` is called.
pub const CHUNK_TYPE: &str = "application/partial-upload";

/// A part, as the label of its report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Drawn by the phone.
    pub id: PartId,
    /// Bytes of the age file.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 27262976))]
    pub length: u32,
    /// Of the age file.
    pub sha256: Sha256,
}

/// A part that the server does not have, or not all of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missing {
    /// Which.
    pub id: PartId,
    /// Where to go on.
    pub offset: u32,
}

/// Whether a report may have these parts: few, distinct, none empty, none too large, nor all together.
pub fn may_travel(parts: &[Part]) -> bool {
    let of_size = |part: &Part| (1..=MAX_PART).contains(&part.length);
    let distinct = |at: usize| !parts[..at].iter().any(|part| part.id == parts[at].id);
    parts.len() <= MAX_PARTS
        && parts.iter().all(of_size)
        && (0..parts.len()).all(distinct)
        && length(parts) <= MAX_PARTS_BYTES
}

/// Sealed bytes of all of them.
pub fn length(parts: &[Part]) -> u64 {
    parts.iter().map(|part| u64::from(part.length)).sum()
}
