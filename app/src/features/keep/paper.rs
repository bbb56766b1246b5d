//! The printed twin: the card at the size of a bank card, front and back, to cut out and fold. Its
//! letters go by the width of the card, so that paper and screen break lines alike.

use domain::card::{Card, Front, Layer, Part, Side};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::keep as texts;

use super::{blocks, drawn, prompt, scan, ticks};
use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{Show, View, all, el, own, svg};
use crate::platform::file::Address;
use crate::platform::{file, fit, page};
use crate::speech::t;
use crate::state::State;

/// How many sizes of letters the stylesheet has for a side.
const SIZES: u8 = 8;
/// Where the sheet is cut and folded, in millimetres around two cards side by side.
const CUTS: &str =
    "M6 0v4M0 6h4M177.2 0v4M179.2 6h4M6 61.98v4M0 59.98h4M177.2 61.98v4M179.2 59.98h4";
const FOLDS: &str = "M91.6 0v4M91.6 61.98v4";

/// What a side is made with: photos are read, and then it may no longer fit.
#[derive(Clone, Copy)]
struct Desk {
    state: State,
    fits: RwSignal<bool>,
}

/// The page.
pub fn page(state: State) -> View {
    let chosen: RwSignal<Vec<Part>> = RwSignal::new(Vec::new());
    super::about(state, "paper", texts::PAPER, move |card| {
        made(state, card, chosen)
    })
}

fn made(state: State, card: Card, chosen: RwSignal<Vec<Part>>) -> View {
    let Some(front) = card.front() else {
        return View::Nothing;
    };
    let help = card.side(Layer::Help);
    let offered: Vec<_> = (help.parts().into_iter())
        .map(|part| (part, t(blocks::name(part))))
        .collect();
    let fits = RwSignal::new(true);
    let sheet = move || {
        let back = help.clone().only(&chosen.get());
        fit_soon(fits);
        sheet(Desk { state, fits }, &card, &front, &back)
    };
    let choice = (!offered.is_empty())
        .then(|| ticks::ticks(t(texts::PAPER_HELP_TITLE), None, offered, chosen));
    all![
        el("p").class("lead").child(t(texts::PAPER_LEAD)),
        sheet,
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || (!fits.get()).then(|| trouble(t(texts::NOT_ALL_FITS)))),
        choice,
        el("p").class("note").child(t(texts::PAPER_HOW)),
        el("button")
            .attr("type", "button")
            .class("button button--main")
            .on("click", |_| page::print())
            .child(icon("printer"))
            .child(el("span").child(t(texts::PAPER_PRINT))),
        prompt::answer()
    ]
}

/// Once it stands on the page: the largest letters in which everything fits.
fn fit_soon(fits: RwSignal<bool>) {
    Timeout::new(0, move || {
        let _ = fits.try_set(fit::shrink(".paper__card", SIZES));
    })
    .forget();
}

fn sheet(desk: Desk, card: &Card, front: &Front, back: &Side) -> View {
    let marks = svg("svg")
        .class("paper__marks")
        .attr("viewBox", "0 0 183.2 65.98")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", CUTS))
        .child(svg("path").class("paper__fold").attr("d", FOLDS));
    el("div")
        .class("paper")
        .child(marks)
        .child(side(
            "back",
            t(texts::BACK),
            back_of(desk, card, front, back),
        ))
        .child(side("front", t(texts::FRONT), front_of(desk, front)))
        .show()
}

/// Side by side on paper the back stands first: folded in the middle, both look outwards.
fn side(which: &str, label: String, inside: View) -> View {
    let card = el("div").class("paper__card").child(inside);
    el("section")
        .class(&["paper__side paper__side--", which].concat())
        .attr("aria-label", label)
        .child(card)
        .show()
}

fn front_of(desk: Desk, front: &Front) -> View {
    let side = &front.side;
    let name = (!front.name.is_empty()).then(|| {
        el("p")
            .class("paper__hello")
            .child(t(words::card::GREETING))
            .child(" ")
            .child(el("strong").class("paper__name").child(own(&front.name)))
            .child(" ")
            .child(own(&side.pronouns))
    });
    all![
        el("p").class("paper__title").child(t(words::card::LABEL)),
        photo(desk, side),
        name,
        said(side),
        symbols(side),
        ring(front)
    ]
}

fn back_of(desk: Desk, card: &Card, front: &Front, back: &Side) -> View {
    let ask = front.ring.first();
    let steps = all![
        el("li").child(t(texts::BACK_CALM)),
        ask.map(|ring| el("li").child(t(texts::back_ask(&ring.name)))),
        el("li").child(t(texts::BACK_NOBODY)),
        el("li").child(t(texts::BACK_DANGER))
    ];
    let code = scan::svg(card).map(|code| el("div").class("paper__code").html(&code));
    all![
        code,
        el("p").class("paper__title").child(t(texts::BACK_TITLE)),
        el("ul").class("paper__steps").child(steps),
        photo(desk, back),
        (!back.pronouns.is_empty()).then(|| el("p").child(own(&back.pronouns))),
        said(back),
        symbols(back)
    ]
}

fn said(side: &Side) -> View {
    let block = |block: blocks::Block| {
        let lines = block.lines.iter().enumerate().map(|(at, line)| {
            let between = if at == 0 { "" } else { " · " };
            all![between, own(line)]
        });
        el("p")
            .class(if block.part == Part::Please {
                "paper__block paper__block--main"
            } else {
                "paper__block"
            })
            .child(el("b").child(block.heading))
            .child(" ")
            .child(lines.collect::<Vec<_>>())
            .show()
    };
    let blocks: Vec<_> = blocks::blocks(side).into_iter().map(block).collect();
    blocks.show()
}

fn symbols(side: &Side) -> View {
    let symbol = |id: &String| {
        let words = blocks::symbol(id)?;
        let picture = drawn(&["/pictograms.svg#", id].concat(), "paper__symbol");
        Some(el("li").child(picture).child(el("span").child(words)))
    };
    let items: Vec<_> = side.symbols.iter().filter_map(symbol).collect();
    (!items.is_empty())
        .then(|| el("ul").class("paper__symbols").child(items))
        .show()
}

fn ring(front: &Front) -> View {
    let items: Vec<_> = (front.ring.iter())
        .map(|ring| {
            let words = own(&blocks::ring(ring));
            let number = el("b").attr("dir", "ltr").child(ring.telephone.as_str());
            el("li").child(words).child(" ").child(number)
        })
        .collect();
    (!items.is_empty())
        .then(|| el("ul").class("paper__ring").child(items))
        .show()
}

/// The photo, as soon as its bytes are read.
fn photo(desk: Desk, side: &Side) -> View {
    let Some(id) = side.photo.clone() else {
        return View::Nothing;
    };
    let shown: RwSignal<Option<Address>, LocalStorage> = RwSignal::new_local(None);
    spawn_local(async move {
        let bytes = desk.state.photo(&id).await;
        let address = bytes
            .and_then(|bytes| file::made(&bytes, "image/jpeg"))
            .and_then(|file| Address::of(&file));
        let _ = shown.try_set(address);
    });
    let image = move || {
        shown.with(|address| {
            let address = address.as_ref()?;
            Some(
                el("img")
                    .class("paper__photo")
                    .attr("src", address.as_str())
                    .attr("alt", t(texts::PART_PHOTO))
                    .on("load", move |_| fit_soon(desk.fits)),
            )
        })
    };
    image.show()
}
