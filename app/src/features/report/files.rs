//! Pictures, recordings and documents that go with a report: each is looked at and sealed as it is added.

use ::words::{Key, common, files as words};
use domain::form::QuestionId;
use domain::report::enclosed::{self, File, Kind, Origin, Refusal, harmless_name};
use domain::report::{Draft, Phone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Blob, Event, HtmlInputElement};

use super::{Telling, voice};
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::photo::opener;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el, own};
use crate::platform::{page, photo};
use crate::speech::t;
use crate::state::files::Found;

/// A file on its way into the report: its name, and how many of a hundred parts are sealed.
pub type Sealing = Option<(String, u32)>;

/// The page; `from` is the question it was opened from, none for the check page.
pub fn page(telling: Telling, from: Option<QuestionId>) -> View {
    // Whoever came to say what happened finds that first.
    let says = from.is_some();
    let leave = move |_| {
        if !voice::would_be_lost(telling) {
            telling.go_to(from.clone());
        }
    };
    let redraw = RwSignal::new(telling.draft().is_none_or(|draft| draft.is_anonymous()));
    let body = all![
        el("h1").class("title").child(t(words::TITLE)),
        el("p").class("lead").child(t(lead(telling))),
        move || refused(telling),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || telling
                .sealing
                .get()
                .map(|(name, percent)| progress(name, percent))),
        move || list(telling),
        says.then(|| voice::recorder(telling)),
        details(redraw),
        choosing(telling, redraw),
        (!says).then(|| voice::recorder(telling)),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", leave.clone())
                .child(t(words::DONE)),
        )
    ];
    let back = el("button")
        .attr("type", "button")
        .class("head__link")
        .on("click", leave)
        .child(icon_flip("chevron-start"))
        .child(el("span").child(t(common::BACK)));
    frame("report", Head::Own(back.show()), Bar::Exit, body.show())
}

/// What was not added, said also after the person has gone on.
pub fn refused(telling: Telling) -> Vec<View> {
    telling.refused.get().into_iter().map(trouble).collect()
}

fn lead(telling: Telling) -> Key {
    match telling.draft().map(|draft| draft.phone) {
        Some(Phone::Watched) => words::LEAD_WATCHED,
        _ => words::LEAD,
    }
}

fn progress(name: String, percent: u32) -> View {
    let bar = el("progress")
        .class("report__progress")
        .attr("max", "100")
        .attr("value", percent.to_string())
        .attr("aria-label", name.clone());
    el("div")
        .child(el("p").child(t(words::busy(name, percent.to_string()))))
        .child(bar)
        .show()
}

/// What was added so far.
fn list(telling: Telling) -> View {
    let draft = telling.state.draft.get();
    let files = draft.as_ref().map_or(&[][..], Draft::files);
    if files.is_empty() {
        return el("p").class("note").child(t(words::NONE)).show();
    }
    let items: Vec<_> = files.iter().map(|file| item(telling, file)).collect();
    el("ul").class("stack").child(items).show()
}

fn item(telling: Telling, file: &File) -> View {
    let name = name(file);
    let note = match file.origin {
        Origin::Redrawn => Some(t(words::REDRAWN)),
        Origin::Original if file.kind.is_picture() => Some(t(words::ORIGINAL)),
        _ => None,
    };
    let id = file.part.id.clone();
    let delete = el("button")
        .attr("type", "button")
        .class("button button--small button--delete")
        .attr("aria-label", t(words::delete_what(name.clone())))
        .on("click", move |_| {
            let id = id.clone();
            spawn_local(async move { telling.kept.set(Some(telling.state.take_out(&id).await)) });
            page::focus_soon("h1");
        })
        .child(icon("trash"))
        .child(el("span").child(t(words::DELETE)));
    el("li")
        .class("report report--received")
        .child(el("span").class("report__dot"))
        .child(
            el("div")
                .class("report__text")
                .child(el("p").class("report__title").child(own(&name)))
                .child(el("p").class("report__note").child(size(file.length)))
                .child(note.map(|note| el("p").class("report__note").child(note))),
        )
        .child(el("div").class("report__actions").child(delete))
        .show()
}

/// What a person knows it by.
pub fn name(file: &File) -> String {
    match file.origin {
        Origin::Spoken => t(words::SPOKEN),
        _ if file.name.is_empty() => format!("{}.{}", t(words::PICTURE), file.kind.ending()),
        _ => file.name.clone(),
    }
}

/// "0.3 MB": a tenth at least.
fn size(bytes: u64) -> String {
    let tenths = (bytes.saturating_add(50_000) / 100_000).max(1);
    t(words::megabytes(format!("{}.{}", tenths / 10, tenths % 10)))
}

