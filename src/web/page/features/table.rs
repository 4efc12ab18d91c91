//! The table of the layers: their numbers, and what the reader changes about them.

use super::Features;
use super::figures::{class_name, cosines};
use super::result::{Beside, Found};
use crate::web::page::dom::{create, document, find, on, part, set, show};
use crate::web::page::format::{amount, fixed};
use crate::web::page::render::{body, cell, heading, share};
use crate::web::page::strings::{fill, text};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDetailsElement, HtmlElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement};

/// Most classes with a column of their own.
const MOST_COLUMNS: usize = 100;

/// Listens to the buttons and boxes of the rows.
pub fn listen(section: &Rc<Features>) {
    for sign in ["click", "change"] {
        let section = section.clone();
        on(&find::<Element>("features-layers"), sign, move |event: Event| {
            let Some(Ok(control)) = event.target().map(JsCast::dyn_into::<HtmlElement>) else { return };
            let data = |name: &str| control.get_attribute(name);
            let (Some(does), Some(Ok(place))) = (data("data-does"), data("data-place").map(|place| place.parse::<usize>())) else { return };
            let boxed = control.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::checked);
            // A box tells of its change, a button of its click.
            if boxed.is_some() == (sign == "change") {
                section.change(&control, &does, place, boxed.unwrap_or_default());
            }
        });
    }
}

impl Features {
    /// Changes the row at a place, at the wish of one of its controls, which goes where the row goes.
    fn change(self: &Rc<Self>, control: &Element, does: &str, place: usize, checked: bool) {
        if let Some(found) = self.found.borrow_mut().first_mut() {
            let arrangement = &mut found.arrangement;
            match does {
                "up" | "down" if arrangement.shift(place, does == "down") => {
                    let place = if does == "down" { place + 1 } else { place - 1 };
                    set(control, "data-place", Some(&place.to_string()));
                }
                "used" => drop(arrangement.part_mut(place).map(|part| part.used = checked)),
                "block" => drop(arrangement.part_mut(place).map(|part| part.block = checked)),
                _ => {}
            }
        }
        self.refresh();
    }
}

/// Writes the tables, only where they are not what they show: a control keeps the keyboard's focus.
pub fn render(found: &Found, beside: Option<&Beside>) {
    rows(found, beside);
    let twin = find::<HtmlDetailsElement>("features-twin");
    if twin.open() {
        per_class(found);
        angles(found);
    }
}

fn rows(found: &Found, beside: Option<&Beside>) {
    let other = beside.map(|beside| &beside.fuzziness);
    let digest = format!("{} {} {:?} {:?} {other:?}", found.name, found.labels, found.spatial, found.arrangement);
    let table = find::<Element>("features-layers");
    if table.get_attribute("data-shown").as_ref() == Some(&digest) {
        return;
    }
    set(&table, "data-shown", Some(&digest));
    find::<HtmlElement>("features-there").set_hidden(other.is_none());
    let focused = document().active_element().filter(|active| table.contains(Some(active)));
    let focused = focused.and_then(|active| Some((active.get_attribute("data-does")?, active.get_attribute("data-place")?)));
    let Some(body) = body("features-layers") else { return };
    let mut position = 0;
    for (place, of) in found.arrangement.parts().iter().enumerate() {
        let Some(layer) = found.analysis.layers.get(of.layer) else { continue };
        let row = part(&body, "tr");
        set(&row, "data-layer", Some(&of.layer.to_string()));
        let name = match of.used {
            true => format!("{position} · {}", layer.array),
            false => layer.array.clone(),
        };
        heading(&row, &name);
        let measures = &layer.measures;
        cell(&row, Some("D"), measures.fuzziness, amount);
        if let Some(other) = other {
            cell(&row, Some("there"), other.get(position).copied().flatten().filter(|_| of.used), amount);
        }
        let moves = part(&row, "td");
        for (does, shown, key) in [("up", "↑", "features.up"), ("down", "↓", "features.down")] {
            let button = part(&moves, "button");
            show(&button, shown);
            for (attribute, value) in [("type", "button"), ("data-does", does), ("data-place", &place.to_string())] {
                set(&button, attribute, Some(value));
            }
            set(&button, "aria-label", Some(&fill(key, &[("name", &layer.array)])));
        }
        for (does, checked, key) in [("used", of.used, "features.used"), ("block", of.block, "features.block")] {
            let tick = part(&part(&row, "td"), "input").unchecked_into::<HtmlInputElement>();
            tick.set_type("checkbox");
            tick.set_checked(checked);
            tick.set_disabled(does == "block" && !of.used);
            set(&tick, "data-does", Some(does));
            set(&tick, "data-place", Some(&place.to_string()));
            set(&tick, "aria-label", Some(&fill(key, &[("name", &layer.array)])));
        }
        cell(&row, None, Some(measures.columns as f64), |columns| columns.to_string());
        cell(&row, None, measures.nc1, amount);
        cell(&row, None, measures.angles, amount);
        cell(&row, None, measures.equinorm, amount);
        cell(&row, None, measures.ncc_accuracy, share);
        position += usize::from(of.used);
    }
    if let Some((does, place)) = focused
        && let Ok(Some(control)) = document().query_selector(&format!("#features-layers [data-does={does}][data-place='{place}']"))
    {
        let _ = control.unchecked_into::<HtmlElement>().focus();
    }
}

