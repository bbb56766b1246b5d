//! A server in the test's own process, and requests to it, for what follows reports and their mailboxes.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::id::{PartId, Sha256};
use domain::wire::{Envelope, Part, Problem, REPORT_TYPE, Stored};
use server::config::Settings;
use server::router::router;
use server::serve::App;
use sha2::Digest;
use tempfile::TempDir;
use tower::ServiceExt;

use super::{bits, envelope, id, put_keys};

pub struct Server {
    pub router: Router,
    pub app: Arc<App>,
}

pub struct Answer {
    pub status: StatusCode,
    pub offset: Option<u32>,
    pub complete: Option<bool>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn stored(&self) -> Stored {
        serde_json::from_slice(&self.body).expect("stored")
    }

    pub fn kind(&self) -> String {
        let problem: Problem = serde_json::from_slice(&self.body).expect("a problem");
        problem.r#type
    }
}

pub async fn server(data: &Path, change: impl FnOnce(&mut Settings)) -> Server {
    put_keys(data, 2);
    let mut settings = Settings {
        data: data.to_owned(),
        site: None,
        reports_per_hour: 0,
        ..Settings::default()
    };
    change(&mut settings);
    let app = Arc::new(App::open(&settings).await.expect("it opens"));
    Server {
        router: router(Arc::clone(&app)),
        app,
    }
}

pub async fn started() -> (Server, TempDir) {
    let data = tempfile::tempdir().expect("a folder");
    (server(data.path(), |_| {}).await, data)
}

/// The bytes of a part, of which no two kilobytes are alike.
pub fn bytes(n: u32, length: usize) -> Vec<u8> {
    let block = |at: u32| sha2::Sha256::digest([n.to_be_bytes(), at.to_be_bytes()].concat());
    let mut bytes: Vec<u8> = (0..=length as u32 / 32).flat_map(block).collect();
    bytes.truncate(length);
    bytes
}

pub fn part(n: u32, bytes: &[u8]) -> Part {
    Part {
        id: PartId::from_random(bits(n)),
        length: bytes.len() as u32,
        sha256: Sha256(sha2::Sha256::digest(bytes).into()),
    }
}

/// A report with these parts.
pub fn report(seed: u32, parts: Vec<Part>) -> Vec<u8> {
    let plain = envelope(seed, 300);
    let mut label = plain.label;
    label.version = 2;
    label.reply = Some(format!("age1{}", "q".repeat(58)));
    label.parts = parts;
    let sealed = plain.sealed;
    Envelope { label, sealed }.to_bytes().expect("plain data")
}

impl Server {
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().expect("text").to_owned())
        };
        let (offset, complete) = (header("upload-offset"), header("upload-complete"));
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        Answer {
            status,
            offset: offset.map(|text| text.parse().expect("a number")),
            complete: complete.map(|text| text == "?1"),
            body: body.expect("a body").to_vec(),
        }
    }

    pub async fn put(&self, seed: u32, body: Vec<u8>) -> Answer {
        let path = format!("/api/reports/{}", id(seed));
        let kind = [("content-type", REPORT_TYPE)];
        self.ask(Method::PUT, &path, &kind, body.into()).await
    }

    pub async fn head(&self, seed: u32, part: &Part) -> Answer {
        let path = format!("/api/reports/{}/parts/{}", id(seed), part.id);
        self.ask(Method::HEAD, &path, &[], Body::empty()).await
    }

    pub async fn patch(
        &self,
        seed: u32,
        part: &Part,
        offset: u32,
        body: impl Into<Body>,
    ) -> Answer {
        let path = format!("/api/reports/{}/parts/{}", id(seed), part.id);
        let offset = offset.to_string();
        let headers = [
            ("content-type", "application/partial-upload"),
            ("upload-offset", &*offset),
        ];
        self.ask(Method::PATCH, &path, &headers, body.into()).await
    }

    pub async fn commit(&self, seed: u32) -> Answer {
        let path = format!("/api/reports/{}/commit", id(seed));
        self.ask(Method::POST, &path, &[], Body::empty()).await
    }
}
