//! The browser's side: JavaScript API, worker, page.

#[cfg(feature = "api")]
mod api;
mod data;
#[cfg(feature = "page")]
mod page;
mod processor;
pub mod protocol;
mod rest;
#[cfg(feature = "page")]
mod storage;
#[cfg(feature = "api")]
mod values;
#[cfg(feature = "page")]
mod worker;

#[cfg(feature = "api")]
pub use api::{Experiment, fit_law, layer_peeled, presets, separation_fuzziness};

/// Starts the page, or in a dedicated worker the run.
#[cfg(feature = "page")]
pub fn start() {
    use wasm_bindgen::JsCast;
    // Thrown, a panic reaches the error listeners of the page: boot.js and page/worker_link.rs show it.
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
    match js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
        Ok(scope) => worker::start(scope),
        Err(_) => page::start(),
    }
}
