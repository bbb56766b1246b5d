//! The words in use: `t(key)` is how every screen says something.

use std::cell::RefCell;

use words::{Text, Words};

thread_local! {
    static WORDS: RefCell<Option<Words>> = const { RefCell::new(None) };
}

/// Speaks with these words from now on.
pub fn speak(words: Words) {
    WORDS.with_borrow_mut(|slot| *slot = Some(words));
}

/// A text in the language in use.
pub fn t(text: impl Into<Text>) -> String {
    say(&text.into())
}

fn say(text: &Text) -> String {
    WORDS.with_borrow(|words| {
        words
            .as_ref()
            .map(|words| words.text(text))
            .unwrap_or_default()
    })
}
