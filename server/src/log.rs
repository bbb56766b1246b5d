//! What is written down of what happens: route, status, how long. Never an address, id, query or body.
//! Reports, mailboxes and notes are only counted, minute by minute, so that the log tells nobody when one came.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;
use crate::router::{NOTE, REPORT};
use crate::serve::App;

/// Begins to write to standard error.
pub fn begin(format: LogFormat) {
    let filter = EnvFilter::new("info");
    let plain = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second beginning, as in tests, changes nothing.
    let _ = match format {
        LogFormat::Plain => plain.with_target(false).try_init(),
        LogFormat::Json => plain
            .json()
            .flatten_event(true)
            .with_target(false)
            .try_init(),
    };
}

/// Reports, or notes, of the running minute, by what became of them.
#[derive(Debug)]
pub struct Ingest {
    what: &'static str,
    taken: AtomicU64,
    refused: AtomicU64,
    put_off: AtomicU64,
}

impl Ingest {
    /// Nothing yet of what is counted.
    pub fn of(what: &'static str) -> Self {
        Self {
            what,
            taken: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            put_off: AtomicU64::new(0),
        }
    }

    fn count(&self, status: StatusCode) {
        let counter = match status.as_u16() {
            200..=299 => &self.taken,
            429 | 500..=599 => &self.put_off,
            _ => &self.refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the counts down, if there are any, and begins anew.
    pub fn write_down(&self) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        let (taken, refused, put_off) =
            (take(&self.taken), take(&self.refused), take(&self.put_off));
        if taken + refused + put_off > 0 {
            tracing::info!(what = self.what, taken, refused, put_off, "the last minute");
        }
    }

    /// Writes the counts down every minute, for ever.
    pub async fn every_minute(&self) {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            self.write_down();
        }
    }
}

/// Writes one line for a request, or counts it.
pub async fn request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("site", MatchedPath::as_str);
    let status = response.status();
    if route == REPORT && method == Method::PUT {
        app.ingest.count(status);
    } else if route == NOTE && method == Method::PUT {
        app.note_ingest.count(status);
    } else if route.starts_with("/api/reports/") || route.starts_with("/api/mailboxes/") {
        app.other_ingest.count(status);
    } else {
        let took = duration_class(begun.elapsed());
        tracing::info!(%method, route, status = status.as_u16(), took, "request");
    }
    response
}

fn duration_class(took: Duration) -> &'static str {
    match took.as_millis() {
        0..10 => "under 10 ms",
        10..100 => "under 100 ms",
        100..1000 => "under 1 s",
        _ => "1 s or more",
    }
}
