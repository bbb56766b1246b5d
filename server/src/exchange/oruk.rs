//! Places as Open Referral UK (HSDS-UK 3) has them: services at locations, run by one organisation.

use domain::geo::Point;
use domain::hours::{DAY_MINUTES, OfDay};
use domain::place::{Offer, Place};
use domain::time::Day;
use serde_json::{Map, Value, json};
use sha2::Digest;

use super::out::Exported;
use super::week::DAYS;
use crate::hours;

/// Under this name our own identifiers stand beside the UUIDs that the standard wants.
pub const OWN_ID: &str = "safe-place";
/// The one taxonomy: what makes it easier to be at a place.
pub const TAXONOMY: &str = "safe-place-offers";

/// What the standard is told of a place, wherever it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'a> {
    /// The place's own id, or its source's id in a file for others.
    pub id: &'a str,
    /// As it stands on the building.
    pub name: &'a str,
    /// House, street and town.
    pub address: &'a str,
    /// Where known.
    pub postcode: Option<&'a str>,
    /// Where the door is.
    pub point: Point,
    /// Where known.
    pub telephone: Option<&'a str>,
    /// What it is.
    pub what: Option<&'a str>,
    /// The way there.
    pub directions: Option<&'a str>,
    /// What makes it easier to be there.
    pub offers: &'a [Offer],
    /// BCP 47 tags.
    pub languages: &'a [String],
    /// When it was last made sure of.
    pub checked: Option<Day>,
    /// An ordinary week, and how it is written.
    pub week: Option<[OfDay; 7]>,
    /// OpenStreetMap's notation, where it is at hand.
    pub opening_hours: Option<&'a str>,
    /// Whether it takes part now.
    pub active: bool,
}

impl<'a> From<&'a Place> for Told<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            id: place.id.as_str(),
            name: &place.name,
            address: &place.address,
            postcode: place.postcode.as_deref(),
            point: place.point,
            telephone: place.telephone.as_deref(),
            what: place.what.as_deref(),
            directions: place.directions.as_deref(),
            offers: &place.offers,
            languages: &place.languages,
            checked: place.checked,
            week: place.opening.as_ref().map(|opening| opening.week.clone()),
            opening_hours: None,
            active: true,
        }
    }
}

/// Who runs the services, and where their pages are.
#[derive(Debug, Clone, Copy)]
pub struct Scheme<'a> {
    /// Its name.
    pub name: &'a str,
    /// One sentence.
    pub description: &'a str,
    /// Where it serves.
    pub area: &'a str,
    /// Without a slash at its end.
    pub url: &'a str,
}

