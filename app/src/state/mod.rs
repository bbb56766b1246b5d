//! Signals kept equal to what is kept on the phone: the only bridge from stored to shown.

pub mod files;
mod folder;
pub mod mailbox;

use std::rc::Rc;
use std::sync::Arc;

use courier::storage::{Error, Kept, PaintedFront, Storage};
use domain::card::Card;
use domain::handover::HandOver;
use domain::id::{NoteId, PhotoId, PlaceId, ReportId};
use domain::note::{Kind, Note, Waiting};
use domain::place::Place;
use domain::report::{Draft, Folder, Phone};
use domain::time::Timestamp;
use domain::usual_place::UsualPlace;
use domain::wire::Scheme;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use wasm_bindgen::JsValue;
use words::{FormWords, Words};

use crate::platform::settings::{self, Mark, Setting};
use crate::platform::tabs::{self, Keys, News};
use crate::platform::{self, clock, page, random};
use crate::speech;

#[cfg(target_family = "wasm")]
type Shelf = courier::indexed_db::IndexedDb;
#[cfg(not(target_family = "wasm"))]
type Shelf = courier::memory::Memory;

/// Left in `localStorage` while a card is kept, so that its loss can be noticed.
const CARD_MARK: &str = "card-kept";

/// Left in `localStorage` while a report of a phone that nobody else looks at waits to be sent, so that its
/// loss can be noticed.
const REPORT_MARK: &str = "report-waits";

/// Left in `localStorage` while a helper has the phone, so that the boot script hides every page at once.
const HANDED_OVER: &str = "handed-over";

/// Left while the holder wants to save the battery.
const SAVE_BATTERY: &str = "save-battery";

/// Noted with the card: the language its own words are in.
const CARD_LANGUAGE: &str = "card-language";

/// What is shown of something that is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown<T> {
    /// Not read yet.
    Loading,
    /// As it is kept.
    Ready(T),
    /// It could not be read.
    Failed(Error),
}

/// Places that several parts of a page look at.
pub type Places = Arc<Vec<Place>>;

/// Whether the last round reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Nothing has been tried yet.
    Untried,
    /// It did.
    Reached,
    /// It did not.
    Offline,
}

/// Everything screens read, and the ways to change it.
#[derive(Clone, Copy)]
pub struct State {
    /// The card.
    pub card: RwSignal<Shown<Option<Card>>>,
    /// The browser cleared a card that was here.
    pub cleared: RwSignal<bool>,
    /// A hand-over that is under way: while there is one, no tab shows anything else.
    pub handover: RwSignal<Option<HandOver>>,
    /// A hand-over that ended in this tab just now, for its holder to read about.
    pub given_back: RwSignal<Option<HandOver>>,
    /// The battery is nearly empty and not being charged.
    pub battery_low: RwSignal<bool>,
    /// The holder wants to save the battery.
    pub saving: RwSignal<bool>,
    /// Where the holder often goes back to.
    pub usual_places: RwSignal<Vec<UsualPlace>>,
    /// The lock that closed last; set anew each time one does. Who shows what it opened drops it then.
    pub locked: RwSignal<Option<domain::lock::Name>>,
    /// Reports this phone answers for.
    pub outbox: RwSignal<Shown<Vec<Kept>>>,
    /// Those that somebody deleted, in any tab, before they had gone.
    removed: RwSignal<Vec<ReportId>>,
    /// The browser cleared a report that waited here.
    pub lost: RwSignal<bool>,
    /// Places, by name.
    pub places: RwSignal<Shown<Places>>,
    /// The first of them, while all are being read: for a list, and for nothing that is to be the nearest.
    pub first_places: RwSignal<Shown<Places>>,
    /// When the server last said that the places are so.
    pub pulled: RwSignal<Option<Timestamp>>,
    /// The scheme; absent before the first connection.
    pub scheme: RwSignal<Option<Scheme>>,
    /// The report being written: of the folder, or only in this tab.
    pub draft: RwSignal<Option<Draft>>,
    /// How many times files are being added to it now.
    enclosing: StoredValue<usize>,
    /// Drafts and receipts, while the reports lock is open.
    pub folder: RwSignal<Shown<Folder>>,
    /// Reports somebody at the centre has answered, and the answer was not seen here.
    pub answered: RwSignal<Vec<ReportId>>,
    /// Answers were asked for since the app was opened.
    asked: StoredValue<bool>,
    /// The receipt whose mailbox is to be opened next.
    pub looking: RwSignal<Option<String>>,
    /// The report that the next one is to add to.
    pub follows: RwSignal<Option<mailbox::Adding>>,
    /// Whether the server could be reached.
    pub connection: RwSignal<Connection>,
    /// What became of the scheme's keys since the app was opened.
    pub keys: RwSignal<Option<Keys>>,
    /// A newer version waits.
    pub update: RwSignal<bool>,
    /// The browser offers to install.
    pub installable: RwSignal<bool>,
    /// The language in use; a change draws everything anew.
    pub language: RwSignal<String>,
    shelf: StoredValue<Rc<Shelf>, LocalStorage>,
    unkept: StoredValue<Rc<folder::Unkept>, LocalStorage>,
}

