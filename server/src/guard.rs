//! What stands on every answer, and which requests are not answered at all.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::arrival;
use crate::error::Error;
use crate::serve::App;

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Ourselves where a feature uses it, nobody for the rest.
const PERMISSIONS: &str = "accelerometer=(self), camera=(self), geolocation=(self), gyroscope=(self), magnetometer=(self), microphone=(self), publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(self), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), hid=(), idle-detection=(), local-fonts=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), serial=(), storage-access=(), sync-xhr=(), usb=(), window-management=(), xr-spatial-tracking=()";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Public data for directories, problems among it: any page of any site may read it.
const FOR_EVERYONE: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "if-none-match, content-type",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
];

/// Two years.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Refuses what another site sends in a person's name, and puts the headers on every answer.
pub async fn protect(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let public = is_for_everyone(request.uri().path());
    let mut response = if comes_from_elsewhere(request.method(), request.headers()) {
        let (head, body) = request.into_parts();
        arrival::run_out(body, &head.headers);
        Error::CrossOrigin.into_response()
    } else if public && request.method() == Method::OPTIONS {
        // A browser asks first whether a page of another site may ask.
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if public {
        for (name, value) in FOR_EVERYONE {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if app.https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HSTS),
        );
    }
    response
}

fn is_for_everyone(path: &str) -> bool {
    path == "/api/oruk" || path.starts_with("/api/oruk/")
}

/// Whether an unsafe request carries a cookie that our own pages did not send along.
fn comes_from_elsewhere(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() || !headers.contains_key(header::COOKIE) {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => site != "same-origin",
        (None, Some(origin), Some(host)) => {
            origin.split_once("://").map(|(_, at)| at) != Some(host)
        }
        (None, _, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(expected: bool, method: Method, given: &[(&'static str, &'static str)]) {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        assert_eq!(
            comes_from_elsewhere(&method, &headers),
            expected,
            "{given:?}"
        );
    }

    #[test]
    fn a_cookie_must_come_from_our_own_pages() {
        let cookie = ("cookie", "a=b");
        refused(false, Method::PUT, &[("sec-fetch-site", "cross-site")]);
        refused(
            false,
            Method::GET,
            &[cookie, ("sec-fetch-site", "cross-site")],
        );
        refused(true, Method::PUT, &[cookie]);
        refused(
            true,
            Method::PUT,
            &[cookie, ("sec-fetch-site", "same-site")],
        );
        refused(
            false,
            Method::PUT,
            &[cookie, ("sec-fetch-site", "same-origin")],
        );
        refused(
            false,
            Method::PUT,
            &[
                cookie,
                ("origin", "https://a.example"),
                ("host", "a.example"),
            ],
        );
        refused(
            true,
            Method::PUT,
            &[
                cookie,
                ("origin", "https://b.example"),
                ("host", "a.example"),
            ],
        );
    }
}
