//! A sentence about each control, on demand: a "?" opens it. A setting's sentence stands below it; those of the other controls are lists
//! in index.html that open over the page, and go with Escape or a click elsewhere.

use super::dom::{all, create, document, on, set, show};
use super::strings::{fill, label};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, Node};

/// Gives every setting its "?", and makes each "?" of the page work.
pub fn install() {
    for row in all("#settings .row") {
        let control =
            row.query_selector("[name], #layers, #width, #auto-stop, #save-run, #images-choose, #images-per-class").ok().flatten();
        let key = control.and_then(|control| control.get_attribute("name").or_else(|| control.get_attribute("id")));
        if let (Some(key), Some(first)) = (key, row.first_element_child()) {
            explain(&row, &first, &key);
        }
    }
    name();
    on(&document(), "click", |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.as_ref().and_then(|target| target.closest(".help").ok().flatten());
        put_away(target.as_deref());
        if let Some(button) = button {
            turn(&button);
        }
    });
    on(&document(), "keydown", |event: KeyboardEvent| {
        if event.key() == "Escape" {
            put_away(None);
        }
    });
}

/// Puts the "?" behind the setting's name, or after a control that needs none; the sentence comes last in its row.
fn explain(row: &Element, first: &Element, key: &str) {
    let sentence = create("p");
    let id = format!("help-{key}");
    sentence.set_id(&id);
    sentence.set_class_name("note");
    set(&sentence, "hidden", Some(""));
    label(&sentence, &format!("help.{key}"));

    let button = create("button");
    for (attribute, value) in [("type", "button"), ("class", "help"), ("aria-expanded", "false"), ("aria-controls", id.as_str())] {
        set(&button, attribute, Some(value));
    }
    show(&button, "?");
    let _ = if first.class_name() != "seg" {
        first.insert_adjacent_element("afterend", &button)
    } else {
        row.insert_adjacent_element("beforeend", &button)
    };
    let _ = row.append_child(&sentence);
}

/// Says of every setting's "?" what it is about.
pub fn name() {
    for row in all("#settings .row") {
        let (Some(first), Ok(Some(button))) = (row.first_element_child(), row.query_selector(".help")) else { continue };
        let name = first.get_attribute("aria-label").or_else(|| first.text_content()).unwrap_or_default();
        set(&button, "aria-label", Some(&fill("help.about", &[("name", &name)])));
    }
}

/// What a "?" opens.
fn opened_by(button: &Element) -> Option<Element> {
    document().get_element_by_id(&button.get_attribute("aria-controls")?)
}

/// Opens what the "?" explains, or closes it.
fn turn(button: &Element) {
    if let Some(explanation) = opened_by(button) {
        let open = explanation.has_attribute("hidden");
        set(&explanation, "hidden", (!open).then_some(""));
        set(button, "aria-expanded", Some(if open { "true" } else { "false" }));
    }
}

/// Closes the lists that are open over the page, except where the reader clicked.
fn put_away(clicked: Option<&Node>) {
    for button in all(".help[aria-expanded=true]") {
        // A setting's sentence hides nothing, and stays until it is put away.
        let list = opened_by(&button).filter(|list| list.class_name() == "explained" || clicked.is_none());
        if list.is_some_and(|list| !button.contains(clicked) && !list.contains(clicked)) {
            turn(&button);
        }
    }
}
