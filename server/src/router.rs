//! Every route of the server, on one page.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, head, patch, post, put};

use crate::error::Error;
use crate::routes::{
    health, list, mailboxes, manage, map, notes, oruk, parts, photos, place, places, poster,
    reports, scheme, site,
};
use crate::serve::App;
use crate::{guard, log, openapi};

/// Where reports and notes go; named, because they are counted rather than logged.
pub const REPORT: &str = "/api/reports/{id}";
/// See [`REPORT`].
pub const NOTE: &str = "/api/notes/{id}";

/// The server, ready to answer.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/api/reports/{id}", put(reports::put))
        .route("/api/reports/{id}/parts/{part}", head(parts::head))
        .route("/api/reports/{id}/parts/{part}", patch(parts::patch))
        .route("/api/reports/{id}/commit", post(parts::commit))
        .route("/api/notes/{id}", put(notes::put))
        .route("/api/scheme", get(scheme::get))
        .route("/api/places", get(places::get))
        .route("/api/places/photos/{name}", get(photos::get))
        .route("/api/map", get(map::get))
        .route("/api/map/streets", get(map::part))
        .route("/api/mailboxes/{id}", get(mailboxes::get))
        .route("/api/mailboxes/{id}", delete(mailboxes::delete))
        .route("/api/mailboxes/{id}/messages/{mid}", put(mailboxes::put))
        .route("/api/openapi.json", get(openapi::get))
        // Open Referral UK, under a path of its own: its names are too general for the root.
        .route("/api/oruk", get(oruk::about))
        .route("/api/oruk/services", get(oruk::services))
        .route("/api/oruk/services/{id}", get(oruk::service))
        .route("/api/oruk/service_at_locations", get(oruk::at_locations))
        .route("/api/oruk/service_at_locations/{id}", get(oruk::at_place))
        .route("/api/oruk/organizations", get(oruk::organizations))
        .route("/api/oruk/organizations/{id}", get(oruk::organization))
        .route("/api/oruk/taxonomies", get(oruk::taxonomies))
        .route("/api/oruk/taxonomy_terms", get(oruk::taxonomy_terms))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/list", get(list::get))
        .route("/places/{id}", get(place::get))
        .route("/places/{id}/poster", get(poster::get))
        .route("/place.css", get(place::css))
        .route("/manage/{token}", get(manage::get))
        // A picture of a door is larger than what forms carry otherwise.
        .route("/manage/{token}", post(manage::post).layer(manage::limit()))
        // The phone app: its files, its routes, and the helpful page for everything else.
        .fallback(site::get)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(from_fn_with_state(Arc::clone(&app), guard::protect))
        .layer(from_fn_with_state(Arc::clone(&app), log::request))
        .with_state(app)
}
