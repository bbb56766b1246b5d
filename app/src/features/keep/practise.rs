//! Practising, alone or with somebody: a pretend shop and a call that rings nobody, one thing at a
//! time, with pictures, read aloud, as often as one likes.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use words::practise as texts;

use super::drawn;
use crate::components::frame::link;
use crate::components::{Bar, Head, frame, icon, speak};
use crate::dom::{Show, View, all, el};
use crate::router::Practise;
use crate::speech::t;
use crate::state::{Shown, State};

/// How long the pretend telephone rings, in milliseconds.
const RINGS: u32 = 2_500;

/// One step.
pub fn page(state: State, step: Practise) -> View {
    let who = Memo::new(move |_| Who::of(state));
    let body = move || who.with(|who| body(step, who));
    frame("practise", Head::Own(head(step)), Bar::Help, body.show())
}

/// Who is practised for: what stands on the card, or words for it.
#[derive(Clone, PartialEq)]
struct Who {
    name: Option<String>,
    contact: String,
}

impl Who {
    fn of(state: State) -> Self {
        state.card.with(|card| {
            let card = match card {
                Shown::Ready(Some(card)) => Some(card),
                _ => None,
            };
            let named = |name: &str| (!name.trim().is_empty()).then(|| name.trim().to_owned());
            let contact = card.and_then(|card| named(&card.ring().first()?.name));
            Self {
                name: card.and_then(|card| named(&card.name)),
                contact: contact.unwrap_or_else(|| t(texts::CONTACT)),
            }
        })
    }
}

/// The words of a step.
struct Said {
    picture: &'static str,
    title: words::Key,
    words: String,
    together: String,
}

fn said(step: Practise, who: &Who) -> Said {
    let (picture, title, words, together) = match step {
        Practise::Door => (
            "practise-door",
            texts::DOOR_TITLE,
            t(texts::DOOR),
            t(texts::DOOR_TOGETHER),
        ),
        Practise::Show => {
            let read = who.name.as_ref().map(|name| t(texts::show_card(name)));
            let words = [Some(t(texts::SHOW)), read];
            let words: Vec<_> = words.into_iter().flatten().collect();
            (
                "practise-counter",
                texts::SHOW_TITLE,
                words.join(" "),
                t(texts::SHOW_TOGETHER),
            )
        }
        Practise::Ask => (
            "ask",
            texts::ASK_TITLE,
            t(texts::ask(&who.contact)),
            t(texts::ask_together(&who.contact)),
        ),
        Practise::Call => (
            "practise-phone",
            texts::CALL_TITLE,
            t(texts::call(&who.contact)),
            t(texts::call_together(&who.contact)),
        ),
        Practise::Wait => (
            "sit-down-together",
            texts::WAIT_TITLE,
            t(texts::WAIT),
            t(texts::WAIT_TOGETHER),
        ),
        Practise::Back => (
            "give-back",
            texts::BACK_TITLE,
            t(texts::BACK_WORDS),
            t(texts::BACK_TOGETHER),
        ),
    };
    Said {
        picture,
        title,
        words,
        together,
    }
}

fn head(step: Practise) -> View {
    let n = place(step) + 1;
    let back = match step {
        Practise::Door => link("/card/more", t(words::card_edit::MORE)),
        _ => link(Practise::Door.path(), t(texts::TITLE)),
    };
    let note = el("p").class("note").child(t(texts::step(n.to_string())));
    all![back, note]
}

fn place(step: Practise) -> usize {
    let found = Practise::ALL.iter().position(|known| *known == step);
    found.unwrap_or_default()
}

fn body(step: Practise, who: &Who) -> View {
    let said = said(step, who);
    let aloud = [t(said.title), said.words.clone()].join(". ");
    let tried = match step {
        Practise::Ask => asked(who),
        Practise::Call => called(who),
        _ => View::Nothing,
    };
    all![
        (step == Practise::Door).then(|| el("p").class("note").child(t(texts::LEAD))),
        el("h1").class("title").child(t(said.title)),
        drawn(
            &["/drawings.svg#", said.picture].concat(),
            "practise__picture"
        ),
        el("p").class("lead").child(said.words),
        tried,
        speak::button(texts::LISTEN, "button", move || aloud.clone()),
        el("aside")
            .class("practise__together")
            .child(el("h2").class("heading").child(t(texts::TOGETHER)))
            .child(el("p").child(said.together)),
        onward(step)
    ]
}

/// They ask, and any answer is right.
fn asked(who: &Who) -> View {
    let answer = RwSignal::new(None::<bool>);
    let contact = who.contact.clone();
    let choice = |yes: bool, key: words::Key, picture: &'static str| {
        el("button")
            .attr("type", "button")
            .class("button practise__answer")
            .attr_following("aria-pressed", move || {
                (answer.get() == Some(yes)).to_string()
            })
            .on("click", move |_| answer.set(Some(yes)))
            .child(drawn(
                &["/drawings.svg#", picture].concat(),
                "practise__small",
            ))
            .child(el("span").child(t(key)))
    };
    all![
        el("div")
            .class("practise__answers")
            .child(choice(true, texts::ASK_YES, "yes"))
            .child(choice(false, texts::ASK_NO, "no")),
        el("p")
            .class("practise__said")
            .attr("role", "status")
            .child(move || {
                answer.get().map(|yes| match yes {
                    true => t(texts::ask_yes_said(&contact)),
                    false => t(texts::ask_no_said(&contact)),
                })
            })
    ]
}

/// How far the pretend call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    NotYet,
    Rings,
    Answered,
    Nobody,
}

/// It looks like the green button of the card, and is no link: it rings nobody.
fn called(who: &Who) -> View {
    let call = RwSignal::new(Call::NotYet);
    let contact = who.contact.clone();
    let ring = move |_| {
        call.set(Call::Rings);
        Timeout::new(RINGS, move || {
            // Nobody is left who would hear it once the page is gone, or they chose otherwise.
            if call.try_get_untracked() == Some(Call::Rings) {
                call.set(Call::Answered);
            }
        })
        .forget();
    };
    let text = el("span").class("ring__text").child(
        el("span")
            .class("ring__who")
            .child(t(texts::call_ring(&contact))),
    );
    let nobody = move || {
        (call.get() == Call::Rings).then(|| {
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| call.set(Call::Nobody))
                .child(t(texts::CALL_NOBODY))
        })
    };
    all![
        el("button")
            .attr("type", "button")
            .class("ring")
            .on("click", ring)
            .child(el("span").class("ring__tile").child(icon("phone")))
            .child(text),
        el("p")
            .class("practise__said")
            .attr("role", "status")
            .child(move || match call.get() {
                Call::NotYet => String::new(),
                Call::Rings => t(texts::call_ringing(&contact)),
                Call::Answered => t(texts::answered(&contact)),
                Call::Nobody => t(texts::CALL_NOBODY_SAID),
            }),
        nobody
    ]
}

fn onward(step: Practise) -> View {
    let at = place(step);
    let to = |path: &'static str, class: &str, words: words::Key| {
        el("a").class(class).attr("href", path).child(t(words))
    };
    let next = match Practise::ALL.get(at + 1) {
        Some(next) => all![to(next.path(), "button button--main", texts::NEXT)],
        None => all![
            to("/card", "button button--main", texts::FINISH),
            to(Practise::Door.path(), "button", texts::AGAIN)
        ],
    };
    let before = at.checked_sub(1).and_then(|at| Practise::ALL.get(at));
    let before = before.map(|before| to(before.path(), "button", texts::BACK));
    el("div").class("actions").child(next).child(before).show()
}
