//! Taking in sealed reports.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use domain::id::{ReportId, Sha256};
use domain::time::Timestamp;
use domain::wire::{ENVELOPE_VERSION, Envelope, MAX_ENVELOPE, MAX_SEALED, Problem, Stored};
use sha2::Digest;

use crate::error::{Error, Malformed};
use crate::limit::Verdict;
use crate::serve::App;
use crate::store::{NewReport, Put};

/// How every age file begins.
const AGE: &[u8] = b"age-encryption.org/v1\n";
/// How much of a refused body is read before the connection is closed, in bytes.
const MOST_DRAINED: usize = 1024 * 1024;
/// How long a body may take to arrive.
const SLOWEST: Duration = Duration::from_secs(60);

/// Stores a sealed report. Sending the same bytes again is harmless.
#[utoipa::path(
    put,
    path = "/api/reports/{id}",
    params(("id" = ReportId, Path, description = "Drawn by the phone: 128 random bits in base32")),
    request_body = Envelope,
    responses(
        (status = 201, description = "Stored: it survives the server's death", body = Stored),
        (status = 200, description = "The same bytes were stored before", body = Stored),
        (status = 400, description = "Not an id, not an envelope, an unknown version, or not an age file", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Carries a cookie and comes from another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "This scheme has no such centre", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than any report may be", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
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
    let id = id.parse().map_err(|_| Error::Malformed(Malformed::Id))?;
    let (head, body) = request.into_parts();
    if let Err(refused) = check_head(&head.headers) {
        drain(body).await;
        return Err(refused);
    }
    let now = now();
    let from = address(&app, &head.headers, &head.extensions);
    if let Verdict::Wait(seconds) = app.limiter.count(from, now) {
        return Err(Error::TooMany { seconds });
    }
    let body = read(body).await?;
    let report = parse(&app, id, &body, now)?;
    drop(body);
    let (status, mark) = match app.store.put_report(report).await? {
        Put::New(mark) => (StatusCode::CREATED, mark),
        Put::Again(mark) => (StatusCode::OK, mark),
        Put::OtherBytes => return Err(Error::OtherBytes),
    };
    Ok((
        status,
        Json(Stored {
            epoch: app.epoch.clone(),
            mark,
        }),
    ))
}

fn check_head(headers: &HeaderMap) -> Result<(), Error> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Error::MediaType);
    }
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_ENVELOPE) {
        return Err(Error::TooLarge);
    }
    Ok(())
}

/// Reads what is already on its way, within bounds, so that the answer is not lost to a reset.
async fn drain(body: Body) {
    let reading = axum::body::to_bytes(body, MOST_DRAINED);
    let _ = tokio::time::timeout(Duration::from_secs(5), reading).await;
}

async fn read(body: Body) -> Result<Bytes, Error> {
    let reading = axum::body::to_bytes(body, MAX_ENVELOPE);
    match tokio::time::timeout(SLOWEST, reading).await {
        Ok(Ok(body)) => Ok(body),
        // Either it is too long, or the connection broke and nobody reads this.
        Ok(Err(_)) => Err(Error::TooLarge),
        Err(_) => Err(Error::Busy),
    }
}

fn parse(app: &App, id: ReportId, body: &[u8], now: Timestamp) -> Result<NewReport, Error> {
    let envelope: Envelope =
        serde_json::from_slice(body).map_err(|_| Error::Malformed(Malformed::Envelope))?;
    if envelope.version != ENVELOPE_VERSION {
        return Err(Error::Malformed(Malformed::Version));
    }
    let sealed = envelope.sealed.0;
    if sealed.len() > MAX_SEALED {
        return Err(Error::TooLarge);
    }
    if !sealed.starts_with(AGE) {
        return Err(Error::Malformed(Malformed::Sealed));
    }
    if !app
        .scheme
        .centres
        .iter()
        .any(|centre| centre.id == envelope.centre)
    {
        return Err(Error::UnknownCentre);
    }
    if envelope.keyset > app.keyset.version {
        return Err(Error::KeysetAhead);
    }
    Ok(NewReport {
        id,
        body_hash: Sha256(sha2::Sha256::digest(body).into()),
        centre: envelope.centre,
        keyset: envelope.keyset,
        mailbox: envelope.mailbox.id,
        token_hash: envelope.mailbox.token_hash,
        hour: now.hour(),
        sealed,
    })
}

/// The server's clock. A clock before 1970 is read as 1970.
fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Whom to count this request for: the connection's other end, or whom the proxy in front names.
fn address(app: &App, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
    let named = app.proxy_header.as_deref().and_then(|name| {
        let last = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    });
    let connection = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    named
        .or(connection)
        .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}
