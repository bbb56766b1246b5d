//! Open Referral UK services as they come in a file: one place for each location of a service.

use serde_json::Value;

use super::draft::{Draft, Note, Offers, Remark, Written};
use super::geojson::plain;
use super::oruk::OWN_ID;
use super::week::{self, DAYS, Week};
use crate::hours;

/// What a service says of its places; one that names no location still gives a draft, to be told of.
pub fn drafts(service: &Value) -> Vec<Draft> {
    let at = service["service_at_locations"].as_array();
    let places = at.map_or(&[] as &[Value], Vec::as_slice);
    match places {
        [] => vec![draft(service, &Value::Null, plain(&service["id"]))],
        [one] => {
            // What we wrote ourselves comes back under the id by which its source knows it.
            let location = &one["location"];
            let own = plain(&location["external_identifier_type"]) == OWN_ID;
            let id = if own {
                &location["external_identifier"]
            } else {
                &service["id"]
            };
            vec![draft(service, one, plain(id))]
        }
        several => several
            .iter()
            .map(|at| draft(service, at, plain(&at["id"])))
            .collect(),
    }
}

fn draft(service: &Value, at: &Value, id: String) -> Draft {
    let location = &at["location"];
    let address = &location["addresses"][0];
    let mut draft = Draft {
        external_id: id,
        name: plain(&service["name"]),
        address: written_address(address),
        postcode: plain(&address["postal_code"]),
        position: [plain(&location["latitude"]), plain(&location["longitude"])],
        telephone: telephone(service, at),
        directions: plain(&location["description"]),
        what: plain(&service["description"]),
        languages: languages(service),
        offers: offers(&location["accessibility"]),
        checked: plain(&service["assured_date"]),
        status: plain(&service["status"]),
        notes: plain(&service["alert"]),
        ..Draft::default()
    };
    let of_place = [
        &at["schedules"],
        &location["schedules"],
        &service["schedules"],
    ];
    let schedules = of_place
        .into_iter()
        .find(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    if let Some(schedules) = schedules.and_then(Value::as_array) {
        match weeks(schedules) {
            _ if written(schedules).is_some() => {
                draft.hours = Written::Text(written(schedules).unwrap_or_default());
            }
            Ok(week) => draft.hours = Written::Text(week::notation(&week).unwrap_or_default()),
            Err(text) => draft.remarks.push(Remark::Told(Note::HoursKeptOut(text))),
        }
    }
    draft
}

fn written_address(address: &Value) -> String {
    let names = ["attention", "address_1", "address_2", "city"];
    let parts = names[1..].iter().map(|name| plain(&address[*name]));
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn telephone(service: &Value, at: &Value) -> String {
    let lists = [&at["phones"], &at["location"]["phones"], &service["phones"]];
    let own = lists.into_iter().map(|list| plain(&list[0]["number"]));
    let contact = plain(&service["contacts"][0]["phones"][0]["number"]);
    own.chain([contact])
        .find(|number| !number.is_empty())
        .unwrap_or_default()
}

fn languages(service: &Value) -> String {
    let list = service["languages"].as_array().into_iter().flatten();
    let codes = list.map(|one| match plain(&one["code"]) {
        code if code.is_empty() => plain(&one["name"]),
        code => code,
    });
    codes
        .filter(|code| !code.is_empty())
        .collect::<Vec<_>>()
        .join(",")
}

/// Accessibility is free text there; our own export writes one of our names.
fn offers(accessibility: &Value) -> Offers {
    let list = accessibility.as_array().into_iter().flatten();
    let said: Vec<_> = list.map(|one| plain(&one["accessibility"])).collect();
    let has = |name: &str| {
        if said.iter().any(|one| one == name) {
            "yes".to_owned()
        } else {
            String::new()
        }
    };
    Offers {
        step_free: has("step-free"),
        toilets: has("toilets"),
        quiet_room: has("quiet-room"),
        hearing_loop: has("hearing-loop"),
    }
}

/// The one text in OpenStreetMap's notation that all of them carry, as ours do: it says more than they
/// can, such as bank holidays.
fn written(schedules: &[Value]) -> Option<String> {
    let text = plain(&schedules.first()?["description"]);
    let all = schedules
        .iter()
        .all(|one| plain(&one["description"]) == text);
    (all && hours::read(&text).is_ok()).then_some(text)
}

/// Weekly schedules as a week; otherwise what could not be understood.
fn weeks(schedules: &[Value]) -> Result<Week, String> {
    let mut week = Week::default();
    for schedule in schedules {
        let said = || {
            let parts = ["description", "freq", "byday", "opens_at", "closes_at"];
            let parts: Vec<_> = parts.iter().map(|name| plain(&schedule[*name])).collect();
            parts.join(" ").trim().to_owned()
        };
        weekly(schedule, &mut week).ok_or_else(said)?;
    }
    for spans in &mut week {
        spans.sort_unstable();
        if spans.windows(2).any(|two| two[0].1 > two[1].0) {
            return Err("opening times that overlap".to_owned());
        }
    }
    Ok(week)
}

fn weekly(schedule: &Value, week: &mut Week) -> Option<()> {
    let every = schedule["interval"].as_f64().unwrap_or(1.0);
    let dates = ["valid_from", "valid_to", "bymonthday"].map(|name| plain(&schedule[name]));
    if plain(&schedule["freq"]) != "WEEKLY"
        || every != 1.0
        || dates.iter().any(|date| !date.is_empty())
    {
        return None;
    }
    let time = |name: &str| plain(&schedule[name]).get(..5).map(str::to_owned);
    let span = week::day(&format!("{}-{}", time("opens_at")?, time("closes_at")?))?;
    for day in plain(&schedule["byday"]).split(',') {
        let day = DAYS
            .iter()
            .position(|(short, _)| short.eq_ignore_ascii_case(day.trim()))?;
        week[day].extend(&span);
    }
    Some(())
}
