//! A sentence about each setting, on demand: a "?" beside its name opens it below.

use super::dom::{all, create, on, set, show};
use super::strings::{fill, text};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// Gives every setting its "?".
pub fn install() {
    for row in all("#settings .row") {
        let control = row.query_selector("[name], #layers, #width, #auto-stop, #save-run").ok().flatten();
        let key = control.and_then(|control| control.get_attribute("name").or_else(|| control.get_attribute("id")));
        if let (Some(key), Some(first)) = (key, row.first_element_child()) {
            explain(&row, &first, &key);
        }
    }
}

/// Puts the "?" behind the setting's name, or after a control that needs none; the sentence comes last in its row.
fn explain(row: &Element, first: &Element, key: &str) {
    let sentence = create("p").unchecked_into::<HtmlElement>();
    let id = format!("help-{key}");
    sentence.set_id(&id);
    sentence.set_class_name("note");
    sentence.set_hidden(true);
    show(&sentence, &text(&format!("help.{key}")));

    let named = first.class_name() != "seg";
    let name = if named { first.text_content().unwrap_or_default() } else { first.get_attribute("aria-label").unwrap_or_default() };
    let button = create("button");
    for (attribute, value) in [("type", "button"), ("class", "help"), ("aria-expanded", "false"), ("aria-controls", id.as_str())] {
        set(&button, attribute, Some(value));
    }
    set(&button, "aria-label", Some(&fill("help.about", &[("name", &name)])));
    show(&button, "?");
    let _ = if named { first.insert_adjacent_element("afterend", &button) } else { row.insert_adjacent_element("beforeend", &button) };
    let _ = row.append_child(&sentence);

    let switch = button.clone();
    on(&button, "click", move |_: Event| {
        sentence.set_hidden(!sentence.hidden());
        set(&switch, "aria-expanded", Some(if sentence.hidden() { "false" } else { "true" }));
    });
}
