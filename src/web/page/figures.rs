//! The canvases: what the state says, drawn by `chart`.

use super::compare;
use super::dom::find;
use super::epochs::{self, Epochs};
use super::export::Figure;
use super::format::{amount, fixed};
use super::ghosts::Past;
use super::means::Picture;
use super::state::State;
use super::strings::{fill, text};
use super::theme;
use crate::chart::{
    Accuracy, Blocks, ClassCurve, DecayCurve, DecayLabels, Ghost, Kind, LayerAxis, PaperSheet, Step, Strip, Theme, Timeline,
    TimelineLabels, Tween, canvas, ln_range, ln_range_of,
};
use crate::experiment::{BatchNormMode, Embed, Split};
use crate::network::Normalization;
use web_sys::{HtmlCanvasElement, HtmlElement};

/// An embed lower than this, CSS px, is too low for the run before and the bracket; page.css has the same limit for the verdict.
const LOW: i32 = 300;

/// The page's figures.
pub struct Figures {
    curve: HtmlCanvasElement,
    history: HtmlCanvasElement,
    epochs: Epochs,
    compared: HtmlCanvasElement,
    theme: Option<Theme>,
    axis: Option<LayerAxis>,
    /// The curves of the training and test points, and their film, on their way from record to record.
    train: Option<Tween<Split>>,
    test: Option<Tween<Split>>,
    means: Picture,
    /// Where the curves and the class means take turns, whether these are next.
    means_next: bool,
    /// How many of the two are still to be drawn.
    behind: u8,
}

impl Figures {
    /// The canvases of index.html.
    pub fn new() -> Self {
        let (curve, history, epochs, means) = (find("curve"), find("history"), Epochs::new(), Picture::new());
        Self {
            curve,
            history,
            epochs,
            compared: compare::element(),
            theme: None,
            axis: None,
            train: None,
            test: None,
            means,
            means_next: false,
            behind: 0,
        }
    }

    /// Where the layers are on the decay curve; none before it was drawn.
    pub fn axis(&self) -> Option<LayerAxis> {
        self.axis
    }

    /// The picture of the class means.
    pub fn means(&self) -> &Picture {
        &self.means
    }

    /// The figures below the fold.
    pub fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// Draws the class means as the camera sees them now.
    pub fn turn(&mut self, state: &State, now: f64) {
        self.means.draw(state, self.theme.get_or_insert_with(theme::current), now);
    }

    /// The colours of now.
    pub fn theme(&mut self) -> &Theme {
        self.theme.get_or_insert_with(theme::current)
    }

    /// Forgets the colours: the theme changed.
    pub fn recolor(&mut self) {
        self.theme = None;
    }

    /// Draws everything anew at `now` milliseconds; the curves glide to another record, unless they are to be `still`. Where the curves and
    /// the class means are drawn `in_turn`, they wait for the next frames. Returns whether there is more to draw.
    pub fn draw(&mut self, state: &mut State, now: f64, still: bool, in_turn: bool) -> bool {
        let record = state.record();
        let splits = [record.map(|record| state.split(record)), record.and_then(|record| record.test.as_ref())];
        turn(&mut self.train, splits[0], now, still);
        turn(&mut self.test, splits[1], now, still);
        let classes = splits[0].filter(|_| state.page.view.classes).map_or(&[][..], |split| &split.per_class);
        let range = ln_range(state.range, splits.into_iter().flatten());
        // An axis that grew under the hand that draws would run away from it.
        let guess = state.guess.as_ref().filter(|guess| !guess.drawing).map_or(&[][..], |guess| &guess.fuzziness);
        state.range = ln_range_of(range, classes.iter().flatten().chain(guess).copied());
        self.means.turn(state, now, still);
        self.behind = 2;
        if !in_turn {
            self.draw_moving(state, now, false);
        }
        let theme = self.theme.get_or_insert_with(theme::current);
        if let Some((sheet, scale)) = canvas(&self.history) {
            draw_history(&sheet, scale, state, theme);
        }
        self.epochs.draw(state, theme);
        if let Some((both, (sheet, scale))) = state.comparison().zip(canvas(&self.compared)) {
            compare::draw(&sheet, scale, state, &both, theme);
        }
        self.behind > 0
    }

    /// Draws the curves and the class means alone, `in_turn` or both, if they are on their way. Returns whether they still are.
    pub fn glide(&mut self, state: &State, now: f64, in_turn: bool) -> bool {
        if self.behind > 0 {
            self.draw_moving(state, now, in_turn);
        }
        self.behind > 0
    }

