//! What a holder is asked or told in passing: "Have you printed your card?", until it is answered; on
//! iPhones, the home screen first. The former stands on home, so it is part of the first load.

use leptos::prelude::*;
use words::keep as texts;

use crate::components::notice::notice;
use crate::dom::{Show, View, el};
use crate::platform::device;
use crate::platform::settings::{self, Mark};
use crate::speech::t;
use crate::state::{Shown, State};

/// Left in `localStorage` once the holder has printed the card, or does not want to.
const ANSWERED: &str = "paper-answered";

/// The prompt, for a holder who has a card and has not answered.
pub fn view(state: State) -> View {
    let answered = RwSignal::new(settings::is_marked(ANSWERED));
    let prompt = move || {
        let has_card = state
            .card
            .with(|card| matches!(card, Shown::Ready(Some(card)) if !card.is_blank()));
        (has_card && !answered.get()).then(|| {
            el("section")
                .class("notice notice--ok prompt")
                .attr("aria-label", t(texts::PAPER))
                .child(el("p").class("notice__text").child(t(texts::PAPER_PROMPT)))
                .child(
                    el("a")
                        .class("button button--small")
                        .attr("href", "/card/paper")
                        .child(t(texts::PAPER_PROMPT_LINK)),
                )
                .child(done(answered, t(texts::PAPER_PROMPT_LATER)))
        })
    };
    prompt.show()
}

/// The answer on the page where it is printed.
pub fn answer() -> View {
    let answered = RwSignal::new(settings::is_marked(ANSWERED));
    let button = move || (!answered.get()).then(|| done(answered, t(texts::PAPER_DONE)));
    button.show()
}

fn done(answered: RwSignal<bool>, label: String) -> View {
    el("button")
        .attr("type", "button")
        .class("button button--small")
        .on("click", move |_| {
            settings::mark(ANSWERED, Mark::Left);
            answered.set(true);
        })
        .child(label)
        .show()
}

/// On iPhones an app on the home screen begins empty, and a tab forgets: said before anything is saved.
pub fn home_screen_first() -> View {
    device::in_ios_tab()
        .then(|| {
            let how = t(words::settings::INSTALL_NOTE);
            notice(
                "note",
                "info",
                t(words::settings::INSTALL),
                [t(texts::ADD_IOS), how].join(" "),
                None,
            )
        })
        .show()
}
