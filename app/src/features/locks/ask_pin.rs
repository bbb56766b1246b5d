//! Asking for a PIN: wherever a lock stands in the way, and where a helper gives the phone back.

use domain::lock::{Lock, Name};
use domain::time::Timestamp;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, locks as texts};

use super::pin::{Pin, reveal};
use super::said::{left, of, why};
use crate::components::icon;
use crate::components::notice::notice;
use crate::dom::{Show, View, all, el};
use crate::platform::{clock, locks, page, passkey};
use crate::speech::t;

/// How far asking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Ready,
    Looking,
    Waiting(Timestamp),
}

/// What the right PIN opened: the content, if there is any yet.
pub type Opened = Option<Vec<u8>>;

#[derive(Clone)]
struct Asking {
    name: Name,
    pin: Pin,
    asked: RwSignal<Asked>,
    said: RwSignal<Option<Key>>,
    passkey: RwSignal<bool>,
    opened: std::rc::Rc<dyn Fn(Opened)>,
}

/// A box for the PIN, a button, and what came of it. Calls back once the lock is open; whoever asked
/// only to know whose hand the phone is in locks it again with [`locks::lock`].
pub fn ask_pin(name: Name, opened: impl Fn(Opened) + 'static) -> View {
    let asking = Asking {
        name,
        pin: Pin::new(of_id(name)),
        asked: RwSignal::new(Asked::Ready),
        said: RwSignal::new(None),
        passkey: RwSignal::new(false),
        opened: std::rc::Rc::new(opened),
    };
    asking.look();
    let shown = RwSignal::new(false);
    let (by_pin, by_passkey) = (asking.clone(), asking.clone());
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        by_pin.clone().try_pin();
    };
    let (asked, said, passkey) = (asking.asked, asking.said, asking.passkey);
    let waits = move || matches!(asked.get(), Asked::Waiting(_));
    let busy = move || asked.get() == Asked::Looking;
    let finger = move || {
        let by_passkey = by_passkey.clone();
        passkey.get().then(|| {
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| by_passkey.clone().try_passkey())
                .child(icon("person"))
                .child(el("span").child(t(texts::FINGER)))
        })
    };
    el("form")
        .class("pin")
        .attr("autocomplete", "off")
        .on("submit", submit)
        .child(asking.pin.view(t(texts::ASK), String::new(), shown))
        .child(
            el("button")
                .attr("type", "submit")
                .class("button button--main")
                .attr_following("aria-disabled", move || waits().then_some("true"))
                .attr_following("aria-busy", move || busy().then_some("true"))
                .child(icon("key"))
                .child(el("span").child(t(texts::OPEN))),
        )
        .child(reveal(shown))
        .child(finger)
        .child(
            el("div")
                .class("status")
                .attr("role", "status")
                .child(move || {
                    said.get()
                        .map(|key| notice("note", "info", t(key), String::new(), None))
                })
                .child(move || busy().then(|| el("p").class("note").child(t(texts::LOOKING)))),
        )
        .child(move || match asked.get() {
            Asked::Waiting(until) => countdown(until, asked, said),
            _ => View::Nothing,
        })
        .show()
}

fn of_id(name: Name) -> &'static str {
    match name {
        Name::Card => "pin-card",
        Name::Reports => "pin-reports",
    }
}

impl Asking {
    /// How the lock stands: whether there is a wait, and whether a passkey opens it.
    fn look(&self) {
        let this = self.clone();
        spawn_local(async move {
            if let Ok(stand) = locks::stand(this.name).await {
                this.stands(stand).await;
            }
        });
    }

    async fn stands(&self, stand: Lock) {
        let Lock::Locked {
            wait_until,
            passkey,
        } = stand
        else {
            return;
        };
        if let Some(until) = wait_until {
            let _ = self.said.try_set(Some(texts::WAIT));
            let _ = self.asked.try_set(Asked::Waiting(until));
        }
        if passkey && passkey::is_offered().await {
            let _ = self.passkey.try_set(true);
        }
    }

    fn try_pin(self) {
        if self.asked.get_untracked() != Asked::Ready {
            return;
        }
        let typed = self.pin.typed();
        if typed.trim().is_empty() {
            return self.mistaken(texts::EMPTY);
        }
        self.begin();
        spawn_local(async move {
            let answer = locks::unlock(self.name, &typed).await;
            self.answered(answer).await;
        });
    }

    fn try_passkey(self) {
        if self.asked.get_untracked() == Asked::Looking {
            return;
        }
        self.begin();
        spawn_local(async move {
            let answer = match passkey::ask().await {
                Ok(prf) => locks::unlock_by_passkey(self.name, &prf).await,
                Err(code) => Err(code),
            };
            self.answered(answer).await;
        });
    }

    fn begin(&self) {
        self.pin.say(None);
        self.said.set(None);
        self.asked.set(Asked::Looking);
    }

    async fn answered(self, answer: Result<Opened, String>) {
        self.pin.empty();
        // Nobody is called back who has gone on meanwhile.
        if self.asked.try_set(Asked::Ready).is_some() {
            return;
        }
        match answer {
            Ok(content) => (self.opened)(content),
            Err(code) => {
                let tell = matches!(code.as_str(), "wrong" | "pin-not-digits");
                if tell {
                    self.mistaken(why(&code));
                } else {
                    let _ = self.said.try_set(Some(why(&code)));
                }
                if let Ok(stand) = locks::stand(self.name).await {
                    self.stands(stand).await;
                }
            }
        }
    }

    fn mistaken(&self, key: Key) {
        self.pin.say(Some(t(key)));
        page::focus_on(of_id(self.name));
    }
}

/// Counts down in sight, without a word every second to those who listen: the notice above said it.
fn countdown(until: Timestamp, asked: RwSignal<Asked>, said: RwSignal<Option<Key>>) -> View {
    let rest = RwSignal::new(until.since(clock::now()));
    tick(until, rest, asked, said);
    el("p")
        .class("pin__wait")
        .attr("role", "timer")
        .child(icon("clock"))
        .child(
            el("span")
                .child(t(texts::WAIT_LEFT))
                .child(" ")
                .child(move || el("b").child(left(rest.get()))),
        )
        .show()
}

fn tick(
    until: Timestamp,
    rest: RwSignal<i64>,
    asked: RwSignal<Asked>,
    said: RwSignal<Option<Key>>,
) {
    Timeout::new(1000, move || {
        let now = until.since(clock::now());
        if now <= 0 {
            let _ = said.try_set(Some(texts::WAIT_OVER));
            let _ = asked.try_set(Asked::Ready);
        } else if rest.try_set(now).is_none() {
            tick(until, rest, asked, said);
        }
    })
    .forget();
}

/// A page of its own for a lock that stands in the way: why, the PIN, and what to do without it.
pub fn locked(name: Name, opened: impl Fn(Opened) + 'static) -> View {
    all![
        el("h1")
            .class("title")
            .child(icon("lock"))
            .child(" ")
            .child(t(of(name, texts::UNLOCK_CARD, texts::UNLOCK_REPORTS))),
        el("p").class("lead").child(t(of(
            name,
            texts::UNLOCK_CARD_NOTE,
            texts::UNLOCK_REPORTS_NOTE
        ))),
        ask_pin(name, opened),
        el("p").child(
            el("a")
                .class("link")
                .attr("href", "/settings/locks")
                .child(t(texts::FORGOT))
        )
    ]
}
