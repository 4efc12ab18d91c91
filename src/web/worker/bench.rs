//! A run at work: trained, measured and stored, a few steps at a time.

use super::pace::Pace;
use super::{Inbox, Page, Wish};
use crate::engine::EngineError;
use crate::experiment::{EngineChoice, History, Run, RunError, file};
use crate::web::processor;
use crate::web::protocol::{Event, Fallback, Processor};
use crate::web::rest::{Rest, now};
use crate::web::storage::{Refused, Storage};
use js_sys::{JSON, JsString};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;

/// A pause waits for the end of the epoch if that is nearer than this, in seconds.
const PATIENCE_S: f64 = 0.3;
/// Time between two times that a run in training is stored, in milliseconds; and how many times longer than storing it that is at least.
const STORE_MS: f64 = 2000.0;
const STORE_SHARE: f64 = 50.0;
/// Time between two times that a run on a GPU is secured, in milliseconds: what the loss of that GPU costs at most.
const SECURE_MS: f64 = 2000.0;

/// Characters of records that are copied at once.
const PIECE: u32 = 1 << 16;

/// Records in JSON, in the browser's memory: numbers and the names of fields, a byte a character.
struct Json(JsString);

impl file::Text for Json {
    fn bytes(&self) -> usize {
        self.0.length() as usize
    }

    fn write(&self, place: &mut [u8]) {
        for (piece, at) in place.chunks_mut(PIECE as usize).zip((0..).step_by(PIECE as usize)) {
            let text = String::from(self.0.slice(at, at + PIECE));
            debug_assert_eq!(text.len(), piece.len(), "records in ASCII");
            piece.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        }
    }
}

/// A run at work.
pub struct Bench<'a> {
    /// The run.
    pub run: Run,
    /// What was recorded of it, without the simplex pictures: the page has them, and in a file they would be most of it.
    records: History,
    /// Its number, by which the page knows it.
    pub number: u32,
    page: &'a Page,
    storage: Result<&'a Storage, &'a Refused>,
    /// Why the run is not stored, as the page was told; empty if it is, or if that was not tried yet.
    refused: String,
    /// When the run is stored next, in milliseconds.
    store_at: f64,
    /// When it is secured next, in milliseconds.
    secure_at: f64,
}

impl<'a> Bench<'a> {
    /// Tells the page that `run` stands, on `processor`.
    pub async fn new(
        number: u32,
        page: &'a Page,
        storage: Result<&'a Storage, &'a Refused>,
        run: Run,
        records: History,
        processor: Processor,
    ) -> Self {
        let (store_at, secure_at) = (now() + STORE_MS, now() + SECURE_MS);
        let mut bench = Self { run, records, number, page, storage, refused: String::new(), store_at, secure_at };
        let run = &bench.run;
        bench.tell(Event::Ready {
            config: Box::new(run.config().clone()),
            records: bench.records.clone(),
            class_counts: run.sample().class_counts.clone(),
            processor,
            epochs: run.epochs(),
            steps_in_epoch: run.steps_in_epoch(),
            points_in_epoch: run.points_in_epoch(),
        });
        bench.records = bench.records.without_simplex();
        // What is stored is the run that stands, or nothing: an untrained one is made anew as fast.
        if let Ok(storage) = storage {
            let _ = if bench.run.epoch() > 0.0 { storage.put(&bench.file().await).await } else { storage.clear().await };
        }
        bench
    }

    pub fn tell(&self, event: Event) {
        self.page.tell(self.number, event);
    }

    async fn file(&mut self) -> Vec<u8> {
        // Numbers and lists of them: this does not fail, and a run without its records is better than none.
        let records = self.records.serialize(&Serializer::json_compatible()).ok().and_then(|records| JSON::stringify(&records).ok());
        let records = Json(records.unwrap_or_default());
        loop {
            match file::save(&self.run, &records).await {
                Ok(file) => return file,
                Err(error) => self.fall_back(&error), // to the CPU, which does not fail
            }
        }
    }

    /// Gives the page the run as a file.
    pub async fn save(&mut self) {
        let file = self.file().await;
        self.tell(Event::Saved { file });
    }

    /// Stores the run, so that a page that is loaded again finds it; now and then, so that training keeps its speed.
    pub async fn store(&mut self) {
        let start = now();
        // A storage that is full keeps what it had.
        let stored = match self.storage {
            Ok(storage) => storage.put(&self.file().await).await,
            Err(refused) => Err(refused.clone()),
        };
        let refused = stored.err().map_or_else(String::new, |Refused(reason)| reason);
        if refused != self.refused {
            self.refused = refused.clone();
            self.tell(Event::Stored { refused });
        }
        self.store_at = now() + STORE_MS.max(STORE_SHARE * (now() - start));
    }

    /// Goes on on the engine asked for, from where the run stands.
    pub async fn go_to(&mut self, engine: EngineChoice) {
        let processor = processor::place(&mut self.run, engine).await;
        self.secure_at = now() + SECURE_MS;
        self.tell(Event::Moved { processor, fallback: None });
    }

    /// The GPU has failed: the run goes on on the CPU from where it was secured.
    fn fall_back(&mut self, reason: &EngineError) {
        let lost = self.run.epoch();
        self.run.fall_back();
        let fallback = Fallback { reason: reason.to_string(), lost, back: self.run.epoch() };
        self.tell(Event::Moved { processor: processor::current(&self.run), fallback: Some(fallback) });
    }

    async fn record(&mut self, rest: &mut Rest) -> Result<(), RunError> {
        if self.records.at(self.run.epoch()).is_none() {
            let record = self.run.record(async || rest.if_due().await).await?;
            self.records.push(record.clone().without_simplex());
            self.tell(Event::Record { record: Box::new(record) });
        }
        Ok(())
    }

    /// Trains up to epoch `goal`, or until a command wants something else. None if that command will say how it goes on.
    pub async fn train(&mut self, inbox: &Inbox, mut goal: f64) -> Result<Option<Event>, RunError> {
        loop {
            match self.train_on(inbox, &mut goal).await {
                Err(RunError::Engine(error)) => self.fall_back(&error),
                result => return result,
            }
        }
    }

    /// The same on one engine.
    async fn train_on(&mut self, inbox: &Inbox, goal: &mut f64) -> Result<Option<Event>, RunError> {
        let (mut rest, mut pace) = (Rest::new(), Pace::new());
        while self.run.epoch() < *goal {
            let steps = self.run.stride();
            self.run.train(steps).await?;
            pace.steps += steps as f64;
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
            if now() >= self.secure_at {
                pace.hold();
                self.run.secure().await?;
                self.secure_at = now() + SECURE_MS;
                pace.go_on();
            }
            match inbox.wish() {
                Some(Wish::MakeWay) => return Ok(None),
                Some(Wish::Save) => self.save().await,
                Some(Wish::Move(run, engine)) if run == self.number => self.go_to(engine).await,
                Some(Wish::Move(..)) => {} // about a run that this one has replaced
                Some(Wish::Pause) if self.run.steps_left_in_epoch() as f64 > PATIENCE_S * pace.per_second() => break,
                // At the end of an epoch already: no further.
                Some(Wish::Pause) => *goal = self.run.epoch().ceil(),
                None => {}
            }
        }
        self.record(&mut rest).await?;
        let epoch = self.run.epoch();
        Ok(Some(if epoch >= f64::from(self.run.epochs()) { Event::Finished { epoch } } else { Event::Paused { epoch } }))
    }
}
