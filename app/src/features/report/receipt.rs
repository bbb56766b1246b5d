//! The receipt: ready as soon as the report is sealed, with an honest word on where the report is.

use courier::storage::Kept;
use domain::outbox::Delivery;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{home, reports as texts};

use crate::components::notice::notice;
use crate::components::{Bar, Head, frame, icon};
use crate::platform::{page, written};
use crate::speech::t;
use crate::state::{Shown, State};

/// Where a report stands, as far as this phone knows.
#[derive(Debug, Clone, PartialEq)]
enum Standing {
    OnlyHere(Option<domain::time::Timestamp>),
    Received(Option<domain::time::Timestamp>),
}

/// The page after sending.
pub fn page(state: State, digits: String) -> AnyView {
    // The newest entry is the report that was just sealed; a watched phone keeps none once it has gone.
    let mine = move || match state.outbox.get() {
        Shown::Ready(outbox) => outbox.first().cloned(),
        _ => None,
    };
    let standing = Memo::new(move |_| standing(mine().as_ref()));
    let body = view! {
        {move || heading(&standing.get())}
        {move || number(&digits, &standing.get())}
        {move || waiting(state, &standing.get())}
        <h2 class="heading">{t(texts::WHERE_TITLE)}</h2>
        {move || timeline(&standing.get())}
        <div class="actions"><a class="button" href="/">{icon("house")}<span>{t(home::TITLE)}</span></a></div>
    };
    frame("receipt", Head::Home, Bar::Exit, body.into_any())
}

fn standing(kept: Option<&Kept>) -> Standing {
    match kept {
        Some(kept) => match kept.entry.delivery {
            Delivery::Stored { at, .. } => Standing::Received(Some(at)),
            Delivery::Waiting { .. } | Delivery::Parked { .. } => Standing::OnlyHere(Some(kept.entry.sealed_at)),
        },
        None => Standing::Received(None),
    }
}

fn heading(standing: &Standing) -> AnyView {
    match standing {
        Standing::OnlyHere(_) => view! { <h1 class="title">{t(texts::SAFE_TITLE)}</h1> }.into_any(),
        Standing::Received(_) => view! {
            <h1 class="title">{t(texts::SENT_TITLE)}</h1>
            <p class="lead">{t(texts::RECEIPT_LEAD_SENT)}" "<strong>{t(texts::SENT_READ)}</strong></p>
        }
        .into_any(),
    }
}

fn waiting(state: State, standing: &Standing) -> Option<AnyView> {
    matches!(standing, Standing::OnlyHere(_)).then(|| {
        let again = view! {
            <button type="button" class="button button--small" on:click=move |_| spawn_local(state.try_now())>{icon("refresh")}<span>{t(texts::TRY_NOW)}</span></button>
        };
        let waits = notice("offline", "cloud-off", t(texts::WAITING_TITLE), t(texts::WAITING), Some(again.into_any()));
        view! { {waits} <p>{t(texts::CANT_WAIT)}</p> }.into_any()
    })
}

fn number(digits: &str, standing: &Standing) -> AnyView {
    let (title, note) = match standing {
        Standing::OnlyHere(_) => (t(texts::RECEIPT_TITLE_WAITING), t(texts::RECEIPT_NOTE_WAITING)),
        Standing::Received(_) => (t(texts::RECEIPT_TITLE), t(texts::RECEIPT_NOTE)),
    };
    view! {
        <section class="receipt">
            <h2 class="receipt__title">{title}</h2>
            <p class="receipt__note">{note}</p>
            {groups(digits)}
            <div class="receipt__actions pair">
                <button type="button" class="button" on:click=|_| page::print()>{icon("printer")}<span>{t(texts::PRINT)}</span></button>
            </div>
        </section>
    }
    .into_any()
}

/// Six groups of four, read out digit by digit.
pub fn groups(digits: &str) -> AnyView {
    let spoken = digits.chars().filter(char::is_ascii_digit).map(String::from).collect::<Vec<_>>().join(" ");
    let groups: Vec<_> = digits.split(' ').map(|group| view! { <span class="receipt__group">{group.to_owned()}</span> }).collect();
    view! { <p class="receipt__number" dir="ltr" role="img" aria-label=spoken>{groups}</p> }.into_any()
}

fn timeline(standing: &Standing) -> AnyView {
    let (here, received) = match standing {
        Standing::OnlyHere(since) => ("now", ("later", since, None)),
        Standing::Received(at) => ("done", ("now", &None, *at)),
    };
    let since = received.1.map(|since| t(texts::since(written::moment(since))));
    view! {
        <ol class="timeline">
            {step(here, t(texts::STATE_ONLY_HERE), since)}
            {step(received.0, t(texts::STATE_RECEIVED), received.2.map(written::moment))}
        </ol>
    }
    .into_any()
}

fn step(state: &'static str, title: String, note: Option<String>) -> AnyView {
    view! {
        <li class=format!("timeline__step timeline__step--{state}") aria-current=(state == "now").then_some("step")>
            <span class="timeline__dot">{(state == "done").then(|| icon("check"))}</span>
            <span class="timeline__title">{title}</span>
            {note.map(|note| view! { <span class="timeline__note">{note}</span> })}
        </li>
    }
    .into_any()
}