impl State {
    /// Speaks the chosen language and opens what is kept. `None` where not even words can be had.
    pub async fn open() -> Option<Self> {
        let language = page::language();
        speech::speak(fetch_words(&language).await?);
        let state = Self {
            card: RwSignal::new(Shown::Loading),
            cleared: RwSignal::new(false),
            handover: RwSignal::new(None),
            given_back: RwSignal::new(None),
            battery_low: RwSignal::new(false),
            saving: RwSignal::new(settings::is_marked(SAVE_BATTERY)),
            usual_places: RwSignal::new(Vec::new()),
            locked: RwSignal::new(None),
            outbox: RwSignal::new(Shown::Loading),
            removed: RwSignal::new(Vec::new()),
            lost: RwSignal::new(false),
            places: RwSignal::new(Shown::Loading),
            first_places: RwSignal::new(Shown::Loading),
            pulled: RwSignal::new(None),
            scheme: RwSignal::new(None),
            draft: RwSignal::new(None),
            enclosing: StoredValue::new(0),
            folder: RwSignal::new(Shown::Loading),
            answered: RwSignal::new(Vec::new()),
            asked: StoredValue::new(false),
            looking: RwSignal::new(None),
            follows: RwSignal::new(None),
            connection: RwSignal::new(Connection::Untried),
            keys: RwSignal::new(None),
            update: RwSignal::new(false),
            installable: RwSignal::new(false),
            language: RwSignal::new(language),
            shelf: StoredValue::new_local(Rc::new(Shelf::default())),
            unkept: StoredValue::new_local(Rc::default()),
        };
        state.read_handover().await;
        state.read_card().await;
        Some(state)
    }

    /// Reads everything else, and again whenever the courier or another tab says so.
    pub async fn follow(self) {
        tabs::listen(move |news| match news {
            News::Outbox => leptos::task::spawn_local(self.read_outbox()),
            News::Places => leptos::task::spawn_local(self.read_places()),
            News::Scheme => leptos::task::spawn_local(self.read_scheme()),
            News::Card => leptos::task::spawn_local(self.read_card()),
            News::HandOver => leptos::task::spawn_local(self.read_handover()),
            News::UsualPlaces => leptos::task::spawn_local(self.read_usual_places()),
            News::Connection { reached } => self.connection.set(if reached {
                Connection::Reached
            } else {
                Connection::Offline
            }),
            News::Keys(keys) => self.keys.set(Some(keys)),
            News::Removed(id) => {
                self.removed.update(|all| all.push(id));
                leptos::task::spawn_local(self.read_outbox());
            }
            News::Exit => platform::exit::leave_this_tab(),
        });
        leptos::task::spawn_local(platform::battery::follow(move |low| {
            if self.battery_low.get_untracked() != low {
                self.battery_low.set(low);
            }
        }));
        self.read_scheme().await;
        self.read_places().await;
        self.read_usual_places().await;
        self.read_outbox().await;
    }

    fn shelf(self) -> Rc<Shelf> {
        self.shelf.get_value()
    }

    async fn read_card(self) {
        let read = self.shelf().card().await;
        if let Ok(card) = &read {
            self.cleared
                .set(card.is_none() && settings::is_marked(CARD_MARK));
        }
        self.card.set(shown(read));
    }

    async fn read_handover(self) {
        let Ok(handover) = self.shelf().handover().await else {
            return;
        };
        // What is kept is right, should the mark have been lost or left behind.
        let there = match &handover {
            Some(_) => Mark::Left,
            None => Mark::Removed,
        };
        settings::mark(HANDED_OVER, there);
        // A tab hears its own news, too: nothing is drawn anew for it.
        if self.handover.with_untracked(|now| *now != handover) {
            self.handover.set(handover);
        }
    }

    async fn read_usual_places(self) {
        if let Ok(places) = self.shelf().usual_places().await {
            self.usual_places.set(places);
        }
    }

    async fn read_outbox(self) {
        let read = self.shelf().outbox().await;
        if let Ok(outbox) = &read {
            // A watched phone has no mark that could outlive its report.
            let waits = |kept: &Kept| kept.entry.phone == Phone::Mine && kept.entry.is_removable();
            match outbox.is_empty() {
                true => self.lost.set(settings::is_marked(REPORT_MARK)),
                false => settings::mark(REPORT_MARK, left_if(outbox.iter().any(waits))),
            }
        }
        self.outbox.set(shown(read));
    }

