//! Usual places: made in peace by the holder or a carer, shown when the holder is lost. Every
//! keystroke is kept; nothing has to be complete.

use std::cell::Cell;
use std::rc::Rc;

use courier::storage::Error;
use domain::id::PhotoId;
use domain::usual_place::{Kind, MAX_USUAL_PLACES, UsualPlace};
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use leptos::task::spawn_local;
use words::{common, usual as texts};

use crate::components::field::{Field, kept, wrong};
use crate::components::notice::trouble;
use crate::components::photo::{Camera, picker};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::features::help::usual::{kind_name, photo_of, picture, title};
use crate::platform::{geolocation, install, page as document, random};
use crate::speech::t;
use crate::state::State;

const KINDS: [Kind; 6] = [
    Kind::Home,
    Kind::BusStop,
    Kind::DayCentre,
    Kind::Work,
    Kind::Family,
    Kind::Other,
];

/// What is being typed, and whether it is kept yet.
#[derive(Clone, Copy)]
struct Desk {
    state: State,
    places: RwSignal<Vec<UsualPlace>>,
    /// Changes when places or photos come or go; not when somebody types.
    shape: RwSignal<u32>,
    /// The place a photo is being taken for.
    posing: RwSignal<Option<usize>>,
    kept: RwSignal<Option<Result<(), Error>>>,
    busy: StoredValue<Rc<Cell<Saving>>, LocalStorage>,
}

/// One save at a time; what is typed meanwhile is saved after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saving {
    Idle,
    Running,
    RunningAndStale,
}

/// What "I am here now" led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Here {
    Not,
    Asking,
    Unsure,
    Failed,
    Kept,
}

/// The page. It begins with what is kept, however early it is opened.
pub fn page(state: State) -> View {
    let opened = RwSignal::new(None);
    spawn_local(async move {
        let kept = state.kept_usual_places().await;
        opened.try_set(Some(kept));
    });
    let inside = move || match opened.get() {
        None => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
        Some(Err(_)) => trouble(t(common::FAILED)),
        Some(Ok(places)) => form(Desk::new(state, places)),
    };
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        el("p").class("lead").child(t(texts::LEAD)),
        inside
    ];
    frame("usual", Head::Home, Bar::Help, body)
}

fn form(desk: Desk) -> View {
    let groups = move || {
        desk.shape.track();
        let count = desk.places.with_untracked(Vec::len);
        (0..count).map(|at| group(desk, at)).collect::<Vec<_>>()
    };
    let more = move || {
        desk.shape.track();
        match desk.places.with_untracked(Vec::len) {
            MAX_USUAL_PLACES.. => el("p").class("note").child(t(texts::FULL)).show(),
            _ => button("plus", t(texts::ADD), move || desk.add()),
        }
    };
    let saved = move || match desk.kept.get() {
        None => ().show(),
        Some(Ok(())) => kept(t(texts::KEPT)),
        Some(Err(_)) => trouble(t(common::NOT_KEPT)),
    };
    all![
        groups,
        el("div")
            .class("status")
            .attr("role", "status")
            .child(saved),
        more
    ]
}

fn group(desk: Desk, at: usize) -> View {
    let place = desk.place(at);
    let named = {
        let name = title(&place);
        move || t(texts::remove_for(&name))
    };
    let remove = el("button")
        .attr("type", "button")
        .class("button button--small")
        .attr("aria-label", named())
        .on("click", move |_| desk.remove(at))
        .child(icon("trash"))
        .child(el("span").child(t(texts::REMOVE)));
    let too_long = move || {
        let long = desk
            .places
            .with(|places| places.get(at).is_some_and(UsualPlace::is_too_long));
        long.then(|| wrong(format!("usual-{at}-long"), t(texts::TOO_LONG)))
    };
    el("fieldset")
        .class("group")
        .child(
            el("legend")
                .class("group__title")
                .child(t(texts::number((at + 1).to_string()))),
        )
        .child(kinds(desk, at))
        .child(fields(desk, at, &place))
        .child(too_long)
        .child(photo(desk, at, &place))
        .child(here(desk, at, &place))
        .child(el("div").class("group__actions").child(remove))
        .show()
}

fn kinds(desk: Desk, at: usize) -> View {
    let kind = move |kind: Kind| {
        let pressed = move || {
            let now = desk.places.with(|places| places.get(at).map(|p| p.kind));
            (now == Some(kind)).to_string()
        };
        el("button")
            .attr("type", "button")
            .class("button button--small")
            .attr_following("aria-pressed", pressed)
            .on("click", move |_| desk.change(at, |place| place.kind = kind))
            .child(icon(picture(kind)))
            .child(el("span").child(t(kind_name(kind))))
    };
    el("div")
        .class("group__actions")
        .attr("role", "group")
        .attr("aria-label", t(texts::KIND))
        .child(KINDS.map(kind).to_vec())
        .show()
}

fn fields(desk: Desk, at: usize, place: &UsualPlace) -> View {
    let id = |part: &str| format!("usual-{at}-{part}");
    let name = Field::text(id("name"), t(texts::NAME), place.name.clone());
    let address = Field {
        hint: t(texts::ADDRESS_HINT),
        ..Field::text(id("address"), t(texts::ADDRESS), place.address.clone())
    };
    let directions = Field {
        hint: t(texts::DIRECTIONS_HINT),
        ..Field::text(
            id("directions"),
            t(texts::DIRECTIONS),
            place.directions.clone(),
        )
    };
    all![
        name.view(move |text| desk.change(at, |place| place.name = text)),
        address.long(2, move |text| desk.change(at, |place| place.address = text)),
        directions.long(3, move |text| desk
            .change(at, |place| place.directions = text))
    ]
}

