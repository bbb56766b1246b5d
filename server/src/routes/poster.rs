//! The poster of a place: one page of A4 for its window, with a code that leads to its page.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::place::Place;
use domain::wire::Problem;
use qrcodegen::{QrCode, QrCodeEcc};
use words::scan;

use super::place::{address_of, found, missing, page, sample, shown};
use crate::assets::escape_html;
use crate::error::Error;
use crate::serve::App;

/// Light modules around a code, as scanners need them.
const MARGIN: i32 = 4;

/// A page to print on A4 and put into the window.
#[utoipa::path(
    get,
    path = "/places/{id}/poster",
    params(("id" = String, Path, description = "The place's id")),
    responses(
        (status = 200, description = "A page to print", body = String, content_type = "text/html"),
        (status = 404, description = "No such place takes part: a page that says so", body = String, content_type = "text/html"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Error> {
    let Some(place) = found(&app, &id).await? else {
        return Ok(missing(&app));
    };
    let poster = poster(&app, &place).ok_or(Error::Broken)?;
    Ok(shown(StatusCode::OK, poster))
}

fn poster(app: &App, place: &Place) -> Option<String> {
    let words = &app.words;
    let text = |key| escape_html(words.get(key));
    let address = address_of(app, place);
    let body = format!(
        "<p class=\"screen-only\">{print}</p>{sample}<section class=\"sheet\">\
         <img src=\"/favicon.svg\" alt=\"\" width=\"190\" height=\"190\"><h1>{title}</h1>\
         <p class=\"name\">{name}</p><ul><li>{one}</li><li>{two}</li><li>{three}</li></ul>\
         <div class=\"code\">{code}<p>{staff}<br><span>{shown}</span></p></div></section>",
        print = text(scan::POSTER_PRINT),
        sample = sample(words, place),
        title = text(scan::POSTER_TITLE),
        name = escape_html(&place.name),
        one = text(scan::POSTER_1),
        two = text(scan::POSTER_2),
        three = text(scan::POSTER_3),
        code = code(&address)?,
        staff = text(scan::POSTER_STAFF),
        shown = escape_html(address.split("://").last().unwrap_or(&address)),
    );
    let title = format!("{}: {}", words.get(scan::POSTER), place.name);
    let head = "<meta name=\"robots\" content=\"noindex\">";
    Some(page(app, "poster", &title, head, &body))
}

/// An address as a code; `None` where it is too long for one.
fn code(address: &str) -> Option<String> {
    let code = QrCode::encode_text(address, QrCodeEcc::Quartile).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = code.size() + 2 * MARGIN;
    Some(format!(
        "<svg viewBox=\"-{MARGIN} -{MARGIN} {side} {side}\" role=\"img\" aria-label=\"{}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M-{MARGIN}-{MARGIN}h{side}v{side}h-{side}z\"/>\
         <path d=\"{path}\"/></svg>",
        escape_html(address)
    ))
}
