//! The phone in a helper's hand: which step is shown. Kept after every tap, so that a call which
//! ends the app leads back to the next step and never into the holder's own pages.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Characters of the name of someone who came to fetch the holder.
pub const MAX_FETCHED_BY: usize = 120;
/// Characters of where the helper is.
pub const MAX_PLACE: usize = 120;
/// How long the phone is held to give it back, in milliseconds: no pocket does that by chance.
pub const HOLD: u32 = 3_000;
/// Who can't hold taps twice, this many milliseconds apart.
const TWO_TAPS: std::ops::RangeInclusive<i64> = 2_000..=20_000;

/// Where a helper is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// When the holder handed the phone over, by this phone's clock.
    pub begun: Timestamp,
    /// Whom to ring now, or that it is done.
    pub stage: Stage,
    /// Calls begun so far, the last one last.
    pub calls: Vec<Call>,
    /// Something else that happened, shown above the steps until it is put away.
    #[serde(default)]
    pub aside: Option<Aside>,
    /// Who came to fetch the holder, as the helper noted it.
    #[serde(default)]
    pub fetched_by: String,
    /// Where the helper is, as they chose or typed it.
    #[serde(default)]
    pub place: String,
}

/// Which step a helper is at. Numbers count the contacts that can be rung, in ring order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Ask, then ring this contact.
    Ring(usize),
    /// This contact answered: wait together.
    Answered(usize),
    /// Nobody on the card answered: the scheme's number, then the police.
    Nobody,
}

/// A call that was begun. Whether anyone answered is the helper's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Which contact.
    pub contact: usize,
    /// When, by this phone's clock.
    pub at: Timestamp,
}

/// What may happen beside the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// "We are closing."
    Closing,
    /// The holder wants to go; nobody may keep them.
    Leaving,
    /// Someone came to fetch the holder.
    Fetched,
}

/// What a helper does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tap {
    /// Begins a call to a contact.
    Rings(usize),
    /// The contact did not answer.
    NoAnswer,
    /// The contact answered.
    Answered,
    /// Rings again from the first contact.
    FromTheFirst,
    /// Opens one of the other cases.
    Opens(Aside),
    /// Back to the steps.
    PutsAway,
    /// Notes who came.
    Notes(String),
    /// Says where they are.
    IsAt(String),
}

impl HandOver {
    /// The first step, for a card on which this many contacts can be rung.
    pub fn begin(contacts: usize, now: Timestamp) -> Self {
        Self {
            begun: now,
            stage: ring(0, contacts),
            calls: Vec::new(),
            aside: None,
            fetched_by: String::new(),
            place: String::new(),
        }
    }

    /// What a tap leads to.
    pub fn after(mut self, tap: Tap, contacts: usize, now: Timestamp) -> Self {
        match tap {
            Tap::Rings(contact) if contact < contacts => {
                self.calls.push(Call { contact, at: now });
                self.stage = Stage::Ring(contact);
            }
            Tap::Rings(_) => {}
            Tap::NoAnswer => self.stage = self.next(contacts),
            Tap::Answered => {
                if let Some(contact) = self.contact() {
                    self.stage = Stage::Answered(contact);
                }
            }
            Tap::FromTheFirst => self.stage = ring(0, contacts),
            Tap::Opens(aside) => self.aside = Some(aside),
            Tap::PutsAway => self.aside = None,
            Tap::Notes(name) => self.fetched_by = name.chars().take(MAX_FETCHED_BY).collect(),
            Tap::IsAt(place) => self.place = place.chars().take(MAX_PLACE).collect(),
        }
        self
    }

    /// Where it goes on after the app was ended, by a call or otherwise: had a call to the present
    /// contact been begun, the next one is offered, and the same one again beside it.
    pub fn resumed(mut self, contacts: usize) -> Self {
        let rang = self.calls.last().map(|call| Stage::Ring(call.contact));
        if rang == Some(self.stage) {
            self.stage = self.next(contacts);
        }
        self
    }

    /// The last call to someone other than the contact whose turn it is.
    pub fn tried_last(&self) -> Option<Call> {
        let turn = self.contact();
        let tried = self.calls.iter().rev();
        tried
            .copied()
            .find(|call| Some(call.contact) != turn || self.stage == Stage::Nobody)
    }

    /// Whose turn it is.
    pub fn contact(&self) -> Option<usize> {
        match self.stage {
            Stage::Ring(contact) | Stage::Answered(contact) => Some(contact),
            Stage::Nobody => None,
        }
    }

    fn next(&self, contacts: usize) -> Stage {
        self.contact()
            .map_or(Stage::Nobody, |contact| ring(contact + 1, contacts))
    }
}

