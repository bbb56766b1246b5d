//! Pages for which the reports lock is asked first.

use domain::lock::{Lock, Name};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::common;

use super::ask_pin;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::platform::settings::{self, Mark};
use crate::platform::{locks, page};
use crate::speech::t;
use crate::state::{Shown, State};

/// Left in `localStorage` while a lock has a PIN: without one, no page waits for an answer.
fn pin_mark(name: Name) -> &'static str {
    match name {
        Name::Card => "card-lock",
        Name::Reports => "reports-lock",
    }
}

/// Remembers whether a lock has a PIN.
pub fn remember(name: Name, there: bool) {
    settings::mark(
        pin_mark(name),
        if there { Mark::Left } else { Mark::Removed },
    );
}

/// Whether it is remembered that a lock has a PIN.
pub fn has_pin(name: Name) -> bool {
    settings::is_marked(pin_mark(name))
}

/// The page once the folder is open: behind the PIN that is asked before it, if there is one.
pub fn before(state: State, page: impl Fn() -> View + Clone + 'static) -> View {
    locks::save_with(Name::Reports, move || Box::pin(state.folder_is_kept()));
    if !has_pin(Name::Reports) {
        return opened(state, page);
    }
    let stand = RwSignal::new(None::<Lock>);
    let closed = move || {
        if state.locked.get() == Some(Name::Reports) {
            // Away at once: how it stands is asked afterwards.
            stand.set(None);
        }
        look(stand);
    };
    let inside = move || match stand.get() {
        None => coming(),
        Some(Lock::Locked { .. }) => framed(ask_pin::locked(Name::Reports, move |content| {
            spawn_local(async move {
                state.opened_folder(content).await;
                let _ = stand.try_set(Some(Lock::Open));
                page::arrive(0.0);
            });
        })),
        Some(Lock::Open | Lock::None) => opened(state, page.clone()),
    };
    all![closed, inside]
}

/// What the folder holds is on the screen only while it is open.
fn opened(state: State, page: impl Fn() -> View + 'static) -> View {
    let open = move || {
        spawn_local(async move {
            state.open_folder().await;
            page::came();
        });
    };
    open();
    let stands = Memo::new(move |_| {
        state.folder.with(|folder| match folder {
            Shown::Loading => Shown::Loading,
            Shown::Ready(_) => Shown::Ready(()),
            Shown::Failed(why) => Shown::Failed(*why),
        })
    });
    let inside = move || match stands.get() {
        Shown::Loading => coming(),
        Shown::Ready(()) => page(),
        Shown::Failed(_) => framed(all![
            el("h1").class("title").child(t(common::FAILED_TITLE)),
            trouble(t(common::FAILED)),
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", move |_| open())
                .child(t(common::TRY_AGAIN))
        ]),
    };
    inside.show()
}

fn coming() -> View {
    framed(
        el("p")
            .class("note coming")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
    )
}

fn look(stand: RwSignal<Option<Lock>>) {
    spawn_local(async move {
        // A lock that does not answer stays shut.
        let now = locks::stand(Name::Reports).await.unwrap_or(Lock::Locked {
            wait_until: None,
            passkey: false,
        });
        let before = stand.try_get_untracked();
        if before.is_some_and(|before| before != Some(now)) {
            let _ = stand.try_set(Some(now));
            page::title_soon();
        }
    });
}

fn framed(body: View) -> View {
    frame("unlock", Head::Home, Bar::Exit, body)
}
