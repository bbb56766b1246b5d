//! What surrounds a page: skip link, header, the main part, and the bar at the bottom.

use leptos::prelude::*;
use words::common;

use super::icon::{drawing, icon, icon_flip};
use crate::platform::exit;
use crate::speech::t;

/// What stands on top of a page.
pub enum Head {
    /// A link to home.
    Home,
    /// A link to another page.
    To(&'static str, String),
    /// Something of the page's own.
    Own(AnyView),
}

/// What stands at the bottom.
pub enum Bar {
    /// Home and help.
    Help,
    /// Exit and help: on every Report and Hope page.
    Exit,
    /// Nothing.
    None,
}

/// A page in its frame.
pub fn frame(page: &'static str, head: Head, bar: Bar, body: AnyView) -> AnyView {
    view! {
        <a class="skip" href="#main">{t(common::SKIP)}</a>
        {header(head)}
        <main id="main" class=format!("page page--{page}") tabindex="-1">
            {body}
        </main>
        {bottom(bar)}
    }
    .into_any()
}

fn header(head: Head) -> AnyView {
    let inside = match head {
        Head::Home => link("/", t(common::HOME)),
        Head::To(path, text) => link(path, text),
        Head::Own(own) => own,
    };
    view! { <header class="head">{inside}</header> }.into_any()
}

fn link(path: &'static str, text: String) -> AnyView {
    view! { <a class="head__link" href=path>{icon_flip("chevron-start")}<span>{text}</span></a> }.into_any()
}

fn bottom(bar: Bar) -> AnyView {
    let (first, label, name) = match bar {
        Bar::None => return ().into_any(),
        Bar::Help => {
            let home = view! { <a class="bar__home" href="/" aria-label=t(common::HOME)>{icon("house")}</a> };
            (home.into_any(), t(common::I_NEED_HELP_NOW), t(common::BAR_HELP))
        }
        Bar::Exit => {
            let exit = view! {
                <button type="button" class="bar__exit" on:click=|_| exit::leave()>{icon("x")}<span>{t(common::EXIT)}</span></button>
            };
            (exit.into_any(), t(common::HELP_NOW), t(common::BAR))
        }
    };
    view! {
        <nav class="bar" aria-label=name>
            {first}
            <a class="bar__help" href="/help">{drawing("mark-light", "drawing")}<span>{label}</span></a>
        </nav>
    }
    .into_any()
}
