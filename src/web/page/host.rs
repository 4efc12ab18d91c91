//! What www/boot.js gives the page: its texts, and workers.

use wasm_bindgen::prelude::*;
use web_sys::Worker;

#[wasm_bindgen]
extern "C" {
    type Host;
    #[wasm_bindgen(thread_local_v2, js_name = separationPlayground)]
    static HOST: Host;
    #[wasm_bindgen(method, getter)]
    fn strings(this: &Host) -> JsValue;
    #[wasm_bindgen(method, catch)]
    fn worker(this: &Host, name: &str) -> Result<Worker, JsValue>;
}

/// The texts by key: an object.
pub fn strings() -> JsValue {
    HOST.with(Host::strings)
}

/// A worker named `name` that runs src/web/worker.rs.
///
/// # Errors
/// If the browser refuses to start one. Where its module cannot be loaded, the worker gets an error event.
pub fn worker(name: &str) -> Result<Worker, JsValue> {
    HOST.with(|host| host.worker(name))
}
