//! "I may…", "Please…", "Please don't…": up to four lines in the holder's order, ready ones to tap and
//! own words to type.

use domain::card::{Card, Kind, Line, MAX_LINES, PHRASES, Part, Phrase};
use leptos::prelude::*;
use words::{card_edit as texts, phrases};

use super::super::front;
use super::desk::{self, Desk};
use super::{heading, small};
use crate::components::field::Field;
use crate::components::icon::pictogram;
use crate::dom::{El, Show, View, all, el};
use crate::platform::page;
use crate::router::Section;
use crate::speech::t;

/// The page.
pub(super) fn section(desk: Desk, kind: Kind) -> View {
    let page = self::page_of(kind);
    let yours = move || {
        desk.shape.track();
        slots(desk, kind)
    };
    let ready = PHRASES.iter().filter(move |phrase| phrase.kind == kind);
    let ready: Vec<_> = ready.map(|phrase| toggle(desk, phrase)).collect();
    let full =
        move || is_full(desk, kind).then(|| el("p").class("note").child(t(texts::LINES_FULL)));
    all![
        heading(page),
        el("fieldset")
            .class("group")
            .child(legend(texts::LINES_YOURS))
            .child(yours),
        el("fieldset")
            .class("choices")
            .child(
                el("legend")
                    .class("choices__title heading")
                    .child(t(texts::LINES_READY))
            )
            .child(el("div").attr("role", "status").child(full))
            .child(ready)
    ]
}

fn legend(title: words::Key) -> El {
    el("legend").class("group__title").child(t(title))
}

fn page_of(kind: Kind) -> Section {
    Section::Part(match kind {
        Kind::May => Part::May,
        Kind::Please => Part::Please,
        Kind::Dont => Part::Dont,
    })
}

fn id(kind: Kind, at: usize, action: &str) -> String {
    format!("{}-{at}{action}", page_of(kind).name())
}

fn is_full(desk: Desk, kind: Kind) -> bool {
    let filled = |card: &Card| {
        card.lines(kind)
            .iter()
            .filter(|line| !line.is_blank())
            .count()
    };
    desk.card.with(filled) >= MAX_LINES
}

/// What is on the card, and one empty line, up to what fits.
fn slots(desk: Desk, kind: Kind) -> View {
    let count = RwSignal::new(shown(desk, kind));
    let slot = |at: usize| {
        let line = desk.card.with_untracked(|card| line_at(card, kind, at));
        let inside = match line {
            Line::Ready(phrase) => ready(phrase),
            Line::Own(text) => own(desk, kind, at, text, count),
        };
        let actions = move || {
            let blank = desk.card.with(|card| line_at(card, kind, at).is_blank());
            (!blank).then(|| actions(desk, kind, at))
        };
        el("div")
            .class("edit-line")
            .attr_following("hidden", move || at >= count.get())
            .child(inside)
            .child(actions)
    };
    (0..MAX_LINES).map(slot).collect::<Vec<_>>().show()
}

fn line_at(card: &Card, kind: Kind, at: usize) -> Line {
    let line = card.lines(kind).get(at).cloned();
    line.unwrap_or_default()
}

fn shown(desk: Desk, kind: Kind) -> usize {
    let last = |card: &Card| card.lines(kind).iter().rposition(|line| !line.is_blank());
    let last = desk.card.with_untracked(last);
    (last.map_or(0, |at| at + 1) + 1).min(MAX_LINES)
}

fn ready(phrase: &'static Phrase) -> View {
    el("p")
        .class("edit-phrase")
        .child(pictogram(phrase.pictogram))
        .child(el("span").child(words_of(phrase)))
        .show()
}

fn words_of(phrase: &Phrase) -> String {
    phrases::named(phrase.id).map(t).unwrap_or_default()
}

fn own(desk: Desk, kind: Kind, at: usize, text: String, count: RwSignal<usize>) -> View {
    let field = Field::text(id(kind, at, ""), t(texts::LINE_OWN), text);
    field.view(move |text| {
        desk.change(|card| set(card.lines_mut(kind), at, Line::Own(text)));
        let needed = shown(desk, kind);
        if needed > count.get_untracked() {
            count.set(needed);
        }
    })
}

