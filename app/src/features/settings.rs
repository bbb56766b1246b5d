//! Settings: language, colours, size of words, what is kept, and what this app is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{keep, lost, settings as texts, usual};

use crate::components::row::row;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::features::home;
use crate::platform::settings::{Setting, choose, chosen};
use crate::platform::{install, page};
use crate::shell;
use crate::speech::t;
use crate::state::State;

/// The page, or the language picker in its place.
pub fn page(state: State) -> View {
    let choosing = RwSignal::new(false);
    let inside = move || {
        if choosing.get() {
            home::languages(state, choosing)
        } else {
            settings(state, choosing)
        }
    };
    (inside).show()
}

fn settings(state: State, choosing: RwSignal<bool>) -> View {
    let colours = vec![
        ("", t(texts::PHONE_DECIDES)),
        ("light", t(texts::LIGHT)),
        ("dark", t(texts::DARK)),
    ];
    let reports = vec![
        ("", t(texts::REPORTS_SHOWN)),
        ("hidden", t(texts::REPORTS_HIDDEN)),
    ];
    let people = vec![("", t(texts::SHARED_NO)), ("shared", t(texts::SHARED_YES))];
    let names = vec![
        ("", page::meta("scheme")),
        ("neutral", page::meta("neutral")),
    ];
    let sizes = vec![("", t(texts::NORMAL)), ("large", t(texts::LARGE))];
    let body = all![
        shell::notices(state),
        el("h1").class("title").child(t(texts::TITLE)),
        el("section")
            .class("setting")
            .child(
                el("h2")
                    .class("heading setting__title")
                    .child(t(texts::LANGUAGE)),
            )
            .child(home::language_pill(choosing)),
        choices(Setting::Theme, t(texts::LOOK), colours),
        choices(Setting::Text, t(texts::TEXT), sizes),
        choices(Setting::Reports, t(texts::REPORTS), reports),
        choices(Setting::Shared, t(texts::SHARED), people),
        // Always there: whether anything is locked, or to be locked, shows nowhere on this page.
        el("ul").class("stack rows").child(row(
            "row",
            "/settings/locks".into(),
            "lock",
            t(texts::LOCKS),
            t(texts::LOCKS_NOTE),
        )),
        usual_places(),
        storage(),
        choices(Setting::Name, t(texts::NAME), names),
        el("p").class("note").child(t(texts::NAME_NOTE)),
        installing(state),
        about()
    ];
    frame("settings", Head::Home, Bar::Help, body.show())
}

fn choices(setting: Setting, title: String, options: Vec<(&'static str, String)>) -> View {
    let name = setting.name();
    let now = chosen(setting);
    let option = |(value, label): (&'static str, String)| {
        let checked = now == value;
        el("label")
            .class("choice")
            .child(
                el("input")
                    .class("choice__input")
                    .attr("type", "radio")
                    .attr("name", name)
                    .attr("checked", checked)
                    .on("change", move |_| {
                        choose(setting, value);
                        install::call(chosen(Setting::Name) == "neutral");
                    }),
            )
            .child(
                el("span")
                    .class("choice__text")
                    .child(el("span").class("choice__title").child(label)),
            )
    };
    let options: Vec<_> = options.into_iter().map(option).collect();
    el("section")
        .class("setting")
        .child(
            el("fieldset")
                .class("choices")
                .child(el("legend").class("choices__title heading").child(title))
                .child(options),
        )
        .show()
}

fn storage() -> View {
    let kept = RwSignal::new(false);
    spawn_local(async move { kept.set(install::is_kept().await) });
    let ask = move |_| spawn_local(async move { kept.set(install::keep().await) });
    let answer = move || match kept.get() {
        true => el("p").class("note").child(t(texts::STORAGE_ASKED)).show(),
        false => el("button")
            .attr("type", "button")
            .class("button")
            .on("click", ask)
            .child(t(texts::STORAGE_KEEP))
            .show(),
    };
    el("section")
        .class("setting")
        .child(
            el("h2")
                .class("heading setting__title")
                .child(t(texts::STORAGE)),
        )
        .child(el("p").class("note").child(t(texts::STORAGE_NOTE)))
        .child(answer)
        .child(
            el("a")
                .class("button")
                .attr("href", "/card/backup")
                .child(t(keep::ADD_BACKUP)),
        )
        .child(
            el("a")
                .class("button")
                .attr("href", "/card/keep")
                .child(t(keep::ALL_TITLE)),
        )
        .show()
}

/// Made in peace, for the day when somebody is lost.
fn usual_places() -> View {
    el("section")
        .class("setting")
        .child(
            el("h2")
                .class("heading setting__title")
                .child(t(usual::TITLE)),
        )
        .child(el("p").class("note").child(t(usual::LEAD)))
        .child(
            el("a")
                .class("button")
                .attr("href", "/card/usual-places")
                .child(t(lost::PLACES_EDIT)),
        )
        .show()
}

fn installing(state: State) -> View {
    let offer = move || {
        state.installable.get().then(|| {
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", |_| install::prompt())
                .child(t(texts::INSTALL_NOW))
        })
    };
    el("section")
        .class("setting")
        .child(
            el("h2")
                .class("heading setting__title")
                .child(t(texts::INSTALL)),
        )
        .child(el("p").class("note").child(t(texts::INSTALL_NOTE)))
        .child(offer)
        .show()
}

fn about() -> View {
    el("section")
        .class("setting")
        .child(
            el("h2")
                .class("heading setting__title")
                .child(t(texts::ABOUT)),
        )
        .child(
            el("p")
                .class("note")
                .child(t(texts::VERSION))
                .child(" ")
                .child(page::meta("version")),
        )
        .child(el("p").class("note").child(t(texts::LICENCES)))
        .show()
}
