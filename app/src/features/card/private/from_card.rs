//! Parts of the card for "Only me": moved here, changed here, and shown to helpers again.

use domain::card::{Card, Layer, Line, Part};
use leptos::prelude::*;
use words::{Key, private as texts};

use super::desk::Desk;
use crate::components::field::Field;
use crate::dom::{Show, View, el};
use crate::features::card::front;
use crate::speech::t;
use crate::state::Shown;

/// The card's parts: those behind the lock, then those that could be.
pub fn parts(desk: Desk) -> Option<View> {
    let card = desk.state.card.with_untracked(|card| match card {
        Shown::Ready(Some(card)) => card.clone(),
        _ => Card::default(),
    });
    let here: Vec<_> = Part::MOVABLE
        .into_iter()
        .filter_map(|part| moved(desk, &card, part))
        .collect();
    let offered: Vec<_> = Part::TEXTS
        .into_iter()
        .filter(|part| card.layer(*part) != Layer::Private)
        .filter(|part| !card.text(*part).trim().is_empty())
        .filter_map(|part| offer(desk, part))
        .collect();
    (!here.is_empty() || !offered.is_empty()).then(|| {
        el("fieldset")
            .class("group")
            .child(
                el("legend")
                    .class("group__title")
                    .child(t(texts::MOVED_TITLE)),
            )
            .child((!here.is_empty()).then(|| hint(texts::MOVED_LEAD)))
            .child(here)
            .child((!offered.is_empty()).then(|| hint(texts::MOVE_LEAD)))
            .child(offered)
            .show()
    })
}

fn hint(key: Key) -> View {
    el("p").class("field__hint").child(t(key)).show()
}

fn offer(desk: Desk, part: Part) -> Option<View> {
    let label = t(part_label(part)?);
    Some(button(t(texts::move_here(&label)), move || desk.hide(part)))
}

fn button(text: String, act: impl Fn() + 'static) -> View {
    el("button")
        .attr("type", "button")
        .class("button button--small")
        .on("click", move |_| act())
        .child(text)
        .show()
}

/// The words of a part of the card.
fn part_label(part: Part) -> Option<Key> {
    Some(match part {
        Part::Photo => return None,
        Part::Pronouns => texts::PRONOUNS,
        Part::May => texts::MAY,
        Part::Please => texts::PLEASE,
        Part::Dont => texts::DONT,
        Part::Symbols => texts::SYMBOLS,
        Part::Needs => texts::NEEDS,
        Part::Calms => texts::CALMS,
        Part::Upsets => texts::UPSETS,
        Part::Communicates => texts::COMMUNICATES,
        Part::Languages => texts::LANGUAGES,
        Part::NobodyAnswers => texts::NOBODY_ANSWERS,
        Part::Allergies => texts::ALLERGIES,
        Part::Medication => texts::MEDICATION,
        Part::Issuer => texts::ISSUER,
    })
}

/// A part of one text can be changed here, the others are read.
fn moved(desk: Desk, card: &Card, part: Part) -> Option<View> {
    let label = t(part_label(part)?);
    let text = desk
        .private
        .with_untracked(|private| private.part(part).to_owned());
    let here = card.layer(part) == Layer::Private || !text.is_empty();
    here.then(|| {
        let back = button(t(texts::move_back(&label)), move || desk.show_again(part));
        el("div")
            .class("group__part")
            .child(words_of(desk, part, label, text))
            .child(back)
            .show()
    })
}

fn words_of(desk: Desk, part: Part, label: String, text: String) -> View {
    if Part::TEXTS.contains(&part) {
        let at = Part::MOVABLE.iter().position(|known| *known == part);
        let id = format!("part-{}", at.unwrap_or_default());
        return Field::text(id, label, text).long(2, move |text| desk.set_part(part, text));
    }
    let rows: Vec<_> = rows(part, &text)
        .into_iter()
        .map(|row| el("li").attr("dir", "auto").child(row))
        .collect();
    el("div")
        .class("field")
        .child(el("p").class("field__label").child(label))
        .child(el("ul").class("bullets").child(rows))
        .show()
}

/// What a part of several rows says, in the reader's language where the words are ready ones.
fn rows(part: Part, text: &str) -> Vec<String> {
    let said = |row: &str| match part {
        Part::May | Part::Please | Part::Dont => {
            let ready = row.strip_prefix("ready:").and_then(Line::ready);
            ready.map_or_else(|| row.to_owned(), |line| front::said(&line))
        }
        Part::Symbols => words::pictograms::named(row).map(t).unwrap_or_default(),
        _ => row.to_owned(),
    };
    let rows = text.split('\n').map(said);
    rows.filter(|row| !row.trim().is_empty()).collect()
}
