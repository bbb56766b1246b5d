//! The card as it is shown: one screen, read at arm's length.

use leptos::prelude::*;
use words::{card as texts, common};

use super::front;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame};
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State) -> AnyView {
    let inside = move || match state.card.get() {
        Shown::Loading => frame("card", Head::Home, Bar::Help, view! { <p class="note" role="status">{t(common::LOADING)}</p> }.into_any()),
        Shown::Failed(_) => frame("card", Head::Home, Bar::Help, view! { <h1 class="title">{t(common::FAILED_TITLE)}</h1>{trouble(t(common::FAILED))} }.into_any()),
        Shown::Ready(card) => match card.and_then(|card| card.front()) {
            Some(front) => view! { <div class="fragment" inner_html=front::html(&front)></div> }.into_any(),
            None => empty(),
        },
    };
    view! { {inside} }.into_any()
}

fn empty() -> AnyView {
    let body = view! {
        <div class="empty">
            {drawing("person-at-door", "drawing drawing--person")}
            <h1 class="title">{t(texts::EMPTY_TITLE)}</h1>
            <p class="lead">{t(texts::EMPTY_LEAD)}</p>
            <a class="button button--main" href="/card/edit">{t(texts::EMPTY_MAKE)}</a>
            <p class="note">{t(texts::EMPTY_NOTE)}</p>
        </div>
    };
    frame("card", Head::Home, Bar::Help, body.into_any())
}
