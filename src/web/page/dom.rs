//! Small ways to reach the document.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, IntersectionObserver, IntersectionObserverEntry, Window};

/// The window. Only the page's thread has one, and only that thread runs this module.
pub fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("the page's window has a document")
}

/// Whether the page is laid out for a phone: page.css has the same limit.
pub fn narrow() -> bool {
    window().match_media("(max-width: 47.5em)").ok().flatten().is_some_and(|media| media.matches())
}

/// The root element, whose data attributes say how the page stands.
pub fn root() -> HtmlElement {
    document().document_element().expect("a document has a root").unchecked_into()
}

/// The element of this id. index.html has every id that the page's code names.
pub fn find<T: JsCast>(id: &str) -> T {
    let element = document().get_element_by_id(id).unwrap_or_else(|| panic!("index.html has no #{id}"));
    element.dyn_into().unwrap_or_else(|_| panic!("#{id} is another kind of element"))
}

/// The elements that a selector of ours matches.
pub fn all(selector: &str) -> Vec<Element> {
    let Ok(list) = document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// A new element of this kind.
pub fn create(tag: &str) -> Element {
    document().create_element(tag).expect("a valid tag name")
}

/// A new element at the end of `parent`.
pub fn part(parent: &Element, tag: &str) -> Element {
    let element = create(tag);
    let _ = parent.append_child(&element);
    element
}

/// Shows `text`, touching the document only if it is new.
pub fn show(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets or removes an attribute.
pub fn set(element: &Element, name: &str, value: Option<&str>) {
    // Fails for invalid names only, and ours are fixed.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Shows a number as `text`, with its full precision in data-value; an en dash for a number that is not there.
pub fn show_number(element: &Element, value: Option<f64>, text: impl FnOnce(f64) -> String) {
    show(element, &value.map_or_else(|| "–".to_owned(), text));
    set(element, "data-value", value.map(|value| value.to_string()).as_deref());
}

/// Calls `action` whenever `element` comes into view, or goes: with whether it is there.
pub fn watch(element: &Element, action: impl Fn(bool) + 'static) {
    let look = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
        action(entries.pop().unchecked_into::<IntersectionObserverEntry>().is_intersecting());
    });
    if let Ok(observer) = IntersectionObserver::new(look.into_js_value().unchecked_ref()) {
        observer.observe(element);
    }
}

/// Calls `action` at each event `name` of `target`, as long as the page lives.
pub fn on<E: JsCast + 'static>(target: &EventTarget, name: &str, action: impl Fn(E) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| action(event.unchecked_into()));
    // Fails for no known browser.
    let _ = target.add_event_listener_with_callback(name, listener.into_js_value().unchecked_ref());
}
