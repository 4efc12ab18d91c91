//! The browser's side: JavaScript API, worker, page.

#[cfg(feature = "api")]
mod analyze;
#[cfg(feature = "api")]
mod api;
mod data;
#[cfg(feature = "page")]
mod features;
#[cfg(feature = "page")]
mod images;
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
pub use analyze::analyze;
#[cfg(feature = "api")]
pub use api::{Experiment, fit_law, layer_peeled, layer_peeled_sweep, presets, separation_fuzziness, version};

/// Starts the page.
#[cfg(feature = "page")]
pub fn start_page() {
    throw_panics();
    page::start();
}

/// Starts what a dedicated worker does, in one.
#[cfg(feature = "page")]
pub fn start_worker() {
    use wasm_bindgen::JsCast;
    throw_panics();
    worker::start(js_sys::global().unchecked_into());
}

/// Thrown, a panic reaches the error listeners of the page: boot.js and page/worker_link.rs show it.
#[cfg(feature = "page")]
fn throw_panics() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
}
