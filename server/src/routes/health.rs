//! For whoever watches over the server.

use std::sync::Arc;

use axum::extract::State;
use domain::wire::Problem;

use crate::error::Error;
use crate::serve::App;

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    responses((status = 200, description = "The process answers", body = String, content_type = "text/plain"))
)]
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Reports can be taken right now.
#[utoipa::path(
    get,
    path = "/readyz",
    responses(
        (status = 200, description = "Reports can be taken", body = String, content_type = "text/plain"),
        (status = 500, description = "The database has failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The database is locked", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Error> {
    app.store.ready().await?;
    Ok("ready\n")
}
