//! A backup file, made and put back: how a card moves to a new phone, or returns to one that was cleared.

use std::rc::Rc;

use domain::passphrase::{self, Strength};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::Blob;
use words::{Key, Text, common, keep as texts};

use super::carry::{self, Contents, Private};
use super::prompt;
use crate::components::dialog::Ask;
use crate::components::field::{Field, kept};
use crate::components::notice::trouble;
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::{file, install, locks, page as document};
use crate::router::Router;
use crate::speech::t;
use crate::state::{Shown, State};

const FILE: &str = "safe-place-card.age";
/// Where the file is chosen.
const CHOSEN: &str = "backup-file";
/// The largest file that is read into memory at all; a backup is never larger.
const LARGEST: usize = 32 * 1024 * 1024;

/// How far making or putting back is.
#[derive(Clone)]
enum Stand {
    Ready,
    Busy,
    Made(Blob, Private),
    /// Read, and waiting for a yes: there is a card here already.
    Asks(Rc<Contents>),
    /// Put back, without what is locked.
    Partly,
    Failed(Key),
}

type Standing = RwSignal<Stand, LocalStorage>;

/// The page.
pub fn page(state: State, router: Router) -> View {
    let body = all![
        el("h1").class("title").child(t(texts::BACKUP_TITLE)),
        el("p").class("lead").child(t(texts::BACKUP_LEAD)),
        prompt::home_screen_first(),
        el("p").class("note").child(t(texts::BACKUP_INSIDE)),
        promise(),
        make(state),
        put_back(state, router),
        el("p").class("note").child(t(texts::BACKUP_NEW_PHONE))
    ];
    let head = Head::To("/card/keep", t(texts::ALL_TITLE));
    frame("backup", head, Bar::Help, body)
}

/// What the browser answered when it was asked to keep the card.
fn promise() -> View {
    let answer: RwSignal<Option<bool>> = RwSignal::new(None);
    spawn_local(async move {
        let _ = answer.try_set(Some(install::is_kept().await));
    });
    let said = move || {
        answer.get().map(|kept| {
            let words = if kept {
                texts::BACKUP_KEPT_YES
            } else {
                texts::BACKUP_KEPT_NO
            };
            el("p").class("note").child(t(words))
        })
    };
    said.show()
}

fn make(state: State) -> View {
    let standing: Standing = RwSignal::new_local(Stand::Ready);
    let passphrase = RwSignal::new(String::new());
    let field = || Field {
        hint: t(texts::BACKUP_PASSPHRASE_HINT),
        ..Field::text(
            "make-passphrase",
            t(texts::BACKUP_PASSPHRASE),
            String::new(),
        )
    };
    let form = move || {
        let has_card = state
            .card
            .with(|card| matches!(card, Shown::Ready(Some(_))));
        if !has_card {
            return el("p").class("note").child(t(texts::BACKUP_NO_CARD)).show();
        }
        let typed = move |text| passphrase.set(text);
        all![
            field().view(typed),
            el("p")
                .class("note")
                .attr("role", "status")
                .child(move || passphrase.with(|text| strength(text))),
            button(standing, "lock", texts::BACKUP_MAKE, move || {
                start(state, standing, passphrase)
            }),
            el("div")
                .class("stack")
                .attr("role", "status")
                .child(move || made(standing.get()))
        ]
    };
    section(texts::ADD_BACKUP, form.show())
}

fn section(title: Key, inside: View) -> View {
    el("section")
        .class("stack")
        .child(el("h2").class("heading").child(t(title)))
        .child(inside)
        .show()
}

fn strength(passphrase: &str) -> String {
    let said: Text = match passphrase::strength(passphrase) {
        _ if passphrase.is_empty() => return String::new(),
        Strength::Short(missing) => texts::strength_short(missing.to_string()),
        Strength::Samey => texts::STRENGTH_SAME.into(),
        Strength::Fair => texts::STRENGTH_FAIR.into(),
        Strength::Strong => texts::STRENGTH_STRONG.into(),
    };
    t(said)
}

/// A button that does nothing while the last tap is still being worked on.
fn button(standing: Standing, picture: &'static str, label: Key, act: impl Fn() + 'static) -> View {
    let busy = move || standing.with(|stand| matches!(stand, Stand::Busy));
    el("button")
        .attr("type", "button")
        .class("button button--main")
        .attr_following("aria-busy", move || busy().then_some("true"))
        .on("click", move |_| {
            if !standing.with_untracked(|stand| matches!(stand, Stand::Busy)) {
                act();
            }
        })
        .child(icon(picture))
        .child(el("span").child(t(label)))
        .show()
}

fn start(state: State, standing: Standing, passphrase: RwSignal<String>) {
    let passphrase = passphrase.get_untracked();
    if let Strength::Short(_) = passphrase::strength(&passphrase) {
        standing.set(Stand::Failed(texts::BACKUP_SHORT));
        return;
    }
    standing.set(Stand::Busy);
    spawn_local(async move {
        let made = sealed(state, &passphrase).await;
        let made = made.map_or_else(
            |code| Stand::Failed(said(&code)),
            |(file, private)| Stand::Made(file, private),
        );
        let _ = standing.try_set(made);
    });
}

async fn sealed(state: State, passphrase: &str) -> Result<(Blob, Private), String> {
    let (parts, private) = carry::packed(state).await?;
    let bytes = locks::backup(&parts, passphrase).await?;
    let file = file::made(&bytes, "application/octet-stream").ok_or("unable")?;
    Ok((file, private))
}

