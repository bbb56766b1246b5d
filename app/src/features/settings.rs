//! Settings: language, colours, size of words, what is kept, and what this app is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use words::settings as texts;

use crate::components::{Bar, Head, frame};
use crate::features::home;
use crate::platform::settings::{Setting, choose, chosen};
use crate::platform::{install, page};
use crate::shell;
use crate::speech::t;
use crate::state::State;

/// The page, or the language picker in its place.
pub fn page(state: State) -> AnyView {
    let choosing = RwSignal::new(false);
    let inside = move || if choosing.get() { home::languages(state, choosing) } else { settings(state, choosing) };
    view! { {inside} }.into_any()
}

fn settings(state: State, choosing: RwSignal<bool>) -> AnyView {
    let colours = vec![("", t(texts::PHONE_DECIDES)), ("light", t(texts::LIGHT)), ("dark", t(texts::DARK))];
    let sizes = vec![("", t(texts::NORMAL)), ("large", t(texts::LARGE))];
    let body = view! {
        {shell::notices(state)}
        <h1 class="title">{t(texts::TITLE)}</h1>
        <section class="setting"><h2 class="heading setting__title">{t(texts::LANGUAGE)}</h2>{home::language_pill(choosing)}</section>
        {choices(Setting::Theme, t(texts::LOOK), colours)}
        {choices(Setting::Text, t(texts::TEXT), sizes)}
        {storage()}
        {installing(state)}
        {about()}
    };
    frame("settings", Head::Home, Bar::Help, body.into_any())
}

fn choices(setting: Setting, title: String, options: Vec<(&'static str, String)>) -> AnyView {
    let name = format!("{setting:?}");
    let now = chosen(setting);
    let option = |(value, label): (&'static str, String)| {
        let checked = now == value;
        view! {
            <label class="choice">
                <input class="choice__input" type="radio" name=name.clone() checked=checked on:change=move |_| choose(setting, value) />
                <span class="choice__text"><span class="choice__title">{label}</span></span>
            </label>
        }
    };
    let options: Vec<_> = options.into_iter().map(option).collect();
    view! { <section class="setting"><fieldset class="choices"><legend class="choices__title heading">{title}</legend>{options}</fieldset></section> }.into_any()
}

fn storage() -> AnyView {
    let kept = RwSignal::new(false);
    spawn_local(async move { kept.set(install::is_kept().await) });
    let ask = move |_| spawn_local(async move { kept.set(install::keep().await) });
    let answer = move || match kept.get() {
        true => view! { <p class="note">{t(texts::STORAGE_ASKED)}</p> }.into_any(),
        false => view! { <button type="button" class="button" on:click=ask>{t(texts::STORAGE_KEEP)}</button> }.into_any(),
    };
    view! {
        <section class="setting"><h2 class="heading setting__title">{t(texts::STORAGE)}</h2><p class="note">{t(texts::STORAGE_NOTE)}</p>{answer}</section>
    }
    .into_any()
}

fn installing(state: State) -> AnyView {
    let offer = move || {
        state.installable.get().then(|| view! { <button type="button" class="button" on:click=|_| install::prompt()>{t(texts::INSTALL_NOW)}</button> })
    };
    view! {
        <section class="setting"><h2 class="heading setting__title">{t(texts::INSTALL)}</h2><p class="note">{t(texts::INSTALL_NOTE)}</p>{offer}</section>
    }
    .into_any()
}

fn about() -> AnyView {
    view! {
        <section class="setting">
            <h2 class="heading setting__title">{t(texts::ABOUT)}</h2>
            <p class="note">{t(texts::VERSION)}" "{page::meta("version")}</p>
            <p class="note">{t(texts::LICENCES)}</p>
        </section>
    }
    .into_any()
}
