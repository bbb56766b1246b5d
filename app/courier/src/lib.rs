//! Keeps what a phone knows, and carries what it sends and pulls.
//!
//! [`storage::Storage`] is the contract; [`memory`] and `indexed_db` are its bodies, held to it by
//! one suite. [`sealing`] turns a finished draft into sealed bytes that wait; [`sync`] carries them;
//! [`mailbox`] asks where a report stands; [`locks`] opens and closes what only some may see.

#[cfg(target_family = "wasm")]
pub mod indexed_db;
pub mod locks;
pub mod mailbox;
pub mod memory;
pub mod parts;
pub mod sealing;
pub mod storage;
pub mod sync;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod suite;