/// Whether pictures are drawn anew: the choice is the person's, for what is added after it.
fn details(redraw: RwSignal<bool>) -> View {
    let input = el("input")
        .class("choice__input")
        .attr("type", "checkbox")
        .attr("id", "files-details")
        .attr("checked", redraw.get_untracked())
        .on("change", move |event| redraw.set(is_checked(&event)));
    el("label")
        .class("choice")
        .child(input)
        .child(
            el("span")
                .class("choice__text")
                .child(el("span").class("choice__title").child(t(words::DETAILS)))
                .child(
                    el("span")
                        .class("choice__note")
                        .child(t(words::DETAILS_NOTE)),
                ),
        )
        .show()
}

fn is_checked(event: &Event) -> bool {
    let input = event.target().and_then(|it| it.dyn_into().ok());
    input.is_some_and(|input: HtmlInputElement| input.checked())
}

fn choosing(telling: Telling, redraw: RwSignal<bool>) -> View {
    let input = |id: &str| {
        el("input")
            .attr("type", "file")
            .attr("id", id)
            .attr("hidden", true)
            .on("change", move |event| add(telling, &event, redraw))
    };
    let take = input("files-take")
        .attr("accept", "image/*")
        .attr("capture", "environment");
    let choose = input("files-choose").attr("multiple", true);
    el("div")
        .class("stack")
        .child(opener(&take, "scan", words::TAKE))
        .child(opener(&choose, "plus", words::ADD_FROM))
        .child(take)
        .child(choose)
        .show()
}

/// Adds what was chosen, one after the other. Nothing is sent before all of it is in, or refused.
fn add(telling: Telling, event: &Event, redraw: RwSignal<bool>) {
    let Some(input) = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let chosen: Vec<_> = input.files().map_or(vec![], |files| {
        (0..files.length()).filter_map(|at| files.get(at)).collect()
    });
    // The same one can be chosen again.
    input.set_value("");
    telling.refused.set(Vec::new());
    let redraw = redraw.get_untracked();
    let under_way = telling.state.enclosing();
    spawn_local(async move {
        for file in chosen {
            let name = harmless_name(&file.name());
            // Looking at a picture and drawing it anew take their time as well.
            let _ = telling.sealing.try_set(Some((name.clone(), 0)));
            if let Err(why) = enclose(telling, file.into(), name, redraw).await {
                let _ = telling.sealing.try_set(None);
                let _ = telling.refused.try_update(|all| all.push(why));
            }
        }
        drop(under_way);
    });
}

/// Looks at a file and seals it; what keeps it from being added, in words.
async fn enclose(telling: Telling, file: Blob, name: String, redraw: bool) -> Result<(), String> {
    let kind = looked_at(telling, &file)
        .await
        .map_err(|why| refusal(why, name.clone()))?;
    let found = if redraw && kind.is_picture() {
        let drawn = photo::redrawn(&file).await;
        Found {
            bytes: drawn.ok_or_else(|| t(words::undrawable(name.clone())))?,
            // A camera's name can tell when it was taken: it goes with the other details.
            name: String::new(),
            kind: Kind::Jpg,
            origin: Origin::Redrawn,
        }
    } else {
        Found {
            bytes: file,
            name,
            kind,
            origin: Origin::Original,
        }
    };
    seal(telling, found).await
}

async fn looked_at(telling: Telling, file: &Blob) -> Result<Kind, Refusal> {
    let draft = telling.state.draft.get_untracked();
    let beside = draft.as_ref().map_or(&[][..], Draft::files);
    enclosed::has_room(beside, file.size() as u64)?;
    let head = photo::head(file).await.ok_or(Refusal::Damaged)?;
    enclosed::look(&head)
}

/// Seals a file into the draft; what went wrong, in words.
pub async fn seal(telling: Telling, found: Found) -> Result<(), String> {
    let name = match (found.origin, &*found.name) {
        (Origin::Spoken, _) => t(words::SPOKEN),
        (_, "") => t(words::PICTURE),
        (_, name) => name.to_owned(),
    };
    let all = found.bytes.size();
    let (said, sealing) = (name.clone(), telling.sealing);
    let _ = sealing.try_set(Some((name.clone(), 0)));
    let told = move |done: f64| {
        let _ = sealing.try_set(Some((said.clone(), (done * 100.0 / all) as u32)));
    };
    let sealed = telling.state.enclose(found, told).await;
    let _ = telling.sealing.try_set(None);
    sealed.map_err(|code| match code.as_str() {
        "full" => t(words::full(name)),
        _ => t(words::badly(name)),
    })
}

fn refusal(why: Refusal, name: String) -> String {
    t(match why {
        Refusal::Empty => words::empty(name),
        Refusal::TooLarge => words::too_large(name),
        Refusal::TooMuch => words::much(name),
        Refusal::TooMany => words::many(name),
        Refusal::OtherKind => words::other_kind(name),
        Refusal::TooManyPixels => words::pixels(name),
        Refusal::Damaged => words::damaged(name),
    })
}
