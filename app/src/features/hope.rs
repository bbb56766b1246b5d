//! Hope: someone to talk to. The crisis lines are always there; the rest is the scheme's.

use domain::scheme::{Service, Use};
use leptos::prelude::*;
use words::hope as texts;

use crate::components::row::number_row;
use crate::components::{Bar, Head, drawing, frame};
use crate::dom::{Show, View, all, el};
use crate::features::help::cope::embedded;
use crate::platform::written;
use crate::shell;
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    let body = all![
        shell::notices(state),
        el("section")
            .class("hope-door")
            .child(
                el("div")
                    .class("hope-door__words")
                    .child(el("h1").class("hope-door__title").child(t(texts::TITLE)))
                    .child(el("p").child(t(texts::LEAD))),
            )
            .child(drawing(
                "person-at-door",
                "drawing drawing--person hope-door__drawing",
            )),
        move || lists(state),
        el("p")
            .class("note")
            .child(t(texts::CALL_LIST))
            .child(" ")
            .child(
                el("a")
                    .class("danger")
                    .attr("href", "tel:999")
                    .child(el("strong").child(t(texts::DANGER))),
            )
    ];
    frame("hope", Head::Home, Bar::Exit, body.show())
}

fn lists(state: State) -> View {
    let services = state
        .scheme
        .get()
        .map(|scheme| scheme.services)
        .unwrap_or_default();
    if services.is_empty() {
        return all![
            el("ul").class("stack rows").child(embedded()),
            el("p").class("note").child(t(texts::MISSING))
        ];
    }
    let group = |of: Use| {
        services
            .iter()
            .filter(|service| service.r#use == of)
            .map(service_row)
            .collect::<Vec<_>>()
    };
    all![
        el("ul").class("stack rows").child(group(Use::Talk)),
        el("h2").class("heading").child(t(texts::VISIT)),
        el("ul").class("stack rows").child(group(Use::Visit)),
        el("h2").class("heading").child(t(texts::MORE)),
        el("ul").class("stack rows").child(group(Use::More))
    ]
}

fn service_row(service: &Service) -> View {
    let picture = match &service.link {
        Some(link) if link.starts_with("sms:") => "message",
        Some(_) => "phone",
        None => "door",
    };
    let note = format!(
        "{} {}.",
        service.note,
        t(texts::checked(written::day(&service.checked_on)))
    );
    number_row(
        service.link.clone(),
        picture,
        service.name.clone(),
        service.contact.clone(),
        note,
    )
}
