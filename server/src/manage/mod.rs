//! What a manager says of their own place, by a signed link and without an account.

pub mod page;
pub mod said;
pub mod typed;

pub use said::{Said, TakesPart};
pub use typed::Typed;
