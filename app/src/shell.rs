//! The app around its pages: notices, the page of the current address, and what starts once it is shown.

use domain::lock::Name;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{card_edit as edit, common, keep, notice as texts};

use crate::components::notice::notice;
use crate::dom::{self, Show, View, all, el};
use crate::features::locks::gate;
use crate::features::{card, help, home, unknown};
use crate::later;
use crate::platform::tabs::Keys;
use crate::platform::{self, clock, exit, install, locks, page, service_worker};
use crate::router::{Route, Router};
use crate::speech::t;
use crate::state::{Connection, Shown, State};

/// Draws the app where the static shell stood, then starts what can wait.
pub async fn take_over(state: State) {
    let Some(stage) = page::stage() else { return };
    if state.is_handed_over()
        && let Some(helper) = later::helper().await
    {
        (helper.resume)(state).await;
    }
    let router = Router::start();
    if router_route(router) == Route::Card {
        card::show::prepare(state).await;
    }
    dom::show_in(&stage, view(state, router));
    page::remove_shell();
    page::title_soon();
    exit::on_shift(move || {
        !state.is_handed_over()
            && matches!(
                router_route(router),
                Route::Report | Route::ReportPaper | Route::Reports | Route::Mailbox | Route::Hope
            )
    });
    install::watch(move || state.installable.set(true));
    locks::watch(move |name| {
        if name == Name::Reports && gate::has_pin(name) {
            state.close_folder();
        }
        state.locked.set(Some(name));
    });
    page::on_click(|event| {
        if page::leads_out(event) {
            locks::errand();
        }
    });
    spawn_local(async move {
        state.follow().await;
        service_worker::start(move || state.update.set(true)).await;
        platform::courier::start().await;
        state.carry().await;
    });
}

fn router_route(router: Router) -> Route {
    untrack(|| router.route())
}

fn view(state: State, router: Router) -> View {
    let handed_over = Memo::new(move |_| state.handover.with(Option::is_some));
    let given_back = Memo::new(move |_| state.given_back.with(Option::is_some));
    let page = move || {
        state.language.track();
        // A helper holds the phone: whatever the address says, nothing of the holder's is shown.
        if handed_over.get() || given_back.get() {
            return helped(state, router, handed_over.get());
        }
        match router.route() {
            Route::Home => home::page(state, |state| spawn_local(later::look_for_answers(state))),
            Route::Help => help::page(state),
            Route::Cope => help::cope::page(state),
            Route::Card => card::show::page(state, |state| Box::pin(later::hand_over(state))),
            Route::Unknown => unknown::page(),
            route => later::page(route, state, router),
        }
    };
    (page).show()
}

/// The helper's page, or what its holder reads afterwards. Another tab may have to load them first.
fn helped(state: State, router: Router, handed_over: bool) -> View {
    let loaded = RwSignal::new(later::loaded_helper().is_some());
    if !loaded.get_untracked() {
        spawn_local(async move {
            later::helper().await;
            let _ = loaded.try_set(true);
        });
    }
    let page = move || match loaded.get().then(later::loaded_helper).flatten() {
        Some(helper) if handed_over => (helper.page)(state),
        Some(helper) => (helper.summary)(state, router),
        None => later::waiting(),
    };
    page.show()
}

/// What stands above a calm page: no internet, a newer version, a card that was cleared, a sample.
pub fn notices(state: State) -> View {
    let offline = move || {
        (state.connection.get() == Connection::Offline).then(|| {
            notice(
                "offline",
                "cloud-off",
                t(texts::OFFLINE_TITLE),
                t(texts::OFFLINE),
                None,
            )
        })
    };
    let update = move || state.update.get().then(newer);
    let cleared = move || state.cleared.get().then(|| cleared(state));
    all![offline, update, cleared, keys_notice(state)]
}

/// That the scheme's keys changed, or were not taken.
pub fn keys_notice(state: State) -> View {
    (move || state.keys.get().map(other_keys)).show()
}

/// A year after the holder last said that all on the card is right; never on the card itself.
pub fn due_notice(state: State) -> View {
    (move || is_due(state).then(check_now)).show()
}

/// Whether that year has passed.
pub fn is_due(state: State) -> bool {
    state.card.with(|card| match card {
        Shown::Ready(Some(card)) => card.wants_checking(clock::now()),
        _ => false,
    })
}

fn check_now() -> View {
    let link = el("a")
        .class("button button--small")
        .attr("href", "/card/edit/check")
        .child(t(edit::DUE_CHECK));
    notice(
        "note",
        "calendar",
        t(edit::DUE_TITLE),
        t(edit::DUE),
        Some(link.show()),
    )
}

/// That this is a sample: where a person begins, not on every page.
pub fn sample_notice(state: State) -> View {
    let demo = move || {
        is_sample(state).then(|| notice("note", "info", t(texts::DEMO_TITLE), t(texts::DEMO), None))
    };
    demo.show()
}

/// Whether the scheme is a sample.
pub fn is_sample(state: State) -> bool {
    state
        .scheme
        .with(|scheme| scheme.as_ref().is_some_and(|scheme| scheme.demo))
}

fn newer() -> View {
    let pressed = RwSignal::new(false);
    let button = el("button")
        .attr("type", "button")
        .class("button button--small")
        .on("click", move |_| {
            pressed.set(true);
            spawn_local(service_worker::take_over());
        })
        .child(move || {
            t(if pressed.get() {
                common::LOADING
            } else {
                texts::UPDATE_NOW
            })
        });
    notice(
        "update",
        "refresh",
        t(texts::UPDATE_TITLE),
        t(texts::UPDATE),
        Some(button.show()),
    )
}

fn other_keys(keys: Keys) -> View {
    match keys {
        Keys::Changed => notice(
            "note",
            "info",
            t(texts::KEYS_CHANGED_TITLE),
            t(texts::KEYS_CHANGED),
            None,
        ),
        Keys::Refused => notice(
            "note",
            "key",
            t(texts::KEYS_REFUSED_TITLE),
            t(texts::KEYS_REFUSED),
            None,
        ),
    }
}

fn cleared(state: State) -> View {
    let button = el("button")
        .attr("type", "button")
        .class("button button--small")
        .on("click", move |_| state.forget_cleared())
        .child(t(common::CLOSE));
    let restore = el("a")
        .class("button button--small")
        .attr("href", "/card/backup")
        .child(t(keep::CLEARED_RESTORE));
    notice(
        "note",
        "info",
        t(texts::CLEARED_TITLE),
        t(texts::CLEARED),
        Some(all![restore, button]),
    )
}
