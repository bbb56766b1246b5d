//! Phones sending notes: the real router, a real database, and the program that counts them.

mod common;

use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use common::{Server, note_id, program, put_keys};
use domain::id::NoteId;
use domain::time::Timestamp;
use domain::wire::{MAX_NOTE, Noted, Problem};
use rusqlite::Connection;
use server::config::Settings;
use server::router::router;
use server::serve::App;
use tempfile::TempDir;
use tower::ServiceExt;

const CLOSED: &str =
    r#"{"version":1,"kind":"was-closed","place":"hawthorns-house","day":"2026-11-22"}"#;
const HELP: &str =
    r#"{"version":1,"kind":{"help-given":{"how":"rang-contact"}},"day":"2026-11-22"}"#;

struct Scheme {
    router: Router,
    app: Arc<App>,
    data: TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Scheme {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path(), 2);
        let mut settings = Settings {
            data: data.path().to_owned(),
            site: None,
            notes_per_hour: 0,
            ..Settings::default()
        };
        change(&mut settings);
        let app = Arc::new(App::open(&settings).await.expect("it opens"));
        Self {
            router: router(Arc::clone(&app)),
            app,
            data,
        }
    }

    async fn sends(&self, id: &NoteId, body: &str) -> Answer {
        self.sends_with(id, body, &[JSON]).await
    }

    async fn sends_with(&self, id: &NoteId, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::put(format!("/api/notes/{id}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned()));
        let answered = self.router.clone().oneshot(request.expect("a request"));
        let (head, body) = answered.await.expect("infallible").into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("read");
        Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_vec(),
        }
    }

    /// Every row, as text, column by column.
    fn rows(&self) -> Vec<Vec<String>> {
        let database = Connection::open(self.data.path().join("safe-place.db")).expect("it opens");
        let mut query = database
            .prepare("SELECT id, kind, coalesce(how, ''), coalesce(place, ''), day FROM notes ORDER BY arrived")
            .expect("there is a table");
        let row = |row: &rusqlite::Row<'_>| (0..5).map(|at| row.get(at)).collect();
        let rows = query.query_map([], row).expect("readable");
        rows.collect::<Result<_, _>>().expect("text")
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

impl Answer {
    #[track_caller]
    fn is_problem(&self, status: u16, kind: &str) {
        let problem: Problem = serde_json::from_slice(&self.body).expect("a problem");
        assert_eq!((problem.status, problem.r#type.as_str()), (status, kind));
        assert_eq!(self.status.as_u16(), status);
    }

    #[track_caller]
    fn is_noted(&self, status: StatusCode, id: &NoteId) {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        let noted: Noted = serde_json::from_slice(&self.body).expect("noted");
        assert_eq!(noted.noted, *id);
    }
}

#[tokio::test]
async fn a_note_sent_twice_is_counted_once() {
    let scheme = Scheme::start().await;
    let id = note_id(1);
    scheme
        .sends(&id, CLOSED)
        .await
        .is_noted(StatusCode::CREATED, &id);
    scheme
        .sends(&id, CLOSED)
        .await
        .is_noted(StatusCode::OK, &id);
    let other = scheme.sends(&id, HELP).await;
    other.is_problem(422, "/problems/other-bytes");
    assert_eq!(scheme.rows().len(), 1);
}

#[tokio::test]
async fn a_note_keeps_a_kind_a_place_a_day_and_nothing_else() {
    let scheme = Scheme::start().await;
    let today = Timestamp(now()).day().to_string();
    let long_ago = CLOSED.replace("2026-11-22", "2016-11-22");
    let day = |body: &str| body.replace("2026-11-22", &today);
    scheme.sends(&note_id(1), &day(CLOSED)).await;
    scheme.sends(&note_id(2), &day(HELP)).await;
    // A clock that is wrong by years would tell one phone from the others.
    scheme.sends(&note_id(3), &long_ago).await;
    let row = |seed, rest: [&str; 4]| {
        let id = note_id(seed).to_string();
        [id].into_iter().chain(rest.map(str::to_owned)).collect()
    };
    let rows: [Vec<String>; 3] = [
        row(1, ["was-closed", "", "hawthorns-house", &today]),
        row(2, ["help-given", "rang-contact", "", &today]),
        row(3, ["was-closed", "", "hawthorns-house", &today]),
    ];
    assert_eq!(scheme.rows(), rows);
    let database = Connection::open(scheme.data.path().join("safe-place.db")).expect("it opens");
    let mut columns = database
        .prepare("SELECT name FROM pragma_table_info('notes')")
        .expect("there is a table");
    let columns = columns.query_map([], |row| row.get::<_, String>(0));
    let columns: Vec<_> = columns.expect("readable").map(Result::unwrap).collect();
    let known = ["arrived", "id", "body_hash", "kind", "how", "place", "day"];
    assert_eq!(columns, known);
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("after 1970").as_millis() as i64
}

#[tokio::test]
async fn what_is_no_note_is_refused() {
    let scheme = Scheme::start().await;
    let id = note_id(1);
    let malformed = "/problems/malformed";
    for at in 0..CLOSED.len() {
        let cut = scheme.sends(&id, &CLOSED[..at]).await;
        cut.is_problem(400, malformed);
    }
    for odd in [
        CLOSED.replace("}", r#","name":"Ali"}"#),
        CLOSED.replace(":1,", ":2,"),
        CLOSED.replace("was-closed", "was-open"),
        CLOSED.replace("2026-11-22", "2026-11-31"),
        CLOSED.replace("hawthorns-house", "Hawthorns House"),
        CLOSED.replace(r#""place":"hawthorns-house","#, ""),
    ] {
        scheme.sends(&id, &odd).await.is_problem(400, malformed);
    }
    let nowhere = CLOSED.replace("hawthorns-house", "nowhere");
    let answer = scheme.sends(&id, &nowhere).await;
    answer.is_problem(404, "/problems/unknown-place");
    let long = format!("{CLOSED}{}", " ".repeat(MAX_NOTE));
    let answer = scheme.sends(&id, &long).await;
    answer.is_problem(413, "/problems/too-large");
    for headers in [&[][..], &[("content-type", "text/plain")]] {
        let answer = scheme.sends_with(&id, CLOSED, headers).await;
        answer.is_problem(415, "/problems/media-type");
    }
    let crossed = [JSON, ("cookie", "a=b"), ("sec-fetch-site", "cross-site")];
    let answer = scheme.sends_with(&id, CLOSED, &crossed).await;
    answer.is_problem(403, "/problems/cross-origin");
    let short = Request::put("/api/notes/short").header(JSON.0, JSON.1);
    let short = short.body(Body::from(CLOSED)).expect("a request");
    let answered = scheme.router.clone().oneshot(short).await;
    assert_eq!(answered.expect("infallible").status(), 400);
    assert_eq!(scheme.rows(), Vec::<Vec<String>>::new());
}

#[tokio::test]
async fn every_flipped_byte_is_answered() {
    let scheme = Scheme::start().await;
    for at in 0..HELP.len() {
        let mut flipped = HELP.as_bytes().to_vec();
        flipped[at] ^= 0x5;
        let flipped = String::from_utf8(flipped).expect("still ASCII");
        let answer = scheme.sends(&note_id(at as u32), &flipped).await;
        assert!(!answer.status.is_server_error(), "{flipped}");
    }
}

#[tokio::test]
async fn one_address_may_not_flood_and_takes_nothing_from_reports() {
    let scheme = Scheme::with(|settings| {
        settings.notes_per_hour = 2;
        settings.reports_per_hour = 1;
        settings.proxy_header = Some("x-forwarded-for".into());
    })
    .await;
    let from = async |seed: u32, address: &str| {
        let headers = [JSON, ("x-forwarded-for", address)];
        scheme.sends_with(&note_id(seed), CLOSED, &headers).await
    };
    for seed in 0..2 {
        assert_eq!(from(seed, "192.0.2.1").await.status, StatusCode::CREATED);
    }
    let answer = from(2, "192.0.2.1").await;
    answer.is_problem(429, "/problems/too-many");
    assert!(answer.headers.contains_key("retry-after"));
    assert_eq!(from(2, "192.0.2.2").await.status, StatusCode::CREATED);
    let report = Request::put(format!("/api/reports/{}", common::id(1)))
        .header("content-type", domain::wire::REPORT_TYPE)
        .header("x-forwarded-for", "192.0.2.1")
        .body(Body::from(common::body(1)));
    let answered = scheme.router.clone().oneshot(report.expect("a request"));
    let status = answered.await.expect("infallible").status();
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_full_store_puts_notes_off_and_knows_those_it_has() {
    let scheme = Scheme::with(|settings| settings.max_bytes = 2048).await;
    for seed in 0..2 {
        let answer = scheme.sends(&note_id(seed), CLOSED).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let full = scheme.sends(&note_id(2), CLOSED).await;
    full.is_problem(507, "/problems/full");
    let again = scheme.sends(&note_id(1), CLOSED).await;
    again.is_noted(StatusCode::OK, &note_id(1));
    scheme.app.store.close().await;
}

#[test]
fn notes_survive_a_kill_and_are_counted_for_a_coordinator() {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    let server = Server::start(data.path());
    let mut phone = server.phone();
    let today = Timestamp(now()).day();
    let day = |body: &str| body.replace("2026-11-22", &today.to_string());
    for (seed, body) in [(1, CLOSED), (2, CLOSED), (3, HELP)] {
        let (status, _) = phone.note(&note_id(seed), &day(body)).expect("an answer");
        assert_eq!(status, 201);
    }
    server.signal("-KILL");
    drop(server);
    let count = |from: &str, to: &str| {
        let output = program(data.path())
            .args(["notes", "--from", from, "--to", to])
            .output()
            .expect("it runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let today = today.to_string();
    let table = "place,name,kind,how,count\nhawthorns-house,Hawthorns House,was-closed,,2\n,,help-given,rang-contact,1\n";
    assert_eq!(count(&today, &today).1, table);
    assert_eq!(
        count("2000-01-01", "2000-12-31").1,
        "place,name,kind,how,count\n"
    );
    let (code, _, said) = count("2026-11-22", "2026-11-21");
    assert_eq!(code, Some(2));
    assert!(said.contains("2026-11-22 is after 2026-11-21"), "{said}");
    let (code, _, said) = count("yesterday", "2026-11-21");
    assert_eq!(code, Some(2));
    assert!(said.contains("a day is written as"), "{said}");
    let out = data.path().join("notes.csv");
    let status = program(data.path())
        .args(["notes", "--from", &today, "--to", &today, "--out"])
        .arg(&out)
        .status();
    assert!(status.expect("it runs").success());
    assert_eq!(fs::read_to_string(out).expect("written"), table);
}
