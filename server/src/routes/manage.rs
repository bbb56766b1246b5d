//! A manager's page behind a signed link: no account, no script. The link stands in no log.

use std::sync::Arc;

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::time::Timestamp;
use domain::wire::Problem as WireProblem;
use words::{Key, manage as texts};

use crate::arrival;
use crate::error::{Error, Malformed};
use crate::links::{Link, Refused};
use crate::manage::page::{Page, plain};
use crate::manage::typed::Problem;
use crate::manage::{Said, Typed};
use crate::photos;
use crate::record::Record;
use crate::serve::App;
use crate::store::Linked;

/// Fields that are read of one answer; the page has fewer.
const MOST_FIELDS: usize = 200;
/// Bytes of a field that is no picture.
const MOST_TEXT: usize = 8 * 1024;
/// Bytes of a whole answer.
const MOST: usize = photos::MOST + 512 * 1024;

/// A picture of a door is larger than what forms carry otherwise.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MOST)
}

/// The page to fill in. Looking at it uses nothing up: mail programs look at links, too.
#[utoipa::path(
    get,
    path = "/manage/{token}",
    params(("token" = String, Path, description = "The signed part of the link")),
    responses(
        (status = 200, description = "A page without script", body = String, content_type = "text/html"),
        (status = 404, description = "A page that says that the link was not made here, or was changed", body = String, content_type = "text/html"),
        (status = 410, description = "A page that says that the link is too old or was used", body = String, content_type = "text/html"),
        (status = 500, description = "The server failed", body = WireProblem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = WireProblem, content_type = "application/problem+json"),
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let now = arrival::now();
    let (_, record) = match open(&app, &token, now).await? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(refusal),
    };
    let typed = Typed::of(&record, now.in_london().day);
    Ok(shown(&app, StatusCode::OK, &record, &typed, &[]))
}

/// What the manager has said. What is wrong comes back with the page as it was typed.
#[utoipa::path(
    post,
    path = "/manage/{token}",
    params(("token" = String, Path, description = "The signed part of the link")),
    request_body(content = crate::openapi::ManagersPage, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "A page that says thank you", body = String, content_type = "text/html"),
        (status = 400, description = "Not a form", body = WireProblem, content_type = "application/problem+json"),
        (status = 403, description = "A cookie, and not from our own pages", body = WireProblem, content_type = "application/problem+json"),
        (status = 404, description = "As for GET", body = String, content_type = "text/html"),
        (status = 410, description = "As for GET", body = String, content_type = "text/html"),
        (status = 413, description = "Too large", body = WireProblem, content_type = "application/problem+json"),
        (status = 422, description = "The page with what is wrong", body = String, content_type = "text/html"),
        (status = 500, description = "The server failed", body = WireProblem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = WireProblem, content_type = "application/problem+json"),
        (status = 507, description = "The disk is full; see Retry-After", body = WireProblem, content_type = "application/problem+json"),
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let now = arrival::now();
    let (link, record) = match open(&app, &token, now).await? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(refusal),
    };
    let form = form.map_err(|_| Error::Malformed(Malformed::Form))?;
    let (typed, picture) = read(form).await?;
    let said = typed.read(app.scheme.criteria.len(), now.in_london().day);
    let picture = redrawn(picture).await?;
    let (said, picture) = match (said, picture) {
        (Ok(said), Ok(picture)) => (said, picture),
        (said, picture) => {
            let mut problems = said.err().unwrap_or_default();
            problems.extend(picture.err());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(shown(&app, status, &record, &typed, &problems));
        }
    };
    take(&app, &link, said, picture, now).await
}

