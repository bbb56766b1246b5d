//! The phone is back: what happened meanwhile, for its holder, in a few lines.

use domain::handover::HandOver;
use leptos::prelude::*;
use words::handover as texts;

use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::features::card::power;
use crate::platform::settings::{self, Mark};
use crate::platform::written;
use crate::router::Router;
use crate::speech::t;
use crate::state::{Shown, State};

/// Left once the phone's own pinning has been suggested.
const TOLD: &str = "pinning-told";

/// The page.
pub fn page(state: State, router: Router) -> View {
    let Some(was) = state.given_back.get_untracked() else {
        return ().show();
    };
    let goes = move |path: &'static str| {
        move |event: web_sys::Event| {
            event.prevent_default();
            state.given_back.set(None);
            router.go(path);
        }
    };
    let came = (!was.fetched_by.is_empty()).then(|| {
        all![
            el("h2").class("heading").child(t(texts::SUMMARY_FETCHED)),
            el("p").class("lead").child(own(&was.fetched_by))
        ]
    });
    let first = !settings::is_marked(TOLD);
    settings::mark(TOLD, Mark::Left);
    let pinning = first.then(|| {
        el("div")
            .class("notice notice--note")
            .child(icon("lock"))
            .child(
                el("div")
                    .child(el("p").child(t(texts::SUMMARY_AGAIN)))
                    .child(
                        el("a")
                            .class("link")
                            .attr("href", "/card/phone")
                            .on("click", goes("/card/phone"))
                            .child(t(texts::SUMMARY_AGAIN_LINK)),
                    ),
            )
    });
    let body = all![
        power::reading(state),
        el("h1").class("title").child(t(texts::SUMMARY_TITLE)),
        el("h2").class("heading").child(t(texts::SUMMARY_RUNG)),
        rung(state, &was),
        came,
        pinning,
        el("div").class("actions").child(
            el("a")
                .class("button button--main")
                .attr("href", "/card")
                .on("click", goes("/card"))
                .child(t(texts::SUMMARY_OK)),
        )
    ];
    frame("summary", Head::Own(().show()), Bar::Help, body)
}

fn rung(state: State, was: &HandOver) -> View {
    let ring = match state.card.get_untracked() {
        Shown::Ready(Some(card)) => card.ring(),
        _ => Vec::new(),
    };
    let lines: Vec<_> = (was.calls.iter())
        .filter_map(|call| {
            let ring = ring.get(call.contact)?;
            let words = t(texts::summary_rang(&ring.name, written::time(call.at)));
            Some(el("li").class("lead").child(words))
        })
        .collect();
    if lines.is_empty() {
        el("p").class("lead").child(t(texts::SUMMARY_NOBODY)).show()
    } else {
        el("ul").child(lines).show()
    }
}
