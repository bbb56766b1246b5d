//! The receipt: ready as soon as the report is sealed, with an honest word on where the report is.

use courier::storage::Kept;
use domain::id::ReportId;
use domain::outbox::{Delivery, Entry, Refusal};
use domain::report::Phone;
use leptos::prelude::*;
use words::{home, reports as texts};

use super::reports::{waits, why_parked};
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame, icon, qr, speak};
use crate::dom::{Show, View, all, el};
use crate::platform::tabs::Keys;
use crate::platform::{page, written};
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// A report that was sealed just now.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// Which it is.
    pub id: ReportId,
    /// Whose phone this is.
    pub phone: Phone,
    /// Its receipt.
    pub digits: String,
}

/// Where a report stands, as far as this phone knows.
#[derive(Debug, Clone, PartialEq)]
enum Standing {
    /// It was deleted here, or what is kept here cannot be read: only its number leads to it.
    NotKnown,
    Refused(Refusal),
    /// Since then; whether it was tried and did not go.
    OnlyHere(domain::time::Timestamp, bool),
    /// The words are there, so many of a hundred parts of the files as well.
    Sending(u64),
    Received(Option<domain::time::Timestamp>),
}

/// The page after sending.
pub fn page(state: State, sealed: Sealed) -> View {
    let digits = sealed.digits.clone();
    let standing = Memo::new(move |_| standing(state, &sealed));
    let body = all![
        shell::keys_notice(state),
        move || heading(&standing.get()),
        move || waiting(state, &standing.get()),
        move || number(&digits, &standing.get()),
        move || timeline(&standing.get()),
        el("div").class("actions").child(
            el("a")
                .class("button")
                .attr("href", "/")
                .child(icon("house"))
                .child(el("span").child(t(home::TITLE))),
        )
    ];
    frame("receipt", Head::Home, Bar::Exit, body.show())
}

fn standing(state: State, sealed: &Sealed) -> Standing {
    let Shown::Ready(outbox) = state.outbox.get() else {
        return Standing::NotKnown;
    };
    let this = |kept: &&Kept| kept.entry.id == sealed.id;
    match outbox.iter().find(this) {
        Some(kept) => match kept.entry.delivery {
            Delivery::Stored { at, .. } => Standing::Received(Some(at)),
            Delivery::Parked { why } => Standing::Refused(why),
            Delivery::Waiting { tries, .. } => match percent(&kept.entry) {
                Some(percent) => Standing::Sending(percent),
                None => Standing::OnlyHere(kept.entry.sealed_at, tries > 0),
            },
        },
        // A watched phone keeps none that has gone; no other way does one leave it unseen.
        None if sealed.phone == Phone::Watched && !state.is_removed(&sealed.id) => {
            Standing::Received(None)
        }
        None => Standing::NotKnown,
    }
}

/// How many of a hundred parts of the files are there, once the words are.
fn percent(entry: &Entry) -> Option<u64> {
    let progress = entry.progress()?;
    Some(progress.done * 100 / progress.all)
}

/// How far sending has come, once the words are there.
pub fn sending(entry: &Entry) -> Option<String> {
    percent(entry).map(|percent| t(texts::sending(percent.to_string())))
}

fn heading(standing: &Standing) -> View {
    match standing {
        Standing::NotKnown => all![
            el("h1").class("title").child(t(texts::NOT_KNOWN_TITLE)),
            el("p").class("lead").child(t(texts::NOT_KNOWN))
        ],
        Standing::Refused(why) => all![
            el("h1").class("title").child(t(texts::PARKED_TITLE)),
            trouble(t(why_parked(*why)))
        ],
        Standing::OnlyHere(..) | Standing::Sending(_) => {
            el("h1").class("title").child(t(texts::SAFE_TITLE)).show()
        }
        Standing::Received(_) => all![
            el("h1").class("title").child(t(texts::SENT_TITLE)),
            el("p")
                .class("lead")
                .child(t(texts::RECEIPT_LEAD_SENT))
                .child(" ")
                .child(el("strong").child(t(texts::SENT_READ)))
        ],
    }
}

