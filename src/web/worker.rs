//! The worker: it owns the run, trains and measures it, and lets commands in between two steps.

use super::data;
use super::protocol::{Command, Event, Report, pack, unpack};
use super::rest::{Rest, now};
use super::storage::Storage;
use crate::dataset::Dataset;
use crate::experiment::{Config, DatasetName, History, Run, RunError, file};
use js_sys::JSON;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
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
/// Time between two times that a run in training is stored, in milliseconds; and how many times longer than storing it that is at least.
const STORE_MS: f64 = 2000.0;
const STORE_SHARE: f64 = 50.0;

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
                Command::Save { .. } => {
                    commands.pop_front();
                    return Some(Wish::Save);
                }
                Command::Configure { .. } | Command::Recall { .. } | Command::Open { .. } | Command::Step { .. } => {
                    return Some(Wish::MakeWay);
                }
            }
        }
    }
}

enum Wish {
    Pause,
    Save,
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
    // Where storage is denied the run is not stored, and a reload starts it anew.
    let storage = Storage::open(&page.0.name()).await.ok();
    loop {
        let command = inbox.next().await;
        let (number, made) = match command {
            Command::Configure { run, config } => (run, shelf.fresh(*config).await),
            Command::Recall { run, config } => (run, shelf.recalled(storage.as_ref(), *config).await),
            Command::Open { run, file } => (run, shelf.opened(&file).await),
            Command::Train { run } => {
                train(bench.as_mut().filter(|bench| bench.number == run), &inbox, |run| f64::from(run.epochs())).await;
                continue;
            }
            Command::Step { run } => {
                train(bench.as_mut().filter(|bench| bench.number == run), &inbox, |run| run.epoch().floor() + 1.0).await;
                continue;
            }
            Command::Save { run } => {
                if let Some(bench) = bench.as_ref().filter(|bench| bench.number == run) {
                    bench.save().await;
                }
                continue;
            }
            Command::Pause => continue, // nothing is running
        };
        match made {
            Ok((run, records)) => bench = Some(Bench::new(number, &page, storage.as_ref(), run, records).await),
            // The run before stays as it was.
            Err(message) => page.tell(number, Event::Failed { message }),
        }
    }
}

async fn train(bench: Option<&mut Bench<'_>>, inbox: &Inbox, goal: impl Fn(&Run) -> f64) {
    let Some(bench) = bench else { return };
    let goal = goal(&bench.run);
    match bench.train(inbox, goal).await {
        Ok(Some(event)) => {
            bench.tell(event);
            bench.store().await;
        }
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
    /// A run of `config`, and its record of epoch 0.
    async fn fresh(&mut self, config: Config) -> Result<(Run, History), String> {
        let run = Run::new(config.clone(), self.subset(config.dataset).await?).map_err(|error| error.to_string())?;
        recorded(run, History::default()).await
    }

    /// The run in a file, and what was recorded of it.
    async fn opened(&mut self, file: &[u8]) -> Result<(Run, History), String> {
        let mut saved = file::load(file).map_err(|error| error.to_string())?;
        let records = match std::mem::take(&mut saved.records) {
            none if none.is_empty() => History::default(),
            // The checksum has been right: whoever wrote this file meant something else by it.
            text => JSON::parse(&text).and_then(unpack).map_err(|_| "The records of the file are of another kind.".to_owned())?,
        };
        let subset = self.subset(saved.config.dataset).await?;
        recorded(saved.resume(subset).await.map_err(|error| error.to_string())?, records).await
    }

    /// The run of the session; one that cannot be had, or cannot be read, is replaced by a fresh one.
    async fn recalled(&mut self, storage: Option<&Storage>, config: Config) -> Result<(Run, History), String> {
        if let Some(storage) = storage
            && let Ok(Some(file)) = storage.get().await
            && let Ok(run) = self.opened(&file).await
        {
            return Ok(run);
        }
        self.fresh(config).await
    }

    async fn subset(&mut self, name: DatasetName) -> Result<&Dataset, String> {
        let subset = match self.subset.take() {
            Some((before, subset)) if before == name => subset,
            _ => data::fetch(name, DATA_URL).await?,
        };
        Ok(&self.subset.insert((name, subset)).1)
    }
}

/// `run`, filmed, with a record of where it stands.
async fn recorded(mut run: Run, mut records: History) -> Result<(Run, History), String> {
    run.film();
    if records.at(run.epoch()).is_none() {
        let mut rest = Rest::new();
        records.push(run.record(async || rest.if_due().await).await.map_err(|error| error.to_string())?);
    }
    Ok((run, records))
}

/// A run at work.
struct Bench<'a> {
    run: Run,
    records: History,
    number: u32,
    page: &'a Page,
    storage: Option<&'a Storage>,
    /// When the run is stored next, in milliseconds.
    store_at: f64,
}

impl<'a> Bench<'a> {
    /// Tells the page that `run` stands.
    async fn new(number: u32, page: &'a Page, storage: Option<&'a Storage>, run: Run, records: History) -> Self {
        let bench = Self { run, records, number, page, storage, store_at: now() + STORE_MS };
        let run = &bench.run;
        bench.tell(Event::Ready {
            config: Box::new(run.config().clone()),
            records: bench.records.clone(),
            class_counts: run.sample().class_counts.clone(),
            engine: run.engine().to_owned(),
            epochs: run.epochs(),
            steps_in_epoch: run.steps_in_epoch(),
            points_in_epoch: run.points_in_epoch(),
        });
        // What is stored is the run that stands, or nothing: an untrained one is made anew as fast.
        if let Some(storage) = storage {
            let _ = if run.epoch() > 0.0 { storage.put(&bench.file().await).await } else { storage.clear().await };
        }
        bench
    }

    fn tell(&self, event: Event) {
        self.page.tell(self.number, event);
    }

    async fn file(&self) -> Vec<u8> {
        // Numbers and lists of them: this does not fail, and a run without its records is better than none.
        let records = self.records.serialize(&Serializer::json_compatible()).ok().and_then(|records| JSON::stringify(&records).ok());
        file::save(&self.run, &records.map_or_else(String::new, String::from)).await
    }

    /// Gives the page the run as a file.
    async fn save(&self) {
        self.tell(Event::Saved { file: self.file().await });
    }

    /// Stores the run, so that a page that is loaded again finds it; now and then, so that training keeps its speed.
    async fn store(&mut self) {
        let start = now();
        if let Some(storage) = self.storage {
            // A storage that is full keeps what it had.
            let _ = storage.put(&self.file().await).await;
        }
        self.store_at = now() + STORE_MS.max(STORE_SHARE * (now() - start));
    }

    async fn record(&mut self, rest: &mut Rest) -> Result<(), RunError> {
        if self.records.at(self.run.epoch()).is_none() {
            let record = self.run.record(async || rest.if_due().await).await?;
            self.records.push(record.clone());
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
            // A run that is there again had better stand at the end of an epoch, unless epochs are long.
            if now() >= self.store_at + if self.run.position().batch == 0 { 0.0 } else { STORE_MS } {
                pace.hold();
                self.store().await;
                pace.go_on();
            }
            match inbox.wish() {
                Some(Wish::MakeWay) => return Ok(None),
                Some(Wish::Save) => self.save().await,
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
