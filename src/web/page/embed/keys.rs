//! Keys in an embed: what its own controls do not use goes to the host, which turns its slides with them.

use super::host_window;
use super::letters::Post;
use crate::web::page::Page;
use crate::web::page::dom::{document, on, window};
use crate::web::page::shortcuts::{FIELDS, MOVED, PRESSED};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

/// Keys with a name that hosts have a use for.
const NAMED: [&str; 10] = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Escape", "Enter"];

/// Listens to keys, and gives the focus back that came with a click, so that the keyboard stays the host's.
pub fn listen(page: &Rc<Page>) {
    let page = page.clone();
    on(&document(), "keydown", move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
        if !event.default_prevented() && !modified && passes(&event) {
            event.prevent_default(); // it scrolls nothing here
            page.pass_on(&event);
            give_back();
        }
    });
    on(&window(), "click", |event: MouseEvent| {
        // A click by the keyboard has no count.
        let focused = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(focused) = focused.filter(|focused| event.detail() > 0 && !focused.matches(FIELDS).unwrap_or_default()) {
            let _ = focused.blur();
            give_back();
        }
    });
}

/// Gives the host the focus: a frame that is unloaded with it, as slides are, would take the keyboard along.
fn give_back() {
    if let Some(host) = host_window() {
        let _ = host.focus();
    }
}

/// Whether nothing here has a use for the key.
fn passes(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector| target.as_ref().is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()));
    let key = event.key();
    match key.as_str() {
        _ if within(FIELDS) => false,
        " " | "Enter" => !within(PRESSED),
        "Escape" => true,
        named if NAMED.contains(&named) => !within(MOVED),
        other => other.chars().count() == 1,
    }
}

impl Page {
    /// Tells the host of a key: reveal.js in its own words, so that a deck needs no script for it.
    fn pass_on(&self, event: &KeyboardEvent) {
        let key_code = event.key_code();
        if self.embedded.slides.get() {
            // Fails for no known browser.
            let _ = self.say(&format!("{{\"method\":\"triggerKey\",\"args\":[{key_code}]}}").into());
        } else {
            let post = Post::Key { key: event.key(), code: event.code(), key_code, shift_key: event.shift_key() };
            self.write(&post, &JsValue::UNDEFINED);
        }
    }
}
