//! The browser itself: what the playground takes for granted.

use js_sys::{Reflect, global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_browser_has_what_the_playground_is_built_on() {
    for name in ["Worker", "MessageChannel", "DecompressionStream", "OffscreenCanvas", "CanvasRenderingContext2D"] {
        assert!(Reflect::has(&global(), &JsValue::from_str(name)).unwrap(), "no {name} in this browser");
    }
}
