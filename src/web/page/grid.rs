//! Noise and nonlinearity: a grid of small curves, label noise across, the leaky ReLU's slope down, trained by the pool.

use super::dom::{find, on, part, set, show, watch};
use super::due::Due;
use super::format::{fixed, percent, rho};
use super::strings::{fill, label, text};
use super::theme;
use super::trials::{Trial, Trials};
use crate::chart::{LN_RANGE, Sketch, Theme, canvas, ln_range_of};
use crate::experiment::{Config, GRID_NOISE, GRID_SLOPES, HIGHEST_RHO, PageState, RecordSchedule, Report, grid_config, grid_id};
use crate::separation::bend;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

/// How far, on average, a curve may be from its chord, in parts of what it falls, and still be called straight.
const STRAIGHT: f64 = 0.05;
/// The section, shared by its listeners.
pub struct Grid {
    /// In the trials' order: row by row.
    fields: Vec<Field>,
    trials: Rc<Trials>,
    theme: RefCell<Option<Theme>>,
    /// What all curves' axis has come to span.
    range: Cell<(i32, i32)>,
    /// Whether the reader has the grid in sight.
    seen: Cell<bool>,
    /// Whether a rendering is due.
    due: Due,
}

/// A field of the grid: the link to its run, with its picture and its words.
struct Field {
    link: Element,
    picture: Element,
    words: Element,
    /// Whether the picture is not what it should be.
    stale: Cell<bool>,
}

impl Grid {
    /// Fills the table; what is in sight is drawn.
    pub fn new() -> Rc<Self> {
        let table = find::<Element>("grid-table");
        let head = part(&part(&table, "thead"), "tr");
        label(&part(&head, "td"), "grid.corner");
        for noise in GRID_NOISE {
            let cell = part(&head, "th");
            set(&cell, "scope", Some("col"));
            show(&cell, &format!("{}\u{202f}%", percent(noise)));
        }
        let body = part(&table, "tbody");
        let mut fields = Vec::new();
        for slope in GRID_SLOPES {
            let row = part(&body, "tr");
            let heading = part(&row, "th");
            set(&heading, "scope", Some("row"));
            show(&heading, &slope.to_string());
            for noise in GRID_NOISE {
                let link = part(&part(&row, "td"), "a");
                let picture = part(&link, "span");
                picture.set_class_name("canvas");
                let config = Config { records: RecordSchedule::Standard, ..grid_config(slope, noise) };
                set(&link, "href", Some(&format!("?{}", PageState { config, ..PageState::default() }.to_query())));
                let words = part(&link, "small");
                fields.push(Field { link, picture, words, stale: Cell::new(true) });
            }
        }
        let configs = GRID_SLOPES.iter().flat_map(|&slope| GRID_NOISE.map(|noise| grid_config(slope, noise)));
        let grid = Rc::new(Self {
            fields,
            trials: Trials::new(configs),
            theme: RefCell::default(),
            range: Cell::new(LN_RANGE),
            seen: Cell::default(),
            due: Due::default(),
        });
        let clicked = grid.clone();
        on(&find::<Element>("grid-train"), "click", move |_: Event| clicked.turn());
        let looked = grid.clone();
        watch(&table, move |seen| {
            looked.seen.set(seen);
            looked.refresh();
        });
        grid.render();
        grid
    }

    /// Draws and writes everything anew, with the size, the colours and the language that the page has now.
    pub fn redraw(self: &Rc<Self>) {
        self.theme.take();
        self.fields.iter().for_each(|field| field.stale.set(true));
        self.refresh();
    }

    /// Takes over what the report has of the runs.
    pub fn recall(self: &Rc<Self>, report: &Report) {
        let field = |at: usize| grid_id(GRID_SLOPES[at / GRID_NOISE.len()], GRID_NOISE[at % GRID_NOISE.len()]);
        self.trials.recall(report, |at, config| report.find(&field(at), config.seed).cloned());
        self.stretch();
        self.redraw();
    }

    /// Makes the axis hold all curves.
    fn stretch(&self) {
        let fuzziness = self.trials.all().iter().filter_map(Trial::outcome).flat_map(|outcome| outcome.fuzziness).collect::<Vec<_>>();
        let range = ln_range_of(self.range.get(), fuzziness);
        if range != self.range.replace(range) {
            self.fields.iter().for_each(|field| field.stale.set(true));
        }
    }

    /// Starts the training, or stops it.
    fn turn(self: &Rc<Self>) {
        let listener = self.clone();
        self.trials.turn(|_| true, move |at| listener.hear(at));
        self.redraw();
    }

    /// Something happened to run `at`.
    fn hear(self: &Rc<Self>, at: usize) {
        self.stretch();
        self.fields[at].stale.set(true);
        self.refresh();
    }

    /// Shows soon what has changed.
    fn refresh(self: &Rc<Self>) {
        self.due.soon(self, Self::render);
    }

    fn render(self: &Rc<Self>) {
        self.due.met();
        let tally = self.trials.tally(|_| true);
        let train = fill("sweep.train", &[("count", &tally.count.to_string())]);
        self.trials.conduct(&find("grid"), &tally, [&train; 2], "trials.expected");
        show(&find("grid-said"), &self.trials.said(&tally));
        let trials = self.trials.all();
        let live = |config: &Config, engine: &str| {
            let values = [("epochs", &*config.epochs.to_string()), ("seed", &config.seed.to_string()), ("engine", engine)];
            fill("grid.made", &values)
        };
        show(&find("grid-made"), &self.trials.made(live, |date| fill("grid.recorded", &[("date", date)])));
        let mut theme = self.theme.borrow_mut();
        for (field, trial) in self.fields.iter().zip(&*trials) {
            set(&field.link, "data-state", Some(trial.state()));
            show(&field.words, &words(trial));
            if self.seen.get() && field.stale.replace(false) {
                field.draw(trial, self.range.get(), theme.get_or_insert_with(theme::current));
            }
        }
    }
}

impl Field {
    fn draw(&self, trial: &Trial, range: (i32, i32), theme: &Theme) {
        let element = self.picture.first_element_child().unwrap_or_else(|| part(&self.picture, "canvas")).unchecked_into();
        let Some((sheet, scale)) = canvas(&element) else { return };
        let fuzziness = trial.outcome().map_or_else(Vec::new, |outcome| outcome.fuzziness);
        if (Sketch { fuzziness: &fuzziness, range }).draw(&sheet, theme, scale).is_err() {
            web_sys::console::error_1(&"a field of the grid could not be drawn".into());
        }
    }
}

/// How a run stands: at the end which way its curve bends, and the law's numbers.
fn words(trial: &Trial) -> String {
    trial.status(|end| {
        let (Some((_, ratio)), Some(bend)) = (end.train, bend(&end.fuzziness)) else { return text("verdict.no-fit") };
        let shape = match bend {
            _ if ratio > HIGHEST_RHO => "flat",
            bend if bend > STRAIGHT => "concave",
            bend if bend < -STRAIGHT => "convex",
            _ => "straight",
        };
        let values = [("bend", &*fixed(bend, 2)), ("rho", &rho(ratio))];
        fill(&format!("grid.{shape}"), &values)
    })
}
