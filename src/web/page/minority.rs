//! Minority Collapse: the layer-peeled model, solved as its sliders move, and networks trained beside it by the pool.

mod dials;
mod network;
mod picture;

use super::Page;
use super::dom::{find, on, show, show_number, watch};
use super::due::Due;
use super::format::{amount, fixed, rho, time};
use super::render::{body, share};
use super::strings::{fill, sentences, text};
use super::theme;
use super::trials::{Tally, Trials};
use crate::chart::{PaperSheet, Theme, TrainedPoint, canvas};
use crate::collapse::layer_peeled::{LayerPeeled, LayerPeeledOptimum, Sweep, SweepPoint};
use crate::experiment::{MinorityView, TRAINED_RATIOS};
use crate::web::rest::now;
use network::Network;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::{Element, Event, HtmlDetailsElement, HtmlElement, HtmlInputElement};

/// Milliseconds of a frame that the sweep takes at most.
const SLICE_MS: f64 = 4.0;

/// The section, shared by its listeners.
pub struct Minority {
    view: RefCell<MinorityView>,
    model: RefCell<Option<Model>>,
    networks: Vec<Network>,
    /// The networks' runs, in their order.
    trials: Rc<Trials>,
    theme: RefCell<Option<Theme>>,
    /// Whether the reader has the section in sight.
    seen: Cell<bool>,
    /// Whether the pictures are not what they should be.
    stale: Cell<bool>,
    /// Whether a rendering is due.
    due: Due,
}

/// The layer-peeled model of the sliders, and what is known of it.
struct Model {
    setting: LayerPeeled,
    optimum: LayerPeeledOptimum,
    /// The same at other imbalances, as far as solved.
    points: Vec<SweepPoint>,
    sweep: Sweep,
    threshold: Option<f64>,
}

impl Model {
    /// `setting` solved. The sweep of a model that differs in the imbalance alone goes on; else there is none yet.
    fn new(setting: LayerPeeled, before: Option<Self>) -> Option<Self> {
        let optimum = setting.solve().ok()?;
        let same = |other: &Self| LayerPeeled { imbalance: setting.imbalance, ..other.setting } == setting;
        if let Some(before) = before.filter(same) {
            return Some(Self { setting, optimum, ..before });
        }
        let sweep = Sweep::new(setting).ok()?;
        Some(Self { setting, optimum, points: Vec::new(), threshold: sweep.threshold(), sweep })
    }

    /// Solves at more imbalances, for a part of a frame. Returns whether some are left.
    fn go_on(&mut self) -> bool {
        let start = now();
        while now() - start < SLICE_MS {
            match self.sweep.next() {
                Some(point) => self.points.push(point),
                None => return false,
            }
        }
        true
    }

    /// The minority classifiers' length; None without minority classes.
    fn norm_minority(&self) -> Option<f64> {
        self.optimum.norms_w.get(self.setting.majority).copied()
    }

    fn here(&self) -> SweepPoint {
        SweepPoint { imbalance: self.setting.imbalance, cos_minority: self.optimum.cos_minority, norm_minority: self.norm_minority() }
    }

    /// What it shows, in a sentence.
    fn sentence(&self) -> String {
        let (key, cosine) = match (self.norm_minority(), self.optimum.cos_minority) {
            (None, _) => ("peeled.said.none", 0.0),
            (Some(0.0), None) => ("peeled.said.vanished", 0.0),
            (Some(_), None) => ("peeled.said.one", 0.0),
            (Some(_), Some(1.0)) => ("peeled.said.collapsed", 1.0),
            (Some(_), Some(cosine)) => ("peeled.said.apart", cosine),
        };
        let from = match self.threshold {
            Some(threshold) => fill("peeled.said.from", &[("threshold", &amount(threshold))]),
            None => text("peeled.said.never"),
        };
        fill(key, &[("ratio", &self.setting.imbalance.to_string()), ("cosine", &rho(cosine)), ("from", &from)])
    }
}

