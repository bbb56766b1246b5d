//! The card: made, shown, changed and deleted, wholly on this phone.

pub mod edit;
pub mod front;
pub mod private;
pub mod show;
