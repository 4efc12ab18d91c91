//! The canvases: what the state says, drawn by `chart`.

use super::dom::find;
use super::format::rho;
use super::state::State;
use super::strings::{fill, text};
use super::theme;
use crate::chart::{Accuracy, DecayCurve, DecayLabels, Ghost, Step, Theme, Timeline, TimelineLabels, canvas, ln_range};
use crate::experiment::{BatchNormMode, Record};
use crate::network::Normalization;
use web_sys::HtmlCanvasElement;

/// The page's figures.
pub struct Figures {
    curve: HtmlCanvasElement,
    history: HtmlCanvasElement,
    theme: Option<Theme>,
}

impl Figures {
    /// The canvases of index.html.
    pub fn new() -> Self {
        Self { curve: find("curve"), history: find("history"), theme: None }
    }

    /// Forgets the colours: the theme changed.
    pub fn recolor(&mut self) {
        self.theme = None;
    }

    /// Draws everything anew.
    pub fn draw(&mut self, state: &mut State) {
        let theme = self.theme.get_or_insert_with(theme::current);
        if let Some(record) = state.record() {
            let splits = [Some(state.split(record)), record.test.as_ref()].into_iter().flatten();
            state.range = ln_range(state.range, splits);
        }
        draw_curve(&self.curve, state, theme);
        draw_history(&self.history, state, theme);
    }
}

fn draw_curve(element: &HtmlCanvasElement, state: &State, theme: &Theme) {
    let Some((sheet, scale)) = canvas(element) else { return };
    let record = state.record();
    let labels =
        ["axis", "pixels", "layer", "training", "fuzziness", "test", "half", "half.short"].map(|key| text(&format!("curve.{key}")));
    let [axis, input, layer, training, fuzziness, test, half, half_short] = &labels;
    let measured = match (state.page.config.normalization, state.page.config.measure) {
        (Normalization::Batch, BatchNormMode::BatchesOf100) => ["curve.batches", "curve.batches.short"],
        (Normalization::Batch, BatchNormMode::Running) => ["curve.running", "curve.running.short"],
        _ => ["curve.plain", "curve.plain.short"],
    }
    .map(text);
    let before = state.before.as_ref().map(|(config, record)| (state.split(record), before_label(config.hidden.len() + 1, state, record)));
    let figure = DecayCurve {
        layers: record.map_or(state.page.config.hidden.len() + 1, |record| record.train.fuzziness.len()),
        train: record.map(|record| state.split(record)),
        test: record.and_then(|record| record.test.as_ref()),
        trail: &[],
        previous: before.as_ref().map(|(split, label)| Ghost { fuzziness: &split.fuzziness, label }),
        range: state.range,
        labels: DecayLabels {
            axis,
            measured: &measured.each_ref().map(String::as_str),
            input,
            layer,
            training,
            fuzziness,
            test,
            half_life: &[half, half_short],
        },
    };
    report(figure.draw(&sheet, theme, scale).is_err());
}

fn before_label(layers: usize, state: &State, record: &Record) -> String {
    let layers = layers.to_string();
    match &state.split(record).law {
        Some(law) => fill("curve.before", &[("layers", &layers), ("rho", &rho(law.rho))]),
        None => fill("curve.before.plain", &[("layers", &layers)]),
    }
}

fn draw_history(element: &HtmlCanvasElement, state: &State, theme: &Theme) {
    let Some((sheet, scale)) = canvas(element) else { return };
    let records = state.history.records();
    let loss = records.iter().map(|record| (record.epoch, record.loss)).collect::<Vec<_>>();
    let accuracy = records
        .iter()
        .map(|record| Accuracy { epoch: record.epoch, train: record.train_accuracy, test: record.test_accuracy })
        .collect::<Vec<_>>();
    let label = text("history.rate");
    let run = state.run.as_ref();
    let rate_steps = run.map_or(&[][..], |run| &run.rate_steps);
    let steps = rate_steps.iter().map(|&epoch| Step { epoch: f64::from(epoch), label: &label }).collect::<Vec<_>>();
    let [loss_label, accuracy_label, percent] = ["loss", "accuracy", "percent"].map(text);
    let figure = Timeline {
        loss: &loss,
        accuracy: &accuracy,
        epochs: state.last_epoch(),
        steps: &steps,
        shown: state.record().map_or(0.0, |record| record.epoch),
        labels: TimelineLabels { loss: &loss_label, accuracy: &accuracy_label, percent: &percent },
    };
    report(figure.draw(&sheet, theme, scale).is_err());
}

/// A canvas that cannot be drawn on leaves its table, so the page goes on.
fn report(failed: bool) {
    if failed {
        web_sys::console::error_1(&"a figure could not be drawn".into());
    }
}
