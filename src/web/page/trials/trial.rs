//! A run trained beside the page's own.

use crate::experiment::{Config, Outcome, Record};
use crate::web::page::format::epoch;
use crate::web::page::stage::Stage;
use crate::web::page::strings::{fill, text};
use crate::web::protocol::{Event, Processor};

/// The state of one that is not trained, but in the report.
pub const RECORDED: &str = "recorded";

/// A run, as far as its worker has told of it.
pub struct Trial {
    /// What it is made of.
    pub config: Config,
    /// How far it is; "loading" while it waits for a worker.
    pub stage: Stage,
    /// What was measured last.
    pub record: Option<Record>,
    /// What the committed report has of it.
    pub recorded: Option<Outcome>,
    /// Training points of each class.
    pub class_counts: Vec<usize>,
    /// What computes it.
    pub engine: Option<Processor>,
    epoch: f64,
    /// Why it failed.
    message: String,
}

impl Trial {
    /// An untrained one.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            stage: Stage::Ready,
            record: None,
            recorded: None,
            class_counts: Vec::new(),
            engine: None,
            epoch: 0.0,
            message: String::new(),
        }
    }

    /// What was measured at its end.
    pub fn end(&self) -> Option<&Record> {
        self.record.as_ref().filter(|_| self.stage == Stage::Finished)
    }

    /// What there is to show of it: what was measured last, or what is recorded.
    pub fn outcome(&self) -> Option<Outcome> {
        self.record.as_ref().map(|record| Outcome::of(record, self.config.seed)).or_else(|| self.recorded.clone())
    }

    /// The same, of a whole run alone.
    pub fn whole(&self) -> Option<Outcome> {
        self.outcome().filter(|_| self.stage == Stage::Finished || self.state() == RECORDED)
    }

    /// What its place in the document says of it.
    pub fn state(&self) -> &'static str {
        if self.stage == Stage::Ready && self.recorded.is_some() { RECORDED } else { self.stage.name() }
    }

    /// It is going to be trained from its start.
    pub(super) fn wait(&mut self) {
        (self.stage, self.epoch) = (Stage::Loading, 0.0);
    }

    /// Nobody trains it any more; what was measured stays.
    pub(super) fn stop(&mut self) {
        if matches!(self.stage, Stage::Loading | Stage::Training) {
            self.stage = if self.record.is_some() { Stage::Paused } else { Stage::Ready };
        }
    }

    /// Something happened to it.
    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::Ready { records, processor, class_counts, .. } => {
                (self.stage, self.class_counts, self.engine) = (Stage::Training, class_counts, Some(processor));
                self.record = records.last().cloned();
            }
            Event::Moved { processor, .. } => self.engine = Some(processor),
            Event::Progress { epoch, .. } => self.epoch = epoch,
            Event::Record { record } => {
                self.epoch = record.epoch;
                self.record = Some(*record);
            }
            Event::Finished { .. } => self.stage = Stage::Finished,
            Event::Failed { message } => (self.stage, self.message) = (Stage::Failed, message),
            Event::Loading { .. } | Event::Stored { .. } => {} // its record comes soon, and nothing of it is stored
            Event::Paused { .. } | Event::Saved { .. } | Event::Images { .. } => {} // nobody asked for that
        }
    }

    /// Which part of it is trained; of one that was stopped none, for it begins anew.
    pub(super) fn share(&self) -> f64 {
        match self.stage {
            Stage::Finished => 1.0,
            Stage::Training => self.epoch / f64::from(self.config.total_epochs()),
            _ => 0.0,
        }
    }

    /// How it stands, in few words; `ended` says what of a finished one, or of one that is recorded.
    pub fn status(&self, ended: impl FnOnce(&Outcome) -> String) -> String {
        let at = |key| fill(key, &[("epoch", &epoch(self.epoch.floor())), ("epochs", &self.config.total_epochs().to_string())]);
        match self.stage {
            Stage::Ready => self.recorded.as_ref().map_or_else(|| text("trials.untrained"), ended),
            Stage::Loading => text("trials.waits"),
            Stage::Training => at("trials.epoch"),
            Stage::Paused => at("trials.stopped-at"),
            Stage::Failed => self.message.clone(),
            Stage::Finished => self.outcome().as_ref().map(ended).unwrap_or_default(),
        }
    }
}
