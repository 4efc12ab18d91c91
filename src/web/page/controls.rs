//! The settings: each control of the form is named after a key of the config and speaks the link's notation.

use super::dom::{all, create, document, find, set, show};
use super::format::percent;
use super::state::State;
use super::strings::{fill, label, text};
use crate::experiment::{Config, Group, KEYS};
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, RadioNodeList};

/// A setting that a control now asks for.
pub struct Wish {
    /// The id or name of the control.
    pub control: String,
    /// The config's key.
    pub key: &'static str,
    /// The value in the link's notation.
    pub text: String,
}

/// Fills the menu of presets.
pub fn list_presets() {
    let menu = find::<HtmlSelectElement>("preset");
    for group in Group::ALL {
        let list = create("optgroup");
        for preset in group.presets() {
            let option = create("option").unchecked_into::<HtmlOptionElement>();
            option.set_value(&preset.id);
            label(&option, &format!("preset.{}.title", preset.id));
            let _ = list.append_child(&option);
        }
        let _ = menu.append_child(&list);
    }
    name_groups();
}

/// Names the groups of the menu, in the language of the page.
pub fn name_groups() {
    for (group, list) in Group::ALL.into_iter().zip(all("#preset optgroup")) {
        set(&list, "label", Some(&text(&format!("group.{}", group.name()))));
    }
}

/// What the control that changed asks for, beside the settings as they are.
pub fn read(target: Option<EventTarget>, config: &Config) -> Option<Wish> {
    let target = target?;
    let (name, value) = match target.dyn_into::<HtmlInputElement>() {
        Ok(input) if input.type_() == "checkbox" => (input.name(), input.checked().to_string()),
        Ok(input) if input.name().is_empty() => return layers_or_width(&input.id(), &input.value(), config),
        Ok(input) => (input.name(), input.value()),
        Err(other) => {
            let select = other.dyn_into::<HtmlSelectElement>().ok()?;
            (select.name(), select.value())
        }
    };
    let key = KEYS.iter().find(|key| key.name == name)?.name;
    Some(Wish { control: name, key, text: value })
}

/// The two sliders are another way to write `hidden`.
fn layers_or_width(id: &str, value: &str, config: &Config) -> Option<Wish> {
    let (width, layers) = (config.hidden.first()?, config.hidden.len());
    let text = match id {
        "layers" => format!("{width}x{}", value.parse::<usize>().ok()?.checked_sub(1)?),
        "width" => format!("{value}x{layers}"),
        _ => return None,
    };
    Some(Wish { control: id.to_owned(), key: "hidden", text })
}

/// Shows every setting, and which one was not accepted.
pub fn render(state: &State) {
    // A rejected value stays in its control, to be corrected.
    let rejected = state.rejected.as_ref().map(|(control, _)| control.as_str());
    let config = &state.page.config;
    let controls = find::<HtmlFormElement>("settings").elements();
    for key in &KEYS {
        let (Ok(value), Some(control)) = (config.text(key.name), controls.named_item(key.name)) else { continue };
        if rejected != Some(key.name) {
            write(control.into(), &value);
        }
    }
    let uniform = config.hidden.iter().all(|width| *width == config.hidden[0]);
    slide("layers", config.hidden.len() as f64 + 1.0, &(config.hidden.len() + 1).to_string());
    slide("width", config.hidden[0] as f64, &if uniform { config.hidden[0].to_string() } else { text("width.mixed") });
    slide("k-labelNoise", config.label_noise, &format!("{}\u{202f}%", percent(config.label_noise)));
    let preset = state.preset();
    find::<HtmlSelectElement>("preset").set_value(preset.unwrap_or(""));
    let own = || fill("preset.differs", &[("settings", &super::ghosts::name(config, &Config::default()))]);
    show(&find("about-preset"), &preset.map_or_else(own, |id| text(&format!("preset.{id}.description"))));
    summarise(state);
    show(&find::<HtmlElement>("pending"), &if state.pending() { text("pending") } else { String::new() });
    mark(state);
}

