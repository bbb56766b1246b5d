//! An address that leads nowhere: says so, and leads on.

use words::{common, unknown as texts};

use crate::components::{Bar, Head, drawing, frame};
use crate::dom::{Show, View, el};
use crate::speech::t;

/// The page.
pub fn page() -> View {
    let body = el("div")
        .class("empty")
        .child(drawing("door-unknown", "drawing drawing--door"))
        .child(el("h1").class("title").child(t(texts::TITLE)))
        .child(el("p").class("lead").child(t(texts::LEAD)))
        .child(
            el("a")
                .class("button button--main")
                .attr("href", "/")
                .child(t(common::HOME)),
        );
    frame("unknown", Head::Home, Bar::Help, body.show())
}