fn photo(desk: Desk, at: usize, place: &UsualPlace) -> View {
    let (id, name) = (place.photo.clone(), title(place));
    let inside = move || {
        if desk.posing.get() == Some(at) {
            return picker(Camera::Back, move |jpeg| desk.keep_photo(at, jpeg));
        }
        let pose = move || {
            desk.posing.set(Some(at));
            document::focus_soon(".photo-picker .button");
        };
        match id.clone() {
            None => button("person", t(texts::PHOTO_ADD), pose),
            Some(id) => all![
                photo_of(desk.state, id, t(texts::photo_of(&name))),
                button("person", t(texts::PHOTO_CHANGE), pose),
                button("trash", t(texts::PHOTO_REMOVE), move || desk.drop_photo(at))
            ],
        }
    };
    inside.show()
}

fn here(desk: Desk, at: usize, place: &UsualPlace) -> View {
    let news = RwSignal::new(match place.point {
        Some(_) => Here::Kept,
        None => Here::Not,
    });
    let said = move || match news.get() {
        Here::Not => note(texts::HERE_NOTE),
        Here::Asking => note(texts::HERE_WAIT),
        Here::Kept => kept(t(texts::HERE_KEPT)),
        Here::Unsure => trouble(t(texts::HERE_UNSURE)),
        Here::Failed => trouble(t(texts::HERE_FAILED)),
    };
    let label = move || {
        t(match news.get() {
            Here::Kept => texts::HERE_AGAIN,
            _ => texts::HERE,
        })
    };
    all![
        el("button")
            .attr("type", "button")
            .class("button")
            .on("click", move |_| desk.pin(at, news))
            .child(icon("locate"))
            .child(el("span").child(label)),
        el("div").attr("role", "status").child(said)
    ]
}

fn note(words: words::Key) -> View {
    el("p").class("note").child(t(words)).show()
}

fn button(picture: &'static str, words: String, act: impl Fn() + 'static) -> View {
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", move |_| act())
        .child(icon(picture))
        .child(el("span").child(own(&words)))
        .show()
}

impl Desk {
    fn new(state: State, mut places: Vec<UsualPlace>) -> Self {
        if places.is_empty() {
            places.push(UsualPlace::default());
        }
        Self {
            state,
            places: RwSignal::new(places),
            shape: RwSignal::new(0),
            posing: RwSignal::new(None),
            kept: RwSignal::new(None),
            busy: StoredValue::new_local(Rc::new(Cell::new(Saving::Idle))),
        }
    }

    fn place(self, at: usize) -> UsualPlace {
        let place = self.places.with_untracked(|places| places.get(at).cloned());
        place.unwrap_or_default()
    }

    fn change(self, at: usize, change: impl FnOnce(&mut UsualPlace)) {
        self.places.update(|places| {
            if let Some(place) = places.get_mut(at) {
                change(place);
            }
        });
        self.save();
    }

    fn add(self) {
        self.places
            .update(|places| places.push(UsualPlace::default()));
        self.reshape();
        document::focus_soon(".group:last-of-type .field__input");
    }

    fn remove(self, at: usize) {
        self.places.update(|places| drop(places.remove(at)));
        self.reshape();
        self.save();
        document::focus_soon("main h1");
    }

    fn drop_photo(self, at: usize) {
        self.change(at, |place| place.photo = None);
        self.reshape();
        document::focus_soon("main h1");
    }

    fn reshape(self) {
        self.posing.set(None);
        self.shape.update(|shape| *shape += 1);
    }

    /// First the bytes, then what names them: a place never names a photo that is not there.
    fn keep_photo(self, at: usize, jpeg: Vec<u8>) {
        spawn_local(async move {
            let Some(id) = random::bits().map(PhotoId::from_random) else {
                return;
            };
            match self.state.keep_photo(&id, &jpeg).await {
                Ok(()) => {
                    self.change(at, |place| place.photo = Some(id));
                    self.reshape();
                }
                Err(error) => self.kept.set(Some(Err(error))),
            }
        });
    }

    fn pin(self, at: usize, news: RwSignal<Here>) {
        news.set(Here::Asking);
        spawn_local(async move {
            let next = match geolocation::fix_now().await {
                Some(fix) if fix.pins_a_place() => {
                    self.change(at, |place| place.point = Some(fix.point));
                    Here::Kept
                }
                Some(_) => Here::Unsure,
                None => Here::Failed,
            };
            news.try_set(next);
        });
    }

    fn save(self) {
        let busy = self.busy.get_value();
        if busy.get() != Saving::Idle {
            return busy.set(Saving::RunningAndStale);
        }
        busy.set(Saving::Running);
        spawn_local(async move {
            loop {
                busy.set(Saving::Running);
                let places = self.places.get_untracked();
                let useful = places.into_iter().filter(UsualPlace::has_something);
                let result = self.state.keep_usual_places(useful.collect()).await;
                self.kept.set(Some(result));
                if busy.get() == Saving::Running {
                    break;
                }
            }
            busy.set(Saving::Idle);
            // What no place names any longer goes; that it stays until the next time harms nobody.
            let _ = self.state.sweep_photos().await;
            install::keep().await;
        });
    }
}
