//! The plain list: every place and the numbers that always work, as one small page without script.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use domain::card::dial;
use domain::place::Place;
use domain::scheme::{Service, Use};
use domain::wire::Problem;
use words::{Words, list, notice, numbers, places};

use crate::assets::escape_html;
use crate::error::Error;
use crate::hours::words as in_words;
use crate::serve::App;

/// Every Safe Place as plain HTML, for phones on which the app does not run.
#[utoipa::path(
    get,
    path = "/list",
    responses(
        (status = 200, description = "A page without script", body = String, content_type = "text/html"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(app): State<Arc<App>>) -> Result<Response, Error> {
    let mut listed = app.store.places().await?.to_vec();
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    let page = page(&app, &listed);
    Ok(([(header::CACHE_CONTROL, "no-cache")], Html(page)).into_response())
}

fn page(app: &App, listed: &[Place]) -> String {
    let words = &app.words;
    let text = |key| escape_html(words.get(key));
    let styles: String = app
        .site
        .stylesheets()
        .iter()
        .map(|url| format!("<link rel=\"stylesheet\" href=\"{}\">", escape_html(url)))
        .collect();
    let demo = if app.scheme.demo {
        format!(
            "<p class=\"notice\"><strong>{}</strong> {}</p>",
            text(notice::DEMO_TITLE),
            text(places::SAMPLE_NOTE)
        )
    } else {
        String::new()
    };
    let items: String = listed.iter().map(|place| item(words, place)).collect();
    let empty = if listed.is_empty() {
        format!("<p>{}</p>", text(list::EMPTY))
    } else {
        String::new()
    };
    format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title>{styles}</head><body class=\"plain\"><main class=\"list-page\">\
         <h1>{title}</h1>{demo}<h2>{numbers}</h2>{crisis}<h2>{places}</h2><p>{lead}</p>{empty}\
         <ul class=\"plain-list\">{items}</ul><p><a href=\"/\">{open}</a></p></main></body></html>",
        lang = escape_html(app.lang.tag),
        dir = app.lang.dir,
        title = text(list::TITLE),
        numbers = text(list::NUMBERS),
        crisis = crisis(words, &app.scheme.services),
        places = text(list::PLACES),
        lead = text(list::LEAD),
        open = text(list::APP),
    )
}

fn crisis(words: &Words, services: &[Service]) -> String {
    let mut lines = line("999", Some("tel:999"), words.get(numbers::N999));
    lines += &line("101", Some("tel:101"), words.get(numbers::N101));
    for service in services.iter().filter(|service| service.r#use == Use::Talk) {
        let note = format!("{}: {}", service.name, service.note);
        lines += &line(&service.contact, service.link.as_deref(), &note);
    }
    format!("<ul class=\"plain-numbers\">{lines}</ul>")
}

fn line(shown: &str, link: Option<&str>, note: &str) -> String {
    let shown = escape_html(shown);
    let shown = match link {
        Some(link) => format!("<a href=\"{}\">{shown}</a>", escape_html(link)),
        None => shown,
    };
    format!("<li><strong>{shown}</strong> {}</li>", escape_html(note))
}

fn item(words: &Words, place: &Place) -> String {
    let part = |text: Option<&str>| {
        text.map_or_else(String::new, |text| format!("<p>{}</p>", escape_html(text)))
    };
    let address = match &place.postcode {
        Some(postcode) => format!("{}, {postcode}", place.address),
        None => place.address.clone(),
    };
    let sample = if place.sample {
        format!(
            "<p class=\"tag\">{}</p>",
            escape_html(words.get(list::SAMPLE))
        )
    } else {
        String::new()
    };
    format!(
        "<li><h3>{}</h3>{sample}{}{}{}{}</li>",
        escape_html(&place.name),
        part(Some(&address)),
        telephone(words, place),
        hours(words, place),
        part(place.directions.as_deref()) + &part(place.door.as_deref()),
    )
}

/// The week in words. Whether the door is open now it does not say: the page may be kept for days.
fn hours(words: &Words, place: &Place) -> String {
    let unknown = || {
        let key = match place.telephone {
            Some(_) => places::HOURS_UNKNOWN,
            None => places::HOURS_TO_BE_CONFIRMED,
        };
        vec![words.get(key).to_owned()]
    };
    let lines = match &place.opening {
        Some(hours) => in_words::week(words, hours),
        None => unknown(),
    };
    let lines: Vec<_> = lines.iter().map(|line| escape_html(line)).collect();
    format!("<p>{}</p>", lines.join("<br>"))
}

fn telephone(words: &Words, place: &Place) -> String {
    let Some(number) = place.telephone.as_deref() else {
        let label = escape_html(words.get(places::TELEPHONE));
        return format!(
            "<p>{label}: {}</p>",
            escape_html(words.get(places::NOT_CONFIRMED))
        );
    };
    let ring = escape_html(&words.text(&places::ring(number)));
    match dial(number) {
        Some(dial) => format!("<p><a href=\"tel:{dial}\">{ring}</a></p>"),
        None => format!("<p>{ring}</p>"),
    }
}
