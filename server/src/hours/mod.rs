//! Opening hours on the server: the `opening_hours` text, the one truth, and what phones are given.

pub mod expand;
pub mod holidays;
pub mod words;

pub use expand::{Unreadable, expand, read};
