//! Which kind of link opens this phone's app for text messages.

use domain::text_message::{Dialect, link};

/// The link for a number, with words that are already there.
pub fn link_to(dial: &str, words: &str) -> String {
    link(dial, words, dialect())
}

fn dialect() -> Dialect {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    let agent = agent.unwrap_or_default();
    // An iPad calls itself a Macintosh.
    let apple = ["iPhone", "iPad", "iPod", "Macintosh"];
    if apple.iter().any(|name| agent.contains(name)) {
        Dialect::Apple
    } else {
        Dialect::Standard
    }
}
