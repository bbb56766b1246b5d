//! Saying what happened: a recording that can wait, be listened to, and be thrown away, before it is added.

use std::cell::RefCell;
use std::rc::Rc;

use ::words::{Key, files as words};
use domain::report::enclosed::{self, MAX_FILE, Origin};
use gloo::timers::callback::Interval;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use super::{Telling, files, shared};
use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{Show, View, all, el};
use crate::platform::file::Address;
use crate::platform::recorder::{Recorder, Silent};
use crate::platform::{page, photo};
use crate::speech::t;
use crate::state::files::Found;

/// So near to what a file may have, a recording ends by itself.
const NEARLY_FULL: f64 = MAX_FILE as f64 - 100_000.0;

/// How far the person is.
#[derive(Clone)]
enum Step {
    Idle,
    Asking,
    Recording { waits: bool },
    Listening(Blob),
    Cannot(Key),
}

/// What was recorded and is not in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loose {
    /// There is nothing.
    Nothing,
    /// It would be lost with the page.
    Held,
    /// The same, and that was said.
    Told,
}

/// Whether a recording would be lost if the page were left now; that is said then.
pub fn would_be_lost(telling: Telling) -> bool {
    let held = telling.recording.get_untracked() != Loose::Nothing;
    if held {
        telling.recording.set(Loose::Told);
        page::focus_soon("#voice button");
    }
    held
}

/// One recording. Gone with the page, the microphone is let go of.
#[derive(Clone)]
struct Voice {
    telling: Telling,
    step: RwSignal<Step, LocalStorage>,
    seconds: RwSignal<u32>,
    recorder: StoredValue<Rc<RefCell<Option<Recorder>>>, LocalStorage>,
}

/// The part of the page that records.
pub fn recorder(telling: Telling) -> View {
    let voice = Voice {
        telling,
        step: RwSignal::new_local(Step::Idle),
        seconds: RwSignal::new(0),
        recorder: StoredValue::new_local(Rc::default()),
    };
    let ticking = voice.clone();
    let clock = Interval::new(1_000, move || ticking.tick());
    StoredValue::new_local(clock);
    let recording = telling.recording;
    on_cleanup(move || {
        let _ = recording.try_set(Loose::Nothing);
    });
    let inside = move || match voice.step.get() {
        Step::Idle => voice.begin(),
        Step::Asking => button("speaker", words::RECORD, |_| {}),
        Step::Recording { waits } => voice.recording(waits),
        Step::Listening(sound) => voice.listening(&sound),
        Step::Cannot(why) => all![trouble(t(why)), voice.begin()],
    };
    el("section")
        .class("stack")
        .attr("id", "voice")
        .child(el("h2").class("heading").child(t(words::VOICE_TITLE)))
        .child(move || {
            let told = recording.get() == Loose::Told;
            told.then(|| trouble(t(words::LOOSE)))
        })
        .child(inside)
        .show()
}

fn button(
    picture: &'static str,
    label: Key,
    pressed: impl FnMut(web_sys::Event) + 'static,
) -> View {
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", pressed)
        .child(icon(picture))
        .child(el("span").child(t(label)))
        .show()
}

