//! A panel of the gallery: a preset, how far its run is, and the link that shows it.

use super::part;
use crate::chart::{DecayCurve, DecayLabels, Theme, canvas};
use crate::experiment::{Config, Group, Preset, Record, Verdict};
use crate::web::page::dom::{set, show, show_number};
use crate::web::page::format::{epoch, pearson, percent, rho};
use crate::web::page::render::{cell, heading, share};
use crate::web::page::stage::Stage;
use crate::web::page::strings::{fill, label, sentences, text};
use crate::web::page::verdict;
use crate::web::protocol::{Event, Processor};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// A preset and its run.
pub struct Panel {
    preset: &'static Preset,
    /// Among whose presets it stands.
    group: Group,
    /// How far the run is; "loading" while it waits for a worker.
    pub stage: Stage,
    /// What was measured last.
    pub record: Option<Record>,
    /// What computed it.
    pub engine: Option<Processor>,
    /// Whether its words are not what they should be.
    pub news: Cell<bool>,
    /// Whether its picture is not what it should be: it shows what was measured last, and most epochs are not measured.
    pub stale: Cell<bool>,
    epoch: f64,
    /// Why the run failed.
    message: String,
    link: Element,
    title: Element,
    rho: Element,
    pearson: Element,
    status: Element,
    picture: Element,
}

impl Panel {
    /// An untrained panel, at the end of the `list` of `group`.
    pub fn new(preset: &'static Preset, group: Group, list: &Element) -> Self {
        let link = part(&part(list, "li"), "a");
        set(&link, "href", Some(&format!("?preset={}", preset.id)));
        let title = part(&link, "b");
        let rho = number(&link, "ρ");
        let status = part(&link, "small");
        let pearson = number(&link, "r");
        let picture = part(&link, "span");
        picture.set_class_name("canvas");
        let (stage, news, stale) = (Stage::Ready, Cell::new(true), Cell::new(true));
        let panel = Self {
            preset,
            group,
            stage,
            record: None,
            engine: None,
            news,
            stale,
            epoch: 0.0,
            message: String::new(),
            link,
            title,
            rho,
            pearson,
            status,
            picture,
        };
        if group != Group::Fig1 {
            let look = part(&panel.link, "small");
            look.set_class_name("look");
            label(&look, &format!("preset.{}.description", preset.id));
        }
        panel.write();
        panel
    }

    fn layers(&self) -> usize {
        self.config().hidden.len() + 1
    }

    /// What the preset is called among its group's: in Fig. 1 by what differs there.
    fn title(&self) -> String {
        if self.group != Group::Fig1 {
            return text(&format!("preset.{}.title", self.preset.id));
        }
        let optimizer = text(&format!("optimizer.{}", self.config().text("optimizer").unwrap_or_default()));
        fill("gallery.panel", &[("optimizer", &optimizer), ("layers", &self.layers().to_string())])
    }

    /// What its run is made of.
    pub fn config(&self) -> &Config {
        &self.preset.config
    }

    /// Which part of its run is trained.
    pub fn share(&self) -> f64 {
        self.epoch / f64::from(self.config().total_epochs())
    }

    /// Whether the law holds at the end of its run.
    pub fn holds(&self) -> bool {
        let record = self.record.as_ref().filter(|_| self.stage == Stage::Finished);
        record.is_some_and(|record| Verdict::new(&record.train, record.train_accuracy) == Verdict::Holds)
    }

    /// The run is going to be trained from its start.
    pub fn wait(&mut self) {
        (self.stage, self.epoch) = (Stage::Loading, 0.0);
        self.news.set(true);
    }

    /// The training was stopped; what was measured stays.
    pub fn stop(&mut self) {
        if matches!(self.stage, Stage::Loading | Stage::Training) {
            self.stage = if self.record.is_some() { Stage::Paused } else { Stage::Ready };
            self.news.set(true);
        }
    }

