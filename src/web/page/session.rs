//! What survives when the page is loaded again: whose run the worker keeps, whether it was started, and which record was looked at.

use super::Page;
use super::dom::{on, window};
use super::embed::host_window;
use super::state::Memory;
use crate::web::protocol::{pack, unpack};
use js_sys::{Array, JSON, Reflect};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, Storage};

/// The tab's storage; none where that is denied, as in a sandboxed frame.
fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What a page leaves behind when it goes.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Left {
    query: String,
    started: bool,
    scrubbed: Option<f64>,
    going: bool,
}

/// The page's place among those of its tab.
pub struct Session {
    /// What it is called, and its run with it.
    pub name: String,
    /// What it remembers if it has been here before.
    pub memory: Option<Memory>,
    /// The settings that it had then, if its address does not say.
    pub query: Option<String>,
}

/// Finds out who the page is.
///
/// The entry of the tab's history tells. A frame that was unloaded, as slides unload theirs, comes back without one: there the address
/// does, with which the frame was loaded. Two frames of one address are two only if something tells them apart, such as `id=` in it.
pub fn begin() -> Session {
    let entry = window().history().and_then(|history| history.state()).ok().and_then(|state| state.dyn_into::<Array>().ok());
    let started = entry.as_ref().is_some_and(|entry| entry.get(1).is_truthy());
    let place = storage().filter(|_| host_window().is_some()).zip(window().location().href().ok());
    let named = entry.and_then(|entry| entry.get(0).as_string());
    let found = || place.as_ref().and_then(|(storage, address)| storage.get_item(address).ok()?);
    let left = |name: &str| JSON::parse(&storage()?.get_item(name).ok()??).and_then(unpack::<Left>).ok();
    let remembered = |left: &Left| Memory { started: left.started, scrubbed: left.scrubbed, going: left.going };
    if let Some(name) = named {
        // Where nothing could be left behind the entry says at least this.
        let memory = left(&name).as_ref().map_or(Memory { started, ..Memory::default() }, remembered);
        return Session { name, memory: Some(memory), query: None };
    }
    if let Some(name) = found() {
        let left = left(&name).unwrap_or_default();
        return Session { name, memory: Some(remembered(&left)), query: Some(left.query).filter(|query| !query.is_empty()) };
    }
    let name = fresh_name();
    if let Some((storage, address)) = place {
        let _ = storage.set_item(&address, &name);
    }
    Session { name, memory: None, query: None }
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

/// Remembers how the page stands when it goes.
///
/// A page that the browser keeps for going back, as Firefox and WebKit do, lets its worker go: halted in the middle of storing, it would
/// hold the storage against the next page for as long as it is kept. Whoever comes back to it loads it again.
pub fn listen(page: &Rc<Page>) {
    let kept = |event: &Event| Reflect::get(event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy());
    on(&window(), "pageshow", move |event: Event| {
        if kept(&event) {
            let _ = window().location().reload();
        }
    });
    let page = page.clone();
    on(&window(), "pagehide", move |event: Event| {
        if kept(&event) {
            page.worker.take();
        }
        let Some(storage) = storage() else { return };
        let left = {
            let state = page.state.borrow();
            Left {
                query: state.page.to_query(),
                started: state.started,
                scrubbed: state.scrubbed,
                going: state.going && state.page.embed.is_some(), // whoever reloads the whole page finds it paused
            }
        };
        if let Some(text) = pack(&left).and_then(|left| JSON::stringify(&left)).ok().and_then(|text| text.as_string()) {
            let _ = storage.set_item(&page.session, &text);
        }
    });
}
