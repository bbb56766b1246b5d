//! Where the person is, as long as a page that needs it is shown: asked for only after a tap, told
//! with its age, and never a reason to stop.

use domain::time::Timestamp;
use domain::wayfinding::{About, Age, Fix};
use gloo::timers::callback::Interval;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use words::lost as texts;

use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{Show, View, all, el};
use crate::platform::clock;
use crate::platform::geolocation::{self, Trouble, Watch};
use crate::speech::t;

/// How often ages are told anew, in milliseconds.
const TICK: u32 = 10_000;

/// What is known of the position.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    NotAsked,
    Waiting,
    Known(Fix),
    None(Trouble),
}

/// A position that is followed while its page is shown.
#[derive(Clone, Copy)]
pub struct Whereabouts {
    sight: RwSignal<Sight>,
    now: RwSignal<Timestamp>,
    watch: StoredValue<Option<Watch>, LocalStorage>,
}

impl Whereabouts {
    /// Not asked for yet; but whoever has given it on an earlier page is not asked twice.
    pub fn new() -> Self {
        let now = RwSignal::new(clock::now());
        StoredValue::new_local(Interval::new(TICK, move || {
            now.try_set(clock::now());
        }));
        let last = geolocation::last();
        let whereabouts = Self {
            sight: RwSignal::new(last.map_or(Sight::NotAsked, Sight::Known)),
            now,
            watch: StoredValue::new_local(None),
        };
        if last.is_some() {
            whereabouts.watch();
        }
        whereabouts
    }

    /// The last position, however old.
    pub fn fix(self) -> Option<Fix> {
        match self.sight.get() {
            Sight::Known(fix) => Some(fix),
            _ => None,
        }
    }

    /// The time, told anew every few seconds.
    pub fn now(self) -> Timestamp {
        self.now.get()
    }

    fn look(self) {
        if self
            .sight
            .with_untracked(|sight| !matches!(sight, Sight::Known(_)))
        {
            self.sight.set(Sight::Waiting);
        }
        self.watch();
    }

    fn watch(self) {
        let failed = move |trouble| {
            // What was known stays known; its age tells the rest.
            if self
                .sight
                .try_with_untracked(|sight| matches!(sight, Sight::Known(_)))
                == Some(false)
            {
                self.sight.set(Sight::None(trouble));
            }
        };
        let found = move |fix| {
            self.now.try_set(clock::now());
            self.sight.try_set(Sight::Known(fix));
        };
        let watch = Watch::start(found, failed);
        if watch.is_none() {
            failed(Trouble::Unavailable);
        }
        self.watch.set_value(watch);
    }

    /// The button that asks for it, with the reason; then what came of it.
    pub fn view(self, reason: String) -> View {
        let label = move || {
            t(match self.sight.get() {
                Sight::Known(_) => texts::POSITION_AGAIN,
                _ => texts::POSITION_USE,
            })
        };
        let news = move || match self.sight.get() {
            Sight::NotAsked => el("p").class("note").child(reason.clone()).show(),
            Sight::Waiting => el("p").class("note").child(t(texts::POSITION_WAIT)).show(),
            Sight::Known(_) => ().show(),
            Sight::None(why) => trouble(t(said(why))),
        };
        all![
            el("div").attr("role", "status").child(news),
            el("button")
                .attr("type", "button")
                .class("button whereabouts")
                .on("click", move |_| self.look())
                .child(icon("locate"))
                .child(el("span").child(label))
        ]
    }
}

fn said(why: Trouble) -> words::Key {
    match why {
        Trouble::Denied => texts::POSITION_DENIED,
        Trouble::Unavailable => texts::POSITION_UNAVAILABLE,
        Trouble::TooSlow => texts::POSITION_SLOW,
    }
}

/// "1 minute ago"
pub fn age(fix: &Fix, now: Timestamp) -> String {
    t(match fix.age(now) {
        Age::Now => texts::AGE_NOW.into(),
        Age::Minutes(1) => texts::AGE_MINUTE.into(),
        Age::Minutes(minutes) => texts::age_minutes(minutes.to_string()),
        Age::Hours(1) => texts::AGE_HOUR.into(),
        Age::Hours(hours) => texts::age_hours(hours.to_string()),
        Age::Unknown => texts::AGE_UNKNOWN.into(),
    })
}

/// "good to 30 metres"
pub fn good_to(fix: &Fix) -> String {
    t(match fix.good_to() {
        About::Metres(metres) => texts::good_to_metres(metres.to_string()),
        About::Kilometres(km) => texts::good_to_km(km.to_string()),
        About::Unknown => texts::GOOD_TO_UNKNOWN.into(),
    })
}
