//! Taking in what follows a report, chunk by chunk, in the shape of the IETF's resumable uploads.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::{PartId, ReportId};
use domain::wire::{CHUNK_TYPE, MAX_CHUNK, Part, Problem, Stored};

use crate::arrival;
use crate::error::{Error, Malformed};
use crate::openapi::Bytes;
use crate::parts::{Appended, Refused};
use crate::routes::reports::stored;
use crate::serve::App;
use crate::store::{Committed, Expected, Standing};

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const COMPLETE: HeaderName = HeaderName::from_static("upload-complete");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const LIMIT: HeaderName = HeaderName::from_static("upload-limit");

/// A part that is asked for.
struct Asked {
    report: ReportId,
    part: Part,
    centre: String,
    whole: bool,
}

/// Says where a part goes on, and ends whatever is under way for it.
#[utoipa::path(
    head,
    path = "/api/reports/{id}/parts/{part}",
    params(
        ("id" = ReportId, Path, description = "The report"),
        ("part" = PartId, Path, description = "As its label names it"),
    ),
    responses(
        (status = 204, description = "Upload-Offset, Upload-Complete, Upload-Length, Upload-Limit"),
        (status = 400, description = "Not an id"),
        (status = 404, description = "No such report, or none with such a part"),
        (status = 410, description = "The report was erased"),
        (status = 500, description = "The server failed"),
        (status = 503, description = "Busy; see Retry-After"),
    )
)]
pub async fn head(
    State(app): State<Arc<App>>,
    Path((id, part)): Path<(String, String)>,
) -> Result<Response, Error> {
    let asked = find(&app, &id, &part).await?;
    let offset = match asked.whole {
        true => asked.part.length,
        false => {
            let parts = &app.parts;
            parts
                .settled_offset(&asked.centre, &asked.report, &asked.part.id)
                .await
        }
    };
    let mut response = standing(offset, asked.whole);
    let headers = response.headers_mut();
    headers.insert(LENGTH, asked.part.length.into());
    let limit = format!("max-append-size={MAX_CHUNK}");
    headers.insert(
        LIMIT,
        HeaderValue::from_str(&limit).map_err(|_| Error::Broken)?,
    );
    Ok(response)
}