/// A UUID that is always the same for the same thing (version 8: made in a way of our own).
pub fn uuid(kind: &str, of: &str) -> String {
    let hash = sha2::Sha256::digest(format!("safe-place/{kind}/{of}"));
    let mut bytes: [u8; 16] = std::array::from_fn(|at| hash[at]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

/// The organisation that all services belong to.
pub fn organization(scheme: Scheme<'_>) -> Value {
    json!({
        "id": uuid("organization", scheme.url),
        "name": scheme.name,
        "description": scheme.description,
        "website": scheme.url,
    })
}

/// A service as it stands in a list.
pub fn listed_service(place: &Told<'_>, scheme: Scheme<'_>) -> Value {
    let mut service = basics(place);
    service.insert(
        "url".into(),
        format!("{}/places/{}", scheme.url, place.id).into(),
    );
    service.insert(
        "organization_id".into(),
        uuid("organization", scheme.url).into(),
    );
    service.insert("organization".into(), organization(scheme));
    Value::Object(service)
}

/// A service with all that belongs to it.
pub fn service(place: &Told<'_>, scheme: Scheme<'_>) -> Value {
    let mut service = whole(place, scheme.area);
    service.insert(
        "url".into(),
        format!("{}/places/{}", scheme.url, place.id).into(),
    );
    service.insert(
        "organization_id".into(),
        uuid("organization", scheme.url).into(),
    );
    service.insert("organization".into(), organization(scheme));
    Value::Object(service)
}

/// A service at its location, with both written out.
pub fn service_at_location(place: &Told<'_>, scheme: Scheme<'_>) -> Value {
    let mut at = at_location(place, scheme.area);
    at.insert("service".into(), listed_service(place, scheme));
    Value::Object(at)
}

/// The organisation with its services.
pub fn organization_with(services: Vec<Value>, scheme: Scheme<'_>) -> Value {
    let mut organization = organization(scheme);
    organization["services"] = services.into();
    organization
}

/// The one taxonomy.
pub fn taxonomy() -> Value {
    json!({
        "id": uuid("taxonomy", TAXONOMY),
        "name": TAXONOMY,
        "description": "What makes it easier to be at a Safe Place",
        "version": "1",
    })
}

/// Its terms.
pub fn taxonomy_terms() -> Vec<Value> {
    Offer::ALL.map(term).to_vec()
}

/// A place for a file, under its source's own id.
pub fn exported(place: &Exported) -> Value {
    let today = place.checked;
    let read = place
        .opening_hours
        .as_deref()
        .and_then(|text| hours::read(text).ok());
    // Any day serves: only the ordinary week of what follows is used.
    let from = today.or_else(|| "2026-01-01".parse().ok());
    let week = read
        .zip(from)
        .map(|(read, from)| read.model(place.nation, from, hours::AHEAD).week);
    let told = Told {
        id: &place.external_id,
        name: &place.name,
        address: &place.address,
        postcode: place.postcode.as_deref(),
        point: place.point,
        telephone: place.telephone.as_deref(),
        what: place.what.as_deref(),
        directions: place.directions.as_deref(),
        offers: &place.offers,
        languages: &place.languages,
        checked: place.checked,
        week,
        opening_hours: place.opening_hours.as_deref(),
        active: place.status.is_shown(),
    };
    Value::Object(whole(&told, ""))
}

fn basics(place: &Told<'_>) -> Map<String, Value> {
    let mut service = Map::new();
    service.insert("id".into(), uuid("service", place.id).into());
    service.insert("name".into(), place.name.into());
    let status = if place.active { "active" } else { "inactive" };
    service.insert("status".into(), status.into());
    if let Some(what) = place.what {
        service.insert("description".into(), what.into());
    }
    if let Some(checked) = place.checked {
        service.insert("assured_date".into(), checked.to_string().into());
    }
    service
}

fn whole(place: &Told<'_>, area: &str) -> Map<String, Value> {
    let mut service = basics(place);
    let at = Value::Object(at_location(place, area));
    service.insert("service_at_locations".into(), json!([at]));
    let schedules = schedules(place);
    if !schedules.is_empty() {
        service.insert("schedules".into(), schedules.into());
    }
    if let Some(number) = place.telephone {
        let contact = json!({
            "id": uuid("contact", place.id),
            "name": place.name,
            "phones": [{ "id": uuid("phone", place.id), "number": number }],
        });
        service.insert("contacts".into(), json!([contact]));
    }
    let languages = place
        .languages
        .iter()
        .map(|tag| json!({ "id": uuid("language", &format!("{}/{tag}", place.id)), "code": tag }));
    service.insert("languages".into(), languages.collect());
    let attributes = place.offers.iter().map(|offer| {
        json!({
            "id": uuid("attribute", &format!("{}/{}", place.id, offer.name())),
            "link_type": "service",
            "taxonomy_term": term(*offer),
        })
    });
    service.insert("attributes".into(), attributes.collect());
    service
}

fn at_location(place: &Told<'_>, area: &str) -> Map<String, Value> {
    let mut location = json!({
        "id": uuid("location", place.id),
        "location_type": "physical",
        "name": place.name,
        "latitude": place.point.lat,
        "longitude": place.point.lon,
        "external_identifier": place.id,
        "external_identifier_type": OWN_ID,
        "addresses": [address(place, area)],
        "accessibility": place.offers.iter().map(|offer| json!({
            "id": uuid("accessibility", &format!("{}/{}", place.id, offer.name())),
            "accessibility": offer.name(),
            "description": described(*offer),
        })).collect::<Vec<_>>(),
    });
    if let Some(directions) = place.directions {
        location["description"] = directions.into();
    }
    let mut at = Map::new();
    at.insert("id".into(), uuid("service-at-location", place.id).into());
    at.insert("service_id".into(), uuid("service", place.id).into());
    at.insert("location_id".into(), uuid("location", place.id).into());
    at.insert("location".into(), location);
    at
}

/// The town is what follows the last comma; the standard wants it apart.
fn address(place: &Told<'_>, area: &str) -> Value {
    let (street, town) = place
        .address
        .rsplit_once(", ")
        .unwrap_or((place.address, ""));
    json!({
        "id": uuid("address", place.id),
        "address_1": street,
        "city": town,
        "state_province": area,
        "postal_code": place.postcode.unwrap_or_default(),
        "country": "GB",
        "address_type": "physical",
    })
}

/// One recurrence rule for each span of the ordinary week, days with the same span together.
fn schedules(place: &Told<'_>) -> Vec<Value> {
    let Some(week) = &place.week else {
        return Vec::new();
    };
    let mut spans: Vec<_> = week.iter().flat_map(|day| &day.open).copied().collect();
    spans.sort_unstable();
    spans.dedup();
    let rule = |span: domain::hours::Span| {
        let days = DAYS
            .iter()
            .zip(week)
            .filter(|(_, day)| day.open.contains(&span));
        let days: Vec<_> = days.map(|((short, _), _)| short.to_uppercase()).collect();
        let key = format!("{}/{}-{}", place.id, span.opens(), span.closes());
        let mut rule = json!({
            "id": uuid("schedule", &key),
            "freq": "WEEKLY",
            "interval": 1,
            "byday": days.join(","),
            "opens_at": time(span.opens()),
            "closes_at": time(span.closes()),
        });
        if let Some(text) = place.opening_hours {
            rule["description"] = text.into();
        }
        rule
    };
    spans.into_iter().map(rule).collect()
}

/// "09:00"; midnight at the end of a day is "00:00" of the next.
fn time(minute: u16) -> String {
    let minute = minute % DAY_MINUTES;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn term(offer: Offer) -> Value {
    json!({
        "id": uuid("taxonomy-term", offer.name()),
        "name": offer.name(),
        "description": described(offer),
        "taxonomy": TAXONOMY,
        "taxonomy_id": uuid("taxonomy", TAXONOMY),
    })
}

fn described(offer: Offer) -> &'static str {
    match offer {
        Offer::StepFree => "In through the door without a step",
        Offer::Toilets => "A toilet that visitors can use",
        Offer::QuietRoom => "Somewhere quiet to sit",
        Offer::HearingLoop => "A hearing loop",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_the_same_for_the_same_thing_and_no_other() {
        let one = uuid("service", "a");
        assert_eq!(one, uuid("service", "a"));
        assert_ne!(one, uuid("location", "a"));
        assert_ne!(one, uuid("service", "b"));
        assert_eq!((one.len(), &one[14..15]), (36, "8"));
    }
}
