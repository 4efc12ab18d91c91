//! Sweeps: one setting of the default run, or of the page's, varied and trained with several seeds by the pool.

use super::Page;
use super::dom::{create, find, on, set, show, watch};
use super::due::Due;
use super::figures::report;
use super::format::{pearson, rho};
use super::images::Own;
use super::render::{body, cell, heading, share};
use super::strings::{fill, label, text};
use super::trials::{RECORDED, Trial, Trials};
use super::{ghosts, theme};
use crate::chart::{PaperSheet, QUANTITIES, Quantity, SweepCurve, SweepCurves, SweepMeasure, SweepMeasures, Theme, canvas};
use crate::experiment::{Band, Config, Outcome, Report, Setting, Sweep, SweepView};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlDetailsElement, HtmlInputElement, HtmlSelectElement};

/// The key of a quantity's name, and how its number is written.
type Wording = (&'static str, fn(f64) -> String);

/// Those of [`QUANTITIES`].
const NAMES: [Wording; QUANTITIES.len()] = [("sweep.pearson", pearson), ("sweep.rho", rho), ("sweep.test", share)];

/// The selects, in the order of a link's keys behind that of the sweep itself; each one's name is its key.
const SELECTS: [&str; 3] = ["sweep-seeds", "sweep-epochs", "sweep-of"];
/// The section, shared by its listeners.
pub struct Sweeps {
    view: RefCell<SweepView>,
    /// The page's run.
    run: RefCell<Config>,
    /// The reader's own images, if there are some.
    own: RefCell<Option<Rc<Own>>>,
    report: RefCell<Option<Report>>,
    /// What of each sweep is planned, and its runs: those of a value together.
    plans: [Plan; Sweep::ALL.len()],
    theme: RefCell<Option<Theme>>,
    /// Whether the reader has the section in sight.
    seen: Cell<bool>,
    /// Whether the pictures are not what they should be.
    stale: Cell<bool>,
    /// Whether a rendering is due.
    due: Due,
}

/// The values of a sweep and their runs.
struct Plan {
    values: RefCell<Vec<Setting>>,
    seeds: Cell<u32>,
    trials: Rc<Trials>,
}

impl Plan {
    /// What each value's runs gave.
    fn bands(&self, of: fn(&Outcome) -> Option<f64>) -> Vec<Option<Band>> {
        let trials = self.trials.all();
        trials.chunks(self.seeds.get() as usize).map(|runs| Band::of(runs.iter().map(|run| of(&run.whole()?)))).collect()
    }

    /// D by layer of each value.
    fn curves(&self) -> Vec<Vec<Option<Band>>> {
        let trials = self.trials.all();
        let of = |runs: &[Trial], layer: usize| {
            let d = |run: &Trial| run.whole()?.fuzziness.get(layer).copied().flatten();
            Band::of(runs.iter().map(d))
        };
        let layers = |runs: &[Trial]| runs[0].config.hidden.len() + 1;
        trials.chunks(self.seeds.get() as usize).map(|runs| (0..layers(runs)).map(|layer| of(runs, layer)).collect()).collect()
    }
}

impl Sweeps {
    /// What is in sight is drawn.
    pub fn new() -> Rc<Self> {
        let sweeps = Rc::new(Self {
            view: RefCell::default(),
            run: RefCell::default(),
            own: RefCell::default(),
            report: RefCell::default(),
            plans: Sweep::ALL.map(|_| Plan { values: RefCell::default(), seeds: Cell::new(1), trials: Trials::new([]) }),
            theme: RefCell::default(),
            seen: Cell::default(),
            stale: Cell::new(true),
            due: Due::default(),
        });
        let clicked = sweeps.clone();
        on(&find::<Element>("sweep-train"), "click", move |_: Event| clicked.turn());
        let toggled = sweeps.clone();
        on(&find::<Element>("sweep-twin"), "toggle", move |_: Event| toggled.refresh());
        let looked = sweeps.clone();
        watch(&find("sweeps"), move |seen| {
            looked.seen.set(seen);
            looked.refresh();
        });
        sweeps
    }

    /// Draws anew, with the size and the colours that the page has now.
    pub fn redraw(self: &Rc<Self>) {
        self.theme.take();
        self.stale.set(true);
        self.refresh();
    }

    /// Shows what the link says of the page whose run is `run`, and whose images are the reader's `own`.
    pub fn settle(self: &Rc<Self>, view: &SweepView, run: &Config, own: Option<&Rc<Own>>) {
        let before = self.view.replace(view.clone());
        self.run.replace(run.clone());
        self.own.replace(own.cloned());
        for (id, value) in SELECTS.into_iter().zip(&view.values()[1..]) {
            offer(&find(id), value);
        }
        find::<HtmlInputElement>(&format!("sweep-{}", view.sweep.name())).set_checked(true);
        // What was trained stays until the button asks for something else.
        let untouched = self.plan().trials.all().iter().all(|trial| trial.record.is_none());
        if !self.plan().trials.busy() && (untouched || before != *view) {
            self.prepare();
        }
        self.stale.set(true);
        self.refresh();
    }

    /// Takes over what the report has of the runs.
    pub fn recall(self: &Rc<Self>, report: &Report) {
        self.report.replace(Some(report.clone()));
        self.remember();
        self.stale.set(true);
        self.refresh();
    }

    /// Finds the runs planned in the report: those of the default run.
    fn remember(&self) {
        let (view, report, plan) = (self.view.borrow(), self.report.borrow(), self.plan());
        let Some(report) = report.as_ref().filter(|_| !view.of_run) else { return };
        let (values, seeds) = (plan.values.borrow(), plan.seeds.get() as usize);
        plan.trials.recall(report, |at, config| {
            let id = view.sweep.id(&values[at / seeds]);
            let entry = report.all().find(|entry| entry.id == id && entry.epochs == config.epochs)?;
            entry.outcomes.iter().find(|outcome| outcome.seed == config.seed).cloned()
        });
    }

    fn plan(&self) -> &Plan {
        &self.plans[self.view.borrow().sweep as usize]
    }

    /// Plans what the view now asks for.
    fn prepare(&self) {
        let (view, plan) = (self.view.borrow(), self.plan());
        let values = view.settings(&self.run.borrow());
        plan.trials.assemble(values.iter().flat_map(|value| value.runs(view.seeds())), self.own.borrow().as_ref());
        plan.seeds.set(view.seeds());
        plan.values.replace(values);
        drop(view);
        self.remember();
    }

    /// Starts the training, or stops it.
    fn turn(self: &Rc<Self>) {
        if !self.plan().trials.busy() {
            self.prepare();
        }
        let listener = self.clone();
        self.plan().trials.turn(
            |_| true,
            move |_| {
                listener.stale.set(true);
                listener.refresh();
            },
        );
        self.stale.set(true);
        self.render();
    }

    /// Shows soon what has changed.
    fn refresh(self: &Rc<Self>) {
        self.due.soon(self, Self::render);
    }

    fn render(self: &Rc<Self>) {
        self.due.met();
        let plan = self.plan();
        let tally = plan.trials.tally(|_| true);
        let train = fill("sweep.train", &[("count", &tally.count.to_string())]);
        plan.trials.conduct(&find("sweeps"), &tally, [&train, &text("minority.again")], "trials.expected");
        find::<Element>("sweep-dials").query_selector("fieldset").ok().flatten().iter().for_each(|all| {
            set(all, "disabled", plan.trials.busy().then_some(""));
        });
        show(&find("sweep-said"), &plan.trials.said(&tally));
        self.made(plan);
        if self.seen.get() && self.stale.replace(false) {
            let mut theme = self.theme.borrow_mut();
            let theme = theme.get_or_insert_with(theme::current);
            let names = self.names(plan);
            if let Some((sheet, scale)) = canvas(&find("sweep-curves")) {
                curves(plan, &names, &sheet, scale, theme);
            }
            if let Some((sheet, scale)) = canvas(&find("sweep-measures")) {
                measures(plan, &names, &text(&self.axis()), &sheet, scale, theme);
            }
        }
        if find::<HtmlDetailsElement>("sweep-twin").open()
            && let Some(table) = body("sweep-table")
        {
            self.rows(plan, &table);
        }
    }

    /// How it was made.
    fn made(&self, plan: &Plan) {
        let trials = plan.trials.all();
        let Some(first) = trials.first() else { return };
        // Of what was planned, which the run above may have left since.
        let default = self.view.borrow().sweep.settings(&Config { epochs: first.config.epochs, ..Config::default() });
        let others = plan
            .values
            .borrow()
            .first()
            .zip(default.first())
            .map_or_else(String::new, |(planned, default)| ghosts::name(&planned.config, &default.config));
        let others = if others.is_empty() { text("sweep.default") } else { fill("sweep.else", &[("others", &others)]) };
        let mode = text(&format!("sweep.mode.{}", first.config.text("measure").unwrap_or_default()));
        let [seeds, seed, epochs] = [plan.seeds.get(), first.config.seed, first.config.epochs].map(|count| count.to_string());
        let values = [("seeds", &*seeds), ("first", &seed), ("epochs", &epochs), ("mode", &mode), ("others", &others)];
        let say = |key, value: (&str, &str)| fill(key, &[&values[..], &[value]].concat());
        let said = plan.trials.made(|_, engine| say("sweep.made", ("engine", engine)), |date| say("sweep.recorded", ("date", date)));
        show(&find("sweep-made"), &if said.is_empty() { fill("sweep.to-make", &values) } else { said });
    }

    /// The key of what the values are.
    fn axis(&self) -> String {
        format!("sweep.{}.axis", self.view.borrow().sweep.name())
    }

    /// The values in words.
    fn names(&self, plan: &Plan) -> Vec<String> {
        let words = self.view.borrow().sweep == Sweep::Shape;
        let name = |value: &Setting| if words { text(&format!("sweep.shape.{}", value.name)) } else { value.name.clone() };
        plan.values.borrow().iter().map(name).collect()
    }

    /// A line of the table for each run.
    fn rows(&self, plan: &Plan, table: &Element) {
        label(&find("sweep-value"), &self.axis());
        let trials = plan.trials.all();
        for (name, runs) in self.names(plan).iter().zip(trials.chunks(plan.seeds.get() as usize)) {
            for trial in runs {
                let row = create("tr");
                heading(&row, name);
                cell(&row, None, Some(trial.config.seed.into()), |seed| seed.to_string());
                for (Quantity { of, .. }, (_, write)) in QUANTITIES.iter().zip(NAMES) {
                    cell(&row, None, trial.whole().as_ref().and_then(of), write);
                }
                cell(&row, None, trial.whole().map(|end| end.train_accuracy), share);
                let status = create("td");
                show(&status, &trial.status(|_| text(if trial.state() == RECORDED { "sweep.kept" } else { "sweep.trained" })));
                let _ = row.append_child(&status);
                let _ = table.append_child(&row);
            }
        }
    }
}

/// ln D over the layers for each value.
fn curves(plan: &Plan, names: &[String], sheet: &PaperSheet, scale: f64, theme: &Theme) {
    let curves = names.iter().zip(plan.curves()).map(|(name, bands)| SweepCurve { name, bands }).collect::<Vec<_>>();
    let figure = SweepCurves { curves: &curves, axis: &text("curve.axis"), layer: &text("curve.layer"), range: (0, 4) };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// The measures over the values.
fn measures(plan: &Plan, names: &[String], axis: &str, sheet: &PaperSheet, scale: f64, theme: &Theme) {
    let titles = NAMES.map(|(name, _)| text(name));
    let measure = |(name, quantity): (_, &Quantity)| SweepMeasure { name, quantity: *quantity, bands: plan.bands(quantity.of) };
    let measures = titles.iter().map(String::as_str).zip(&QUANTITIES).map(measure).collect::<Vec<_>>();
    report(SweepMeasures { values: names, measures: &measures, axis }.draw(sheet, theme, scale).is_err());
}

/// Selects `value`; one that is not offered yet, as a link may have it, is from now on.
fn offer(select: &HtmlSelectElement, value: &str) {
    select.set_value(value);
    if select.value() != value {
        let option = create("option");
        show(&option, value);
        let _ = select.append_child(&option);
        select.set_value(value);
    }
}

impl Page {
    /// Listens to the section's controls; the link follows them.
    pub(super) fn listen_to_sweeps(self: &Rc<Self>) {
        self.on("sweep-dials", "submit", |_, event| event.prevent_default());
        self.on("sweep-dials", "change", |page, event| {
            let Some(control) = event.target().map(|target| target.unchecked_into::<HtmlInputElement>()) else { return };
            // Selects have the same two properties.
            let (name, value) = (control.name(), control.value());
            // What is offered is accepted.
            let _ = page.state.borrow_mut().page.sweep.read(&name, &value);
            page.replace();
            page.settle();
        });
    }
}
