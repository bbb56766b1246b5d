//! The page of a place and its poster, as a stranger's phone gets them: real router, real database.

mod common;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use common::put_keys;
use domain::geo::Point;
use domain::place::Offer;
use domain::time::Timestamp;
use serde_json::Value;
use server::config::Settings;
use server::record::ListedPlace;
use server::router::router;
use server::serve::App;
use server::store::{Import, Rest};
use tempfile::TempDir;
use tower::ServiceExt;

const PLACE: &str = "/places/corner-shop";
/// What the page may weigh in all, in bytes.
const MOST: usize = 20 * 1024;

struct Stranger {
    router: Router,
    _data: TempDir,
}

struct Page {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
}

impl Stranger {
    /// Before a place with everything that a place can have, and with names meant to break out.
    async fn arrives() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path(), 2);
        let settings = Settings {
            data: data.path().to_owned(),
            site: None,
            public_url: "https://safe.example/".into(),
            ..Settings::default()
        };
        let app = App::open(&settings).await.expect("it opens");
        let import = Import {
            source: "tests".into(),
            who: "Sam".into(),
            listed: vec![place()],
            rest: Rest::Stays,
            at: Timestamp(1_795_305_600_000),
        };
        app.store.import_places(import).await.expect("imported");
        Self {
            router: router(Arc::new(app)),
            _data: data,
        }
    }

    async fn opens(&self, path: &str) -> Page {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
        Page {
            status: head.status,
            headers: head.headers,
            html: String::from_utf8(bytes.to_vec()).expect("UTF-8"),
        }
    }
}

fn place() -> ListedPlace {
    let id = "corner-shop".parse().expect("an id");
    let point = Point {
        lat: 52.5037,
        lon: -1.9679,
    };
    let name = "Jo's </script><script>alert(1)</script> Shop";
    ListedPlace {
        postcode: Some("B66 1BB".into()),
        telephone: Some("+44 121 496 0101".into()),
        opening_hours: Some("Mo-Fr 09:00-17:00; Sa 22:00-24:00; PH off".into()),
        what: Some("Corner shop".into()),
        directions: Some("From the clock, towards the bridge.".into()),
        door: Some("Blue door beside the window. ".repeat(20)),
        welcome: Some("Someone says hello.".into()),
        offers: Offer::ALL.to_vec(),
        languages: vec!["en".into(), "pa".into()],
        checked: "2026-05-01".parse().ok(),
        ..ListedPlace::new("corner-shop", id, name, "1 High Street, Smethwick", point)
    }
}

/// What stands between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).expect("it begins").1;
    rest.split_once(to).expect("it ends").0
}

#[tokio::test]
async fn a_stranger_is_told_everything_without_script_in_twenty_kilobytes() {
    let stranger = Stranger::arrives().await;
    let page = stranger.opens(PLACE).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Someone shows you a card: what to do",
        "Ask: “Shall I ring someone for you?”",
        "href=\"tel:999\"",
        "1 High Street, Smethwick, B66 1BB",
        "href=\"tel:+441214960101\"",
        "Monday to Friday",
        "9am to 5pm",
        "Blue door beside the window.",
        "From the clock",
        "No step at the door",
        "Last checked on",
        "href=\"/\"",
        "href=\"/places/corner-shop/poster\"",
    ] {
        assert!(
            page.html.contains(words),
            "{words:?} is not in {}",
            page.html
        );
    }
    let css = stranger.opens("/place.css").await;
    let icon = include_str!("../../public/favicon.svg");
    let all = page.html.len() + css.html.len() + icon.len();
    assert!(all <= MOST, "{all} bytes");
    assert!(page.html.len() > 2_000 && css.html.len() > 1_000);
    // One block of data, and nothing that runs: no script, no handler, no style inside the page.
    assert_eq!(page.html.matches("<script").count(), 1);
    assert!(page.html.contains("<script type=\"application/ld+json\">"));
    for inline in ["style=", "<style", " onclick", " onload", "javascript:"] {
        assert!(!page.html.contains(inline), "{inline}");
    }
    assert_eq!(css.headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn programs_read_the_place_as_schema_org_describes_places() {
    let page = Stranger::arrives().await.opens(PLACE).await;
    let data = between(
        &page.html,
        "<script type=\"application/ld+json\">",
        "</script>",
    );
    let data: Value = serde_json::from_str(data).expect("whole, whatever its name has in it");
    assert_eq!(data["@context"], "https://schema.org");
    assert_eq!(data["name"], place().name.as_str());
    assert_eq!(data["url"], "https://safe.example/places/corner-shop");
    assert_eq!(data["geo"]["latitude"], 52.5037);
    assert_eq!(data["address"]["postalCode"], "B66 1BB");
    let hours = data["openingHoursSpecification"].as_array().expect("hours");
    assert_eq!(hours.len(), 6);
    assert_eq!(hours[0]["dayOfWeek"], "https://schema.org/Monday");
    assert_eq!(
        (&hours[0]["opens"], &hours[0]["closes"]),
        (&"09:00".into(), &"17:00".into())
    );
    assert_eq!(hours[5]["closes"], "23:59");
}

#[tokio::test]
async fn an_invented_place_says_so_and_is_kept_from_search() {
    let page = Stranger::arrives()
        .await
        .opens("/places/lantern-library")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains("do not go there") && page.html.contains("noindex"));
    assert!(!page.html.contains("ld+json"));
}

#[tokio::test]
async fn a_place_that_is_not_there_gives_the_numbers_that_always_work() {
    let stranger = Stranger::arrives().await;
    for path in [
        "/places/nowhere",
        "/places/%3Cb%3E",
        "/places/nowhere/poster",
    ] {
        let page = stranger.opens(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.html.contains("tel:999") && page.html.contains("href=\"/list\""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_poster_leads_to_the_address_that_people_reach() {
    let page = Stranger::arrives()
        .await
        .opens("/places/corner-shop/poster")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.html
            .contains("aria-label=\"https://safe.example/places/corner-shop\"")
    );
    let code = qrcodegen::QrCode::encode_text(
        "https://safe.example/places/corner-shop",
        qrcodegen::QrCodeEcc::Quartile,
    )
    .expect("short enough");
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| code.get_module(*x, *y)).count();
    assert_eq!(page.html.matches("h1v1h-1z").count(), dark);
    assert!(!page.html.contains("<script"));
}
