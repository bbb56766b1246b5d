//! An address that leads nowhere: says so, and leads on.

use leptos::prelude::*;
use words::{common, unknown as texts};

use crate::components::{Bar, Head, drawing, frame};
use crate::speech::t;

/// The page.
pub fn page() -> AnyView {
    let body = view! {
        <div class="empty">
            {drawing("door-unknown", "drawing drawing--door")}
            <h1 class="title">{t(texts::TITLE)}</h1>
            <p class="lead">{t(texts::LEAD)}</p>
            <a class="button button--main" href="/">{t(common::HOME)}</a>
        </div>
    };
    frame("unknown", Head::Home, Bar::Help, body.into_any())
}
