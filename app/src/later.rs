//! Pages that come when they are opened. Each name in `#[wasm_split(…)]` is a WASM module of its own, so
//! that home, help and the card's front do not wait for them; two files hold all of these modules
//! (`xtask/src/split.rs`). The service worker keeps both from the first visit on: offline they are as
//! near as the rest.
//!
//! A new feature goes here: a function like the ones below, and its arm in `shell::page`. Nothing that
//! home needs may name the feature otherwise, or it comes with the first file again
//! (`cargo xtask budget` tells).

use std::cell::Cell;
use std::pin::Pin;

use domain::report::Phone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use words::{common, later as texts};

use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::features::{card, help, hope, keep, locks, places, report, settings, usual_places};
use crate::platform::page;
use crate::router::{Route, Router};
use crate::speech::t;
use crate::state::{Shown, State};

/// Makes the pages of one file.
type Make = fn(Route, State, Router) -> View;
type Loaded = Result<Make, SplitLoaderError>;

/// The files besides the first.
#[derive(Clone, Copy)]
enum File {
    /// What somebody sets up: the card's form, and settings.
    Mine,
    /// What helps when the phone can't.
    Keep,
    /// Safe places, and every page that needs to know where somebody is.
    Places,
    /// Every page with Exit.
    Report,
}

#[wasm_split(mine, fallible)]
fn mine() -> Loaded {
    Ok(|route, state, router| match route {
        Route::CardPrivate => card::private::page(state),
        Route::Locks => locks::settings::page(state),
        Route::UsualPlaces => usual_places::page(state),
        Route::Board => card::board::page(state),
        Route::CardEdit(who, section) => card::edit::page(state, router, who, section),
        Route::CardCarer => card::carer::page(),
        Route::CardMore => card::more::page(state),
        _ => settings::page(state),
    })
}

/// The phone in a helper's hand: loaded when it is handed over, and before anything is drawn of an app
/// that is opened while a helper has it. Until then they see what the boot script painted.
#[derive(Clone, Copy)]
pub struct Helper {
    /// Hands it over.
    pub begin: card::show::Give,
    /// Goes on after what ended the app.
    pub resume: fn(State) -> Pin<Box<dyn Future<Output = ()>>>,
    /// What the helper sees.
    pub page: fn(State) -> View,
    /// What the holder sees once the phone is back.
    pub summary: fn(State, Router) -> View,
}

#[wasm_split(helper, fallible)]
fn helping() -> Result<Helper, SplitLoaderError> {
    Ok(Helper {
        begin: |state| Box::pin(card::handover::begin(state)),
        resume: |state| Box::pin(card::handover::resume(state)),
        page: card::handover::page,
        summary: card::handover::summary::page,
    })
}

thread_local! {
    static HELPER: Cell<Option<Helper>> = const { Cell::new(None) };
}

/// The helper's pages; `None` where their file cannot be had.
pub async fn helper() -> Option<Helper> {
    if HELPER.get().is_none() {
        HELPER.set(helping().await.ok());
    }
    HELPER.get()
}

/// Hands the phone over, once the helper's pages are here.
pub async fn hand_over(state: State) -> Result<(), courier::storage::Error> {
    let helper = helper().await.ok_or(courier::storage::Error::Gone)?;
    (helper.begin)(state).await
}

/// The helper's pages, if they have been loaded: they are before a hand-over is kept in this tab.
pub fn loaded_helper() -> Option<Helper> {
    HELPER.get()
}

#[wasm_split(keep, fallible)]
fn kept() -> Loaded {
    Ok(|route, state, router| keep::page(&route, state, router))
}

#[wasm_split(places, fallible)]
fn places() -> Loaded {
    Ok(|route, state, _| match route {
        Route::Place(id) => places::place::page(state, id),
        Route::NearMe => help::near::page(state),
        Route::TextWhere => help::text::page(state),
        Route::Lost(step) => help::lost::page(state, step),
        _ => places::list::page(state),
    })
}

#[wasm_split(report, fallible)]
fn report() -> Loaded {
    Ok(|route, state, router| match route {
        Route::Reports => locks::gate::before(state, move || report::reports::page(state)),
        Route::Mailbox => locks::gate::before(state, move || report::mailbox::page(state)),
        Route::Hope => hope::page(state),
        Route::ReportPaper => report::paper::page(state),
        _ => locks::gate::before(state, move || report::page(state, router)),
    })
}

