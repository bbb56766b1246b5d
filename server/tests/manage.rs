//! Managers with a signed link, at a real server with a real database.

mod common;

use std::io::Cursor;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use common::put_keys;
use domain::place::{Offer, Place};
use domain::time::{DAY, Timestamp};
use image::{ImageFormat, Rgb, RgbImage};
use server::arrival;
use server::config::Settings;
use server::links::{Key, Link, Purpose};
use server::record::Status;
use server::router::router;
use server::serve::App;
use server::store::sqlite::Ledger;
use tempfile::TempDir;
use tower::ServiceExt;

const LIBRARY: &str = "lantern-library";
const EDGE: &str = "------------------------edge";

struct Server {
    router: Router,
    data: TempDir,
}

impl Server {
    async fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path(), 2);
        let settings = Settings {
            data: data.path().to_owned(),
            site: None,
            ..Settings::default()
        };
        let app = App::open(&settings).await.expect("it opens");
        Self {
            router: router(Arc::new(app)),
            data,
        }
    }

    fn ledger(&self) -> Ledger {
        Ledger::open(self.data.path()).expect("it opens")
    }

    /// A link as the coordinator's command makes it, at some time.
    fn link_made(&self, at: Timestamp) -> String {
        let place = LIBRARY.parse().expect("an id");
        let link = Key::draw(place, Purpose::Confirm, at).expect("randomness");
        self.ledger().made(&link, at).expect("kept");
        self.signed(&link)
    }

    fn signed(&self, link: &Link) -> String {
        let key = Key::load(self.data.path()).expect("a key");
        format!("/manage/{}", key.sign(link))
    }

    fn link(&self) -> String {
        self.link_made(arrival::now())
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await;
        let (head, body) = response.expect("infallible").into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await;
        (head.status, body.expect("a body").to_vec())
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::builder().uri(path).body(Body::empty());
        let (status, body) = self.ask(request.expect("a request")).await;
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        self.send_with(path, fields, None).await
    }

    async fn send_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        photo: Option<&[u8]>,
    ) -> (StatusCode, String) {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head =
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        if let Some(photo) = photo {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"door.png\"\r\nContent-Type: image/png\r\n\r\n"
            );
            body.extend([head.as_bytes(), photo, b"\r\n"].concat());
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(
                "content-type",
                format!("multipart/form-data; boundary={EDGE}"),
            )
            .body(body.into());
        let (status, body) = self.ask(request.expect("a request")).await;
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    /// The library as phones are given it; `None` where they are not.
    async fn library(&self) -> Option<Place> {
        let (_, body) = self.get("/api/places").await;
        let delta: domain::delta::Delta = serde_json::from_str(&body).expect("a delta");
        delta
            .places
            .into_iter()
            .find(|place| place.id.as_str() == LIBRARY)
    }

    fn history(&self) -> Vec<String> {
        let id = LIBRARY.parse().expect("an id");
        let changes = self.ledger().history(&id).expect("readable").into_iter();
        let by_link = changes.filter(|change| change.who == "manager by link");
        by_link.map(|change| change.field).collect()
    }
}

/// Everything ticked, open on Mondays and Tuesdays.
const SAID: &[(&str, &str)] = &[
    ("c0", "on"),
    ("c1", "on"),
    ("c2", "on"),
    ("c3", "on"),
    ("hours", "form"),
    ("d0", "open"),
    ("d0a", "09:00"),
    ("d0b", "17:00"),
    ("d1", "open"),
    ("d1a", "09:00"),
    ("d1b", "17:00"),
    ("ph", "closed"),
    ("x0f", "2099-12-24"),
    ("x0l", "2100-01-02"),
    ("x0", "closed"),
    ("telephone", "0121 496 0199"),
    ("door", "The <red> door"),
    ("offer-toilets", "on"),
    ("trained", "2026-11-01"),
    ("trained_who", "Sam and Jo"),
];

#[tokio::test]
async fn what_a_manager_says_reaches_phones_and_the_history() {
    let server = Server::start().await;
    let link = server.link();
    let (status, page) = server.get(&link).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Keep Lantern Library right"), "{page}");
    assert!(page.contains("Monday to Friday: 9am to 5pm"));
    assert!(page.contains("Bank holidays: closed"));
    assert!(!page.contains("<script") && !page.contains("style=\""));
    let before = server.library().await.expect("it takes part");
    let (status, page) = server.send(&link, SAID).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("Thank you"));
    let after = server.library().await.expect("it takes part");
    assert!(after.revision > before.revision);
    assert_eq!(after.telephone.as_deref(), Some("0121 496 0199"));
    assert_eq!(after.door.as_deref(), Some("The <red> door"));
    assert_eq!(after.offers, [Offer::Toilets]);
    let week = after.opening.expect("known").week;
    assert_eq!(week.map(|day| day.open.len()), [1, 1, 0, 0, 0, 0, 0]);
    let today = arrival::now().in_london().day;
    assert_eq!(after.checked, Some(today));
    assert_eq!(after.review_by, Some(today.plus(365)));
    let id = LIBRARY.parse().expect("an id");
    let standing = server.ledger().one(&id).expect("readable").expect("known");
    assert_eq!(
        standing.record.place.opening_hours.as_deref(),
        Some("Mo,Tu 09:00-17:00; PH off; 2099 Dec 24-2100 Jan 02 off")
    );
    assert_eq!(standing.waiting_since, None);
    let history = server.history();
    for field in ["opening_hours", "telephone", "door", "trained", "confirmed"] {
        assert!(
            history.iter().any(|known| known == field),
            "{field}: {history:?}"
        );
    }
}

