//! Whether somebody can see the embed: its frame is in view, its tab in front, its slide shown.

use crate::web::page::Page;
use crate::web::page::dom::{document, on, root, watch};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Event;

/// What speaks for it, and what against.
pub struct Sight {
    /// Whether its slide is shown; without slides it always is.
    pub slide: Cell<bool>,
    /// Whether any of it is in view.
    view: Cell<bool>,
}

impl Default for Sight {
    fn default() -> Self {
        Self { slide: Cell::new(true), view: Cell::new(false) }
    }
}

/// Watches what comes into view and goes.
pub fn listen(page: &Rc<Page>) {
    let looked = page.clone();
    watch(&root(), move |seen| {
        looked.embedded.sight.view.set(seen);
        looked.look_around();
    });
    let turned = page.clone();
    on(&document(), "visibilitychange", move |_: Event| turned.look_around());
}

impl Page {
    /// Lets the run go on if it can be seen, else wait.
    pub(super) fn look_around(self: &Rc<Self>) {
        let Sight { slide, view } = &self.embedded.sight;
        let attended = slide.get() && view.get() && !document().hidden();
        if attended != self.state.borrow().attended {
            self.obey(|state| state.attend(attended));
        }
    }
}
