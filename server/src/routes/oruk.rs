//! The read API of Open Referral UK (HSDS-UK 3): the places as services, for any directory to use.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::geo::Point;
use domain::place::{Offer, Place};
use domain::postcode::Postcode;
use domain::wire::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{counted, tagged};
use crate::error::{Error, Malformed};
use crate::exchange::oruk::{self, Scheme, Told, uuid};
use crate::serve::App;

/// Elements of a page, unless fewer or more are asked for.
const PAGE: usize = 50;
/// Elements of a page at most.
const MOST: usize = 500;
/// How far "near a postcode" is, where that is not said, in metres.
const NEAR: f64 = 5_000.0;

/// What a list may be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    // As wide as the description says.
    page: Option<i32>,
    per_page: Option<i32>,
    search: Option<String>,
    taxonomy_term_id: Option<String>,
    postcode: Option<String>,
    proximity: Option<f64>,
}

type Wanted = Result<Query<Asked>, QueryRejection>;

/// Which profile this is, and where its description lies.
#[utoipa::path(
    get,
    path = "/api/oruk",
    responses((status = 200, description = "Version, profile and the address of the description", content_type = "application/json"))
)]
pub async fn about(State(app): State<Arc<App>>) -> Response {
    let about = json!({
        "version": "3.0",
        "profile": "https://docs.openreferraluk.org/en/latest/",
        "openapi_url": format!("{}/api/openapi.json", app.public_url),
    });
    axum::Json(about).into_response()
}