fn made(stand: Stand) -> View {
    match stand {
        Stand::Busy => el("p").class("note").child(t(common::LOADING)).show(),
        Stand::Failed(why) => trouble(t(why)),
        Stand::Made(made, private) => {
            let locked = (private == Private::Locked).then(|| trouble(t(texts::BACKUP_LOCKED)));
            let saved = made.clone();
            let share = file::can_share(FILE, &made).then(|| {
                plain("send", texts::BACKUP_SHARE, move || {
                    let made = made.clone();
                    spawn_local(async move { file::share(FILE, &made).await });
                })
            });
            all![
                kept(t(texts::BACKUP_MADE)),
                locked,
                plain("download", texts::BACKUP_SAVE, move || file::save(
                    FILE, &saved
                )),
                share
            ]
        }
        Stand::Ready | Stand::Asks(_) | Stand::Partly => View::Nothing,
    }
}

fn plain(picture: &'static str, label: Key, act: impl Fn() + 'static) -> View {
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", move |_| act())
        .child(icon(picture))
        .child(el("span").child(t(label)))
        .show()
}

fn put_back(state: State, router: Router) -> View {
    let standing: Standing = RwSignal::new_local(Stand::Ready);
    let passphrase = RwSignal::new(String::new());
    let field = Field::text(
        "restore-passphrase",
        t(texts::BACKUP_PASSPHRASE),
        String::new(),
    );
    let confirm = Confirm::new();
    let ask = Ask {
        title: t(texts::BACKUP_REPLACE),
        note: t(texts::BACKUP_REPLACE_NOTE),
        yes: t(texts::BACKUP_REPLACE_YES),
        no: t(texts::BACKUP_REPLACE_NO),
    };
    let form = all![
        el("div")
            .class("field")
            .child(
                el("label")
                    .class("field__label")
                    .attr("for", CHOSEN)
                    .child(t(texts::BACKUP_FILE))
            )
            .child(
                el("input")
                    .class("field__input")
                    .attr("id", CHOSEN)
                    .attr("type", "file")
            ),
        field.view(move |text| passphrase.set(text)),
        button(standing, "key", texts::BACKUP_PUT_BACK, move || {
            open(state, router, standing, passphrase, confirm)
        }),
        el("div")
            .class("stack")
            .attr("role", "status")
            .child(move || opened(standing.get())),
        confirm.view(ask, move || {
            if let Stand::Asks(contents) = standing.get_untracked() {
                keep(state, router, standing, contents);
            }
        })
    ];
    section(texts::BACKUP_RESTORE_TITLE, form)
}

fn open(
    state: State,
    router: Router,
    standing: Standing,
    passphrase: RwSignal<String>,
    confirm: Confirm,
) {
    let passphrase = passphrase.get_untracked();
    standing.set(Stand::Busy);
    spawn_local(async move {
        let contents = match read(&passphrase).await {
            Ok(contents) => Rc::new(contents),
            Err(why) => {
                let _ = standing.try_set(Stand::Failed(why));
                return;
            }
        };
        let here = state.card.get_untracked();
        match here {
            Shown::Ready(Some(card)) if !card.is_blank() => {
                if standing.try_set(Stand::Asks(contents)).is_none() {
                    confirm.open();
                }
            }
            _ => keep(state, router, standing, contents),
        }
    });
}

async fn read(passphrase: &str) -> Result<Contents, Key> {
    let bytes = file::chosen(CHOSEN, LARGEST).await;
    let bytes = bytes.ok_or(texts::BACKUP_NO_FILE)?;
    let text = locks::restore(&bytes, passphrase).await;
    let text = text.map_err(|code| said(&code))?;
    carry::unpacked(&text).ok_or(texts::BACKUP_NONE)
}

/// What a short code means to a person.
fn said(code: &str) -> Key {
    match code {
        "passphrase-short" => texts::BACKUP_SHORT,
        "incomplete" | "unable" => texts::BACKUP_FAILED,
        "not-a-backup" => texts::BACKUP_NOT_ONE,
        "wrong-passphrase" => texts::BACKUP_WRONG,
        "damaged" => texts::BACKUP_DAMAGED,
        "too-new" => texts::BACKUP_NEW_VERSION,
        "too-much-work" => texts::BACKUP_TOO_MUCH_WORK,
        "too-large" => texts::BACKUP_TOO_LARGE,
        _ => texts::BACKUP_NOT_WRONG,
    }
}

fn keep(state: State, router: Router, standing: Standing, contents: Rc<Contents>) {
    let _ = standing.try_set(Stand::Busy);
    spawn_local(async move {
        match carry::bring_back(state, &contents).await {
            // The card itself is the best sign that it is back.
            Ok(Private::Fine) => router.go("/card"),
            Ok(Private::Locked) => drop(standing.try_set(Stand::Partly)),
            Err(_) => drop(standing.try_set(Stand::Failed(common::NOT_KEPT))),
        }
    });
}

fn opened(stand: Stand) -> View {
    match stand {
        Stand::Busy => el("p").class("note").child(t(common::LOADING)).show(),
        Stand::Failed(why) => trouble(t(why)),
        Stand::Partly => trouble(t(texts::BACKUP_PRIVATE_KEPT)),
        Stand::Asks(contents) => el("p")
            .class("note")
            .child(t(texts::backup_made_on(day(contents.made))))
            .show(),
        Stand::Ready | Stand::Made(..) => View::Nothing,
    }
}

/// A day as it is written in the reader's language.
fn day(at: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let language = document::language();
    // The made-up languages of tests are none to the browser.
    let language = language.split('-').next().unwrap_or("en");
    date.to_locale_date_string(language, &JsValue::UNDEFINED)
        .into()
}
