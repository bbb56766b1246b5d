//! Giving the phone back: by holding for three seconds, by finger, key or switch; by two slow taps
//! for hands that can't hold; or by the card's PIN, where one is set.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::handover::{GiveBackTap, HOLD};
use domain::lock::{Lock, Name};
use domain::time::Timestamp;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use words::handover as texts;

use crate::components::dialog::Confirm;
use crate::components::icon::icon_flip;
use crate::dom::{El, Show, View, all, el};
use crate::features::locks::{ask_pin, gate, settings};
use crate::platform::{clock, locks, page};
use crate::speech::t;
use crate::state::State;

const BUTTON: &str = "[data-act=give-back]";
const HOW: &str = ".give-back__how";

/// What it takes to give the phone back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveBack {
    /// Three seconds, or two slow taps.
    Hold,
    /// The card's PIN.
    Pin,
}

/// What it takes on this phone.
pub fn way() -> GiveBack {
    match gate::has_pin(Name::Card) {
        true => GiveBack::Pin,
        false => GiveBack::Hold,
    }
}

/// What holds the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Finger,
    Key,
}

/// A finger or a key on the button.
#[derive(Clone)]
pub struct Holding {
    state: State,
    timer: Rc<RefCell<Option<(By, Timeout)>>>,
    tapped: Rc<Cell<Option<Timestamp>>>,
    given: Rc<Cell<bool>>,
    asks: RwSignal<bool>,
}

impl Holding {
    /// Nobody holds it yet.
    pub fn new(state: State) -> Self {
        Self {
            state,
            asks: RwSignal::new(false),
            timer: Rc::default(),
            tapped: Rc::default(),
            given: Rc::default(),
        }
    }

    /// Listens on the page for the button.
    pub fn listens(&self, page: El) -> El {
        let on = |event: &'static str, act: fn(&Self, &Event)| {
            let holding = self.clone();
            move |page: El| {
                page.on(event, move |heard| {
                    if page::closest(&heard, BUTTON).is_some() {
                        act(&holding, &heard);
                    }
                })
            }
        };
        let page = on("pointerdown", |holding, _| holding.starts(By::Finger))(page);
        let page = on("pointerup", |holding, _| holding.lifts())(page);
        let page = on("pointercancel", |holding, _| holding.lifts())(page);
        let page = on("pointerout", |holding, _| holding.lifts())(page);
        let page = on("contextmenu", |_, event| event.prevent_default())(page);
        let page = on("click", |holding, _| holding.tap())(page);
        let page = on("keydown", Self::key_down)(page);
        on("keyup", Self::key_up)(page)
    }

    fn key_down(&self, event: &Event) {
        if let Some(key) = held(event) {
            // The browser would make taps of it, one after the other.
            event.prevent_default();
            if !key.repeat() {
                self.starts(By::Key);
            }
        }
    }

    fn key_up(&self, event: &Event) {
        if held(event).is_some() {
            event.prevent_default();
            if self.stops(By::Key) {
                self.tap();
            }
        }
    }

    fn starts(&self, by: By) {
        if way() == GiveBack::Pin {
            return;
        }
        let holding = self.clone();
        page::set_attribute(BUTTON, "data-held", "true");
        page::set_words(HOW, &t(texts::GIVE_BACK_HOLDING));
        let timer = Timeout::new(HOLD, move || holding.gives());
        self.timer.replace(Some((by, timer)));
    }

    fn lifts(&self) {
        self.stops(By::Finger);
    }

    /// Whether it was held so, and not long enough. A mouse that the page slips away under does not
    /// take it from a key.
    fn stops(&self, by: By) -> bool {
        let held = self.timer.borrow_mut().take_if(|(holds, _)| *holds == by);
        let held = held.is_some();
        if held {
            page::set_attribute(BUTTON, "data-held", "false");
            page::set_words(HOW, &t(texts::GIVE_BACK_HOLD));
        }
        held
    }

    /// Whether the PIN is asked for, instead of the steps.
    pub fn asks_pin(&self) -> bool {
        self.asks.get()
    }

    fn tap(&self) {
        if way() == GiveBack::Pin {
            return self.asks(true);
        }
        let now = clock::now();
        let meant = GiveBackTap::after(self.tapped.replace(Some(now)), now);
        match meant {
            GiveBackTap::First => page::set_words(HOW, &t(texts::GIVE_BACK_AGAIN)),
            GiveBackTap::TooSoon => page::set_words(HOW, &t(texts::GIVE_BACK_TOO_SOON)),
            GiveBackTap::GivesBack => self.gives(),
        }
    }

    fn gives(&self) {
        self.timer.take();
        if self.given.replace(true) {
            return;
        }
        let holding = self.clone();
        spawn_local(async move {
            // The mark may have been cleared without the lock it stands for.
            if matches!(locks::stand(Name::Card).await, Ok(Lock::Locked { .. })) {
                gate::remember(Name::Card, true);
                holding.given.set(false);
                return holding.asks(true);
            }
            holding.ends().await;
        });
    }

    async fn ends(&self) {
        // Should the phone not let go of what it keeps, another try is possible.
        let ended = self.state.end_handover().await;
        self.given.set(ended.is_ok());
        page::arrive(0.0);
    }

    fn asks(&self, asks: bool) {
        self.asks.set(asks);
        page::arrive(0.0);
    }

    /// Asks the holder for the card's PIN. Whoever has forgotten it gives up what is behind it: what
    /// the PIN protects stays protected, and the phone comes back.
    pub fn pin(&self, person: &str) -> View {
        let (right, back, forgotten) = (self.clone(), self.clone(), self.clone());
        let confirm = Confirm::new();
        let opened = move |_| {
            locks::lock(Name::Card);
            right.clone().given_back();
        };
        let start_again = move || {
            let holding = forgotten.clone();
            spawn_local(async move {
                if locks::start_again(Name::Card).await.is_ok() {
                    gate::remember(Name::Card, false);
                    holding.ends().await;
                }
            });
        };
        el("main")
            .class("page stack")
            .attr("id", "main")
            .child(all![
                el("h1").class("title").child(t(texts::give_back(person))),
                el("p").class("lead").child(t(texts::give_back_pin(person))),
                ask_pin::ask_pin(Name::Card, opened),
                el("button")
                    .attr("type", "button")
                    .class("button")
                    .on("click", move |_| back.asks(false))
                    .child(icon_flip("chevron-start"))
                    .child(el("span").child(t(texts::BACK))),
                el("button")
                    .attr("type", "button")
                    .class("link")
                    .on("click", move |_| confirm.open())
                    .child(t(words::locks::FORGOT)),
                confirm.view(settings::forgotten(Name::Card), start_again)
            ])
            .show()
    }

    fn given_back(self) {
        spawn_local(async move { self.ends().await });
    }
}

fn held(event: &Event) -> Option<&KeyboardEvent> {
    let key: &KeyboardEvent = event.dyn_ref()?;
    matches!(&*key.key(), "Enter" | " ").then_some(key)
}
