//! Before the first question: danger, who looks at the phone, who will read it.

use domain::report::Phone;
use leptos::prelude::*;
use words::{common, report as texts};

use super::Telling;
use crate::components::dialog::Ask;
use crate::components::field::{error_summary, wrong};
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::features::home;
use crate::platform::page;
use crate::shell;
use crate::speech::t;

/// The page; the language picker in its place when asked for.
pub fn page(telling: Telling) -> AnyView {
    let choosing = RwSignal::new(false);
    let inside = move || match (choosing.get(), telling.draft()) {
        (true, _) => home::languages(telling.state, choosing),
        (false, Some(_)) => resume(telling),
        (false, None) => safety(telling, choosing),
    };
    view! { {inside} }.into_any()
}

fn safety(telling: Telling, choosing: RwSignal<bool>) -> AnyView {
    let phone = RwSignal::new(None);
    let missing = RwSignal::new(false);
    let start = move |_| match phone.get_untracked() {
        Some(phone) => telling.begin(phone),
        None => {
            missing.set(true);
            page::focus_soon(".error-summary");
        }
    };
    let body = view! {
        {move || missing.get().then(|| error_summary(t(common::PROBLEM_TITLE), vec![("others-yes".into(), t(texts::OTHERS_MISSING))]))}
        {shell::notices(telling.state)}
        <h1 class="title">{t(texts::BEFORE_TITLE)}</h1>
        {danger()}
        <fieldset class="choices">
            <legend class="choices__title heading">{t(texts::OTHERS_TITLE)}</legend>
            <p class="choices__hint note">{t(texts::OTHERS_HINT)}</p>
            {move || missing.get().then(|| wrong("others-error".into(), t(texts::OTHERS_MISSING)))}
            {choice("others-yes", t(texts::OTHERS_YES), t(texts::OTHERS_YES_NOTE), move || phone.set(Some(Phone::Watched)))}
            {choice("others-no", t(texts::OTHERS_NO), t(texts::OTHERS_NO_NOTE), move || phone.set(Some(Phone::Mine)))}
        </fieldset>
        {move || facts(telling)}
        <div class="actions"><button type="button" class="button button--main" on:click=start>{t(common::CONTINUE)}</button></div>
    };
    frame("report", Head::Own(head(choosing)), Bar::Exit, body.into_any())
}

fn head(choosing: RwSignal<bool>) -> AnyView {
    view! {
        <a class="head__link" href="/">{crate::components::icon::icon_flip("chevron-start")}<span>{t(common::HOME)}</span></a>
        {home::language_pill(choosing)}
    }
    .into_any()
}

fn danger() -> AnyView {
    view! {
        <div class="notice notice--danger">
            <div class="notice__text"><strong class="notice__title">{t(texts::DANGER_TITLE)}</strong><p>{t(texts::DANGER_NOTE)}</p></div>
            <a class="button button--danger button--small" href="tel:999">"999"</a>
        </div>
    }
    .into_any()
}

fn choice(id: &'static str, title: String, note: String, chosen: impl Fn() + 'static) -> AnyView {
    view! {
        <label class="choice">
            <input class="choice__input" type="radio" name="others" id=id on:change=move |_| chosen() />
            <span class="choice__text"><span class="choice__title">{title}</span><span class="choice__note">{note}</span></span>
        </label>
    }
    .into_any()
}

fn facts(telling: Telling) -> AnyView {
    let centre = telling.state.scheme.get().and_then(|scheme| scheme.centres.first().map(|centre| centre.name.clone()));
    let who = centre.map_or_else(|| t(texts::FACT_WHO_NOBODY), |centre| t(texts::fact_who(centre)));
    view! {
        <ul class="facts">
            {fact("people", t(texts::FACT_WHO_STRONG), who)}
            {fact("shield", t(texts::FACT_RISK_STRONG), t(texts::FACT_RISK))}
            {fact("x", t(texts::FACT_EXIT_STRONG), t(texts::FACT_EXIT))}
        </ul>
    }
    .into_any()
}

fn fact(picture: &'static str, strong: String, text: String) -> AnyView {
    view! { <li class="facts__item">{icon(picture)}<p><strong>{strong}</strong>" "{text}</p></li> }.into_any()
}

fn resume(telling: Telling) -> AnyView {
    let confirm = Confirm::new();
    let ask = Ask { title: t(texts::DELETE_DRAFT_ASK), note: t(texts::DELETE_DRAFT_NOTE), yes: t(texts::DELETE_DRAFT), no: t(texts::DELETE_KEEP) };
    let body = view! {
        <h1 class="title">{t(texts::RESUME_TITLE)}</h1>
        {danger()}
        <p class="lead">{t(texts::RESUME_LEAD)}</p>
        <div class="actions">
            <button type="button" class="button button--main" on:click=move |_| telling.resume()>{t(texts::RESUME)}</button>
            <button type="button" class="button button--delete" on:click=move |_| confirm.open()>{icon("trash")}<span>{t(texts::DELETE_DRAFT)}</span></button>
        </div>
        {confirm.view(ask, move || telling.delete())}
    };
    frame("report", Head::Home, Bar::Exit, body.into_any())
}
