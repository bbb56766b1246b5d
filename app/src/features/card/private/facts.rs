//! The private facts, to read and to change: every keystroke is kept, nothing has to be there.

use domain::lock::{Lock, Name};
use domain::private::{Fact, Section};
use leptos::prelude::*;
use words::{Key, common, private as texts};

use super::desk::{Desk, Stage};
use super::from_card;
use crate::components::field::{Field, error_summary, kept};
use crate::components::notice::{notice, trouble};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::{locks, page};
use crate::speech::t;

/// The page.
pub fn page(desk: Desk, lock: Lock) -> View {
    let sections: Vec<_> = Section::ALL.into_iter().map(|s| section(desk, s)).collect();
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        el("p").class("lead").child(t(texts::LEAD)),
        guard(lock),
        sections,
        from_card::parts(desk),
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
