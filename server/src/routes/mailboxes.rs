//! What the holder of a receipt may know.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use domain::id::{MailboxId, Sha256};
use domain::wire::{MailboxState, Problem};
use sha2::Digest;

use crate::error::{Error, Malformed};
use crate::serve::App;

/// The state of a mailbox. One that does not exist, and one whose token is another, answer as an
/// empty one does.
#[utoipa::path(
    get,
    path = "/api/mailboxes/{id}",
    params(
        ("id" = MailboxId, Path, description = "Derived from the receipt"),
        ("Authorization" = String, Header, description = "Bearer and the token derived from the receipt, in base64url without padding"),
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
    // Without a token the same work is done, for the same answer.
    let token = Sha256(sha2::Sha256::digest(bearer(&asked).unwrap_or_default()).into());
    let state = app.store.mailbox(&id, token).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(state)).into_response())
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
