//! Tests that need a browser, one module per subject.
#![cfg(all(test, target_arch = "wasm32"))]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod api;
mod canvas;
mod gpu;
mod js;
mod machine;
mod protocol;
