//! Everything that can go wrong for a client, each with one fixed body (problem+json, RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::{NoEnvelope, NoNote, Problem};

use crate::store;

/// What a client is told. The cause goes to the log where it is found, never into the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The request cannot be understood.
    Malformed(Malformed),
    /// No such address.
    NotFound,
    /// The address knows other methods.
    MethodNotAllowed,
    /// The report is for a centre that this scheme does not have.
    UnknownCentre,
    /// The note is on a place that this scheme never had.
    UnknownPlace,
    /// The body is larger than any report, or any note.
    TooLarge,
    /// The body is something else by its own word.
    MediaType,
    /// Another report or note with this id is here already.
    OtherBytes,
    /// There is no such report, or none with such a part.
    UnknownReport,
    /// The report was here and was erased.
    Erased,
    /// A chunk begins elsewhere than where its part ends.
    OtherOffset {
        /// Where the part ends.
        expected: u32,
        /// Where the chunk begins.
        provided: u32,
    },
    /// A part that is all there is not what its label says.
    DamagedPart,
    /// The report was passed on, or must be kept by law: it cannot be withdrawn any longer.
    PassedOn,
    /// No mailbox that this token opens.
    NoMailbox,
    /// The mailbox holds as many messages as it takes.
    MailboxFull,
    /// An unsafe request with a cookie came from another site.
    CrossOrigin,
    /// Too many reports or notes from one address.
    TooMany {
        /// When it may be tried again.
        seconds: u32,
    },
    /// Too much is waiting for the disk.
    Busy,
    /// The report is sealed to a keyset this server has not been given yet.
    KeysetAhead,
    /// The disk, or what this server may fill of it, is full.
    Full,
    /// Our own fault.
    Broken,
}

/// What cannot be understood about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// The id in the address.
    Id,
    /// The body has no first line, or too long a one.
    Line,
    /// The first line is not the JSON of a label.
    Label,
    /// The body is not a form, or not one of ours.
    Form,
    /// The version of the label or the note is unknown.
    Version,
    /// What follows the label is not an age file.
    Sealed,
    /// What follows the label is shorter or longer than the label says.
    Length,
    /// A query parameter.
    Query,
    /// No offset, or none that is a number.
    Offset,
    /// No range of bytes, where only parts are given.
    Range,
    /// The body is not the JSON of a note.
    Note,
    /// The note does not say on which place.
    NoPlace,
}

/// Every type a client may meet, for the API's description and its documentation.
pub const ALL: &[Error] = &[
    Error::Malformed(Malformed::Label),
    Error::NotFound,
    Error::MethodNotAllowed,
    Error::UnknownCentre,
    Error::UnknownPlace,
    Error::TooLarge,
    Error::MediaType,
    Error::OtherBytes,
    Error::UnknownReport,
    Error::Erased,
    Error::OtherOffset {
        expected: 0,
        provided: 0,
    },
    Error::DamagedPart,
    Error::PassedOn,
    Error::NoMailbox,
    Error::MailboxFull,
    Error::CrossOrigin,
    Error::TooMany { seconds: 60 },
    Error::Busy,
    Error::KeysetAhead,
    Error::Full,
    Error::Broken,
];

