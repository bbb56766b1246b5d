//! Rows: a picture, what it is, a short note; the whole row is the link.

use super::icon::icon;
use crate::dom::{Show, View, all, el};

/// A row that leads somewhere.
pub fn row(
    class: &'static str,
    href: String,
    picture: &'static str,
    title: String,
    note: String,
) -> View {
    el("li")
        .child(
            el("a")
                .class(class)
                .attr("href", href)
                .child(el("span").class("row__tile").child(icon(picture)))
                .child(
                    el("span")
                        .class("row__text")
                        .child(el("span").class("row__title").child(title))
                        .child(el("span").class("row__note").child(note)),
                ),
        )
        .show()
}

/// A row whose number is what matters.
pub fn number_row(
    href: Option<String>,
    picture: &'static str,
    label: String,
    number: String,
    note: String,
) -> View {
    let inside = all![
        el("span").class("row__tile").child(icon(picture)),
        el("span")
            .class("row__text")
            .child(el("span").class("row__label").child(label))
            .child(el("span").class("row__number").child(number))
            .child(el("span").class("row__note").child(note))
    ];
    match href {
        Some(href) => el("li")
            .child(
                el("a")
                    .class("row row--number")
                    .attr("href", href)
                    .child(inside),
            )
            .show(),
        None => el("li")
            .child(el("div").class("row row--number row--static").child(inside))
            .show(),
    }
}
