//! How the curve is shown: its axis, and which curves.

use super::dom::find;
use super::{Page, Stale};
use std::rc::Rc;
use web_sys::{Event, HtmlInputElement};

/// What the reader chose to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// D on a linear axis, not ln D.
    pub linear: bool,
    /// The test points' curve.
    pub test: bool,
    /// Each class's own curve.
    pub classes: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { linear: false, test: true, classes: false }
    }
}

/// Listens to the switches below the curve.
pub fn listen(page: &Rc<Page>) {
    let choose = |page: &Rc<Page>, _: Event| {
        let on = |id| find::<HtmlInputElement>(id).checked();
        page.state.borrow_mut().view = View { linear: on("view-linear"), test: on("view-test"), classes: on("view-classes") };
        page.refresh(Stale::Everything);
    };
    page.on("views", "change", choose);
}
