//! The sliders of the layer-peeled model: two count classes, three are logarithmic.

use crate::experiment::MinorityView;
use crate::web::page::controls;
use crate::web::page::dom::{find, set, show};
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, HtmlInputElement};

/// The sliders, by id.
const DIALS: [&str; 5] = ["peeled-classes", "peeled-majority", "peeled-imbalance", "peeled-features", "peeled-classifiers"];

/// Takes over the value of the slider that moved.
pub fn read(target: Option<EventTarget>, view: &mut MinorityView) {
    let Some(slider) = slider(target) else { return };
    let (value, model) = (slider.value_as_number(), &mut view.model);
    match &*slider.id() {
        "peeled-classes" => {
            model.classes = value as usize;
            model.majority = model.majority.min(model.classes);
        }
        "peeled-majority" => model.majority = value as usize,
        "peeled-imbalance" => model.imbalance = rounded(value),
        "peeled-features" => model.energy_features = rounded(value),
        "peeled-classifiers" => model.energy_classifiers = rounded(value),
        _ => {}
    }
}

/// Moves all sliders to where the view has them.
pub fn render(view: &MinorityView) {
    find::<HtmlInputElement>("minority-oversample").set_checked(view.oversample);
    render_but(None, view);
}

/// All but the one under the reader's hand; its number follows too.
pub fn render_but(moved: Option<EventTarget>, view: &MinorityView) {
    let moved = slider(moved).map(|slider| slider.id());
    let model = &view.model;
    find::<HtmlInputElement>("peeled-majority").set_max(&model.classes.to_string());
    let values = [model.classes as f64, model.majority as f64, model.imbalance, model.energy_features, model.energy_classifiers];
    for (at, (id, value)) in DIALS.into_iter().zip(values).enumerate() {
        let slider = find::<HtmlInputElement>(id);
        if moved.as_deref() != Some(id) {
            slider.set_value_as_number(if at < 2 { value } else { value.log10() });
        }
        controls::color(&slider);
        let shown = value.to_string();
        set(&slider, "aria-valuetext", Some(&shown));
        if let Some(output) = slider.next_element_sibling() {
            show(&output, &shown);
            set(&output, "data-value", Some(&shown));
        }
    }
}

fn slider(target: Option<EventTarget>) -> Option<HtmlInputElement> {
    target?.dyn_into().ok()
}

/// 10^`exponent` in two digits, as people choose numbers.
fn rounded(exponent: f64) -> f64 {
    format!("{:.1e}", 10_f64.powf(exponent)).parse().unwrap_or(1.0)
}
