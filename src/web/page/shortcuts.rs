//! Keys for the page as a whole, and the sheet that lists them. They wait while a field or another control has a use for the key. In an embed
//! there are none: its host has the keyboard.

use super::Page;
use super::dom::{document, find, on};
use super::stage::Stage;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlDialogElement, HtmlInputElement, KeyboardEvent};

/// What takes letters.
pub const FIELDS: &str = "select, textarea, dialog, input:not([type=checkbox], [type=radio], [type=range])";
/// What takes the space bar.
pub const PRESSED: &str = "button, summary, a, input, select, [role=region]";
/// What takes the arrows.
pub const MOVED: &str = "input, select, [role=slider], [role=region]";

/// Listens to keys, and to the buttons of the sheet.
pub fn listen(page: &Rc<Page>) {
    page.on("shortcuts", "click", |_, _| open());
    page.on("sheet-close", "click", |_, _| find::<HtmlDialogElement>("sheet").close());
    if page.state.borrow().page.embed.is_some() {
        return;
    }
    let page = page.clone();
    on(&document(), "keydown", move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
        if !event.default_prevented() && !modified && page.press(&event) {
            event.prevent_default();
        }
    });
}

fn open() {
    // Throws only if it is open already.
    let _ = find::<HtmlDialogElement>("sheet").show_modal();
}

impl Page {
    /// Does what the key says; whether it said anything.
    fn press(self: &Rc<Self>, event: &KeyboardEvent) -> bool {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within = |selector| target.as_ref().is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()));
        if within(FIELDS) || !find::<HtmlInputElement>("sheet-on").checked() {
            return false;
        }
        match event.key().as_str() {
            " " if !within(PRESSED) => self.click(self.main_button()),
            "t" | "T" => self.click(self.main_button()),
            "s" | "S" => self.click("step"),
            "r" | "R" => self.click("reset"),
            "p" | "P" => self.present(),
            "ArrowLeft" if !within(MOVED) => self.turn(-1.0),
            "ArrowRight" if !within(MOVED) => self.turn(1.0),
            "?" => open(),
            _ => return false,
        }
        true
    }

    /// The one of the two buttons that is shown.
    fn main_button(&self) -> &'static str {
        if self.state.borrow().stage == Stage::Training { "pause" } else { "train" }
    }

    /// As if the button were clicked, which it is only if it can be.
    fn click(&self, button: &str) {
        find::<HtmlButtonElement>(button).click();
    }

    /// To the record before or after the one that is shown.
    fn turn(self: &Rc<Self>, direction: f64) {
        let shown = self.state.borrow().record().map(|record| record.epoch);
        if let Some(epoch) = shown {
            self.state.borrow_mut().scrub(epoch + direction * 1e-9);
            self.refresh(super::Stale::Everything);
        }
    }
}
