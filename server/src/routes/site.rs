//! The phone app: its files, its own routes, and the helpful page for what is none of them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::serve::App;

/// The app's routes that a link may lead to, and those of [`FAMILIES`] besides. `/places/{id}` is the
/// app's where it is installed; a stranger gets a page of the server's own there.
const PAGES: [&str; 10] = [
    "/",
    "/help",
    "/card",
    "/places",
    "/report",
    "/report/paper",
    "/reports",
    "/mailbox",
    "/hope",
    "/settings",
];

/// Pages with pages below them. Which there are, the app knows: it says so where there is none.
const FAMILIES: [&str; 3] = ["/card/", "/help/", "/settings/"];

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
    let name = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '/');
    let below = FAMILIES.iter().any(|family| {
        let rest = path.strip_prefix(family);
        rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(name))
    });
    below || PAGES.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn a_link_to_any_page_of_the_app_is_answered_as_one() {
        for path in [
            "/card",
            "/card/private",
            "/card/edit/contacts",
            "/settings/locks",
        ] {
            assert!(is_page(path), "{path}");
        }
        for path in [
            "/nowhere",
            "/card/",
            "/places/a/b",
            "/card/%2e",
            "/x/app.js",
        ] {
            assert!(!is_page(path), "{path}");
        }
    }
}
