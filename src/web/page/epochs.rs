//! The run over its epochs, below the fold: how the law emerges, and that it comes before the collapse. The epoch shown is moved here, too.

use super::dom::{create, document, find, on, set, show, watch};
use super::export::engine;
use super::figures::{measured, report};
use super::format::{amount, epoch, pearson, rho};
use super::links;
use super::render::{body, cell, heading};
use super::stage::Stage;
use super::state::State;
use super::strings::{fill, text};
use super::{Page, Stale};
use crate::chart::{Emergence, EmergenceLabels, EpochAxis, MeasureCurve, MeasureCurves, Moment, PaperSheet, Theme, canvas};
use crate::collapse::NeuralCollapse;
use crate::experiment::{BatchNormMode, Record};
use crate::network::Normalization;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

/// The correlation from which on the law is near, and from which on it is called there.
const NEAR: f64 = -0.95;
const THERE: f64 = -0.99;

/// What moves the picture to the next record, and to none between.
const NEXT: f64 = 1e-9;

/// What one of its measures is.
type Measure = fn(&NeuralCollapse) -> f64;

/// The measures, and their names.
const MEASURES: [(&str, Measure); 4] = [("nc1", |nc| nc.nc1), ("nc2", |nc| nc.nc2.angle_means), ("nc3", |nc| nc.nc3), ("nc4", |nc| nc.nc4)];

/// The two figures on their epoch axis.
pub struct Epochs {
    map: HtmlCanvasElement,
    measures: HtmlCanvasElement,
    /// Where the epochs are; none before it was drawn.
    axis: Cell<Option<EpochAxis>>,
    /// Whether the reader has them in sight.
    seen: Cell<bool>,
}

impl Epochs {
    /// The canvases of index.html.
    pub fn new() -> Self {
        Self { map: find("emergence"), measures: find("over-epochs"), axis: Cell::default(), seen: Cell::default() }
    }

    /// Draws the figures, if they are in sight.
    pub fn draw(&self, state: &State, theme: &Theme) {
        if !self.seen.get() {
            return;
        }
        if let Some((sheet, scale)) = canvas(&self.map) {
            self.axis.set(draw_map(&sheet, scale, state, theme));
        }
        if let Some((sheet, scale)) = canvas(&self.measures) {
            draw_measures(&sheet, scale, state, theme);
        }
    }
}

/// The first record whose r is not above `bound`.
fn passed(state: &State, bound: f64) -> Option<&Record> {
    state.seen().records().iter().find(|record| state.split(record).law.as_ref().is_some_and(|law| law.pearson <= bound))
}

/// ln D of each layer at each record. Returns where the epochs are.
pub fn draw_map(sheet: &PaperSheet, scale: f64, state: &State, theme: &Theme) -> Option<EpochAxis> {
    let moment = |record| {
        let split = state.split(record);
        Moment { epoch: record.epoch, fuzziness: &split.fuzziness, law: split.law.as_ref() }
    };
    let moments = state.seen().records().iter().map(moment).collect::<Vec<_>>();
    let [layer, input, fuzziness, axis] = ["curve.layer", "curve.pixels", "curve.axis", "epochs.axis"].map(text);
    let (measured, names) = (measured(state), MEASURES.map(|(name, _)| text(name)));
    let figure = Emergence {
        moments: &moments,
        layers: state.layers(),
        epochs: state.last_epoch(),
        shown: state.record().map_or(0.0, |record| record.epoch),
        beside: &names.each_ref().map(String::as_str),
        labels: EmergenceLabels {
            layer: &layer,
            input: &input,
            fuzziness: &fuzziness,
            measured: &measured.each_ref().map(String::as_str),
            axis: &axis,
        },
    };
    report(figure.draw(sheet, theme, scale).is_err());
    figure.epoch_axis(sheet, theme, scale).ok()
}

