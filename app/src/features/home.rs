//! Home: help first, then the four things a person does here.

use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, home as texts};

use crate::components::row::row;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::platform::page;
use crate::shell;
use crate::speech::t;
use crate::state::{Connection, Shown, State};

/// The page, or the language picker in its place.
pub fn page(state: State) -> AnyView {
    let choosing = RwSignal::new(false);
    let inside = move || if choosing.get() { languages(state, choosing) } else { doors(state, choosing) };
    view! { {inside} }.into_any()
}

fn doors(state: State, choosing: RwSignal<bool>) -> AnyView {
    let small = move || state.connection.get() == Connection::Offline || state.update.get() || state.cleared.get();
    let card_note = move || match state.card.get() {
        Shown::Ready(None) => t(texts::CARD_NOTE_EMPTY),
        _ => t(texts::CARD_NOTE),
    };
    let body = view! {
        <h1 class="visually-hidden">{page::meta("scheme")}</h1>
        {shell::notices(state)}
        <a class="help-door" class:help-door--small=small href="/help">
            <span class="help-door__words">
                <strong class="help-door__title">{t(texts::HELP)}</strong>
                <span class="help-door__note">{t(texts::HELP_NOTE)}<br/>{t(texts::HELP_NOTE_MORE)}</span>
            </span>
            {drawing("person-at-door", "drawing drawing--person help-door__drawing")}
        </a>
        <ul class="stack rows">
            <li><a class="row" href="/card">
                <span class="row__tile">{icon("card")}</span>
                <span class="row__text"><span class="row__title">{t(texts::CARD)}</span><span class="row__note">{card_note}</span></span>
            </a></li>
            {row("row", "/places".into(), "door", t(texts::PLACES), t(texts::PLACES_NOTE))}
            {row("row", "/report".into(), "doc", t(texts::REPORT), t(texts::REPORT_NOTE))}
            {row("row", "/hope".into(), "heart-message", t(texts::HOPE), t(texts::HOPE_NOTE))}
        </ul>
        <p class="foot">
            <a class="foot__danger" href="tel:999">{icon("phone")}<span>{t(texts::DANGER)}</span></a>
            <a class="foot__link" href="/settings">{icon("sliders")}<span>{t(texts::SETTINGS)}</span></a>
        </p>
    };
    frame("home", Head::Own(brand(language_pill(choosing))), Bar::None, body.into_any())
}

fn brand(beside: AnyView) -> AnyView {
    view! {
        <a class="brand" href="/">{drawing("mark", "drawing brand__mark")}<span class="brand__name">{page::meta("scheme")}</span></a>
        {beside}
    }
    .into_any()
}

/// The button that opens the language picker.
pub fn language_pill(choosing: RwSignal<bool>) -> AnyView {
    let name = words::language(&page::language()).map_or("English", |language| language.name);
    view! {
        <button type="button" class="pill" on:click=move |_| { choosing.set(true); page::arrive(0.0); }>
            {icon("globe")}<span class="visually-hidden">{t(texts::LANGUAGES_OPEN)}": "</span><span>{name}</span>{icon("chevron-down")}
        </button>
    }
    .into_any()
}

/// Every language the scheme offers, each in its own script.
pub fn languages(state: State, choosing: RwSignal<bool>) -> AnyView {
    let close = view! {
        <button type="button" class="pill" on:click=move |_| { choosing.set(false); page::arrive(0.0); }>{icon("x")}<span>{t(common::CLOSE)}</span></button>
    };
    let offered = page::meta("languages");
    let items: Vec<_> = offered.split(' ').filter_map(words::language).map(|language| choice(state, choosing, language)).collect();
    let body = view! { <h1 class="title">{t(texts::LANGUAGES)}</h1><ul class="languages">{items}</ul> };
    frame("home", Head::Own(brand(close.into_any())), Bar::None, body.into_any())
}

fn choice(state: State, choosing: RwSignal<bool>, language: &'static words::Language) -> AnyView {
    let chosen = page::language() == language.tag;
    let choose = move |_| {
        spawn_local(async move {
            state.speak(language.tag.to_owned()).await;
            choosing.set(false);
            page::arrive(0.0);
        });
    };
    view! {
        <li class:languages__wide=chosen>
            <button type="button" class="language" class:language--chosen=chosen aria-pressed=chosen.to_string() on:click=choose>
                <span class="language__name" lang=language.tag dir="auto">{language.name}</span>
                {chosen.then(|| view! { <span class="language__note">{t(texts::LANGUAGES_CHOSEN)}</span> {icon("check")} })}
            </button>
        </li>
    }
    .into_any()
}
