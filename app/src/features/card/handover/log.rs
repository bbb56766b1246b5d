//! "What helped?" A nameless note for the scheme: which kind of help, at which place, on which day.
//! It is asked for when the end is near, answered by one tap, and never needed.

use domain::handover::{HandOver, Stage};
use domain::id::PlaceId;
use domain::note::{How, Kind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::handover as texts;

use super::html::button;
use crate::features::card::front::{put, said_by_us};
use crate::state::{Shown, State};

/// How far the question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// There is something more urgent to do.
    NotYet,
    /// It is asked.
    Now,
    /// It was answered.
    Thanked,
}

impl Asked {
    /// Whether to ask at this step.
    pub fn at(handover: &HandOver, answered: bool) -> Self {
        match (answered, handover.stage) {
            (true, _) => Self::Thanked,
            (false, Stage::Ring(_)) if handover.aside.is_none() => Self::NotYet,
            _ => Self::Now,
        }
    }
}

/// The question, one tap an answer; or thanks.
pub fn question(out: &mut String, asked: Asked) {
    let title = match asked {
        Asked::NotYet => return,
        Asked::Now => texts::LOG_QUESTION,
        Asked::Thanked => texts::LOG_THANKS,
    };
    put(
        out,
        &[
            r#"<section class="log"><div role="status"><h2 class="log__title">"#,
            &said_by_us(title),
            "</h2></div>",
        ],
    );
    if asked == Asked::Now {
        out.push_str(r#"<div class="others">"#);
        for (act, words) in [
            ("log-ring", texts::LOG_RING),
            ("log-rest", texts::LOG_REST),
            ("log-directions", texts::LOG_DIRECTIONS),
            ("log-police", texts::LOG_POLICE),
            ("log-other", texts::LOG_OTHER),
        ] {
            button(out, "button others__one", act, &said_by_us(words));
        }
        out.push_str("</div>");
    }
    out.push_str("</section>");
}

/// Notes the answer, with the place where the helper chose one of the scheme's own. What was typed
/// stays on the phone: it could name somebody.
pub fn help_log(state: State, kind: &str, place: &str) {
    let how = match kind {
        "ring" => How::RangContact,
        "rest" => How::KeptCompany,
        "directions" => How::ShowedTheWay,
        "police" => How::RangEmergency,
        _ => How::Other,
    };
    let place = known(state, place);
    // Should the phone not keep it, one number is smaller by one.
    spawn_local(async move {
        let _ = state.note(Kind::HelpGiven { how }, place).await;
    });
}

fn known(state: State, name: &str) -> Option<PlaceId> {
    state.places.with_untracked(|places| match places {
        Shown::Ready(places) => {
            let mut named = places.iter().filter(|place| place.name == name);
            named.next().map(|place| place.id.clone())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use domain::handover::{Aside, Tap};
    use domain::time::Timestamp;

    use super::*;

    #[test]
    fn nobody_is_asked_while_there_is_somebody_to_ring() {
        let now = Timestamp(0);
        let begun = HandOver::begin(1, now);
        assert_eq!(Asked::at(&begun, false), Asked::NotYet);
        let nobody = begun.clone().after(Tap::NoAnswer, 1, now);
        assert_eq!(Asked::at(&nobody, false), Asked::Now);
        assert_eq!(Asked::at(&nobody, true), Asked::Thanked);
        let fetched = begun.after(Tap::Opens(Aside::Fetched), 1, now);
        assert_eq!(Asked::at(&fetched, false), Asked::Now);
    }
}