/// Neural collapse at each record.
pub fn draw_measures(sheet: &PaperSheet, scale: f64, state: &State, theme: &Theme) {
    let records = state.seen().records();
    let measured = MEASURES.map(|(name, of)| {
        let values = records.iter().filter_map(|record| Some((record.epoch, of(&record.collapse.as_ref()?.last)))).collect::<Vec<_>>();
        (text(name), values)
    });
    let curves = measured.each_ref().map(|(name, values)| MeasureCurve { name, values });
    let law = passed(state, THERE).map(|record| record.epoch);
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

/// Writes what the figures show: the epoch, what was found, and the table, while it is open.
pub fn render(state: &State) {
    let record = state.record();
    let shown = record.map_or(0.0, |record| record.epoch);
    show(&find("epochs-now"), &fill("epochs.now", &[("epoch", &epoch(shown)), ("epochs", &epoch(state.last_epoch()))]));
    show(&find("epochs-said"), &said(state));
    let head = find::<Element>("epochs-head");
    set(&head, "aria-valuemax", Some(&state.last_epoch().to_string()));
    set(&head, "aria-valuenow", Some(&shown.to_string()));
    let law = record.and_then(|record| state.split(record).law.as_ref());
    let [r, ratio] =
        [law.map(|law| pearson(law.pearson)), law.map(|law| rho(law.rho))].map(|value| value.unwrap_or_else(|| "–".to_owned()));
    // Screen readers skip the true minus sign.
    let r = r.replace('\u{2212}', &text("minus"));
    set(&head, "aria-valuetext", Some(&fill("epochs.spoken", &[("epoch", &epoch(shown)), ("pearson", &r), ("rho", &ratio)])));
    if document().query_selector("details[open] #measures").is_ok_and(|open| open.is_some()) {
        tables(state);
    }
}

/// When the law came in the run that is shown, and how it was measured.
fn said(state: &State) -> String {
    let records = state.seen().records();
    let law = |record| state.split(record).law.as_ref();
    let ([first, .., last], true) = (records, state.started || state.recorded.is_some()) else { return String::new() };
    let (Some(start), Some(end)) = (law(first), law(last)) else { return String::new() };
    let [near, there] = [NEAR, THERE].map(|bound| passed(state, bound).map(|record| epoch(record.epoch)));
    let key = match (&near, &there) {
        (_, Some(_)) => "epochs.said.there",
        (Some(_), None) => "epochs.said.near",
        _ => "epochs.said.none",
    };
    let passed = fill(key, &[("near", &near.unwrap_or_default()), ("there", &there.unwrap_or_default())]);
    let signed = |value: f64| if value > 0.0 { format!("+{}", pearson(value)) } else { pearson(value) };
    let mode = match (state.shown().normalization, state.page.config.measure) {
        (Normalization::Batch, BatchNormMode::BatchesOf100) => "batches",
        (Normalization::Batch, BatchNormMode::Running) => "running",
        _ => "plain",
    };
    let values = [
        ("first", epoch(first.epoch)),
        ("start", signed(start.pearson)),
        ("passed", passed),
        ("last", epoch(last.epoch)),
        ("end", signed(end.pearson)),
        ("rho", rho(end.rho)),
        ("mode", text(&format!("epochs.mode.{mode}"))),
        ("seed", state.shown().seed.to_string()),
        ("engine", engine(state)),
    ];
    fill("epochs.said", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// D and the law, and below them neural collapse, a row for each record.
fn tables(state: &State) {
    // Thousands of cells stay as they are while the epoch shown moves.
    let (records, table) = (state.seen().records(), find::<Element>("depths"));
    let [count, last] = [records.len().to_string(), records.last().map_or_else(String::new, |record| record.epoch.to_string())];
    let recorded = state.recorded.is_some().to_string();
    let shows = [&state.number().to_string(), &recorded, &count, &last, &measured(state)[0]].map(String::as_str).join(" ");
    if table.get_attribute("data-shows").as_ref() == Some(&shows) {
        return;
    }
    set(&table, "data-shows", Some(&shows));
    let (Some(map), Some(measures)) = (body("depths"), body("measures")) else { return };
    if let Some(head) = document().query_selector("#depths thead tr").ok().flatten() {
        head.set_text_content(None);
        let layer = |layer| if layer == 0 { text("table.pixels") } else { format!("{} {layer}", text("table.layer")) };
        let names = ["epoch", "table.pearson", "table.rho"].map(text).into_iter().chain((0..state.layers()).map(layer));
        for name in names {
            let cell = create("th");
            set(&cell, "scope", Some("col"));
            show(&cell, &name);
            let _ = head.append_child(&cell);
        }
    }
    for record in records {
        let (split, last) = (state.split(record), record.collapse.as_ref().map(|collapse| &collapse.last));
        let [depth, measured] = [&map, &measures].map(|table| {
            let row = create("tr");
            heading(&row, &epoch(record.epoch));
            let _ = table.append_child(&row);
            row
        });
        cell(&depth, None, split.law.as_ref().map(|law| law.pearson), pearson);
        cell(&depth, None, split.law.as_ref().map(|law| law.rho), rho);
        split.fuzziness.iter().for_each(|&d| cell(&depth, None, d, amount));
        MEASURES.iter().for_each(|(_, of)| cell(&measured, None, last.map(of), amount));
        cell(&measured, None, split.law.as_ref().map(|law| law.pearson), pearson);
    }
}

/// Listens to the scenes' links, and to hands on the figures.
pub fn listen(page: &Rc<Page>) {
    let starter = page.clone();
    on(&find::<Element>("scenes"), "click", move |event: MouseEvent| {
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("a").ok()?);
        let Some(preset) = link.and_then(|link| link.get_attribute("data-preset")).filter(|_| links::plain(&event)) else { return };
        // Here the reader stays, and the run begins.
        event.prevent_default();
        event.stop_propagation();
        starter.obey(|state| state.choose(&preset));
        let state = starter.state.borrow();
        let trains = state.stage == Stage::Training && !state.pending();
        drop(state);
        if !trains {
            starter.train();
        }
    });
    page.on("epochs-play", "click", |page, _| {
        page.state.borrow_mut().play();
        page.refresh(Stale::Everything);
    });
    page.on("epochs-head", "pointerdown", |page, event| {
        let event: PointerEvent = event.unchecked_into();
        // Fails for a pointer that is gone already.
        let _ = find::<HtmlElement>("epochs-head").set_pointer_capture(event.pointer_id());
        page.point(&event);
    });
    page.on("epochs-head", "pointermove", |page, event| {
        let event: PointerEvent = event.unchecked_into();
        if event.buttons() & 1 == 1 {
            page.point(&event);
        }
    });
    page.on("epochs-head", "keydown", |page, event| page.steer(&event.unchecked_into()));
    let watcher = page.clone();
    watch(&find("epochs-head"), move |seen| {
        watcher.figures.borrow().epochs().seen.set(seen);
        if seen {
            watcher.refresh(Stale::Everything);
        }
    });
    if let Some(twin) = find::<Element>("measures").closest("details").ok().flatten() {
        let page = page.clone();
        on(&twin, "toggle", move |_: Event| page.refresh(Stale::Everything));
    }
}

impl Page {
    /// Shows the record that is drawn where the pointer is.
    fn point(self: &Rc<Self>, event: &PointerEvent) {
        let axis = self.figures.borrow().epochs().axis.get();
        let Some(axis) = axis else { return };
        let mut state = self.state.borrow_mut();
        let at = state.seen().until(axis.epoch(f64::from(event.offset_x()))).map(|record| record.epoch);
        state.seek(at);
        self.refresh(Stale::Everything);
    }

    /// Goes from record to record by the keys.
    fn steer(self: &Rc<Self>, event: &KeyboardEvent) {
        let mut state = self.state.borrow_mut();
        let shown = state.record().map_or(0.0, |record| record.epoch);
        match event.key().as_str() {
            _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
            "ArrowLeft" | "ArrowDown" => state.scrub(shown - NEXT),
            "ArrowRight" | "ArrowUp" => state.scrub(shown + NEXT),
            "Home" => state.seek(Some(0.0)),
            "End" => state.seek(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        self.refresh(Stale::Everything);
    }
}
