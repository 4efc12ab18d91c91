//! Neural collapse in numbers and words: NC1 to NC4 of the layer shown, what the picture shows, and its tables.

use super::layer_name;
use crate::experiment::MeansView;
use crate::web::page::dom::{create, document, find, set, show, show_number};
use crate::web::page::format::{amount, epoch, fixed};
use crate::web::page::render::{body, cell, heading, share};
use crate::web::page::state::State;
use crate::web::page::strings::{fill, text};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement};

/// Shows them.
pub fn render(state: &State) {
    let (collapse, layer) = (state.collapse(), state.layer());
    let last = layer + 1 == state.layers();
    let at = |curve: Option<&Vec<Option<f64>>>| curve.and_then(|curve| *curve.get(layer)?);
    // Those that need the classifier are of the layer before it.
    let of_last = collapse.filter(|_| last).map(|collapse| collapse.last);
    show_number(&find("nc1"), at(collapse.map(|collapse| &collapse.nc1)), amount);
    show_number(&find("nc2"), at(collapse.map(|collapse| &collapse.angles)), amount);
    show_number(&find("nc3"), of_last.map(|last| last.nc3), amount);
    show_number(&find("nc4"), of_last.map(|last| last.nc4), amount);
    show(&find("means-note"), &note(state));
    show(&find("means-summary"), &summary(state));
    let table = find::<Element>("cosines");
    let open = table.closest("details").ok().flatten().and_then(|twin| twin.dyn_into::<HtmlDetailsElement>().ok());
    if open.is_some_and(|twin| twin.open()) {
        cosines(state, &table);
        layers(state);
    }
}

/// What is exact, or what is missing.
fn note(state: &State) -> String {
    let classes = state.classes().len();
    if !state.pictured() {
        let key = match () {
            () if state.recorded.is_some() => "means.unrecorded",
            () if state.record().is_none() => "means.nothing",
            () if state.collapse().is_some() => "means.not-kept",
            () => "means.undefined",
        };
        return text(key);
    }
    let shown = if state.corners().is_empty() { classes } else { state.corners().len() };
    match (state.means_view(), shown) {
        (MeansView::Cosines, _) => fill("means.note.cosines", &[("ideal", &fixed(-1.0 / (classes.max(2) - 1) as f64, 2))]),
        (_, 2..=4) => text(&format!("means.note.{shown}")),
        _ => {
            let dimensions = text(&format!("number.{}", classes - 1));
            let digits = (classes - 1).to_string();
            fill("means.note", &[("dimensions", if dimensions.starts_with("number.") { &digits } else { &dimensions })])
        }
    }
}

fn summary(state: &State) -> String {
    let angles = state.collapse().and_then(|collapse| *collapse.angles.get(state.layer())?);
    let (Some(record), Some(angles)) = (state.record(), angles) else { return note(state) };
    let values = [
        ("layer", layer_name(state.layer())),
        ("epoch", epoch(record.epoch)),
        ("classes", state.classes().len().to_string()),
        ("angles", amount(angles)),
        ("note", note(state)),
    ];
    fill("means.summary", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// The cosines between the class means.
fn cosines(state: &State, table: &Element) {
    let Ok(Some(head)) = document().query_selector("#cosines thead") else { return };
    let names = state.class_names();
    head.set_text_content(None);
    let row = create("tr");
    for name in std::iter::once(&text("classes.one")).chain(&names) {
        let cell = create("th");
        set(&cell, "scope", Some("col"));
        show(&cell, name);
        let _ = row.append_child(&cell);
    }
    let _ = head.append_child(&row);
    let (Some(body), Some(values)) = (body(&table.id()), state.cosines()) else { return };
    for (name, values) in names.iter().zip(values.chunks_exact(names.len())) {
        let row = create("tr");
        heading(&row, name);
        values.iter().for_each(|&value| cell(&row, None, Some(value), |value| fixed(value, 3)));
        let _ = body.append_child(&row);
    }
}

/// Neural collapse layer by layer.
fn layers(state: &State) {
    let (Some(body), Some(collapse)) = (body("collapse"), state.collapse()) else { return };
    for layer in 0..collapse.nc1.len() {
        let row = create("tr");
        set(&row, "data-layer", Some(&layer.to_string()));
        heading(&row, &if layer == 0 { text("table.pixels") } else { layer.to_string() });
        let at = |curve: &[Option<f64>]| curve.get(layer).copied().flatten();
        cell(&row, None, at(&collapse.nc1), amount);
        cell(&row, None, at(&collapse.angles), amount);
        cell(&row, None, at(&collapse.equinorm), amount);
        cell(&row, None, at(&collapse.ncc_accuracy), share);
        let _ = body.append_child(&row);
    }
}
