//! Rows: a picture, what it is, a short note; the whole row is the link.

use leptos::prelude::*;

use super::icon::icon;

/// A row that leads somewhere.
pub fn row(class: &'static str, href: String, picture: &'static str, title: String, note: String) -> AnyView {
    view! {
        <li><a class=class href=href>
            <span class="row__tile">{icon(picture)}</span>
            <span class="row__text"><span class="row__title">{title}</span><span class="row__note">{note}</span></span>
        </a></li>
    }
    .into_any()
}

/// A row whose number is what matters.
pub fn number_row(href: Option<String>, picture: &'static str, label: String, number: String, note: String) -> AnyView {
    let inside = view! {
        <span class="row__tile">{icon(picture)}</span>
        <span class="row__text"><span class="row__label">{label}</span><span class="row__number">{number}</span><span class="row__note">{note}</span></span>
    };
    match href {
        Some(href) => view! { <li><a class="row row--number" href=href>{inside}</a></li> }.into_any(),
        None => view! { <li><div class="row row--number row--static">{inside}</div></li> }.into_any(),
    }
}
