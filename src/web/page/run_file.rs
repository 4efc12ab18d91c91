//! The run as a file: saved from the page, opened by a button or by dropping it anywhere.

use super::dom::{document, find, on};
use super::export;
use super::state::State;
use super::strings::fill;
use super::{Page, Stale};
use js_sys::Uint8Array;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, File, HtmlElement, HtmlInputElement};

/// The largest file that is read, in bytes: a run within the memory's limit is smaller, since gradients and activations are not saved, and
/// page and worker each hold a copy.
const MOST: f64 = 4e8;

/// Listens to the two buttons, and to files that are dropped.
pub fn listen(page: &Rc<Page>) {
    page.on("save-run", "click", |page, _| page.obey(|state| state.save()));
    page.on("open-run", "click", |_, _| find::<HtmlElement>("run-file").click());
    page.on("run-file", "change", |page, _| {
        let input = find::<HtmlInputElement>("run-file");
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            page.take(file);
        }
        // So that the same file can be chosen again.
        input.set_value("");
    });
    if page.state.borrow().page.embed.is_some() {
        return; // its host hears of the run, so it is none of the reader's own
    }
    // A browser shows a dropped file in place of the page, unless the page takes it. Dragged words are the fields'.
    on(&document(), "dragover", |event: DragEvent| {
        if event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    let page = page.clone();
    on(&document(), "drop", move |event: DragEvent| {
        let Some(files) = event.data_transfer().and_then(|data| data.files()).filter(|_| !event.default_prevented()) else { return };
        let Some(file) = files.get(0) else { return };
        event.prevent_default();
        if !page.take_features(&files) {
            page.take(file);
        }
    });
}

impl Page {
    /// Opens a file that the reader chose.
    fn take(self: &Rc<Self>, file: File) {
        let page = self.clone();
        spawn_local(async move {
            let bytes = if file.size() > MOST { Err(JsValue::NULL) } else { JsFuture::from(file.array_buffer()).await };
            match bytes {
                Ok(bytes) => page.obey(|state| state.open(Uint8Array::new(&bytes).to_vec())),
                Err(_) => {
                    page.state.borrow_mut().alert = fill("file.unreadable", &[("name", &file.name())]);
                    page.refresh(Stale::Everything);
                }
            }
        });
    }
}

/// Offers `file`, the run of `state`, as a download.
pub fn give(file: &[u8], state: &State) {
    export::give(&format!("{}.sepplay", export::stem(state, state.epoch)), "application/octet-stream", file);
}
