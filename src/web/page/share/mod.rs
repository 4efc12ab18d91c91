//! The share dialog: a link, an embed, files, and how to cite.

mod citation;
mod snippet;

use super::Page;
use super::dom::{all, create, document, find, on, set, show, window};
use super::export::in_words;
use super::host;
use super::strings::text;
use crate::experiment::PageState;
use js_sys::Promise;
use snippet::{Embed, Kind};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, MouseEvent};

#[wasm_bindgen]
extern "C" {
    /// Throws where there is no clipboard, as on a page without TLS.
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// Listens to the dialog.
pub fn listen(page: &Rc<Page>) {
    page.on("share", "click", |page, _| {
        // Throws only if it is open already.
        let _ = find::<HtmlDialogElement>("sharing").show_modal();
        page.fill_share();
    });
    page.on("sharing-close", "click", |_, _| find::<HtmlDialogElement>("sharing").close());
    // A preview that nobody sees need not train.
    page.on("sharing", "close", |_, _| find::<Element>("preview").set_text_content(None));
    page.on("share-what", "change", |page, _| page.fill_share());
    page.on("embed-form", "change", |page, _| page.show_embed());
    page.on("embed-form", "submit", |_, event| event.prevent_default());
    on(&find::<Element>("sharing"), "click", |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-copies]").ok().flatten());
        if let Some(button) = button {
            copy(button);
        }
    });
}

impl Page {
    /// Shows the chosen part of the dialog, as the page stands now.
    fn fill_share(&self) {
        let what = checked("share-what").unwrap_or_default();
        for part in all("#sharing [data-share]") {
            let shown = part.get_attribute("data-share").as_deref() == Some(&what);
            set(&part, "hidden", (!shown).then_some(""));
        }
        hush();
        find::<Element>("preview").set_text_content(None);
        match what.as_str() {
            "link" => write("copy-link", &snippet::address(&base(), &self.state.borrow().whole().to_query())),
            "embed" => self.show_embed(),
            "cite" => {
                write("copy-methods", &in_words(&self.state.borrow()));
                write("copy-paper", citation::PAPER);
                write("copy-software", &citation::software(Some(base()).filter(|_| host::file().is_none())));
            }
            _ => {
                let state = self.state.borrow();
                let nothing = state.run.is_none() || state.recorded.is_some();
                find::<web_sys::HtmlButtonElement>("export-run").set_disabled(nothing);
            }
        }
    }

    /// The embed that the form describes: its code, and how it looks.
    fn show_embed(&self) {
        hush();
        let size = |id, otherwise| {
            find::<HtmlInputElement>(id).value().trim().parse().ok().filter(|size| (160..=4000).contains(size)).unwrap_or(otherwise)
        };
        let controls = all("#embed-form [data-hides]").into_iter().map(|input| input.unchecked_into::<HtmlInputElement>());
        let hidden = controls.filter(|input| !input.checked()).filter_map(|input| input.get_attribute("data-hides")).collect();
        let embed = Embed {
            figure: find::<HtmlSelectElement>("embed-figure").value(),
            hidden,
            autoplay: find::<HtmlInputElement>("embed-autoplay").checked(),
            size: (size("embed-width", 640), size("embed-height", 400)),
        };
        let query = embed.query(&PageState { tour: None, ..self.state.borrow().whole() }.to_query());
        let kind = Kind::named(&find::<HtmlSelectElement>("embed-kind").value());
        write("copy-embed", &embed.code(kind, &snippet::address(&base(), &query), &text("share.title")));
        // A file on disk may not show itself.
        if host::file().is_some() {
            return;
        }
        // A new element each time: another address in an old one would be a step of the reader's history.
        let preview = find::<Element>("preview");
        let frame = create("iframe");
        for (name, value) in [
            ("title", text("share.preview")),
            ("src", format!("?{query}")),
            ("width", embed.size.0.to_string()),
            ("height", embed.size.1.to_string()),
        ] {
            set(&frame, name, Some(&value));
        }
        preview.replace_children_with_node_1(&frame);
    }
}

/// The value of the radio button chosen within `group`.
fn checked(group: &str) -> Option<String> {
    let input = document().query_selector(&format!("#{group} input:checked")).ok()??;
    Some(input.unchecked_into::<HtmlInputElement>().value())
}

/// This page's address without what makes it a certain run: of a file on disk its name alone, which stays as it is on another disk.
fn base() -> String {
    let href = window().location().href().unwrap_or_default();
    let place = href.split(['?', '#']).next().unwrap_or_default();
    if host::file().is_some() { place.rsplit('/').next().unwrap_or_default().to_owned() } else { place.to_owned() }
}

fn write(id: &str, text: &str) {
    find::<HtmlTextAreaElement>(id).set_value(text);
}

/// Takes back what was said of the last copy.
fn hush() {
    show(&find("share-said"), "");
    all("#sharing [data-copies]").iter().for_each(|button| show(button, &text("share.copy")));
}

/// Copies the text that the button is of, and says so; where that is not allowed the text is selected, for the reader to copy.
fn copy(button: Element) {
    hush();
    let Some(id) = button.get_attribute("data-copies") else { return };
    let field = find::<HtmlTextAreaElement>(&id);
    field.select();
    spawn_local(async move {
        if to_clipboard(&field.value()).await {
            show(&button, &text("share.copied"));
            show(&find("share-said"), &text("share.copied.said"));
        } else {
            let _ = field.unchecked_ref::<HtmlElement>().focus();
            field.select();
            show(&find("share-said"), &text("share.denied"));
        }
    });
}

/// Copies `text`; whether that is allowed.
pub async fn to_clipboard(text: &str) -> bool {
    match write_text(text) {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}