/// Writes `value` into a control: a text field, a menu, a box, or a group of radio buttons.
fn write(control: JsValue, value: &str) {
    if let Some(group) = control.dyn_ref::<RadioNodeList>() {
        group.set_value(value);
    } else if let Some(menu) = control.dyn_ref::<HtmlSelectElement>() {
        menu.set_value(value);
    } else if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            "checkbox" => input.set_checked(value == "true"),
            "range" => {}
            _ => input.set_value(value),
        }
    }
}

/// Moves a slider, and shows its value beside it.
fn slide(id: &str, value: f64, shown: &str) {
    let slider = find::<HtmlInputElement>(id);
    slider.set_value_as_number(value);
    color(&slider);
    if let Some(output) = slider.next_element_sibling() {
        show(&output, shown);
    }
}

/// Inks a slider's track up to its value.
pub fn color(slider: &HtmlInputElement) {
    let number = |text: String| text.parse::<f64>().unwrap_or(0.0);
    let (low, high) = (number(slider.min()), number(slider.max()));
    let part = if high > low { 100.0 * (slider.value_as_number() - low) / (high - low) } else { 0.0 };
    let _ = slider.style().set_property("--part", &format!("{part:.2}%"));
}

/// While a slider moves, only its own number follows; the setting changes when it is let go.
pub fn preview(slider: &HtmlInputElement) {
    color(slider);
    let value = slider.value();
    if let Some(output) = slider.next_element_sibling() {
        let share = if slider.name() == "labelNoise" { value.parse::<f64>().ok() } else { None };
        show(&output, &share.map_or(value, |share| format!("{}\u{202f}%", percent(share))));
    }
}

/// The chosen word of a menu or group of radio buttons.
fn chosen(name: &str) -> String {
    let selector = format!("#settings [name={name}] option:checked, #settings [name={name}]:checked + span");
    let element = document().query_selector(&selector).ok().flatten();
    element.and_then(|element| element.text_content()).unwrap_or_default()
}

/// One line for each closed group.
fn summarise(state: &State) {
    let config = &state.page.config;
    let of = |key| config.text(key).unwrap_or_default();
    let per_class = state.wanted_own().map_or_else(|| of("perClass"), |own| own.images.origin.wanted.per_class.to_string());
    let lines = [
        ("sum-data", fill("data.sum", &[("dataset", &chosen("dataset")), ("perClass", &per_class)])),
        ("sum-network", fill("network.sum", &[("layers", &(config.hidden.len() + 1).to_string()), ("hidden", &of("hidden"))])),
        ("sum-optimizer", fill("optimizer.sum", &[("optimizer", &chosen("optimizer")), ("learningRate", &of("learningRate"))])),
        ("sum-measuring", fill("measuring.sum", &[("mode", &chosen("measure"))])),
    ];
    for (id, line) in lines {
        show(&find::<HtmlElement>(id), &line);
    }
}

/// Puts the message beside the control whose value was not accepted, and takes the one before away.
fn mark(state: &State) {
    const MESSAGE: &str = "rejected";
    if let Some(message) = document().get_element_by_id(MESSAGE) {
        message.remove();
    }
    for element in all("#settings [aria-invalid]") {
        set(&element, "aria-invalid", None);
        set(&element, "aria-describedby", None);
    }
    let Some((control, error)) = &state.rejected else { return };
    for element in all(&format!("#settings [name={control}], #settings [id={control}]")) {
        set(&element, "aria-invalid", Some("true"));
        set(&element, "aria-describedby", Some(MESSAGE));
        if let Ok(Some(row)) = element.closest(".row").map(|row| row.filter(|_| document().get_element_by_id(MESSAGE).is_none())) {
            let message = create("p");
            message.set_id(MESSAGE);
            message.set_class_name("bad");
            show(&message, &error.to_string());
            let _ = row.append_child(&message);
        }
    }
}
