//! The browser's side: JavaScript API, worker, page.

mod api;
mod data;
mod rest;
mod values;

/// Starts the page, or in a dedicated worker the run.
#[cfg(feature = "page")]
pub fn start() {}