/// Work that goes on beside the pages.
type Work = fn(State) -> Pin<Box<dyn Future<Output = ()>>>;

#[wasm_split(report, fallible)]
fn asking() -> Result<Work, SplitLoaderError> {
    Ok(|state| Box::pin(state.ask_once_for_answers()))
}

/// Asks for answers once, when the app was opened, where somebody reported from this phone.
pub async fn look_for_answers(state: State) {
    let reported = state.outbox.with_untracked(|outbox| match outbox {
        Shown::Ready(outbox) => !outbox.is_empty(),
        _ => false,
    });
    // Should its file not come now, it does when somebody opens their reports.
    if reported && let Ok(ask) = asking().await {
        ask(state).await;
    }
}

impl File {
    fn of(route: &Route) -> Self {
        match route {
            Route::Places | Route::Place(_) | Route::NearMe | Route::TextWhere | Route::Lost(_) => {
                Self::Places
            }
            Route::Keep(_) | Route::Practise(_) => Self::Keep,
            Route::Report | Route::ReportPaper | Route::Reports | Route::Mailbox | Route::Hope => {
                Self::Report
            }
            _ => Self::Mine,
        }
    }

    fn bar(self) -> Bar {
        match self {
            Self::Report => Bar::Exit,
            Self::Mine | Self::Keep | Self::Places => Bar::Help,
        }
    }

    async fn load(self) -> Loaded {
        match self {
            Self::Mine => mine().await,
            Self::Keep => kept().await,
            Self::Places => places().await,
            Self::Report => report().await,
        }
    }
}

/// How far a page is.
#[derive(Clone, Copy)]
enum Opening {
    Coming,
    There(Make),
    Failed,
}

/// A page whose file is loaded first. What the page makes belongs to this view, however late it comes,
/// and goes with it; nothing is made for somebody who has gone on meanwhile.
pub fn page(route: Route, state: State, router: Router) -> View {
    let file = File::of(&route);
    let opening = RwSignal::new(Opening::Coming);
    open(file, opening);
    let inside = move || match opening.get() {
        Opening::Coming => coming(file),
        Opening::There(make) => make(route.clone(), state, router),
        Opening::Failed => failed(file, move || again(file, state, opening)),
    };
    inside.show()
}

fn open(file: File, opening: RwSignal<Opening>) {
    spawn_local(async move {
        let loaded = file.load().await;
        if opening
            .try_set(loaded.map_or(Opening::Failed, Opening::There))
            .is_none()
        {
            page::came();
        }
    });
}

/// Tries once more; what cannot be had by now may be of a version that is gone, so the whole app is
/// loaded anew where that can be done and loses nothing.
fn again(file: File, state: State, opening: RwSignal<Opening>) {
    opening.set(Opening::Coming);
    page::arrive(0.0);
    spawn_local(async move {
        let only_here = state.draft.with_untracked(|draft| {
            draft
                .as_ref()
                .is_some_and(|draft| draft.phone == Phone::Watched)
        });
        if file.load().await.is_err() && !only_here && courier::sync::file("/").await.is_some() {
            page::reload();
        } else {
            open(file, opening);
        }
    });
}

fn coming(file: File) -> View {
    let note = el("p")
        .class("note coming")
        .attr("role", "status")
        .child(t(common::LOADING));
    frame("coming", Head::Home, file.bar(), note.show())
}

/// A calm page without a way into the holder's own.
pub fn waiting() -> View {
    el("main")
        .class("page")
        .attr("id", "main")
        .child(
            el("p")
                .class("note")
                .attr("role", "status")
                .child(t(common::LOADING)),
        )
        .show()
}

fn failed(file: File, again: impl Fn() + 'static) -> View {
    let body = all![
        el("h1").class("title").child(t(texts::FAILED_TITLE)),
        trouble(t(texts::FAILED)),
        el("button")
            .attr("type", "button")
            .class("button button--main")
            .on("click", move |_| again())
            .child(t(common::TRY_AGAIN))
    ];
    frame("failed", Head::Home, file.bar(), body)
}
