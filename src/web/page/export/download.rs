//! Files for the reader: downloads, and what they are called.

use crate::web::page::dom::create;
use crate::web::page::state::State;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Offers `bytes` as a download called `name`.
pub fn give(name: &str, kind: &str, bytes: &[u8]) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link = create("a").unchecked_into::<HtmlAnchorElement>();
    link.set_download(name);
    link.set_href(&address);
    link.click();
    let _ = Url::revoke_object_url(&address);
}

/// The name of the run that `state` shows, for files: its preset, seed, and the epoch that it has come to.
pub fn stem(state: &State, epoch: f64) -> String {
    format!("{}-seed-{}-epoch-{}", state.preset().unwrap_or("run"), state.shown().seed, epoch.floor())
}
