//! Pictures of places' doors.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::wire::Problem;

use crate::error::Error;
use crate::photos;
use crate::serve::App;

/// A picture by the name that a place gives it. The name is made from the content: it never changes.
#[utoipa::path(
    get,
    path = "/api/places/photos/{name}",
    params(("name" = String, Path, description = "As a place's `photo` says")),
    responses(
        (status = 200, description = "A picture without metadata", content_type = "image/jpeg"),
        (status = 404, description = "No such picture", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Error> {
    let found = tokio::task::spawn_blocking(move || photos::find(&app.data, &name)).await;
    let picture = found.map_err(|_| Error::Broken)?.ok_or(Error::NotFound)?;
    let head = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((head, picture).into_response())
}
