//! The API's description of itself, OpenAPI 3.1.

use axum::Json;
use axum::response::IntoResponse;
use domain::id::ReportId;
use domain::wire::Label;
use utoipa::{OpenApi, ToSchema};

use crate::routes::{
    health, list, mailboxes, manage, map, notes, oruk, parts, photos, place, places, poster,
    reports, scheme,
};

/// Every route with every status.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Safe Place",
        description = "Keeps sealed reports and hands out public data"
    ),
    paths(
        reports::put,
        parts::head,
        parts::patch,
        parts::commit,
        notes::put,
        scheme::get,
        places::get,
        photos::get,
        mailboxes::get,
        mailboxes::delete,
        mailboxes::put,
        map::get,
        map::part,
        get,
        health::alive,
        health::ready,
        list::get,
        place::get,
        place::css,
        poster::get,
        oruk::about,
        oruk::services,
        oruk::service,
        oruk::at_locations,
        oruk::at_place,
        oruk::organizations,
        oruk::organization,
        oruk::taxonomies,
        oruk::taxonomy_terms,
        manage::get,
        manage::post
    ),
    components(schemas(Label, ReportId))
)]
pub struct Description;

/// Bytes as they are.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "a shape of the description only")]
pub struct Bytes(Vec<u8>);

/// The fields that a manager's page always has. Those for days, dates, criteria and offers are in the
/// page; what is not there was left empty.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape of the description only")]
pub struct ManagersPage {
    /// `keep`, or `form`: the hours as the page's other fields say.
    hours: Option<String>,
    /// Without it, phones say that it is not confirmed.
    telephone: Option<String>,
    /// The way there.
    directions: Option<String>,
    /// How to find the door.
    door: Option<String>,
    /// What happens when somebody goes in.
    welcome: Option<String>,
    /// The day its people were trained.
    trained: Option<String>,
    /// Who trained them.
    trained_who: Option<String>,
    /// `on`: it no longer takes part.
    leave: Option<String>,
    /// JPEG, PNG or WebP.
    photo: Option<Bytes>,
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json"))
)]
pub async fn get() -> impl IntoResponse {
    Json(Description::openapi())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::note::{How, Kind};
    use domain::wire::{
        ENVELOPE_VERSION, MAX_LABEL, MAX_NOTE, MAX_PART, MAX_PARTS, MAX_SEALED, NOTE_VERSION,
        REPORT_TYPE,
    };
    use serde_json::{Value, json};

    use super::*;

    /// The routes as they stand in the router's source: path and method.
    fn routes() -> Vec<(String, String)> {
        let source = include_str!("router.rs");
        let lines = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix(".route(\""));
        let route = |line: &str| {
            let (path, rest) = line.split_once("\", ").expect("a path and a method");
            let (method, _) = rest.split_once('(').expect("a handler");
            (path.to_owned(), method.to_owned())
        };
        lines.map(route).collect()
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let json = serde_json::to_value(Description::openapi()).expect("plain data");
        assert!(
            json["openapi"]
                .as_str()
                .is_some_and(|version| version.starts_with("3.1"))
        );
        let routes = routes();
        assert!(routes.len() >= 8);
        for (path, method) in &routes {
            let described = &json["paths"][path][method]["responses"];
            assert!(described.is_object(), "{method} {path} is not described");
        }
        let described = json["paths"].as_object().map_or(0, serde_json::Map::len);
        let paths: BTreeSet<_> = routes.iter().map(|(path, _)| path).collect();
        assert_eq!(described, paths.len());
    }

    /// Every shape that something in here refers to.
    fn referred<'a>(json: &'a Value, into: &mut BTreeSet<&'a str>) {
        match json {
            Value::Object(fields) => {
                let name = fields.get("$ref").and_then(Value::as_str);
                into.extend(name.and_then(|name| name.strip_prefix("#/components/schemas/")));
                fields.values().for_each(|value| referred(value, into));
            }
            Value::Array(values) => values.iter().for_each(|value| referred(value, into)),
            _ => {}
        }
    }

    #[test]
    fn every_shape_that_is_referred_to_is_there() {
        let json = serde_json::to_value(Description::openapi()).expect("plain data");
        let mut names = BTreeSet::new();
        referred(&json, &mut names);
        assert!(names.contains("ReportId"));
        for name in names {
            let shape = &json["components"]["schemas"][name];
            assert!(shape.is_object(), "{name} is not described");
        }
    }

    #[test]
    fn the_described_bounds_are_the_ones_that_hold() {
        let json = serde_json::to_value(Description::openapi()).expect("plain data");
        let of = |shape: &str, field: &str, what: &str| {
            json["components"]["schemas"][shape]["properties"][field][what].clone()
        };
        assert_eq!(of("Label", "version", "maximum"), ENVELOPE_VERSION);
        assert_eq!(of("Label", "length", "maximum"), MAX_SEALED);
        assert_eq!(of("Label", "parts", "maxItems"), MAX_PARTS);
        assert_eq!(of("Part", "length", "maximum"), MAX_PART);
        assert_eq!(of("SentNote", "version", "maximum"), NOTE_VERSION);
    }

    #[test]
    fn a_report_is_described_as_what_it_is() {
        let json = serde_json::to_value(Description::openapi()).expect("plain data");
        let body = &json["paths"]["/api/reports/{id}"]["put"]["requestBody"];
        let kinds: Vec<_> = body["content"].as_object().expect("kinds").keys().collect();
        assert_eq!(kinds, [REPORT_TYPE]);
        let said = body["description"].as_str().expect("words");
        for limit in [MAX_LABEL, MAX_SEALED] {
            assert!(said.contains(&limit.to_string()), "{limit}");
        }
        assert_eq!(json["components"]["schemas"]["Label"]["type"], "object");
    }

    #[test]
    fn a_note_is_described_field_by_field() {
        let json = serde_json::to_value(Description::openapi()).expect("plain data");
        let body = &json["paths"]["/api/notes/{id}"]["put"]["requestBody"];
        let said = body["description"].as_str().expect("words");
        assert!(said.contains(&MAX_NOTE.to_string()));
        let schemas = &json["components"]["schemas"];
        let note = &schemas["SentNote"];
        assert_eq!(note["required"], json!(["version", "kind", "day"]));
        assert_eq!(note["additionalProperties"], json!(false));
        let how = &schemas["How"]["enum"];
        assert_eq!(how, &json!(How::ALL.map(How::name)));
        for kind in [Kind::WasClosed, Kind::DidNotKnow, Kind::HelpedMe] {
            let kinds = schemas["Kind"].to_string();
            assert!(kinds.contains(kind.names().0), "{kinds}");
        }
    }

    #[test]
    fn every_problem_of_a_report_and_a_note_is_described() {
        let json = serde_json::to_value(Description::openapi()).expect("plain data");
        let both = [400, 403, 404, 413, 415, 422, 429, 500, 503, 507];
        let report = [&both[..], &[410]].concat();
        for (path, statuses) in [
            ("/api/reports/{id}", &report[..]),
            ("/api/notes/{id}", &both),
        ] {
            let Value::Object(described) = &json["paths"][path]["put"]["responses"] else {
                panic!("no responses");
            };
            for status in statuses {
                assert!(
                    described.contains_key(&status.to_string()),
                    "{path}: {status}"
                );
            }
        }
    }
}