    async fn read_places(self) {
        let by_name = |mut places: Vec<Place>| {
            places.sort_by(|a, b| a.name.cmp(&b.name));
            Arc::new(places)
        };
        self.pulled.set(courier::sync::pulled(&*self.shelf()).await);
        if self.places.with_untracked(|all| *all == Shown::Loading) {
            let first = self.shelf().first_places().await;
            self.first_places.set(shown(first.map(by_name)));
        }
        let read = self.shelf().places().await;
        let all = |held: domain::delta::Held| by_name(held.places.into_values().collect());
        self.places.set(shown(read.map(all)));
    }

    async fn read_scheme(self) {
        if let Some(scheme) = self.kept_scheme().await {
            self.scheme.set(Some(scheme));
        }
    }

    /// The scheme as it is kept, for whoever cannot wait until screens have it.
    pub async fn kept_scheme(self) -> Option<Scheme> {
        let kept = self.shelf().scheme().await.ok()??;
        Some(kept.0)
    }

    /// Keeps the card as typed, with its front as painted.
    pub async fn keep_card(self, card: Card, front: Option<String>) -> Result<(), Error> {
        let front = front.map(painted);
        self.shelf().keep_card(&card, front.as_ref()).await?;
        settings::mark(CARD_MARK, Mark::Left);
        settings::note(CARD_LANGUAGE, &page::language());
        self.cleared.set(false);
        self.card.set(Shown::Ready(Some(card)));
        tabs::tell("card");
        Ok(())
    }

    /// Keeps the front anew, as this release or language paints it; the card stays as it is.
    pub async fn repaint(self, card: &Card, front: String) {
        // Should it fail, the app shows the card all the same.
        let _ = self.shelf().keep_card(card, Some(&painted(front))).await;
    }

    /// The language of the card's own words.
    pub fn card_language(self) -> String {
        match settings::noted(CARD_LANGUAGE) {
            unknown if unknown.is_empty() => page::language(),
            known => known,
        }
    }

    /// Whether a helper holds the phone.
    pub fn is_handed_over(self) -> bool {
        self.handover.with_untracked(Option::is_some)
    }

    /// Whether every bit of power counts.
    pub fn is_low(self) -> bool {
        self.saving.get() || self.battery_low.get()
    }

    /// Saves the battery from now on, or no longer.
    pub fn save_battery(self, wanted: bool) {
        settings::mark(SAVE_BATTERY, left_if(wanted));
        self.saving.set(wanted);
    }

    /// Deletes the card and everything painted from it.
    pub async fn delete_card(self) -> Result<(), Error> {
        self.shelf().delete_card().await?;
        settings::mark(CARD_MARK, Mark::Removed);
        self.card.set(Shown::Ready(None));
        tabs::tell("card");
        Ok(())
    }

    /// Keeps where a helper is and shows it in every tab, with their page as painted.
    pub async fn keep_handover(self, handover: HandOver, page: String) -> Result<(), Error> {
        self.shelf()
            .keep_handover(&handover, &painted(page))
            .await?;
        settings::mark(HANDED_OVER, Mark::Left);
        self.handover.set(Some(handover));
        tabs::tell("handover");
        Ok(())
    }

    /// The phone is back in its holder's hand, in every tab.
    pub async fn end_handover(self) -> Result<(), Error> {
        self.shelf().end_handover().await?;
        settings::mark(HANDED_OVER, Mark::Removed);
        self.given_back.set(self.handover.get_untracked());
        self.handover.set(None);
        tabs::tell("handover");
        Ok(())
    }

    /// A photo's bytes: a JPEG file.
    pub async fn photo(self, id: &PhotoId) -> Option<Vec<u8>> {
        self.shelf().photo(id).await.ok().flatten()
    }

    /// Keeps a photo; what names it is kept afterwards.
    pub async fn keep_photo(self, id: &PhotoId, jpeg: &[u8]) -> Result<(), Error> {
        self.shelf().keep_photo(id, jpeg).await
    }

    /// Lets go of photos that neither the card nor a usual place names any longer.
    pub async fn sweep_photos(self) -> Result<(), Error> {
        let shelf = self.shelf();
        let card = shelf.card().await?.and_then(|card| card.photo);
        let places = shelf.usual_places().await?;
        let named: Vec<_> = (places.into_iter().filter_map(|place| place.photo))
            .chain(card)
            .collect();
        shelf.sweep_photos(&named).await
    }

