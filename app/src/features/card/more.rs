//! Everything else there is for a card, each one tap away.

use words::card_edit as texts;

use crate::components::row::row;
use crate::components::{Bar, Head, frame};
use crate::dom::{View, all, el};
use crate::features::keep::prompt;
use crate::shell;
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    let to = |href: &str, picture, title, note| row("row", href.into(), picture, t(title), t(note));
    let rows = vec![
        to(
            "/card/edit",
            "pencil",
            words::card::EDIT,
            texts::MORE_EDIT_NOTE,
        ),
        to(
            "/card/usual-places",
            "signpost",
            texts::MORE_PLACES,
            texts::MORE_PLACES_NOTE,
        ),
        to(
            "/card/practise",
            "people",
            words::practise::TITLE,
            words::practise::NOTE,
        ),
        to(
            "/card/paper",
            "printer",
            texts::MORE_PAPER,
            texts::MORE_PAPER_NOTE,
        ),
        to(
            "/card/picture",
            "card",
            texts::MORE_PICTURE,
            texts::MORE_PICTURE_NOTE,
        ),
        to(
            "/card/phone",
            "phone",
            texts::MORE_PHONE,
            texts::MORE_PHONE_NOTE,
        ),
        to(
            "/card/scan",
            "card",
            words::keep::SCAN,
            words::keep::SCAN_NOTE,
        ),
        to(
            "/card/backup",
            "download",
            texts::MORE_BACKUP,
            texts::MORE_BACKUP_NOTE,
        ),
        to(
            "/card/private",
            "eye-off",
            texts::MORE_PRIVATE,
            texts::MORE_PRIVATE_NOTE,
        ),
        to(
            "/settings/locks",
            "lock",
            texts::MORE_LOCKS,
            texts::MORE_LOCKS_NOTE,
        ),
        to(
            "/card/carer",
            "people",
            texts::CARER,
            texts::MORE_CARER_NOTE,
        ),
    ];
    let body = all![
        el("h1").class("title").child(t(texts::MORE)),
        shell::due_notice(state),
        prompt::view(state),
        el("ul").class("stack").child(rows)
    ];
    let card = t(words::card::LABEL);
    frame("more", Head::To("/card", card), Bar::Help, body)
}