/// The link and its place, or the page that says why it does not open.
async fn open(
    app: &App,
    token: &str,
    now: Timestamp,
) -> Result<Result<(Link, Record), Response>, Error> {
    let unknown = || {
        let (title, note) = (texts::UNKNOWN, texts::UNKNOWN_NOTE);
        refusal(app, StatusCode::NOT_FOUND, title, note)
    };
    let link = match app.links.open(token, now) {
        Ok(link) => link,
        Err(Refused::Altered) => return Ok(Err(unknown())),
        Err(Refused::Expired) => {
            let (title, note) = (texts::EXPIRED, texts::EXPIRED_NOTE);
            return Ok(Err(refusal(app, StatusCode::GONE, title, note)));
        }
    };
    Ok(match app.store.linked(&link).await? {
        Linked::Place(record) => Ok((link, *record)),
        Linked::Used => Err(used(app)),
        Linked::Unknown => Err(unknown()),
    })
}

fn used(app: &App) -> Response {
    refusal(app, StatusCode::GONE, texts::USED, texts::USED_NOTE)
}

async fn take(
    app: &Arc<App>,
    link: &Link,
    mut said: Said,
    picture: Option<Vec<u8>>,
    now: Timestamp,
) -> Result<Response, Error> {
    if let (Said::Stays(stays), Some(picture)) = (&mut said, picture) {
        let keeper = Arc::clone(app);
        // On the disk before the row that names it.
        let kept = tokio::task::spawn_blocking(move || photos::keep(&keeper.data, &picture)).await;
        let name = kept.map_err(|_| Error::Broken)?.map_err(|cause| {
            tracing::error!(%cause, "a picture could not be kept");
            Error::Full
        })?;
        stays.photo = Some(name);
    }
    let thanks = match said {
        Said::Stays(_) => texts::THANKS_NOTE,
        Said::Leaves => texts::THANKS_LEAVE,
    };
    Ok(match app.store.answer_link(link, said, now).await? {
        Linked::Place(_) => refusal(app, StatusCode::OK, texts::THANKS, thanks),
        // Sent twice at once: the first one counts.
        Linked::Used | Linked::Unknown => used(app),
    })
}

/// Reads the fields, and the picture if there is one.
async fn read(mut form: Multipart) -> Result<(Typed, Option<Vec<u8>>), Error> {
    let (mut typed, mut picture) = (Typed::default(), None);
    for _ in 0..MOST_FIELDS {
        let next = form.next_field().await;
        let Some(field) = next.map_err(|error| unread(&error))? else {
            return Ok((typed, picture));
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "photo" {
            let bytes = bytes(field, photos::MOST + 1).await?;
            picture = Some(bytes).filter(|bytes| !bytes.is_empty());
        } else {
            let bytes = bytes(field, MOST_TEXT).await?;
            typed.put(&name, &String::from_utf8_lossy(&bytes));
        }
    }
    Err(Error::Malformed(Malformed::Form))
}

/// A field's bytes, as far as they may go: a longer one is cut, and found wrong where it is read.
async fn bytes(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| unread(&error))? {
        let room = most - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(bytes)
}

fn unread(error: &axum::extract::multipart::MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Malformed(Malformed::Form),
    }
}

/// The picture drawn anew, away from the threads that answer.
async fn redrawn(picture: Option<Vec<u8>>) -> Result<Result<Option<Vec<u8>>, Problem>, Error> {
    let Some(picture) = picture else {
        return Ok(Ok(None));
    };
    let drawn = tokio::task::spawn_blocking(move || photos::redraw(&picture)).await;
    let drawn = drawn.map_err(|_| Error::Broken)?;
    Ok(drawn.map(Some).map_err(|photos::NoPicture| Problem {
        field: "photo".to_owned(),
        text: texts::PHOTO_BAD,
    }))
}

fn shown(
    app: &App,
    status: StatusCode,
    record: &Record,
    typed: &Typed,
    problems: &[Problem],
) -> Response {
    let page = Page {
        app,
        record,
        typed,
        problems,
    };
    answer(status, page.html())
}

fn refusal(app: &App, status: StatusCode, title: Key, note: Key) -> Response {
    answer(status, plain(app, title, note))
}

fn answer(status: StatusCode, html: String) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}
