//! Trials: runs that belong together, trained beside the page's own by a pool of workers. The sections that show them own their words.

mod pool;
mod trial;

use super::dom::{set, show};
use super::format::time;
use super::images::{Own, same};
use super::render::engine;
use super::stage::Stage;
use super::strings::{fill, sentences, text};
use crate::experiment::{Config, DatasetName, Outcome, Report, in_turn};
use crate::web::rest::now;
use pool::{Job, Pool, cores};
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
pub use trial::{RECORDED, Trial};
use web_sys::Element;

/// Multiplications a second of one core, from which the first guess of a training's time comes.
const SPEED: f64 = 1e10;

/// Runs that belong together.
pub struct Trials {
    trials: RefCell<Vec<Trial>>,
    /// The reader's own images, for those that are of them.
    own: RefCell<Option<Rc<Own>>>,
    /// Who trains; none if nobody does.
    pool: RefCell<Option<Rc<Pool>>>,
    /// When the training began, in milliseconds, and which part of all was trained before.
    began: Cell<(f64, f64)>,
    took: Cell<Option<f64>>,
    /// When the report was made that has some of them.
    reported: RefCell<Option<String>>,
}

/// How trials stand together.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    /// How many there are.
    pub count: usize,
    /// How many are trained to their ends.
    pub finished: usize,
    /// Which part of all the work is done.
    done: f64,
    /// Multiplications that are left.
    left: f64,
}

impl Tally {
    /// Roughly how many seconds the rest takes on this machine.
    pub fn expected(&self) -> f64 {
        self.left / SPEED / cores() as f64
    }
}

impl Trials {
    /// Untrained runs of `configs`.
    pub fn new(configs: impl IntoIterator<Item = Config>) -> Rc<Self> {
        let trials = RefCell::new(configs.into_iter().map(Trial::new).collect());
        Rc::new(Self {
            trials,
            own: RefCell::default(),
            pool: RefCell::default(),
            began: Cell::default(),
            took: Cell::default(),
            reported: RefCell::default(),
        })
    }