impl Error {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotFound
            | Self::UnknownCentre
            | Self::UnknownPlace
            | Self::UnknownReport
            | Self::NoMailbox => StatusCode::NOT_FOUND,
            Self::OtherOffset { .. } | Self::PassedOn | Self::MailboxFull => StatusCode::CONFLICT,
            Self::Erased => StatusCode::GONE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::OtherBytes | Self::DamagedPart => StatusCode::UNPROCESSABLE_ENTITY,
            Self::CrossOrigin => StatusCode::FORBIDDEN,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::KeysetAhead => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable type.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Malformed(_) => "/problems/malformed",
            Self::NotFound => "/problems/not-found",
            Self::MethodNotAllowed => "/problems/method-not-allowed",
            Self::UnknownCentre => "/problems/unknown-centre",
            Self::UnknownPlace => "/problems/unknown-place",
            Self::TooLarge => "/problems/too-large",
            Self::MediaType => "/problems/media-type",
            Self::OtherBytes => "/problems/other-bytes",
            Self::UnknownReport => "/problems/unknown-report",
            Self::Erased => "/problems/erased",
            // As the draft on resumable uploads names it.
            Self::OtherOffset { .. } => {
                "https://iana.org/assignments/http-problem-types#mismatching-upload-offset"
            }
            Self::DamagedPart => "/problems/damaged-part",
            Self::PassedOn => "/problems/passed-on",
            Self::NoMailbox => "/problems/no-mailbox",
            Self::MailboxFull => "/problems/mailbox-full",
            Self::CrossOrigin => "/problems/cross-origin",
            Self::TooMany { .. } => "/problems/too-many",
            Self::Busy => "/problems/busy",
            Self::KeysetAhead => "/problems/keyset-ahead",
            Self::Full => "/problems/full",
            Self::Broken => "/problems/broken",
        }
    }

    /// One line for whoever writes a client.
    pub fn title(self) -> &'static str {
        match self {
            Self::Malformed(_) => "The request cannot be understood",
            Self::NotFound => "There is nothing here",
            Self::MethodNotAllowed => "Not with this method",
            Self::UnknownCentre => "This scheme never had such a reporting centre",
            Self::UnknownPlace => "This scheme never had such a place",
            Self::TooLarge => "Larger than it may be",
            Self::MediaType => "The body is of another type than this address takes",
            Self::OtherBytes => "Something else with this id is stored already",
            Self::UnknownReport => "There is no such report, or none with such a part",
            Self::Erased => "This report was erased",
            Self::OtherOffset { .. } => "The part goes on elsewhere",
            Self::DamagedPart => "The part is not what its label says",
            Self::PassedOn => "It can no longer be withdrawn",
            Self::NoMailbox => "There is no such mailbox",
            Self::MailboxFull => "The mailbox takes no more messages",
            Self::CrossOrigin => "Not from another site",
            Self::TooMany { .. } => "Too many from one address",
            Self::Busy => "Too much is waiting for the disk",
            Self::KeysetAhead => "Sealed to a keyset this server does not have yet",
            Self::Full => "There is no room for more",
            Self::Broken => "The server failed",
        }
    }

    fn detail(self) -> Option<&'static str> {
        let Self::Malformed(what) = self else {
            return None;
        };
        Some(match what {
            Malformed::Id => "The id has 26 characters of a to z and 2 to 7.",
            Malformed::Line => {
                "The body begins with a line of JSON: at most 4096 bytes, then a newline."
            }
            Malformed::Label => "The body's first line is not the JSON of a label.",
            Malformed::Form => "The body is not the form that the page sends.",
            Malformed::Version => "The version is unknown.",
            Malformed::Sealed => "What follows the first line is not an age file.",
            Malformed::Length => "What follows the first line is not as long as it says.",
            Malformed::Note => "The body is not the JSON of a note.",
            Malformed::NoPlace => "A note of this kind says on which place.",
            Malformed::Query => "A query parameter has a value it cannot have.",
            Malformed::Offset => "Upload-Offset says where in the part the chunk begins.",
            Malformed::Range => "Ask for a part: Range: bytes=FROM-TO.",
        })
    }

    /// Seconds to wait before the same request may succeed.
    fn retry_after(self) -> Option<u32> {
        match self {
            Self::TooMany { seconds } => Some(seconds),
            Self::Busy => Some(5),
            Self::KeysetAhead => Some(600),
            Self::Full => Some(3600),
            _ => None,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let offsets = match self {
            Self::OtherOffset { expected, provided } => Some((expected, provided)),
            _ => None,
        };
        let problem = Problem {
            expected_offset: offsets.map(|(expected, _)| expected),
            provided_offset: offsets.map(|(_, provided)| provided),
            r#type: self.kind().to_owned(),
            title: self.title().to_owned(),
            status: self.status().as_u16(),
            detail: self.detail().map(str::to_owned),
        };
        let mut response = (self.status(), Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some((expected, _)) = offsets {
            headers.insert("upload-offset", expected.into());
        }
        if self == Self::TooLarge {
            // The rest of the body is not waited for.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl From<NoEnvelope> for Error {
    fn from(why: NoEnvelope) -> Self {
        match why {
            NoEnvelope::NoLine => Self::Malformed(Malformed::Line),
            NoEnvelope::NoLabel => Self::Malformed(Malformed::Label),
            NoEnvelope::Version => Self::Malformed(Malformed::Version),
            NoEnvelope::TooLarge => Self::TooLarge,
            NoEnvelope::NotSealed => Self::Malformed(Malformed::Sealed),
            NoEnvelope::Length => Self::Malformed(Malformed::Length),
        }
    }
}

impl From<NoNote> for Error {
    fn from(why: NoNote) -> Self {
        Self::Malformed(match why {
            NoNote::Shape => Malformed::Note,
            NoNote::Version => Malformed::Version,
            NoNote::NoPlace => Malformed::NoPlace,
        })
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Full => Self::Full,
            store::Error::Busy => Self::Busy,
            store::Error::NoSuchPlace => Self::UnknownPlace,
            store::Error::Broken => Self::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_problem_has_a_type_of_its_own() {
        let kinds: BTreeSet<_> = ALL.iter().map(|error| error.kind()).collect();
        assert_eq!(kinds.len(), ALL.len());
    }

    #[test]
    fn every_problem_is_documented() {
        let page = include_str!("../../docs/api.md");
        for error in ALL {
            let row = format!("| `{}` | {} |", error.kind(), error.status().as_u16());
            assert!(page.contains(&row), "docs/api.md lacks {row}");
        }
    }
}
