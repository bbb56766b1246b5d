//! The first page: a name and someone to ring make a card; everything else is offered below.

use leptos::prelude::*;
use words::card_edit as texts;

use super::desk::Desk;
use super::sections::{self, GROUPS};
use super::{check, contacts, problems, say, status};
use crate::components::dialog::Ask;
use crate::components::field::Field;
use crate::components::icon::pictogram;
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::dom::{El, Show, View, all, el};
use crate::features::keep::prompt;
use crate::platform::clock;
use crate::router::{Router, Section, Who};
use crate::shell;
use crate::speech::t;

/// The page.
pub(super) fn page(desk: Desk, router: Router) -> View {
    let is_new = desk.card.with_untracked(domain::card::Card::is_blank);
    let carer = (is_new && desk.who == Who::Holder).then(|| {
        el("a")
            .class("link link--alone")
            .attr("href", "/card/carer")
            .child(t(texts::CARER))
    });
    let ios = is_new.then(prompt::home_screen_first);
    let due = (desk.who == Who::Holder).then(|| shell::due_notice(desk.state));
    let body = all![
        el("h1")
            .class("title")
            .child(say(desk.who, texts::TITLE, texts::TITLE_CARER)),
        due,
        ios,
        el("p")
            .class("lead")
            .child(say(desk.who, texts::LEAD, texts::LEAD_CARER)),
        name_field(desk),
        contacts::first(desk),
        status(desk),
        problems::of_card(desk),
        el("div").class("actions").child(done(desk)).child(carer),
        el("h2").class("heading").child(t(texts::MORE_LATER)),
        GROUPS.map(|group| self::group(desk, group)).to_vec(),
        delete(desk, router)
    ];
    frame("edit", head(desk.who), Bar::Help, body)
}

fn head(who: Who) -> Head {
    match who {
        Who::Holder => Head::To("/card/more", t(texts::MORE)),
        Who::Carer => Head::Home,
    }
}

fn name_field(desk: Desk) -> View {
    let value = desk.card.with_untracked(|card| card.name.clone());
    let label = say(desk.who, texts::NAME, texts::NAME_CARER);
    let autocomplete = match desk.who {
        Who::Holder => "nickname",
        Who::Carer => "off",
    };
    let field = Field {
        autocomplete,
        ..Field::text("name", label, value)
    };
    field.view(move |text| desk.change(|card| card.name = text))
}

/// Whoever says for the first time that it is done has looked at all there is: from then on the year
/// runs. A carer says it for nobody.
fn done(desk: Desk) -> El {
    let finish = |href, label| {
        el("a")
            .class("button button--main")
            .attr("href", href)
            .child(t(label))
    };
    match desk.who {
        Who::Carer => finish(Section::Give.path(Who::Carer), texts::FINISH),
        Who::Holder => finish("/card".to_owned(), texts::DONE).on("click", move |_| {
            let unchecked = |card: &domain::card::Card| card.checked.is_none() && !card.is_blank();
            if desk.card.with_untracked(unchecked) {
                desk.change(|card| card.checked = Some(clock::now()));
            }
        }),
    }
}

fn group(desk: Desk, (title, sections): (words::Key, &'static [Section])) -> View {
    let shown = sections.iter().copied();
    let shown = shown.filter(|section| desk.who == Who::Holder || *section != Section::Check);
    let rows: Vec<_> = shown.map(|section| row(desk, section)).collect();
    all![
        el("h3").class("edit-group").child(t(title)),
        el("ul").class("stack").child(rows)
    ]
}

fn row(desk: Desk, section: Section) -> View {
    let said = check::said(&desk.card.get_untracked(), section);
    let layer = check::layer(desk, section).filter(|_| !said.is_empty());
    let note = if said.is_empty() {
        t(texts::EMPTY_PART)
    } else {
        said
    };
    let text = el("span")
        .class("row__text")
        .child(
            el("span")
                .class("row__title")
                .child(t(sections::title(section))),
        )
        .child(
            el("span")
                .class("row__note row__note--own")
                .attr("dir", "auto")
                .child(note),
        )
        .child(layer.map(|layer| el("span").class("row__note edit-layer").child(layer)));
    el("li")
        .child(
            el("a")
                .class("row")
                .attr("href", section.path(desk.who))
                .child(
                    el("span")
                        .class("edit-tile")
                        .child(pictogram(sections::picture(section))),
                )
                .child(text),
        )
        .show()
}

fn delete(desk: Desk, router: Router) -> View {
    let confirm = Confirm::new();
    let label = say(desk.who, texts::DELETE, texts::DELETE_CARER);
    let ask = Ask {
        title: t(texts::DELETE_ASK),
        note: t(texts::DELETE_NOTE),
        yes: label.clone(),
        no: t(texts::DELETE_KEEP),
    };
    all![
        el("button")
            .attr("type", "button")
            .class("button button--delete")
            .on("click", move |_| confirm.open())
            .child(icon("trash"))
            .child(el("span").child(label)),
        confirm.view(ask, move || desk.delete(router))
    ]
}
