//! A panel of the gallery: a preset, and the link that shows how its run stands.

use crate::chart::{Blocks, DecayCurve, DecayLabels, Ghost, Theme, canvas};
use crate::experiment::{Config, Group, Preset, Split};
use crate::web::page::dom::{part, set, show, show_number};
use crate::web::page::format::{pearson, percent, rho};
use crate::web::page::render::{cell, heading, share};
use crate::web::page::strings::{fill, label, sentences, text};
use crate::web::page::trials::{RECORDED, Trial};
use crate::web::page::verdict;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// A preset and its place in the document.
pub struct Panel {
    preset: &'static Preset,
    /// Among whose presets it stands.
    group: Group,
    /// Whether its words are not what they should be.
    pub news: Cell<bool>,
    /// Whether its picture is not what it should be: it shows what was measured last, and most epochs are not measured.
    pub stale: Cell<bool>,
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
        let (news, stale) = (Cell::new(true), Cell::new(true));
        let panel = Self { preset, group, news, stale, link, title, rho, pearson, status, picture };
        if group != Group::Fig1 {
            let look = part(&panel.link, "small");
            look.set_class_name("look");
            label(&look, &format!("preset.{}.description", preset.id));
        }
        panel
    }

    fn layers(&self) -> usize {
        self.preset.config.hidden.len() + 1
    }

    /// What the preset is called among its group's: in Fig. 1 by what differs there.
    fn title(&self) -> String {
        if self.group != Group::Fig1 {
            return text(&format!("preset.{}.title", self.preset.id));
        }
        let optimizer = text(&format!("optimizer.{}", self.preset.config.text("optimizer").unwrap_or_default()));
        fill("gallery.panel", &[("optimizer", &optimizer), ("layers", &self.layers().to_string())])
    }

    /// What the report calls it.
    pub fn id(&self) -> &str {
        &self.preset.id
    }

    /// Shows how it stands, in numbers and words.
    pub fn write(&self, trial: &Trial) {
        self.news.set(false);
        show(&self.title, &self.title());
        let law = trial.outcome().and_then(|outcome| outcome.train);
        show_number(&self.rho, law.map(|law| law.1), rho);
        show_number(&self.pearson, law.map(|law| law.0), pearson);
        show(&self.status, &status(trial));
        set(&self.link, "data-state", Some(trial.state()));
    }

    /// Draws its curve, on the axis that all share.
    pub fn draw(&self, trial: &Trial, range: (i32, i32), theme: &Theme) {
        self.stale.set(false);
        let train = trial.outcome().map(|outcome| outcome.split());
        sketch(&self.picture, &trial.config, train.as_ref(), &[], range, theme);
    }

    /// Adds its line to the table.
    pub fn row(&self, trial: &Trial, table: &Element) {
        let row = part(table, "tr");
        heading(&row, &self.title());
        let outcome = trial.outcome();
        let law = outcome.as_ref().and_then(|outcome| outcome.train);
        cell(&row, None, law.map(|law| law.0), pearson);
        cell(&row, None, law.map(|law| law.1), rho);
        cell(&row, None, outcome.as_ref().map(|outcome| outcome.train_accuracy), share);
        cell(&row, None, outcome.as_ref().map(|outcome| outcome.test_accuracy), share);
        show(&part(&row, "td"), &status(trial));
    }
}

/// Draws a curve without words on the canvas in `picture`, and those `behind` it.
pub fn sketch(picture: &Element, config: &Config, train: Option<&Split>, behind: &[Ghost], range: (i32, i32), theme: &Theme) {
    let element = picture.first_element_child().unwrap_or_else(|| part(picture, "canvas")).unchecked_into();
    let Some((sheet, scale)) = canvas(&element) else { return };
    let axis = text("curve.axis");
    let labels = DecayLabels { axis: &axis, measured: &[], input: "", layer: "", training: "", fuzziness: "", test: "", half_life: &[] };
    let (blocks, block_law) = (config.blocks(), train.and_then(|train| config.block_law(&train.fuzziness)));
    let curve = DecayCurve {
        layers: config.hidden.len() + 1,
        train,
        test: None,
        classes: &[],
        linear: false,
        trail: &[],
        previous: behind,
        film: None,
        blocks: (!blocks.is_empty()).then_some(Blocks { layers: &blocks, law: block_law.as_ref() }),
        marked: None,
        range,
        labels,
    };
    if curve.draw(&sheet, theme, scale).is_err() {
        web_sys::console::error_1(&"A panel of the gallery could not be drawn.".into());
    }
}

/// How a run stands, in few words: at the end the verdict.
fn status(trial: &Trial) -> String {
    let said = trial.status(|end| {
        let [head, reasons, _] = verdict::judged(&end.split(), end.train_accuracy, None, "", &text("verdict.holds"));
        let verdict = if reasons.is_empty() { text("gallery.holds") } else { sentences(&head, &reasons) };
        let verdict = sentences(&verdict, &verdict::by_block(&trial.config, &end.fuzziness, end.train_accuracy));
        fill("gallery.ended", &[("verdict", &verdict), ("test", &percent(end.test_accuracy))])
    });
    if trial.state() == RECORDED { fill("trials.recorded", &[("ended", &said)]) } else { said }
}

/// A place for the number that `letter` stands for.
fn number(link: &Element, letter: &str) -> Element {
    let place = part(link, "span");
    show(&part(&place, "i"), letter);
    let _ = place.append_with_str_1(" ");
    part(&place, "span")
}
