//! The pictures a card's front carries with it: pictograms of the pack and the holder's photo, both
//! written into the page, so that what is painted before the app stands alone.

use std::cell::RefCell;
use std::rc::Rc;

use domain::card::Card;
use domain::id::PhotoId;

use crate::state::State;

/// One symbol a line; a scheme may bring a pack of its own.
const PACK: &str = "/pictograms.svg";

thread_local! {
    static SYMBOLS: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
    static PHOTO: RefCell<Option<(PhotoId, Rc<str>)>> = const { RefCell::new(None) };
}

/// Brings what the card shows into memory. What can't be had now leaves its place empty.
pub async fn load(state: State, card: &Card) {
    if SYMBOLS.with_borrow(Option::is_none)
        && let Some(pack) = courier::sync::file(PACK).await
    {
        SYMBOLS.set(Some(pack.into()));
    }
    let Some(id) = &card.photo else { return };
    if photo(id).is_none()
        && let Some(jpeg) = state.photo(id).await
    {
        let url = ["data:image/jpeg;base64,", &base64(&jpeg)].concat();
        PHOTO.set(Some((id.clone(), url.into())));
    }
}

/// Whether nothing would have to be waited for.
pub fn are_here(card: &Card) -> bool {
    let photo = card.photo.as_ref().is_none_or(|id| photo(id).is_some());
    photo && SYMBOLS.with_borrow(Option::is_some)
}

/// A pictogram as SVG; empty where the pack has none of this id, or is not here yet.
pub fn pictogram(id: &str) -> String {
    SYMBOLS.with_borrow(|pack| {
        let pack = pack.as_deref().unwrap_or_default();
        drawn(pack, id).unwrap_or_default()
    })
}

/// The photo's address, with all of the photo in it.
pub fn photo(id: &PhotoId) -> Option<Rc<str>> {
    PHOTO.with_borrow(|kept| {
        let kept = kept.as_ref().filter(|(known, _)| known == id);
        kept.map(|(_, url)| Rc::clone(url))
    })
}

fn drawn(pack: &str, id: &str) -> Option<String> {
    let start = ["<symbol id=\"", id, "\""].concat();
    let (_, rest) = pack.split_once(&start)?;
    let (inside, _) = rest.split_once("</symbol>")?;
    Some(
        [
            "<svg class=\"pictogram\" aria-hidden=\"true\"",
            inside,
            "</svg>",
        ]
        .concat(),
    )
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let all = (0..3).fold(0, |all, at| {
            all << 8 | u32::from(three.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            out.push(if at <= three.len() {
                char::from(LETTERS[(all >> (18 - 6 * at) & 63) as usize])
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pictogram_stands_alone() {
        let pack = "<svg>\n<symbol id=\"time\" viewBox=\"0 0 64 64\"><path/></symbol>\n</svg>";
        assert_eq!(
            drawn(pack, "time").as_deref(),
            Some(r#"<svg class="pictogram" aria-hidden="true" viewBox="0 0 64 64"><path/></svg>"#)
        );
        assert_eq!(drawn(pack, "tim"), None);
    }

    #[test]
    fn a_photo_is_written_as_its_address() {
        for (bytes, written) in [("", ""), ("M", "TQ=="), ("Ma", "TWE="), ("Man", "TWFu")] {
            assert_eq!(base64(bytes.as_bytes()), written);
        }
    }

    /// For the tests of what is painted with it.
    pub fn here(pack: &str) {
        SYMBOLS.set(Some(pack.into()));
    }

    #[test]
    fn what_is_here_is_drawn() {
        here("<symbol id=\"time\"></symbol>");
        assert!(pictogram("time").contains("svg"));
        assert_eq!(pictogram("nothing"), "");
    }
}
