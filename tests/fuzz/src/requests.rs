//! Requests as they come over the network: paths, headers and bodies, to the real router and a real database.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use server::config::Settings;
use server::router::router;
use server::serve::App;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use crate::Decoder;
use crate::phone::ID;

const REPORT: &str = r#"{"version":1,"centre":"hawthorns","keyset":1,"mailbox":{"id":"mfrggzdfmztwq2lknnwg23tpoa","token_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"length":22,"parts":[{"id":"mfrggzdfmztwq2lknnwg23tpoa","length":300,"sha256":"0202020202020202020202020202020202020202020202020202020202020202"}]}
age-encryption.org/v1
"#;

/// A line for method and path, lines for headers, an empty line, the body.
pub fn decoder() -> Decoder {
    let server = Server::open();
    let report = format!(
        "PUT /api/reports/{ID}\ncontent-type: application/vnd.safe-place.report\n\n{REPORT}"
    );
    let part = format!("/api/reports/{ID}/parts/{ID}");
    let seeds = [
        report,
        format!("HEAD {part}\n\n"),
        format!(
            "PATCH {part}\ncontent-type: application/partial-upload\nupload-offset: 0\nupload-complete: ?0\ncontent-length: 3\n\nabc"
        ),
        format!("POST /api/reports/{ID}/commit\n\n"),
        format!("GET /api/mailboxes/{ID}\nauthorization: Bearer AAAA\n\n"),
        "GET /api/map/streets\nrange: bytes=0-5\nif-match: \"x\"\n\n".to_owned(),
        "GET /api/places?since=x-7&limit=5\nif-none-match: W/\"x\", *\n\n".to_owned(),
        "GET /list?language=en\naccept-encoding: br;q=0.5, gzip\naccept-language: pl\n\n".to_owned(),
        "GET /api/oruk/services?page=1&per_page=5\n\n".to_owned(),
        "POST /manage/AAAA\ncontent-type: multipart/form-data; boundary=x\norigin: http://localhost\nhost: localhost\n\n--x\r\ncontent-disposition: form-data; name=\"c0\"\r\n\r\non\r\n--x--\r\n".to_owned(),
    ];
    let seeds = seeds.map(String::into_bytes).to_vec();
    Decoder::new("request", seeds, move |bytes| server.answers(bytes))
}

struct Server {
    runtime: Runtime,
    router: Router,
    _data: TempDir,
}

impl Server {
    fn open() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path());
        let streets = include_bytes!("../../fixtures/streets-leeds.pmtiles");
        std::fs::write(data.path().join("streets.pmtiles"), streets).expect("written");
        let settings = Settings {
            data: data.path().to_owned(),
            site: None,
            reports_per_hour: 0,
            notes_per_hour: 0,
            ..Settings::default()
        };
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let app = runtime.block_on(App::open(&settings)).expect("it opens");
        Self {
            runtime,
            router: router(Arc::new(app)),
            _data: data,
        }
    }

    /// Whether it was a request at all, and no fault of the server came back.
    fn answers(&self, bytes: &[u8]) -> bool {
        let Some(request) = request(bytes) else {
            return false;
        };
        let status = self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await;
            let (head, body) = answer.expect("infallible").into_parts();
            drop(axum::body::to_bytes(body, 64 << 20).await.expect("a body"));
            head.status
        });
        assert_ne!(status.as_u16(), 500);
        true
    }
}

fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let end = bytes.windows(2).position(|two| two == b"\n\n")?;
    let mut lines = bytes[..end].split(|byte| *byte == b'\n');
    let mut line = lines.next()?.splitn(2, |byte| *byte == b' ');
    let mut request = Request::builder().method(line.next()?).uri(line.next()?);
    for header in lines {
        let at = header.iter().position(|byte| *byte == b':')?;
        request = request.header(&header[..at], header[at + 1..].trim_ascii());
    }
    request.body(Body::from(bytes[end + 2..].to_vec())).ok()
}

fn put_keys(data: &Path) {
    let keys = data.join("keys");
    std::fs::create_dir_all(&keys).expect("a folder");
    let keyset = r#"{"keyset":"{\"version\":1}","signature":""}"#;
    std::fs::write(keys.join("keyset.json"), keyset).expect("written");
    std::fs::write(keys.join("root.pub"), "cm9vdA==\n").expect("written");
}
