//! The reporting centre, said before anything is written: who reads, when, how long it is kept, and
//! where to turn while nobody reads.

use ::words::{help, report as words};
use domain::scheme::{self, Centre, Reading};
use domain::time::Local;
use leptos::prelude::*;

use super::safety::{choice, fact};
use crate::components::notice::notice;
use crate::dom::{Show, View, all, el};
use crate::features::places::hours;
use crate::platform::clock;
use crate::speech::t;
use crate::state::State;

/// Which centre was chosen, where there are several.
pub type Chosen = RwSignal<Option<String>>;

fn centre(state: State, chosen: Chosen) -> Option<Centre> {
    let chosen = chosen.get();
    state.scheme.with(|scheme| {
        let centres = &scheme.as_ref()?.centres;
        scheme::centre(centres, chosen.as_deref()).cloned()
    })
}

/// Where to turn instead, while nobody reads: it stands before everything that can be written.
pub fn elsewhere(state: State, chosen: Chosen) -> Option<View> {
    let (title, text) = match centre(state, chosen)?.reading(clock::now()) {
        Reading::Later(at) => (words::closed_title(when(at)), words::CLOSED),
        Reading::Nobody => (words::STALE_TITLE.into(), words::STALE),
        Reading::Now(_) | Reading::NotKnown => return None,
    };
    let way = |href: &'static str, text: String| {
        el("a")
            .class("button button--small")
            .attr("href", href)
            .child(text)
    };
    let ways = all![
        way("tel:101", t(help::N101)),
        way("https://www.report-it.org.uk/", t(words::TRUE_VISION)).attr("rel", "noreferrer"),
        way("/hope", t(words::TALK))
    ];
    let ways = el("div").class("actions").child(ways).show();
    Some(notice("note", "clock", t(title), t(text), Some(ways)))
}

/// Asks which centre, where several have somebody who reads.
pub fn ask(state: State, chosen: Chosen) -> Option<View> {
    let centres = state.scheme.with(|scheme| {
        let offered = |centre: &&Centre| centre.offered;
        let centres = scheme.as_ref().map(|scheme| scheme.centres.iter());
        centres.map(|centres| centres.filter(offered).cloned().collect::<Vec<_>>())
    })?;
    if centres.len() < 2 {
        return None;
    }
    let one = |centre: Centre| {
        let id = centre.id.clone();
        let note = centre.hours.unwrap_or_default();
        choice("centre", &centre.id, centre.name, note, move || {
            chosen.set(Some(id.clone()));
        })
    };
    let asked = el("fieldset")
        .class("choices")
        .child(
            el("legend")
                .class("choices__title heading")
                .child(t(words::CENTRE_TITLE)),
        )
        .child(
            el("p")
                .class("choices__hint note")
                .child(t(words::CENTRE_HINT)),
        )
        .child(centres.into_iter().map(one).collect::<Vec<_>>());
    Some(asked.show())
}

/// Who reads it.
pub fn who(state: State, chosen: Chosen) -> View {
    named(centre(state, chosen))
}

fn named(centre: Option<Centre>) -> View {
    let who = centre.map_or_else(
        || t(words::FACT_WHO_NOBODY),
        |centre| t(words::fact_who(centre.name)),
    );
    fact("people", t(words::FACT_WHO_STRONG), who)
}

/// Who reads it, when, and how long it is kept.
pub fn facts(state: State, chosen: Chosen) -> View {
    let centre = centre(state, chosen);
    let reading = match &centre {
        Some(centre) => centre.reading(clock::now()),
        None => Reading::NotKnown,
    };
    let read = t(match reading {
        Reading::Now(Some(until)) => words::fact_when_now(hours::time(until.minute)),
        Reading::Now(None) => words::FACT_WHEN_ALWAYS.into(),
        Reading::Later(at) => words::fact_when_later(when(at)),
        Reading::NotKnown | Reading::Nobody => words::FACT_WHEN_UNKNOWN.into(),
    });
    let kept = state
        .scheme
        .with(|scheme| scheme.as_ref().and_then(|scheme| scheme.retention));
    all![
        named(centre),
        fact("clock", t(words::FACT_WHEN_STRONG), read),
        kept.map(|kept| fact(
            "trash",
            t(words::FACT_KEPT_STRONG),
            t(words::fact_kept(kept.closed_days.to_string())),
        ))
    ]
}

/// "today at 9am", "tomorrow at 9am", "on Monday at 9am"; a date where it is further off.
fn when(at: Local) -> String {
    let today = clock::now().in_london().day;
    let time = hours::time(at.minute);
    t(match at.day.since(today) {
        0 => words::when_today(time),
        1 => words::when_tomorrow(time),
        2..7 => words::when_on(t(hours::DAYS[at.day.weekday()]), time),
        _ => words::when_on(crate::platform::written::day(&at.day.to_string()), time),
    })
}
