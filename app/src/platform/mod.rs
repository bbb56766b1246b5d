//! What the browser can do, one file per ability. Nothing else of the app touches it.

pub mod battery;
pub mod canvas;
pub mod clipboard;
pub mod clock;
pub mod compass;
pub mod courier;
pub mod device;
pub mod exit;
pub mod file;
pub mod fit;
pub mod geolocation;
pub mod history;
pub mod install;
pub mod locks;
pub mod page;
pub mod passkey;
pub mod photo;
pub mod random;
pub mod service_worker;
pub mod settings;
pub mod share;
pub mod tabs;
pub mod text_message;
pub mod voice;
pub mod wake_lock;
pub mod written;