/// "1:05".
fn minutes(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

impl Voice {
    fn begin(&self) -> View {
        let voice = self.clone();
        button("speaker", words::RECORD, move |_| voice.start())
    }

    fn start(&self) {
        let voice = self.clone();
        voice.step.set(Step::Asking);
        spawn_local(async move {
            let next = match Recorder::start().await {
                // Whoever left the page meanwhile is not recorded: dropped, it lets go.
                Ok(recorder) => match voice.recorder.try_get_value() {
                    Some(kept) => {
                        *kept.borrow_mut() = Some(recorder);
                        voice.seconds.set(0);
                        Step::Recording { waits: false }
                    }
                    None => return,
                },
                Err(Silent::Denied) => Step::Cannot(words::RECORD_DENIED),
                Err(Silent::Unable) => Step::Cannot(words::RECORD_MISSING),
            };
            voice.go(next);
        });
    }

    /// The next step, with the keyboard at its first button.
    fn go(&self, step: Step) {
        let loose = match step {
            Step::Recording { .. } | Step::Listening(_) => Loose::Held,
            Step::Idle | Step::Asking | Step::Cannot(_) => Loose::Nothing,
        };
        if self.step.try_set(step).is_none() {
            self.telling.recording.set(loose);
        }
        page::focus_soon("#voice button");
    }

    fn tick(&self) {
        if !matches!(self.step.get_untracked(), Step::Recording { waits: false }) {
            return;
        }
        shared::touched();
        self.seconds.update(|seconds| *seconds += 1);
        let kept = self.recorder.get_value();
        let full = (kept.borrow().as_ref()).is_some_and(|one| one.bytes() > NEARLY_FULL);
        if full {
            self.stop();
        }
    }

    fn recording(&self, waits: bool) -> View {
        let seconds = self.seconds;
        let time = move || {
            let time = minutes(seconds.get());
            t(match waits {
                true => words::recording_paused(time),
                false => words::recording(time),
            })
        };
        let (pausing, stopping) = (self.clone(), self.clone());
        let pause = move |_| {
            if let Some(recorder) = pausing.recorder.get_value().borrow().as_ref() {
                recorder.pause(!waits);
            }
            pausing.go(Step::Recording { waits: !waits });
        };
        let label = if waits { words::RESUME } else { words::PAUSE };
        all![
            el("p").class("lead").attr("role", "timer").child(time),
            el("div")
                .class("pair")
                .child(button("clock", label, pause))
                .child(button("check", words::STOP, move |_| stopping.stop()))
        ]
    }

    fn stop(&self) {
        let voice = self.clone();
        spawn_local(async move {
            let recorder = voice.recorder.get_value().borrow_mut().take();
            let Some(recorder) = recorder else { return };
            voice.go(match recorder.stop().await {
                Some(sound) if sound.size() > 0.0 => Step::Listening(sound),
                _ => Step::Cannot(words::RECORD_MISSING),
            });
        });
    }

    fn listening(&self, sound: &Blob) -> View {
        let address = Address::of(sound);
        let player = address.as_ref().map(|address| {
            el("audio")
                .class("voice__player")
                .attr("controls", true)
                .attr("src", address.as_str())
                .attr("aria-label", t(words::LISTEN))
        });
        // The address lives as long as the part of the page it stands in.
        StoredValue::new_local(address);
        let (adding, again, sound) = (self.clone(), self.clone(), sound.clone());
        all![
            player,
            el("div")
                .class("stack")
                .child(button("check", words::ADD, move |_| adding.add(&sound)))
                .child(button("trash", words::RECORD_AGAIN, move |_| again.go(Step::Idle)))
        ]
    }

    /// Seals what was said. Until that is done, it can still be heard.
    fn add(&self, sound: &Blob) {
        let (voice, sound) = (self.clone(), sound.clone());
        let under_way = voice.telling.state.enclosing();
        voice.telling.recording.set(Loose::Nothing);
        spawn_local(async move {
            let refused = voice.telling.refused;
            refused.set(Vec::new());
            let sealed = sealed(voice.telling, sound).await;
            drop(under_way);
            if let Err(why) = sealed {
                let _ = refused.try_update(|all| all.push(why));
                if voice.step.try_get_untracked().is_some() {
                    voice.telling.recording.set(Loose::Held);
                }
                return;
            }
            voice.go(Step::Idle);
        });
    }
}

async fn sealed(telling: Telling, sound: Blob) -> Result<(), String> {
    let badly = || t(words::badly(t(words::SPOKEN)));
    let head = photo::head(&sound).await.ok_or_else(badly)?;
    let found = Found {
        kind: enclosed::look(&head).map_err(|_| badly())?,
        bytes: sound,
        name: String::new(),
        origin: Origin::Spoken,
    };
    files::seal(telling, found).await
}
