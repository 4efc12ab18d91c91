//! The run on show beside one before it: both curves on one axis, and a table of what differs.

use super::dom::{create, find, set, show};
use super::export::{give, stem};
use super::figures::report;
use super::format::{amount, epoch, fixed, pearson, percent, rho};
use super::render::{body, cell, engine, heading, share};
use super::state::State;
use super::strings::{fill, text};
use super::{Page, Stale, ghosts};
use crate::chart::{DecayCurve, DecayLabels, Ghost, Kind, LN_RANGE, PaperSheet, Theme, ln_range_of};
use crate::experiment::{BatchNormMode, Comparison, Config, PageState, Side, ratio};
use crate::web::protocol::Processor;
use std::rc::Rc;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};

impl State {
    /// The run on show and the one that it is compared with.
    pub fn comparison(&self) -> Option<Comparison<'_>> {
        let past = self.past.iter().find(|past| past.compared).filter(|past| past.config != *self.shown())?;
        let record = self.record()?;
        let engine = |processor: Option<&Processor>| processor.map_or_else(|| text("badge.cpu"), engine);
        let live = self.run.as_ref().filter(|_| self.recorded.is_none()).map(|run| &run.processor);
        Some(Comparison([
            Side { config: self.shown(), record, train: self.split(record), engine: engine(live) },
            Side { config: &past.config, record: &past.record, train: self.split(&past.record), engine: engine(past.processor.as_ref()) },
        ]))
    }

    /// Compares with the past run at this place alone, or if that is compared already with none.
    fn compare(&mut self, place: Option<usize>) -> bool {
        for (at, past) in self.past.iter_mut().enumerate() {
            past.compared = Some(at) == place && !past.compared;
        }
        self.past.iter().any(|past| past.compared)
    }
}

/// Listens to the list of past runs, and to the section's buttons.
pub fn listen(page: &Rc<Page>) {
    page.on("ghosts", "click", |page, event| {
        let Some(at) = ghosts::clicked(event.target(), "data-compare") else { return };
        let compares = page.state.borrow_mut().compare(Some(at));
        page.refresh(Stale::Everything);
        if compares {
            // The focus brings it into view, which it can only once it is there.
            render(&page.state.borrow());
            let _ = find::<HtmlElement>("comparison-title").focus();
        }
    });
    page.on("compare-end", "click", |page, _| {
        page.state.borrow_mut().compare(None);
        page.refresh(Stale::Everything);
        let _ = find::<HtmlElement>("figure").focus();
    });
    page.on("compare-csv", "click", |page, _| {
        let state = page.state.borrow();
        if let Some(both) = state.comparison() {
            give(&format!("{}-compared.csv", stem(&state, state.shown_epoch())), "text/csv", both.csv().as_bytes());
        }
    });
}

/// The canvas of index.html.
pub fn element() -> HtmlCanvasElement {
    find("compared")
}

/// Both curves on one axis.
pub fn draw(sheet: &PaperSheet, scale: f64, state: &State, both: &Comparison, theme: &Theme) {
    let [here, there] = &both.0;
    let words =
        ["curve.axis", "curve.axis.linear", "curve.pixels", "curve.layer", "compare.here", "curve.fuzziness", "compare.there"].map(text);
    let [axis, linear, input, layer, training, fuzziness, label] = &words;
    let kind = Kind::Compared(there.train.law.as_ref());
    let figure = DecayCurve {
        layers: both.layers().len(),
        train: Some(here.train),
        test: None,
        blocks: None,
        classes: &[],
        linear: state.page.view.linear,
        trail: &[],
        previous: &[Ghost { fuzziness: &there.train.fuzziness, label, kind }],
        film: None,
        marked: None,
        range: ln_range_of(LN_RANGE, both.layers().into_iter().flatten()),
        labels: DecayLabels {
            axis: if state.page.view.linear { linear } else { axis },
            measured: &[],
            input,
            layer,
            training,
            fuzziness: &here
                .train
                .fuzziness
                .iter()
                .rev()
                .copied()
                .flatten()
                .next()
                .map_or_else(String::new, |d| fuzziness.replace("{}", &amount(d))),
            test: "",
            half_life: &[],
        },
    };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// Shows the section while there is something to compare.
pub fn render(state: &State) {
    let both = state.comparison();
    find::<HtmlElement>("comparison").set_hidden(both.is_none());
    let Some(both) = both else { return };
    let [here, there] = &both.0;
    let name = ghosts::name(there.config, here.config);
    let epochs = [here, there].map(|side| epoch(side.record.epoch));
    show(&find("comparison-body"), &fill("compare.body", &[("name", &name), ("epoch", &epochs[0]), ("other", &epochs[1])]));
    let keeps = [here, there].map(|side| side.train.law.as_ref().map(|law| percent((law.rho * 100.0).round() / 100.0)));
    let said = match &keeps {
        [Some(ours), Some(theirs)] => fill("compare.said", &[("ours", ours), ("theirs", theirs)]),
        _ => String::new(),
    };
    show(&find("comparison-said"), &said);
    let rerun = find::<Element>("compare-rerun");
    let page = PageState { config: Config { measure: state.page.config.measure, ..there.config.clone() }, preset: None, ..state.whole() };
    set(&rerun, "href", Some(&format!("?{}", page.to_query())));
    show(&rerun, &fill("compare.rerun", &[("name", &name)]));
    table(&both);
}

/// A line of the table: a name and two texts.
fn line(table: &Element, name: &str, both: [String; 2]) {
    let row = create("tr");
    heading(&row, name);
    for words in both {
        let place = create("td");
        show(&place, &words);
        let _ = row.append_child(&place);
    }
    let _ = row.append_child(&create("td"));
    let _ = table.append_child(&row);
}

fn table(both: &Comparison) {
    let Some(table) = body("differences") else { return };
    for (key, values) in both.settings() {
        line(&table, &text(key), values.map(|value| ghosts::worded(key, &value).unwrap_or(value)));
    }
    for (layer, values) in both.layers().into_iter().enumerate() {
        let row = create("tr");
        set(&row, "data-layer", Some(&layer.to_string()));
        heading(&row, &fill(if layer == 0 { "compare.pixels" } else { "compare.layer" }, &[("layer", &layer.to_string())]));
        values.into_iter().for_each(|value| cell(&row, None, value, amount));
        cell(&row, None, ratio(values), |ratio| fixed(ratio, 2));
        let _ = table.append_child(&row);
    }
    for (name, values) in both.numbers() {
        let shown: fn(f64) -> String = match name {
            "rho" => rho,
            "r" => pearson,
            "epoch" => epoch,
            "train_accuracy" | "test_accuracy" => share,
            _ => amount,
        };
        let row = create("tr");
        set(&row, "data-quantity", Some(name));
        heading(&row, &text(&format!("compare.{name}")));
        values.into_iter().for_each(|value| cell(&row, None, value, shown));
        let _ = row.append_child(&create("td"));
        let _ = table.append_child(&row);
    }
    line(&table, &text("engine"), both.0.each_ref().map(|side| side.engine.clone()));
    let modes = both.0.each_ref().map(|side| match side.mode() {
        Some(BatchNormMode::BatchesOf100) => text("measure.batches"),
        Some(BatchNormMode::Running) => text("measure.running"),
        None => "–".to_owned(),
    });
    line(&table, &text("measure"), modes);
}
