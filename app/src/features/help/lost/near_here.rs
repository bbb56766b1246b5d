//! The fourth step: the postcode to tell somebody on the telephone, and how far to believe it.

use domain::postcode::Postcode;
use domain::wayfinding::{Fix, Near};
use leptos::prelude::*;
use words::lost as texts;

use super::{how_sure, onward};
use crate::dom::{View, all, el};
use crate::features::help::contact;
use crate::features::help::text::postcode;
use crate::features::help::whereabouts::Whereabouts;
use crate::platform::written::left_to_right;
use crate::router::LostStep;
use crate::speech::t;
use crate::state::State;

/// Where am I?
pub fn step(state: State) -> View {
    let whereabouts = Whereabouts::new();
    let near = postcode(whereabouts);
    // Read out when it changes, not whenever its age does.
    let said = Memo::new(move |_| whereabouts.fix().and(near.get()).map(postcode_words));
    let more = move || whereabouts.fix().map(|fix| more(state, &fix, whereabouts));
    all![
        el("h1").class("title").child(t(texts::WHERE_TITLE)),
        whereabouts.view(t(texts::WHERE_LEAD)),
        el("div")
            .attr("role", "status")
            .child(move || said.get().map(|words| el("p").class("told").child(words))),
        more,
        el("p").class("note").child(t(texts::WHERE_UNKNOWN)),
        onward(
            Some((LostStep::Places, texts::NEXT_PLACES)),
            Some(LostStep::Ask)
        )
    ]
}

fn postcode_words(near: Near) -> String {
    let whole = |postcode: Postcode| left_to_right(postcode.to_string());
    t(match near {
        Near::Unit(postcode) => texts::near_unit(whole(postcode)),
        Near::District(postcode) => texts::in_district(whole(postcode)),
        Near::Unknown => texts::NO_POSTCODE.into(),
    })
}

/// How far to believe it, whom to tell, and the same for a map.
fn more(state: State, fix: &Fix, whereabouts: Whereabouts) -> View {
    let tell = t(match contact(state) {
        Some(ring) => texts::tell(ring.name),
        None => texts::TELL_101.into(),
    });
    let degrees = left_to_right(fix.point.degrees());
    all![
        el("p")
            .class("note")
            .child(how_sure(fix, whereabouts.now())),
        el("p").class("lead").child(tell),
        el("p").class("note").child(t(texts::coordinates(degrees)))
    ]
}
