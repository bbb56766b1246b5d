//! The third step: words in huge type to show to somebody in the street, and to have spoken.

use domain::geo::Point;
use domain::usual_place::UsualPlace;
use domain::wayfinding::Way;
use leptos::prelude::*;
use words::lost as texts;

use super::{how_sure, onward};
use crate::components::notice::notice;
use crate::components::{icon, speak};
use crate::dom::{Show, View, all, el, own};
use crate::features::help::usual::{self, picture};
use crate::features::help::way::{self, Needle, nearest_to};
use crate::features::help::whereabouts::Whereabouts;
use crate::features::help::{contact, walk};
use crate::platform::written::left_to_right;
use crate::router::LostStep;
use crate::speech::t;
use crate::state::State;

/// Where the person wants to be shown the way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// The nearest safe place, once there is a position.
    Nearest,
    /// A usual place, by its number.
    Usual(usize),
}

/// What stands on the sign.
#[derive(Debug, Clone, PartialEq)]
struct Sign {
    before: String,
    name: String,
    lines: Vec<String>,
    /// Where it is, if there is a place and it is known.
    point: Option<Point>,
}

/// The parts the step is worked out from.
#[derive(Clone, Copy)]
struct Desk {
    state: State,
    whereabouts: Whereabouts,
    target: RwSignal<Target>,
}

/// Ask someone.
pub fn step(state: State) -> View {
    let desk = Desk {
        state,
        whereabouts: Whereabouts::new(),
        target: RwSignal::new(usual::wanted().map_or(Target::Nearest, Target::Usual)),
    };
    let needle = Needle::new();
    let sign = Memo::new(move |_| desk.sign());
    let way = Memo::new(move |_| sign.with(|sign| desk.way(sign)));
    let sure = move || {
        desk.whereabouts
            .fix()
            .map(|fix| how_sure(&fix, desk.whereabouts.now()))
    };
    all![
        el("h1").class("title").child(t(texts::ASK_TITLE)),
        el("p").class("lead").child(t(texts::ASK_LEAD)),
        far(way),
        el("section")
            .class("sign")
            .attr("aria-label", t(texts::ASK_TITLE))
            .child(move || sign.with(Sign::view))
            .child(move || way.get().map(|way| walk_line(&way))),
        speak::button(texts::SAY, "button button--main", move || sign
            .with_untracked(Sign::spoken)),
        ring(state),
        needle.view(move || way.get().and_then(|way| way.arrow)),
        move || choices(desk),
        move || (desk.target.get() == Target::Nearest)
            .then(|| desk.whereabouts.view(t(texts::NEAR_LEAD))),
        el("p").class("note").child(sure),
        onward(
            Some((LostStep::Near, texts::NEXT_NEAR)),
            Some(LostStep::Contact)
        )
    ]
}

impl Desk {
    fn sign(self) -> Sign {
        let known = match self.target.get() {
            Target::Usual(at) => self
                .state
                .usual_places
                .with(|places| places.get(at).map(Sign::usual)),
            Target::Nearest => self.nearest(),
        };
        known.unwrap_or_else(|| self.lost())
    }

    fn nearest(self) -> Option<Sign> {
        let fix = self.whereabouts.fix()?;
        let (place, ..) = nearest_to(self.state, &fix, self.whereabouts.now())?;
        Some(Sign {
            before: t(texts::ASK_PLEASE),
            lines: lines(&way::address(&place)),
            point: Some(place.point),
            name: place.name,
        })
    }

    /// Nothing is known, not even where: still something to show.
    fn lost(self) -> Sign {
        let (name, lines) = match contact(self.state) {
            Some(ring) => (
                t(texts::ask_ring(ring.name)),
                vec![left_to_right(ring.telephone)],
            ),
            None => (t(texts::ASK_RING_101), Vec::new()),
        };
        Sign {
            before: t(texts::ASK_LOST),
            name,
            lines,
            point: None,
        }
    }

    fn way(self, sign: &Sign) -> Option<Way> {
        let (fix, point) = self.whereabouts.fix().zip(sign.point)?;
        Some(fix.way_to(point, self.whereabouts.now()))
    }
}

impl Sign {
    fn usual(place: &UsualPlace) -> Self {
        Self {
            before: t(texts::ASK_PLEASE),
            name: usual::title(place),
            lines: lines(&place.address),
            point: place.point,
        }
    }

    fn view(&self) -> View {
        let line = |text: &String| el("p").class("sign__line").child(own(text));
        all![
            el("p").class("sign__before").child(self.before.clone()),
            el("p").class("sign__name").child(own(&self.name)),
            self.lines.iter().map(line).collect::<Vec<_>>()
        ]
    }

    fn spoken(&self) -> String {
        [&self.before, &self.name]
            .into_iter()
            .chain(&self.lines)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// An address as it stands on an envelope, without gaps.
fn lines(address: &str) -> Vec<String> {
    let parts = address.split([',', '\n']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn walk_line(way: &Way) -> View {
    el("p")
        .class("way__walk")
        .child(icon("person"))
        .child(el("span").child(walk(way.minutes)))
        .show()
}

/// Says first that it is far.
fn far(way: Memo<Option<Way>>) -> View {
    let far = Memo::new(move |_| way.get().is_some_and(|way| way.is_far()));
    let warned = move || {
        far.get()
            .then(|| notice("note", "info", t(texts::NEAR_FAR), String::new(), None))
    };
    warned.show()
}

fn ring(state: State) -> View {
    let button = move || {
        let (href, words) = match contact(state) {
            Some(ring) => (
                format!("tel:{}", ring.dial),
                t(words::help::ring(ring.name)),
            ),
            None => ("tel:101".into(), t(words::help::N101)),
        };
        el("a")
            .class("button")
            .attr("href", href)
            .child(icon("phone"))
            .child(el("span").child(words))
    };
    button.show()
}

/// Where to: the nearest safe place, or a place the person knows.
fn choices(desk: Desk) -> View {
    let places = desk.state.usual_places.get();
    let useful = places
        .iter()
        .enumerate()
        .filter(|(_, place)| place.is_useful());
    let usual: Vec<_> = useful
        .map(|(at, place)| {
            let icon = picture(place.kind);
            choice(desk, Target::Usual(at), icon, usual::title(place))
        })
        .collect();
    if usual.is_empty() {
        return ().show();
    }
    let nearest = choice(desk, Target::Nearest, "door", t(texts::ASK_NEAREST));
    all![
        el("p").class("note").child(t(texts::ASK_OTHER)),
        el("div").class("pair").child(nearest).child(usual)
    ]
}

fn choice(desk: Desk, target: Target, picture: &'static str, words: String) -> View {
    let pressed = move || (desk.target.get() == target).to_string();
    el("button")
        .attr("type", "button")
        .class("button")
        .attr_following("aria-pressed", pressed)
        .on("click", move |_| desk.target.set(target))
        .child(icon(picture))
        .child(el("span").child(own(&words)))
        .show()
}