/// Adds a chunk to a part. Answered after it is on the disk; what breaks off is kept as far as it came.
#[utoipa::path(
    patch,
    path = "/api/reports/{id}/parts/{part}",
    params(
        ("id" = ReportId, Path, description = "The report"),
        ("part" = PartId, Path, description = "As its label names it"),
        ("Upload-Offset" = u32, Header, description = "Where in the part this chunk begins"),
    ),
    request_body(
        content = Bytes,
        content_type = "application/partial-upload",
        description = "Bytes of the sealed part: at most 1048576",
    ),
    responses(
        (status = 204, description = "On the disk. Upload-Offset says where to go on, Upload-Complete whether the part is whole and as its label says"),
        (status = 400, description = "Not an id, or no offset", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Carries a cookie and comes from another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such report, or none with such a part", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It does not begin where the part ends: see expected-offset", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "The report was erased", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than a chunk may be, or than what is missing", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/partial-upload", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The whole part is not what its label says; it begins anew", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed; send it again later", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy, or a newer request for this part came in; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "No room; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn patch(
    State(app): State<Arc<App>>,
    Path((id, part)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Error> {
    let (head, body) = request.into_parts();
    let found = match offset(&head.headers) {
        Ok(offset) => find(&app, &id, &part).await.map(|asked| (asked, offset)),
        Err(refused) => Err(refused),
    };
    let (asked, offset) = match found {
        Ok((asked, offset)) if !asked.whole => (asked, offset),
        other => {
            arrival::run_out(body, &head.headers);
            let (asked, offset) = other?;
            // A replay of the last chunk, whose answer was lost.
            return Err(Error::OtherOffset {
                expected: asked.part.length,
                provided: offset,
            });
        }
    };
    let Asked {
        report,
        part,
        centre,
        ..
    } = asked;
    let appended = app
        .parts
        .append(&centre, &report, &part, offset, body)
        .await;
    match appended.map_err(|refused| Error::of_chunk(refused, offset))? {
        Appended::At(offset) => Ok(standing(offset, false)),
        Appended::Whole => {
            app.store.part_arrived(&report, &part.id).await?;
            Ok(standing(part.length, true))
        }
    }
}

/// Ends a report with parts. Complete or not, it says where the report stands; asking again is harmless.
#[utoipa::path(
    post,
    path = "/api/reports/{id}/commit",
    params(("id" = ReportId, Path, description = "The report")),
    responses(
        (status = 200, description = "Complete, or what is missing: then `complete` is false", body = Stored),
        (status = 400, description = "Not an id", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such report: send its text first", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "The report was erased", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn commit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Stored>, Error> {
    let id: ReportId = id.parse().map_err(|_| Error::Malformed(Malformed::Id))?;
    let (mut standing, centre, sealed) = committed(&app, &id).await?;
    if settle(&app, &id, &centre, &standing.missing).await? {
        (standing, ..) = committed(&app, &id).await?;
    }
    Ok(Json(stored(&app, &id, &centre, &sealed, standing).await))
}

/// Ends a report if nothing is missing; where it stands, its centre and its text.
pub(super) async fn committed(
    app: &App,
    id: &ReportId,
) -> Result<(Standing, String, Vec<u8>), Error> {
    match app.store.commit_report(id).await? {
        Committed::Unknown => Err(Error::UnknownReport),
        Committed::Erased => Err(Error::Erased),
        Committed::Here {
            standing,
            centre,
            sealed,
        } => Ok((standing, centre, sealed)),
    }
}

/// A server that died between a part's last byte, its name and its row has the bytes: the rest is made
/// good. Whether anything was.
async fn settle(
    app: &App,
    report: &ReportId,
    centre: &str,
    missing: &[Part],
) -> Result<bool, Error> {
    let mut settled = false;
    for part in missing {
        let whole = app.parts.settle(centre, report, part).await;
        if whole.map_err(|refused| Error::of_chunk(refused, 0))? {
            app.store.part_arrived(report, &part.id).await?;
            settled = true;
        }
    }
    Ok(settled)
}

async fn find(app: &App, report: &str, part: &str) -> Result<Asked, Error> {
    let malformed = Error::Malformed(Malformed::Id);
    let report: ReportId = report.parse().map_err(|_| malformed)?;
    let part: PartId = part.parse().map_err(|_| malformed)?;
    match app.store.expected_part(&report, &part).await? {
        Expected::Nothing => Err(Error::UnknownReport),
        Expected::Erased => Err(Error::Erased),
        Expected::Part {
            part,
            centre,
            whole,
        } => {
            let settled = || settle(app, &report, &centre, std::slice::from_ref(&part));
            let whole = whole || settled().await?;
            Ok(Asked {
                report,
                part,
                centre,
                whole,
            })
        }
    }
}

fn offset(headers: &HeaderMap) -> Result<u32, Error> {
    if !arrival::kind(headers).eq_ignore_ascii_case(CHUNK_TYPE) {
        return Err(Error::MediaType);
    }
    let said = headers.get(OFFSET).and_then(|value| value.to_str().ok());
    let offset = said.and_then(|text| text.trim().parse().ok());
    offset.ok_or(Error::Malformed(Malformed::Offset))
}

fn standing(offset: u32, complete: bool) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(OFFSET, offset.into());
    let complete = if complete { "?1" } else { "?0" };
    headers.insert(COMPLETE, HeaderValue::from_static(complete));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Error {
    fn of_chunk(refused: Refused, provided: u32) -> Self {
        match refused {
            Refused::Offset { expected } => Self::OtherOffset { expected, provided },
            Refused::TooLarge => Self::TooLarge,
            Refused::Damaged => Self::DamagedPart,
            Refused::Full => Self::Full,
            Refused::Broken => Self::Busy,
            Refused::Failed => Self::Broken,
        }
    }
}