#[tokio::test]
async fn a_link_is_answered_once_but_may_be_looked_at_often() {
    let server = Server::start().await;
    let link = server.link();
    for _ in 0..3 {
        assert_eq!(server.get(&link).await.0, StatusCode::OK);
    }
    assert_eq!(server.send(&link, SAID).await.0, StatusCode::OK);
    let known = server.library().await;
    let other = [SAID, &[("telephone", "999")]].concat();
    let (status, page) = server.send(&link, &other).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("used already"), "{page}");
    assert_eq!(server.get(&link).await.0, StatusCode::GONE);
    assert_eq!(server.library().await, known);
}

#[tokio::test]
async fn a_link_that_is_too_old_opens_nothing() {
    let server = Server::start().await;
    let link = server.link_made(arrival::now().plus(-61 * DAY));
    let known = server.library().await;
    let (status, page) = server.get(&link).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("too old"), "{page}");
    assert_eq!(server.send(&link, SAID).await.0, StatusCode::GONE);
    assert_eq!(server.library().await, known);
}

#[tokio::test]
async fn a_link_that_was_altered_or_never_made_opens_nothing() {
    let server = Server::start().await;
    let link = server.link();
    let known = server.library().await;
    let altered = format!("{}A", &link[..link.len() - 1]);
    let altered = if altered == link {
        format!("{}B", &link[..link.len() - 1])
    } else {
        altered
    };
    // Signed with the right key, but this database has never made it.
    let place = LIBRARY.parse().expect("an id");
    let foreign = Key::draw(place, Purpose::Confirm, arrival::now()).expect("randomness");
    let foreign = server.signed(&foreign);
    for path in [
        altered.as_str(),
        "/manage/x",
        "/manage/%F0%9F%9A%AA",
        &foreign,
    ] {
        let (status, page) = server.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("does not work"), "{page}");
        assert_eq!(server.send(path, SAID).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(server.library().await, known);
    assert_eq!(server.get(&link).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_comes_back_as_it_was_typed_and_uses_nothing_up() {
    let server = Server::start().await;
    let link = server.link();
    let known = server.library().await;
    let wrong = [SAID, &[("d0b", ""), ("c0", ""), ("door", "\"><b>x")]].concat();
    let (status, page) = server.send(&link, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("href=\"#d0\"") && page.contains("href=\"#c0\""),
        "{page}"
    );
    assert!(page.contains("&quot;&gt;&lt;b&gt;x") && !page.contains("<b>x"));
    assert!(page.contains("value=\"0121 496 0199\""));
    assert_eq!(server.library().await, known);
    assert_eq!(server.send(&link, SAID).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_picture_of_the_door_is_drawn_anew_and_shown() {
    let server = Server::start().await;
    let link = server.link();
    let picture = RgbImage::from_pixel(2_000, 1_000, Rgb([10, 120, 60]));
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).expect("drawn");
    let (status, page) = server.send_with(&link, SAID, Some(b"<script>")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("href=\"#photo\""), "{page}");
    let sent = server.send_with(&link, SAID, Some(png.get_ref())).await;
    assert_eq!(sent.0, StatusCode::OK, "{}", sent.1);
    let name = server
        .library()
        .await
        .expect("there")
        .photo
        .expect("a picture");
    let path = format!("/api/places/photos/{name}");
    let request = Request::builder().uri(&path).body(Body::empty());
    let (status, bytes) = server.ask(request.expect("a request")).await;
    assert_eq!(status, StatusCode::OK);
    let kept = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((kept.width(), kept.height()), (1_280, 640));
    let (status, _) = server.get("/api/places/photos/nothing.jpg").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_place_that_leaves_goes_from_phones() {
    let server = Server::start().await;
    let (status, page) = server.send(&server.link(), &[("leave", "on")]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("off the list"), "{page}");
    assert_eq!(server.library().await, None);
    let id = LIBRARY.parse().expect("an id");
    let standing = server.ledger().one(&id).expect("readable").expect("known");
    assert_eq!(standing.record.place.status, Status::Closed);
}
