//! The button that speaks for somebody; absent where the phone has no voice of its own.

use leptos::prelude::*;

use crate::components::icon;
use crate::dom::{Show, View, el};
use crate::platform::voice;

/// Speaks the words there are when it is pressed.
pub fn button(label: String, words: impl Fn() -> String + Clone + 'static) -> View {
    let there = RwSignal::new(voice::is_there());
    StoredValue::new_local(voice::when_voices_come(move || {
        there.try_set(voice::is_there());
    }));
    let there = Memo::new(move |_| there.get());
    let inside = move || {
        let words = words.clone();
        there.get().then(|| {
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", move |_| voice::say(&words()))
                .child(icon("speaker"))
                .child(el("span").child(label.clone()))
        })
    };
    inside.show()
}
