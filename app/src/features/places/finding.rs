//! Finding what is asked for among thousands of places, a little at a time: in between the browser
//! paints and hears the next key, and a newer question ends an older one.

use std::cell::RefCell;
use std::sync::Arc;

use domain::listing::{Asked, Listed, Moment, in_order};
use domain::place::Place;
use domain::search::{finds, has};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::search::{From, Search};
use super::wanted::Wanted;
use crate::platform::clock;
use crate::platform::written::folded;
use crate::state::{Places, Shown, State};

/// So long, in milliseconds, work goes on before the browser may paint.
const SLICE: i64 = 8;

/// What was found.
pub struct Found {
    /// All places, by name.
    pub places: Places,
    /// Those that fit, in their order.
    pub listed: Vec<Listed>,
    /// From where distances are told.
    pub from: From,
    /// Whether a name was asked for, and how it was found.
    pub named: Named,
    /// Somebody asked for something else than before; otherwise the list changed by itself.
    pub anew: bool,
}

/// How places were found by their name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// No name was typed, or it is that of where distances are told from.
    All,
    /// Letter for letter.
    Exactly,
    /// Perhaps with mistakes.
    Nearly,
}

/// What somebody asked for last.
pub type Question = (String, From, Asked);

/// The one who finds, and what was found last.
#[derive(Clone, Copy)]
pub struct Finder {
    /// Nothing before the places are there.
    pub found: RwSignal<Option<Arc<Found>>>,
    turns: RwSignal<usize>,
}

/// Work that lets the browser paint in between, for as long as nothing newer has begun.
pub struct Slices {
    turns: RwSignal<usize>,
    turn: usize,
    until: i64,
}

impl Slices {
    /// Begins; what was begun with the same turns before ends.
    pub fn begin(turns: RwSignal<usize>) -> Self {
        turns.update(|turn| *turn += 1);
        Self {
            turns,
            turn: turns.get_untracked(),
            until: clock::now().0 + SLICE,
        }
    }

    /// Rests before anything is done: a key that was pressed is painted first.
    fn rests_first(mut self, first: bool) -> Self {
        if first {
            self.until = 0;
        }
        self
    }

    /// Rests where it is time to; `None` where there is something newer, or the page is gone.
    pub async fn rest(&mut self) -> Option<()> {
        if clock::now().0 >= self.until {
            clock::pause().await;
            self.until = clock::now().0 + SLICE;
        }
        (self.turns.try_get_untracked()? == self.turn).then_some(())
    }
}

thread_local! {
    /// What is searched in each of the places that were searched last, as far as it was needed: making
    /// it takes longer than to search it.
    static TEXTS: RefCell<Option<(Places, Vec<String>)>> = const { RefCell::new(None) };
}

impl Finder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            found: RwSignal::new(None),
            turns: RwSignal::new(0),
        }
    }

    /// Finds what is asked for now, and again whenever that or the places change; `last` is what was
    /// asked for last.
    pub fn follow(
        self,
        state: State,
        search: Search,
        wanted: Wanted,
        last: &RefCell<Option<Question>>,
    ) {
        search.towns_came.track();
        let (typed, from) = (folded(search.typed.get().trim()), search.from.get());
        let question = (typed, from.clone(), wanted.asked(from.point()));
        let before = last.replace(Some(question.clone()));
        let anew = before.as_ref().is_some_and(|before| *before != question);
        if anew {
            search.sheets.set(1);
        }
        let moment = Moment::new(clock::now(), state.pulled.get());
        let slices = Slices::begin(self.turns).rests_first(anew);
        let places = match (state.places.get(), state.first_places.get()) {
            (Shown::Ready(places), _) => places,
            // They answer no other question than which are the first by name.
            (Shown::Loading, Shown::Ready(first))
                if !wanted.any() && question.1 == From::Nowhere && question.0.is_empty() =>
            {
                first
            }
            _ => return self.found.set(None),
        };
        let mut work = Work {
            places,
            moment,
            slices,
        };
        spawn_local(async move {
            if let Some((listed, named)) = work.find(search, &question).await {
                let found = Found {
                    places: work.places,
                    listed,
                    from,
                    named,
                    anew,
                };
                self.found.try_set(Some(Arc::new(found)));
            }
        });
    }
}

/// One going through all places.
struct Work {
    places: Places,
    moment: Moment,
    slices: Slices,
}

impl Work {
    /// `None` where something newer is asked meanwhile.
    async fn find(&mut self, search: Search, question: &Question) -> Option<(Vec<Listed>, Named)> {
        let (typed, from, asked) = question;
        if *from != From::Nowhere || typed.is_empty() {
            let (listed, _) = self.judge(asked, &|_, _| true).await?;
            return Some((listed, Named::All));
        }
        let (listed, any) = self.judge(asked, &by_name(typed, has)).await?;
        if search.take_town(&self.places, typed, any) {
            return None;
        }
        if any {
            return Some((listed, Named::Exactly));
        }
        let (listed, _) = self.judge(asked, &by_name(typed, finds)).await?;
        Some((listed, Named::Nearly))
    }

    /// Those that are called so and fit, and whether any is called so.
    async fn judge(
        &mut self,
        asked: &Asked,
        called: &dyn Fn(&Places, usize) -> bool,
    ) -> Option<(Vec<Listed>, bool)> {
        let (mut listed, mut any) = (Vec::new(), false);
        for (at, place) in self.places.iter().enumerate() {
            if at % STRETCH == 0 {
                self.slices.rest().await?;
            }
            if called(&self.places, at) {
                any = true;
                listed.extend(asked.judge(at, place, &self.moment));
            }
        }
        self.slices.rest().await?;
        in_order(&mut listed, &self.places);
        Some((listed, any))
    }
}

/// After so many places one looks at the clock.
const STRETCH: usize = 16;

/// Whether a place is called as was typed.
fn by_name<'a>(
    typed: &'a str,
    test: fn(&str, &str) -> bool,
) -> impl Fn(&Places, usize) -> bool + 'a {
    move |places, at| {
        TEXTS.with_borrow_mut(|held| {
            let fresh = held.take().filter(|(of, _)| Arc::ptr_eq(of, places));
            let (_, texts) = held.insert(fresh.unwrap_or_else(|| (places.clone(), Vec::new())));
            // They are asked for one after the other.
            while texts.len() <= at {
                texts.push(text(&places[texts.len()]));
            }
            test(&texts[at], typed)
        })
    }
}

/// A text with commas between its parts: nobody types what would run from one into the other.
fn text(place: &Place) -> String {
    let postcode = place.postcode.as_deref().unwrap_or_default();
    folded(&[&*place.name, &*place.address, postcode].join(", "))
}