    /// Draws one of the run's figures on another sheet, at rest and without what only the page needs.
    pub fn draw_on(&self, figure: Figure, sheet: &PaperSheet, scale: f64, state: &State, theme: &Theme) {
        match figure {
            Figure::Loss => draw_history(sheet, scale, state, theme),
            Figure::Emergence => drop(epochs::draw_map(sheet, scale, state, theme)),
            Figure::Collapse => epochs::draw_measures(sheet, scale, state, theme),
            Figure::Simplex | Figure::Cosines => {
                self.means.draw_on(sheet, scale, state, theme, f64::INFINITY, figure == Figure::Cosines);
            }
            _ => {
                let record = state.record();
                let splits = [record.map(|record| state.split(record)), record.and_then(|record| record.test.as_ref())];
                draw_curve(sheet, scale, state, splits, false, None, theme);
            }
        }
    }

    fn draw_moving(&mut self, state: &State, now: f64, in_turn: bool) {
        let moves = self.means.moves(now) || [&self.train, &self.test].into_iter().flatten().any(|curve| curve.moves(now));
        // One that was drawn on its way is to be drawn once more where it comes to rest.
        self.behind = if moves { 2 } else { self.behind.saturating_sub(if in_turn { 1 } else { 2 }) };
        if !in_turn || !self.means_next {
            self.draw_curves(state, now);
        }
        if !in_turn || self.means_next {
            self.means.draw(state, self.theme.get_or_insert_with(theme::current), now);
        }
        self.means_next = in_turn && !self.means_next;
    }

    fn draw_curves(&mut self, state: &State, now: f64) {
        let [train, test] = [&self.train, &self.test].map(|curve| curve.as_ref().map(|curve| curve.now(now)));
        let theme = self.theme.get_or_insert_with(theme::current);
        let low = state.page.embed.is_some() && find::<HtmlElement>("figure").client_height() < LOW;
        let marked = matches!(state.page.embed, None | Some(Embed::All)).then(|| state.layer());
        self.axis = canvas(&self.curve)
            .and_then(|(sheet, scale)| draw_curve(&sheet, scale, state, [train.as_ref(), test.as_ref()], low, marked, theme));
    }
}

/// Points `curve` to the record's.
fn turn(curve: &mut Option<Tween<Split>>, split: Option<&Split>, now: f64, still: bool) {
    match (curve.as_mut(), split) {
        (Some(curve), Some(split)) if !still => curve.turn(split, now),
        _ => *curve = split.cloned().map(Tween::at),
    }
}

/// Draws the decay curve, where the figure is `low` with fewer words, and with a ring around the layer `marked`.
fn draw_curve(
    sheet: &PaperSheet,
    scale: f64,
    state: &State,
    [train, test]: [Option<&Split>; 2],
    low: bool,
    marked: Option<usize>,
    theme: &Theme,
) -> Option<LayerAxis> {
    let labels = [
        if state.page.view.linear { "axis.linear" } else { "axis" },
        "pixels",
        "layer",
        if state.page.view.classes { "training.all" } else { "training" },
        "fuzziness",
        if state.page.view.classes { "test.all" } else { "test" },
        "half",
        "half.short",
    ]
    .map(|key| text(&format!("curve.{key}")));
    let [axis, input, layer, training, fuzziness, test_label, half, half_short] = &labels;
    // Numbers in the figure are the record's, as everywhere on the page, also while the curve is on its way.
    let split = state.record().map(|record| state.split(record));
    let last = split.and_then(|split| split.fuzziness.iter().rev().copied().flatten().next());
    let half_life = split.and_then(|split| split.law.as_ref()?.half_life);
    let filled = |wording: &str, number: Option<String>| number.map_or_else(|| wording.to_owned(), |number| wording.replace("{}", &number));
    let fuzziness = filled(fuzziness, last.map(amount));
    let halves = [half, half_short].map(|wording| filled(wording, half_life.map(|value| fixed(value, 1))));
    let config = state.shown();
    let (blocks, block_law) = (config.blocks(), train.and_then(|train| config.block_law(&train.fuzziness)));
    let mut measured = measured(state).to_vec();
    if !blocks.is_empty() {
        measured.splice(0..0, [0, 1].map(|at| fill("curve.blocks", &[("measured", &measured[at])])));
    }
    let ghosts = if low { Vec::new() } else { state.ghosts() };
    let label = |past: &Past, name: &str| if past.compared { text("compare.there") } else { state.ghost_label(past, name) };
    let ghosts = ghosts.iter().map(|(_, past, name)| (past, state.split(&past.record), label(past, name))).collect::<Vec<_>>();
    let kind = |past: &Past, split| if past.compared { Kind::Compared(split) } else { Kind::Before };
    let previous =
        ghosts.iter().map(|(past, split, label)| Ghost { fuzziness: &split.fuzziness, label, kind: kind(past, split.law.as_ref()) });
    let guess_label = text("guess.label");
    let guess = state.guess.as_ref().filter(|guess| guess.fuzziness.len() == state.layers());
    let guess = guess.map(|guess| Ghost { fuzziness: &guess.fuzziness, label: &guess_label, kind: Kind::Guess });
    let previous = previous.chain(guess).collect::<Vec<_>>();
    let curves = train.filter(|_| state.page.view.classes).map_or_else(Vec::new, |train| class_curves(state, train));
    let curves = curves.iter().map(|(class, name, fuzziness)| ClassCurve { class: *class, name, fuzziness }).collect::<Vec<_>>();
    let colors = colors(state);
    let film = train.and_then(|train| train.film.as_ref());
    let caption = match (film, train) {
        (Some(_), _) if state.recorded.is_some() => &["curve.film.recorded", "curve.film.recorded.short"],
        (Some(_), _) => &["curve.film", "curve.film.short"][..],
        (None, Some(_)) if state.recorded.is_some() => &["curve.film.unrecorded", "curve.film.unrecorded.short"],
        _ => &[],
    };
    let caption = caption.iter().map(|key| text(key)).collect::<Vec<_>>();
    let caption = caption.iter().map(String::as_str).collect::<Vec<_>>();
    let figure = DecayCurve {
        layers: state.layers(),
        train,
        test: test.filter(|_| state.page.view.test),
        classes: &curves,
        linear: state.page.view.linear,
        trail: &[],
        previous: &previous,
        film: (!state.drawing()).then_some(Strip { film, colors: &colors, caption: &caption }),
        blocks: (!blocks.is_empty()).then_some(Blocks { layers: &blocks, law: block_law.as_ref() }),
        marked,
        range: state.range,
        labels: DecayLabels {
            axis,
            measured: &measured.iter().map(String::as_str).collect::<Vec<_>>(),
            input,
            layer,
            training,
            fuzziness: &fuzziness,
            test: test_label,
            half_life: if low { &[] } else { &[&halves[0], &halves[1]] },
        },
    };
    report(figure.draw(sheet, theme, scale).is_err());
    figure.layer_axis(sheet, theme, scale).ok()
}

