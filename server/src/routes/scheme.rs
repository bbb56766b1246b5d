//! What a phone must know of the scheme it belongs to.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use data_encoding::HEXLOWER;
use domain::wire::{Problem, Scheme};
use sha2::Digest;

use super::tagged;
use crate::arrival;
use crate::error::Error;
use crate::serve::App;

/// The scheme: centres, services, signed keyset, epoch, and how far backups reach.
#[utoipa::path(
    get,
    path = "/api/scheme",
    params(("If-None-Match" = Option<String>, Header, description = "The ETag held")),
    responses(
        (status = 200, description = "The scheme; ETag", body = Scheme),
        (status = 304, description = "What the client holds is still true"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(app): State<Arc<App>>, asked: HeaderMap) -> Result<Response, Error> {
    let life = app.store.life().await?;
    let inboxes = app.store.inboxes().await?;
    let scheme = Scheme {
        name: app.scheme.name.clone(),
        demo: app.scheme.demo,
        centres: app.desks.now(&app.scheme, &inboxes, arrival::now()),
        keyset: app.keyset.signed.clone(),
        root: app.keyset.root.clone(),
        services: app.scheme.services.clone(),
        epoch: life.epoch,
        backed_up_through: life.backed_up_through,
        proof_key: Some(app.prover.public()),
        retention: Some(app.scheme.retention),
        questions: app.scheme.questions.clone(),
    };
    let json = serde_json::to_vec(&scheme).map_err(|_| Error::Broken)?;
    let hash = sha2::Sha256::digest(&json);
    let tag = format!("\"{}\"", HEXLOWER.encode(&hash[..16]));
    tagged(&asked, &tag, || Ok(json))
}
