//! Boxes to tick: what else may be seen. Nothing is ticked beforehand.

use leptos::prelude::*;

use crate::dom::{Show, View, all, el};

/// One box for each thing that can be chosen. What was chosen before stays so.
pub fn ticks<T: Copy + PartialEq + Send + Sync + 'static>(
    title: String,
    hint: Option<String>,
    offered: Vec<(T, String)>,
    chosen: RwSignal<Vec<T>>,
) -> View {
    let described = hint.as_ref().map(|_| "ticks-hint");
    let boxes: Vec<_> = (offered.into_iter())
        .map(|(thing, label)| tick(thing, label, chosen))
        .collect();
    el("fieldset")
        .class("choices")
        .attr("aria-describedby", described)
        .child(all![
            el("legend").class("choices__title heading").child(title),
            hint.map(|hint| {
                el("p")
                    .class("choices__hint note")
                    .attr("id", "ticks-hint")
                    .child(hint)
            }),
            boxes
        ])
        .show()
}

fn tick<T: Copy + PartialEq + Send + Sync + 'static>(
    thing: T,
    label: String,
    chosen: RwSignal<Vec<T>>,
) -> View {
    let checked = chosen.with_untracked(|chosen| chosen.contains(&thing));
    let change = move |_| {
        chosen.update(|chosen| {
            if chosen.contains(&thing) {
                chosen.retain(|one| *one != thing);
            } else {
                chosen.push(thing);
            }
        });
    };
    el("label")
        .class("choice")
        .child(
            el("input")
                .class("choice__input")
                .attr("type", "checkbox")
                .attr("checked", checked)
                .on("change", change),
        )
        .child(
            el("span")
                .class("choice__text")
                .child(el("span").class("choice__title").child(label)),
        )
        .show()
}
