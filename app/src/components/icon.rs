//! Icons and drawings of the sprite; always beside words, so hidden from screen readers.

use crate::dom::{Show, View, svg};

/// A line icon in the colour of the text.
pub fn icon(name: &'static str) -> View {
    shape(format!("#i-{name}"), "icon")
}

/// A line icon that points the other way where reading goes from right to left.
pub fn icon_flip(name: &'static str) -> View {
    shape(format!("#i-{name}"), "icon icon--flip")
}

/// A drawing in its own colours.
pub fn drawing(name: &'static str, class: &'static str) -> View {
    shape(format!("#{name}"), class)
}

/// A drawing of the file beside the app, which stays on the phone, too.
pub fn picture(name: &str, class: &'static str) -> View {
    shape(["/drawings.svg#", name].concat(), class)
}

/// A pictogram of the pack, in its own colours.
pub fn pictogram(id: &str) -> View {
    shape(["/pictograms.svg#", id].concat(), "pictogram")
}

fn shape(href: String, class: &'static str) -> View {
    svg("svg")
        .class(class)
        .attr("aria-hidden", "true")
        .child(svg("use").attr("href", href))
        .show()
}
