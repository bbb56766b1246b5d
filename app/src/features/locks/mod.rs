//! Locks as people meet them: a PIN that is asked for, pages behind one, and where both are set.

pub mod ask_pin;
mod choose;
pub mod gate;
mod pin;
mod said;
pub mod settings;
