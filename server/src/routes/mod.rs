//! One file per thing that can be asked for.

pub mod health;
pub mod list;
pub mod mailboxes;
pub mod manage;
pub mod map;
pub mod notes;
pub mod oruk;
pub mod parts;
pub mod photos;
pub mod place;
pub mod places;
pub mod poster;
pub mod reports;
pub mod scheme;
pub mod site;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::{Error, Malformed};

/// JSON that a client may keep, and asks about by its tag the next time.
fn tagged(
    asked: &HeaderMap,
    tag: &str,
    body: impl FnOnce() -> Result<Vec<u8>, Error>,
) -> Result<Response, Error> {
    let mut response = if matches(asked, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], body()?).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::ETAG,
        HeaderValue::from_str(tag).map_err(|_| Error::Broken)?,
    );
    Ok(response)
}

/// A number that counts something, if one was said: 1 or more.
fn counted(said: Option<i32>) -> Result<Option<usize>, Error> {
    let count = |said| usize::try_from(said).ok().filter(|count| *count > 0);
    said.map(|said| count(said).ok_or(Error::Malformed(Malformed::Query)))
        .transpose()
}

/// Whether the client holds what this tag stands for.
pub(crate) fn matches(asked: &HeaderMap, tag: &str) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter();
    let mut held = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','));
    held.any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}
