//! Is there an answer? Twenty-four digits lead to where it lies.

use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, mailbox as texts};

use crate::components::field::Field;
use crate::components::notice::{notice, trouble};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::speech::t;
use crate::state;

/// What came of looking.
#[derive(Debug, Clone, PartialEq)]
enum Looked {
    Not,
    Waiting,
    Mistaken(Key),
    Found(Key),
}

/// The page.
pub fn page() -> View {
    let digits = RwSignal::new(String::new());
    let looked = RwSignal::new(Looked::Not);
    let look = move |event: web_sys::Event| {
        event.prevent_default();
        looked.set(Looked::Waiting);
        spawn_local(
            async move { looked.set(heard(state::ask_mailbox(&digits.get_untracked()).await)) },
        );
    };
    let field = move || {
        let error = match looked.get() {
            Looked::Mistaken(key) => Some(t(key)),
            _ => None,
        };
        let field = Field {
            hint: t(texts::HINT),
            kind: "text",
            error,
            ..Field::text("digits", t(texts::CODE), digits.get_untracked())
        };
        field.view(move |text| digits.set(text))
    };
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        el("form").on("submit", look).child(field).child(
            el("button")
                .attr("type", "submit")
                .class("button button--main")
                .child(icon("search"))
                .child(el("span").child(t(texts::LOOK))),
        ),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || answer(&looked.get()))
    ];
    frame("mailbox", Head::Home, Bar::Exit, body.show())
}

fn heard(answer: Result<String, String>) -> Looked {
    match answer.as_deref() {
        Ok("received") => Looked::Found(texts::ANSWER_RECEIVED),
        Ok(_) => Looked::Found(texts::ANSWER_EMPTY),
        Err(code) => mistake(code),
    }
}

fn mistake(code: &str) -> Looked {
    match code {
        "too-short" => Looked::Mistaken(texts::TOO_SHORT),
        "too-long" => Looked::Mistaken(texts::TOO_LONG),
        "not-digits" => Looked::Mistaken(texts::NOT_DIGITS),
        "mistyped" => Looked::Mistaken(texts::MISTYPED),
        _ => Looked::Found(texts::ANSWER_OFFLINE),
    }
}

fn answer(looked: &Looked) -> View {
    match looked {
        Looked::Not => ().show(),
        Looked::Waiting => el("p").class("note").child(t(texts::WAITING)).show(),
        Looked::Mistaken(key) => trouble(t(*key)),
        Looked::Found(key) => notice(
            "note",
            "info",
            t(words::reports::WHERE_TITLE),
            t(*key),
            None,
        ),
    }
}