/// D_k: a row a layer, a column a class.
fn per_class(found: &Found) {
    let labels: Vec<String> = found.analysis.classes.iter().take(MOST_COLUMNS).map(class_name).collect();
    head("features-per-class", &text("features.table.layer"), &labels);
    let Some(body) = body("features-per-class") else { return };
    for layer in found.arrangement.layers(&found.analysis) {
        let row = part(&body, "tr");
        heading(&row, &layer.array);
        layer.measures.per_class.iter().take(labels.len()).for_each(|&value| cell(&row, None, value, amount));
    }
}

/// The cosines between the class means of the layer shown.
fn angles(found: &Found) {
    let labels: Vec<String> = found.analysis.classes.iter().map(class_name).collect();
    let values = cosines(found).unwrap_or_default();
    head("features-cosines", &text("classes.one"), if values.is_empty() { &[] } else { &labels });
    let Some(body) = body("features-cosines") else { return };
    for (name, values) in labels.iter().zip(values.chunks_exact(labels.len())) {
        let row = part(&body, "tr");
        heading(&row, name);
        values.iter().for_each(|&value| cell(&row, None, Some(value), |value| fixed(value, 3)));
    }
}

/// The head of a table: what its rows are, and its columns.
fn head(table: &str, rows: &str, columns: &[String]) {
    let Ok(Some(head)) = document().query_selector(&format!("#{table} thead")) else { return };
    head.set_text_content(None);
    let row = part(&head, "tr");
    for name in std::iter::once(rows).chain(columns.iter().map(String::as_str)) {
        let cell = part(&row, "th");
        set(&cell, "scope", Some("col"));
        show(&cell, name);
    }
}

/// Gives a menu these options, value and words, and selects the value, or the first where there is none of it.
pub fn offer(menu: &str, options: &[(String, String)], value: &str) {
    let menu = find::<HtmlSelectElement>(menu);
    let digest = format!("{options:?}");
    if menu.get_attribute("data-shown").as_ref() != Some(&digest) {
        set(&menu, "data-shown", Some(&digest));
        menu.set_text_content(None);
        for (value, words) in options {
            let option = create("option").unchecked_into::<HtmlOptionElement>();
            option.set_value(value);
            show(&option, words);
            let _ = menu.append_child(&option);
        }
    }
    let known = options.iter().any(|option| option.0 == value);
    menu.set_value(if known { value } else { options.first().map_or("", |option| &option.0) });
}
