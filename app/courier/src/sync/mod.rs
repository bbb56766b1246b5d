//! Carrying: one round sends what waits and pulls what changed.

pub mod api;
mod notes;
mod parts;
mod places;
mod round;

pub use api::{bytes, file};
pub use places::{pull as pull_places, pulled};
pub use round::{Change, Device, Report, insist, round};
