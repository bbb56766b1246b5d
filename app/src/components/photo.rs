//! A photo: taken or chosen, its square set by finger or sliders, and handed on as a small JPEG.

use std::cell::Cell;
use std::rc::Rc;

use domain::photo::{Crop, MAX_ZOOM, Refusal, STEPS};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, PointerEvent};
use words::{Key, common, photo as texts};

use super::icon::icon;
use super::notice::trouble;
use crate::dom::{El, Show, View, all, el};
use crate::platform::photo::{self, Address, Picture};
use crate::platform::{locks, page};
use crate::speech::t;

/// Whom the phone's camera looks at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Camera {
    /// The person who holds the phone.
    Front,
    /// What is before them.
    Back,
}

/// How far the person is.
#[derive(Clone)]
enum Step {
    Choosing,
    Reading,
    Cropping(Rc<Picture>),
    Refused(Key),
}

/// Buttons to take or choose a photo, then the cropper; `done` is given a JPEG of
/// [`domain::photo::SIDE`] pixels a side, at most [`domain::photo::MAX_BYTES`], without anything the
/// camera wrote into it.
pub fn picker(camera: Camera, done: impl Fn(Vec<u8>) + 'static) -> View {
    let step = RwSignal::new_local(Step::Choosing);
    let done = Rc::new(done);
    let inside = move || match step.get() {
        Step::Choosing => choosing(camera, step),
        Step::Reading => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(texts::READING))
            .show(),
        Step::Cropping(picture) => cropper(picture, step, done.clone()),
        Step::Refused(why) => all![trouble(t(why)), choosing(camera, step)],
    };
    el("div").class("photo-picker").child(inside).show()
}

/// A kept photo, with words for who can't see it.
pub fn photo(jpeg: &[u8], alt: String) -> View {
    let Some(address) = Address::of(jpeg) else {
        return ().show();
    };
    let image = el("img")
        .class("photo")
        .attr("src", address.text())
        .attr("alt", alt);
    // The address lives as long as the part of the page it stands in.
    StoredValue::new_local(address);
    image.show()
}

type Steps = RwSignal<Step, LocalStorage>;

fn choosing(camera: Camera, step: Steps) -> View {
    let facing = match camera {
        Camera::Front => "user",
        Camera::Back => "environment",
    };
    let take = input("photo-take", step).attr("capture", facing);
    let choose = input("photo-choose", step);
    el("div")
        .class("pair")
        .child(opener(&take, "person", texts::TAKE))
        .child(opener(&choose, "download", texts::CHOOSE))
        .child(take)
        .child(choose)
        .show()
}

fn input(id: &'static str, step: Steps) -> El {
    el("input")
        .attr("type", "file")
        .attr("id", id)
        .attr("accept", "image/*")
        .attr("hidden", true)
        .on("change", move |event| read(&event, step))
}

/// A button like any other: file inputs look and speak differently in every browser. What is unlocked
/// stays so while a file is chosen.
pub fn opener(input: &El, picture: &'static str, label: Key) -> View {
    let input = input.element();
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", move |_| {
            locks::errand();
            if let Some(input) = input.dyn_ref::<HtmlElement>() {
                input.click();
            }
        })
        .child(icon(picture))
        .child(el("span").child(t(label)))
        .show()
}

fn read(event: &Event, step: Steps) {
    let Some(file) = photo::chosen(event) else {
        return;
    };
    step.set(Step::Reading);
    spawn_local(async move {
        let next = match photo::open(&file).await {
            Ok(picture) => Step::Cropping(Rc::new(picture)),
            Err(why) => Step::Refused(said(why)),
        };
        // Whoever left the page meanwhile wants no photo.
        let _ = step.try_set(next);
        page::focus_soon(".photo-picker .button, .photo-picker input[type=range]");
    });
}

fn said(why: Refusal) -> Key {
    match why {
        Refusal::NotAPicture => texts::NOT_A_PICTURE,
        Refusal::TooLarge => texts::TOO_LARGE,
        Refusal::Damaged => texts::DAMAGED,
        Refusal::Unknown => texts::UNKNOWN,
    }
}

