//! A network of the sweep: its imbalance, how far its run is, and what became of its minority classes.

use crate::chart::TrainedPoint;
use crate::collapse::Minority;
use crate::experiment::{Config, MinorityView, Record};
use crate::web::page::dom::{create, show};
use crate::web::page::format::{epoch, rho};
use crate::web::page::render::{cell, heading, share};
use crate::web::page::stage::Stage;
use crate::web::page::strings::{fill, text};
use crate::web::protocol::{Event, Processor};
use web_sys::Element;

/// A network and its run.
pub struct Network {
    /// The imbalance asked for.
    pub ratio: f64,
    /// Whether it sees minority points as often as the others.
    pub oversample: bool,
    /// What its run is made of.
    pub config: Config,
    /// How far the run is; "loading" while it waits for a worker.
    pub stage: Stage,
    /// What computed it.
    pub engine: Option<Processor>,
    /// What was measured at its end.
    end: Option<Record>,
    /// Points of a majority and of a minority class.
    counts: Option<(usize, usize)>,
    epoch: f64,
    /// Why the run failed.
    message: String,
}

impl Network {
    /// An untrained network.
    pub fn new(ratio: f64, oversample: bool) -> Self {
        let config = MinorityView::default().config(ratio, oversample);
        Self { ratio, oversample, config, stage: Stage::Ready, engine: None, end: None, counts: None, epoch: 0.0, message: String::new() }
    }

    /// The run is going to be trained from its start.
    pub fn wait(&mut self, view: &MinorityView) {
        self.config = view.config(self.ratio, self.oversample);
        (self.stage, self.end, self.epoch) = (Stage::Loading, None, 0.0);
    }

    /// The training was stopped.
    pub fn stop(&mut self) {
        if matches!(self.stage, Stage::Loading | Stage::Training) {
            (self.stage, self.epoch) = (Stage::Ready, 0.0);
        }
    }

    /// Something happened to its run. Returns whether its point is another.
    pub fn hear(&mut self, event: Event) -> bool {
        match event {
            Event::Ready { class_counts, processor, .. } => {
                let (most, least) = (class_counts.iter().max(), class_counts.iter().min());
                self.counts = most.copied().zip(least.copied());
                (self.stage, self.engine) = (Stage::Training, Some(processor));
            }
            Event::Moved { processor, .. } => self.engine = Some(processor),
            Event::Progress { epoch, .. } => self.epoch = epoch,
            Event::Record { record } => self.end = Some(*record),
            Event::Finished { .. } => {
                self.stage = Stage::Finished;
                return true;
            }
            Event::Failed { message } => (self.stage, self.message) = (Stage::Failed, message),
            Event::Paused { .. } | Event::Saved { .. } => {} // nobody asked for that
        }
        false
    }

    /// Which part of its run is trained.
    pub fn share(&self) -> f64 {
        if self.stage == Stage::Finished { 1.0 } else { self.epoch / f64::from(self.config.total_epochs()) }
    }

    fn measured(&self) -> Option<&Record> {
        self.end.as_ref().filter(|_| self.stage == Stage::Finished)
    }

    fn minority(&self) -> Option<&Minority> {
        self.measured()?.minority.as_ref()
    }

    /// What the figure shows of it, once it is trained.
    pub fn point(&self) -> Option<TrainedPoint> {
        let &Minority { cosine, norm, accuracy } = self.minority()?;
        let (most, least) = self.counts?;
        Some(TrainedPoint { imbalance: most as f64 / least as f64, cosine, norm, accuracy })
    }

    /// Adds its line to the table.
    pub fn row(&self, table: &Element) {
        let row = create("tr");
        let _ = table.append_child(&row);
        heading(&row, &self.ratio.to_string());
        let words = |words: String| {
            let place = create("td");
            show(&place, &words);
            let _ = row.append_child(&place);
        };
        words(text(if self.oversample { "minority.yes" } else { "minority.no" }));
        cell(&row, None, self.counts.map(|(most, _)| most as f64), |most| most.to_string());
        cell(&row, None, self.counts.map(|(_, least)| least as f64), |least| least.to_string());
        let minority = self.minority();
        cell(&row, None, minority.and_then(|minority| minority.cosine), rho);
        cell(&row, None, minority.and_then(|minority| minority.norm), rho);
        cell(&row, None, minority.and_then(|minority| minority.accuracy), share);
        cell(&row, None, self.measured().and_then(|record| record.test_accuracy), share);
        cell(&row, None, self.measured().map(|record| record.train_accuracy), share);
        words(self.status());
    }

    /// How it stands, in few words.
    fn status(&self) -> String {
        let epochs = self.config.total_epochs().to_string();
        match self.stage {
            Stage::Loading => text("gallery.waits"),
            Stage::Training => fill("gallery.epoch", &[("epoch", &epoch(self.epoch.floor())), ("epochs", &epochs)]),
            Stage::Finished => fill("minority.trained", &[("epochs", &epochs)]),
            Stage::Failed => self.message.clone(),
            Stage::Ready | Stage::Paused => text("gallery.untrained"),
        }
    }
}
