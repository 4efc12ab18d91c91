//! What www/boot.js gives the page: its texts, in a language, and workers.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
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
    #[wasm_bindgen(method)]
    fn speak(this: &Host, wish: Option<&str>) -> Promise;
}

/// The texts by key: an object.
pub fn strings() -> JsValue {
    HOST.with(Host::strings)
}

/// Fills the document with the texts of the language `wish`, or without one of the browser's; from then on they are [`strings`].
///
/// # Errors
/// If they cannot be loaded: a sentence for the reader.
pub async fn speak(wish: Option<&str>) -> Result<(), JsValue> {
    JsFuture::from(HOST.with(|host| host.speak(wish))).await.map(drop)
}

/// A worker named `name` that runs src/web/worker.rs.
///
/// # Errors
/// If the browser refuses to start one. Where its module cannot be loaded, the worker gets an error event.
pub fn worker(name: &str) -> Result<Worker, JsValue> {
    HOST.with(|host| host.worker(name))
}
