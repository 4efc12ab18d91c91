//! What survives when the page is loaded again: whose run the worker keeps, whether it was started, and which record was looked at.

use super::Page;
use super::dom::{on, window};
use super::state::Memory;
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, Storage};

/// The tab's storage; none where that is denied, as in a sandboxed frame.
fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What the page is called, and what it remembers if it has been here before.
///
/// The entry of the tab's history tells. A frame that was unloaded, as slides unload theirs, comes back without one: there the address does.
pub fn begin() -> (String, Option<Memory>) {
    let entry = window().history().and_then(|history| history.state()).ok().and_then(|state| state.dyn_into::<Array>().ok());
    let started = entry.as_ref().is_some_and(|entry| entry.get(1).is_truthy());
    let framed = window().parent().ok().flatten().is_some_and(|parent| parent != window());
    let place = storage().filter(|_| framed).zip(window().location().href().ok());
    let before = entry.and_then(|entry| entry.get(0).as_string()).or_else(|| {
        let (storage, address) = place.as_ref()?;
        storage.get_item(address).ok()?
    });
    if let Some(name) = before {
        let scrubbed = storage().and_then(|storage| storage.get_item(&name).ok()?).and_then(|epoch| epoch.parse().ok());
        return (name, Some(Memory { started, scrubbed }));
    }
    let name = fresh_name();
    if let Some((storage, address)) = place {
        let _ = storage.set_item(&address, &name);
    }
    (name, None)
}

/// A name that no other page has, and that sorts by age.
fn fresh_name() -> String {
    format!("{:013} {:08x}", js_sys::Date::now(), getrandom::u32().unwrap_or_default())
}

impl Page {
    /// What an entry of the history says of the session.
    pub(super) fn entry(&self) -> JsValue {
        Array::of2(&self.session.as_str().into(), &self.state.borrow().started.into()).into()
    }
}

/// Remembers the record that is looked at when the page goes.
pub fn listen(page: &Rc<Page>) {
    let page = page.clone();
    on(&window(), "pagehide", move |_: Event| {
        let (Some(storage), scrubbed) = (storage(), page.state.borrow().scrubbed) else { return };
        let _ = match scrubbed {
            Some(epoch) => storage.set_item(&page.session, &epoch.to_string()),
            None => storage.remove_item(&page.session),
        };
    });
}
