//! A place's page for a stranger who scanned the poster at its door: small, without script.

use std::sync::{Arc, LazyLock};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::card::dial;
use domain::hours::{DAY_MINUTES, Span};
use domain::place::{Offer, Place};
use domain::wire::Problem;
use serde_json::{Value, json};
use sha2::Digest;
use words::{Key, Words, list, notice, numbers, places, scan};

use super::matches;
use crate::assets::escape_html;
use crate::error::Error;
use crate::hours::words as in_words;
use crate::serve::App;

/// How the place's page and its poster look.
const CSS: &str = include_str!("place.css");
/// Its tag, made from its content.
static CSS_TAG: LazyLock<String> = LazyLock::new(|| {
    let hash = sha2::Sha256::digest(CSS);
    format!("\"{}\"", data_encoding::HEXLOWER.encode(&hash[..8]))
});

/// The steps for whoever is shown a card.
const STEPS: [Key; 6] = [
    scan::STEP_1,
    scan::STEP_2,
    scan::STEP_3,
    scan::STEP_4,
    scan::STEP_5,
    scan::STEP_6,
];

/// What to do when someone shows a card, and everything about the place, as plain HTML. On a phone
/// that has the app, the app answers this address instead.
#[utoipa::path(
    get,
    path = "/places/{id}",
    params(("id" = String, Path, description = "The place's id")),
    responses(
        (status = 200, description = "A page without script", body = String, content_type = "text/html"),
        (status = 404, description = "No such place takes part: a page that says so", body = String, content_type = "text/html"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Error> {
    Ok(match found(&app, &id).await? {
        Some(place) => shown(StatusCode::OK, whole(&app, &place)),
        None => missing(&app),
    })
}

/// How the place's page and its poster look.
#[utoipa::path(
    get,
    path = "/place.css",
    responses(
        (status = 200, description = "A stylesheet; ETag", body = String, content_type = "text/css"),
        (status = 304, description = "What the client holds is still true"),
    )
)]
pub async fn css(asked: HeaderMap) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ETAG, CSS_TAG.as_str()),
    ];
    match matches(&asked, &CSS_TAG) {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, CSS).into_response(),
    }
}

/// The place of an address; `None` also where that is no id at all.
pub(super) async fn found(app: &App, id: &str) -> Result<Option<Place>, Error> {
    match id.parse() {
        Ok(id) => Ok(app.store.place(&id).await?),
        Err(_) => Ok(None),
    }
}

pub(super) fn shown(status: StatusCode, page: String) -> Response {
    (status, [(header::CACHE_CONTROL, "no-cache")], Html(page)).into_response()
}

/// No such place: the numbers that always work, and the list.
pub(super) fn missing(app: &App) -> Response {
    let text = |key| escape_html(app.words.get(key));
    let body = format!(
        "<h1>{}</h1><p>{}</p><p>{}</p>{}{}",
        text(places::MISSING_TITLE),
        text(places::MISSING),
        text(scan::MISSING_LEAD),
        police(&app.words),
        onward(app, None),
    );
    let page = page(
        app,
        "place",
        app.words.get(places::MISSING_TITLE),
        "",
        &body,
    );
    shown(StatusCode::NOT_FOUND, page)
}

/// The frame of both pages.
pub(super) fn page(app: &App, kind: &str, title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"/place.css\">{head}</head>\
         <body class=\"{kind}\"><main>{body}</main></body></html>",
        lang = escape_html(app.lang.tag),
        dir = app.lang.dir,
        title = escape_html(title),
    )
}

fn whole(app: &App, place: &Place) -> String {
    let words = &app.words;
    let name = escape_html(&place.name);
    let body = format!(
        "<header><img src=\"/favicon.svg\" alt=\"\" width=\"48\" height=\"48\"><h1>{name}</h1></header>\
         {sample}<p class=\"lead\">{what}</p>{steps}{about}{onward}",
        sample = sample(words, place),
        what = escape_html(&words.text(&scan::what(&place.name))),
        steps = steps(words),
        about = about(words, place),
        onward = onward(app, Some(place)),
    );
    let head = match place.sample {
        true => "<meta name=\"robots\" content=\"noindex\">".to_owned(),
        false => format!(
            "<link rel=\"canonical\" href=\"{}\">{}",
            escape_html(&address_of(app, place)),
            data(&linked_data(place, &address_of(app, place))),
        ),
    };
    page(app, "place", &place.name, &head, &body)
}

/// The one address of a place's page, which its poster leads to.
pub(super) fn address_of(app: &App, place: &Place) -> String {
    format!("{}/places/{}", app.public_url, place.id)
}

pub(super) fn sample(words: &Words, place: &Place) -> String {
    if !place.sample {
        return String::new();
    }
    format!(
        "<p class=\"notice\"><strong>{}</strong> {}</p>",
        escape_html(words.get(notice::DEMO_TITLE)),
        escape_html(words.get(list::SAMPLE))
    )
}

fn steps(words: &Words) -> String {
    let text = |key| escape_html(words.get(key));
    let items: String = STEPS.map(|key| format!("<li>{}</li>", text(key))).concat();
    format!(
        "<section class=\"steps\"><h2>{}</h2><ol>{items}</ol>{}<p>{}</p></section>",
        text(scan::STEPS),
        police(words),
        text(scan::STAY)
    )
}

fn police(words: &Words) -> String {
    let line = |number: &str, key| {
        let note = escape_html(words.get(key));
        format!("<li><a href=\"tel:{number}\">{number}</a> {note}</li>")
    };
    let lines = line("999", numbers::N999) + &line("101", numbers::N101);
    format!("<ul class=\"numbers\">{lines}</ul>")
}

