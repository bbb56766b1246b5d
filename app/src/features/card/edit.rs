//! Making and changing the card. Every keystroke is kept; nothing has to be complete.

use std::cell::Cell;
use std::rc::Rc;

use domain::card::{self, Card, Contact, Kind, Line, MAX_CONTACTS, MAX_LINES, Part, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{card as texts, common};

use super::front;
use crate::components::dialog::Ask;
use crate::components::field::{Field, error_summary, kept};
use crate::components::notice::trouble;
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::install;
use crate::router::Router;
use crate::speech::t;
use crate::state::{Shown, State};

/// What is being typed, and whether it is kept yet.
#[derive(Clone, Copy)]
struct Desk {
    state: State,
    card: RwSignal<Card>,
    /// Changes when fields come, go or move; not when somebody types.
    shape: RwSignal<u32>,
    kept: RwSignal<Option<Result<(), courier::storage::Error>>>,
    busy: StoredValue<Rc<Cell<Saving>>, LocalStorage>,
}

/// One save at a time; what is typed meanwhile is saved after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saving {
    Idle,
    Running,
    RunningAndStale,
}

/// The page.
pub fn page(state: State, router: Router) -> View {
    let ready = move || match state.card.get_untracked() {
        Shown::Failed(_) => frame(
            "edit",
            Head::Home,
            Bar::Help,
            all![
                el("h1").class("title").child(t(common::FAILED_TITLE)),
                trouble(t(common::FAILED))
            ],
        ),
        Shown::Ready(Some(card)) => form(Desk::new(state, card), router),
        Shown::Ready(None) | Shown::Loading => form(Desk::new(state, Card::default()), router),
    };
    (ready).show()
}

fn form(desk: Desk, router: Router) -> View {
    let confirm = Confirm::new();
    let body = all![
        el("h1").class("title").child(t(texts::EDIT_TITLE)),
        el("p").class("lead").child(t(texts::EDIT_LEAD)),
        name_field(desk),
        move || {
            desk.shape.track();
            contacts(desk)
        },
        lines(desk, "may", t(texts::MAY), t(texts::MAY_HINT), |card| {
            &mut card.may
        }),
        lines(
            desk,
            "please",
            t(texts::PLEASE),
            t(texts::PLEASE_HINT),
            |card| &mut card.please,
        ),
        needs_field(desk),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || saved_note(desk)),
        move || problems(&desk.card.get()),
        el("div")
            .class("actions")
            .child(
                el("a")
                    .class("button button--main")
                    .attr("href", "/card")
                    .child(t(texts::DONE)),
            )
            .child(
                el("button")
                    .attr("type", "button")
                    .class("button button--delete")
                    .on("click", move |_| confirm.open())
                    .child(icon("trash"))
                    .child(el("span").child(t(texts::DELETE))),
            ),
        confirm.view(ask(), move || desk.delete(router))
    ];
    frame("edit", Head::Home, Bar::None, body.show())
}

fn ask() -> Ask {
    Ask {
        title: t(texts::DELETE_ASK),
        note: t(texts::DELETE_NOTE),
        yes: t(texts::DELETE),
        no: t(texts::DELETE_KEEP),
    }
}

fn name_field(desk: Desk) -> View {
    let value = desk.card.with_untracked(|card| card.name.clone());
    let field = Field {
        autocomplete: "nickname",
        ..Field::text("name", t(texts::NAME), value)
    };
    field.view(move |text| desk.change(|card| card.name = text))
}

fn needs_field(desk: Desk) -> View {
    let value = desk.card.with_untracked(|card| card.needs.clone());
    let field = Field {
        hint: t(texts::NEEDS_HINT),
        ..Field::text("needs", t(texts::NEEDS_LABEL), value)
    };
    field.long(3, move |text| desk.change(|card| card.needs = text))
}

type LinesOf = fn(&mut Card) -> &mut Vec<Line>;

