//! GeoJSON with OpenStreetMap's tag names, in and out.

use domain::geo::Point;
use domain::place::Offer;
use serde_json::{Map, Value, json};

use super::draft::{Draft, Written};
use super::out::Exported;

/// Tags that say a place is no more, with whatever value.
const GONE: [&str; 4] = [
    "disused:amenity",
    "abandoned:amenity",
    "was:amenity",
    "demolished:building",
];

/// What a feature says of a place.
pub fn draft(feature: &Value) -> Draft {
    let tags = &feature["properties"];
    let text = |name: &str| plain(&tags[name]);
    let first = |names: &[&str]| {
        let found = names.iter().map(|name| text(name));
        found
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    };
    let point = middle(&feature["geometry"]);
    let at = |degrees: Option<f64>| {
        degrees
            .map(|degrees| degrees.to_string())
            .unwrap_or_default()
    };
    let gone = GONE.iter().find(|tag| !tags[**tag].is_null());
    let id = match plain(&feature["id"]) {
        id if id.is_empty() => first(&["@id", "id", "ref"]),
        id => id,
    };
    Draft {
        external_id: id,
        name: first(&["name", "official_name"]),
        address: address(tags),
        postcode: first(&["addr:postcode", "postcode"]),
        position: [
            at(point.map(|point| point.1)),
            at(point.map(|point| point.0)),
        ],
        telephone: first(&["phone", "contact:phone", "telephone"]),
        hours: Written::Text(text("opening_hours")),
        directions: text("safe_place:directions"),
        door: first(&["safe_place:door", "entrance:description"]),
        what: text("description"),
        welcome: text("safe_place:welcome"),
        languages: languages(tags),
        offers: super::draft::Offers {
            step_free: text("wheelchair"),
            toilets: text("toilets"),
            quiet_room: text("safe_place:quiet_room"),
            hearing_loop: first(&["hearing_loop", "audio_loop"]),
        },
        checked: text("check_date"),
        closed: text("end_date"),
        opened: String::new(),
        status: match gone {
            Some(_) => "closed".to_owned(),
            None => text("safe_place:status"),
        },
        sample: String::new(),
        notes: text("note"),
        unstaffed: false,
        remarks: Vec::new(),
    }
}

/// Longitude and latitude: of a point itself, of anything else the middle of its outermost corners.
fn middle(geometry: &Value) -> Option<(f64, f64)> {
    let mut corners = Vec::new();
    collect(&geometry["coordinates"], &mut corners);
    let first = *corners.first()?;
    let (mut least, mut most) = (first, first);
    for (lon, lat) in corners {
        least = (least.0.min(lon), least.1.min(lat));
        most = (most.0.max(lon), most.1.max(lat));
    }
    Some(((least.0 + most.0) / 2.0, (least.1 + most.1) / 2.0))
}

fn collect(coordinates: &Value, corners: &mut Vec<(f64, f64)>) {
    let Some(list) = coordinates.as_array() else {
        return;
    };
    match (
        list.first().and_then(Value::as_f64),
        list.get(1).and_then(Value::as_f64),
    ) {
        (Some(lon), Some(lat)) => corners.push((lon, lat)),
        _ => list.iter().for_each(|inner| collect(inner, corners)),
    }
}

/// A full address as we write it, or put together from its parts.
fn address(tags: &Value) -> String {
    let full = plain(&tags["addr:full"]);
    if !full.is_empty() {
        return full;
    }
    let part = |name: &str| plain(&tags[format!("addr:{name}")]);
    let house = format!("{} {}", part("housenumber"), part("street"));
    let parts = [
        part("housename"),
        house.trim().to_owned(),
        part("suburb"),
        part("city"),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn languages(tags: &Value) -> String {
    let named = tags.as_object().into_iter().flatten();
    let spoken = named.filter(|(_, value)| plain(value) == "yes");
    let tags: Vec<_> = spoken
        .filter_map(|(name, _)| name.strip_prefix("language:"))
        .collect();
    tags.join(",")
}

/// A text or a number as text; anything else is nothing.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        _ => String::new(),
    }
}

/// A place as a feature.
pub fn feature(place: &Exported) -> Value {
    let mut tags = Map::new();
    let mut put = |name: &str, text: Option<&str>| {
        if let Some(text) = text {
            tags.insert(name.to_owned(), text.into());
        }
    };
    put("name", Some(&place.name));
    put("addr:full", Some(&place.address));
    put("addr:postcode", place.postcode.as_deref());
    put("phone", place.telephone.as_deref());
    put("opening_hours", place.opening_hours.as_deref());
    put("description", place.what.as_deref());
    put("safe_place:directions", place.directions.as_deref());
    put("safe_place:door", place.door.as_deref());
    put("safe_place:welcome", place.welcome.as_deref());
    put(
        "check_date",
        place.checked.map(|day| day.to_string()).as_deref(),
    );
    put("safe_place:status", Some(place.status.name()));
    for offer in &place.offers {
        put(tag_of(*offer), Some("yes"));
    }
    for language in &place.languages {
        put(&format!("language:{language}"), Some("yes"));
    }
    let Point { lat, lon } = place.point;
    json!({
        "type": "Feature",
        "id": place.external_id,
        "geometry": { "type": "Point", "coordinates": [lon, lat] },
        "properties": tags,
    })
}

fn tag_of(offer: Offer) -> &'static str {
    match offer {
        Offer::StepFree => "wheelchair",
        Offer::Toilets => "toilets",
        Offer::QuietRoom => "safe_place:quiet_room",
        Offer::HearingLoop => "hearing_loop",
    }
}
