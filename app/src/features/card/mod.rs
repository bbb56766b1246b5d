//! The card: made, shown, changed and deleted, wholly on this phone.

pub mod board;
pub mod carer;
pub mod edit;
pub mod front;
pub mod handover;
pub mod more;
pub mod pictures;
pub mod power;
pub mod private;
pub mod show;
pub mod speaking;
