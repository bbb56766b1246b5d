//! Both locks: how each stands, and everything that can be done to it. The part for reports is the
//! same whether or not there has ever been a report.

use domain::lock::{Lock, Name};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, locks as texts, settings};

use super::choose::{self, Form};
use super::gate;
use super::said::{of, why};
use crate::components::dialog::Ask;
use crate::components::notice::notice;
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::{locks, page, passkey};
use crate::speech::t;
use crate::state::{Shown, State};

/// What is being done to a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    /// Who holds the phone: nobody else chooses the lock of reports.
    Who,
    Helping,
    Form(Form),
}

#[derive(Clone, Copy)]
struct Panel {
    state: State,
    name: Name,
    stand: RwSignal<Option<Lock>>,
    doing: RwSignal<Doing>,
    said: RwSignal<Option<Key>>,
}

/// The page.
pub fn page(state: State) -> View {
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        el("p").class("lead").child(t(texts::LEAD)),
        panel(state, Name::Card),
        panel(state, Name::Reports),
        limits()
    ];
    frame(
        "locks",
        Head::To("/settings", t(settings::TITLE)),
        Bar::Help,
        body,
    )
}

fn limits() -> View {
    let lines = [
        texts::PROTECTS_CARD,
        texts::PROTECTS_REPORTS,
        texts::PROTECTS_AWAY,
        texts::PROTECTS_COPY,
        texts::PROTECTS_FORCE,
    ];
    let lines: Vec<_> = lines
        .into_iter()
        .map(|key| el("li").child(t(key)))
        .collect();
    el("section")
        .class("setting")
        .child(
            el("h2")
                .class("heading setting__title")
                .child(t(texts::PROTECTS)),
        )
        .child(el("ul").class("bullets").child(lines))
        .show()
}

fn panel(state: State, name: Name) -> View {
    let panel = Panel {
        state,
        name,
        stand: RwSignal::new(None),
        doing: RwSignal::new(Doing::Nothing),
        said: RwSignal::new(None),
    };
    let confirm = Confirm::new();
    let followed = move || {
        if state.locked.get() == Some(name) {
            panel.doing.set(Doing::Nothing);
        }
        panel.look();
    };
    let said = move || {
        panel
            .said
            .get()
            .map(|key| notice("ok", "check", t(key), String::new(), None))
    };
    el("section")
        .class("setting lock")
        .attr("id", name.as_str())
        .child(
            el("h2")
                .class("heading setting__title")
                .child(icon("lock"))
                .child(" ")
                .child(t(of(name, texts::CARD_TITLE, texts::REPORTS_TITLE))),
        )
        .child(
            el("p")
                .class("note")
                .child(t(of(name, texts::CARD_NOTE, texts::REPORTS_NOTE))),
        )
        .child(followed)
        .child(el("div").class("status").attr("role", "status").child(said))
        .child(move || match panel.doing.get() {
            Doing::Nothing => panel.standing(confirm),
            Doing::Who => panel.who(),
            Doing::Helping => panel.helping(),
            Doing::Form(form) => choose::form(name, form, move |said| panel.finished(form, said)),
        })
        .child(confirm.view(forgotten(name), move || panel.start_again()))
        .show()
}

/// What is asked of somebody who has forgotten a PIN.
pub fn forgotten(name: Name) -> Ask {
    Ask {
        title: t(of(name, texts::FORGOT_CARD_ASK, texts::FORGOT_REPORTS_ASK)),
        note: t(of(
            name,
            texts::FORGOT_CARD_NOTE,
            texts::FORGOT_REPORTS_NOTE,
        )),
        yes: t(texts::FORGOT_YES),
        no: t(texts::FORGOT_NO),
    }
}

fn small(key: Key, act: impl Fn() + 'static) -> View {
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", move |_| act())
        .child(t(key))
        .show()
}

impl Panel {
    fn look(self) {
        spawn_local(async move {
            let stand = locks::stand(self.name).await;
            match stand {
                Ok(stand) => {
                    gate::remember(self.name, stand != Lock::None);
                    let _ = self.stand.try_set(Some(stand));
                }
                Err(code) => drop(self.said.try_set(Some(why(&code)))),
            }
        });
    }

    fn does(self, doing: Doing) {
        self.said.set(None);
        self.doing.set(doing);
    }

