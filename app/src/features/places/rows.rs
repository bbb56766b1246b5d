//! The rows of the list: those that stay are left as they are, so that what is in sight stays where it
//! is and keeps the focus; many new ones are made a few at a time.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use domain::geo::Compass;
use domain::hours::State as Door;
use domain::id::PlaceId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::finding::{Found, Slices};
use super::hours;
use super::list::item;
use crate::dom::El;
use crate::state::State;

/// What a row shows; another row is made where any of it is otherwise.
#[derive(PartialEq)]
struct Shows {
    id: PlaceId,
    revision: u64,
    door: Door,
    way: Option<(f64, Compass)>,
}

/// The rows as they stand in the list.
#[derive(Clone)]
pub struct Rows {
    list: El,
    drawn: Rc<RefCell<Vec<(Shows, Element)>>>,
    turns: RwSignal<usize>,
}

impl Rows {
    /// None yet.
    pub fn new(list: El) -> Self {
        Self {
            list,
            drawn: Rc::default(),
            turns: RwSignal::new(0),
        }
    }

    /// Shows so many of what was found.
    pub fn draw(&self, state: State, found: Option<Arc<Found>>, most: usize) {
        let mut slices = Slices::begin(self.turns);
        let Some(found) = found else {
            self.keep_only(&[]);
            return;
        };
        let from = found.from.point();
        let shown = found.listed.iter().take(most).map(|one| {
            let place = &found.places[one.at];
            Shows {
                id: place.id.clone(),
                revision: place.revision,
                door: hours::now(state, place),
                way: (one.metres).zip(from.map(|from| from.compass_to(place.point))),
            }
        });
        let shown: Vec<_> = shown.collect();
        self.keep_only(&shown);
        let rows = self.clone();
        spawn_local(async move {
            for (at, shows) in shown.into_iter().enumerate() {
                rows.place(at, shows, |shows| {
                    let place = &found.places[found.listed[at].at];
                    item(place, shows.door, shows.way)
                });
                // Where nobody asked for something else, all of it stays on the page.
                if found.anew && slices.rest().await.is_none() {
                    return;
                }
            }
        });
    }

    /// Takes away what is shown no longer.
    fn keep_only(&self, shown: &[Shows]) {
        self.drawn.borrow_mut().retain(|(shows, row)| {
            let stays = shown.contains(shows);
            if !stays {
                row.remove();
            }
            stays
        });
    }

    /// Puts a row in its place, made anew only where there is none.
    fn place(&self, at: usize, shows: Shows, make: impl FnOnce(&Shows) -> El) {
        let mut drawn = self.drawn.borrow_mut();
        let found = drawn.iter().position(|(old, _)| *old == shows);
        if found == Some(at) {
            return;
        }
        let row = match found {
            Some(old) => drawn.remove(old),
            None => {
                let row = make(&shows).element();
                (shows, row)
            }
        };
        let before = drawn.get(at).map(|(_, row)| &**row);
        let _ = self.list.element().insert_before(&row.1, before);
        drawn.insert(at, row);
    }
}
