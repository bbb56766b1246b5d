//! "I'm lost", in five steps, one thing each: stay; ring someone; ask someone; say where you are; places
//! you know. Every step works without what the one before it wanted.

mod ask;
mod known;
mod near_here;
mod steps;

use domain::time::Timestamp;
use domain::wayfinding::Fix;
use words::{help, lost as texts};

use crate::components::frame::link;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::features::help::whereabouts::{age, good_to};
use crate::router::LostStep;
use crate::speech::t;
use crate::state::State;

/// The page of one step.
pub fn page(state: State, step: LostStep) -> View {
    let body = match step {
        LostStep::Stay => steps::stay(),
        LostStep::Contact => steps::contact(state),
        LostStep::Ask => ask::step(state),
        LostStep::Near => near_here::step(state),
        LostStep::Places => known::step(state),
    };
    let name = match step {
        LostStep::Ask => "ask",
        _ => "lost",
    };
    frame(name, Head::Own(head(step)), Bar::Help, body)
}

fn head(step: LostStep) -> View {
    let back = match step {
        LostStep::Stay => link("/help", t(help::BACK)),
        _ => link("/help/lost", t(texts::LOST)),
    };
    let n = LostStep::ALL.iter().position(|known| *known == step);
    let n = n.map_or(1, |at| at + 1);
    let note = el("p").class("note").child(t(texts::step(n.to_string())));
    all![back, note]
}

/// The way on, and the way back.
fn onward(next: Option<(LostStep, words::Key)>, back: Option<LostStep>) -> View {
    let next = next.map(|(step, words)| {
        el("a")
            .class("button button--main")
            .attr("href", step.path())
            .child(t(words))
    });
    let back = back.map(|step| {
        el("a")
            .class("button")
            .attr("href", step.path())
            .child(t(texts::BACK))
    });
    el("div").class("actions").child(next).child(back).show()
}

/// "(1 minute ago, good to 30 metres)"
pub fn how_sure(fix: &Fix, now: Timestamp) -> String {
    format!("({}, {})", age(fix, now), good_to(fix))
}
