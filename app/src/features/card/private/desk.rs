//! What is open of the private layer, and keeping every keystroke of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::card::{Card, Layer, Part};
use domain::lock::{Lock, Name};
use domain::private::{Fact, Private};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::card::front;
use crate::platform::{install, locks};
use crate::state::{Shown, State};

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// How the lock stands is not known yet.
    Looking,
    /// The PIN is asked for.
    Shut,
    /// Everything, to read and change; the lock is open, or there is none.
    Facts(Lock),
    /// The page for the police.
    Paper,
    /// A newer version wrote it.
    Unreadable,
    /// It could not be read.
    Failed,
}

/// One save at a time; what is typed meanwhile is saved after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saving {
    Idle,
    Running,
    RunningAndStale,
}

/// A change that is not kept yet: what another tab kept meanwhile stays beside it.
type Change = Rc<dyn Fn(&mut Private)>;

/// What is open, and whether it is kept.
#[derive(Clone, Copy)]
pub struct Desk {
    pub state: State,
    pub stage: RwSignal<Stage>,
    pub private: RwSignal<Private>,
    pub kept: RwSignal<Option<bool>>,
    lock: RwSignal<Lock>,
    saving: StoredValue<Rc<Cell<Saving>>, LocalStorage>,
    changes: StoredValue<Rc<RefCell<Vec<Change>>>, LocalStorage>,
}

impl Desk {
    /// Nothing is open.
    pub fn new(state: State) -> Self {
        Self {
            state,
            stage: RwSignal::new(Stage::Looking),
            private: RwSignal::new(Private::default()),
            kept: RwSignal::new(None),
            lock: RwSignal::new(Lock::None),
            saving: StoredValue::new_local(Rc::new(Cell::new(Saving::Idle))),
            changes: StoredValue::new_local(Rc::default()),
        }
    }

    /// Shows something else, unless the person has gone on.
    pub fn show(self, stage: Stage) {
        let _ = self.stage.try_set(stage);
    }

    /// Back to the facts, or on from the paper.
    pub fn show_facts(self) {
        self.show(Stage::Facts(self.lock.get_untracked()));
    }

    /// Shows what the lock gave. What could not be kept before it closed is put into it, and kept.
    pub fn opened(self, content: Option<Vec<u8>>, lock: Lock) {
        let read = content.map_or(Ok(Private::default()), |bytes| Private::from_bytes(&bytes));
        let Ok(mut private) = read else {
            return self.show(Stage::Unreadable);
        };
        let Some(changes) = self.changes.try_get_value() else {
            return;
        };
        let unkept = changes.borrow().clone();
        unkept.iter().for_each(|change| change(&mut private));
        let _ = self.private.try_set(private);
        let _ = self.lock.try_set(lock);
        self.show(Stage::Facts(lock));
        if !unkept.is_empty() {
            self.save();
        }
    }

    /// The lock has closed: everything opened is dropped. Whether anything was open.
    pub fn shut(self) -> bool {
        let was_open = matches!(
            self.stage.get_untracked(),
            Stage::Facts(Lock::Open) | Stage::Paper
        );
        if was_open {
            self.changes.get_value().borrow_mut().clear();
            self.drop_all();
        }
        was_open
    }

    fn drop_all(self) {
        let _ = self.stage.try_set(Stage::Shut);
        let _ = self.private.try_set(Private::default());
        let _ = self.kept.try_set(None);
    }

    /// Keeps a fact as it is typed.
    pub fn set(self, fact: Fact, text: String) {
        self.change(Rc::new(move |private| private.set(fact, text.clone())));
    }

    /// Keeps a part of the card as it is typed.
    pub fn set_part(self, part: Part, text: String) {
        self.change(Rc::new(move |private| private.set_part(part, text.clone())));
    }

    fn change(self, change: Change) {
        self.private.update(|private| change(private));
        self.changes.get_value().borrow_mut().push(change);
        self.save();
    }

