//! Before a carer begins: whose card it is, and what is not theirs to choose.

use words::card_edit as texts;

use crate::components::{Bar, Head, frame};
use crate::dom::{View, all, el};
use crate::router::{Section, Who};
use crate::speech::t;

/// The page.
pub fn page() -> View {
    let step = |text| el("li").child(el("span").child(t(text)));
    let body = all![
        el("h1").class("title").child(t(texts::CARER_TITLE)),
        el("p").class("lead").child(t(texts::CARER_LEAD)),
        el("ol")
            .class("steps")
            .child(step(texts::CARER_HERE))
            .child(step(texts::CARER_ASK))
            .child(step(texts::CARER_CONTACTS))
            .child(step(texts::CARER_LOCKS)),
        el("div")
            .class("actions")
            .child(
                el("a")
                    .class("button button--main")
                    .attr("href", Section::First.path(Who::Carer))
                    .child(t(texts::CARER_BEGIN)),
            )
            .child(el("p").class("note").child(t(texts::CARER_TOGETHER)))
    ];
    frame(
        "edit",
        Head::To("/card/more", t(texts::MORE)),
        Bar::Help,
        body,
    )
}
