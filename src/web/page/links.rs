//! Links of the text that set the page's state: followed without loading the page anew.

use super::Page;
use super::dom::{document, find, on, window};
use crate::experiment::PageState;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, MouseEvent};

/// Listens to clicks on links whose address is a query.
pub fn listen(page: &Rc<Page>) {
    let page = page.clone();
    on(&document(), "click", move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href^='?']:not([target])").ok().flatten());
        let Some((link, query)) = link.and_then(|link| link.get_attribute("href").map(|query| (link, query))) else { return };
        if plain(&event) {
            event.prevent_default();
            page.follow(&query, link.closest("#tour").is_ok_and(|tour| tour.is_some()));
        }
    });
}

/// Whether a click is ours to follow: another tab or window is the browser's business.
pub fn plain(event: &MouseEvent) -> bool {
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
}

impl Page {
    /// Goes to the run that a link describes, or to a step of the tour; the page keeps its looks. A link `within` the tour leaves the reader there.
    fn follow(self: &Rc<Self>, query: &str, within: bool) {
        let (link, _) = PageState::parse(query);
        if let Some(at) = link.tour {
            return self.take_tour(at);
        }
        self.obey(|state| {
            let tour = state.page.tour.filter(|_| within);
            let page = PageState { config: link.config, preset: link.preset, tour, ..state.page.clone() };
            state.revisit(page)
        });
        self.push();
        self.settle();
        if within {
            return;
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = find::<HtmlElement>("figure").focus_with_options(&still);
    }
}
