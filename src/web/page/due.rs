//! A section's next rendering: however much happens until then, there is one.

use super::dom::window;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// Milliseconds between two looks at what trains beside the page's run: the cores are there to train.
const PAUSE_MS: i32 = 200;

/// Whether a rendering is due.
#[derive(Default)]
pub struct Due(Cell<bool>);

impl Due {
    /// Renders `section` some time soon.
    pub fn soon<T: 'static>(&self, section: &Rc<T>, render: fn(&Rc<T>)) {
        if !self.0.replace(true) {
            let section = section.clone();
            let later = Closure::once_into_js(move || render(&section));
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), PAUSE_MS);
        }
    }

    /// Renders `section` at the next frame; a hidden page has none.
    pub fn frame<T: 'static>(&self, section: &Rc<T>, render: fn(&Rc<T>)) {
        if !self.0.replace(true) {
            let section = section.clone();
            let frame = Closure::once_into_js(move || render(&section));
            self.0.set(window().request_animation_frame(frame.unchecked_ref()).is_ok());
        }
    }

    /// The section is being rendered.
    pub fn met(&self) {
        self.0.set(false);
    }
}
