//! Help now: one screen, one thumb, no typing. Works with no signal, position or card.

use leptos::prelude::*;
use words::help as texts;

use crate::components::row::row;
use crate::components::{Bar, Head, frame, icon};
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State) -> AnyView {
    let body = view! {
        <h1 class="title">{t(texts::TITLE)}</h1>
        <ul class="stack rows rows--tall">
            {ring_row(state)}
            {row("row", "/hope".into(), "heart", t(texts::COPE), t(texts::COPE_NOTE))}
            {row("row", "/places".into(), "door", t(texts::PLACE), t(texts::PLACE_NOTE))}
            {row("row", "/card".into(), "card", t(texts::SHOW_CARD), t(texts::SHOW_CARD_NOTE))}
        </ul>
        <p class="note">{t(texts::CALL_LIST)}</p>
        {emergency()}
    };
    frame("help", Head::Home, Bar::None, body.into_any())
}

fn ring_row(state: State) -> impl IntoView {
    move || {
        let first = match state.card.get() {
            Shown::Ready(Some(card)) => card.front().and_then(|front| front.ring.into_iter().next()),
            _ => None,
        };
        match first {
            Some(ring) => {
                let note = if ring.relationship.is_empty() { ring.telephone } else { ring.relationship };
                row("row row--main", format!("tel:{}", ring.dial), "phone", t(texts::ring(ring.name)), note)
            }
            None => row("row", "/card/edit".into(), "phone", t(texts::RING_NOBODY), t(texts::RING_NOBODY_NOTE)),
        }
    }
}

fn emergency() -> AnyView {
    view! {
        <section class="emergency" aria-label=t(texts::EMERGENCY)>
            <div class="pair">
                <a class="emergency__call emergency__call--danger" href="tel:999"><strong>{t(texts::N999)}</strong><span>{t(texts::N999_NOTE)}</span></a>
                <a class="emergency__call" href="tel:101"><strong>{t(texts::N101)}</strong><span>{t(texts::N101_NOTE)}</span></a>
            </div>
            <details class="more">
                <summary class="link link--alone">{t(texts::OTHER_WAYS)}</summary>
                <ul class="facts">
                    <li class="facts__item">{icon("phone")}<p>{t(texts::CANNOT_SPEAK)}</p></li>
                    <li class="facts__item">{icon("message")}<p>{t(texts::DEAF)}</p></li>
                </ul>
            </details>
        </section>
    }
    .into_any()
}
