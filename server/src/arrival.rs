//! Requests as they arrive: when, from where, and their bodies, read within bounds or let run out so
//! that a refusal is heard.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};
use bytes::BytesMut;
use domain::time::Timestamp;

use crate::error::Error;
use crate::serve::App;

/// How long a body may take to arrive.
const SLOWEST: Duration = Duration::from_secs(60);
/// How long a refused body may go on arriving.
const LONGEST_RUN: Duration = Duration::from_secs(10);
/// How much of a refused body may go on arriving, in bytes.
const MOST_RUN: usize = 256 * 1024 * 1024;

/// The server's clock. A clock before 1970 is read as 1970.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Whom to count this request for: the connection's other end, or whom the proxy in front names.
pub fn address(app: &App, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
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

/// What the body is by its own word, without parameters.
pub fn kind(headers: &HeaderMap) -> &str {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

/// Reads a body of at most so many bytes.
pub async fn read(mut body: Body, headers: &HeaderMap, most: usize) -> Result<Bytes, Error> {
    let announced = announced(headers).unwrap_or_default();
    let whole = if announced > most {
        Err(Error::TooLarge)
    } else {
        tokio::time::timeout(SLOWEST, collect(&mut body, announced, most))
            .await
            .unwrap_or(Err(Error::Busy))
    };
    if whole.is_err() {
        run_out(body, headers);
    }
    whole
}

/// Goes on reading a body that nobody wants, while the answer is on its way: a connection closed
/// over unread bytes is reset, and the sender would never see why. Within bounds, then it is closed.
pub fn run_out(mut body: Body, headers: &HeaderMap) {
    // Whoever waits to be asked has sent nothing yet.
    if headers.contains_key(header::EXPECT) || body.is_end_stream() {
        return;
    }
    tokio::spawn(tokio::time::timeout(LONGEST_RUN, async move {
        let mut passed = 0;
        while passed < MOST_RUN
            && let Some(Ok(part)) = next(&mut body).await
        {
            passed += part.len();
        }
    }));
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// A body that came in one part is not copied.
async fn collect(body: &mut Body, announced: usize, most: usize) -> Result<Bytes, Error> {
    let Some(first) = next(body).await.transpose()? else {
        return Ok(Bytes::new());
    };
    if first.len() == announced {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(announced.max(first.len()));
    let mut part = Some(first);
    while let Some(bytes) = part {
        if whole.len() + bytes.len() > most {
            return Err(Error::TooLarge);
        }
        whole.extend_from_slice(&bytes);
        part = next(body).await.transpose()?;
    }
    Ok(whole.freeze())
}

/// The next bytes; trailers are passed over.
pub async fn next(body: &mut Body) -> Option<Result<Bytes, Error>> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(bytes)) => return Some(Ok(bytes)),
            Ok(Err(_trailers)) => {}
            // The connection broke: nobody reads this.
            Err(_) => return Some(Err(Error::Busy)),
        }
    }
}