    fn standing(self, confirm: Confirm) -> View {
        let name = self.name;
        let Some(stand) = self.stand.get() else {
            return el("p").class("note").child(t(texts::LOOKING)).show();
        };
        let says = match stand {
            Lock::None => of(name, texts::IS_NONE_CARD, texts::IS_NONE_REPORTS),
            Lock::Open => texts::IS_OPEN,
            Lock::Locked { .. } => texts::IS_LOCKED,
        };
        let stands = el("p").class("lock__stand").child(t(says));
        let open = (name == Name::Card).then(|| {
            el("a")
                .class("button")
                .attr("href", "/card/private")
                .child(t(texts::OPEN_LINK))
        });
        if stand == Lock::None {
            let first = match name {
                Name::Card => Doing::Form(Form::Set),
                Name::Reports => Doing::Who,
            };
            return all![stands, small(texts::SET, move || self.does(first)), open];
        }
        let now = (stand == Lock::Open).then(|| small(texts::CARD_LOCK, move || locks::lock(name)));
        all![
            stands,
            el("div")
                .class("pin__actions")
                .child(open)
                .child(now)
                .child(small(texts::CHANGE, move || self.does(Doing::Form(Form::Change))))
                .child(small(texts::OFF, move || self.does(Doing::Form(Form::TakeAway))))
                .child((name == Name::Card).then(|| self.finger(stand)))
                .child(small(texts::FORGOT, move || confirm.open()))
        ]
    }

    /// A passkey opens the card's lock only: whoever knows the phone's code could open it so.
    fn finger(self, stand: Lock) -> View {
        let offered = RwSignal::new(false);
        spawn_local(async move {
            let able = passkey::is_offered().await;
            let _ = offered.try_set(able);
        });
        let inside = move || {
            offered.get().then(|| match stand {
                Lock::Open => all![
                    el("p").class("note").child(t(texts::FINGER_NOTE)),
                    small(texts::FINGER_ADD, move || self.add_finger()),
                    small(texts::FINGER_REMOVE, move || self.remove_finger())
                ],
                _ => el("p")
                    .class("note")
                    .child(t(texts::FINGER_OPEN_FIRST))
                    .show(),
            })
        };
        inside.show()
    }

    fn add_finger(self) {
        locks::errand();
        spawn_local(async move {
            let done = match passkey::make().await {
                Ok(prf) => locks::set_passkey(self.name, &prf).await,
                Err(code) => Err(code),
            };
            self.tell(done, texts::FINGER_ADDED);
        });
    }

    fn remove_finger(self) {
        spawn_local(async move {
            let done = locks::remove_passkey(self.name).await;
            self.tell(done, texts::FINGER_REMOVED);
        });
    }

    fn tell(self, done: Result<(), String>, key: Key) {
        let said = done.map_or_else(|code| why(&code), |()| key);
        let _ = self.said.try_set(Some(said));
        self.look();
    }

    fn who(self) -> View {
        let answer = |key, doing| small(key, move || self.does(doing));
        el("div")
            .class("pin__actions")
            .child(el("p").class("lock__stand").child(t(texts::REPORTS_WHO)))
            .child(answer(texts::REPORTS_WHO_ME, Doing::Form(Form::Set)))
            .child(answer(texts::REPORTS_WHO_HELPING, Doing::Helping))
            .show()
    }

    fn helping(self) -> View {
        all![
            notice(
                "note",
                "info",
                t(texts::REPORTS_HELPING),
                String::new(),
                None
            ),
            small(words::common::BACK, move || self.does(Doing::Nothing))
        ]
    }

    fn finished(self, form: Form, said: Option<Key>) {
        if said.is_some() {
            gate::remember(self.name, form != Form::TakeAway);
        }
        self.said.set(said);
        self.doing.set(Doing::Nothing);
        self.look();
        page::focus_on(self.name.as_str());
    }

    /// For a forgotten PIN. What the lock of reports covers is deleted with it, sealed or not:
    /// otherwise this would be a way round the PIN.
    fn start_again(self) {
        let state = self.state;
        spawn_local(async move {
            let mut done = Ok(());
            if self.name == Name::Reports {
                done = clear_reports(state).await;
            }
            if done.is_ok() {
                done = locks::start_again(self.name).await;
            }
            if done.is_ok() {
                gate::remember(self.name, false);
            }
            self.tell(done, texts::START_AGAIN_SAID);
        });
    }
}

async fn clear_reports(state: State) -> Result<(), String> {
    let outbox = match state.outbox.get_untracked() {
        Shown::Ready(outbox) => outbox,
        Shown::Loading | Shown::Failed(_) => return Err("gone".into()),
    };
    let forgotten = state.forget_folder().await;
    forgotten.map_err(|why| why.code().to_owned())?;
    for kept in outbox {
        let removed = state.remove(&kept.entry.id).await;
        removed.map_err(|why| why.code().to_owned())?;
    }
    Ok(())
}
