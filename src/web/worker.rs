//! The worker: it owns the run, trains and measures it, and lets commands in between two steps.

use super::data;
use super::protocol::{Command, Event, Report, pack, unpack};
use super::rest::{Rest, now};
use crate::dataset::Dataset;
use crate::experiment::{Config, DatasetName, Run, RunError};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Where the bundled subsets lie, relative to worker.js.
const DATA_URL: &str = "data/";
/// Time between two progress events, in milliseconds.
const PROGRESS_MS: f64 = 100.0;
/// A pause waits for the end of the epoch if that is nearer than this, in seconds.
const PATIENCE_S: f64 = 0.3;

/// Takes commands from the page from now on.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    let inbox = Rc::new(Inbox::default());
    let receive = {
        let inbox = inbox.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| match unpack(message.data()) {
            Ok(command) => inbox.put(command),
            Err(error) => web_sys::console::error_1(&error),
        })
    };
    scope.set_onmessage(Some(receive.into_js_value().unchecked_ref()));
    spawn_local(serve(Page(scope), inbox));
}

/// Commands that wait their turn.
#[derive(Default)]
struct Inbox {
    commands: RefCell<VecDeque<Command>>,
    waker: RefCell<Option<Waker>>,
}

impl Inbox {
    fn put(&self, command: Command) {
        self.commands.borrow_mut().push_back(command);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    async fn next(&self) -> Command {
        poll_fn(|context| match self.commands.borrow_mut().pop_front() {
            Some(command) => Poll::Ready(command),
            None => {
                self.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await
    }

    /// What a training run should do about the commands that came meanwhile.
    fn wish(&self) -> Option<Wish> {
        let mut commands = self.commands.borrow_mut();
        loop {
            match commands.front()? {
                Command::Train { .. } => drop(commands.pop_front()),
                Command::Pause => {
                    commands.pop_front();
                    return Some(Wish::Pause);
                }
                Command::Configure { .. } | Command::Step { .. } => return Some(Wish::MakeWay),
            }
        }
    }
}

enum Wish {
    Pause,
    MakeWay,
}

/// The page, as the worker sees it.
struct Page(DedicatedWorkerGlobalScope);

impl Page {
    fn tell(&self, run: u32, event: Event) {
        let sent = pack(&Report { run, event }).and_then(|report| self.0.post_message(&report));
        if let Err(error) = sent {
            web_sys::console::error_1(&error);
        }
    }
}

async fn serve(page: Page, inbox: Rc<Inbox>) {
    let mut shelf = Shelf::default();
    let mut bench: Option<Bench> = None;
    loop {
        match inbox.next().await {
            Command::Configure { run, config } => match shelf.bench(&page, run, *config).await {
                Ok(fresh) => bench = Some(fresh),
                // The run before stays as it was.
                Err(message) => page.tell(run, Event::Failed { message }),
            },
            Command::Train { run } => {
                train(bench.as_mut().filter(|bench| bench.number == run), &inbox, |run| f64::from(run.epochs())).await
            }
            Command::Step { run } => {
                train(bench.as_mut().filter(|bench| bench.number == run), &inbox, |run| run.epoch().floor() + 1.0).await
            }
            Command::Pause => {} // nothing is running
        }
    }
}

async fn train(bench: Option<&mut Bench<'_>>, inbox: &Inbox, goal: impl Fn(&Run) -> f64) {
    let Some(bench) = bench else { return };
    let goal = goal(&bench.run);
    match bench.train(inbox, goal).await {
        Ok(Some(event)) => bench.tell(event),
        Ok(None) => {}
        Err(error) => bench.tell(Event::Failed { message: error.to_string() }),
    }
}

/// The subset fetched last: most new runs use it again.
#[derive(Default)]
struct Shelf {
    subset: Option<(DatasetName, Dataset)>,
}

impl Shelf {
    /// Makes a run, and tells the page of it once its first record is there.
    async fn bench<'a>(&mut self, page: &'a Page, number: u32, config: Config) -> Result<Bench<'a>, String> {
        let subset = match self.subset.take() {
            Some((name, subset)) if name == config.dataset => subset,
            _ => data::fetch(config.dataset, DATA_URL).await?,
        };
        let (_, subset) = self.subset.insert((config.dataset, subset));
        let mut run = Run::new(config, subset).map_err(|error| error.to_string())?;
        run.film();
        let mut rest = Rest::new();
        let record = run.record(async || rest.if_due().await).await.map_err(|error| error.to_string())?;
        let bench = Bench { number, page, recorded: record.epoch, run };
        bench.tell(Event::Ready {
            engine: bench.run.engine().to_owned(),
            epochs: bench.run.epochs(),
            steps_in_epoch: bench.run.steps_in_epoch(),
            points_in_epoch: bench.run.points_in_epoch(),
        });
        bench.tell(Event::Record { record: Box::new(record) });
        Ok(bench)
    }
}

/// A run at work.
struct Bench<'a> {
    run: Run,
    number: u32,
    page: &'a Page,
    /// The epoch of the last record.
    recorded: f64,
}

impl Bench<'_> {
    fn tell(&self, event: Event) {
        self.page.tell(self.number, event);
    }