fn lines(desk: Desk, id: &'static str, title: String, hint: String, of: LinesOf) -> View {
    let count = RwSignal::new(shown_lines(desk, of));
    let items = move || {
        let field = |at: usize| {
            let value = desk.card.with_untracked(|card| {
                of(&mut card.clone())
                    .get(at)
                    .map(front::said)
                    .unwrap_or_default()
            });
            let field = Field::text(
                format!("{id}-{at}"),
                t(texts::line((at + 1).to_string())),
                value,
            );
            field.view(move |text| {
                desk.change(|card| set_line(of(card), at, Line::Own(text)));
                if shown_lines(desk, of) > count.get_untracked() {
                    count.set(shown_lines(desk, of));
                }
            })
        };
        (0..MAX_LINES)
            .map(|at| {
                el("div")
                    .attr_following("hidden", move || at >= count.get())
                    .child(field(at))
            })
            .collect::<Vec<_>>()
    };
    el("fieldset")
        .class("group")
        .child(el("legend").class("group__title").child(title))
        .child(el("p").class("field__hint").child(hint))
        .child(items())
        .show()
}

/// What has been typed and one empty line, up to what fits.
fn shown_lines(desk: Desk, of: LinesOf) -> usize {
    let filled = |line: &Line| !line.is_blank();
    let last = desk
        .card
        .with_untracked(|card| of(&mut card.clone()).iter().rposition(filled));
    (last.map_or(0, |at| at + 1) + 1).min(MAX_LINES)
}

fn set_line(lines: &mut Vec<Line>, at: usize, line: Line) {
    if lines.len() <= at {
        lines.resize(at + 1, Line::default());
    }
    lines[at] = line;
}

fn contacts(desk: Desk) -> View {
    let count = desk
        .card
        .with_untracked(|card| card.contacts.len())
        .clamp(1, MAX_CONTACTS);
    let groups: Vec<_> = (0..count).map(|at| contact(desk, at, count)).collect();
    let more = (count < MAX_CONTACTS).then(|| {
        el("button")
            .attr("type", "button")
            .class("button")
            .on("click", move |_| {
                desk.reshape(|contacts| contacts.push(Contact::default()))
            })
            .child(icon("plus"))
            .child(el("span").child(t(texts::ADD_CONTACT)))
    });
    all![groups, more]
}

fn contact(desk: Desk, at: usize, count: usize) -> View {
    let now = desk
        .card
        .with_untracked(|card| card.contacts.get(at).cloned().unwrap_or_default());
    let title = [texts::CONTACT_1, texts::CONTACT_2, texts::CONTACT_3]
        .get(at)
        .map(|key| t(*key))
        .unwrap_or_default();
    let who = if now.name.trim().is_empty() {
        title.clone()
    } else {
        now.name.clone()
    };
    let name = Field::text(format!("contact-{at}"), t(texts::CONTACT_NAME), now.name);
    let relationship = Field {
        hint: t(texts::CONTACT_RELATIONSHIP_HINT),
        ..Field::text(
            format!("contact-{at}-relationship"),
            t(texts::CONTACT_RELATIONSHIP),
            now.relationship,
        )
    };
    let telephone = Field {
        kind: "tel",
        ..Field::text(
            format!("contact-{at}-telephone"),
            t(texts::CONTACT_TELEPHONE),
            now.telephone,
        )
    };
    let move_to = move |to: usize| desk.reshape(|contacts| contacts.swap(at, to));
    let up = (at > 0).then(|| {
        small(
            "arrow-up",
            t(texts::MOVE_UP),
            t(texts::move_up_for(&who)),
            move || move_to(at - 1),
        )
    });
    let down = (at + 1 < count).then(|| {
        small(
            "arrow-down",
            t(texts::MOVE_DOWN),
            t(texts::move_down_for(&who)),
            move || move_to(at + 1),
        )
    });
    let remove = (count > 1).then(|| {
        small(
            "trash",
            t(texts::REMOVE_CONTACT),
            t(texts::remove_contact_for(&who)),
            move || desk.reshape(|contacts| drop(contacts.remove(at))),
        )
    });
    el("fieldset")
        .class("group")
        .child(el("legend").class("group__title").child(title))
        .child(name.view(move |text| desk.contact(at, |contact| contact.name = text)))
        .child(telephone.view(move |text| desk.contact(at, |contact| contact.telephone = text)))
        .child(
            relationship.view(move |text| desk.contact(at, |contact| contact.relationship = text)),
        )
        .child(
            el("div")
                .class("group__actions")
                .child(up)
                .child(down)
                .child(remove),
        )
        .show()
}

