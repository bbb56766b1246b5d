//! A phone fetching the deployment's street pack in parts, from the real router.

mod common;

use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use server::config::Settings;
use server::router::router;
use server::serve::App;
use tempfile::TempDir;
use tower::ServiceExt;

/// A real pack, of a few streets.
const STREETS: &[u8] = include_bytes!("../../tests/fixtures/streets-leeds.pmtiles");

struct Server {
    router: Router,
    _data: TempDir,
}

impl Server {
    async fn with(pack: Option<&[u8]>) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        common::put_keys(data.path(), 2);
        if let Some(pack) = pack {
            fs::write(data.path().join("streets.pmtiles"), pack).expect("it is ours");
        }
        let settings = Settings {
            data: data.path().to_owned(),
            site: None,
            ..Settings::default()
        };
        let app = App::open(&settings).await.expect("it opens");
        Self {
            router: router(Arc::new(app)),
            _data: data,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, String, Vec<u8>) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("answers");
        let (head, body) = answer.into_parts();
        let range = head.headers.get("content-range");
        let range = range
            .map_or("", |range| range.to_str().expect("text"))
            .to_owned();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        (head.status, range, body.to_vec())
    }

    async fn offer(&self) -> Value {
        let (status, _, body) = self.get("/api/map", &[]).await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice(&body).expect("JSON")
    }
}

#[tokio::test]
async fn parts_of_the_street_pack_make_the_whole() {
    let server = Server::with(Some(STREETS)).await;
    let offer = server.offer().await;
    assert_eq!(offer["streets"]["bytes"], STREETS.len());
    let tag = format!("\"{}\"", offer["streets"]["tag"].as_str().expect("a tag"));
    let mut whole = Vec::new();
    while whole.len() < STREETS.len() {
        let range = format!("bytes={}-{}", whole.len(), whole.len() + 4_999);
        let (status, told, part) = server
            .get("/api/map/streets", &[("range", &range), ("if-match", &tag)])
            .await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT);
        let to = whole.len() + part.len() - 1;
        assert_eq!(
            told,
            format!("bytes {}-{to}/{}", whole.len(), STREETS.len())
        );
        whole.extend(part);
    }
    assert_eq!(whole, STREETS);
}

#[tokio::test]
async fn a_part_of_another_pack_after_the_end_or_of_no_range_is_refused() {
    let server = Server::with(Some(STREETS)).await;
    let asks = async |headers: &[(&str, &str)]| server.get("/api/map/streets", headers).await;
    let (status, ..) = asks(&[("range", "bytes=0-9"), ("if-match", "\"older\"")]).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    let (status, told, _) = asks(&[("range", "bytes=99999999-")]).await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(told, format!("bytes */{}", STREETS.len()));
    assert_eq!(asks(&[]).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_pack_that_is_cut_short_is_not_offered_and_the_server_starts() {
    let server = Server::with(Some(&STREETS[..STREETS.len() - 1])).await;
    assert_eq!(server.offer().await, json!({ "streets": null }));
    let (status, ..) = server
        .get("/api/map/streets", &[("range", "bytes=0-9")])
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
