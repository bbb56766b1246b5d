//! What surrounds a page: skip link, header, the main part, and the bar at the bottom.

use words::common;

use super::icon::{drawing, icon, icon_flip};
use crate::dom::{Show, View, all, el};
use crate::platform::exit;
use crate::speech::t;

/// What stands on top of a page.
pub enum Head {
    /// A link to home.
    Home,
    /// A link to another page.
    To(&'static str, String),
    /// Something of the page's own.
    Own(View),
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
pub fn frame(page: &'static str, head: Head, bar: Bar, body: View) -> View {
    all![
        el("a")
            .class("skip")
            .attr("href", "#main")
            .child(t(common::SKIP)),
        header(head),
        el("main")
            .attr("id", "main")
            .class(&format!("page page--{page}"))
            .attr("tabindex", "-1")
            .child(body),
        bottom(bar)
    ]
}

fn header(head: Head) -> View {
    let inside = match head {
        Head::Home => link("/", t(common::HOME)),
        Head::To(path, text) => link(path, text),
        Head::Own(own) => own,
    };
    el("header").class("head").child(inside).show()
}

/// The way back, for a page with a head of its own.
pub fn link(path: &'static str, text: String) -> View {
    el("a")
        .class("head__link")
        .attr("href", path)
        .child(icon_flip("chevron-start"))
        .child(el("span").child(text))
        .show()
}

fn bottom(bar: Bar) -> View {
    let (first, label, name) = match bar {
        Bar::None => return ().show(),
        Bar::Help => {
            let home = el("a")
                .class("bar__home")
                .attr("href", "/")
                .attr("aria-label", t(common::HOME))
                .child(icon("house"));
            (home.show(), t(common::I_NEED_HELP_NOW), t(common::BAR_HELP))
        }
        Bar::Exit => {
            let exit = el("button")
                .attr("type", "button")
                .class("bar__exit")
                .on("click", |_| exit::leave())
                .child(icon("x"))
                .child(el("span").child(t(common::EXIT)));
            (exit.show(), t(common::HELP_NOW), t(common::BAR))
        }
    };
    el("nav")
        .class("bar")
        .attr("aria-label", name)
        .child(first)
        .child(
            el("a")
                .class("bar__help")
                .attr("href", "/help")
                .child(drawing("mark-light", "drawing"))
                .child(el("span").child(label)),
        )
        .show()
}
