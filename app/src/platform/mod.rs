//! What the browser can do, one file per ability. Nothing else of the app touches it.

pub mod clock;
pub mod courier;
pub mod exit;
pub mod geolocation;
pub mod history;
pub mod install;
#[expect(dead_code, reason = "the screens that lock come next, one by one")]
pub mod locks;
pub mod page;
pub mod random;
pub mod service_worker;
pub mod settings;
pub mod tabs;
pub mod written;
