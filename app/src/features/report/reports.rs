//! Reports this phone answers for, each with an honest word on where it is.

use courier::storage::Kept;
use domain::id::ReportId;
use domain::outbox::{Bytes, Delivery, Entry, Refusal};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};
use words::{Key, common, reports as texts};

use super::receipt;
use crate::components::dialog::Ask;
use crate::components::notice::{notice, trouble};
use crate::components::{Bar, Confirm, Head, drawing, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::tabs::Keys;
use crate::platform::{file, json, written};
use crate::shell;
use crate::speech::t;
use crate::state::{Connection, Shown, State};

/// What is about to be taken off this phone, and the questions before.
#[derive(Clone, Copy)]
struct Taking {
    state: State,
    /// A report that has not gone.
    chosen: RwSignal<Option<ReportId>>,
    confirm: Confirm,
    /// The same question where the centre has some of it, or may have.
    confirm_gone: Confirm,
    /// The receipt of a report.
    receipt: RwSignal<Option<ReportId>>,
    confirm_receipt: Confirm,
    /// The report whose number is shown: it stays so while the list is drawn anew.
    shown: RwSignal<Option<ReportId>>,
}

/// The page.
pub fn page(state: State) -> View {
    let chosen = RwSignal::new(None::<ReportId>);
    let stopped = RwSignal::new(false);
    let confirm = Confirm::new();
    let confirm_gone = Confirm::new();
    let ask = |note| Ask {
        title: t(texts::DELETE_ASK),
        note: t(note),
        yes: t(texts::DELETE),
        no: t(texts::DELETE_KEEP),
    };
    let remove = move || {
        spawn_local(async move {
            if let Some(id) = chosen.get_untracked() {
                stopped.set(state.remove(&id).await.is_err());
            }
        });
    };
    let receipt = RwSignal::new(None::<ReportId>);
    let confirm_receipt = Confirm::new();
    let ask_receipt = Ask {
        title: t(texts::FORGET_ASK),
        note: t(texts::FORGET_NOTE),
        yes: t(texts::FORGET),
        no: t(texts::DELETE_KEEP),
    };
    let forget = move || {
        spawn_local(async move {
            if let Some(id) = receipt.get_untracked() {
                stopped.set(state.forget_receipt(&id).await.is_err());
            }
        });
    };
    let taking = Taking {
        state,
        chosen,
        confirm,
        confirm_gone,
        receipt,
        confirm_receipt,
        shown: RwSignal::new(None),
    };
    spawn_local(state.ask_for_answers());
    // Nothing is drawn anew under a finger for what has not changed.
    let outbox = Memo::new(move |_| state.outbox.get());
    let list = move || match outbox.get() {
        Shown::Loading => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(outbox) if outbox.is_empty() => empty(),
        Shown::Ready(outbox) => reports(taking, &outbox),
    };
    let body = all![
        shell::notices(state),
        el("h1").class("title").child(t(texts::TITLE)),
        lost(state),
        move || stopped.get().then(|| trouble(t(common::NOT_KEPT))),
        list,
        el("div")
            .class("actions")
            .child(
                el("a")
                    .class("button button--main")
                    .attr("href", "/report")
                    .child(icon("doc"))
                    .child(el("span").child(t(texts::NEW))),
            )
            .child(
                el("a")
                    .class("button")
                    .attr("href", "/mailbox")
                    .child(icon("mail"))
                    .child(el("span").child(t(texts::MAILBOX))),
            ),
        confirm.view(ask(texts::DELETE_NOTE), remove),
        confirm_gone.view(ask(texts::DELETE_NOTE_GONE), remove),
        confirm_receipt.view(ask_receipt, forget)
    ];
    frame("reports", Head::Home, Bar::Exit, body.show())
}

/// That the browser cleared a report which waited.
pub fn lost(state: State) -> View {
    let said = move || {
        let close = el("button")
            .attr("type", "button")
            .class("button button--small")
            .on("click", move |_| spawn_local(state.has_read_of_lost()))
            .child(t(common::CLOSE));
        notice(
            "note",
            "info",
            t(texts::LOST_TITLE),
            t(texts::LOST),
            Some(close.show()),
        )
    };
    (move || state.lost.get().then(said)).show()
}

fn empty() -> View {
    el("div")
        .class("empty")
        .child(drawing("door-closed", "drawing drawing--door"))
        .child(el("h2").class("heading").child(t(texts::EMPTY_TITLE)))
        .child(el("p").class("lead").child(t(texts::EMPTY)))
        .show()
}

fn reports(taking: Taking, outbox: &[Kept]) -> View {
    let state = taking.state;
    let offline = state.connection.get() != Connection::Reached;
    // One whose words have arrived goes on, while there is a connection.
    let waiting = outbox.iter().filter_map(|kept| match kept.entry.delivery {
        Delivery::Waiting { tries, .. } if offline || kept.entry.arrived.is_none() => Some(tries),
        _ => None,
    });
    let most = waiting.max().map(|tries| waits(state, tries > 0));
    let items: Vec<_> = outbox.iter().map(|kept| report(taking, kept)).collect();
    all![most, el("ul").class("stack").child(items)]
}

/// That a report has not gone, and what becomes of it; `tried` where the server was asked to take it.
pub fn waits(state: State, tried: bool) -> View {
    let again = el("button")
        .attr("type", "button")
        .class("button button--small")
        .on("click", move |_| spawn_local(state.try_now()))
        .child(icon("refresh"))
        .child(el("span").child(t(texts::TRY_NOW)));
    let why = match state.connection.get() {
        Connection::Reached if tried || state.keys.get() == Some(Keys::Refused) => {
            texts::WAITING_REFUSED
        }
        _ => texts::WAITING,
    };
    let title = t(texts::WAITING_TITLE);
    notice("offline", "cloud-off", title, t(why), Some(again.show()))
}

fn report(taking: Taking, kept: &Kept) -> View {
    let (class, state, note) = said(&kept.entry);
    let id = kept.entry.id.clone();
    let confirm = match kept.entry.may_have_arrived() {
        true => taking.confirm_gone,
        false => taking.confirm,
    };
    let ask = move |_| {
        taking.chosen.set(Some(id.clone()));
        confirm.open();
    };
    let delete = kept.entry.is_removable().then(|| {
        el("button")
            .attr("type", "button")
            .class("button button--small button--delete")
            .on("click", ask)
            .child(icon("trash"))
            .child(el("span").child(t(texts::DELETE)))
    });
    el("li")
        .class(&format!("report report--{class}"))
        .child(el("span").class("report__dot"))
        .child(
            el("div")
                .class("report__text")
                .child(
                    el("h2")
                        .class("report__title")
                        .child(t(texts::report_of(written::moment(kept.entry.sealed_at)))),
                )
                .child(el("p").class("report__state").child(state))
                .child(note.map(|note| el("p").class("report__note").child(note)))
                .child(number(taking, &kept.entry.id))
                .child(proof(&kept.entry)),
        )
        .child(el("div").class("report__actions").child(delete))
        .show()
}

/// The signature that the server has the report, to be saved beside the receipt.
fn proof(entry: &Entry) -> Option<View> {
    let Delivery::Stored {
        proof: Some(proof), ..
    } = &entry.delivery
    else {
        return None;
    };
    let when = written::moment(proof.hour);
    let (id, proof) = (entry.id.clone(), proof.clone());
    let save = move |_| {
        let text = json::write(&(&id, &proof))
            .and_then(|text| file::made(text.as_bytes(), "application/json"));
        if let Some(made) = text {
            file::save("proof-of-receipt.json", &made);
        }
    };
    let shown = el("details")
        .child(el("summary").class("link").child(t(texts::PROOF)))
        .child(el("p").class("note").child(t(texts::proof_note(when))))
        .child(
            el("button")
                .attr("type", "button")
                .class("button button--small")
                .on("click", save)
                .child(icon("download"))
                .child(el("span").child(t(texts::PROOF_SAVE))),
        );
    Some(shown.show())
}

/// The receipt, where it is kept on this phone: shown when asked for.
fn number(taking: Taking, id: &ReportId) -> Option<View> {
    let digits = taking.state.folder.with(|folder| match folder {
        Shown::Ready(folder) => folder.receipt(id).map(str::to_owned),
        _ => None,
    })?;
    let open = (taking.shown).with_untracked(|shown| shown.as_ref() == Some(id));
    let (id, report, whose) = (id.clone(), id.clone(), id.clone());
    let turned = move |event: Event| {
        let details: Option<Element> = event.target().and_then(|it| it.dyn_into().ok());
        let open = details.is_some_and(|details| details.has_attribute("open"));
        taking.shown.update_untracked(|shown| match open {
            true => *shown = Some(whose.clone()),
            false => drop(shown.take_if(|shown| *shown == whose)),
        });
    };
    let forget = el("button")
        .attr("type", "button")
        .class("link")
        .on("click", move |_| {
            taking.receipt.set(Some(id.clone()));
            taking.confirm_receipt.open();
        })
        .child(t(texts::FORGET));
    let inside = el("div")
        .class("receipt")
        .child(
            el("p")
                .class("receipt__note")
                .child(t(texts::RECEIPT_HIDE_NOTE)),
        )
        .child(receipt::groups(&digits))
        .child(forget);
    let looks = digits.clone();
    let answered = move || {
        taking
            .state
            .answered
            .with(|answered| answered.contains(&report))
    };
    let look = el("a")
        .class("button button--small")
        .class_when("button--main", answered.clone())
        .attr("href", "/mailbox")
        .on("click", move |_| {
            taking.state.looking.set(Some(looks.clone()));
        })
        .child(icon("mail"))
        .child(el("span").child(move || {
            t(if answered() {
                texts::ANSWERED
            } else {
                texts::MAILBOX
            })
        }));
    let shown = el("details")
        .attr("open", open)
        .on("toggle", turned)
        .child(el("summary").class("link").child(t(texts::READ_IT)))
        .child(inside);
    // Read out when the answer is there.
    Some(all![shown, el("div").attr("role", "status").child(look)])
}

fn said(entry: &Entry) -> (&'static str, String, Option<String>) {
    match &entry.delivery {
        Delivery::Waiting { .. } => match receipt::sending(entry) {
            Some(sending) => ("sending", sending, None),
            None => ("waiting", t(texts::STATE_ONLY_HERE), None),
        },
        Delivery::Parked { why } => ("parked", t(texts::PARKED_TITLE), Some(t(why_parked(*why)))),
        Delivery::Stored {
            bytes: Bytes::Held, ..
        } => ("received", t(texts::STATE_RECEIVED), Some(t(texts::HELD))),
        Delivery::Stored { .. } => ("received", t(texts::STATE_RECEIVED), None),
    }
}

/// Why it was not taken, and what the person can do.
pub fn why_parked(why: Refusal) -> Key {
    match why {
        Refusal::Malformed | Refusal::OtherBytes => texts::PARKED_MALFORMED,
        Refusal::Erased => texts::PARKED_ERASED,
        Refusal::PartsGone => texts::PARKED_PARTS_GONE,
        Refusal::TooLarge => texts::PARKED_TOO_LARGE,
        Refusal::UnknownCentre => texts::PARKED_UNKNOWN_CENTRE,
    }
}
