//! Reports this phone answers for, each with an honest word on where it is.

use courier::storage::Kept;
use domain::id::ReportId;
use domain::outbox::{Bytes, Delivery, Refusal};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, reports as texts};

use super::receipt;
use crate::components::dialog::Ask;
use crate::components::notice::{notice, trouble};
use crate::components::{Bar, Confirm, Head, drawing, frame, icon};
use crate::platform::written;
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State) -> AnyView {
    let chosen = RwSignal::new(None::<ReportId>);
    let stopped = RwSignal::new(false);
    let confirm = Confirm::new();
    let ask = Ask { title: t(texts::DELETE_ASK), note: t(texts::DELETE_NOTE), yes: t(texts::DELETE), no: t(texts::DELETE_KEEP) };
    let remove = move || {
        spawn_local(async move {
            if let Some(id) = chosen.get_untracked() {
                stopped.set(state.remove(&id).await.is_err());
            }
        });
    };
    let list = move || match state.outbox.get() {
        Shown::Loading => view! { <p class="note" role="status">{t(common::LOADING)}</p> }.into_any(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(outbox) if outbox.is_empty() => empty(),
        Shown::Ready(outbox) => reports(state, &outbox, chosen, confirm),
    };
    let body = view! {
        {shell::notices(state)}
        <h1 class="title">{t(texts::TITLE)}</h1>
        {move || stopped.get().then(|| trouble(t(common::NOT_KEPT)))}
        {list}
        <div class="actions">
            <a class="button button--main" href="/report">{icon("doc")}<span>{t(texts::NEW)}</span></a>
            <a class="button" href="/mailbox">{icon("mail")}<span>{t(texts::MAILBOX)}</span></a>
        </div>
        {confirm.view(ask, remove)}
    };
    frame("reports", Head::Home, Bar::Exit, body.into_any())
}

fn empty() -> AnyView {
    view! {
        <div class="empty">{drawing("door-closed", "drawing drawing--door")}<h2 class="heading">{t(texts::EMPTY_TITLE)}</h2><p class="lead">{t(texts::EMPTY)}</p></div>
    }
    .into_any()
}

fn reports(state: State, outbox: &[Kept], chosen: RwSignal<Option<ReportId>>, confirm: Confirm) -> AnyView {
    let waits = outbox.iter().any(|kept| matches!(kept.entry.delivery, Delivery::Waiting { .. }));
    let again = waits.then(|| {
        let button = view! {
            <button type="button" class="button button--small" on:click=move |_| spawn_local(state.try_now())>{icon("refresh")}<span>{t(texts::TRY_NOW)}</span></button>
        };
        notice("offline", "cloud-off", t(texts::WAITING_TITLE), t(texts::WAITING), Some(button.into_any()))
    });
    let items: Vec<_> = outbox.iter().map(|kept| report(kept, chosen, confirm)).collect();
    view! { {again} <ul class="stack">{items}</ul> }.into_any()
}

fn report(kept: &Kept, chosen: RwSignal<Option<ReportId>>, confirm: Confirm) -> AnyView {
    let (class, state, note) = said(&kept.entry.delivery);
    let id = kept.entry.id.clone();
    let ask = move |_| {
        chosen.set(Some(id.clone()));
        confirm.open();
    };
    let delete = kept.entry.is_removable().then(|| {
        view! { <button type="button" class="button button--small button--delete" on:click=ask>{icon("trash")}<span>{t(texts::DELETE)}</span></button> }
    });
    view! {
        <li class=format!("report report--{class}")>
            <span class="report__dot"></span>
            <div class="report__text">
                <h2 class="report__title">{t(texts::report_of(written::moment(kept.entry.sealed_at)))}</h2>
                <p class="report__state">{state}</p>
                {note.map(|note| view! { <p class="report__note">{note}</p> })}
                {kept.receipt.clone().map(|digits| view! {
                    <details><summary class="link">{t(texts::READ_IT)}</summary><div class="receipt"><p class="receipt__note">{t(texts::RECEIPT_HIDE_NOTE)}</p>{receipt::groups(&digits)}</div></details>
                })}
            </div>
            <div class="report__actions">{delete}</div>
        </li>
    }
    .into_any()
}

fn said(delivery: &Delivery) -> (&'static str, String, Option<String>) {
    match delivery {
        Delivery::Waiting { .. } => ("waiting", t(texts::STATE_ONLY_HERE), None),
        Delivery::Parked { why } => ("parked", t(texts::PARKED_TITLE), Some(why_parked(*why))),
        Delivery::Stored { bytes: Bytes::Held, .. } => ("received", t(texts::STATE_RECEIVED), Some(t(texts::HELD))),
        Delivery::Stored { .. } => ("received", t(texts::STATE_RECEIVED), None),
    }
}

fn why_parked(why: Refusal) -> String {
    t(match why {
        Refusal::Malformed => texts::PARKED_MALFORMED,
        Refusal::TooLarge => texts::PARKED_TOO_LARGE,
        Refusal::OtherBytes => texts::PARKED_OTHER_BYTES,
        Refusal::UnknownCentre => texts::PARKED_UNKNOWN_CENTRE,
    })
}