fn about(words: &Words, place: &Place) -> String {
    let text = |key| escape_html(words.get(key));
    let part = |key, body: &str| format!("<h2>{}</h2>{body}", text(key));
    let said = |key, body: Option<&str>| {
        let body = body.map(|body| part(key, &format!("<p>{}</p>", escape_html(body))));
        body.unwrap_or_default()
    };
    let mut out = String::new();
    out += &place
        .what
        .as_deref()
        .map_or_else(String::new, |what| format!("<p>{}</p>", escape_html(what)));
    out += &part(places::WHERE, &where_it_is(place));
    out += &part(places::TELEPHONE, &telephone(words, place));
    out += &part(places::HOURS, &hours(words, place));
    out += &said(places::WAY_THERE, place.directions.as_deref());
    out += &said(places::DIRECTIONS, place.door.as_deref());
    out += &said(scan::INSIDE, place.welcome.as_deref());
    let good = good_to_know(words, place);
    if !good.is_empty() {
        out += &part(scan::GOOD_TO_KNOW, &format!("<ul>{good}</ul>"));
    }
    out
}

fn where_it_is(place: &Place) -> String {
    let address = match &place.postcode {
        Some(postcode) => format!("{}, {postcode}", place.address),
        None => place.address.clone(),
    };
    format!("<p>{}</p>", escape_html(&address))
}

fn telephone(words: &Words, place: &Place) -> String {
    let Some(number) = place.telephone.as_deref() else {
        return format!("<p>{}</p>", escape_html(words.get(places::NOT_CONFIRMED)));
    };
    let ring = escape_html(&words.text(&places::ring(number)));
    match dial(number) {
        Some(dial) => format!("<p><a href=\"tel:{dial}\">{ring}</a></p>"),
        None => format!("<p>{ring}</p>"),
    }
}

/// The week in words. Whether the door is open now it does not say: the page may be kept for days.
fn hours(words: &Words, place: &Place) -> String {
    let lines = match (&place.opening, &place.telephone) {
        (Some(opening), _) => in_words::week(words, opening),
        (None, Some(_)) => vec![words.get(places::HOURS_UNKNOWN).to_owned()],
        (None, None) => vec![words.get(places::HOURS_TO_BE_CONFIRMED).to_owned()],
    };
    let lines: Vec<_> = lines.iter().map(|line| escape_html(line)).collect();
    format!("<p>{}</p>", lines.join("<br>"))
}

fn good_to_know(words: &Words, place: &Place) -> String {
    let offer = |offer: &Offer| {
        words.get(match offer {
            Offer::StepFree => scan::STEP_FREE,
            Offer::Toilets => scan::TOILETS,
            Offer::QuietRoom => scan::QUIET_ROOM,
            Offer::HearingLoop => scan::HEARING_LOOP,
        })
    };
    let mut lines: Vec<String> = place
        .offers
        .iter()
        .map(|one| offer(one).to_owned())
        .collect();
    if !place.languages.is_empty() {
        let name = |tag: &String| {
            words::language(tag)
                .map_or(tag.as_str(), |known| known.name)
                .to_owned()
        };
        let names: Vec<_> = place.languages.iter().map(name).collect();
        lines.push(words.text(&scan::languages(names.join(", "))));
    }
    if let Some(day) = place.checked {
        lines.push(words.text(&scan::checked(day.to_string())));
    }
    lines
        .iter()
        .map(|line| format!("<li>{}</li>", escape_html(line)))
        .collect()
}

/// Where to go on from here; the app takes this address over once it is on the phone.
fn onward(app: &App, place: Option<&Place>) -> String {
    let text = |key| escape_html(app.words.get(key));
    let poster = place.map(|place| {
        format!(
            "<li><a href=\"/places/{}/poster\">{}</a></li>",
            place.id,
            text(scan::POSTER)
        )
    });
    format!(
        "<nav><ul><li><a href=\"/\">{}</a></li><li><a href=\"/list\">{}</a></li>{}</ul></nav>",
        text(list::APP),
        text(places::ALL),
        poster.unwrap_or_default()
    )
}

/// A block of data, which browsers never run. No text in it can end the block.
fn data(value: &Value) -> String {
    let json = value.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/ld+json\">{json}</script>")
}

/// The place as schema.org describes places.
fn linked_data(place: &Place, url: &str) -> Value {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": url,
        "url": url,
        "name": place.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.address,
            "addressCountry": "GB",
        },
        "geo": {
            "@type": "GeoCoordinates",
            "latitude": place.point.lat,
            "longitude": place.point.lon,
        },
    });
    if let Some(postcode) = &place.postcode {
        data["address"]["postalCode"] = postcode.as_str().into();
    }
    if let Some(telephone) = &place.telephone {
        data["telephone"] = telephone.as_str().into();
    }
    if let Some(what) = &place.what {
        data["description"] = what.as_str().into();
    }
    let amenities = place.offers.iter().map(|offer| {
        json!({ "@type": "LocationFeatureSpecification", "name": offer.name(), "value": true })
    });
    data["amenityFeature"] = amenities.collect();
    if let Some(opening) = &place.opening {
        let days = DAYS.iter().zip(&opening.week);
        let spans = days.flat_map(|(day, of)| of.open.iter().map(move |span| (day, *span)));
        data["openingHoursSpecification"] =
            spans.map(|(day, span)| specification(day, span)).collect();
    }
    data
}

fn specification(day: &str, span: Span) -> Value {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    // The end of a day cannot be written there as 24:00.
    let closes = match span.closes() {
        DAY_MINUTES => DAY_MINUTES - 1,
        closes => closes % DAY_MINUTES,
    };
    json!({
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": format!("https://schema.org/{day}"),
        "opens": time(span.opens()),
        "closes": time(closes),
    })
}
