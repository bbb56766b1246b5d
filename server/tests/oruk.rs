//! The Open Referral UK API against the standard's own schemas, and the schemas against the standard's
//! own good and bad examples.

mod common;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use common::put_keys;
use domain::geo::Point;
use domain::place::Offer;
use domain::time::Timestamp;
use jsonschema::Validator;
use serde_json::Value;
use server::config::Settings;
use server::record::ListedPlace;
use server::router::router;
use server::serve::App;
use server::store::{Import, Rest};
use tempfile::TempDir;
use tower::ServiceExt;

macro_rules! file {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("oruk/", $name))).expect("JSON")
    };
}

/// Formats count: an id is a UUID, an address of a page is one.
fn schema(schema: &Value) -> Validator {
    with_formats(schema, true)
}

fn with_formats(schema: &Value, count: bool) -> Validator {
    jsonschema::options()
        .should_validate_formats(count)
        .build(schema)
        .expect("a schema")
}

fn errors(schema: &Validator, value: &Value) -> Vec<String> {
    let errors = schema.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[track_caller]
fn accepted(schema: &Validator, value: &Value) {
    assert_eq!(errors(schema, value), [] as [String; 0]);
}

struct Directory {
    router: Router,
    _data: TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    json: Value,
}

impl Directory {
    async fn opens() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path(), 2);
        let settings = Settings {
            data: data.path().to_owned(),
            site: None,
            public_url: "https://safe.example".into(),
            ..Settings::default()
        };
        let app = App::open(&settings).await.expect("it opens");
        let import = Import {
            source: "tests".into(),
            who: "Sam".into(),
            listed: vec![shop()],
            rest: Rest::Stays,
            at: Timestamp(1_795_305_600_000),
        };
        app.store.import_places(import).await.expect("imported");
        Self {
            router: router(Arc::new(app)),
            _data: data,
        }
    }

    async fn ask(&self, method: Method, path: &str, tag: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/oruk{path}"));
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 24).await.expect("a body");
        Answer {
            status: head.status,
            headers: head.headers,
            json: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "{path}");
        answer.json
    }

    async fn all(&self, path: &str) -> Vec<Value> {
        let page = self.get(&format!("{path}?per_page=500")).await;
        page["contents"].as_array().expect("contents").clone()
    }
}

fn shop() -> ListedPlace {
    let id = "corner-shop".parse().expect("an id");
    let point = Point {
        lat: 52.5037,
        lon: -1.9679,
    };
    ListedPlace {
        postcode: Some("B66 1BB".into()),
        telephone: Some("+44 121 496 0101".into()),
        opening_hours: Some("Mo-Fr 09:00-12:00,13:00-17:00; Sa 22:00-02:00; PH off".into()),
        what: Some("Corner shop".into()),
        directions: Some("From the clock, towards the bridge.".into()),
        offers: Offer::ALL.to_vec(),
        languages: vec!["en".into(), "pa".into()],
        checked: "2026-05-01".parse().ok(),
        ..ListedPlace::new(
            "corner-shop",
            id,
            "Corner Shop",
            "1 High Street, Smethwick",
            point,
        )
    }
}

fn named<'a>(all: &'a [Value], name: &str) -> &'a Value {
    let mut found = all.iter().filter(|one| one["name"] == name);
    found.next().expect("it is there")
}

#[test]
fn the_schemas_take_the_good_examples_and_refuse_the_bad() {
    let service = schema(&file!("schema.service.json"));
    let at_location = schema(&file!("schema.service_at_location.json"));
    let organization = schema(&file!("schema.organization.json"));
    let listed = schema(&file!("schema.service_list.json"));
    accepted(&service, &file!("Default.service_full.json"));
    accepted(
        &at_location,
        &file!("Default.service_at_location_full.json"),
    );
    accepted(&organization, &file!("Default.organization.json"));
    for one in file!("Default.service_list.json")["contents"]
        .as_array()
        .expect("contents")
    {
        accepted(&listed, one);
    }
    // Only the bad list breaks a schema; what is wrong with the other bad examples no schema sees.
    let bad = file!("Fail.service_list.json");
    let bad = bad["contents"].as_array().expect("contents");
    assert!(bad.iter().all(|one| !errors(&listed, one).is_empty()));
    // Six of what is wrong there is wrong also for whoever takes formats as comments.
    let lax = with_formats(&file!("schema.service_list.json"), false);
    let found: Vec<_> = bad.iter().map(|one| errors(&lax, one).len()).collect();
    let broken = found.iter().filter(|count| **count > 0).count();
    assert_eq!((broken, found.iter().sum::<usize>()), (4, 6), "{found:?}");
    // What each schema asks for is missed by it.
    let good = [
        (
            &service,
            file!("Default.service_full.json"),
            ["id", "name", "status"].as_slice(),
        ),
        (
            &at_location,
            file!("Default.service_at_location_full.json"),
            &["id"],
        ),
        (
            &organization,
            file!("Default.organization.json"),
            &["id", "name", "description"],
        ),
        (
            &listed,
            file!("Default.service_list.json")["contents"][0].clone(),
            &["id", "name", "status"],
        ),
    ];
    for (schema, whole, required) in good {
        for field in required {
            let mut short = whole.clone();
            short.as_object_mut().expect("an object").remove(*field);
            assert!(!errors(schema, &short).is_empty(), "without {field}");
        }
    }
}