/// What a tap on "give back" means after an earlier one, for hands that can't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveBackTap {
    /// The first one, or too long after another: now a pause, then one more.
    First,
    /// Too quick: a double tap, or a shaking hand. It counts as the first.
    TooSoon,
    /// The second one after a pause: the phone is given back.
    GivesBack,
}

impl GiveBackTap {
    /// What a tap means, given when the one before it was.
    pub fn after(before: Option<Timestamp>, now: Timestamp) -> Self {
        match before.map(|before| now.since(before)) {
            Some(pause) if TWO_TAPS.contains(&pause) => Self::GivesBack,
            Some(pause) if (0..*TWO_TAPS.start()).contains(&pause) => Self::TooSoon,
            _ => Self::First,
        }
    }
}

fn ring(contact: usize, contacts: usize) -> Stage {
    if contact < contacts {
        Stage::Ring(contact)
    } else {
        Stage::Nobody
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[track_caller]
    fn leads(contacts: usize, taps: &[Tap], expected: Stage) -> HandOver {
        let begun = HandOver::begin(contacts, NOW);
        let reached = (taps.iter().cloned()).fold(begun, |at, tap| at.after(tap, contacts, NOW));
        assert_eq!(reached.stage, expected, "{taps:?}");
        reached
    }

    #[test]
    fn each_contact_is_rung_in_turn_and_then_the_scheme() {
        leads(0, &[], Stage::Nobody);
        leads(2, &[], Stage::Ring(0));
        leads(2, &[Tap::Rings(0), Tap::NoAnswer], Stage::Ring(1));
        let all = [Tap::Rings(0), Tap::NoAnswer, Tap::Rings(1), Tap::NoAnswer];
        let nobody = leads(2, &all, Stage::Nobody);
        assert_eq!(nobody.tried_last().map(|call| call.contact), Some(1));
        leads(2, &[Tap::Rings(0), Tap::Answered], Stage::Answered(0));
        leads(
            2,
            &[Tap::NoAnswer, Tap::NoAnswer, Tap::FromTheFirst],
            Stage::Ring(0),
        );
        leads(2, &[Tap::Rings(7)], Stage::Ring(0));
    }

    #[test]
    fn a_call_that_ended_the_app_leads_to_the_next_contact() {
        let rang = leads(2, &[Tap::Rings(0)], Stage::Ring(0));
        let back = rang.resumed(2);
        assert_eq!(back.stage, Stage::Ring(1));
        assert_eq!(back.tried_last().map(|call| call.contact), Some(0));
        let last = back.after(Tap::Rings(1), 2, NOW).resumed(2);
        assert_eq!(last.stage, Stage::Nobody);
        let untouched = leads(2, &[], Stage::Ring(0)).resumed(2);
        assert_eq!(untouched.stage, Stage::Ring(0));
        let answered = leads(2, &[Tap::Rings(0), Tap::Answered], Stage::Answered(0)).resumed(2);
        assert_eq!(answered.stage, Stage::Answered(0));
    }

    #[test]
    fn what_happens_beside_the_steps_keeps_their_place() {
        let aside = leads(
            2,
            &[
                Tap::Rings(0),
                Tap::NoAnswer,
                Tap::Opens(Aside::Fetched),
                Tap::Notes("Jo".into()),
            ],
            Stage::Ring(1),
        );
        assert_eq!(aside.aside, Some(Aside::Fetched));
        let back = aside.after(Tap::PutsAway, 2, NOW);
        assert_eq!((back.aside, back.fetched_by.as_str()), (None, "Jo"));
    }

    #[test]
    fn two_taps_give_back_only_with_a_pause_between_them() {
        let tap = |pause| GiveBackTap::after(Some(NOW), NOW.plus(pause));
        assert_eq!(GiveBackTap::after(None, NOW), GiveBackTap::First);
        assert_eq!(tap(300), GiveBackTap::TooSoon);
        assert_eq!(tap(2_000), GiveBackTap::GivesBack);
        assert_eq!(tap(20_001), GiveBackTap::First);
        assert_eq!(tap(-5_000), GiveBackTap::First);
    }

    #[test]
    fn the_kept_shape_of_a_hand_over_is_a_decision() {
        let kept = serde_json::json!({
            "begun": 5, "stage": { "ring": 1 }, "calls": [{ "contact": 0, "at": 6 }]
        });
        let opened: HandOver = serde_json::from_value(kept).expect("the first release wrote this");
        assert_eq!(opened.stage, Stage::Ring(1));
        assert_eq!(
            serde_json::to_value(opened).expect("it is JSON")["stage"],
            serde_json::json!({ "ring": 1 })
        );
    }
}
