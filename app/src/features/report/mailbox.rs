//! Is there an answer? Twenty-four digits lead to where it lies: how far the report has come, what was
//! answered, a way to write back, and to take the report back. The report itself is never shown.

use domain::id::MessageId;
use domain::wire::Side;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, mailbox as texts, reports};

use crate::components::dialog::Ask;
use crate::components::field::Field;
use crate::components::notice::{notice, trouble};
use crate::components::photo::opener;
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::{code, page, photo, random, written};
use crate::speech::t;
use crate::state::State;
use crate::state::mailbox::{self, Adding, Letter, Mailbox};

/// What came of looking.
#[derive(Debug, Clone, PartialEq)]
enum Looked {
    Not,
    Waiting,
    Mistaken(Key),
    Nothing(Key),
    Found(Mailbox),
}

/// A mailbox being looked at.
#[derive(Clone, Copy)]
struct Looking {
    state: State,
    digits: RwSignal<String>,
    looked: RwSignal<Looked>,
    /// What is being written.
    text: RwSignal<String>,
    /// What was tried, and whose answer was lost.
    tried: StoredValue<Option<(MessageId, String)>>,
    /// How many were sent: the box is emptied after each.
    sent: RwSignal<u32>,
    said: RwSignal<Option<Key>>,
    busy: RwSignal<bool>,
}

/// The page.
pub fn page(state: State) -> View {
    let looking = Looking {
        state,
        digits: RwSignal::new(state.looking.get_untracked().unwrap_or_default()),
        looked: RwSignal::new(Looked::Not),
        text: RwSignal::new(String::new()),
        tried: StoredValue::new(None),
        sent: RwSignal::new(0),
        said: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    if state.looking.get_untracked().is_some() {
        state.looking.set(None);
        looking.look();
    }
    // What is found is drawn anew only when it differs: a message half written stays.
    let found = Memo::new(move |_| matches!(looking.looked.get(), Looked::Found(_)));
    let passed_on = Memo::new(move |_| match looking.looked.get() {
        Looked::Found(found) => Some(found.is_passed_on()),
        _ => None,
    });
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        move || (!found.get()).then(|| ask(looking)),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || answer(&looking.looked.get())),
        move || match looking.looked.get() {
            Looked::Found(found) => stands(&found),
            _ => View::Nothing,
        },
        move || found.get().then(|| reply(looking)),
        move || found.get().then(|| more(looking)),
        move || passed_on
            .get()
            .map(|passed_on| take_back(looking, passed_on))
    ];
    frame("mailbox", Head::Home, Bar::Exit, body.show())
}

fn ask(looking: Looking) -> View {
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        looking.look();
    };
    let field = move || {
        let error = match looking.looked.get() {
            Looked::Mistaken(key) => Some(t(key)),
            _ => None,
        };
        let field = Field {
            hint: t(texts::HINT),
            error,
            ..Field::text("digits", t(texts::CODE), looking.digits.get_untracked())
        };
        field.view(move |text| looking.digits.set(text))
    };
    el("form")
        .on("submit", submit)
        .child(field)
        .child(
            el("button")
                .attr("type", "submit")
                .class("button button--main")
                .child(icon("search"))
                .child(el("span").child(t(texts::LOOK))),
        )
        .child(code::is_read().then(|| scan(looking)))
        .show()
}

/// A photo of the code that stands beside the number, where this browser reads codes.
fn scan(looking: Looking) -> View {
    let input = el("input")
        .attr("type", "file")
        .attr("id", "mailbox-scan")
        .attr("accept", "image/*")
        .attr("capture", "environment")
        .attr("hidden", true)
        .on("change", move |event| {
            let Some(photo) = photo::chosen(&event) else {
                return;
            };
            looking.looked.set(Looked::Waiting);
            spawn_local(async move {
                match code::read(&photo).await {
                    Some(digits) => {
                        let _ = looking.digits.try_set(digits);
                        looking.look_on();
                    }
                    None => drop(
                        looking
                            .looked
                            .try_set(Looked::Mistaken(texts::SCAN_NOTHING)),
                    ),
                }
            });
        });
    all![opener(&input, "scan", texts::SCAN), input]
}

impl Looking {
    fn look(self) {
        self.looked.set(Looked::Waiting);
        self.look_on();
    }

