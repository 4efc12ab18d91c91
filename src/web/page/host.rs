//! What www/boot.js gives the page: its texts, in a language, workers, and what other pages say; and www/single.js, where the page is one file.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, MessageEvent, Worker};

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
    #[wasm_bindgen(method)]
    fn say(this: &Host, root: &Element);
    #[wasm_bindgen(method)]
    fn hear(this: &Host, listener: &JsValue);
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

/// Fills what stands in `root` with its texts, marks and links included.
pub fn say(root: &Element) {
    HOST.with(|host| host.say(root));
}

/// A worker named `name` that runs src/web/worker.rs.
///
/// # Errors
/// If the browser refuses to start one. Where its module cannot be loaded, the worker gets an error event.
pub fn worker(name: &str) -> Result<Worker, JsValue> {
    HOST.with(|host| host.worker(name))
}

/// The one file that the page is.
pub struct OneFile {
    /// All of it.
    pub source: String,
    /// What it carries, in JSON: see single.rs.
    pub carried: String,
}

/// The one file, if the page is one.
pub fn file() -> Option<OneFile> {
    let file = Reflect::get(&js_sys::global(), &"separationFile".into()).ok()?;
    let text = |name: &str| Reflect::get(&file, &name.into()).ok()?.as_string();
    Some(OneFile { source: text("source")?, carried: text("carried")? })
}

/// Calls `listener` at each message of another window, those first that came before.
pub fn hear(listener: impl Fn(MessageEvent) + 'static) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(listener).into_js_value();
    HOST.with(|host| host.hear(&listener));
}
