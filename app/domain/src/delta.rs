//! What one pull of public data does to what a phone holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::Digest;

use crate::id::{PlaceId, Sha256};
use crate::place::Place;

/// Where a pull goes on; made by the server, meaningless to the phone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Cursor(pub String);

/// What changed since a cursor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delta {
    /// New or changed places.
    pub places: Vec<Place>,
    /// Places that no longer take part.
    pub gone: Vec<PlaceId>,
    /// Where the next pull goes on.
    pub cursor: Cursor,
    /// Whether more can be had at once.
    pub more: bool,
    /// The hash of the whole set on the server, as [`digest`] makes it.
    pub whole: Sha256,
}

/// Everything a phone holds of the places.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// By id.
    pub places: BTreeMap<PlaceId, Place>,
    /// Where the next pull goes on; empty before the first.
    pub cursor: Cursor,
}

/// What a pull led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// The phone now holds what the server holds.
    Whole(Held),
    /// So far, so good: pull again from the new cursor.
    Partly(Held),
    /// The phone's set differs from the server's: pull everything anew, beside the old set.
    Differs,
}

/// Applies one pull. Twice the same, or an older one again, changes nothing: a place is only
/// replaced by a newer revision.
pub fn apply(mut held: Held, delta: Delta) -> Applied {
    for place in delta.places {
        let newer = held
            .places
            .get(&place.id)
            .is_none_or(|old| old.revision < place.revision);
        if newer {
            held.places.insert(place.id.clone(), place);
        }
    }
    for id in &delta.gone {
        held.places.remove(id);
    }
    held.cursor = delta.cursor;
    if delta.more {
        Applied::Partly(held)
    } else if digest(held.places.values()) == delta.whole {
        Applied::Whole(held)
    } else {
        Applied::Differs
    }
}

/// SHA-256 over the lines "id revision\n", sorted by id.
pub fn digest<'a>(places: impl Iterator<Item = &'a Place>) -> Sha256 {
    digest_of(places.map(|place| (place.id.as_str(), place.revision)))
}

/// The same of places of which only id and revision are at hand.
pub fn digest_of<'a>(places: impl Iterator<Item = (&'a str, u64)>) -> Sha256 {
    let mut pairs: Vec<_> = places.collect();
    pairs.sort_unstable();
    let mut hasher = sha2::Sha256::new();
    for (id, revision) in pairs {
        hasher.update(format!("{id} {revision}\n"));
    }
    Sha256(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::place::tests::place;

    /// A server that numbers its changes; a place is a name and the change that made it.
    #[derive(Default, Clone)]
    struct Server {
        changes: Vec<(PlaceId, bool)>,
    }

    impl Server {
        fn set(&self) -> BTreeMap<PlaceId, Place> {
            let mut set = BTreeMap::new();
            for (at, (id, kept)) in self.changes.iter().enumerate() {
                if *kept {
                    set.insert(id.clone(), place(id.as_str(), at as u64 + 1, 52.5));
                } else {
                    set.remove(id);
                }
            }
            set
        }

        fn pull(&self, cursor: &Cursor, page: usize) -> Delta {
            let from: usize = cursor.0.parse().unwrap_or(0);
            let to = (from + page).min(self.changes.len());
            let set = self.set();
            let touched = self.changes[from..to].iter().map(|(id, _)| id);
            let (mut places, mut gone) = (Vec::new(), Vec::new());
            for id in touched {
                match set.get(id) {
                    Some(place) => places.push(place.clone()),
                    None => gone.push(id.clone()),
                }
            }
            let more = to < self.changes.len();
            Delta {
                places,
                gone,
                cursor: Cursor(to.to_string()),
                more,
                whole: digest(set.values()),
            }
        }
    }

    fn changes() -> impl Strategy<Value = Vec<(PlaceId, bool)>> {
        let id = prop::sample::select(vec!["aa", "bb", "cc", "dd"]);
        let id = id.prop_map(|id| id.parse().expect("a test's own id"));
        prop::collection::vec((id, prop::bool::weighted(0.7)), 0..24)
    }

    /// Everything from the beginning, page by page.
    fn pull_all(server: &Server, page: usize) -> Applied {
        let mut held = Held::default();
        loop {
            match apply(held.clone(), server.pull(&held.cursor, page)) {
                Applied::Partly(next) => held = next,
                end => return end,
            }
        }
    }

    proptest! {
        #[test]
        fn a_phone_ends_up_with_the_servers_set(changes in changes(), cuts in prop::collection::vec((0usize..24, 1usize..5, 1usize..3), 0..12)) {
            let whole = Server { changes };
            let mut held = Held::default();
            // Between pulls the server moves on; answers get lost (pulled, not applied) or come twice.
            for (upto, page, times) in cuts {
                let server = Server { changes: whole.changes[..upto.min(whole.changes.len())].to_vec() };
                if held.cursor.0.parse().unwrap_or(0) > server.changes.len() {
                    continue;
                }
                let delta = server.pull(&held.cursor, page);
                for _ in 0..times {
                    match apply(held.clone(), delta.clone()) {
                        Applied::Whole(next) | Applied::Partly(next) => held = next,
                        Applied::Differs => held = Held::default(),
                    }
                }
            }
            loop {
                match apply(held.clone(), whole.pull(&held.cursor, 3)) {
                    Applied::Partly(next) => held = next,
                    Applied::Whole(next) => { held = next; break; }
                    Applied::Differs => held = Held::default(),
                }
            }
            prop_assert_eq!(held.places, whole.set());
        }
    }

    #[test]
    fn a_set_that_drifted_is_noticed_and_healed() {
        let server = Server {
            changes: vec![("aa".parse().expect("id"), true)],
        };
        let mut held = Held {
            cursor: Cursor("1".into()),
            ..Held::default()
        };
        held.places
            .insert("zz".parse().expect("id"), place("zz", 1, 52.0));
        assert_eq!(
            apply(held.clone(), server.pull(&held.cursor, 9)),
            Applied::Differs
        );
        let Applied::Whole(healed) = pull_all(&server, 1) else {
            panic!("a full pull heals")
        };
        assert_eq!(healed.places, server.set());
    }

    #[test]
    fn the_digest_is_that_of_sorted_lines() {
        let (a, b) = (place("aa", 1, 52.0), place("bb", 20, 52.0));
        let expected: [u8; 32] = sha2::Sha256::digest(b"aa 1\nbb 20\n").into();
        assert_eq!(digest([&b, &a].into_iter()), Sha256(expected));
    }
}
