//! A place's hours in words: now, and for the week.

use domain::hours::{DAY_MINUTES, Hours, OfDay, Span, State};
use domain::place::Place;
use domain::time::{Day, Local};
use leptos::prelude::Get;
use words::{Key, places as texts};

use crate::dom::{Show, View, el};
use crate::platform::{clock, written};
use crate::speech::t;
use crate::state::State as Shared;

/// Whether a place is open now, as far as this phone may say.
pub fn now(shared: Shared, place: &Place) -> State {
    place.state(clock::now(), shared.pulled.get())
}

/// The line that says so.
pub fn line(place: &Place, state: State) -> View {
    let class = match state {
        State::NotKnown => "place__hours place__hours--unknown",
        _ => "place__hours",
    };
    el("p").class(class).child(in_words(place, state)).show()
}

/// The same in words.
pub fn in_words(place: &Place, state: State) -> String {
    let today = clock::now().in_london().day;
    t(match state {
        State::Open { until: None } => return t(texts::STATE_ALWAYS),
        State::Open { until: Some(until) } => texts::state_open(time(until.minute)),
        State::ClosingSoon { until } => texts::state_soon(time(until.minute)),
        State::Closed { opens: None } => return t(texts::STATE_CLOSED),
        State::Closed { opens: Some(opens) } => return opens_at(today, opens),
        State::NotKnown => {
            return t(match place.telephone {
                _ if place.ring_first => texts::FOUND_CLOSED,
                Some(_) => texts::HOURS_UNKNOWN,
                None => texts::HOURS_TO_BE_CONFIRMED,
            });
        }
    })
}

fn opens_at(today: Day, opens: Local) -> String {
    let at = time(opens.minute);
    t(match opens.day.since(today) {
        0 => texts::state_opens(at),
        1 => texts::state_opens_tomorrow(at),
        2..7 => texts::state_opens_on(t(DAYS[opens.day.weekday()]), at),
        _ => return t(texts::STATE_OPENS_LATER),
    })
}

/// The ordinary week, a line for each row of days that are alike.
pub fn week(hours: &Hours) -> String {
    let mut lines = String::new();
    for (first, last, of) in hours.week_in_rows() {
        if !lines.is_empty() {
            lines += "\n";
        }
        lines += &days(first, last);
        lines += ": ";
        lines += &times(of);
    }
    lines
}

/// The next two weeks' days that differ from the ordinary week, a line each.
pub fn soon(hours: &Hours, today: Day) -> String {
    let dated = (hours.dated.iter())
        .filter(|(day, _)| (0..SOON).contains(&day.since(today)))
        .map(|(day, of)| [&written::day(&day.to_string()), ": ", &times(of)].concat());
    dated.collect::<Vec<_>>().join("\n")
}

/// So many days ahead are told.
const SOON: i64 = 14;

fn times(of: &OfDay) -> String {
    let open = of.open.iter().map(|span| from_to(*span));
    let ask = of.ask.iter().map(|span| match *span {
        Span::DAY => t(texts::ASK_FIRST),
        span => t(texts::times_asked(from_to(span))),
    });
    let parts: Vec<_> = open.chain(ask).collect();
    if parts.is_empty() {
        t(texts::SHUT)
    } else {
        parts.join(", ")
    }
}

fn from_to(span: Span) -> String {
    if span == Span::DAY {
        return t(texts::ALL_DAY);
    }
    t(texts::from_to(time(span.closes()), time(span.opens())))
}

fn days(first: usize, last: usize) -> String {
    if first == last {
        t(DAYS[first])
    } else {
        t(texts::days(t(DAYS[first]), t(DAYS[last])))
    }
}

/// The days of the week, Monday first.
pub const DAYS: [Key; 7] = [
    texts::MONDAY,
    texts::TUESDAY,
    texts::WEDNESDAY,
    texts::THURSDAY,
    texts::FRIDAY,
    texts::SATURDAY,
    texts::SUNDAY,
];

/// A minute of a day as people say it: "9am", "5:30pm", "midday".
pub fn time(minute: u16) -> String {
    let minute = minute % DAY_MINUTES;
    if minute == 0 {
        return t(texts::MIDNIGHT);
    }
    if minute == 720 {
        return t(texts::MIDDAY);
    }
    let (hour, rest) = ((minute / 60 + 11) % 12 + 1, minute % 60);
    let mut shown = hour.to_string();
    if rest > 0 {
        shown += if rest < 10 { ":0" } else { ":" };
        shown += &rest.to_string();
    }
    t(if minute < 720 {
        texts::am(shown)
    } else {
        texts::pm(shown)
    })
}
