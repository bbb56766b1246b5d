//! Hope: someone to talk to. The crisis lines are always there; the rest is the scheme's.

use domain::scheme::{Service, Use};
use leptos::prelude::*;
use words::{hope as texts, numbers};

use crate::components::row::number_row;
use crate::components::{Bar, Head, drawing, frame};
use crate::platform::written;
use crate::shell;
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> AnyView {
    let body = view! {
        {shell::notices(state)}
        <section class="hope-door">
            <div class="hope-door__words"><h1 class="hope-door__title">{t(texts::TITLE)}</h1><p>{t(texts::LEAD)}</p></div>
            {drawing("person-at-door", "drawing drawing--person hope-door__drawing")}
        </section>
        {move || lists(state)}
        <p class="note">{t(texts::CALL_LIST)}" "<a class="danger" href="tel:999"><strong>{t(texts::DANGER)}</strong></a></p>
    };
    frame("hope", Head::Home, Bar::Exit, body.into_any())
}

fn lists(state: State) -> AnyView {
    let services = state.scheme.get().map(|scheme| scheme.services).unwrap_or_default();
    if services.is_empty() {
        return view! { <ul class="stack rows">{always()}</ul><p class="note">{t(texts::MISSING)}</p> }.into_any();
    }
    let group = |of: Use| services.iter().filter(|service| service.r#use == of).map(service_row).collect::<Vec<_>>();
    view! {
        <ul class="stack rows">{group(Use::Talk)}</ul>
        <h2 class="heading">{t(texts::VISIT)}</h2>
        <ul class="stack rows">{group(Use::Visit)}</ul>
        <h2 class="heading">{t(texts::MORE)}</h2>
        <ul class="stack rows">{group(Use::More)}</ul>
    }
    .into_any()
}

/// The lines that need no scheme and no connection.
fn always() -> AnyView {
    let shout = number_row(Some("sms:85258?body=SHOUT".into()), "message", t(numbers::SHOUT), t(numbers::SHOUT_NUMBER), String::new());
    let nhs = number_row(Some("tel:111".into()), "heart", t(numbers::N111), t(numbers::N111_NUMBER), String::new());
    view! { {number_row(Some("tel:116123".into()), "phone", t(numbers::SAMARITANS), "116 123".into(), String::new())} {shout} {nhs} }.into_any()
}

fn service_row(service: &Service) -> AnyView {
    let picture = match &service.link {
        Some(link) if link.starts_with("sms:") => "message",
        Some(_) => "phone",
        None => "door",
    };
    let note = format!("{} {}.", service.note, t(texts::checked(written::day(&service.checked_on))));
    number_row(service.link.clone(), picture, service.name.clone(), service.contact.clone(), note)
}
