//! The language of the page's words. A change of it leaves the run alone: nothing is loaded but the words.

use super::dom::{all, find};
use super::{Page, Stale, controls, help, host};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;

/// The languages that the page speaks: those of its menu.
pub fn languages() -> Vec<String> {
    all("#language option").iter().filter_map(|option| option.get_attribute("value")).collect()
}

/// Listens to the menu; the link follows it.
pub fn listen(page: &Rc<Page>) {
    page.on("language", "change", |page, _| {
        page.state.borrow_mut().page.lang = Some(find::<HtmlSelectElement>("language").value());
        page.replace();
        page.speak();
    });
}

impl Page {
    /// Says everything in the language that the link asks for.
    pub(super) fn speak(self: &Rc<Self>) {
        let (page, wish) = (self.clone(), self.state.borrow().page.lang.clone());
        spawn_local(async move {
            match host::speak(wish.as_deref()).await {
                Ok(()) => page.retell(),
                Err(message) => page.state.borrow_mut().alert = message.as_string().unwrap_or_default(),
            }
            page.refresh(Stale::Everything);
        });
    }

    /// Writes anew what index.html does not say itself.
    fn retell(self: &Rc<Self>) {
        help::name();
        self.settle();
        controls::name_groups();
        self.galleries.iter().for_each(|gallery| gallery.retell());
        self.recolor(); // the figures have words too
    }
}
