//! What would make the card more useful: said calmly, and only once something was typed.

use domain::card::{Field, Kind, Part, Problem};
use leptos::prelude::*;
use words::card_edit as texts;

use super::desk::Desk;
use super::{say, sections};
use crate::components::icon;
use crate::dom::{Show, View, el};
use crate::router::Section;
use crate::speech::t;

/// All of it, on the first page: each leads to where it can be put right.
pub(super) fn of_card(desk: Desk) -> View {
    list(desk, Section::First, |_| true)
}

/// What concerns the page of one section.
pub(super) fn of_section(desk: Desk, section: Section) -> View {
    list(desk, section, move |problem| place(problem).0 == section)
}

fn list(desk: Desk, here: Section, ours: impl Fn(Problem) -> bool + 'static) -> View {
    let shown = move || {
        let problems = desk.problems.get();
        let problems = problems.into_iter().filter(|problem| ours(*problem));
        let items: Vec<_> = problems.map(|problem| item(desk, here, problem)).collect();
        (!items.is_empty()).then(|| {
            el("div").class("notice").child(icon("info")).child(
                el("div")
                    .class("notice__text")
                    .child(el("strong").class("notice__title").child(say(
                        desk.who,
                        texts::PROBLEMS_TITLE,
                        texts::PROBLEMS_TITLE_CARER,
                    )))
                    .child(el("ul").class("edit-problems").child(items)),
            )
        })
    };
    el("div")
        .class("status")
        .attr("role", "status")
        .child(shown)
        .show()
}

fn item(desk: Desk, here: Section, problem: Problem) -> View {
    let (section, field) = place(problem);
    let on_this_page = section == here || (here == Section::First && is_first(problem));
    let href = if on_this_page {
        ["#", &field].concat()
    } else {
        section.path(desk.who)
    };
    el("li")
        .child(
            el("a")
                .class("link")
                .attr("href", href)
                .child(said(problem)),
        )
        .show()
}

/// The first page has the name, and the first contact.
fn is_first(problem: Problem) -> bool {
    matches!(
        problem,
        Problem::ContactMissing
            | Problem::TelephoneUnusable(0)
            | Problem::TooLong(Field::Contact(0))
    )
}

fn said(problem: Problem) -> String {
    match problem {
        Problem::NameMissing => t(texts::PROBLEM_NAME),
        Problem::ContactMissing => t(texts::PROBLEM_CONTACT),
        Problem::NobodyNow => t(texts::PROBLEM_NOBODY_NOW),
        Problem::TelephoneUnusable(at) => t(texts::problem_telephone((at + 1).to_string())),
        Problem::TooLong(field) => {
            let (section, _) = place(Problem::TooLong(field));
            let what = match section {
                Section::First => texts::NAME,
                other => sections::title(other),
            };
            t(texts::problem_too_long(t(what)))
        }
    }
}

/// The page and the field where a problem is put right.
fn place(problem: Problem) -> (Section, String) {
    let first = |section: Section| (section, section.name().to_owned());
    match problem {
        Problem::NameMissing | Problem::TooLong(Field::Name) => (Section::First, "name".into()),
        Problem::ContactMissing => (Section::Contacts, "contact-0-telephone".into()),
        Problem::NobodyNow => (Section::Contacts, "contact-0-not-now".into()),
        Problem::TelephoneUnusable(at) => (Section::Contacts, format!("contact-{at}-telephone")),
        Problem::TooLong(Field::Contact(at)) => (Section::Contacts, format!("contact-{at}")),
        Problem::TooLong(Field::Pronouns) => first(Section::Part(Part::Pronouns)),
        Problem::TooLong(Field::Issuer) => first(Section::Part(Part::Issuer)),
        Problem::TooLong(Field::Text(part)) => first(Section::Part(part)),
        Problem::TooLong(Field::Line(kind, at)) => {
            let part = match kind {
                Kind::May => Part::May,
                Kind::Please => Part::Please,
                Kind::Dont => Part::Dont,
            };
            let section = Section::Part(part);
            (section, format!("{}-{at}", section.name()))
        }
    }
}
