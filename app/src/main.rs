//! What a person sees and touches. Screens read `state`; `state` reads what is kept; no screen
//! waits for the network.

mod components;
mod dom;
mod features;
mod later;
mod platform;
mod router;
mod shell;
mod speech;
mod state;

fn main() {
    // Nothing else has started yet, so nothing can have started it already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    // Signals and effects belong to the app as a whole, which lives as long as the page.
    let owner = leptos::prelude::Owner::new();
    owner.set();
    std::mem::forget(owner);
    wasm_bindgen_futures::spawn_local(async {
        if let Some(state) = state::State::open().await {
            shell::take_over(state).await;
        }
    });
}