/// What D is and how it was measured, from the longest wording to the shortest.
pub fn measured(state: &State) -> [String; 2] {
    match (state.shown().normalization, state.page.config.measure) {
        (Normalization::Batch, BatchNormMode::BatchesOf100) => ["curve.batches", "curve.batches.short"],
        (Normalization::Batch, BatchNormMode::Running) => ["curve.running", "curve.running.short"],
        _ => ["curve.plain", "curve.plain.short"],
    }
    .map(text)
}

/// Class, name and D_k by layer.
fn class_curves(state: &State, train: &Split) -> Vec<(usize, String, Vec<Option<f64>>)> {
    if train.per_class.iter().all(Vec::is_empty) {
        return Vec::new(); // not recorded
    }
    let curve = |(index, &class): (usize, &u16)| {
        let fuzziness = train.per_class.iter().map(|values| values.get(index).copied().flatten()).collect();
        (usize::from(class), state.class_name(class), fuzziness)
    };
    state.classes().iter().enumerate().map(curve).collect()
}

/// The colour of each class of the run: that of its label in the dataset.
fn colors(state: &State) -> Vec<usize> {
    let config = state.run.as_ref().map_or(&state.page.config, |run| &run.config);
    let classes = config.classes.as_ref().map_or(0, Vec::len);
    (0..classes as u16).map(|class| usize::from(config.label(class))).collect()
}

fn draw_history(sheet: &PaperSheet, scale: f64, state: &State, theme: &Theme) {
    let records = state.seen().records();
    let loss = records.iter().map(|record| (record.epoch, record.loss)).collect::<Vec<_>>();
    let accuracy = records
        .iter()
        .map(|record| Accuracy { epoch: record.epoch, train: record.train_accuracy, test: record.test_accuracy })
        .collect::<Vec<_>>();
    let nc1 = records.iter().filter_map(|record| Some((record.epoch, record.collapse.as_ref()?.last.nc1))).collect::<Vec<_>>();
    let label = text("history.rate");
    let run = state.run.as_ref();
    let rate_steps = run.map_or(&[][..], |run| &run.rate_steps);
    let steps = rate_steps.iter().map(|&epoch| Step { epoch: f64::from(epoch), label: &label }).collect::<Vec<_>>();
    let [loss_label, accuracy_label, percent] = ["loss", "accuracy", "percent"].map(text);
    let nc1_label = text("nc1.short");
    let figure = Timeline {
        loss: &loss,
        accuracy: &accuracy,
        nc1: &nc1,
        epochs: state.last_epoch(),
        steps: &steps,
        shown: state.record().map_or(0.0, |record| record.epoch),
        labels: TimelineLabels { loss: &loss_label, accuracy: &accuracy_label, nc1: &nc1_label, percent: &percent },
    };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// A canvas that cannot be drawn on leaves its table, so the page goes on.
pub fn report(failed: bool) {
    if failed {
        web_sys::console::error_1(&"a figure could not be drawn".into());
    }
}
