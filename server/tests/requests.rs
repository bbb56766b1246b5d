//! People making requests: the real router, a real database each.

mod common;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use common::{body, envelope, id, put_keys, sized, token};
use data_encoding::BASE64URL_NOPAD;
use domain::delta::{Applied, Cursor, Delta, Held, apply};
use domain::wire::{
    MAX_ENVELOPE, MAX_LABEL, MAX_SEALED, MailboxState, Problem, REPORT_TYPE, ReportState, Scheme,
    Stored,
};
use serde::de::DeserializeOwned;
use server::assets::Site;
use server::config::Settings;
use server::router::router;
use server::serve::App;
use server::store::sqlite::{Limits, Sqlite};
use server::{keyset, scheme};
use tempfile::TempDir;
use tower::ServiceExt;

/// A server in this process, and its data folder.
struct Server {
    router: Router,
    data: TempDir,
    _site: Option<TempDir>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Server {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path(), 2);
        let mut settings = settings(&data);
        change(&mut settings);
        let app = App::open(&settings).await.expect("it opens");
        Self {
            router: router(Arc::new(app)),
            data,
            _site: None,
        }
    }

    /// With a small phone app.
    async fn with_site() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let write =
            |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        fs::create_dir(folder.path().join("x")).expect("a folder");
        let page = "<html lang=\"{{lang}}\"><link rel=\"stylesheet\" href=\"/x/style.1a2b.css\"><title>{{name}}</title>";
        write(
            "index.html",
            &format!("{page}{}", "<p>words words words</p>".repeat(50)),
        );
        write("centre.html", "<title>{{name}}</title>centre");
        write(
            "manifest.webmanifest",
            "{\"name\":\"{{name}}\",\"description\":\"{{description}}\"}",
        );
        write("sw.js", "const VERSION='{{version}}',FILES={{precache}};");
        write("precache.json", "[\"/\",\"/x/app.0f.wasm\"]");
        write("x/app.0f.wasm", "plain");
        write("x/app.0f.wasm.br", "brotli");
        write("x/app.0f.wasm.gz", "gzip");
        let site = Some(folder.path().to_owned());
        let mut server = Self::with(|settings| settings.site = site).await;
        server._site = Some(folder);
        server
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX)
            .await
            .expect("a body");
        Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_vec(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(request(Method::GET, path, headers, Body::empty()))
            .await
    }

    async fn put(&self, seed: u32, body: impl Into<Body>) -> Answer {
        let path = format!("/api/reports/{}", id(seed));
        self.ask(request(Method::PUT, &path, &[REPORT], body.into()))
            .await
    }

    async fn pull(&self, cursor: &Cursor, limit: usize) -> Delta {
        self.get(&format!("/api/places?after={}&limit={limit}", cursor.0))
            .await
            .json()
    }
}

const REPORT: (&str, &str) = ("content-type", REPORT_TYPE);

fn settings(data: &TempDir) -> Settings {
    Settings {
        data: data.path().to_owned(),
        site: None,
        ..Settings::default()
    }
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).expect("a request")
}

