//! Opening hours on the server: the `opening_hours` text, the one truth, and what phones are given.

pub mod expand;
pub mod form;
pub mod holidays;
#[cfg(test)]
mod oracle;
pub mod words;

pub use expand::{AHEAD, RULES, Unreadable, expand, read};
