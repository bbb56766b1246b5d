//! What the holder of a receipt may know.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use domain::id::{MailboxId, MessageId, Sha256};
use domain::time::Timestamp;
use domain::wire::{MAX_MESSAGE, MESSAGE_TYPE, MailboxState, Problem, Taken};
use sha2::Digest;

use crate::arrival;
use crate::error::{Error, Malformed};
use crate::limit::Verdict;
use crate::openapi::Bytes;
use crate::serve::App;
use crate::store::{Erased, NewMessage, PutMessage, Unless, Withdrawn};

/// The state of a mailbox. One that does not exist, and one whose token is another, answer as an
/// empty one does.
#[utoipa::path(
    get,
    path = "/api/mailboxes/{id}",
    params(
        ("id" = MailboxId, Path, description = "Derived from the receipt"),
        ("Authorization" = Option<String>, Header, description = "Bearer and the token derived from the receipt, in base64url without padding; without it, every mailbox is empty"),
    ),
    responses(
        (status = 200, description = "The mailbox, empty or not", body = MailboxState),
        (status = 400, description = "Not an id", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let id: MailboxId = id.parse().map_err(|_| Error::Malformed(Malformed::Id))?;
    let state = app.store.mailbox(&id, token(&asked)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(state)).into_response())
}

/// Keeps what the holder of a receipt writes to the centre. The same message again is harmless.
#[utoipa::path(
    put,
    path = "/api/mailboxes/{id}/messages/{mid}",
    params(
        ("id" = MailboxId, Path, description = "Derived from the receipt"),
        ("mid" = MessageId, Path, description = "Drawn by the writer: 128 random bits in base32"),
        ("Authorization" = Option<String>, Header, description = "Bearer and the token derived from the receipt, in base64url without padding; without it, every mailbox is empty"),
    ),
    request_body(
        content = Bytes,
        content_type = "application/vnd.age",
        description = "An age file of at most 65536 bytes, sealed to the centre and to recovery",
    ),
    responses(
        (status = 201, description = "Stored: it survives the server's death", body = Taken),
        (status = 200, description = "The same bytes were stored before", body = Taken),
        (status = 400, description = "Not an id, or not an age file", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Carries a cookie and comes from another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No mailbox that this token opens", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The mailbox takes no more messages", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than any message may be; the connection is closed", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/vnd.age", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Another message with this id is stored already", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many from one address; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed; send it again later", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "No room; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    Path((id, message)): Path<(String, String)>,
    request: Request,
) -> Result<(StatusCode, Json<Taken>), Error> {
    let (head, body) = request.into_parts();
    let now = arrival::now();
    let welcome = welcome(&app, &id, &message, &head, now);
    let (mailbox, id) = match welcome {
        Ok(both) => both,
        Err(refused) => {
            arrival::run_out(body, &head.headers);
            return Err(refused);
        }
    };
    let sealed = arrival::read(body, &head.headers, MAX_MESSAGE).await?;
    if !sealed.starts_with(AGE) {
        return Err(Error::Malformed(Malformed::Sealed));
    }
    let message = NewMessage {
        id: id.clone(),
        hour: now.hour(),
        sealed,
    };
    let token = token(&head.headers);
    let status = match app.store.put_message(&mailbox, token, message).await? {
        PutMessage::New => StatusCode::CREATED,
        PutMessage::Again => StatusCode::OK,
        PutMessage::OtherBytes => return Err(Error::OtherBytes),
        PutMessage::TooMany => return Err(Error::MailboxFull),
        PutMessage::NoMailbox => return Err(Error::NoMailbox),
    };
    Ok((status, Json(Taken { taken: id })))
}

/// Withdraws a report: nothing of it remains but its id. An empty mailbox stays empty.
#[utoipa::path(
    delete,
    path = "/api/mailboxes/{id}",
    params(
        ("id" = MailboxId, Path, description = "Derived from the receipt"),
        ("Authorization" = Option<String>, Header, description = "Bearer and the token derived from the receipt, in base64url without padding; without it, every mailbox is empty"),
    ),
    responses(
        (status = 200, description = "The mailbox is empty", body = MailboxState),
        (status = 400, description = "Not an id", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Carries a cookie and comes from another site", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The report was passed on, or must be kept by law", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Json<MailboxState>, Error> {
    let id: MailboxId = id.parse().map_err(|_| Error::Malformed(Malformed::Id))?;
    match app.store.withdrawable(&id, token(&asked)).await? {
        Withdrawn::Nothing => {}
        Withdrawn::PassedOn => return Err(Error::PassedOn),
        Withdrawn::Report(report) => {
            let erased = app.erase_to_the_end(report, Unless::HeldOrPassedOn).await?;
            if erased == Erased::Kept {
                return Err(Error::PassedOn);
            }
        }
    }
    Ok(Json(MailboxState::default()))
}

/// How every age file begins.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// Whether this body is to be read at all.
fn welcome(
    app: &App,
    mailbox: &str,
    message: &str,
    head: &Parts,
    now: Timestamp,
) -> Result<(MailboxId, MessageId), Error> {
    let malformed = Error::Malformed(Malformed::Id);
    let mailbox = mailbox.parse().map_err(|_| malformed)?;
    let message = message.parse().map_err(|_| malformed)?;
    if !arrival::kind(&head.headers).eq_ignore_ascii_case(MESSAGE_TYPE) {
        return Err(Error::MediaType);
    }
    let from = arrival::address(app, &head.headers, &head.extensions);
    match app.limiter.count(from, now) {
        Verdict::Welcome => Ok((mailbox, message)),
        Verdict::Wait(seconds) => Err(Error::TooMany { seconds }),
    }
}

/// The hash of the token shown. Without a token the same work is done, for the same answer.
fn token(asked: &HeaderMap) -> Sha256 {
    Sha256(sha2::Sha256::digest(bearer(asked).unwrap_or_default()).into())
}

fn bearer(asked: &HeaderMap) -> Option<Vec<u8>> {
    let text = asked.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let token = token.trim().trim_end_matches('=');
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer
        .then(|| BASE64URL_NOPAD.decode(token.as_bytes()).ok())
        .flatten()
}
