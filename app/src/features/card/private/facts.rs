//! The private facts, to read and to change: every keystroke is kept, nothing has to be there.

use domain::card::{Layer, Line, Part};
use domain::lock::{Lock, Name};
use domain::private::{Fact, Section};
use leptos::prelude::*;
use words::{Key, common, private as texts};

use super::desk::{Desk, Stage};
use crate::components::field::{Field, error_summary, kept};
use crate::components::notice::{notice, trouble};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::features::card::front;
use crate::platform::{locks, page};
use crate::speech::t;
use crate::state::Shown;

/// The page.
pub fn page(desk: Desk, lock: Lock) -> View {
    let sections: Vec<_> = Section::ALL.into_iter().map(|s| section(desk, s)).collect();
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        el("p").class("lead").child(t(texts::LEAD)),
        guard(lock),
        sections,
        moved(desk),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || saved(desk)),
        move || long(desk),
        actions(desk, lock)
    ];
    frame(
        "private",
        Head::To("/card", t(words::home::CARD)),
        Bar::Help,
        body,
    )
}

fn guard(lock: Lock) -> View {
    if lock != Lock::None {
        return el("p").class("note").child(t(texts::UNLOCKED_NOTE)).show();
    }
    let set = el("a")
        .class("button button--small")
        .attr("href", "/settings/locks")
        .child(t(texts::SET_PIN));
    notice(
        "note",
        "info",
        t(texts::MISSING_PIN),
        String::new(),
        Some(set.show()),
    )
}

fn section(desk: Desk, section: Section) -> View {
    let fields: Vec<_> = section.facts().map(|fact| field(desk, fact)).collect();
    el("fieldset")
        .class("group")
        .child(
            el("legend")
                .class("group__title")
                .child(t(heading(section))),
        )
        .child(fields)
        .show()
}

/// A section's heading.
pub fn heading(section: Section) -> Key {
    match section {
        Section::Who => texts::SECTION_WHO,
        Section::Looks => texts::SECTION_LOOKS,
        Section::Health => texts::SECTION_HEALTH,
        Section::Carries => texts::SECTION_CARRIES,
        Section::Day => texts::SECTION_DAY,
        Section::Places => texts::SECTION_PLACES,
        Section::Meeting => texts::SECTION_MEETING,
        Section::Tell => texts::SECTION_TELL,
    }
}

/// The words of a fact.
pub fn label(fact: Fact) -> String {
    texts::named(fact.id()).map(t).unwrap_or_default()
}

fn field(desk: Desk, fact: Fact) -> View {
    let hint = texts::named(&format!("{}-hint", fact.id()));
    let value = desk
        .private
        .with_untracked(|private| private.fact(fact).to_owned());
    let field = Field {
        hint: hint.map(t).unwrap_or_default(),
        ..Field::text(fact.id(), label(fact), value)
    };
    let typed = move |text| desk.set(fact, text);
    if fact.is_long() {
        field.long(2, typed)
    } else {
        field.view(typed)
    }
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

/// Parts of the card for "Only me": those of one text can be changed here, the others read.
fn moved(desk: Desk) -> Option<View> {
    let private_now = desk.state.card.with_untracked(|card| match card {
        Shown::Ready(Some(card)) => Part::MOVABLE.map(|part| card.layer(part) == Layer::Private),
        _ => [false; Part::MOVABLE.len()],
    });
    let parts = Part::MOVABLE.into_iter().zip(private_now);
    let parts: Vec<_> = parts
        .filter_map(|(part, now)| moved_part(desk, part, now))
        .collect();
    (!parts.is_empty()).then(|| {
        el("fieldset")
            .class("group")
            .child(
                el("legend")
                    .class("group__title")
                    .child(t(texts::MOVED_TITLE)),
            )
            .child(el("p").class("field__hint").child(t(texts::MOVED_LEAD)))
            .child(parts)
            .show()
    })
}

fn moved_part(desk: Desk, part: Part, now: bool) -> Option<View> {
    let label = t(part_label(part)?);
    let text = desk
        .private
        .with_untracked(|private| private.part(part).to_owned());
    if Part::TEXTS.contains(&part) && (now || !text.is_empty()) {
        let field = Field::text(format!("part-{}", part_id(part)), label, text);
        return Some(field.long(2, move |text| desk.set_part(part, text)));
    }
    (!text.is_empty()).then(|| {
        let rows: Vec<_> = rows(part, &text)
            .into_iter()
            .map(|row| el("li").attr("dir", "auto").child(row))
            .collect();
        el("div")
            .class("field")
            .child(el("p").class("field__label").child(label))
            .child(el("ul").class("bullets").child(rows))
            .show()
    })
}

fn part_id(part: Part) -> String {
    let at = Part::MOVABLE.iter().position(|known| *known == part);
    at.unwrap_or_default().to_string()
}

/// What a part of several rows says, in the reader's language where the words are ready ones.
pub fn rows(part: Part, text: &str) -> Vec<String> {
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

fn saved(desk: Desk) -> View {
    match desk.kept.get() {
        None => View::Nothing,
        Some(true) => kept(t(texts::KEPT)),
        Some(false) => trouble(t(common::NOT_KEPT)),
    }
}

/// What would not fit on one page: said, and kept all the same.
fn long(desk: Desk) -> Option<View> {
    let long = desk.private.with(domain::private::Private::too_long);
    let errors: Vec<_> = long
        .into_iter()
        .map(|fact| (fact.id().to_owned(), label(fact)))
        .collect();
    (!errors.is_empty()).then(|| error_summary(t(texts::TOO_LONG), errors))
}

fn actions(desk: Desk, lock: Lock) -> View {
    let paper = move |_| {
        desk.show(Stage::Paper);
        page::arrive(0.0);
    };
    let lock_now = (lock != Lock::None).then(|| {
        el("button")
            .attr("type", "button")
            .class("button")
            .on("click", |_| locks::lock(Name::Card))
            .child(icon("lock"))
            .child(el("span").child(t(texts::LOCK_NOW)))
    });
    el("div")
        .class("actions")
        .child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", paper)
                .child(icon("doc"))
                .child(el("span").child(t(texts::PAPER_MAKE))),
        )
        .child(el("p").class("note").child(t(texts::PAPER_MAKE_NOTE)))
        .child(lock_now)
        .show()
}
