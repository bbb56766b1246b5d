//! Everything that must stay secret passes through here: keysets, receipts, sealing and opening.
//!
//! Nothing here reads, writes or waits; only random numbers come from outside. The same code runs on
//! the phone, in the `keys` program and in tests.

pub mod backup;
pub mod files;
pub mod identity;
pub mod keyset;
pub mod lock;
pub mod message;
pub mod part;
pub mod proof;
pub mod receipt;
pub mod report;

mod randomness;

pub use randomness::NoRandomness;