fn small(picture: &'static str, label: String, spoken: String, act: impl Fn() + 'static) -> View {
    el("button")
        .attr("type", "button")
        .class("button button--small")
        .attr("aria-label", spoken)
        .on("click", move |_| act())
        .child(icon(picture))
        .child(el("span").child(label))
        .show()
}

fn saved_note(desk: Desk) -> View {
    match desk.kept.get() {
        None => ().show(),
        Some(Ok(())) => kept(t(texts::KEPT)),
        Some(Err(_)) => trouble(t(common::NOT_KEPT)),
    }
}

/// What would make the card more useful: said calmly, and only once something was typed.
fn problems(card: &Card) -> View {
    let problems: Vec<_> = if card.is_blank() {
        Vec::new()
    } else {
        card.problems().into_iter().map(said).collect()
    };
    if problems.is_empty() {
        ().show()
    } else {
        error_summary(t(texts::PROBLEMS_TITLE), problems)
    }
}

fn said(problem: Problem) -> (String, String) {
    match problem {
        Problem::NameMissing => ("name".into(), t(texts::PROBLEM_NAME)),
        Problem::ContactMissing => ("contact-0-telephone".into(), t(texts::PROBLEM_CONTACT)),
        Problem::TelephoneUnusable(at) => (
            format!("contact-{at}-telephone"),
            t(texts::problem_telephone((at + 1).to_string())),
        ),
        Problem::NobodyNow => ("contact-0-telephone".into(), t(texts::PROBLEM_NOBODY_NOW)),
        Problem::TooLong(field) => (field_of(field), t(texts::PROBLEM_TOO_LONG)),
    }
}

fn field_of(field: card::Field) -> String {
    match field {
        card::Field::Name => "name".into(),
        card::Field::Pronouns => "pronouns".into(),
        card::Field::Line(Kind::May, at) => format!("may-{at}"),
        card::Field::Line(Kind::Please, at) => format!("please-{at}"),
        card::Field::Line(Kind::Dont, at) => format!("dont-{at}"),
        card::Field::Contact(at) => format!("contact-{at}"),
        card::Field::Text(Part::Needs) => "needs".into(),
        card::Field::Text(_) => "text".into(),
        card::Field::Issuer => "issuer".into(),
    }
}

impl Desk {
    fn new(state: State, card: Card) -> Self {
        Self {
            state,
            card: RwSignal::new(card),
            shape: RwSignal::new(0),
            kept: RwSignal::new(None),
            busy: StoredValue::new_local(Rc::new(Cell::new(Saving::Idle))),
        }
    }

    fn change(self, change: impl FnOnce(&mut Card)) {
        self.card.update(change);
        self.save();
    }

    fn contact(self, at: usize, change: impl FnOnce(&mut Contact)) {
        self.change(|card| {
            if card.contacts.len() <= at {
                card.contacts.resize(at + 1, Contact::default());
            }
            change(&mut card.contacts[at]);
        });
    }

    fn reshape(self, change: impl FnOnce(&mut Vec<Contact>)) {
        self.change(|card| {
            if card.contacts.is_empty() {
                card.contacts.push(Contact::default());
            }
            change(&mut card.contacts);
        });
        self.shape.update(|shape| *shape += 1);
    }

    fn save(self) {
        let busy = self.busy.get_value();
        if busy.get() != Saving::Idle {
            return busy.set(Saving::RunningAndStale);
        }
        busy.set(Saving::Running);
        spawn_local(async move {
            loop {
                busy.set(Saving::Running);
                let card = self.card.get_untracked();
                let front = front::painted(self.state, &card).await;
                let result = self.state.keep_card(card, front).await;
                self.kept.set(Some(result));
                if busy.get() == Saving::Running {
                    break;
                }
            }
            busy.set(Saving::Idle);
            // The first save is the moment to ask the browser to keep it.
            install::keep().await;
        });
    }

    fn delete(self, router: Router) {
        spawn_local(async move {
            match self.state.delete_card().await {
                Ok(()) => router.go("/card"),
                Err(error) => self.kept.set(Some(Err(error))),
            }
        });
    }
}