/// Every Safe Place as a service, page by page.
#[utoipa::path(
    get,
    path = "/api/oruk/services",
    params(
        ("page" = Option<u32>, Query, description = "The first is 1", minimum = 1),
        ("per_page" = Option<u32>, Query, description = "Never more than 500", minimum = 1),
        ("search" = Option<String>, Query, description = "Words of the name or the address"),
        ("taxonomy_term_id" = Option<String>, Query, description = "Only places with what this term stands for"),
        ("postcode" = Option<String>, Query, description = "Near this postcode"),
        ("proximity" = Option<f64>, Query, description = "Within so many metres of the postcode; 5000 where it is not said", minimum = 0, maximum = 2000000),
    ),
    responses(
        (status = 200, description = "A page of services; ETag", content_type = "application/json"),
        (status = 304, description = "What the client holds is still true"),
        (status = 400, description = "A parameter has a value it cannot have", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn services(State(app): State<Arc<App>>, wanted: Wanted, held: HeaderMap) -> Answer {
    let asked = understood(wanted)?;
    list(&app, &asked, &held, |place| {
        oruk::listed_service(&place.into(), scheme(&app))
    })
    .await
}

/// One service with its location, schedules, languages and attributes.
#[utoipa::path(
    get,
    path = "/api/oruk/services/{id}",
    params(("id" = String, Path, description = "The service's UUID")),
    responses(
        (status = 200, description = "The service; ETag", content_type = "application/json"),
        (status = 304, description = "What the client holds is still true"),
        (status = 404, description = "No such service", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn service(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    held: HeaderMap,
) -> Answer {
    one(&app, "service", &id, &held, |told| {
        oruk::service(told, scheme(&app))
    })
    .await
}

/// The same as services at their locations.
#[utoipa::path(
    get,
    path = "/api/oruk/service_at_locations",
    params(
        ("page" = Option<u32>, Query, description = "The first is 1", minimum = 1),
        ("per_page" = Option<u32>, Query, description = "Never more than 500", minimum = 1),
        ("search" = Option<String>, Query, description = "Words of the name or the address"),
        ("taxonomy_term_id" = Option<String>, Query, description = "Only places with what this term stands for"),
        ("postcode" = Option<String>, Query, description = "Near this postcode"),
        ("proximity" = Option<f64>, Query, description = "Within so many metres of the postcode; 5000 where it is not said", minimum = 0, maximum = 2000000),
    ),
    responses(
        (status = 200, description = "A page of services at locations; ETag", content_type = "application/json"),
        (status = 304, description = "What the client holds is still true"),
        (status = 400, description = "A parameter has a value it cannot have", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn at_locations(State(app): State<Arc<App>>, wanted: Wanted, held: HeaderMap) -> Answer {
    let asked = understood(wanted)?;
    list(&app, &asked, &held, |place| {
        oruk::service_at_location(&place.into(), scheme(&app))
    })
    .await
}

/// One service at its location.
#[utoipa::path(
    get,
    path = "/api/oruk/service_at_locations/{id}",
    params(("id" = String, Path, description = "Its UUID")),
    responses(
        (status = 200, description = "The service at its location; ETag", content_type = "application/json"),
        (status = 304, description = "What the client holds is still true"),
        (status = 404, description = "No such service at a location", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn at_place(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    held: HeaderMap,
) -> Answer {
    one(&app, "service-at-location", &id, &held, |told| {
        oruk::service_at_location(told, scheme(&app))
    })
    .await
}

/// The one organisation: the scheme.
#[utoipa::path(
    get,
    path = "/api/oruk/organizations",
    params(
        ("page" = Option<u32>, Query, description = "The first is 1", minimum = 1),
        ("per_page" = Option<u32>, Query, description = "Never more than 500", minimum = 1),
    ),
    responses(
        (status = 200, description = "A page of one organisation", content_type = "application/json"),
        (status = 400, description = "A parameter has a value it cannot have", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organizations(State(app): State<Arc<App>>, wanted: Wanted) -> Answer {
    let (page, size) = sizes(&understood(wanted)?)?;
    let all = vec![oruk::organization(scheme(&app))];
    Ok(axum::Json(paged(&all, page, size, Clone::clone)).into_response())
}

/// The organisation with all its services.
#[utoipa::path(
    get,
    path = "/api/oruk/organizations/{id}",
    params(("id" = String, Path, description = "The organisation's UUID")),
    responses(
        (status = 200, description = "The organisation", content_type = "application/json"),
        (status = 404, description = "No such organisation", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organization(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let scheme = scheme(&app);
    if oruk::organization(scheme)["id"] != id {
        return Err(Error::NotFound);
    }
    let places = app.store.places().await?;
    let services = places
        .iter()
        .map(|place| oruk::listed_service(&place.into(), scheme));
    let whole = oruk::organization_with(services.collect(), scheme);
    Ok(axum::Json(whole).into_response())
}

/// The one taxonomy: what makes it easier to be at a place.
#[utoipa::path(
    get,
    path = "/api/oruk/taxonomies",
    params(
        ("page" = Option<u32>, Query, description = "The first is 1", minimum = 1),
        ("per_page" = Option<u32>, Query, description = "Never more than 500", minimum = 1),
    ),
    responses(
        (status = 200, description = "A page of taxonomies", content_type = "application/json"),
        (status = 400, description = "A parameter has a value it cannot have", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn taxonomies(wanted: Wanted) -> Answer {
    let (page, size) = sizes(&understood(wanted)?)?;
    let all = [oruk::taxonomy()];
    Ok(axum::Json(paged(&all, page, size, Clone::clone)).into_response())
}

/// Its terms.
#[utoipa::path(
    get,
    path = "/api/oruk/taxonomy_terms",
    params(
        ("page" = Option<u32>, Query, description = "The first is 1", minimum = 1),
        ("per_page" = Option<u32>, Query, description = "Never more than 500", minimum = 1),
    ),
    responses(
        (status = 200, description = "A page of terms", content_type = "application/json"),
        (status = 400, description = "A parameter has a value it cannot have", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn taxonomy_terms(wanted: Wanted) -> Answer {
    let (page, size) = sizes(&understood(wanted)?)?;
    let all = oruk::taxonomy_terms();
    Ok(axum::Json(paged(&all, page, size, Clone::clone)).into_response())
}

type Answer = Result<Response, Error>;

fn understood(wanted: Wanted) -> Result<Asked, Error> {
    let Query(asked) = wanted.map_err(|_| Error::Malformed(Malformed::Query))?;
    Ok(asked)
}

fn scheme(app: &App) -> Scheme<'_> {
    Scheme {
        name: &app.scheme.name,
        description: &app.scheme.description,
        area: &app.scheme.area,
        url: &app.public_url,
    }
}

async fn list(
    app: &App,
    asked: &Asked,
    held: &HeaderMap,
    shown: impl Fn(&Place) -> Value,
) -> Answer {
    let (page, size) = sizes(asked)?;
    let near = near(app, asked)?;
    let places = app.store.places().await?;
    let found: Vec<_> = (places.iter())
        .filter(|place| matches(place, asked, near))
        .collect();
    let json = paged(&found, page, size, |place| shown(place));
    answer(held, &json)
}

async fn one(
    app: &App,
    kind: &str,
    id: &str,
    held: &HeaderMap,
    shown: impl Fn(&Told<'_>) -> Value,
) -> Answer {
    let places = app.store.places().await?;
    let found = places
        .iter()
        .find(|place| uuid(kind, place.id.as_str()) == id);
    let place = found.ok_or(Error::NotFound)?;
    answer(held, &shown(&place.into()))
}

fn answer(held: &HeaderMap, json: &Value) -> Answer {
    let bytes = serde_json::to_vec(json).map_err(|_| Error::Broken)?;
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&hash[..16]));
    tagged(held, &tag, || Ok(bytes))
}

/// Which page, and how many elements it has.
fn sizes(asked: &Asked) -> Result<(usize, usize), Error> {
    let (page, size) = (
        counted(asked.page)?.unwrap_or(1),
        counted(asked.per_page)?.unwrap_or(PAGE),
    );
    Ok((page, size.min(MOST)))
}

/// Around which point, and how far; a postcode that nobody knows is an impossible question.
fn near(app: &App, asked: &Asked) -> Result<Option<(Point, f64)>, Error> {
    let impossible = Error::Malformed(Malformed::Query);
    let metres = asked.proximity.unwrap_or(NEAR);
    if !(0.0..=2_000_000.0).contains(&metres) {
        return Err(impossible);
    }
    let Some(text) = &asked.postcode else {
        return match asked.proximity {
            Some(_) => Err(impossible),
            None => Ok(None),
        };
    };
    let postcode = Postcode::parse(text).ok_or(impossible)?;
    let spot = app.gazetteer.find(postcode).ok_or(impossible)?;
    Ok(Some((spot.point, metres)))
}

fn matches(place: &Place, asked: &Asked, near: Option<(Point, f64)>) -> bool {
    let has = |term: &String| {
        let offer = |offer: &Offer| uuid("taxonomy-term", offer.name()) == *term;
        place.offers.iter().any(offer)
    };
    let says = |words: &String| {
        let text = format!("{} {}", place.name, place.address).to_lowercase();
        words
            .to_lowercase()
            .split_whitespace()
            .all(|word| text.contains(word))
    };
    near.is_none_or(|(point, metres)| place.point.metres_to(point) <= metres)
        && asked.taxonomy_term_id.as_ref().is_none_or(has)
        && asked.search.as_ref().is_none_or(says)
}

/// A page as the standard has it; one beyond the last is empty.
fn paged<T>(all: &[T], page: usize, size: usize, shown: impl Fn(&T) -> Value) -> Value {
    let pages = all.len().div_ceil(size);
    let contents: Vec<_> = all
        .iter()
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .map(shown)
        .collect();
    json!({
        "total_items": all.len(),
        "total_pages": pages,
        "page_number": page,
        "size": contents.len(),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": contents.is_empty(),
        "contents": contents,
    })
}
