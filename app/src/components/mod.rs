//! The parts pages are made of: no storage, no sync.

pub mod dialog;
pub mod door;
pub mod field;
pub mod frame;
pub mod icon;
pub mod notice;
pub mod photo;
pub mod qr;
pub mod row;
pub mod speak;

pub use dialog::Confirm;
pub use frame::{Bar, Head, frame};
pub use icon::{drawing, icon};
