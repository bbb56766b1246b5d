//! What a person sees and touches. Screens read `state`; `state` reads what is kept; no screen
//! waits for the network.

mod components;
mod features;
mod platform;
mod router;
mod shell;
mod speech;
mod state;

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        if let Some(state) = state::State::open().await {
            shell::take_over(state);
        }
    });
}
