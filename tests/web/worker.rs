//! What must work in a dedicated worker too, where the page trains.
#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

mod gpu;
mod js;
