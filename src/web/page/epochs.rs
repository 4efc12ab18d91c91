//! Neural collapse over the epochs, below the fold: the law comes before the collapse.

use super::dom::{create, document, find};
use super::figures::report;
use super::format::{amount, epoch, pearson};
use super::render::{body, cell, heading};
use super::state::State;
use super::strings::{fill, text};
use crate::chart::{MeasureCurve, MeasureCurves, PaperSheet, Theme};
use crate::collapse::NeuralCollapse;
use crate::experiment::Record;
use web_sys::HtmlCanvasElement;

/// The correlation from which on the law is called there.
const THERE: f64 = -0.99;

/// What one of its measures is.
type Measure = fn(&NeuralCollapse) -> f64;

/// The measures, and their names.
const MEASURES: [(&str, Measure); 4] = [("nc1", |nc| nc.nc1), ("nc2", |nc| nc.nc2.angle_means), ("nc3", |nc| nc.nc3), ("nc4", |nc| nc.nc4)];

/// The figure.
pub fn draw(sheet: &PaperSheet, scale: f64, state: &State, theme: &Theme) {
    let records = state.seen().records();
    let measured = MEASURES.map(|(name, of)| {
        let values = records.iter().filter_map(|record| Some((record.epoch, of(&record.collapse.as_ref()?.last)))).collect::<Vec<_>>();
        (text(name), values)
    });
    let curves = measured.each_ref().map(|(name, values)| MeasureCurve { name, values });
    let there = |record: &&Record| state.split(record).law.as_ref().is_some_and(|law| law.pearson <= THERE);
    let law = records.iter().find(there).map(|record| record.epoch);
    let figure = MeasureCurves {
        curves: &curves,
        epochs: state.last_epoch(),
        law,
        law_label: &fill("epochs.law", &[("epoch", &law.map_or_else(String::new, epoch))]),
        shown: state.record().map_or(0.0, |record| record.epoch),
        axis: &text("epochs.axis"),
    };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// The table, while it is open.
pub fn table(state: &State) {
    let open = document().query_selector("details[open] #measures").ok().flatten().is_some();
    let Some(body) = body("measures").filter(|_| open) else { return };
    for record in state.seen().records() {
        let row = create("tr");
        heading(&row, &epoch(record.epoch));
        let last = record.collapse.as_ref().map(|collapse| &collapse.last);
        MEASURES.iter().for_each(|(_, of)| cell(&row, None, last.map(of), amount));
        cell(&row, None, state.split(record).law.as_ref().map(|law| law.pearson), pearson);
        let _ = body.append_child(&row);
    }
}

/// The canvas of index.html.
pub fn element() -> HtmlCanvasElement {
    find("over-epochs")
}
