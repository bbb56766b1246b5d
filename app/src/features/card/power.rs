//! While the card or a helper's page is shown: the screen stays on, and a phone that is nearly
//! empty spends as little as it can.

use leptos::prelude::*;

use crate::dom::{Show, View};
use crate::platform::page;
use crate::platform::settings::{Setting, chosen};
use crate::platform::wake_lock::Awake;
use crate::state::State;

/// Stands on a page that is read by others, and shows nothing itself.
pub fn reading(state: State) -> View {
    on_cleanup(|| look(false));
    let kept = move || {
        let low = state.is_low();
        look(low);
        // It lets the screen sleep again when this part goes.
        if !low {
            StoredValue::new_local(Awake::ask());
        }
    };
    kept.show()
}

/// Dark, with the first number on top; or as the person chose.
fn look(low: bool) {
    if low {
        page::set_mode("data-power", "low");
        page::set_mode("data-theme", "dark");
    } else {
        page::set_mode("data-power", "");
        page::set_mode("data-theme", &chosen(Setting::Theme));
    }
}
