//! Safe Places: a list that works with no network, nearest first.

mod finding;
pub mod hours;
pub mod list;
mod map;
mod notes;
pub mod place;
pub mod postcodes;
mod rows;
mod search;
mod wanted;
