//! How the page looks: light, dark or as the system has it, larger for a projector, the figure alone in an embed.

use super::dom::{all, find, root, set};
use super::strings::text;
use super::{Page, Stale};
use crate::experiment::{Embed, KEYS, PARTS, PageState, Theme};
use std::rc::Rc;
use web_sys::{Element, HtmlElement};

/// The theme's name in the DOM and in the strings.
fn name(theme: Option<Theme>) -> &'static str {
    match theme {
        None => "system",
        Some(Theme::Light) => "light",
        Some(Theme::Dark) => "dark",
    }
}

/// Puts the link's looks on the document.
pub fn render(page: &PageState) {
    set(&root(), "data-theme", page.theme.map(|_| name(page.theme)));
    set(&root(), "data-present", page.present.then_some(""));
    set(&root(), "data-embed", page.embed.map(Embed::name));
    find::<HtmlElement>("whole").set_hidden(page.embed.is_none());
    hide(page);
    let button = find::<Element>("theme");
    let label = text(&format!("looks.theme.{}", name(page.theme)));
    set(&button, "aria-label", Some(&label));
    set(&button, "title", Some(&label));
}

/// Hides the parts and settings that the link names, and shows the others.
fn hide(page: &PageState) {
    for name in PARTS.into_iter().chain(KEYS.iter().map(|key| key.name)) {
        let hidden = page.hide.contains(&name).then_some("");
        for element in all(&format!("#{name}, [data-part~={name}], .row:has(#{name}, [name={name}])")) {
            set(&element, "data-hidden", hidden);
        }
    }
}

impl Page {
    /// Changes what the link says of the page's looks.
    fn look(self: &Rc<Self>, change: impl FnOnce(&mut PageState)) {
        change(&mut self.state.borrow_mut().page);
        self.replace();
        self.settle();
        self.recolor();
        self.refresh(Stale::Everything);
    }

    /// Shows the figure alone, larger, or the whole page again.
    pub(super) fn present(self: &Rc<Self>) {
        self.look(|link| link.present = !link.present);
    }
}

/// Listens to the theme button, which goes from the system's theme to light, to dark, and round again.
pub fn listen(page: &Rc<Page>) {
    page.on("theme", "click", |page, _| {
        page.look(|link| {
            link.theme = match link.theme {
                None => Some(Theme::Light),
                Some(Theme::Light) => Some(Theme::Dark),
                Some(Theme::Dark) => None,
            }
        });
    });
}