#[tokio::test]
async fn everything_that_is_answered_is_as_the_standard_has_it() {
    let directory = Directory::opens().await;
    let service = schema(&file!("schema.service.json"));
    let at_location = schema(&file!("schema.service_at_location.json"));
    let organization = schema(&file!("schema.organization.json"));
    let listed = schema(&file!("schema.service_list.json"));
    let services = directory.all("/services").await;
    assert!(services.len() > 10);
    for one in &services {
        accepted(&listed, one);
        let id = one["id"].as_str().expect("an id");
        accepted(&service, &directory.get(&format!("/services/{id}")).await);
    }
    for one in directory.all("/service_at_locations").await {
        accepted(&at_location, &one);
        let id = one["id"].as_str().expect("an id");
        assert_eq!(
            directory.get(&format!("/service_at_locations/{id}")).await,
            one
        );
    }
    for one in directory.all("/organizations").await {
        accepted(&organization, &one);
        let id = one["id"].as_str().expect("an id");
        let whole = directory.get(&format!("/organizations/{id}")).await;
        accepted(&organization, &whole);
        assert_eq!(
            whole["services"].as_array().map(Vec::len),
            Some(services.len())
        );
    }
    assert_eq!(directory.all("/taxonomies").await.len(), 1);
    assert_eq!(directory.all("/taxonomy_terms").await.len(), 4);
    assert!(directory.get("").await["openapi_url"].is_string());
}

#[tokio::test]
async fn hours_dates_and_places_arrive_in_the_standards_words() {
    let directory = Directory::opens().await;
    let services = directory.all("/services").await;
    let id = named(&services, "Corner Shop")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let shop = directory.get(&format!("/services/{id}")).await;
    assert_eq!(
        (&shop["status"], &shop["assured_date"]),
        (&"active".into(), &"2026-05-01".into())
    );
    let rules: Vec<_> = shop["schedules"]
        .as_array()
        .expect("schedules")
        .iter()
        .map(|rule| {
            ["freq", "byday", "opens_at", "closes_at"]
                .map(|name| rule[name].as_str().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        rules,
        [
            ["WEEKLY", "MO,TU,WE,TH,FR", "09:00", "12:00"],
            ["WEEKLY", "MO,TU,WE,TH,FR", "13:00", "17:00"],
            ["WEEKLY", "SA", "22:00", "02:00"],
        ]
    );
    let location = &shop["service_at_locations"][0]["location"];
    let address = &location["addresses"][0];
    assert_eq!(location["location_type"], "physical");
    for (field, value) in [
        ("address_1", "1 High Street"),
        ("city", "Smethwick"),
        ("postal_code", "B66 1BB"),
        ("country", "GB"),
        ("address_type", "physical"),
    ] {
        assert_eq!(address[field], value);
    }
    assert!(
        address["state_province"]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    );
}

#[tokio::test]
async fn a_list_comes_page_by_page_and_can_be_narrowed() {
    let directory = Directory::opens().await;
    let all = directory.all("/services").await;
    let mut collected = Vec::new();
    for page in 1.. {
        let answer = directory
            .get(&format!("/services?per_page=4&page={page}"))
            .await;
        assert_eq!(answer["total_items"], all.len());
        assert_eq!(answer["total_pages"], all.len().div_ceil(4));
        assert_eq!(
            (&answer["page_number"], &answer["first_page"]),
            (&page.into(), &(page == 1).into())
        );
        collected.extend(answer["contents"].as_array().expect("contents").clone());
        if answer["last_page"] == true {
            break;
        }
    }
    assert_eq!(collected, all);
    let beyond = directory.get("/services?page=99").await;
    assert_eq!(
        (&beyond["empty"], &beyond["size"]),
        (&true.into(), &0.into())
    );

    let near = directory
        .get("/service_at_locations?postcode=b661bb&proximity=200")
        .await;
    let names: Vec<_> = near["contents"]
        .as_array()
        .expect("contents")
        .iter()
        .map(|one| one["service"]["name"].as_str())
        .collect();
    assert_eq!(names, [Some("Corner Shop"), Some("Hawthorns House")]);
    let found = directory.get("/services?search=corner%20smethwick").await;
    assert_eq!(found["total_items"], 1);
    let term = directory.all("/taxonomy_terms").await[3]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let loops = directory
        .get(&format!("/services?taxonomy_term_id={term}&search=corner"))
        .await;
    assert_eq!(loops["total_items"], 1);
}

#[tokio::test]
async fn what_cannot_be_answered_is_said() {
    let directory = Directory::opens().await;
    for path in [
        "/services?page=0",
        "/services?per_page=0",
        "/services?page=many",
        "/service_at_locations?postcode=nowhere",
        "/service_at_locations?postcode=ZZ99%209ZZ",
        "/service_at_locations?proximity=100",
        "/service_at_locations?postcode=B661BB&proximity=-1",
    ] {
        let answer = directory.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    for path in [
        "/services/corner-shop",
        "/organizations/x",
        "/service_at_locations/x",
        "/locations",
    ] {
        let answer = directory.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json["type"], "/problems/not-found", "{path}");
    }
    let answer = directory.ask(Method::POST, "/services", None).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let preflight = directory.ask(Method::OPTIONS, "/services", None).await;
    assert_eq!(preflight.status, StatusCode::NO_CONTENT);
    assert_eq!(preflight.headers["access-control-allow-origin"], "*");
    let first = directory.ask(Method::GET, "/services", None).await;
    let tag = first.headers["etag"].to_str().expect("a tag");
    let again = directory.ask(Method::GET, "/services", Some(tag)).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}