    /// Something happened to its run.
    pub fn hear(&mut self, event: Event) {
        self.news.set(true);
        match event {
            Event::Ready { records, processor, .. } => {
                (self.stage, self.engine) = (Stage::Training, Some(processor));
                self.hold(records.last().cloned());
            }
            Event::Moved { processor, .. } => self.engine = Some(processor),
            Event::Progress { epoch, .. } => self.epoch = epoch,
            Event::Record { record } => {
                self.epoch = record.epoch;
                self.hold(Some(*record));
            }
            Event::Finished { .. } => self.stage = Stage::Finished,
            Event::Failed { message } => (self.stage, self.message) = (Stage::Failed, message),
            Event::Paused { .. } | Event::Saved { .. } => {} // nobody asked for that
        }
    }

    fn hold(&mut self, record: Option<Record>) {
        self.record = record;
        self.stale.set(true);
    }

    /// Shows how it stands, in numbers and words.
    pub fn write(&self) {
        self.news.set(false);
        show(&self.title, &self.title());
        let law = self.record.as_ref().and_then(|record| record.train.law.as_ref());
        show_number(&self.rho, law.map(|law| law.rho), rho);
        show_number(&self.pearson, law.map(|law| law.pearson), pearson);
        show(&self.status, &self.status());
        set(&self.link, "data-state", Some(self.stage.name()));
    }

    /// Draws its curve, on the axis that all share.
    pub fn draw(&self, range: (i32, i32), theme: &Theme) {
        self.stale.set(false);
        let element = self.picture.first_element_child().unwrap_or_else(|| part(&self.picture, "canvas")).unchecked_into();
        let Some((sheet, scale)) = canvas(&element) else { return };
        let axis = text("curve.axis");
        let labels =
            DecayLabels { axis: &axis, measured: &[], input: "", layer: "", training: "", fuzziness: "", test: "", half_life: &[] };
        let (layers, train) = (self.layers(), self.record.as_ref().map(|record| &record.train));
        let curve = DecayCurve {
            layers,
            train,
            test: None,
            classes: &[],
            linear: false,
            trail: &[],
            previous: &[],
            film: None,
            marked: None,
            range,
            labels,
        };
        if curve.draw(&sheet, theme, scale).is_err() {
            web_sys::console::error_1(&"A panel of the gallery could not be drawn.".into());
        }
    }

    /// Adds its line to the table.
    pub fn row(&self, table: &Element) {
        let row = part(table, "tr");
        heading(&row, &self.title());
        let record = self.record.as_ref();
        let law = record.and_then(|record| record.train.law.as_ref());
        cell(&row, None, law.map(|law| law.pearson), pearson);
        cell(&row, None, law.map(|law| law.rho), rho);
        cell(&row, None, record.map(|record| record.train_accuracy), share);
        cell(&row, None, record.and_then(|record| record.test_accuracy), share);
        show(&part(&row, "td"), &self.status());
    }

    /// How it stands, in few words: at the end the verdict.
    fn status(&self) -> String {
        let at = |key| fill(key, &[("epoch", &epoch(self.epoch.floor())), ("epochs", &self.config().total_epochs().to_string())]);
        match (self.stage, &self.record) {
            (Stage::Ready, _) => text("gallery.untrained"),
            (Stage::Loading, _) => text("gallery.waits"),
            (Stage::Training, _) => at("gallery.epoch"),
            (Stage::Paused, _) => at("gallery.stopped-at"),
            (Stage::Failed, _) => self.message.clone(),
            (Stage::Finished, None) => String::new(),
            (Stage::Finished, Some(record)) => {
                let [head, reasons, _] = verdict::judged(&record.train, record, "", &text("verdict.holds"));
                let verdict = if reasons.is_empty() { text("gallery.holds") } else { sentences(&head, &reasons) };
                let test = record.test_accuracy.map(percent).unwrap_or_default();
                fill("gallery.ended", &[("verdict", &verdict), ("test", &test)])
            }
        }
    }
}

/// A place for the number that `letter` stands for.
fn number(link: &Element, letter: &str) -> Element {
    let place = part(link, "span");
    show(&part(&place, "i"), letter);
    let _ = place.append_with_str_1(" ");
    part(&place, "span")
}
