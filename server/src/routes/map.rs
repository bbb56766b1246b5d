//! The deployment's own street pack: whether there is one, and its bytes in parts, so that a phone can
//! pause and go on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::Problem;
use serde::Serialize;

use crate::error::{Error, Malformed};
use crate::serve::App;
use crate::streets::Streets;

/// Most bytes in one answer: what a slow phone loses when the connection breaks.
const PART: u64 = 4 << 20;

/// What maps this deployment has besides those of the app.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Maps {
    /// Its own pack with streets.
    streets: Option<Offered>,
}

/// A pack that can be fetched.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Offered {
    /// Its size.
    bytes: u64,
    /// Known by its content; parts are asked for with `If-Match: "tag"`.
    tag: String,
}

/// Which maps this deployment has besides those of the app.
#[utoipa::path(
    get,
    path = "/api/map",
    responses((status = 200, description = "Size and tag of the street pack, or null", body = Maps))
)]
pub async fn get(State(app): State<Arc<App>>) -> impl IntoResponse {
    let streets = app.streets.as_ref().map(|streets| Offered {
        bytes: streets.bytes,
        tag: streets.tag.clone(),
    });
    (
        [(header::CACHE_CONTROL, "no-cache")],
        Json(Maps { streets }),
    )
}

/// A part of the street pack, a PMTiles file: at most 4 MiB an answer.
#[utoipa::path(
    get,
    path = "/api/map/streets",
    params(
        ("Range" = Option<String>, Header, description = "`bytes=FROM-TO` or `bytes=FROM-`; without it 400: the whole is not given at once"),
        ("If-Match" = Option<String>, Header, description = "The pack's tag: refused once there is another pack"),
    ),
    responses(
        (status = 206, description = "The part; Content-Range, ETag", content_type = "application/vnd.pmtiles"),
        (status = 400, description = "No range, or none of bytes", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "This deployment has no street pack", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "There is another pack by now"),
        (status = 416, description = "The range begins after the end; Content-Range"),
        (status = 500, description = "The file cannot be read", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn part(State(app): State<Arc<App>>, asked: HeaderMap) -> Result<Response, Error> {
    let streets = app.streets.clone().ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", streets.tag);
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_MATCH).is_some_and(|known| known != tag) {
        return Ok(StatusCode::PRECONDITION_FAILED.into_response());
    }
    let (from, to) = text(header::RANGE)
        .and_then(range)
        .ok_or(Error::Malformed(Malformed::Range))?;
    if from >= streets.bytes {
        let all = format!("bytes */{}", streets.bytes);
        return Ok((
            StatusCode::RANGE_NOT_SATISFIABLE,
            [(header::CONTENT_RANGE, all)],
        )
            .into_response());
    }
    let to = to
        .unwrap_or(u64::MAX)
        .min(streets.bytes - 1)
        .min(from + PART - 1);
    let told = format!("bytes {from}-{to}/{}", streets.bytes);
    let bytes = read(streets, from, to).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.pmtiles".to_owned()),
        (header::CONTENT_RANGE, told),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((StatusCode::PARTIAL_CONTENT, headers, bytes).into_response())
}

async fn read(streets: Arc<Streets>, from: u64, to: u64) -> Result<Vec<u8>, Error> {
    let length = usize::try_from(to - from + 1).map_err(|_| Error::Broken)?;
    let read = tokio::task::spawn_blocking(move || streets.read(from, length)).await;
    read.map_err(|_| Error::Broken)?.map_err(|cause| {
        tracing::error!(%cause, "the street pack cannot be read");
        Error::Broken
    })
}

/// First and last byte of one range; more than one at once is nobody's need here.
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let from = from.parse().ok()?;
    let to = (!to.is_empty()).then(|| to.parse()).transpose().ok()?;
    to.is_none_or(|to| from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[track_caller]
    fn read(text: &str, expected: Option<(u64, Option<u64>)>) {
        assert_eq!(range(text), expected, "{text}");
    }

    #[test]
    fn one_range_of_bytes_is_understood_and_nothing_else() {
        read("bytes=0-99", Some((0, Some(99))));
        read("bytes=5-", Some((5, None)));
        read("bytes=-5", None);
        read("bytes=9-5", None);
        read("bytes=0-1,5-6", None);
        read("lines=0-1", None);
        read("bytes=0-99999999999999999999", None);
    }
}
