//! Choosing, changing and taking away a PIN: what forgetting it means comes first.

use domain::lock::Name;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, common, locks as texts};

use super::pin::{Pin, reveal};
use super::said::{of, why};
use crate::components::notice::{notice, trouble};
use crate::dom::{Show, View, el};
use crate::platform::{locks, page};
use crate::speech::t;

/// What the form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The first PIN.
    Set,
    /// Another one.
    Change,
    /// None any more.
    TakeAway,
}

#[derive(Clone, Copy)]
struct Boxes {
    old: Pin,
    new: Pin,
    again: Pin,
}

impl Boxes {
    fn of(name: Name) -> Self {
        let [old, new, again] = match name {
            Name::Card => ["card-old", "card-new", "card-again"],
            Name::Reports => ["reports-old", "reports-new", "reports-again"],
        };
        Self {
            old: Pin::new(old),
            new: Pin::new(new),
            again: Pin::new(again),
        }
    }

    fn all(self) -> [Pin; 3] {
        [self.old, self.new, self.again]
    }
}

/// The form. `done` is called with what to say once it is so, or nothing when somebody went back.
pub fn form(name: Name, form: Form, done: impl Fn(Option<Key>) + Clone + 'static) -> View {
    let boxes = Boxes::of(name);
    let busy = RwSignal::new(false);
    let stopped = RwSignal::new(None::<Key>);
    let shown = RwSignal::new(false);
    let finished = done.clone();
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() || !filled(boxes, form) {
            return;
        }
        let finished = finished.clone();
        busy.set(true);
        stopped.set(None);
        spawn_local(async move {
            let did = act(name, form, boxes).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match did {
                Ok(said) => finished(Some(said)),
                Err(code) => blame(&code, form, boxes, stopped),
            }
        });
    };
    el("form")
        .class("pin")
        .attr("autocomplete", "off")
        .on("submit", submit)
        .child(meaning(name, form))
        .child((form != Form::Set).then(|| boxes.old.view(t(texts::NOW), String::new(), shown)))
        .child((form != Form::TakeAway).then(|| {
            boxes
                .new
                .view(t(texts::CHOOSE), t(texts::CHOOSE_HINT), shown)
        }))
        .child(
            (form != Form::TakeAway)
                .then(|| boxes.again.view(t(texts::AGAIN), String::new(), shown)),
        )
        .child(reveal(shown))
        .child(
            el("div")
                .class("status")
                .attr("role", "status")
                .child(move || {
                    busy.get()
                        .then(|| el("p").class("note").child(t(texts::LOOKING)))
                }),
        )
        .child(move || stopped.get().map(|key| trouble(t(key))))
        .child(buttons(form, done))
        .show()
}

fn meaning(name: Name, form: Form) -> View {
    match form {
        Form::Set | Form::Change => notice(
            "note",
            "info",
            t(of(name, texts::MEANS_CARD, texts::MEANS_REPORTS)),
            String::new(),
            None,
        ),
        Form::TakeAway => el("p").child(t(texts::OFF_NOTE)).show(),
    }
}

fn buttons(form: Form, done: impl Fn(Option<Key>) + 'static) -> View {
    let act = match form {
        Form::Set => texts::SET_DO,
        Form::Change => texts::CHANGE_DO,
        Form::TakeAway => texts::OFF_DO,
    };
    el("div")
        .class("pin__actions")
        .child(
            el("button")
                .attr("type", "submit")
                .class("button button--main")
                .child(t(act)),
        )
        .child(
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| done(None))
                .child(t(common::BACK)),
        )
        .show()
}

/// Whether everything is there that the form asks for; says what is not.
fn filled(boxes: Boxes, form: Form) -> bool {
    boxes.all().into_iter().for_each(|pin| pin.say(None));
    let wanted = match form {
        Form::Set => &[boxes.new, boxes.again][..],
        Form::Change => &[boxes.old, boxes.new, boxes.again],
        Form::TakeAway => &[boxes.old],
    };
    let empty = wanted.iter().find(|pin| pin.typed().trim().is_empty());
    if let Some(pin) = empty {
        point(*pin, texts::EMPTY);
        return false;
    }
    if form != Form::TakeAway && boxes.new.typed().trim() != boxes.again.typed().trim() {
        boxes.again.empty();
        point(boxes.again, texts::DIFFERENT);
        return false;
    }
    true
}

async fn act(name: Name, form: Form, boxes: Boxes) -> Result<Key, String> {
    let (old, new) = (boxes.old.typed(), boxes.new.typed());
    match form {
        Form::Set => locks::set_pin(name, &new).await.map(|()| texts::SET_SAID),
        Form::Change => {
            let changed = locks::change_pin(name, &old, &new).await;
            changed.map(|()| texts::CHANGED)
        }
        Form::TakeAway => locks::remove_pin(name, &old)
            .await
            .map(|()| texts::OFF_SAID),
    }
}

fn blame(code: &str, form: Form, boxes: Boxes, stopped: RwSignal<Option<Key>>) {
    let key = why(code);
    match code {
        "wrong" => {
            boxes.old.empty();
            point(boxes.old, key);
        }
        "pin-not-digits" if form == Form::TakeAway => point(boxes.old, key),
        code if code.starts_with("pin-") => {
            boxes.again.empty();
            point(boxes.new, key);
        }
        _ => stopped.set(Some(key)),
    }
}

fn point(pin: Pin, key: Key) {
    pin.say(Some(t(key)));
    page::focus_on(pin.id());
}
