//! What a backup carries, and bringing it back. Whatever cannot be brought back changes nothing.
//!
//! The parts: `card`, `photos` (JPEG in base64 by id), `usual-places`, `settings`, and `private`, the
//! content behind the card's lock, where that could be read.

use courier::storage::Error;
use domain::card::Card;
use domain::id::PhotoId;
use domain::lock::Name;
use domain::time::Timestamp;
use domain::usual_place::UsualPlace;
use js_sys::{Array, JSON, Object, Reflect};
use leptos::prelude::*;
use serde_wasm_bindgen::{from_value, to_value};
use wasm_bindgen::{JsCast, JsValue};

use crate::features::card::front;
use crate::platform::file::{base64, from_base64};
use crate::platform::locks;
use crate::platform::settings::{Setting, choose, chosen};
use crate::state::{Shown, State};

/// Choices that move along. The language is spoken last: it draws everything anew.
const SETTINGS: [(&str, Setting); 3] = [
    ("theme", Setting::Theme),
    ("text", Setting::Text),
    ("language", Setting::Language),
];

/// What became of the part behind the card's lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Private {
    /// There is none, or it came along.
    Fine,
    /// It is locked, and stays where it is.
    Locked,
}

/// What a backup holds.
pub struct Contents {
    pub made: Timestamp,
    card: Card,
    photos: Vec<(PhotoId, Vec<u8>)>,
    places: Vec<UsualPlace>,
    settings: Vec<(Setting, String)>,
    private: Option<Vec<u8>>,
}

/// Everything that a backup carries, as JSON; the error is a short code.
pub async fn packed(state: State) -> Result<(String, Private), String> {
    let Shown::Ready(Some(card)) = state.card.get_untracked() else {
        return Err("incomplete".into());
    };
    let places = state.usual_places.get_untracked();
    let parts = Object::new();
    put(&parts, "card", &to_value(&card).map_err(|_| "incomplete")?);
    let listed = to_value(&places).map_err(|_| "incomplete")?;
    put(&parts, "usual-places", &listed);
    put(&parts, "photos", &photos(state, &card, &places).await);
    let settings = Object::new();
    for (name, setting) in SETTINGS {
        put(&settings, name, &chosen(setting).into());
    }
    put(&parts, "settings", &settings);
    let private = match locks::read(Name::Card).await {
        Ok(Some(content)) => {
            put(&parts, "private", &base64(&content).into());
            Private::Fine
        }
        Ok(None) => Private::Fine,
        Err(_) => Private::Locked,
    };
    let text = JSON::stringify(&parts).map_err(|_| "incomplete")?;
    Ok((text.into(), private))
}

fn put(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes everything.
    let _ = Reflect::set(object, &name.into(), value);
}

async fn photos(state: State, card: &Card, places: &[UsualPlace]) -> JsValue {
    let photos = Object::new();
    let named = places.iter().filter_map(|place| place.photo.as_ref());
    for id in named.chain(card.photo.as_ref()) {
        if let Some(bytes) = state.photo(id).await {
            put(&photos, id.as_str(), &base64(&bytes).into());
        }
    }
    photos.into()
}

/// Reads what [`packed`] wrote, out of `{"version":…,"made":…,"parts":{…}}`; `None` where something
/// in it is not what it should be.
pub fn unpacked(text: &str) -> Option<Contents> {
    let file = JSON::parse(text).ok()?;
    let parts = part(&file, "parts");
    let settings = part(&parts, "settings");
    let setting =
        |(name, setting): (&str, Setting)| Some((setting, part(&settings, name).as_string()?));
    let private = part(&parts, "private");
    Some(Contents {
        made: Timestamp(part(&file, "made").as_f64()? as i64),
        card: from_value(part(&parts, "card")).ok()?,
        photos: pictures(&part(&parts, "photos"))?,
        places: from_value(part(&parts, "usual-places")).ok()?,
        settings: SETTINGS.into_iter().filter_map(setting).collect(),
        private: match private.as_string() {
            Some(private) => Some(from_base64(&private)?),
            None => None,
        },
    })
}

fn part(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn pictures(photos: &JsValue) -> Option<Vec<(PhotoId, Vec<u8>)>> {
    let Some(photos) = photos.dyn_ref::<Object>() else {
        return Some(Vec::new());
    };
    let picture = |entry: JsValue| {
        let entry: Array = entry.dyn_into().ok()?;
        let id = entry.get(0).as_string()?.parse().ok()?;
        Some((id, from_base64(&entry.get(1).as_string()?)?))
    };
    Object::entries(photos).iter().map(picture).collect()
}

/// Brings everything back. The card comes last: until it is kept, the one before it is there whole.
pub async fn bring_back(state: State, contents: &Contents) -> Result<Private, Error> {
    for (id, jpeg) in &contents.photos {
        state.keep_photo(id, jpeg).await?;
    }
    state.keep_usual_places(contents.places.clone()).await?;
    let private = match &contents.private {
        Some(content) => put_private(content).await,
        None => Private::Fine,
    };
    let front = contents.card.front().map(|shown| front::html(&shown));
    state.keep_card(contents.card.clone(), front).await?;
    // What the replaced card and places named is named by nobody now.
    let _ = state.sweep_photos().await;
    for (setting, value) in &contents.settings {
        match setting {
            Setting::Language if value.is_empty() => {}
            Setting::Language => state.speak(value.clone()).await,
            _ => choose(*setting, value),
        }
    }
    Ok(private)
}

/// Read first: what was never read here is not written over.
async fn put_private(content: &[u8]) -> Private {
    let kept = match locks::read(Name::Card).await {
        Ok(_) => locks::keep(Name::Card, content).await,
        Err(locked) => Err(locked),
    };
    match kept {
        Ok(()) => Private::Fine,
        Err(_) => Private::Locked,
    }
}
