//! A gallery: the presets of a group as panels, trained by the pool. Events change the panels; those that changed are shown some times a
//! second, their pictures only while they are in sight.

mod pair;
mod panel;

use super::Page;
use super::dom::{find, on, part, set, show, watch};
use super::due::Due;
use super::format::time;
use super::strings::{fill, label};
use super::theme;
use super::trials::{Trial, Trials};
use crate::chart::{LN_RANGE, Theme, ln_range_of};
use crate::experiment::{Config, Group, Outcome, Report, Verdict, preset};
use pair::Pair;
use panel::Panel;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlDetailsElement, HtmlTemplateElement};

/// The groups that have a gallery, each with the presets of other groups that it is to be compared with.
const GALLERIES: [(Group, &[&str]); 5] =
    [(Group::Fig1, &[]), (Group::Counter, &[]), (Group::Data, &[]), (Group::Network, &[]), (Group::Frozen, &["fig1-adam-20"])];
/// Columns of the table.
const COLUMNS: [&str; 6] = ["gallery.run", "table.pearson", "table.rho", "train-accuracy", "test-accuracy", "gallery.verdict"];
/// A gallery, shared by its listeners.
pub struct Gallery {
    section: Element,
    panels: Vec<Panel>,
    /// Of two networks that are to be compared, both on one axis.
    pair: Option<Pair>,
    /// The panels' runs, in their order.
    trials: Rc<Trials>,
    theme: RefCell<Option<Theme>>,
    /// What the shared y axis has come to span.
    range: Cell<(i32, i32)>,
    /// Whether the reader has the panels in sight.
    seen: Cell<bool>,
    /// Whether a drawing is due.
    due: Due,
}

/// All galleries, at their place in the document. Their panels are drawn once they are in sight.
pub fn galleries() -> Vec<Rc<Gallery>> {
    GALLERIES.iter().filter_map(|&(group, beside)| Gallery::new(group, beside)).collect()
}

impl Gallery {
    fn new(group: Group, beside: &[&str]) -> Option<Rc<Self>> {
        let section = section(group)?;
        let list = section.query_selector("ul").ok()??;
        let presets = || beside.iter().filter_map(|id| preset(id)).chain(group.presets());
        let gallery = Rc::new(Self {
            panels: presets().map(|preset| Panel::new(preset, group, &list)).collect(),
            pair: (group == Group::Frozen).then(|| Pair::new(&list)),
            trials: Trials::new(presets().map(|preset| preset.config.clone())),
            section,
            theme: RefCell::default(),
            range: Cell::new(LN_RANGE),
            seen: Cell::default(),
            due: Due::default(),
        });
        let clicked = gallery.clone();
        on(&gallery.part("button"), "click", move |_: Event| clicked.turn());
        let toggled = gallery.clone();
        on(&gallery.part("details"), "toggle", move |_: Event| toggled.refresh());
        let looked = gallery.clone();
        watch(&list, move |seen| {
            looked.seen.set(seen);
            looked.refresh();
        });
        gallery.render();
        Some(gallery)
    }

    /// The part of its section that `selector` names; index.html's template has them all.
    fn part(&self, selector: &str) -> Element {
        self.section.query_selector(selector).ok().flatten().unwrap_or_else(|| self.section.clone())
    }

    /// Draws all panels anew, with the size and the colours that the page has now.
    pub fn redraw(self: &Rc<Self>) {
        self.theme.take();
        self.outdate();
        self.refresh();
    }

    /// No picture is what it should be.
    fn outdate(&self) {
        self.panels.iter().map(|panel| &panel.stale).chain(self.pair.as_ref().map(|pair| &pair.stale)).for_each(|stale| stale.set(true));
    }

    /// Writes everything anew: the language has changed.
    pub fn retell(&self) {
        self.panels.iter().for_each(|panel| panel.news.set(true));
    }

    /// Takes over what the report has of the panels' runs.
    pub fn recall(self: &Rc<Self>, report: &Report) {
        self.trials.recall(report, |at, config| report.find(self.panels[at].id(), config.seed).cloned());
        self.stretch(None);
        self.retell();
        self.redraw();
    }

    /// Makes the shared axis hold the curve of run `at`, or all.
    fn stretch(&self, at: Option<usize>) {
        let trials = self.trials.all();
        let some = trials.iter().enumerate().filter(|(of, _)| at.is_none_or(|at| at == *of));
        let fuzziness = some.filter_map(|(_, trial)| trial.outcome()).flat_map(|outcome| outcome.fuzziness);
        let range = ln_range_of(self.range.get(), fuzziness);
        if range != self.range.replace(range) {
            self.outdate();
        }
    }

