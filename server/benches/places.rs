//! 20,000 places: how fast the server tells a phone that nothing changed, beside a handler that does
//! nothing in the same run; and how much memory a full pull takes.
//!
//! `cargo bench -p server --bench places`; ROUNDS, PLACES and REQUESTS change how long it takes.

#![expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::env;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt;
use common::{Server, put_keys};
use domain::delta::Delta;
use domain::geo::Point;
use domain::time::Timestamp;
use server::record::ListedPlace;
use server::store::sqlite::{Limits, Sqlite};
use server::store::{Import, Rest, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CLIENTS: usize = 64;
const WANTED: f64 = 0.5;

fn main() {
    let rounds = setting("ROUNDS", 7);
    let places = setting("PLACES", 20_000);
    let requests = setting("REQUESTS", 20_000);
    let data =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the build's disk");
    put_keys(data.path(), 2);
    fill(data.path(), places);
    let server = Server::start(data.path());
    let empty = empty_handler();
    let (tag, pulled) = pull(&server, places);
    println!("{pulled}");
    let path = "/api/places";
    let asked = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nif-none-match: {tag}\r\n\r\n");
    let nothing = "GET /nothing HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned();
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let bare = rate(empty, &nothing, "HTTP/1.1 200", requests);
        let unchanged = rate(server.port, &asked, "HTTP/1.1 304", requests);
        ratios.push(unchanged / bare);
        println!(
            "round {round}: unchanged {unchanged:.0}/s, empty handler {bare:.0}/s, ratio {:.2}",
            unchanged / bare
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "an unchanged phone among {places} places, ratio to an empty handler: median {:.2}, from {:.2} to {:.2} (wanted: {WANTED:.2})",
        ratios[ratios.len() / 2],
        ratios[0],
        ratios[ratios.len() - 1]
    );
}

fn setting(name: &str, otherwise: usize) -> usize {
    env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Puts places into the database before the server starts.
fn fill(data: &Path, count: usize) {
    let limits = Limits {
        max_bytes: 0,
        queue: 16,
        max_pages: None,
    };
    let import = Import {
        source: "bench".into(),
        who: "bench".into(),
        listed: (0..count).map(place).collect(),
        rest: Rest::Stays,
        at: Timestamp(1_795_305_600_000),
    };
    runtime().block_on(async {
        let store = Sqlite::open(data, limits).expect("it opens");
        store.import_places(import).await.expect("imported");
        store.close().await;
    });
}

fn place(number: usize) -> ListedPlace {
    let id = format!("place-{number}");
    let point = Point {
        lat: 50.0 + number as f64 / 4_000.0,
        lon: -2.0,
    };
    ListedPlace {
        postcode: Some("B66 1BB".into()),
        telephone: Some("0121 496 0101".into()),
        opening_hours: Some("Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off".into()),
        directions: Some("From the clock, towards the bridge, then left at the lights.".into()),
        ..ListedPlace::new(
            &id,
            id.parse().expect("an id"),
            "Corner Shop",
            "1 High Street",
            point,
        )
    }
}

/// A server of one handler that does nothing, on threads of its own as the real one has; its port.
fn empty_handler() -> u16 {
    let (say, said) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            say.send(listener.local_addr().expect("an address").port())
                .expect("heard");
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let router = Router::new().route("/nothing", get(async || {}));
            axum::serve(listener, router).await.expect("it serves");
        });
    });
    said.recv().expect("a port")
}

/// Pulls everything, page by page; the tag of the first page, and what it cost.
fn pull(server: &Server, places: usize) -> (String, String) {
    let before = memory(server);
    let begun = Instant::now();
    let (mut cursor, mut count, mut bytes, mut pages) = (String::new(), 0, 0, 0);
    let mut phone = server.phone();
    loop {
        let (status, body) = phone
            .get(&format!("/api/places?after={cursor}"))
            .expect("an answer");
        assert_eq!(status, 200);
        let delta: Delta = serde_json::from_slice(&body).expect("a delta");
        (count, bytes, pages) = (count + delta.places.len(), bytes + body.len(), pages + 1);
        cursor = delta.cursor.0;
        if !delta.more {
            break;
        }
    }
    assert!(count >= places, "{count} of {places}");
    let took = begun.elapsed().as_secs_f64();
    let more = memory(server).saturating_sub(before) / 1024;
    let told = format!(
        "a full pull: {count} places, {:.1} MB in {pages} pages, {took:.1} s; the server took {more} MB more memory",
        bytes as f64 / 1e6
    );
    (tag(server.port), told)
}

/// The tag of the first page.
fn tag(port: u16) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let request = "GET /api/places HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let answer = String::from_utf8_lossy(&answer);
    let line = answer.lines().find_map(|line| line.strip_prefix("etag: "));
    line.expect("a tag").to_owned()
}

/// The most memory the server has had so far, in KiB.
fn memory(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    number.expect("a number")
}

/// Answers a second.
fn rate(port: u16, request: &str, expected: &'static str, requests: usize) -> f64 {
    let request: Arc<[u8]> = request.as_bytes().into();
    let took = runtime().block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let mut streams = Vec::new();
        for _ in 0..CLIENTS {
            let stream = TcpStream::connect(("127.0.0.1", port)).await;
            streams.push(stream.expect("connected"));
        }
        let begun = Instant::now();
        let clients: Vec<_> = streams
            .into_iter()
            .map(|stream| {
                let (request, next) = (Arc::clone(&request), Arc::clone(&next));
                tokio::spawn(client(stream, request, expected, next, requests))
            })
            .collect();
        for client in clients {
            client.await.expect("every request was answered");
        }
        begun.elapsed()
    });
    requests as f64 / took.as_secs_f64()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Neither answer has a body: each ends with its head.
async fn client(
    mut stream: TcpStream,
    request: Arc<[u8]>,
    expected: &'static str,
    next: Arc<AtomicUsize>,
    requests: usize,
) {
    stream.set_nodelay(true).expect("settable");
    let mut answer = vec![0; 8192];
    while next.fetch_add(1, Ordering::Relaxed) < requests {
        stream.write_all(&request).await.expect("sent");
        let mut length = 0;
        while !answer[..length].ends_with(b"\r\n\r\n") {
            let read = stream.read(&mut answer[length..]).await.expect("answered");
            assert!(read > 0, "the connection ended");
            length += read;
        }
        assert!(
            answer.starts_with(expected.as_bytes()),
            "{}",
            String::from_utf8_lossy(&answer[..length])
        );
    }
}
