//! Controls that cannot be used now. A browser takes the keyboard's focus from a control that it disables, so one that has it only says that it
//! is disabled, and does nothing: whoever presses Step again and again stays there.

use super::dom::{document, set};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

/// Enables a control, or disables it.
pub fn enable(control: &Element, enabled: bool) {
    let focused = document().active_element().is_some_and(|element| element == *control);
    set(control, "disabled", (!enabled && !focused).then_some(""));
    set(control, "aria-disabled", (!enabled && focused).then_some("true"));
}

/// Stops clicks on controls that only say that they are disabled, before anything hears of them.
pub fn listen() {
    let stop = Closure::<dyn Fn(Event)>::new(|event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.closest("[aria-disabled=true]").is_ok_and(|found| found.is_some())) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    // Fails for no known browser.
    let _ = document().add_event_listener_with_callback_and_bool("click", stop.into_js_value().unchecked_ref(), true);
}