impl Minority {
    /// Lists the networks; what is in sight is drawn.
    pub fn new() -> Rc<Self> {
        let plain = TRAINED_RATIOS.iter().map(|&ratio| Network { ratio, oversample: false });
        // Balanced classes leave nothing to repeat.
        let oversampled = TRAINED_RATIOS.iter().filter(|&&ratio| ratio > 1.0).map(|&ratio| Network { ratio, oversample: true });
        let networks = plain.chain(oversampled).collect::<Vec<_>>();
        let view = MinorityView::default();
        let minority = Rc::new(Self {
            trials: Trials::new(networks.iter().map(|network| view.config(network.ratio, network.oversample))),
            view: RefCell::new(view),
            model: RefCell::default(),
            networks,
            theme: RefCell::default(),
            seen: Cell::default(),
            stale: Cell::new(true),
            due: Due::default(),
        });
        let clicked = minority.clone();
        on(&find::<Element>("minority-train"), "click", move |_: Event| clicked.turn());
        let toggled = minority.clone();
        on(&find::<Element>("minority-twin"), "toggle", move |_: Event| toggled.refresh());
        let looked = minority.clone();
        watch(&find("minority"), move |seen| {
            looked.seen.set(seen);
            looked.refresh();
        });
        minority
    }

    /// Draws anew, with the size and the colours that the page has now.
    pub fn redraw(self: &Rc<Self>) {
        self.theme.take();
        self.stale.set(true);
        self.refresh();
    }

    /// Shows what the link says.
    pub fn settle(self: &Rc<Self>, view: &MinorityView) {
        dials::render(view);
        self.follow(view);
    }

    /// Solves the model that the sliders now stand for.
    fn follow(self: &Rc<Self>, view: &MinorityView) {
        let before = self.view.replace(view.clone());
        if before == *view && self.model.borrow().is_some() {
            return self.refresh();
        }
        self.trials.assemble(self.networks.iter().map(|network| view.config(network.ratio, network.oversample)), None);
        let before = self.model.take();
        self.model.replace(Model::new(view.model, before));
        self.stale.set(true);
        self.refresh();
    }

    /// Whether network `at` takes part in what the box asks for.
    fn wanted(&self) -> impl Fn(usize) -> bool {
        let oversample = self.view.borrow().oversample;
        move |at| self.networks[at].ratio == 1.0 || self.networks[at].oversample == oversample
    }

    /// Starts the training, or stops it.
    fn turn(self: &Rc<Self>) {
        let listener = self.clone();
        self.trials.turn(self.wanted(), move |_| {
            listener.stale.set(true);
            listener.refresh();
        });
        self.stale.set(true);
        self.refresh();
    }

    /// How the training ended.
    fn outcome(&self, tally: &Tally) -> String {
        let Some(took) = self.trials.took() else { return String::new() };
        let [finished, count] = [tally.finished, tally.count].map(|count| count.to_string());
        let mut said = fill("minority.said", &[("finished", &finished), ("count", &count), ("time", &time(took))]);
        for (oversample, key) in [(false, "minority.said.trained"), (true, "minority.said.oversampled")] {
            let points = self.points(oversample);
            if let Some(TrainedPoint { imbalance, cosine, accuracy, .. }) = points.last().filter(|at| at.imbalance > 1.0) {
                let [cosine, accuracy] = [cosine.map(rho), accuracy.map(share)].map(|value| value.unwrap_or_else(|| "–".to_owned()));
                said = sentences(&said, &fill(key, &[("ratio", &amount(*imbalance)), ("cosine", &cosine), ("accuracy", &accuracy)]));
            }
        }
        said
    }

    /// What was measured in trained networks, by R.
    fn points(&self, oversample: bool) -> Vec<TrainedPoint> {
        let trials = self.trials.all();
        let trained = self.networks.iter().zip(&*trials).filter_map(|(network, trial)| Some((network, network::point(trial)?)));
        let some = trained.clone().any(|(network, _)| network.oversample == oversample);
        let of = trained.filter(|(network, _)| some && (network.ratio == 1.0 || network.oversample == oversample));
        of.map(|(_, point)| point).collect()
    }

    /// Shows at the next frame what has changed.
    fn refresh(self: &Rc<Self>) {
        self.due.frame(self, Self::render);
    }

    fn render(self: &Rc<Self>) {
        self.due.met();
        let unfinished = self.seen.get() && self.model.borrow_mut().as_mut().is_some_and(Model::go_on);
        self.training();
        self.numbers();
        if self.seen.get() && self.stale.get() {
            self.stale.set(unfinished);
            let mut theme = self.theme.borrow_mut();
            let theme = theme.get_or_insert_with(theme::current);
            if let Some(model) = &*self.model.borrow() {
                if let Some((sheet, scale)) = canvas(&find("peeled")) {
                    picture::simplex(&sheet, scale, model, theme);
                }
                if let Some((sheet, scale)) = canvas(&find("collapse-curve")) {
                    picture::curve(&sheet, scale, model, &self.points(false), &self.points(true), theme);
                }
            }
        }
        if unfinished {
            self.refresh();
        }
    }