fn waiting(state: State, standing: &Standing) -> Option<View> {
    let Standing::OnlyHere(_, tried) = *standing else {
        return None;
    };
    // Then that is why it waits, and it is said.
    let refused = state.keys.get() == Some(Keys::Refused);
    (!refused).then(|| all![waits(state, tried), el("p").child(t(texts::CANT_WAIT))])
}

fn number(digits: &str, standing: &Standing) -> View {
    let (title, note) = match standing {
        // It leads nowhere where nothing was taken.
        Standing::Refused(why) if *why != Refusal::PartsGone => return View::Nothing,
        Standing::OnlyHere(..) | Standing::Sending(_) => (
            t(texts::RECEIPT_TITLE_WAITING),
            t(texts::RECEIPT_NOTE_WAITING),
        ),
        Standing::Received(_) | Standing::NotKnown | Standing::Refused(_) => {
            (t(texts::RECEIPT_TITLE), t(texts::RECEIPT_NOTE))
        }
    };
    el("section")
        .class("receipt")
        .child(el("h2").class("receipt__title").child(title))
        .child(el("p").class("receipt__note").child(note))
        .child(groups(digits))
        .child(
            el("div")
                .class("receipt__actions pair")
                .child(
                    el("button")
                        .attr("type", "button")
                        .class("button")
                        .on("click", |_| page::print())
                        .child(icon("printer"))
                        .child(el("span").child(t(texts::PRINT))),
                )
                .child(speak::button(texts::RECEIPT_SAY, "button", {
                    let slowly = one_by_one(digits, ". ");
                    move || slowly.clone()
                })),
        )
        .child(scan(digits))
        .show()
}

/// The digits as a picture that a camera reads: they alone, no address that a browser would remember.
fn scan(digits: &str) -> Option<View> {
    let code = qr::svg(digits)?;
    let picture = el("div")
        .class("scan")
        .attr("role", "img")
        .attr("aria-label", t(texts::RECEIPT_TITLE))
        .html(&code);
    let shown = el("details")
        .child(el("summary").class("link").child(t(texts::RECEIPT_SCAN)))
        .child(picture);
    Some(shown.show())
}

/// Digit by digit, with a rest between the groups.
fn one_by_one(digits: &str, rest: &str) -> String {
    let groups = digits.split(' ').map(|group| {
        let digits = group.chars().filter(char::is_ascii_digit);
        digits.map(String::from).collect::<Vec<_>>().join(" ")
    });
    groups.collect::<Vec<_>>().join(rest)
}

/// Six groups of four, read out digit by digit.
pub fn groups(digits: &str) -> View {
    let spoken = one_by_one(digits, " ");
    let groups: Vec<_> = digits
        .split(' ')
        .map(|group| el("span").class("receipt__group").child(group.to_owned()))
        .collect();
    el("p")
        .class("receipt__number")
        .attr("dir", "ltr")
        .attr("role", "img")
        .attr("aria-label", spoken)
        .child(groups)
        .show()
}

fn timeline(standing: &Standing) -> View {
    let (here, note, received, at) = match standing {
        Standing::NotKnown | Standing::Refused(_) => return View::Nothing,
        Standing::OnlyHere(since, _) => (
            "now",
            Some(t(texts::since(written::moment(*since)))),
            "later",
            None,
        ),
        Standing::Sending(percent) => (
            "now",
            Some(t(texts::sending(percent.to_string()))),
            "later",
            None,
        ),
        Standing::Received(at) => ("done", None, "now", *at),
    };
    all![
        el("h2").class("heading").child(t(texts::WHERE_TITLE)),
        el("ol")
            .class("timeline")
            .child(step(here, t(texts::STATE_ONLY_HERE), note))
            .child(step(
                received,
                t(texts::STATE_RECEIVED),
                at.map(written::moment),
            ))
    ]
}

/// A step of a timeline: "done", "now" or "later".
pub fn step(state: &'static str, title: String, note: Option<String>) -> View {
    el("li")
        .class(&format!("timeline__step timeline__step--{state}"))
        .attr("aria-current", (state == "now").then_some("step"))
        .child(
            el("span")
                .class("timeline__dot")
                .child((state == "done").then(|| icon("check"))),
        )
        .child(el("span").class("timeline__title").child(title))
        .child(note.map(|note| el("span").class("timeline__note").child(note)))
        .show()
}
