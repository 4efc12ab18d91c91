//! The pool: runs that wait their turn, trained by a few workers of their own. Nothing of them is stored.

use crate::experiment::Config;
use crate::web::page::dom::window;
use crate::web::page::images::Own;
use crate::web::page::strings::fill;
use crate::web::page::worker_link::WorkerLink;
use crate::web::protocol::{Command, Event, Report};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Most workers at a time: each has a network and a copy of the data.
const MOST: f64 = 4.0;

/// A run to train, and the number by which its owner knows it.
pub type Job = (u32, Config);

/// How many workers train at a time.
pub fn cores() -> usize {
    window().navigator().hardware_concurrency().clamp(1.0, MOST) as usize
}

/// Workers that train runs until none is left.
pub struct Pool {
    waiting: RefCell<VecDeque<Job>>,
    /// The reader's own images, if runs are of them.
    own: Option<Rc<Own>>,
    /// Each worker and the number of the run that it trains; none once it has been let go.
    workers: RefCell<Vec<Option<(u32, WorkerLink)>>>,
    hear: Box<dyn Fn(u32, Event)>,
}

impl Pool {
    /// Trains `jobs` to their ends, in this order, on the reader's `own` images where they ask for these. `hear` gets what happens to which of them; the last of each is `Finished` or `Failed`.
    pub fn start(jobs: Vec<Job>, own: Option<Rc<Own>>, hear: impl Fn(u32, Event) + 'static) -> Rc<Self> {
        let pool = Rc::new(Self { waiting: RefCell::new(jobs.into()), own, workers: RefCell::default(), hear: Box::new(hear) });
        for at in 0..cores() {
            pool.workers.borrow_mut().push(None);
            pool.go_on(at);
        }
        pool
    }

    /// Whether a run is being trained.
    pub fn busy(&self) -> bool {
        self.workers.borrow().iter().any(Option::is_some)
    }

    /// Stops everything at once; nothing more is heard.
    pub fn cancel(&self) {
        self.waiting.take();
        self.workers.take();
    }

    /// Takes worker `at` from its run, if it is there.
    fn free(&self, at: usize) -> Option<(u32, WorkerLink)> {
        self.workers.borrow_mut().get_mut(at)?.take()
    }

    /// Gives worker `at` the next run; one that has nothing left to do is let go.
    fn go_on(self: &Rc<Self>, at: usize) {
        let idle = self.free(at);
        let next = self.waiting.borrow_mut().pop_front();
        let Some((run, config)) = next else { return };
        match idle.map_or_else(|| self.hire(at), |(_, worker)| Ok(worker)) {
            Ok(worker) => {
                worker.send(&Command::Configure { run, config: Box::new(config), film: false });
                worker.send(&Command::Train { run });
                self.workers.borrow_mut()[at] = Some((run, worker));
            }
            Err(message) => self.tell(at, run, Event::Failed { message }),
        }
    }

    /// A new worker for place `at`.
    fn hire(self: &Rc<Self>, at: usize) -> Result<WorkerLink, String> {
        let (listener, mourner) = (self.clone(), self.clone());
        let hear = move |Report { run, event }| {
            let trains = listener.workers.borrow().get(at).is_some_and(|worker| worker.as_ref().is_some_and(|(of, _)| *of == run));
            if trains {
                listener.tell(at, run, event);
            }
        };
        let mourn = move |reason: String| {
            if let Some((run, _)) = mourner.free(at) {
                mourner.tell(at, run, Event::Failed { message: stopped(&reason) });
            }
        };
        let worker = WorkerLink::start("", hear, mourn).map_err(|error| stopped(&error.as_string().unwrap_or_default()))?;
        if let Some(own) = &self.own {
            worker.send(&Command::Images { images: Box::new(own.images.clone()) });
        }
        Ok(worker)
    }

    /// Hands an event on; where it ends a run its worker has gone on to the next by then.
    fn tell(self: &Rc<Self>, at: usize, run: u32, event: Event) {
        if matches!(event, Event::Finished { .. } | Event::Failed { .. }) {
            self.go_on(at);
        }
        (self.hear)(run, event);
    }
}

/// What a run says whose worker is gone.
fn stopped(reason: &str) -> String {
    fill("pool.stopped", &[("reason", reason)])
}
