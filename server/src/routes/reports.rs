//! Taking in sealed reports.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::id::{ReportId, Sha256};
use domain::time::Timestamp;
use domain::wire::{MAX_ENVELOPE, Missing, Problem, REPORT_TYPE, Stored, open_envelope};
use sha2::Digest;

use crate::arrival;
use crate::error::{Error, Malformed};
use crate::limit::Verdict;
use crate::routes::parts;
use crate::serve::App;
use crate::store::{NewReport, Put, Standing};

/// Stores a sealed report. Sending the same bytes again is harmless.
#[utoipa::path(
    put,
    path = "/api/reports/{id}",
    params(("id" = ReportId, Path, description = "Drawn by the phone: 128 random bits in base32")),
    request_body(
        content = crate::openapi::Bytes,
        content_type = "application/vnd.safe-place.report",
        description = "One line of JSON, the schema Label, of at most 4096 bytes; a newline; then the age file as it is, of at most 65536 bytes",
    ),
    responses(
        (status = 201, description = "Stored: it survives the server's death. While `complete` is false, the parts under `missing` are to follow", body = Stored),
        (status = 200, description = "The same bytes were stored before", body = Stored),
        (status = 400, description = "Not an id, no first line or too long a one, not a label, an unknown version, not an age file, or one of another length than the label says", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Carries a cookie and comes from another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "This scheme never had such a centre", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "It was here and was erased: it does not come back", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than any report may be; the connection is closed", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/vnd.safe-place.report", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Another report with this id is stored already", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many from one address; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed; send it again later", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy, or sealed to a keyset newer than the server's; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "No room; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn put(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<Stored>), Error> {
    let (head, body) = request.into_parts();
    let now = arrival::now();
    let id = match welcome(&app, &id, &head, now) {
        Ok(id) => id,
        Err(refused) => {
            arrival::run_out(body, &head.headers);
            return Err(refused);
        }
    };
    let body = arrival::read(body, &head.headers, MAX_ENVELOPE).await?;
    let report = parse(&app, id.clone(), &body, now)?;
    let (centre, sealed) = (report.centre.clone(), report.sealed.clone());
    let has_parts = !report.parts.is_empty();
    let (status, standing) = match app.store.put_report(report).await? {
        Put::New(standing) => (StatusCode::CREATED, standing),
        // All of it is here, and nobody ended it: what says so must not have the mark of the text alone.
        Put::Again(standing) if has_parts && standing.missing.is_empty() => {
            (StatusCode::OK, parts::committed(&app, &id).await?.0)
        }
        Put::Again(standing) => (StatusCode::OK, standing),
        Put::OtherBytes => return Err(Error::OtherBytes),
        Put::Erased => return Err(Error::Erased),
    };
    let stored = stored(&app, &id, &centre, &sealed, standing).await;
    Ok((status, Json(stored)))
}

/// What a phone is told of a report that is on the disk.
pub(super) async fn stored(
    app: &App,
    id: &ReportId,
    centre: &str,
    sealed: &[u8],
    standing: Standing,
) -> Stored {
    let missing = standing.missing.into_iter().map(|part| Missing {
        offset: app.parts.offset(centre, id, &part.id),
        id: part.id,
    });
    let missing: Vec<_> = missing.collect();
    let sealed = Sha256(sha2::Sha256::digest(sealed).into());
    Stored {
        epoch: app.epoch.clone(),
        mark: standing.mark,
        complete: missing.is_empty(),
        missing,
        proof: app.prover.prove(id, sealed, standing.hour).await,
    }
}

/// Whether this body is to be read at all.
fn welcome(app: &App, id: &str, head: &Parts, now: Timestamp) -> Result<ReportId, Error> {
    let id = id.parse().map_err(|_| Error::Malformed(Malformed::Id))?;
    if !arrival::kind(&head.headers).eq_ignore_ascii_case(REPORT_TYPE) {
        return Err(Error::MediaType);
    }
    let from = arrival::address(app, &head.headers, &head.extensions);
    match app.limiter.count(from, now) {
        Verdict::Welcome => Ok(id),
        Verdict::Wait(seconds) => Err(Error::TooMany { seconds }),
    }
}

fn parse(app: &App, id: ReportId, body: &Bytes, now: Timestamp) -> Result<NewReport, Error> {
    let (label, sealed) = open_envelope(body)?;
    if !app.centres.contains(&label.centre) {
        return Err(Error::UnknownCentre);
    }
    if label.keyset > app.keyset.version {
        return Err(Error::KeysetAhead);
    }
    Ok(NewReport {
        id,
        centre: label.centre,
        keyset: label.keyset,
        mailbox: label.mailbox.id,
        token_hash: label.mailbox.token_hash,
        hour: now.hour(),
        sealed: body.slice(sealed..),
        reply: label.reply,
        parts: label.parts,
    })
}