    /// Draws the model, or else the curve over the imbalance, all of it.
    pub fn draw_on(&self, sheet: &PaperSheet, scale: f64, theme: &Theme, model_alone: bool) {
        let mut model = self.model.borrow_mut();
        let Some(model) = model.as_mut() else { return };
        if model_alone {
            return picture::simplex(sheet, scale, model, theme);
        }
        while model.go_on() {}
        picture::curve(sheet, scale, model, &self.points(false), &self.points(true), theme);
    }

    /// How the training stands.
    fn training(&self) {
        let tally = self.trials.tally(self.wanted());
        self.trials.conduct(&find("minority"), &tally, [&text("minority.train"), &text("minority.again")], "minority.expected");
        find::<HtmlInputElement>("minority-oversample").set_disabled(self.trials.busy());
        show(&find("minority-said"), &self.outcome(&tally));
        let trials = self.trials.all();
        if let Some((config, engine)) = trials.iter().find_map(|trial| Some((&trial.config, trial.engine.as_ref()?))) {
            let values = [
                ("perClass", &*config.per_class.to_string()),
                ("seed", &config.seed.to_string()),
                ("epochs", &config.epochs.to_string()),
                ("engine", &super::render::engine(engine)),
            ];
            show(&find("minority-made"), &fill("minority.made", &values));
        }
        if find::<HtmlDetailsElement>("minority-twin").open()
            && let Some(table) = body("trained")
        {
            self.networks.iter().zip(&*trials).for_each(|(network, trial)| network.row(trial, &table));
        }
    }

    /// The model in numbers and words.
    fn numbers(&self) {
        let model = self.model.borrow();
        let Some(Model { setting, optimum, points, threshold, .. }) = &*model else { return };
        let norm = |norms: &[f64], class: usize| norms.get(class).copied();
        let majority = |norms: &[f64]| norm(norms, 0).filter(|_| setting.majority > 0);
        for (id, value, decimals) in [
            ("peeled-loss", Some(optimum.loss), None),
            ("peeled-within-majority", optimum.cos_majority, Some(3)),
            ("peeled-within-minority", optimum.cos_minority, Some(3)),
            ("peeled-between", optimum.cos_between, Some(3)),
            ("peeled-w-majority", majority(&optimum.norms_w), Some(3)),
            ("peeled-w-minority", norm(&optimum.norms_w, setting.majority), Some(3)),
            ("peeled-h-majority", majority(&optimum.norms_h), Some(3)),
            ("peeled-h-minority", norm(&optimum.norms_h, setting.majority), Some(3)),
            ("peeled-duality", Some(optimum.duality), None),
            ("peeled-threshold", *threshold, None),
        ] {
            show_number(&find(id), value, |value| decimals.map_or_else(|| amount(value), |decimals| fixed(value, decimals)));
        }
        show(&find("peeled-said"), &model.as_ref().map(Model::sentence).unwrap_or_default());
        find::<HtmlElement>("peeled-shadow").set_hidden(setting.classes <= crate::collapse::MOST_CHOSEN);
        if find::<HtmlDetailsElement>("minority-twin").open()
            && let Some(table) = body("swept")
        {
            points.iter().for_each(|point| picture::row(&table, point));
        }
    }
}

impl Page {
    /// Listens to the sliders and the box; the link follows them.
    pub(super) fn listen_to_minority(self: &Rc<Self>) {
        self.on("peeled-dials", "submit", |_, event| event.prevent_default());
        self.on("peeled-dials", "input", |page, event| {
            let view = {
                let view = &mut page.state.borrow_mut().page.minority;
                dials::read(event.target(), view);
                view.clone()
            };
            dials::render_but(event.target(), &view);
            page.minority.follow(&view);
        });
        self.on("peeled-dials", "change", |page, _| page.replace());
        self.on("minority-oversample", "change", |page, _| {
            let view = {
                let view = &mut page.state.borrow_mut().page.minority;
                view.oversample = find::<HtmlInputElement>("minority-oversample").checked();
                view.clone()
            };
            page.minority.settle(&view);
            page.replace();
        });
    }
}
