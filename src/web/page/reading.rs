//! Reading the curve: a layer that the reader points at, taps or goes to with the keys, in numbers.

use super::dom::{create, find, narrow, on, root, set, show, show_number};
use super::format::{amount, fixed, percent};
use super::layers;
use super::state::State;
use super::strings::{fill, text};
use super::{Page, figures::Figures};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent, Node, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Listens to pointers and keys over the curve.
pub fn listen(page: &Rc<Page>) {
    let reader = find::<HtmlElement>("reader");
    let point = |page: &Rc<Page>, event: &Event| {
        let x = f64::from(event.unchecked_ref::<MouseEvent>().offset_x());
        let layer = page.figures.borrow().axis().and_then(|axis| axis.nearest(x));
        page.read(layer);
    };
    page.on("reader", "mousemove", move |page, event| point(page, &event));
    page.on("reader", "click", move |page, event| point(page, &event));
    page.on("reader", "mouseleave", |page, event| {
        // On a phone the numbers lie over the buttons: a tap there closes them, and must press nothing.
        let to = event.unchecked_ref::<MouseEvent>().related_target().and_then(|target| target.dyn_into::<Node>().ok());
        if find::<Element>("reading").contains(to.as_ref()) {
            return;
        }
        // A click gives focus, too; only who came with the keyboard keeps the numbers without a pointer.
        if !find::<Element>("reader").matches(":focus-visible").unwrap_or_default() {
            page.read(None);
        }
    });
    page.on("reading", "click", |page, _| page.read(None));
    page.on("reader", "focus", |page, _| {
        let layer = page.state.borrow().read.unwrap_or(0);
        page.read(Some(layer));
    });
    page.on("reader", "blur", |page, _| page.read(None));
    let page = page.clone();
    on(&reader, "keydown", move |event: KeyboardEvent| {
        let (read, last) = {
            let state = page.state.borrow();
            (state.read, state.layers().saturating_sub(1))
        };
        let layer = match (event.key().as_str(), read) {
            ("ArrowLeft" | "ArrowDown", read) => Some(read.unwrap_or(1).saturating_sub(1)),
            ("ArrowRight" | "ArrowUp", read) => Some(read.map_or(0, |layer| last.min(layer + 1))),
            ("Home", _) => Some(0),
            ("End", _) => Some(last),
            ("Escape", _) => None,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        page.read(layer);
        // On a phone the numbers lie over what is at the foot of the window, and not every browser scrolls to what has the focus. An embed
        // would scroll its host.
        if layer.is_some() && narrow() && !root().has_attribute("data-embed") {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            find::<Element>("reader").scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
}

impl Page {
    fn read(&self, layer: Option<usize>) {
        let mut state = self.state.borrow_mut();
        if state.read != layer {
            state.read = layer;
            render(&state, &self.figures.borrow());
        }
    }
}

/// Shows the numbers of the layer that is read, and where it is.
pub fn render(state: &State, figures: &Figures) {
    let (reader, panel, line) = (find::<Element>("reader"), find::<HtmlElement>("reading"), find::<HtmlElement>("reading-line"));
    set(&reader, "aria-valuemax", Some(&state.layers().saturating_sub(1).to_string()));
    let read = state.read.filter(|&layer| layer < state.layers());
    set(&reader, "aria-valuenow", Some(&read.unwrap_or(0).to_string()));
    panel.set_hidden(read.is_none() || state.record().is_none());
    line.set_hidden(panel.hidden());
    let (Some(layer), Some(record), Some(axis)) = (read, state.record(), figures.axis()) else {
        return set(&reader, "aria-valuetext", Some(&text("reading.none")));
    };
    let _ = line.style().set_property("left", &format!("{}px", axis.x(layer)));
    panel.set_text_content(None);

    let split = state.split(record);
    let at = |layer: usize| split.fuzziness.get(layer).copied().flatten();
    let name = if layer == 0 { text("table.pixels") } else { fill("reading.layer", &[("layer", &layers::name(state.shown(), layer))]) };
    let heading = create("p");
    show(&heading, &name);
    let _ = panel.append_child(&heading);
    let list = create("dl");
    let ratio = at(layer).zip(layer.checked_sub(1).and_then(at)).map(|(here, before)| here / before);
    term(&list, "reading.fuzziness", at(layer), amount);
    term(&list, "reading.ln", at(layer).filter(|d| *d > 0.0).map(f64::ln), |value| fixed(value, 2));
    term(&list, "reading.ratio", ratio, |value| format!("{}\u{202f}%", percent(value)));
    term(&list, "reading.test", record.test.as_ref().and_then(|test| *test.fuzziness.get(layer)?), amount);
    if let Some(guess) = &state.guess {
        term(&list, "guess.label", guess.fuzziness.get(layer).copied().flatten(), amount);
    }
    let _ = panel.append_child(&list);

    let classes = create("dl");
    classes.set_class_name("classes");
    let values = split.per_class.get(layer).map_or(&[][..], |values| &values[..]);
    for (&class, value) in state.classes().iter().zip(values) {
        let row = named(&classes, &format!("class.{class}"), &state.class_name(class), *value, amount);
        let _ = row.style().set_property("--class", &format!("var(--c{})", class % 10));
    }
    let _ = panel.append_child(&classes);

    let spoken = [
        ("layer", name),
        ("fuzziness", at(layer).map_or_else(|| "–".to_owned(), amount)),
        ("ln", at(layer).map_or_else(|| "–".to_owned(), |d| fixed(d.ln(), 2).replace('\u{2212}', &text("minus")))),
    ];
    let mut spoken = fill("reading.spoken", &spoken.each_ref().map(|(name, value)| (*name, value.as_str())));
    if let Some(ratio) = ratio {
        spoken += &fill("reading.spoken.ratio", &[("ratio", &percent(ratio))]);
    }
    set(&reader, "aria-valuetext", Some(&spoken));
}

/// A name and its number.
fn term(list: &Element, key: &str, value: Option<f64>, shown: impl FnOnce(f64) -> String) -> HtmlElement {
    named(list, key, &text(key), value, shown)
}

/// The same, where the name is no text of the page.
fn named(list: &Element, key: &str, words: &str, value: Option<f64>, shown: impl FnOnce(f64) -> String) -> HtmlElement {
    let (row, name, number) = (create("div").unchecked_into::<HtmlElement>(), create("dt"), create("dd"));
    show(&name, words);
    show_number(&number, value, shown);
    set(&number, "data-name", Some(key));
    for (parent, child) in [(&*row, &name), (&*row, &number), (list, &*row)] {
        let _ = parent.append_child(child);
    }
    row
}
