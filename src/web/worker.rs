//! The worker: it owns the run, trains and measures it, and lets commands in between two steps.

mod bench;
mod pace;
mod shelf;

use super::processor;
use super::protocol::{Command, Event, Report, pack, unpack};
use super::storage::Storage;
use crate::experiment::{EngineChoice, Run};
use bench::Bench;
use shelf::Shelf;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

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
            Command::Configure { run, config, film } => (run, shelf.fresh(*config, film).await),
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
            Command::Pause => continue, // nothing is running
        };
        match made {
            Ok((mut run, records)) => {
                let engine = run.config().engine;
                let processor = processor::place(&mut run, engine).await;
                bench = Some(Bench::new(number, &page, storage.as_ref(), run, records, processor).await);
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