fn set(lines: &mut Vec<Line>, at: usize, line: Line) {
    if lines.len() <= at {
        lines.resize(at + 1, Line::default());
    }
    lines[at] = line;
}

fn actions(desk: Desk, kind: Kind, at: usize) -> El {
    let (name, last) = desk.card.with_untracked(|card| {
        let lines = card.lines(kind);
        let last = lines.iter().rposition(|line| !line.is_blank());
        (front::said(&line_at(card, kind, at)), last.unwrap_or(0))
    });
    let swap = move |to: usize| {
        desk.reshape(|card| card.lines_mut(kind).swap(at, to));
        let action = match (to < at, to == 0, to == last) {
            (true, false, _) | (false, _, true) => "-up",
            _ => "-down",
        };
        page::focus_on_soon(id(kind, to, action));
    };
    let up = (at > 0).then(|| {
        let spoken = texts::move_up_for(&name);
        small(
            id(kind, at, "-up"),
            "arrow-up",
            texts::MOVE_UP,
            spoken,
            move || swap(at - 1),
        )
    });
    let down = (at < last).then(|| {
        let spoken = texts::move_down_for(&name);
        small(
            id(kind, at, "-down"),
            "arrow-down",
            texts::MOVE_DOWN,
            spoken,
            move || swap(at + 1),
        )
    });
    let remove = move || {
        desk.reshape(|card| drop(card.lines_mut(kind).remove(at)));
        page::focus_soon("main h1");
    };
    let spoken = texts::remove_for(&name);
    el("div")
        .class("group__actions")
        .child(up)
        .child(down)
        .child(small(
            id(kind, at, "-remove"),
            "trash",
            texts::REMOVE,
            spoken,
            remove,
        ))
}

/// A ready phrase to tap on or off.
fn toggle(desk: Desk, phrase: &'static Phrase) -> View {
    let kind = phrase.kind;
    let has = move |card: &Card| card.lines(kind).contains(&Line::Ready(phrase));
    let chosen = move || desk.card.with(has);
    let input = el("input")
        .class("choice__input")
        .attr("type", "checkbox")
        .attr("id", ["ready-", phrase.id].concat())
        .attr("checked", desk.card.with_untracked(has))
        .attr_following("disabled", move || is_full(desk, kind) && !chosen())
        .on("change", move |event| {
            let on = desk::is_checked(&event);
            desk.reshape(|card| put(card.lines_mut(kind), phrase, on));
        });
    let element = input.element();
    // Taken away above, it is off here too.
    let follow = move || desk::set_checked(&element, chosen());
    el("label")
        .class("choice choice--picture")
        .child(input)
        .child(pictogram(phrase.pictogram))
        .child(
            el("span")
                .class("choice__text")
                .child(el("span").class("choice__title").child(words_of(phrase))),
        )
        .child(follow)
        .show()
}

/// Puts a phrase where nothing stands, or takes it out.
fn put(lines: &mut Vec<Line>, phrase: &'static Phrase, on: bool) {
    let line = Line::Ready(phrase);
    lines.retain(|one| *one != line);
    if on {
        let gap = lines.iter().position(Line::is_blank);
        set(lines, gap.unwrap_or(lines.len()), line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(kept: &[&str]) -> Vec<Line> {
        kept.iter()
            .map(|line| Line::from((*line).to_owned()))
            .collect()
    }

    #[track_caller]
    fn putting(kept: &[&str], on: bool, expected: &[&str]) {
        let phrase = PHRASES.iter().find(|phrase| phrase.id == "get-lost");
        let mut lines = lines(kept);
        put(&mut lines, phrase.expect("it is offered"), on);
        assert_eq!(lines, self::lines(expected));
    }

    #[test]
    fn a_tapped_phrase_takes_the_first_gap_and_leaves_no_other_in_its_place() {
        putting(&[], true, &["ready:get-lost"]);
        putting(&["hum"], true, &["hum", "ready:get-lost"]);
        putting(&["", "hum"], true, &["ready:get-lost", "hum"]);
        putting(&["ready:get-lost", "hum"], false, &["hum"]);
    }
}
