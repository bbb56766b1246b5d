//! How many reports a second the server takes in over HTTP, as a ratio to the best that SQLite takes
//! in batches: the same rows, the same pragmas, the same disk, in interleaved runs.
//!
//! `cargo bench -p server --bench ingest`; ROUNDS and REPORTS change how long it takes.

#![expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::env;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use common::{Server, envelope, head, id, put_keys, sized};
use domain::time::Timestamp;
use rusqlite::Connection;
use server::store::NewReport;
use server::store::sqlite::{self, insert_report, prepare_connection};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CLIENTS: usize = 64;
const SEALED: usize = 8 * 1024;
const BATCHES: [usize; 3] = [16, 64, 256];

fn main() {
    let rounds = setting("ROUNDS", 7);
    let reports = setting("REPORTS", 20_000);
    let bodies: Vec<_> = (0..reports as u32).map(body).collect();
    let rows: Vec<_> = (0..reports as u32).map(row).collect();
    let requests: Arc<Vec<_>> = Arc::new(
        (0..reports as u32)
            .zip(&bodies)
            .map(|(seed, body)| request(seed, body))
            .collect(),
    );
    println!("{rounds} rounds of {reports} reports, {SEALED} bytes sealed, {CLIENTS} clients");
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let plain = BATCHES.map(|batch| in_batches(&rows, batch));
        let best = plain.into_iter().fold(0.0, f64::max);
        let served = over_http(&requests);
        ratios.push(served / best);
        let [a, b, c] = plain.map(|rate| rate.round());
        println!(
            "round {round}: server {served:.0}/s; SQLite {a}/s by 16, {b}/s by 64, {c}/s by 256; ratio {:.2}",
            served / best
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "accepted reports, ratio to the best batched insert: median {:.2}, from {:.2} to {:.2} (wanted: 0.60)",
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

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk of the build")
}

fn body(seed: u32) -> Vec<u8> {
    sized(seed, SEALED)
}

fn row(seed: u32) -> NewReport {
    let envelope = envelope(seed, SEALED);
    NewReport {
        id: id(seed),
        centre: envelope.label.centre,
        keyset: envelope.label.keyset,
        mailbox: envelope.label.mailbox.id,
        token_hash: envelope.label.mailbox.token_hash,
        hour: Timestamp(0),
        sealed: envelope.sealed.into(),
        reply: None,
        parts: vec![],
    }
}

fn request(seed: u32, body: &[u8]) -> Vec<u8> {
    let head = head(&id(seed), body.len());
    [head.as_bytes(), body].concat()
}

/// Rows a second, straight into a fresh database of the server's own making.
fn in_batches(rows: &[NewReport], batch: usize) -> f64 {
    let data = folder();
    sqlite::migrate(data.path()).expect("a database");
    let mut connection = Connection::open(data.path().join(sqlite::FILE)).expect("it opens");
    prepare_connection(&connection).expect("the server's pragmas");
    let begun = Instant::now();
    for rows in rows.chunks(batch) {
        let transaction = connection.transaction().expect("begun");
        for row in rows {
            insert_report(&transaction, row).expect("inserted");
        }
        transaction.commit().expect("on the disk");
    }
    rows.len() as f64 / begun.elapsed().as_secs_f64()
}

/// Reports a second that the real program accepts.
fn over_http(requests: &Arc<Vec<Vec<u8>>>) -> f64 {
    let data = folder();
    let server = start(data.path());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let took = runtime.block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let mut streams = Vec::new();
        for _ in 0..CLIENTS {
            streams.push(
                TcpStream::connect(("127.0.0.1", server.port))
                    .await
                    .expect("connected"),
            );
        }
        let begun = Instant::now();
        let clients: Vec<_> = streams
            .into_iter()
            .map(|stream| tokio::spawn(client(stream, Arc::clone(requests), Arc::clone(&next))))
            .collect();
        for client in clients {
            client.await.expect("every report was accepted");
        }
        begun.elapsed()
    });
    requests.len() as f64 / took.as_secs_f64()
}

fn start(data: &Path) -> Server {
    put_keys(data, 2);
    Server::start(data)
}

async fn client(mut stream: TcpStream, requests: Arc<Vec<Vec<u8>>>, next: Arc<AtomicUsize>) {
    stream.set_nodelay(true).expect("settable");
    let mut answer = vec![0; 4096];
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        stream.write_all(request).await.expect("sent");
        let mut length = 0;
        // The answer's JSON ends with the only closing brace.
        while !answer[..length].ends_with(b"}") {
            let read = stream.read(&mut answer[length..]).await.expect("answered");
            assert!(read > 0, "the connection ended");
            length += read;
        }
        assert!(
            answer.starts_with(b"HTTP/1.1 201"),
            "{}",
            String::from_utf8_lossy(&answer[..length])
        );
    }
}