    /// Usual places as they are kept now: whoever changes them must not begin with less.
    pub async fn kept_usual_places(self) -> Result<Vec<UsualPlace>, Error> {
        let kept = self.shelf().usual_places().await?;
        self.usual_places.set(kept.clone());
        Ok(kept)
    }

    /// Keeps all usual places as typed.
    pub async fn keep_usual_places(self, places: Vec<UsualPlace>) -> Result<(), Error> {
        self.shelf().keep_usual_places(&places).await?;
        self.usual_places.set(places);
        tabs::tell("usual-places");
        Ok(())
    }

    /// The browser's clearing has been read about.
    pub fn forget_cleared(self) {
        settings::mark(CARD_MARK, Mark::Removed);
        self.cleared.set(false);
    }

    /// Notes what happened, for the scheme: nobody's name, and no card. It leaves the phone at a random
    /// later moment.
    pub async fn note(self, kind: Kind, place: Option<PlaceId>) -> Result<(), Error> {
        let (Some(id), Some([a, b, c, d, ..])) = (random::bits(), random::bits()) else {
            return Err(Error::Gone);
        };
        let now = clock::now();
        let note = Note {
            kind,
            place,
            day: now.day(),
        };
        if note.repeats(&self.shelf().notes().await?) {
            return Ok(());
        }
        let chance = u32::from_le_bytes([a, b, c, d]);
        let waiting = Waiting::new(NoteId::from_random(id), note, chance, now);
        self.shelf().keep_note(&waiting).await?;
        // The courier learns when to wake; the note itself stays for now.
        leptos::task::spawn_local(self.carry());
        Ok(())
    }

    /// Sends and pulls what is due, as far as the connection allows.
    pub async fn carry(self) {
        self.ask_to_carry(&[]).await;
    }

    /// The same where a person asks for it: also what would have to wait.
    pub async fn try_now(self) {
        self.ask_to_carry(&[("insists", true.into())]).await;
    }

    async fn ask_to_carry(self, how: &[(&str, JsValue)]) {
        // Where the phone keeps nothing, that is not the network's fault.
        if let Err(code) = platform::courier::ask("sync", how).await
            && Error::from_code(&code).is_none()
        {
            self.connection.set(Connection::Offline);
        }
    }

    /// Removes a report that has not been sent.
    pub async fn remove(self, id: &ReportId) -> Result<(), Error> {
        self.shelf().remove(id).await?;
        self.forget_lost();
        self.removed.update(|all| all.push(id.clone()));
        self.read_outbox().await;
        tabs::tell_removed(id);
        Ok(())
    }

    /// That a report was cleared has been read about. Another may wait by now.
    pub async fn has_read_of_lost(self) {
        self.forget_lost();
        self.read_outbox().await;
    }

    /// What waited was deleted by somebody, not by the browser.
    fn forget_lost(self) {
        settings::mark(REPORT_MARK, Mark::Removed);
        self.lost.set(false);
    }

    /// Whether somebody deleted a report before it had gone, since the app was opened.
    pub fn is_removed(self, id: &ReportId) -> bool {
        self.removed.with(|all| all.contains(id))
    }

    /// Speaks another language; what was painted of the card is painted anew.
    pub async fn speak(self, tag: String) {
        let Some(language) = words::language(&tag) else {
            return;
        };
        let Some(words) = fetch_words(&tag).await else {
            return;
        };
        speech::speak(words);
        settings::choose(Setting::Language, &tag);
        page::set_mode("dir", language.dir);
        self.language.set(tag);
    }
}

fn left_if(wanted: bool) -> Mark {
    if wanted { Mark::Left } else { Mark::Removed }
}

fn painted(html: String) -> PaintedFront {
    PaintedFront {
        html,
        language: page::language(),
        version: page::meta("version"),
    }
}

fn shown<T>(read: Result<T, Error>) -> Shown<T> {
    read.map_or_else(Shown::Failed, Shown::Ready)
}

async fn fetch_words(tag: &str) -> Option<Words> {
    Words::parse(&file_in(tag, "words").await?)
}

/// What the standard questions of a report say. `None` where it cannot be had.
pub async fn form_words(tag: &str) -> Option<FormWords> {
    Some(FormWords::parse(&file_in(tag, "form").await?))
}

/// The file of a language in this list of the page's; English where there is none.
async fn file_in(tag: &str, list: &str) -> Option<String> {
    let list = page::meta(list);
    let url = |tag: &str| {
        list.split(' ')
            .filter_map(|entry| entry.split_once('='))
            .find(|(known, _)| *known == tag)
            .map(|(_, url)| url.to_owned())
    };
    let file = match url(tag) {
        Some(url) => courier::sync::file(&url).await,
        None => None,
    };
    match file {
        Some(file) => Some(file),
        None => courier::sync::file(&url("en")?).await,
    }
}