    fn look_on(self) {
        spawn_local(async move {
            let digits = self.digits.get_untracked();
            let found = mailbox::open(&digits).await;
            let answers = found.iter().flatten().map(Mailbox::answers).sum();
            let shown = self.looked.try_set(heard(found)).is_none();
            if let Some(id) = self
                .state
                .report_of(&digits)
                .filter(|_| shown && answers > 0)
            {
                self.state.see(id, answers).await;
            }
        });
    }

    /// Sends what was written. Should the answer be lost, the same message goes again under its id; one
    /// that was changed since is another message.
    fn write(self) {
        let text = self.text.get_untracked();
        if text.trim().is_empty() {
            return self.said.set(Some(texts::WRITE_EMPTY));
        }
        let same = self.tried.get_value().filter(|(_, tried)| *tried == text);
        let known = same.map(|(id, _)| id);
        let Some(id) = known.or_else(|| random::bits().map(MessageId::from_random)) else {
            return self.said.set(Some(texts::WRITE_FAILED));
        };
        self.tried.set_value(Some((id.clone(), text.clone())));
        self.said.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let written = mailbox::write(&self.digits.get_untracked(), &id, text.trim()).await;
            let _ = self.busy.try_set(false);
            match written {
                Ok(()) => {
                    let _ = self.tried.try_set_value(None);
                    // What was typed meanwhile is the next message.
                    if self.text.try_get_untracked().as_ref() == Some(&text) {
                        let _ = self.text.try_set(String::new());
                        let _ = self.sent.try_update(|sent| *sent += 1);
                    }
                    let _ = self.said.try_set(Some(texts::WRITE_SENT));
                    self.look_on();
                }
                Err(code) => {
                    let _ = self.said.try_set(Some(why(&code)));
                }
            }
        });
    }

    fn withdraw(self) {
        self.busy.set(true);
        spawn_local(async move {
            let digits = self.digits.get_untracked();
            let gone = mailbox::withdraw(&digits).await;
            let _ = self.busy.try_set(false);
            match gone {
                Ok(()) => {
                    self.forget(&digits).await;
                    let _ = self.looked.try_set(Looked::Nothing(texts::WITHDRAWN));
                    page::arrive(0.0);
                }
                Err(code) => {
                    let _ = self.said.try_set(Some(why(&code)));
                }
            }
        });
    }

    /// What this phone kept of a report that was taken back goes as well.
    async fn forget(self, digits: &str) {
        if let Some(id) = self.state.report_of(digits) {
            // What cannot be removed now would be refused by the server for ever.
            let _ = self.state.remove(&id).await;
            let _ = self.state.forget_receipt(&id).await;
        }
    }
}

fn heard(answer: Result<Option<Mailbox>, String>) -> Looked {
    match answer {
        Ok(Some(found)) => Looked::Found(found),
        Ok(None) => Looked::Nothing(texts::ANSWER_EMPTY),
        Err(code) => match code.as_str() {
            "too-short" => Looked::Mistaken(texts::TOO_SHORT),
            "too-long" => Looked::Mistaken(texts::TOO_LONG),
            "not-digits" => Looked::Mistaken(texts::NOT_DIGITS),
            "mistyped" => Looked::Mistaken(texts::MISTYPED),
            "no-memory" => Looked::Nothing(texts::NO_MEMORY),
            _ => Looked::Nothing(texts::ANSWER_OFFLINE),
        },
    }
}

fn why(code: &str) -> Key {
    match code {
        "mailbox-full" => texts::WRITE_FULL,
        "too-large" => texts::WRITE_TOO_LONG,
        "passed-on" => texts::PASSED_ON_NOTE,
        "empty" => texts::ANSWER_EMPTY,
        "no-memory" => texts::NO_MEMORY,
        _ => texts::WRITE_FAILED,
    }
}

fn answer(looked: &Looked) -> View {
    match looked {
        Looked::Not | Looked::Found(_) => ().show(),
        Looked::Waiting => el("p").class("note").child(t(texts::WAITING)).show(),
        Looked::Mistaken(key) => trouble(t(*key)),
        Looked::Nothing(key) => notice("note", "info", t(reports::WHERE_TITLE), t(*key), None),
    }
}