    /// Starts the training, or stops it.
    fn turn(self: &Rc<Self>) {
        let listener = self.clone();
        self.trials.turn(|_| true, move |at| listener.hear(at));
        self.retell();
        self.render();
    }

    /// Something happened to run `at`.
    fn hear(self: &Rc<Self>, at: usize) {
        self.panels[at].news.set(true);
        self.panels[at].stale.set(true);
        self.pair.iter().for_each(|pair| pair.stale.set(true));
        self.stretch(Some(at));
        if self.trials.busy() {
            self.refresh();
        } else {
            self.retell();
            self.render();
        }
    }

    /// How the training ended.
    fn said(&self) -> String {
        let Some(took) = self.trials.took() else { return String::new() };
        let trials = self.trials.all();
        let finished = trials.iter().filter(|trial| trial.end().is_some()).filter_map(Trial::outcome);
        let holds = finished.clone().filter(|end: &Outcome| Verdict::new(&end.split(), end.train_accuracy) == Verdict::Holds);
        let [finished, holds, count] = [finished.count(), holds.count(), trials.len()].map(|count| count.to_string());
        fill("gallery.said", &[("finished", &finished), ("holds", &holds), ("count", &count), ("time", &time(took))])
    }

    /// Shows soon what has changed.
    fn refresh(self: &Rc<Self>) {
        self.due.soon(self, Self::render);
    }

    fn render(self: &Rc<Self>) {
        self.due.met();
        let tally = self.trials.tally(|_| true);
        let train = fill("gallery.train", &[("count", &tally.count.to_string())]);
        self.trials.conduct(&self.section, &tally, [&train; 2], "trials.expected");
        show(&self.part(".told"), &self.said());

        let trials = self.trials.all();
        let panels = || self.panels.iter().zip(&*trials);
        let mut theme = self.theme.borrow_mut();
        panels().filter(|(panel, _)| panel.news.get()).for_each(|(panel, trial)| panel.write(trial));
        for (panel, trial) in panels().filter(|(panel, _)| self.seen.get() && panel.stale.get()) {
            panel.draw(trial, self.range.get(), theme.get_or_insert_with(theme::current));
        }
        if let (Some(pair), [whole, halved]) = (&self.pair, &trials[..]) {
            pair.write([whole, halved]);
            if self.seen.get() && pair.stale.get() {
                pair.draw([whole, halved], self.range.get(), theme.get_or_insert_with(theme::current));
            }
        }
        let live = |config: &Config, engine: &str| fill("gallery.made", &[("seed", &config.seed.to_string()), ("engine", engine)]);
        show(&self.part(".note"), &self.trials.made(live, |date| fill("gallery.recorded", &[("date", date)])));
        if self.part("details").unchecked_into::<HtmlDetailsElement>().open() {
            let table = self.part("tbody");
            table.set_text_content(None);
            panels().for_each(|(panel, trial)| panel.row(trial, &table));
        }
    }
}

/// A group's section, at the end of all, with its words.
fn section(group: Group) -> Option<Element> {
    let template: HtmlTemplateElement = find("gallery");
    let section: Element = template.content().first_element_child()?.clone_node_with_deep(true).ok()?.unchecked_into();
    find::<Element>("galleries").append_child(&section).ok()?;
    let (id, name) = (format!("gallery-{}", group.name()), format!("gallery.{}", group.name()));
    let part = |selector: &str| section.query_selector(selector).ok().flatten();
    let (heading, summary) = (part("h2")?, part("summary")?);
    section.set_id(&id);
    heading.set_id(&format!("{id}-title"));
    summary.set_id(&format!("{id}-table"));
    set(&section, "aria-labelledby", Some(&heading.id()));
    set(&part("progress")?, "aria-labelledby", Some(&heading.id()));
    set(&part(".scroll")?, "aria-labelledby", Some(&format!("{} {}", heading.id(), summary.id())));
    label(&heading, &name);
    label(&part("p")?, &format!("{name}.body"));
    label(&summary, "table.show");
    label(&part("caption")?, &name);
    let head = part("thead tr")?;
    for column in COLUMNS {
        let cell = self::part(&head, "th");
        set(&cell, "scope", Some("col"));
        label(&cell, column);
    }
    Some(section)
}

impl Page {
    /// The theme has changed.
    pub(super) fn recolor(&self) {
        self.figures.borrow_mut().recolor();
        self.redraw_sections();
    }

    /// Draws what stands further down anew, with the size and the colours that the page has now.
    pub(super) fn redraw_sections(&self) {
        self.galleries.iter().for_each(Gallery::redraw);
        self.minority.redraw();
        self.sweeps.redraw();
        self.grid.redraw();
    }
}
