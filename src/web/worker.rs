//! The worker: it owns the run, trains and measures it, and lets commands in between two steps.

mod bench;
mod blob;
mod features;
mod images;
mod pace;
mod shelf;

use super::processor;
use super::protocol::{Command, Event, Report, pack, unpack};
use super::rest::now;
use super::storage::Storage;
use crate::experiment::{Config, EngineChoice, Run};
use crate::images::Images;
use bench::Bench;
use shelf::Shelf;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Takes commands from the page from now on. A worker named after the session keeps its run, one without a name keeps nothing; that of
/// [`features::WORKER`](super::features::WORKER)'s name reads files of features, that of [`images::WORKER`](super::images::WORKER)'s files of
/// images.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    match &scope.name()[..] {
        super::features::WORKER => return features::start(scope),
        super::images::WORKER => return images::start(scope),
        _ => {}
    }
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
    /// The reader's images, for the runs to come: no command that waits its turn, for it interrupts nothing.
    images: RefCell<Option<Box<Images>>>,
    waker: RefCell<Option<Waker>>,
}

impl Inbox {
    fn put(&self, command: Command) {
        match command {
            Command::Images { images } => drop(self.images.replace(Some(images))),
            command => self.commands.borrow_mut().push_back(command),
        }
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
                Command::Train { .. } | Command::Images { .. } => drop(commands.pop_front()),
                Command::Pause => {
                    commands.pop_front();
                    return Some(Wish::Pause);
                }
                Command::Save { .. } => {
                    commands.pop_front();
                    return Some(Wish::Save);
                }
                Command::Move { .. } => {
                    let Some(Command::Move { run, engine }) = commands.pop_front() else { return None };
                    return Some(Wish::Move(run, engine));
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
    Move(u32, EngineChoice),
    MakeWay,
}

/// Time between two events of loading, in milliseconds.
const LOADING_MS: f64 = 100.0;

/// The page, as the worker sees it.
#[derive(Clone)]
struct Page(DedicatedWorkerGlobalScope);

impl Page {
    fn tell(&self, run: u32, event: Event) {
        let sent = pack(&Report { run, event }).and_then(|report| self.0.post_message(&report));
        if let Err(error) = sent {
            web_sys::console::error_1(&error);
        }
    }

    /// Tells of images that are loaded for run `run`.
    fn loading(&self, run: u32) -> impl Fn(f64) + Clone + 'static {
        let (page, told) = (self.clone(), Rc::new(Cell::new(now())));
        move |bytes| {
            if now() - told.get() >= LOADING_MS {
                told.set(now());
                page.tell(run, Event::Loading { bytes });
            }
        }
    }
}

async fn serve(page: Page, inbox: Rc<Inbox>) {
    let mut shelf = Shelf::default();
    let mut bench: Option<Bench> = None;
    // Where storage is denied the run is not stored, and a reload starts it anew.
    let opened = Storage::open(&page.0.name()).await;
    let storage = opened.as_ref().ok();
    loop {
        let command = inbox.next().await;
        if let Some(images) = inbox.images.take() {
            shelf.give(*images);
        }
        let (number, made) = match command {
            Command::Configure { run, config, film } => (run, shelf.fresh(*config, film, page.loading(run)).await),
            Command::Recall { run, config } => {
                if let Some(images) = shelf.recall(storage).await {
                    page.tell(run, Event::Images { images: Box::new(images) });
                }
                (run, shelf.recalled(storage, *config, page.loading(run)).await)
            }
            Command::Open { run, file } => (run, shelf.opened(&file, page.loading(run)).await),
            Command::Train { run } => {
                train(bench.as_mut().filter(|bench| bench.number == run), &inbox, |run| f64::from(run.epochs())).await;
                continue;
            }
            Command::Step { run } => {
                train(bench.as_mut().filter(|bench| bench.number == run), &inbox, |run| run.epoch().floor() + 1.0).await;
                continue;
            }
            Command::Save { run } => {
                if let Some(bench) = bench.as_mut().filter(|bench| bench.number == run) {
                    bench.save().await;
                }
                continue;
            }
            Command::Move { run, engine } => {
                if let Some(bench) = bench.as_mut().filter(|bench| bench.number == run) {
                    bench.go_to(engine).await;
                }
                continue;
            }
            Command::Pause | Command::Images { .. } => continue, // nothing is running; and images do not come this way
        };
        match made {
            Ok((mut run, records)) => {
                let Config { engine, dataset, .. } = *run.config();
                shelf.store(storage, dataset).await;
                let processor = processor::place(&mut run, engine).await;
                bench = Some(Bench::new(number, &page, opened.as_ref(), run, records, processor).await);
            }
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
