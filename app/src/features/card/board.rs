//! Yes, no, point to it: for a person who can't speak now. Each tile is shown alone when tapped, as
//! large as the screen, and said aloud where a voice on this phone can.

use leptos::prelude::*;
use words::board as texts;

use super::power;
use crate::components::icon::picture;
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::page as document;
use crate::platform::voice::{self, Said};
use crate::speech::t;
use crate::state::State;

/// The drawings, and under the same id what they say.
const TILES: [&str; 10] = [
    "yes",
    "no",
    "point-to-it",
    "pain",
    "toilet",
    "drink",
    "phone",
    "police",
    "home",
    "write",
];

/// The page.
pub fn page(state: State) -> View {
    let chosen = RwSignal::new(None);
    on_cleanup(voice::stop);
    let inside = move || match chosen.get() {
        Some(id) => alone(id, chosen),
        None => board(chosen),
    };
    let body = all![power::reading(state), inside];
    frame(
        "board",
        Head::To("/card", t(texts::TO_CARD)),
        Bar::None,
        body,
    )
}

fn board(chosen: RwSignal<Option<&'static str>>) -> View {
    let tiles = TILES.map(|id| {
        el("li")
            .child(
                el("button")
                    .attr("type", "button")
                    .class("board__tile")
                    .class_if("board__tile--large", matches!(id, "yes" | "no"))
                    .on("click", move |_| {
                        chosen.set(Some(id));
                        say(id);
                        document::focus_soon("main h1");
                    })
                    .child(picture(id, "drawing board__drawing"))
                    .child(el("span").child(words(id))),
            )
            .show()
    });
    all![
        el("h1").class("visually-hidden").child(t(texts::TITLE)),
        el("p").class("note").child(t(texts::LEAD)),
        el("ul").class("board").child(tiles.to_vec())
    ]
}

fn alone(id: &'static str, chosen: RwSignal<Option<&'static str>>) -> View {
    el("div")
        .class("board-alone")
        .child(picture(id, "drawing board-alone__drawing"))
        .child(el("h1").class("board-alone__words").child(words(id)))
        .child(
            el("button")
                .attr("type", "button")
                .class("button button--exit button--wide")
                .on("click", move |_| {
                    voice::stop();
                    chosen.set(None);
                    document::focus_soon("main h1");
                })
                .child(icon("x"))
                .child(el("span").child(t(texts::BACK))),
        )
        .show()
}

fn say(id: &str) {
    let language = document::language();
    if voice::speaks(&language) {
        let text = words(id);
        voice::say(vec![Said { language, text }], || {});
    }
}

fn words(id: &str) -> String {
    texts::named(id).map(t).unwrap_or_default()
}
