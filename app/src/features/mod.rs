//! One folder per thing a person does, one file per page.

pub mod card;
pub mod help;
pub mod home;
pub mod hope;
pub mod keep;
pub mod locks;
pub mod places;
pub mod report;
pub mod settings;
pub mod unknown;
pub mod usual_places;
