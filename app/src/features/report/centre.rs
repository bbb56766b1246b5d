//! The reporting centre, said before anything is written: who reads, when, how long it is kept, and
//! where to turn while nobody reads.

use ::words::{help, places, report as words};
use domain::geo::Point;
use domain::scheme::{self, Centre, Reading};
use domain::time::Local;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::safety::{choice, fact};
use crate::components::icon;
use crate::components::notice::notice;
use crate::dom::{Show, View, all, el};
use crate::features::places::{hours, list};
use crate::platform::{clock, geolocation, page};
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
    let from = RwSignal::new(None::<Point>);
    let one = move |centre: Centre| {
        let id = centre.id.clone();
        let far = from.get().zip(centre.point);
        let far = far.map(|(from, to)| list::distance(from.metres_to(to), from.compass_to(to)));
        let note = [far, centre.hours].into_iter().flatten();
        let note = note.collect::<Vec<_>>().join(" · ");
        let now = chosen.get_untracked().as_ref() == Some(&id);
        choice("centre", &centre.id, centre.name, note, now, move || {
            chosen.set(Some(id.clone()));
        })
    };
    let placed = centres.iter().any(|centre| centre.point.is_some());
    let near = placed.then(|| nearest(state, chosen, from));
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
        .child(near)
        .child(move || centres.iter().cloned().map(one).collect::<Vec<_>>());
    Some(asked.show())
}

/// Asks the phone where it is, and chooses the nearest centre. The position goes nowhere.
fn nearest(state: State, chosen: Chosen, from: RwSignal<Option<Point>>) -> View {
    let said = RwSignal::new(places::POSITION_NOTE);
    let look = move |_| {
        said.set(places::POSITION_WAIT);
        spawn_local(async move {
            let found = geolocation::position().await;
            let nearest = state.scheme.with_untracked(|scheme| {
                let centre = scheme::nearest(&scheme.as_ref()?.centres, found?)?;
                Some(centre.id.clone())
            });
            let told = if nearest.is_some() {
                places::POSITION_NOTE
            } else {
                words::CENTRE_NEAR_NOT
            };
            let _ = said.try_set(told);
            if let Some(id) = nearest {
                let _ = chosen.try_set(Some(id));
                let _ = from.try_set(found);
                page::focus_soon("[name=centre]:checked");
            }
        });
    };
    all![
        el("button")
            .attr("type", "button")
            .class("button")
            .on("click", look)
            .child(icon("locate"))
            .child(el("span").child(t(words::CENTRE_NEAR))),
        el("p")
            .class("note")
            .attr("role", "status")
            .child(move || t(said.get()))
    ]
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
