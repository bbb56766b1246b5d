//! Home: help first, then the four things a person does here.

use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, home as texts, reports};

use crate::components::notice::notice;
use crate::components::row::row;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::features::keep::prompt;
use crate::platform::page;
use crate::platform::settings::{Setting, chosen};
use crate::shell;
use crate::speech::t;
use crate::state::{Connection, Shown, State};

/// The page, or the language picker in its place. `ask` looks for answers to what was reported.
pub fn page(state: State, ask: fn(State)) -> View {
    let choosing = RwSignal::new(false);
    let inside = move || {
        if choosing.get() {
            languages(state, choosing)
        } else {
            doors(state, choosing, ask)
        }
    };
    (inside).show()
}

fn doors(state: State, choosing: RwSignal<bool>, ask: fn(State)) -> View {
    let small = move || {
        state.connection.get() == Connection::Offline
            || state.update.get()
            || state.cleared.get()
            || shell::is_due(state)
            || has_answer(state)
            || shell::is_sample(state)
    };
    Effect::new(move |_| {
        state.outbox.track();
        ask(state);
    });
    let card_note = move || match state.card.get() {
        Shown::Ready(None) => t(texts::CARD_NOTE_EMPTY),
        _ => t(texts::CARD_NOTE),
    };
    let body = all![
        el("h1")
            .class("visually-hidden")
            .child(page::meta("scheme")),
        shell::notices(state),
        shell::due_notice(state),
        move || has_answer(state).then(answered),
        shell::sample_notice(state),
        el("a")
            .class("help-door")
            .class_when("help-door--small", small)
            .attr("href", "/help")
            .child(
                el("span")
                    .class("help-door__words")
                    .child(el("strong").class("help-door__title").child(t(texts::HELP)))
                    .child(
                        el("span")
                            .class("help-door__note")
                            .child(t(texts::HELP_NOTE))
                            .child(el("br"))
                            .child(t(texts::HELP_NOTE_MORE)),
                    ),
            )
            .child(drawing(
                "person-at-door",
                "drawing drawing--person help-door__drawing",
            )),
        el("ul")
            .class("stack rows")
            .child(
                el("li").child(
                    el("a")
                        .class("row")
                        .attr("href", "/card")
                        .child(el("span").class("row__tile").child(icon("card")))
                        .child(
                            el("span")
                                .class("row__text")
                                .child(el("span").class("row__title").child(t(texts::CARD)))
                                .child(el("span").class("row__note").child(card_note)),
                        ),
                ),
            )
            .child(row(
                "row",
                "/places".into(),
                "door",
                t(texts::PLACES),
                t(texts::PLACES_NOTE),
            ))
            .child(row(
                "row",
                "/report".into(),
                "doc",
                t(texts::REPORT),
                t(texts::REPORT_NOTE),
            ))
            .child(row(
                "row",
                "/hope".into(),
                "heart-message",
                t(texts::HOPE),
                t(texts::HOPE_NOTE),
            )),
        prompt::view(state),
        el("p")
            .class("foot")
            .child(
                el("a")
                    .class("foot__danger")
                    .attr("href", "tel:999")
                    .child(icon("phone"))
                    .child(el("span").child(t(texts::DANGER))),
            )
            .child(
                el("a")
                    .class("foot__link")
                    .attr("href", "/settings")
                    .child(icon("sliders"))
                    .child(el("span").child(t(texts::SETTINGS))),
            )
    ];
    frame(
        "home",
        Head::Own(brand(language_pill(choosing))),
        Bar::None,
        body.show(),
    )
}

/// Whether the centre has answered; nothing is said of it where reporting is hidden from this page.
fn has_answer(state: State) -> bool {
    !state.answered.with(Vec::is_empty) && chosen(Setting::Reports).is_empty()
}

fn answered() -> View {
    let look = el("a")
        .class("button button--small")
        .attr("href", "/reports")
        .child(t(reports::MAILBOX));
    let look = Some(look.show());
    notice("note", "mail", t(reports::ANSWERED), String::new(), look)
}

fn brand(beside: View) -> View {
    all![
        el("a")
            .class("brand")
            .attr("href", "/")
            .child(drawing("mark", "drawing brand__mark"))
            .child(el("span").class("brand__name").child(page::meta("scheme"))),
        beside
    ]
}

/// The button that opens the language picker.
pub fn language_pill(choosing: RwSignal<bool>) -> View {
    let name = words::language(&page::language()).map_or("English", |language| language.name);
    el("button")
        .attr("type", "button")
        .class("pill")
        .on("click", move |_| {
            choosing.set(true);
            page::arrive(0.0);
        })
        .child(icon("globe"))
        .child(
            el("span")
                .class("visually-hidden")
                .child(t(texts::LANGUAGES_OPEN))
                .child(": "),
        )
        .child(el("span").child(name))
        .child(icon("chevron-down"))
        .show()
}

/// Every language the scheme offers, each in its own script.
pub fn languages(state: State, choosing: RwSignal<bool>) -> View {
    let close = el("button")
        .attr("type", "button")
        .class("pill")
        .on("click", move |_| {
            choosing.set(false);
            page::arrive(0.0);
        })
        .child(icon("x"))
        .child(el("span").child(t(common::CLOSE)));
    let offered = page::meta("languages");
    let items: Vec<_> = offered
        .split(' ')
        .filter_map(words::language)
        .map(|language| choice(state, choosing, language))
        .collect();
    let body = all![
        el("h1").class("title").child(t(texts::LANGUAGES)),
        el("ul").class("languages").child(items)
    ];
    frame(
        "home",
        Head::Own(brand(close.show())),
        Bar::None,
        body.show(),
    )
}

fn choice(state: State, choosing: RwSignal<bool>, language: &'static words::Language) -> View {
    let chosen = page::language() == language.tag;
    let choose = move |_| {
        spawn_local(async move {
            state.speak(language.tag.to_owned()).await;
            choosing.set(false);
            page::arrive(0.0);
        });
    };
    el("li")
        .class_if("languages__wide", chosen)
        .child(
            el("button")
                .attr("type", "button")
                .class("language")
                .class_if("language--chosen", chosen)
                .attr("aria-pressed", chosen.to_string())
                .on("click", choose)
                .child(
                    el("span")
                        .class("language__name")
                        .attr("lang", language.tag)
                        .attr("dir", "auto")
                        .child(language.name),
                )
                .child(chosen.then(|| {
                    all![
                        el("span")
                            .class("language__note")
                            .child(t(texts::LANGUAGES_CHOSEN)),
                        icon("check")
                    ]
                })),
        )
        .show()
}
