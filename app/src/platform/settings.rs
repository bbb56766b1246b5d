//! Choices that must be known before anything is painted: language, colours, size of words. They
//! lie in `localStorage`, where the boot script can read them at once.

use super::page;

/// A choice, and the attribute of `<html>` that shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A language's tag.
    Language,
    /// `light`, `dark`, or nothing: as the phone.
    Theme,
    /// `large`, or nothing.
    Text,
    /// `hidden`, or nothing: whether home leads to telling of a hate crime.
    Reports,
    /// `shared`, or nothing: whether several people report with this phone.
    Shared,
    /// `neutral`, or nothing: what the app calls itself on the home screen.
    Name,
}

impl Setting {
    /// Under which it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Theme => "theme",
            Self::Text => "text",
            Self::Reports => "reports",
            Self::Shared => "shared",
            Self::Name => "name",
        }
    }

    fn attribute(self) -> &'static str {
        match self {
            Self::Language => "lang",
            Self::Theme => "data-theme",
            Self::Text => "data-text",
            Self::Reports => "data-reports",
            Self::Shared => "data-shared",
            Self::Name => "data-name",
        }
    }
}

/// What was chosen; empty where nothing was, or where the browser keeps nothing.
pub fn chosen(setting: Setting) -> String {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    storage
        .and_then(|storage| storage.get_item(setting.name()).ok().flatten())
        .unwrap_or_default()
}

/// Chooses, shows and keeps. A browser that keeps nothing still shows it.
pub fn choose(setting: Setting, value: &str) {
    page::set_mode(setting.attribute(), value);
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    if let Some(storage) = storage {
        let _ = if value.is_empty() {
            storage.remove_item(setting.name())
        } else {
            storage.set_item(setting.name(), value)
        };
    }
}

/// Whether a mark was left here before: it survives only as long as the rest of what is kept.
pub fn is_marked(mark: &str) -> bool {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    storage.is_some_and(|storage| storage.get_item(mark).ok().flatten().is_some())
}

/// What was noted under a name; empty where nothing was.
pub fn noted(name: &str) -> String {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    storage
        .and_then(|storage| storage.get_item(name).ok().flatten())
        .unwrap_or_default()
}

/// Notes something; nothing to note removes what was there.
pub fn note(name: &str, value: &str) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    if let Some(storage) = storage {
        let _ = if value.is_empty() {
            storage.remove_item(name)
        } else {
            storage.set_item(name, value)
        };
    }
}

/// Leaves or removes a mark.
pub fn mark(name: &str, there: Mark) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    if let Some(storage) = storage {
        let _ = match there {
            Mark::Left => storage.set_item(name, "1"),
            Mark::Removed => storage.remove_item(name),
        };
    }
}

/// What to do with a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is there from now on.
    Left,
    /// It is there no longer.
    Removed,
}
