//! The browser's side: JavaScript API, worker, page.

mod data;
mod rest;

/// Starts the page, or in a dedicated worker the run.
#[cfg(feature = "page")]
pub fn start() {}