fn cropper(picture: Rc<Picture>, step: Steps, done: Rc<impl Fn(Vec<u8>) + 'static>) -> View {
    let crop = RwSignal::new(Crop::default());
    let keep = {
        let picture = picture.clone();
        move |_| {
            let (picture, done) = (picture.clone(), done.clone());
            let chosen = crop.get_untracked();
            step.set(Step::Reading);
            spawn_local(async move {
                match picture.jpeg(chosen).await {
                    Some(jpeg) => {
                        let _ = step.try_set(Step::Choosing);
                        done(jpeg);
                    }
                    None => drop(step.try_set(Step::Refused(texts::FAILED))),
                }
            });
        }
    };
    let slide = |name, label, from, to, set: fn(&mut Crop, u32), get: fn(Crop) -> u32| {
        slider(
            crop,
            Slider {
                name,
                label,
                from,
                to,
                set,
                get,
            },
        )
    };
    let sliders = all![
        slide(
            "closer",
            texts::CLOSER,
            100,
            MAX_ZOOM,
            |crop, to| crop.zoom = to,
            |crop| crop.zoom
        ),
        slide(
            "across",
            texts::ACROSS,
            0,
            STEPS,
            |crop, to| crop.across = to,
            |crop| crop.across
        ),
        slide(
            "down",
            texts::DOWN,
            0,
            STEPS,
            |crop, to| crop.down = to,
            |crop| crop.down
        )
    ];
    all![
        el("p").class("note").child(t(texts::CROPPER_NOTE)),
        canvas(picture, crop),
        sliders,
        el("div")
            .class("stack")
            .child(
                el("button")
                    .attr("type", "button")
                    .class("button button--main")
                    .attr("id", "photo-keep")
                    .on("click", keep)
                    .child(icon("check"))
                    .child(el("span").child(t(texts::KEEP)))
            )
            .child(
                el("button")
                    .attr("type", "button")
                    .class("button")
                    .on("click", move |_| step.set(Step::Choosing))
                    .child(t(common::BACK))
            )
    ]
}

/// The square as it will be kept; it follows the finger.
fn canvas(picture: Rc<Picture>, crop: RwSignal<Crop>) -> View {
    let canvas = el("canvas")
        .class("photo photo--pulled")
        .attr("role", "img")
        .attr("aria-label", t(texts::CROPPER));
    let element = canvas.element();
    let (width, height) = picture.size();
    let held: Rc<Cell<Option<(i32, i32, Crop)>>> = Rc::default();
    let (taken, let_go) = (held.clone(), held.clone());
    let drawn = element.clone();
    let side = element.clone();
    let pulled = move |event: Event| {
        if let (Some((x, y, before)), Some(event)) = (held.get(), event.dyn_ref::<PointerEvent>()) {
            let shown = side.client_width().max(1);
            let part = |by: i32| by * 100 / shown;
            let (right, down) = (part(event.client_x() - x), part(event.client_y() - y));
            crop.set(before.pulled(width, height, right, down));
        }
    };
    let grabbed = move |event: Event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            let _ = element.set_pointer_capture(event.pointer_id());
            let at = (event.client_x(), event.client_y(), crop.get_untracked());
            taken.set(Some(at));
        }
    };
    let follow = move || {
        let _ = picture.draw(&drawn, crop.get());
    };
    canvas
        .on("pointerdown", grabbed)
        .on("pointermove", pulled)
        .on("pointerup", {
            let let_go = let_go.clone();
            move |_| let_go.set(None)
        })
        .on("pointercancel", move |_| let_go.set(None))
        .child(follow)
        .show()
}

struct Slider {
    name: &'static str,
    label: Key,
    from: u32,
    to: u32,
    set: fn(&mut Crop, u32),
    get: fn(Crop) -> u32,
}

fn slider(crop: RwSignal<Crop>, slider: Slider) -> View {
    let Slider {
        name,
        label,
        from,
        to,
        set,
        get,
    } = slider;
    let id = ["photo-", name].concat();
    let input = el("input")
        .class("slider")
        .attr("type", "range")
        .attr("id", id.clone())
        .attr("dir", "ltr")
        .attr("min", from.to_string())
        .attr("max", to.to_string())
        .attr("step", "5")
        .on("input", move |event| {
            if let Some(value) = value(&event) {
                crop.update(|crop| set(crop, value));
            }
        });
    let element = input.element();
    // A pull on the picture moves the sliders too.
    let follow = move || show_value(&element, get(crop.get()));
    el("div")
        .class("field")
        .child(
            el("label")
                .class("field__label")
                .attr("for", id)
                .child(t(label)),
        )
        .child(input)
        .child(follow)
        .show()
}

fn value(event: &Event) -> Option<u32> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    Some(input.value_as_number() as u32)
}

fn show_value(input: &Element, value: u32) {
    if let Some(input) = input.dyn_ref::<HtmlInputElement>() {
        input.set_value_as_number(value.into());
    }
}
