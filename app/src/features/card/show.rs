//! The card as it is shown: one screen, read at arm's length.

use std::pin::Pin;

use courier::storage::Error;
use domain::card::{Card, Front};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{card as texts, common, handover as handover_texts};

use super::{front, pictures, power, speaking};
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame};
use crate::dom::{Show, View, all, el};
use crate::platform::{page as document, settings, voice};
use crate::speech::t;
use crate::state::{Shown, State};

/// Noted for the boot script: the language in which this phone can speak for its holder.
const VOICE: &str = "voice";

/// Hands the phone to a helper; its pages may have to be loaded first.
pub type Give = fn(State) -> Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// The page.
pub fn page(state: State, give: Give) -> View {
    let inside = move || match state.card.get() {
        Shown::Loading => frame(
            "card",
            Head::Home,
            Bar::Help,
            el("p")
                .class("note")
                .attr("role", "status")
                .child(t(common::LOADING))
                .show(),
        ),
        Shown::Failed(_) => frame(
            "card",
            Head::Home,
            Bar::Help,
            all![
                el("h1").class("title").child(t(common::FAILED_TITLE)),
                trouble(t(common::FAILED))
            ],
        ),
        Shown::Ready(card) => match card.and_then(|card| Some((card.front()?, card))) {
            Some((front, card)) => shown(state, give, card, front),
            None => empty(),
        },
    };
    (inside).show()
}

/// Before the app takes over from a painted card: brings the pictures, so that nothing moves; and
/// has the card painted where it was not, as after an update.
pub async fn prepare(state: State) {
    let Shown::Ready(Some(card)) = state.card.get_untracked() else {
        return;
    };
    if let Some(front) = front::painted(state, &card).await
        && document::mode("data-painted").is_empty()
    {
        state.repaint(&card, front).await;
    }
}

fn shown(state: State, give: Give, card: Card, front: Front) -> View {
    let came = RwSignal::new(false);
    if !pictures::are_here(&card) {
        spawn_local(async move {
            pictures::load(state, &card).await;
            let _ = came.try_set(true);
        });
    }
    let failed = RwSignal::new(false);
    let speaks = Speaks::new(state, front.clone());
    let fragment = move || {
        came.track();
        el("div")
            .class("fragment")
            .on("click", move |event| {
                let Some(tapped) = document::closest(&event, "[data-act]") else {
                    return;
                };
                match tapped.get_attribute("data-act").as_deref() {
                    Some("give") => spawn_local(async move {
                        if give(state).await.is_err() {
                            let _ = failed.try_set(true);
                        }
                    }),
                    Some("speak") => speaks.tapped(),
                    _ => {
                        let wanted = !state.saving.get_untracked();
                        state.save_battery(wanted);
                        document::set_attribute(SAVE, "aria-pressed", &wanted.to_string());
                    }
                }
            })
            .html(&html(state, &front))
    };
    all![
        power::reading(state),
        move || {
            failed
                .get()
                .then(|| trouble(t(handover_texts::BEGIN_FAILED)))
        },
        fragment
    ]
}

const SAVE: &str = "[data-act=save-battery]";

fn html(state: State, front: &Front) -> String {
    let html = front::html(front);
    if state.saving.get_untracked() {
        html.replacen("aria-pressed=\"false\"", "aria-pressed=\"true\"", 1)
    } else {
        html
    }
}

/// The button that reads the card aloud: seen only where a voice on this phone can.
#[derive(Clone, Copy)]
struct Speaks {
    state: State,
    front: StoredValue<Front>,
    saying: RwSignal<bool>,
}

impl Speaks {
    fn new(state: State, front: Front) -> Self {
        look_for_voice();
        StoredValue::new_local(voice::on_voices(look_for_voice));
        on_cleanup(voice::stop);
        Self {
            state,
            front: StoredValue::new(front),
            saying: RwSignal::new(false),
        }
    }

    fn tapped(self) {
        let says = !self.saying.get_untracked();
        self.set(says);
        if says {
            let (reader, holder) = (document::language(), self.state.card_language());
            let said = (self.front).with_value(|front| speaking::said(front, &reader, &holder));
            voice::say(said, move || self.set(false));
        } else {
            voice::stop();
        }
    }

    fn set(self, saying: bool) {
        if self.saying.try_set(saying).is_some() {
            return;
        }
        let (short, spoken) = if saying {
            (texts::STOP, texts::STOP)
        } else {
            (texts::SPEAK, texts::SPEAK_SPOKEN)
        };
        document::set_words(".card__speak span", &t(short));
        document::set_attribute(".card__speak", "aria-label", &t(spoken));
    }
}

fn look_for_voice() {
    let language = document::language();
    let there = voice::speaks(&language);
    settings::note(VOICE, if there { &language } else { "" });
    document::set_mode("data-voice", if there { &language } else { "" });
}

fn empty() -> View {
    let body = el("div")
        .class("empty")
        .child(drawing("person-at-door", "drawing drawing--person"))
        .child(el("h1").class("title").child(t(texts::EMPTY_TITLE)))
        .child(el("p").class("lead").child(t(texts::EMPTY_LEAD)))
        .child(
            el("a")
                .class("button button--main")
                .attr("href", "/card/edit")
                .child(t(texts::EMPTY_MAKE)),
        )
        .child(el("p").class("note").child(t(texts::EMPTY_NOTE)));
    frame("card", Head::Home, Bar::Help, body.show())
}
