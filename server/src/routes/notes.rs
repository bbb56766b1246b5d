//! Taking in notes: a place, a kind, a day, and nobody's name.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::id::{NoteId, Sha256};
use domain::note::Note;
use domain::time::Timestamp;
use domain::wire::{MAX_NOTE, Noted, Problem, SentNote, open_note};
use sha2::Digest;

use crate::arrival;
use crate::error::{Error, Malformed};
use crate::limit::Verdict;
use crate::serve::App;
use crate::store::{NewNote, Put};

/// Stores a note to be counted. Sending the same bytes again is harmless.
#[utoipa::path(
    put,
    path = "/api/notes/{id}",
    params(("id" = NoteId, Path, description = "Drawn by the phone for this note alone: 128 random bits in base32")),
    request_body(
        content = SentNote,
        content_type = "application/json",
        description = "At most 512 bytes; an unknown field is refused",
    ),
    responses(
        (status = 201, description = "Stored: it survives the server's death", body = Noted),
        (status = 200, description = "The same bytes were stored before", body = Noted),
        (status = 400, description = "Not an id, not a note, an unknown version, or a word on a place that does not say which", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Carries a cookie and comes from another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "This scheme never had such a place", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than any note may be; the connection is closed", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Another note with this id is stored already", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many from one address; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed; send it again later", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "No room; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<Noted>), Error> {
    let (head, body) = request.into_parts();
    let now = arrival::now();
    let id = match welcome(&app, &id, &head, now) {
        Ok(id) => id,
        Err(refused) => {
            arrival::run_out(body, &head.headers);
            return Err(refused);
        }
    };
    let body = arrival::read(body, &head.headers, MAX_NOTE).await?;
    let note = open_note(&body)?;
    let note = NewNote {
        id: id.clone(),
        body_hash: Sha256(sha2::Sha256::digest(&body).into()),
        note: Note {
            day: note.counted_on(now.day()),
            ..note
        },
    };
    let status = match app.store.put_note(note).await? {
        Put::New(_) => StatusCode::CREATED,
        Put::Again(_) => StatusCode::OK,
        Put::OtherBytes | Put::Erased => return Err(Error::OtherBytes),
    };
    Ok((status, Json(Noted { noted: id })))
}

/// Whether this body is to be read at all.
fn welcome(app: &App, id: &str, head: &Parts, now: Timestamp) -> Result<NoteId, Error> {
    let id = id.parse().map_err(|_| Error::Malformed(Malformed::Id))?;
    if !is_json(&head.headers) {
        return Err(Error::MediaType);
    }
    let from = arrival::address(app, &head.headers, &head.extensions);
    match app.note_limiter.count(from, now) {
        Verdict::Welcome => Ok(id),
        Verdict::Wait(seconds) => Err(Error::TooMany { seconds }),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    arrival::kind(headers).eq_ignore_ascii_case("application/json")
}
