//! A run at work: trained, measured and stored, a few steps at a time.

use super::pace::Pace;
use super::{Inbox, Page, Wish};
use crate::engine::EngineError;
use crate::experiment::{History, Run, RunError, file};
use crate::web::protocol::Event;
use crate::web::rest::{Rest, now};
use crate::web::storage::Storage;
use js_sys::JSON;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;

/// A pause waits for the end of the epoch if that is nearer than this, in seconds.
const PATIENCE_S: f64 = 0.3;
/// Time between two times that a run in training is stored, in milliseconds; and how many times longer than storing it that is at least.
const STORE_MS: f64 = 2000.0;
const STORE_SHARE: f64 = 50.0;

/// A run at work.
pub struct Bench<'a> {
    /// The run.
    pub run: Run,
    records: History,
    /// Its number, by which the page knows it.
    pub number: u32,
    page: &'a Page,
    storage: Option<&'a Storage>,
    /// When the run is stored next, in milliseconds.
    store_at: f64,
}

impl<'a> Bench<'a> {
    /// Tells the page that `run` stands.
    pub async fn new(number: u32, page: &'a Page, storage: Option<&'a Storage>, run: Run, records: History) -> Self {
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
            let _ = match bench.file().await {
                Ok(file) if run.epoch() > 0.0 => storage.put(&file).await,
                _ => storage.clear().await,
            };
        }
        bench
    }

    pub fn tell(&self, event: Event) {
        self.page.tell(self.number, event);
    }

    async fn file(&self) -> Result<Vec<u8>, EngineError> {
        // Numbers and lists of them: this does not fail, and a run without its records is better than none.
        let records = self.records.serialize(&Serializer::json_compatible()).ok().and_then(|records| JSON::stringify(&records).ok());
        file::save(&self.run, &records.map_or_else(String::new, String::from)).await
    }

    /// Gives the page the run as a file.
    pub async fn save(&self) {
        self.tell(match self.file().await {
            Ok(file) => Event::Saved { file },
            Err(error) => Event::Failed { message: error.to_string() },
        });
    }

    /// Stores the run, so that a page that is loaded again finds it; now and then, so that training keeps its speed.
    pub async fn store(&mut self) {
        let start = now();
        if let (Some(storage), Ok(file)) = (self.storage, self.file().await) {
            // A storage that is full keeps what it had.
            let _ = storage.put(&file).await;
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
    pub async fn train(&mut self, inbox: &Inbox, mut goal: f64) -> Result<Option<Event>, RunError> {
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
