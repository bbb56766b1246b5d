//! The button that speaks for somebody; absent where the phone has no voice of its own.

use leptos::prelude::*;

use super::icon;
use crate::dom::{Show, View, el};
use crate::platform::page;
use crate::platform::voice::{self, Said};
use crate::speech::t;

/// Speaks the words there are when it is pressed.
pub fn button(
    label: words::Key,
    class: &'static str,
    words: impl Fn() -> String + Clone + 'static,
) -> View {
    let speaks = || voice::speaks(&page::language());
    let there = RwSignal::new(speaks());
    StoredValue::new_local(voice::on_voices(move || {
        there.try_set(speaks());
    }));
    let there = Memo::new(move |_| there.get());
    let inside = move || {
        let words = words.clone();
        let say = move |_| {
            let said = Said {
                language: page::language(),
                text: words(),
            };
            voice::say(vec![said], || {});
        };
        there.get().then(|| {
            el("button")
                .attr("type", "button")
                .class(class)
                .on("click", say)
                .child(icon("speaker"))
                .child(el("span").child(t(label)))
        })
    };
    inside.show()
}
