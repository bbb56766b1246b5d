#![doc = include_str!("../README.md")]

pub mod card;
pub mod delta;
pub mod digit;
pub mod form;
pub mod geo;
pub mod handover;
pub mod id;
pub mod lock;
pub mod outbox;
pub mod place;
pub mod postcode;
pub mod report;
pub mod scheme;
pub mod time;
pub mod usual_place;
pub mod wire;
