//! The phone in a helper's hand: one page, whatever the address says, until it is given back. Every
//! tap is kept before anything else happens; a call that ends the app leads back to the next step.

mod about;
mod asides;
mod give_back;
mod html;
mod log;
mod steps;
pub mod summary;
mod texting;

use courier::storage::Error;
use domain::card::Card;
use domain::handover::{Aside, HandOver, Tap};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::html::{Panel, Seen};
use super::{pictures, power};
use crate::dom::{Show, View, all, el};
use crate::platform::{clock, locks, page as document, settings};
use crate::state::{Shown, State};

/// Noted by the boot script in the moment when a number is tapped, before the call: which contact,
/// and when. It outlives an app that is ended at once.
const RANG: &str = "rang";

/// Gives the phone into a helper's hand.
pub async fn begin(state: State) -> Result<(), Error> {
    let ring = card(state).ring();
    locks::lock_all_at_once();
    keep(state, HandOver::begin(ring.len(), clock::now())).await?;
    document::arrive(0.0);
    Ok(())
}

/// Before anything is drawn of an app that was opened anew: goes on after the call that ended it.
pub async fn resume(state: State) {
    let Some(was) = state.handover.get_untracked() else {
        return settings::note(RANG, "");
    };
    let contacts = card(state).ring().len();
    let now = match noted_call() {
        Some((contact, at)) => was.clone().after(Tap::Rings(contact), contacts, at),
        None => was.clone(),
    };
    let now = now.resumed(contacts);
    pictures::load(state, &card(state)).await;
    if now != was && keep(state, now.clone()).await.is_err() {
        // It can't be kept, and is shown all the same.
        state.handover.set(Some(now));
    }
}

/// The page.
pub fn page(state: State) -> View {
    let panel = RwSignal::new(Panel::Steps);
    let answered = RwSignal::new(false);
    let desk = Desk {
        state,
        panel,
        answered,
    };
    let holding = give_back::Holding::new(state);
    let fragment = move || {
        if holding.asks_pin() {
            return holding.pin(&html::person(&card(state)));
        }
        let (card, at) = (card(state), state.handover.get());
        let Some(at) = at else { return ().show() };
        let places = match panel.get() {
            Panel::Text(_) => desk.places(),
            _ => Vec::new(),
        };
        let seen = Seen {
            panel: panel.get(),
            places,
            asked: log::Asked::at(&at, desk.answered.get()),
            ..Seen::new(&card, &at)
        };
        let fragment = el("div").class("fragment").on("click", move |event| {
            if let Some(tapped) = document::closest(&event, "[data-act], [data-rings]") {
                desk.tapped(&tapped);
            }
        });
        holding.listens(fragment).html(&seen.html()).show()
    };
    all![power::reading(state), fragment]
}

/// What a helper's taps do.
#[derive(Clone, Copy)]
struct Desk {
    state: State,
    panel: RwSignal<Panel>,
    /// The helper said what helped.
    answered: RwSignal<bool>,
}

impl Desk {
    fn tapped(self, tapped: &web_sys::HtmlElement) {
        let attribute = |name: &str| tapped.get_attribute(name);
        if let Some(contact) = attribute("data-rings").and_then(|at| at.parse().ok()) {
            // The number is dialled by the link itself; the boot script has noted it already.
            return self.does(Tap::Rings(contact));
        }
        let act = attribute("data-act").unwrap_or_default();
        match &*act {
            "no-answer" => self.does(Tap::NoAnswer),
            "answered" => self.does(Tap::Answered),
            "from-the-first" => self.does(Tap::FromTheFirst),
            "closing" => self.does(Tap::Opens(Aside::Closing)),
            "leaving" => self.does(Tap::Opens(Aside::Leaving)),
            "fetched" => self.does(Tap::Opens(Aside::Fetched)),
            "about" => self.shows(Panel::About),
            "note-it" => {
                let name = document::value_of(asides::FIELD);
                self.does(Tap::Notes(name.trim().to_owned()));
            }
            "send-text" => self.texts(tapped),
            "steps" => {
                self.shows(Panel::Steps);
                if self.aside() {
                    self.does(Tap::PutsAway);
                }
            }
            act => {
                if let Some(contact) = act.strip_prefix("text-").and_then(|at| at.parse().ok()) {
                    self.shows(Panel::Text(contact));
                } else if let Some(kind) = act.strip_prefix("log-") {
                    let at = self.state.handover.get_untracked();
                    let place = at.map(|at| at.place).unwrap_or_default();
                    log::help_log(self.state, kind, &place);
                    self.answered.set(true);
                    document::focus_soon(".log__title");
                }
            }
        }
    }

    fn aside(self) -> bool {
        let at = self.state.handover.get_untracked();
        at.is_some_and(|at| at.aside.is_some())
    }

    fn shows(self, panel: Panel) {
        self.panel.set(panel);
        document::focus_soon("#now");
    }

    fn does(self, tap: Tap) {
        let Some(at) = self.state.handover.get_untracked() else {
            return;
        };
        let contacts = card(self.state).ring().len();
        let stays = matches!(tap, Tap::Rings(_) | Tap::IsAt(_));
        if !stays {
            self.panel.set(Panel::Steps);
        }
        let next = at.after(tap, contacts, clock::now());
        let state = self.state;
        spawn_local(async move {
            if keep(state, next.clone()).await.is_err() {
                state.handover.set(Some(next));
            }
            if !stays {
                document::focus_soon("#now");
            }
        });
    }

    /// The link is written in the moment of the tap, with the place as it stands in the fields.
    fn texts(self, link: &web_sys::HtmlElement) {
        let typed = document::value_of(texting::TYPED);
        let place = match typed.trim() {
            "" => document::value_of(texting::CHOSEN),
            typed => typed.to_owned(),
        };
        let card = card(self.state);
        let to = link.get_attribute("data-to").unwrap_or_default();
        let body = texting::body(&html::person(&card), &place);
        let _ = link.set_attribute("href", &texting::link(&to, &body));
        self.does(Tap::IsAt(place));
    }

    fn places(self) -> Vec<String> {
        match self.state.places.get() {
            Shown::Ready(places) => places.iter().map(|place| place.name.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

/// Keeps where the helper is, and how their page is painted should the app be opened anew.
async fn keep(state: State, at: HandOver) -> Result<(), Error> {
    let card = card(state);
    pictures::load(state, &card).await;
    let anew = at.clone().resumed(card.ring().len());
    let painted = Seen::new(&card, &anew).html();
    state.keep_handover(at, painted).await?;
    settings::note(RANG, "");
    Ok(())
}

fn noted_call() -> Option<(usize, domain::time::Timestamp)> {
    let noted = settings::noted(RANG);
    let (contact, at) = noted.split_once(' ')?;
    let at = at.parse().ok().map(domain::time::Timestamp)?;
    Some((contact.parse().ok()?, at))
}

fn card(state: State) -> Card {
    match state.card.get_untracked() {
        Shown::Ready(Some(card)) => card,
        _ => Card::default(),
    }
}