/// How far the report has come, and the messages.
fn stands(found: &Mailbox) -> View {
    let names = [
        texts::STAGE_RECEIVED,
        texts::STAGE_READ,
        texts::STAGE_PASSED_ON,
        texts::STAGE_CLOSED,
    ];
    let stages = found.stages;
    let last = stages.iter().rposition(Option::is_some).unwrap_or(0);
    let steps: Vec<_> = (names.into_iter().zip(stages).enumerate())
        // Whether it is passed on is the person's own choice: nothing is missing where it is not.
        .filter(|(at, (_, hour))| hour.is_some() || *at == 1)
        .map(|(at, (name, hour))| {
            let state = match hour {
                Some(_) if at == last => "now",
                Some(_) => "done",
                None => "later",
            };
            super::receipt::step(state, t(name), hour.map(written::moment))
        })
        .collect();
    let letters: Vec<_> = found.letters.iter().map(letter).collect();
    let none = letters
        .is_empty()
        .then(|| el("p").class("note").child(t(texts::NO_LETTERS)));
    all![
        el("h2").class("heading").child(t(reports::WHERE_TITLE)),
        el("ol").class("timeline").child(steps),
        (!found.complete).then(|| el("p").class("note").child(t(texts::INCOMPLETE))),
        el("h2").class("heading").child(t(texts::LETTERS)),
        none,
        el("ul").class("stack").child(letters)
    ]
}

fn letter(letter: &Letter) -> View {
    let when = written::moment(letter.hour);
    let (class, from) = match letter.from {
        Side::Centre => ("letter letter--centre", t(texts::from_centre(when))),
        Side::Reporter => ("letter", t(texts::from_you(when))),
    };
    let text = letter.text.clone();
    el("li")
        .class(class)
        .child(el("h3").class("letter__from").child(from))
        .child(
            el("p")
                .class("letter__text")
                .attr("dir", "auto")
                .child(text.unwrap_or_else(|| t(texts::UNREADABLE))),
        )
        .show()
}

fn reply(looking: Looking) -> View {
    let field = move || {
        looking.sent.track();
        let field = Field {
            hint: t(texts::WRITE_HINT),
            ..Field::text("message", t(texts::WRITE), looking.text.get_untracked())
        };
        field.long(4, move |text| {
            looking.text.set(text);
            looking.said.set(None);
        })
    };
    let button = |picture: &'static str, text: Key| {
        el("button")
            .attr("type", "button")
            .class("button")
            .attr_following("disabled", move || looking.busy.get())
            .child(icon(picture))
            .child(el("span").child(t(text)))
    };
    all![
        field,
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || {
                let said = looking.said.get();
                said.map(|key| notice("note", "info", t(key), String::new(), None))
            }),
        el("div")
            .class("pair")
            .child(button("send", texts::WRITE_SEND).on("click", move |_| looking.write()))
            .child(button("refresh", texts::LOOK_AGAIN).on("click", move |_| looking.look_on()))
    ]
}

/// More to tell or to show: a report of its own, which names this one.
fn more(looking: Looking) -> View {
    let way = |files, picture, text: Key| {
        let follow = move |_| {
            if let Looked::Found(found) = looking.looked.get_untracked() {
                looking.state.follows.set(Some(Adding {
                    to: found.id,
                    centre: found.centre,
                    files,
                }));
            }
        };
        el("a")
            .class("button")
            .attr("href", "/report")
            .on("click", follow)
            .child(icon(picture))
            .child(el("span").child(t(text)))
    };
    all![
        el("h2").class("heading").child(t(texts::MORE_TITLE)),
        el("p").class("note").child(t(texts::MORE_NOTE)),
        el("div")
            .class("pair")
            .child(way(false, "plus", texts::MORE))
            .child(way(true, "doc", texts::MORE_FILES))
    ]
}

fn take_back(looking: Looking, passed_on: bool) -> View {
    if passed_on {
        return el("p").class("note").child(t(texts::PASSED_ON_NOTE)).show();
    }
    let confirm = Confirm::new();
    let ask = Ask {
        title: t(texts::WITHDRAW_ASK),
        note: t(texts::WITHDRAW_NOTE),
        yes: t(texts::WITHDRAW),
        no: t(texts::WITHDRAW_NO),
    };
    all![
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--delete")
                .attr_following("disabled", move || looking.busy.get())
                .on("click", move |_| confirm.open())
                .child(icon("trash"))
                .child(el("span").child(t(texts::WITHDRAW))),
        ),
        confirm.view(ask, move || looking.withdraw())
    ]
}
