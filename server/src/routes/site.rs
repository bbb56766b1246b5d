//! The phone app: its files, its own routes, and the helpful page for what is none of them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::serve::App;

/// The app's routes that a link may lead to; `/places/{id}` besides.
const PAGES: [&str; 10] = [
    "/",
    "/help",
    "/card",
    "/card/edit",
    "/places",
    "/report",
    "/reports",
    "/mailbox",
    "/hope",
    "/settings",
];

/// Answers everything that is not a route of the server's own.
pub async fn get(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Error::NotFound.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::MethodNotAllowed.into_response();
    }
    let (file, status) = match path {
        path if is_page(path) => ("/", StatusCode::OK),
        path if app.site.has(path) => (path, StatusCode::OK),
        _ => ("/", StatusCode::NOT_FOUND),
    };
    let found = app
        .site
        .answer(file, status, request.method(), request.headers());
    found.unwrap_or_else(|| Error::NotFound.into_response())
}

fn is_page(path: &str) -> bool {
    let place = path
        .strip_prefix("/places/")
        .is_some_and(|id| !id.is_empty() && !id.contains('/'));
    place || PAGES.contains(&path)
}
