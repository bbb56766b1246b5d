//! A picture for the lock screen, drawn on the phone at the size of its screen.

use std::rc::Rc;

use domain::card::{Card, Front};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::keep as texts;

use super::draw::{self, Drawn, Piece};
use super::{steps, ticks};
use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{Show, View, all, el};
use crate::platform::device::{self, Device};
use crate::platform::file::{self, Address};
use crate::speech::t;
use crate::state::State;

const FILE: &str = "safe-place-card.png";

/// How far the picture is.
#[derive(Clone)]
enum Making {
    Nothing,
    Now,
    There(Rc<(Drawn, Address)>),
    Unable,
}

/// The page.
pub fn page(state: State) -> View {
    let ticked: RwSignal<Vec<Piece>> = RwSignal::new(Vec::new());
    super::about(state, "picture", texts::PICTURE, move |card| {
        made(&card, ticked)
    })
}

fn made(card: &Card, ticked: RwSignal<Vec<Piece>>) -> View {
    let Some(front) = card.front() else {
        return View::Nothing;
    };
    let offered: Vec<_> = (draw::pieces(&front).into_iter())
        .map(|piece| (piece, draw::name(piece)))
        .collect();
    let making: RwSignal<Making, LocalStorage> = RwSignal::new_local(Making::Nothing);
    // Made anew whenever a box is ticked.
    let follow = move || {
        make(&front, ticked.get(), making);
    };
    all![
        el("p").class("lead").child(t(texts::PICTURE_LEAD)),
        ticks::ticks(
            t(texts::PICTURE_CHOOSE),
            Some(t(texts::PICTURE_CHOOSE_HINT)),
            offered,
            ticked
        ),
        follow,
        el("div")
            .attr("role", "status")
            .child(move || how_far(&making.get())),
        move || match making.get() {
            Making::There(made) => picture(made),
            _ => View::Nothing,
        },
        all_steps()
    ]
}

/// Starts drawing; a picture of boxes that have changed since is thrown away.
fn make(front: &Front, ticked: Vec<Piece>, making: RwSignal<Making, LocalStorage>) {
    if ticked.is_empty() {
        making.set(Making::Nothing);
        return;
    }
    making.set(Making::Now);
    let front = front.clone();
    spawn_local(async move {
        let drawn = draw::draw(&front, &ticked, device::screen()).await;
        let there = drawn.and_then(|drawn| {
            let address = Address::of(&drawn.file)?;
            Some(Making::There(Rc::new((drawn, address))))
        });
        let _ = making.try_set(there.unwrap_or(Making::Unable));
    });
}

fn how_far(making: &Making) -> View {
    let note = |words| el("p").class("note").child(t(words)).show();
    match making {
        Making::Nothing => note(texts::PICTURE_NOTHING),
        Making::Now => note(texts::PICTURE_MAKING),
        Making::Unable => trouble(t(texts::PICTURE_UNABLE)),
        Making::There(_) => View::Nothing,
    }
}

fn picture(made: Rc<(Drawn, Address)>) -> View {
    let (drawn, address) = &*made;
    let share = file::can_share(FILE, &drawn.file).then(|| {
        let made = Rc::clone(&made);
        let act = move |_| {
            let made = Rc::clone(&made);
            spawn_local(async move { file::share(FILE, &made.0.file).await });
        };
        button("send", t(texts::PICTURE_SHARE), act)
    });
    let image = el("img")
        .class("lock-picture")
        .attr("src", address.as_str())
        .attr("alt", drawn.words.as_str());
    let cut = (!drawn.whole).then(|| trouble(t(texts::NOT_ALL_FITS)));
    let saved = Rc::clone(&made);
    let save = button("download", t(texts::PICTURE_SAVE), move |_| {
        file::save(FILE, &saved.0.file);
    });
    all![cut, image, save, share]
}

fn button(picture: &'static str, label: String, act: impl FnMut(web_sys::Event) + 'static) -> View {
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", act)
        .child(icon(picture))
        .child(el("span").child(label))
        .show()
}

/// How it becomes the lock screen; this phone's way first, as far as it can be told.
fn all_steps() -> View {
    let ios = all![
        el("h2").class("heading").child(t(texts::PHONE_IOS)),
        steps(&[
            ("lock-choose", texts::PICTURE_IOS_1),
            ("lock-set", texts::PICTURE_IOS_2),
            ("lock-done", texts::PICTURE_IOS_3),
        ])
    ];
    let android = all![
        el("h2").class("heading").child(t(texts::PHONE_ANDROID)),
        steps(&[
            ("lock-choose", texts::PICTURE_ANDROID_1),
            ("lock-set", texts::PICTURE_ANDROID_2),
            ("lock-done", texts::PICTURE_ANDROID_3),
        ])
    ];
    match device::guess() {
        Device::Ios => all![ios, android],
        Device::Android => all![android, ios],
    }
}