    /// The runs.
    pub fn all(&self) -> Ref<'_, [Trial]> {
        Ref::map(self.trials.borrow(), Vec::as_slice)
    }

    /// The runs are to be those of `configs`, in this order: of one that is there already everything stays, another is forgotten, and so is
    /// one of other images of the reader's `own`.
    pub fn assemble(&self, configs: impl IntoIterator<Item = Config>, own: Option<&Rc<Own>>) {
        let mut trials = self.trials.borrow_mut();
        let mut before = std::mem::take(&mut *trials);
        let others = self.own.replace(own.cloned());
        before.retain(|trial| trial.config.dataset != DatasetName::Own || same(others.as_ref(), own));
        trials.extend(configs.into_iter().map(|config| match before.iter().position(|trial| trial.config == config) {
            Some(at) => before.swap_remove(at),
            None => Trial::new(config),
        }));
    }

    /// Takes over what `report` has of them.
    pub fn recall(&self, report: &Report, find: impl Fn(usize, &Config) -> Option<Outcome>) {
        let mut trials = self.trials.borrow_mut();
        trials.iter_mut().enumerate().for_each(|(at, trial)| trial.recorded = find(at, &trial.config));
        self.reported.replace(Some(report.date.clone()));
    }

    /// How what they show was made: `live` says it of the first that was trained here and of what computed it, `recorded` of those of the
    /// report, whose date it gets. Empty if there is nothing to show.
    pub fn made(&self, live: impl FnOnce(&Config, &str) -> String, recorded: impl FnOnce(&str) -> String) -> String {
        let trials = self.trials.borrow();
        let some = trials.iter().any(|trial| trial.state() == RECORDED);
        match (trials.iter().find_map(|trial| Some((&trial.config, trial.engine.as_ref()?))), &*self.reported.borrow()) {
            (Some((config, processor)), _) => {
                let said = live(config, &engine(processor));
                if some { sentences(&said, &text("trials.mixed")) } else { said }
            }
            (None, Some(date)) if some => recorded(date),
            (None, _) => String::new(),
        }
    }

    /// What the training that ended last came to; empty since another began.
    pub fn said(&self, tally: &Tally) -> String {
        let [finished, count] = [tally.finished, tally.count].map(|count| count.to_string());
        let said = |took| fill("trials.said", &[("finished", &finished), ("count", &count), ("time", &time(took))]);
        self.took.get().map_or_else(String::new, said)
    }

    /// Whether they are being trained.
    pub fn busy(&self) -> bool {
        self.pool.borrow().is_some()
    }

    /// How many seconds the training took that ended last; none since another began.
    pub fn took(&self) -> Option<f64> {
        self.took.get()
    }

    /// Trains those of the `wanted` that are not finished, or where all are, all again; stops if it trains already, and keeps what there is.
    /// Says whenever something has happened to one.
    pub fn turn(self: &Rc<Self>, wanted: impl Fn(usize) -> bool, heard: impl Fn(usize) + 'static) {
        if let Some(pool) = self.pool.take() {
            pool.cancel();
            return self.conclude();
        }
        let tally = self.tally(&wanted);
        let again = tally.finished == tally.count;
        let mut jobs: Vec<Job> = Vec::new();
        for (at, trial) in self.trials.borrow_mut().iter_mut().enumerate() {
            if wanted(at) && (again || trial.stage != Stage::Finished) {
                trial.wait();
                let place = jobs.partition_point(|(_, before)| in_turn(before, &trial.config).is_le());
                jobs.insert(place, (at as u32, trial.config.clone()));
            }
        }
        self.began.set((now(), self.tally(&wanted).done));
        self.took.set(None);
        let listener = self.clone();
        let own = self.own.borrow().clone().filter(|_| jobs.iter().any(|(_, config)| config.dataset == DatasetName::Own));
        self.pool.replace(Some(Pool::start(jobs, own, move |at, event| {
            let at = at as usize;
            listener.trials.borrow_mut()[at].hear(event);
            if listener.pool.borrow().as_ref().is_some_and(|pool| !pool.busy()) {
                listener.pool.take();
                listener.conclude();
            }
            heard(at);
        })));
    }

    /// The training has ended.
    fn conclude(&self) {
        self.trials.borrow_mut().iter_mut().for_each(Trial::stop);
        self.took.set(Some((now() - self.began.get().0) / 1000.0));
    }

    /// How the `wanted` stand.
    pub fn tally(&self, wanted: impl Fn(usize) -> bool) -> Tally {
        let mut tally = Tally::default();
        for (_, trial) in self.trials.borrow().iter().enumerate().filter(|&(at, _)| wanted(at)) {
            let work = trial.config.work();
            let done = work * trial.share();
            tally.count += 1;
            tally.finished += usize::from(trial.stage == Stage::Finished);
            tally.done += done;
            tally.left += work - done;
        }
        tally.done /= tally.done + tally.left;
        tally
    }

    /// Shows in their section how they stand: whether they train, what its button does, and how long that takes. `train` are the button's
    /// words where nothing is trained, `again` where everything is, `expected` the key of what it says before.
    pub fn conduct(&self, section: &Element, tally: &Tally, [train, again]: [&str; 2], expected: &str) {
        let (verb, stage) = match tally.finished {
            _ if self.busy() => (text("trials.stop"), Stage::Training),
            0 => (train.to_owned(), if self.took.get().is_some() { Stage::Paused } else { Stage::Ready }),
            all if all == tally.count => (again.to_owned(), Stage::Finished),
            _ => (text("trials.rest"), Stage::Paused),
        };
        let (began, before) = self.began.get();
        let says = |key, seconds| {
            let [finished, count, cores] = [tally.finished, tally.count, cores()].map(|count| count.to_string());
            fill(key, &[("time", &time(seconds)), ("finished", &finished), ("count", &count), ("cores", &cores)])
        };
        let left = match stage {
            Stage::Finished => String::new(),
            // At the pace so far: that of the last seconds swings, for some epochs are measured and most are not.
            Stage::Training if tally.done > before => {
                says("trials.left", (now() - began) * (1.0 - tally.done) / (tally.done - before) / 1000.0)
            }
            Stage::Training => text("trials.starting"),
            _ => says(expected, tally.expected()),
        };
        let part = |selector: &str| section.query_selector(&format!(".conduct {selector}")).ok().flatten();
        set(section, "data-state", Some(stage.name()));
        let shown = |selector, words: &str| part(selector).iter().for_each(|place| show(place, words));
        shown("button", &verb);
        shown(".left", &left);
        part("progress").iter().for_each(|progress| set(progress, "value", Some(&tally.done.to_string())));
    }
}
