//! 999 and 101, and the ways there for people who cannot speak or hear.

use words::help as texts;

use crate::components::icon;
use crate::dom::{Show, View, el};
use crate::speech::t;

/// They stay at the bottom of the page.
pub fn emergency() -> View {
    el("section")
        .class("emergency")
        .attr("aria-label", t(texts::EMERGENCY))
        .child(
            el("div")
                .class("pair")
                .child(call(
                    "emergency__call emergency__call--danger",
                    "tel:999",
                    t(texts::N999),
                    t(texts::N999_NOTE),
                ))
                .child(call(
                    "emergency__call",
                    "tel:101",
                    t(texts::N101),
                    t(texts::N101_NOTE),
                )),
        )
        .child(other_ways())
        .show()
}

fn call(class: &str, href: &str, title: String, note: String) -> View {
    el("a")
        .class(class)
        .attr("href", href)
        .child(el("strong").child(title))
        .child(el("span").child(note))
        .show()
}

fn other_ways() -> View {
    let ways = [
        ("phone", texts::CANNOT_SPEAK),
        ("message", texts::DEAF_TEXT),
        ("hand", texts::DEAF_BSL),
        ("people", texts::DEAF_RELAY),
    ];
    let way = |(picture, words)| {
        el("li")
            .class("facts__item")
            .child(icon(picture))
            .child(el("p").child(t(words)))
    };
    el("details")
        .class("more")
        .child(
            el("summary")
                .class("link link--alone")
                .child(t(texts::OTHER_WAYS)),
        )
        .child(
            el("ul")
                .class("facts")
                .child(ways.into_iter().map(way).collect::<Vec<_>>()),
        )
        .show()
}