    async fn record(&mut self, rest: &mut Rest) -> Result<(), RunError> {
        if self.recorded != self.run.epoch() {
            let record = self.run.record(async || rest.if_due().await).await?;
            self.recorded = record.epoch;
            self.tell(Event::Record { record: Box::new(record) });
        }
        Ok(())
    }

    /// Trains up to epoch `goal`, or until a command wants something else. None if that command will say how it goes on.
    async fn train(&mut self, inbox: &Inbox, mut goal: f64) -> Result<Option<Event>, RunError> {
        let (mut rest, mut pace) = (Rest::new(), Pace::new());
        while self.run.epoch() < goal {
            self.run.train(1).await?;
            pace.steps += 1.0;
            rest.if_due().await;
            if let Some(steps_per_second) = pace.report() {
                self.tell(Event::Progress { epoch: self.run.epoch(), steps_per_second });
            }
            if self.run.record_due() {
                pace.hold();
                self.record(&mut rest).await?;
                pace.go_on();
            }
            match inbox.wish() {
                Some(Wish::MakeWay) => return Ok(None),
                Some(Wish::Pause) if self.run.steps_left_in_epoch() as f64 > PATIENCE_S * pace.per_second() => break,
                // At the end of an epoch already: no further.
                Some(Wish::Pause) => goal = self.run.epoch().ceil(),
                None => {}
            }
        }
        self.record(&mut rest).await?;
        let epoch = self.run.epoch();
        Ok(Some(if epoch >= f64::from(self.run.epochs()) { Event::Finished { epoch } } else { Event::Paused { epoch } }))
    }
}

/// How fast training goes, measuring left out. Times in milliseconds.
struct Pace {
    steps: f64,
    busy: f64,
    since: f64,
    reported: f64,
    last: f64,
}

impl Pace {
    fn new() -> Self {
        Self { steps: 0.0, busy: 0.0, since: now(), reported: now(), last: 0.0 }
    }

    /// Stops the clock.
    fn hold(&mut self) {
        self.busy += now() - self.since;
    }

    /// Starts it again.
    fn go_on(&mut self) {
        self.since = now();
    }

    /// Steps a second since the last report.
    fn per_second(&self) -> f64 {
        let busy = self.busy + now() - self.since;
        if self.steps > 0.0 && busy > 0.0 { 1000.0 * self.steps / busy } else { self.last }
    }

    /// Steps a second, when the page should hear of them.
    fn report(&mut self) -> Option<f64> {
        (now() - self.reported >= PROGRESS_MS).then(|| {
            *self = Self { last: self.per_second(), ..Self::new() };
            self.last
        })
    }
}
