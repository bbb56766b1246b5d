//! Lines of help that an answer calls for: said once, on the page that follows, holding nobody up.

use ::words::report as words;
use domain::form::Sign;
use leptos::prelude::*;

use super::Telling;
use crate::components::notice::notice;
use crate::dom::{Show, View, all, el};
use crate::features::help::cope;
use crate::speech::t;

/// What the answers given last call for.
pub fn fresh(telling: Telling) -> View {
    let lines = move || {
        let fresh = telling.fresh.get();
        fresh
            .into_iter()
            .map(|sign| line(telling, sign))
            .collect::<Vec<_>>()
    };
    lines.show()
}

fn line(telling: Telling, sign: Sign) -> View {
    match sign {
        Sign::Distress => all![
            notice(
                "note",
                "heart-message",
                t(words::SIGN_DISTRESS_TITLE),
                t(words::SIGN_DISTRESS),
                None
            ),
            el("ul").class("stack rows").child(cope::embedded())
        ],
        Sign::AfraidOfHome => notice(
            "note",
            "house",
            t(words::SIGN_HOME_TITLE),
            t(words::SIGN_HOME),
            Some(ring(telling, "domestic-abuse")),
        ),
        Sign::Child => notice(
            "note",
            "people",
            t(words::SIGN_CHILD_TITLE),
            t(words::SIGN_CHILD),
            Some(ring(telling, "childline")),
        ),
        Sign::Cameras => notice(
            "note",
            "info",
            t(words::SIGN_CAMERAS_TITLE),
            t(words::SIGN_CAMERAS),
            None,
        ),
    }
}

/// Somebody the scheme knows for this; where it names nobody, all it names.
fn ring(telling: Telling, service: &str) -> View {
    let scheme = telling.state.scheme.get();
    let services = scheme.map(|scheme| scheme.services).unwrap_or_default();
    let known = services.into_iter().find(|known| known.id == service);
    let (link, text) = match known.and_then(|known| Some((known.link?, known.name, known.contact)))
    {
        Some((link, name, contact)) => (link, format!("{name} {contact}")),
        None => ("/hope".to_owned(), t(words::SIGN_MORE)),
    };
    el("a")
        .class("button button--small")
        .attr("href", link)
        .child(text)
        .show()
}
