//! "I feel I can't cope": people who listen, each as large as the other. Comes with the first file, so
//! that nobody waits for it.

use domain::scheme::{Service, Use};
use leptos::prelude::*;
use words::{help as texts, numbers};

use super::emergency::emergency;
use crate::components::row::number_row;
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    let body = all![
        el("h1").class("title").child(t(texts::COPE_TITLE)),
        el("p").class("lead").child(t(texts::COPE_LEAD)),
        move || lines(state),
        el("p").class("note").child(t(texts::COPE_RELAY)),
        el("a")
            .class("button")
            .attr("href", "/hope")
            .child(icon("heart-message"))
            .child(el("span").child(t(texts::COPE_MORE))),
        el("p").class("note").child(t(texts::CALL_LIST)),
        emergency()
    ];
    frame("help", Head::To("/help", t(texts::BACK)), Bar::None, body)
}

/// The scheme's own lines; before it is known, those that serve everywhere.
fn lines(state: State) -> View {
    let scheme = state.scheme.get();
    let services = scheme.map(|scheme| scheme.services).unwrap_or_default();
    let talk = |service: &&Service| service.r#use == Use::Talk && service.link.is_some();
    let own: Vec<_> = services.iter().filter(talk).map(line).collect();
    let rows = match own.is_empty() {
        true => embedded(),
        false => own.show(),
    };
    el("ul")
        .class("stack rows help-rows cope-rows")
        .child(rows)
        .show()
}

fn line(service: &Service) -> View {
    let link = service.link.clone();
    let by_text = link.as_ref().is_some_and(|link| link.starts_with("sms:"));
    let picture = if by_text { "message" } else { "phone" };
    let (name, number) = (service.name.clone(), service.contact.clone());
    number_row(link, picture, name, number, service.note.clone())
}

/// The lines that need no scheme and no connection.
pub fn embedded() -> View {
    let line = |link: &str, picture, name, number| {
        number_row(Some(link.into()), picture, t(name), number, String::new())
    };
    all![
        line("tel:116123", "phone", numbers::SAMARITANS, "116 123".into()),
        line(
            "sms:85258?body=SHOUT",
            "message",
            numbers::SHOUT,
            t(numbers::SHOUT_NUMBER)
        ),
        line("tel:111", "phone", numbers::N111, t(numbers::N111_NUMBER))
    ]
}