    fn save(self) {
        let saving = self.saving.get_value();
        if saving.get() != Saving::Idle {
            return saving.set(Saving::RunningAndStale);
        }
        let changes = self.changes.get_value();
        saving.set(Saving::Running);
        spawn_local(async move {
            loop {
                saving.set(Saving::Running);
                let Some(private) = self.private.try_get_untracked() else {
                    break;
                };
                let count = changes.borrow().len();
                let kept = self.keep(private).await;
                if kept {
                    let mut changes = changes.borrow_mut();
                    let count = count.min(changes.len());
                    changes.drain(..count);
                }
                let _ = self.kept.try_set(Some(kept));
                if saving.get() == Saving::Running || !kept {
                    break;
                }
            }
            saving.set(Saving::Idle);
            install::keep().await;
        });
    }

    async fn keep(self, private: Private) -> bool {
        match locks::keep(Name::Card, &private.to_bytes()).await {
            Ok(()) => true,
            Err(code) if code == "overtaken" => self.keep_beside().await,
            Err(code) => {
                if code == "closed" {
                    // Another tab has set a PIN: what was typed here waits for it.
                    self.drop_all();
                }
                false
            }
        }
    }

    /// Another tab has kept something since: our changes go on top of it.
    async fn keep_beside(self) -> bool {
        let Ok(bytes) = locks::read(Name::Card).await else {
            return false;
        };
        // What a newer version wrote is left as it is.
        let newer = bytes.map_or(Ok(Private::default()), |bytes| Private::from_bytes(&bytes));
        let Ok(mut newer) = newer else { return false };
        let changes = self.changes.try_get_value();
        let changes = changes
            .map(|changes| changes.borrow().clone())
            .unwrap_or_default();
        changes.iter().for_each(|change| change(&mut newer));
        let kept = locks::keep(Name::Card, &newer.to_bytes()).await.is_ok();
        if kept {
            let _ = self.private.try_set(newer);
        }
        kept
    }

    /// Moves a part of the card here: kept behind the lock first, and only then out of the card.
    pub fn hide(self, part: Part) {
        let Shown::Ready(Some(mut card)) = self.state.card.get_untracked() else {
            return;
        };
        let mut private = self.private.get_untracked();
        if private.hide(&mut card, part).is_err() {
            return;
        }
        self.set_part(part, private.part(part).to_owned());
        let saving = self.saving.get_value();
        spawn_local(async move {
            finish(&saving).await;
            if self.kept.try_get_untracked() == Some(Some(true)) && self.keep_card(card).await {
                self.show_facts();
            }
        });
    }

    /// Moves a part back to those who help: into the card first, and only then out from here.
    pub fn show_again(self, part: Part) {
        let layer = match part.usual_layer() {
            Layer::Private => Layer::Help,
            usual => usual,
        };
        let Shown::Ready(Some(mut card)) = self.state.card.get_untracked() else {
            return;
        };
        self.private
            .with_untracked(|private| private.show(&mut card, part, layer));
        spawn_local(async move {
            if self.keep_card(card).await {
                self.set_part(part, String::new());
                self.show_facts();
            }
        });
    }

    async fn keep_card(self, card: Card) -> bool {
        let front = card.front().map(|front| front::html(&front));
        let kept = self.state.keep_card(card, front).await.is_ok();
        let _ = self.kept.try_set(Some(kept));
        kept
    }

    /// Before the lock closes, what is being kept is kept to the end.
    pub fn save_before_locking(self) {
        let saving = self.saving.get_value();
        locks::save_with(Name::Card, move || {
            let saving = saving.clone();
            Box::pin(async move { finish(&saving).await })
        });
    }
}

/// Until all is kept. The worker answers in order, so that its answer to any question comes after
/// the saving before it.
async fn finish(saving: &Cell<Saving>) {
    while saving.get() != Saving::Idle {
        if locks::stand(Name::Card).await.is_err() {
            break;
        }
    }
}