impl Answer {
    #[track_caller]
    fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    #[track_caller]
    fn is_problem(&self, status: u16, kind: &str) {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem: Problem = self.json();
        assert_eq!((problem.status, problem.r#type.as_str()), (status, kind));
        assert_eq!(self.status.as_u16(), status);
    }
}

#[tokio::test]
async fn a_report_sent_twice_after_a_lost_answer_is_stored_once() {
    let server = Server::start().await;
    let first = server.put(1, body(1)).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = server.put(1, body(1)).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(first.json::<Stored>(), again.json::<Stored>());
    let scheme: Scheme = server.get("/api/scheme").await.json();
    assert_eq!(scheme.epoch, again.json::<Stored>().epoch);
}

#[tokio::test]
async fn other_bytes_under_the_same_id_are_refused() {
    let server = Server::start().await;
    server.put(1, body(1)).await;
    server
        .put(1, body(2))
        .await
        .is_problem(422, "/problems/other-bytes");
}

#[tokio::test]
async fn what_is_no_envelope_is_refused() {
    let server = Server::start().await;
    let malformed = "/problems/malformed";
    server.put(1, "").await.is_problem(400, malformed);
    server.put(1, "{").await.is_problem(400, malformed);
    server.put(1, "[1,2]").await.is_problem(400, malformed);
    server
        .put(1, vec![0xFF; 100])
        .await
        .is_problem(400, malformed);
    let whole = envelope(1, 100);
    let label = serde_json::to_value(&whole.label).expect("plain data");
    for (key, value) in [
        ("version", serde_json::json!(2)),
        ("version", serde_json::json!("1")),
        ("version", serde_json::json!(-1)),
        ("centre", serde_json::json!(null)),
        ("sealed", serde_json::json!("YWdl")),
        ("extra", serde_json::json!(1)),
    ] {
        let mut odd = label.clone();
        odd[key] = value;
        let odd = [odd.to_string().as_bytes(), b"\n", &whole.sealed].concat();
        server.put(1, odd).await.is_problem(400, malformed);
    }
    let line = label.to_string();
    let padded = format!("{line}{}\n", " ".repeat(MAX_LABEL + 1 - line.len()));
    for (body, why) in [
        (line.clone(), "line"),
        (padded + "age-encryption.org/v1\n", "line"),
        (format!("{line}\nnot sealed"), "age file"),
        (format!("{line}\nage-encryption.org/v1\n"), "as long"),
        ("not a label\nage-encryption.org/v1\n".into(), "label"),
    ] {
        let answer = server.put(1, body).await;
        answer.is_problem(400, malformed);
        let detail = answer.json::<Problem>().detail.unwrap_or_default();
        assert!(detail.contains(why), "{why}: {detail}");
    }
    server
        .ask(request(
            Method::PUT,
            "/api/reports/short",
            &[REPORT],
            body(1).into(),
        ))
        .await
        .is_problem(400, malformed);
}

#[tokio::test]
async fn every_cut_and_every_flipped_byte_is_answered() {
    let server = Server::with(|settings| settings.reports_per_hour = 0).await;
    let whole = body(1);
    for at in 0..whole.len() {
        let cut = server.put(1, whole[..at].to_vec()).await;
        cut.is_problem(400, "/problems/malformed");
        let mut flipped = whole.clone();
        flipped[at] ^= 0x5A;
        let answer = server.put(2, flipped).await;
        assert!(
            !answer.status.is_server_error() || answer.status == 503,
            "{at}: {}",
            answer.text()
        );
    }
    let longer = [&whole[..], b"x"].concat();
    server
        .put(1, longer)
        .await
        .is_problem(400, "/problems/malformed");
    // Nothing of all that was kept under this id.
    assert_eq!(server.put(1, whole).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn wrong_type_centre_and_keyset_each_get_their_answer() {
    let server = Server::start().await;
    let path = format!("/api/reports/{}", id(1));
    let json = [("content-type", "application/json")];
    for headers in [&[][..], &[("content-type", "text/plain")], &json] {
        let answer = server
            .ask(request(Method::PUT, &path, headers, body(1).into()))
            .await;
        answer.is_problem(415, "/problems/media-type");
    }
    let with_parameter = [("content-type", "Application/vnd.safe-place.report; v=1")];
    let answer = server
        .ask(request(Method::PUT, &path, &with_parameter, body(1).into()))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let sent = |envelope: &domain::wire::Envelope| envelope.to_bytes().expect("plain data");
    let mut elsewhere = envelope(2, 100);
    elsewhere.label.centre = "elsewhere".into();
    server
        .put(2, sent(&elsewhere))
        .await
        .is_problem(404, "/problems/unknown-centre");
    let mut ahead = envelope(2, 100);
    ahead.label.keyset = 3;
    let answer = server.put(2, sent(&ahead)).await;
    answer.is_problem(503, "/problems/keyset-ahead");
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_report_for_a_centre_that_has_left_the_scheme_since_is_taken() {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    let before = sample_copy();
    let file = before.path().join("scheme.toml");
    let with_both = fs::read_to_string(&file).expect("there")
        + "\n[[centres]]\nid = \"elsewhere\"\nname = \"Elsewhere\"\n";
    fs::write(&file, with_both).expect("written");
    let with_it = Settings {
        scheme: Some(before.path().into()),
        ..settings(&data)
    };
    let opened = App::open(&with_it).await.expect("it opens");
    opened.store.close().await;
    drop(opened);
    let opened = App::open(&settings(&data)).await.expect("it opens");
    let server = Server {
        router: router(Arc::new(opened)),
        data,
        _site: None,
    };
    let mut asleep = envelope(1, 100);
    asleep.label.centre = "elsewhere".into();
    let body = asleep.to_bytes().expect("plain data");
    assert_eq!(server.put(1, body).await.status, StatusCode::CREATED);
    let scheme: Scheme = server.get("/api/scheme").await.json();
    assert!(scheme.centres.iter().all(|one| one.id != "elsewhere"));
}

#[tokio::test]
async fn a_report_may_be_as_large_as_said_and_no_larger() {
    let server = Server::start().await;
    assert_eq!(
        server.put(1, sized(1, MAX_SEALED)).await.status,
        StatusCode::CREATED
    );
    server
        .put(2, sized(2, MAX_SEALED + 1))
        .await
        .is_problem(413, "/problems/too-large");
    server
        .put(2, vec![b' '; MAX_ENVELOPE + 1])
        .await
        .is_problem(413, "/problems/too-large");
    let announced = [REPORT, ("content-length", "99999999999")];
    let path = format!("/api/reports/{}", id(3));
    let answer = server
        .ask(request(Method::PUT, &path, &announced, Body::empty()))
        .await;
    answer.is_problem(413, "/problems/too-large");
}

#[tokio::test]
async fn a_mailbox_opens_to_its_holder_and_looks_empty_to_everyone_else() {
    let server = Server::start().await;
    server.put(1, body(1)).await;
    let path = |seed| format!("/api/mailboxes/{}", envelope(seed, 0).label.mailbox.id);
    let bearer = |seed| format!("Bearer {}", BASE64URL_NOPAD.encode(&token(seed)));
    let opened = server
        .get_with(&path(1), &[("authorization", &bearer(1))])
        .await;
    assert_eq!(
        opened.json::<MailboxState>().report,
        Some(ReportState::Received)
    );
    assert_eq!(opened.header("cache-control"), "no-store");
    let unknown = server
        .get_with(&path(2), &[("authorization", &bearer(2))])
        .await;
    for answer in [
        server
            .get_with(&path(1), &[("authorization", &bearer(2))])
            .await,
        server
            .get_with(&path(1), &[("authorization", "Basic x")])
            .await,
        server
            .get_with(&path(1), &[("authorization", "Bearer !")])
            .await,
        server.get(&path(1)).await,
    ] {
        assert_eq!(
            (answer.status, &answer.headers, &answer.body),
            (unknown.status, &unknown.headers, &unknown.body)
        );
    }
    assert_eq!(unknown.json::<MailboxState>().report, None);
    server
        .get("/api/mailboxes/x")
        .await
        .is_problem(400, "/problems/malformed");
}

#[tokio::test]
async fn a_full_store_says_so_and_still_knows_what_it_has() {
    let server = Server::with(|settings| settings.max_bytes = 2048).await;
    for seed in 1..=2 {
        assert_eq!(
            server.put(seed, body(seed)).await.status,
            StatusCode::CREATED
        );
    }
    let full = server.put(3, body(3)).await;
    full.is_problem(507, "/problems/full");
    assert!(!full.header("retry-after").is_empty());
    assert_eq!(server.put(1, body(1)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_answered() {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    let limits = Limits {
        max_bytes: 0,
        queue: 8,
        max_pages: Some(60),
    };
    let store = Arc::new(Sqlite::open(data.path(), limits).expect("it opens"));
    let scheme = scheme::load(None).expect("the sample");
    let keyset = keyset::load(data.path(), &scheme).expect("keys");
    let settings = settings(&data);
    let app = App::assemble(&settings, scheme, Site::default(), keyset, store)
        .await
        .expect("it opens");
    let server = Server {
        router: router(Arc::new(app)),
        data,
        _site: None,
    };
    let mut stored = Vec::new();
    let full = loop {
        let seed = stored.len() as u32;
        let answer = server.put(seed, sized(seed, 20_000)).await;
        if answer.status != StatusCode::CREATED {
            break answer;
        }
        stored.push(seed);
    };
    full.is_problem(507, "/problems/full");
    assert!(!stored.is_empty());
    assert_eq!(server.get("/readyz").await.status, StatusCode::OK);
    for seed in stored {
        let held =
            server::store::sqlite::sealed_report(server.data.path(), &id(seed)).expect("readable");
        assert_eq!(held, Some(envelope(seed, 20_000).sealed));
    }
}

#[tokio::test]
async fn one_address_may_not_flood() {
    let server = Server::with(|settings| {
        settings.reports_per_hour = 3;
        settings.proxy_header = Some("x-forwarded-for".into());
    })
    .await;
    let from = async |seed: u32, address: &str| {
        let headers = [REPORT, ("x-forwarded-for", address)];
        let path = format!("/api/reports/{}", id(seed));
        server
            .ask(request(Method::PUT, &path, &headers, body(seed).into()))
            .await
    };
    for seed in 0..3 {
        assert_eq!(
            from(seed, "9.9.9.9, 192.0.2.1").await.status,
            StatusCode::CREATED
        );
    }
    let answer = from(3, "8.8.8.8, 192.0.2.1").await;
    answer.is_problem(429, "/problems/too-many");
    assert!(
        answer
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds <= 3600)
    );
    assert_eq!(from(3, "192.0.2.2").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_scheme_is_fetched_once_until_something_changes() {
    let server = Server::start().await;
    let first = server.get("/api/scheme").await;
    let scheme: Scheme = first.json();
    assert_eq!(
        (scheme.name.as_str(), scheme.root.as_str(), scheme.demo),
        ("Safe Place", "cm9vdA==", true)
    );
    assert_eq!(scheme.backed_up_through, 0);
    let tag = first.header("etag");
    let again = server
        .get_with("/api/scheme", &[("if-none-match", tag)])
        .await;
    assert_eq!(
        (again.status, again.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
    server.put(1, body(1)).await;
    let file = server.data.path().join("copy.db");
    let mark = server::store::sqlite::backup(server.data.path(), &file)
        .expect("it works beside the server");
    let after = server
        .get_with("/api/scheme", &[("if-none-match", tag)])
        .await;
    assert_eq!(after.json::<Scheme>().backed_up_through, mark);
}

#[tokio::test]
async fn places_come_page_by_page_and_add_up() {
    let server = Server::start().await;
    let mut held = Held::default();
    let held = loop {
        let delta = server.pull(&held.cursor, 3).await;
        assert!(delta.places.len() <= 3);
        match apply(held, delta) {
            Applied::Partly(more) => held = more,
            Applied::Whole(whole) => break whole,
            Applied::Differs => panic!("the pages do not add up"),
        }
    };
    let listed = scheme::load(None).expect("the sample").places;
    assert_eq!(held.places.len(), listed.len());
    let path = format!("/api/places?after={}", held.cursor.0);
    let nothing = server.get(&path).await;
    assert!(nothing.json::<Delta>().places.is_empty());
    let again = server
        .get_with(&path, &[("if-none-match", nothing.header("etag"))])
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let odd = server.pull(&Cursor("not-ours".into()), 500).await;
    assert_eq!(odd.places.len(), listed.len());
    server
        .get("/api/places?limit=0")
        .await
        .is_problem(400, "/problems/malformed");
    server
        .get("/api/places?limit=x")
        .await
        .is_problem(400, "/problems/malformed");
}

#[tokio::test]
async fn a_phone_follows_the_list_from_one_start_to_the_next() {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    let folder = sample_copy();
    let settings = Settings {
        scheme: Some(folder.path().to_owned()),
        ..settings(&data)
    };
    let open = async || {
        let app = Arc::new(App::open(&settings).await.expect("it opens"));
        (router(Arc::clone(&app)), app)
    };
    let pull = async |router: Router, cursor: &str| {
        let path = format!("/api/places?after={cursor}");
        let request = request(Method::GET, &path, &[], Body::empty());
        let response = router.oneshot(request).await.expect("infallible");
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body");
        serde_json::from_slice::<Delta>(&body).expect("a delta")
    };
    let (router, app) = open().await;
    let Applied::Whole(held) = apply(Held::default(), pull(router, "").await) else {
        panic!("whole")
    };
    app.store.close().await;
    drop(app);
    let list = folder.path().join("places.csv");
    let text = fs::read_to_string(&list).expect("readable");
    let kept: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with("cape-hall,"))
        .collect();
    fs::write(
        &list,
        kept.join("\n").replace("Copper Kettle", "Silver Kettle"),
    )
    .expect("written");
    let (router, _app) = open().await;
    let delta = pull(router, &held.cursor.0).await;
    assert_eq!((delta.places.len(), delta.gone.len()), (1, 1));
    let Applied::Whole(now) = apply(held.clone(), delta) else {
        panic!("whole")
    };
    assert_eq!(now.places.len() + 1, held.places.len());
}

fn sample_copy() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample");
    for name in ["scheme.toml", "places.csv", "services.toml"] {
        fs::copy(sample.join(name), folder.path().join(name)).expect("copied");
    }
    folder
}

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_done_is_said() {
    let server = Server::with_site().await;
    server
        .get("/api/nothing")
        .await
        .is_problem(404, "/problems/not-found");
    server
        .get("/api")
        .await
        .is_problem(404, "/problems/not-found");
    let delete = request(Method::DELETE, "/api/scheme", &[], Body::empty());
    let answer = server.ask(delete).await;
    answer.is_problem(405, "/problems/method-not-allowed");
    assert!(answer.header("allow").contains("GET"));
    let post = request(Method::POST, "/", &[], Body::empty());
    server
        .ask(post)
        .await
        .is_problem(405, "/problems/method-not-allowed");
    let path = format!("/api/reports/{}", id(1));
    let crossed = [REPORT, ("cookie", "a=b"), ("sec-fetch-site", "cross-site")];
    server
        .ask(request(Method::PUT, &path, &crossed, body(1).into()))
        .await
        .is_problem(403, "/problems/cross-origin");
}

#[tokio::test]
async fn the_app_is_filled_in_compressed_and_cached_as_it_should_be() {
    let server = Server::with_site().await;
    for path in ["/", "/help", "/card/edit", "/settings"] {
        let page = server.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            page.text().contains("<html lang=\"en\">")
                && page.text().contains("<title>Safe Place<")
        );
        assert_eq!(page.header("cache-control"), "no-cache");
    }
    let lost = server.get("/nowhere").await;
    assert_eq!(
        (lost.status, lost.header("content-type")),
        (StatusCode::NOT_FOUND, "text/html; charset=utf-8")
    );
    assert!(server.get("/centre").await.text().ends_with("centre"));
    let wasm = server
        .get_with("/x/app.0f.wasm", &[("accept-encoding", "gzip, br")])
        .await;
    assert_eq!(
        (wasm.text().as_str(), wasm.header("content-encoding")),
        ("brotli", "br")
    );
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(
        wasm.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let gzip = server
        .get_with("/x/app.0f.wasm", &[("accept-encoding", "br;q=0,gzip")])
        .await;
    assert_eq!(
        (gzip.text().as_str(), gzip.header("vary")),
        ("gzip", "accept-encoding")
    );
    let plain = server.get("/x/app.0f.wasm").await;
    assert_eq!(
        (plain.text().as_str(), plain.header("content-encoding")),
        ("plain", "")
    );
    let page = server.get_with("/", &[("accept-encoding", "br")]).await;
    assert_eq!(page.header("content-encoding"), "br");
    let again = [
        ("accept-encoding", "br"),
        ("if-none-match", page.header("etag")),
    ];
    assert_eq!(
        server.get_with("/help", &again).await.status,
        StatusCode::NOT_MODIFIED
    );
    let manifest = server.get("/manifest.webmanifest").await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    assert_eq!(manifest.json::<serde_json::Value>()["name"], "Safe Place");
    let head = server
        .ask(request(Method::HEAD, "/x/app.0f.wasm", &[], Body::empty()))
        .await;
    assert_eq!((head.body.len(), head.header("content-length")), (0, "5"));
    let worker = server.get("/sw.js").await.text();
    assert!(
        worker.contains("\"/\":\"")
            && worker.contains("\"/x/app.0f.wasm\":\"")
            && !worker.contains("{{")
    );
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let server = Server::with_site().await;
    for path in [
        "/",
        "/api/scheme",
        "/api/nothing",
        "/list",
        "/x/app.0f.wasm",
        "/healthz",
    ] {
        let answer = server.get(path).await;
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'; script-src 'self'")
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(
            answer
                .header("permissions-policy")
                .contains("camera=(self)")
        );
        assert_eq!(answer.header("strict-transport-security"), "");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let secure = Server::with(|settings| settings.public_url = "https://safe.example".into()).await;
    let answer = secure.get("/healthz").await;
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn the_plain_list_is_small_complete_and_honest() {
    let server = Server::with_site().await;
    let list = server.get("/list").await;
    let text = list.text();
    assert!(list.body.len() <= 20 * 1024, "{} bytes", list.body.len());
    assert!(!text.contains("<script") && !text.contains("style="));
    assert!(text.contains("<link rel=\"stylesheet\" href=\"/x/style.1a2b.css\">"));
    for link in [
        "tel:999",
        "tel:101",
        "tel:111",
        "tel:116123",
        "sms:85258",
        "tel:01214960101",
    ] {
        assert!(text.contains(&format!("href=\"{link}")), "{link}");
    }
    for place in scheme::load(None).expect("the sample").places {
        assert!(
            text.contains(&server::assets::escape_html(&place.name)),
            "{}",
            place.name
        );
    }
    let at = text.find("<h3>Hawthorns House</h3>").expect("it is listed");
    let real = text[at..].split("</li>").next().unwrap_or_default();
    assert!(!real.contains("class=\"tag\"") && !real.contains("tel:"));
}

#[tokio::test]
async fn a_watcher_is_answered() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.text(), "ok\n");
    assert_eq!(server.get("/readyz").await.text(), "ready\n");
    let description: serde_json::Value = server.get("/api/openapi.json").await.json();
    assert!(description["paths"]["/api/reports/{id}"]["put"].is_object());
}
