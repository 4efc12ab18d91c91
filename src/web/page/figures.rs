//! The canvases: what the state says, drawn by `chart`.

use super::dom::find;
use super::format::rho;
use super::state::State;
use super::strings::{fill, text};
use super::theme;
use crate::chart::{
    Accuracy, ClassCurve, DecayCurve, DecayLabels, Ghost, LayerAxis, Step, Strip, Theme, Timeline, TimelineLabels, canvas, ln_range,
    ln_range_of,
};
use crate::experiment::{BatchNormMode, Record};
use crate::network::Normalization;
use web_sys::HtmlCanvasElement;

/// The page's figures.
pub struct Figures {
    curve: HtmlCanvasElement,
    history: HtmlCanvasElement,
    theme: Option<Theme>,
    axis: Option<LayerAxis>,
}

impl Figures {
    /// The canvases of index.html.
    pub fn new() -> Self {
        Self { curve: find("curve"), history: find("history"), theme: None, axis: None }
    }

    /// Where the layers are on the decay curve; none before it was drawn.
    pub fn axis(&self) -> Option<LayerAxis> {
        self.axis
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
            let range = ln_range(state.range, splits);
            let classes = state.split(record).per_class.iter().flatten().copied().filter(|_| state.view.classes);
            state.range = ln_range_of(range, classes);
        }
        self.axis = draw_curve(&self.curve, state, theme);
        draw_history(&self.history, state, theme);
    }
}

fn draw_curve(element: &HtmlCanvasElement, state: &State, theme: &Theme) -> Option<LayerAxis> {
    let (sheet, scale) = canvas(element)?;
    let record = state.record();
    let labels =
        [if state.view.linear { "axis.linear" } else { "axis" }, "pixels", "layer", "training", "fuzziness", "test", "half", "half.short"]
            .map(|key| text(&format!("curve.{key}")));
    let [axis, input, layer, training, fuzziness, test, half, half_short] = &labels;
    let measured = match (state.shown().normalization, state.page.config.measure) {
        (Normalization::Batch, BatchNormMode::BatchesOf100) => ["curve.batches", "curve.batches.short"],
        (Normalization::Batch, BatchNormMode::Running) => ["curve.running", "curve.running.short"],
        _ => ["curve.plain", "curve.plain.short"],
    }
    .map(text);
    let before = state.before.as_ref().map(|(config, record)| (state.split(record), before_label(config.hidden.len() + 1, state, record)));
    let curves = record.filter(|_| state.view.classes).map_or_else(Vec::new, |record| class_curves(state, record));
    let curves = curves.iter().map(|(class, name, fuzziness)| ClassCurve { class: *class, name, fuzziness }).collect::<Vec<_>>();
    let caption = ["curve.film", "curve.film.short"].map(text);
    let caption = caption.each_ref().map(String::as_str);
    let colors = colors(state);
    let film = record.and_then(|record| state.split(record).film.as_ref());
    let figure = DecayCurve {
        layers: state.layers(),
        train: record.map(|record| state.split(record)),
        test: record.and_then(|record| record.test.as_ref()).filter(|_| state.view.test),
        classes: &curves,
        linear: state.view.linear,
        trail: &[],
        previous: before.as_ref().map(|(split, label)| Ghost { fuzziness: &split.fuzziness, label }),
        film: film.map(|film| Strip { film, colors: &colors, caption: &caption }),
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
    figure.layer_axis(&sheet, theme, scale).ok()
}

/// Class, name and D_k by layer.
fn class_curves(state: &State, record: &Record) -> Vec<(usize, String, Vec<Option<f64>>)> {
    let layers = &state.split(record).per_class;
    let curve = |(index, &class): (usize, &u16)| {
        let fuzziness = layers.iter().map(|values| values.get(index).copied().flatten()).collect();
        (usize::from(class), text(&format!("class.{class}")), fuzziness)
    };
    state.classes().iter().enumerate().map(curve).collect()
}

/// The colour of each class of the run: that of its label in the dataset.
fn colors(state: &State) -> Vec<usize> {
    let config = state.run.as_ref().map_or(&state.page.config, |run| &run.config);
    let classes = config.classes.as_ref().map_or(0, Vec::len);
    (0..classes as u16).map(|class| usize::from(config.label(class))).collect()
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
