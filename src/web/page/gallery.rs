//! A gallery: the presets of a group as panels, trained by the pool. Events change the panels; those that changed are shown some times a
//! second, their pictures only while they are in sight.

mod panel;

use super::Page;
use super::dom::{create, find, on, set, show, watch, window};
use super::format::time;
use super::pool::Pool;
use super::stage::Stage;
use super::strings::{fill, label};
use super::theme;
use crate::chart::{LN_RANGE, Theme, ln_range};
use crate::experiment::{Config, Group, preset};
use crate::web::protocol::Event as Happening;
use crate::web::rest::now;
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
/// Milliseconds between two looks at what has changed: the cores are there to train.
const PAUSE_MS: i32 = 200;

/// A gallery, shared by its listeners.
pub struct Gallery {
    section: Element,
    panels: RefCell<Vec<Panel>>,
    /// Who trains; none if nobody does.
    pool: RefCell<Option<Rc<Pool>>>,
    theme: RefCell<Option<Theme>>,
    /// What the shared y axis has come to span.
    range: Cell<(i32, i32)>,
    /// When the training began, in milliseconds, and which part of all was trained before.
    began: Cell<(f64, f64)>,
    /// How long the training took that ended last, in milliseconds.
    took: Cell<Option<f64>>,
    /// Whether the reader has the panels in sight.
    seen: Cell<bool>,
    /// Whether a drawing is due.
    due: Cell<bool>,
}

/// How the panels stand together.
#[derive(Default)]
struct Tally {
    finished: usize,
    holds: usize,
    /// Which part of all the work is done.
    done: f64,
}

/// All galleries, at their place in the document. Their panels are drawn once they are in sight.
pub fn galleries() -> Vec<Rc<Gallery>> {
    GALLERIES.iter().filter_map(|&(group, beside)| Gallery::new(group, beside)).collect()
}

impl Gallery {
    fn new(group: Group, beside: &[&str]) -> Option<Rc<Self>> {
        let section = section(group)?;
        let list = section.query_selector("ul").ok()??;
        let presets = beside.iter().filter_map(|id| preset(id)).chain(group.presets());
        let gallery = Rc::new(Self {
            panels: RefCell::new(presets.map(|preset| Panel::new(preset, group, &list)).collect()),
            section,
            pool: RefCell::default(),
            theme: RefCell::default(),
            range: Cell::new(LN_RANGE),
            began: Cell::default(),
            took: Cell::default(),
            seen: Cell::default(),
            due: Cell::default(),
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
        self.panels.borrow().iter().for_each(|panel| panel.stale.set(true));
        self.refresh();
    }

    /// Writes everything anew: the language has changed.
    pub fn retell(&self) {
        self.panels.borrow().iter().for_each(|panel| panel.news.set(true));
    }

    /// Trains the panels that are not finished, or where all are, all again; stops if it trains already, and keeps what there is.
    fn turn(self: &Rc<Self>) {
        if let Some(pool) = self.pool.take() {
            pool.cancel();
            self.conclude();
        } else {
            let all = self.tally().finished == self.panels.borrow().len();
            let mut jobs = Vec::new();
            for (at, panel) in self.panels.borrow_mut().iter_mut().enumerate() {
                if all || panel.stage != Stage::Finished {
                    panel.wait();
                    jobs.push((at as u32, panel.config().clone()));
                }
            }
            self.began.set((now(), self.tally().done));
            self.took.set(None);
            let listener = self.clone();
            self.pool.replace(Some(Pool::start(jobs, move |at, event| listener.hear(at as usize, event))));
        }
        self.render();
    }

    /// Something happened to panel `at`.
    fn hear(self: &Rc<Self>, at: usize, event: Happening) {
        let mut panels = self.panels.borrow_mut();
        panels[at].hear(event);
        let range = ln_range(self.range.get(), panels[at].record.iter().map(|record| &record.train));
        if range != self.range.replace(range) {
            panels.iter().for_each(|panel| panel.stale.set(true));
        }
        drop(panels);
        if self.pool.borrow().as_ref().is_some_and(|pool| !pool.busy()) {
            self.pool.take();
            self.conclude();
            self.render();
        } else {
            self.refresh();
        }
    }

    /// The training has ended.
    fn conclude(&self) {
        self.panels.borrow_mut().iter_mut().for_each(Panel::stop);
        self.took.set(Some(now() - self.began.get().0));
    }

    /// A sentence about the whole, with a time in milliseconds.
    fn sentence(&self, key: &str, milliseconds: f64) -> String {
        let Tally { finished, holds, .. } = self.tally();
        let [finished, holds, count] = [finished, holds, self.panels.borrow().len()].map(|count| count.to_string());
        fill(key, &[("finished", &finished), ("holds", &holds), ("count", &count), ("time", &time(milliseconds / 1000.0))])
    }

    fn tally(&self) -> Tally {
        let (mut tally, mut all) = (Tally::default(), 0.0);
        for panel in &*self.panels.borrow() {
            let work = panel.config().work();
            all += work;
            tally.done += work * panel.share();
            tally.finished += usize::from(panel.stage == Stage::Finished);
            tally.holds += usize::from(panel.holds());
        }
        tally.done /= all;
        tally
    }

    /// Shows soon what has changed.
    fn refresh(self: &Rc<Self>) {
        if !self.due.replace(true) {
            let gallery = self.clone();
            let later = Closure::once_into_js(move || gallery.render());
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), PAUSE_MS);
        }
    }

    fn render(&self) {
        self.due.set(false);
        let Tally { finished, done, .. } = self.tally();
        let count = self.panels.borrow().len();
        let (verb, stage) = match finished {
            _ if self.pool.borrow().is_some() => ("gallery.stop", Stage::Training),
            0 => ("gallery.train", Stage::Paused),
            all if all == count => ("gallery.train", Stage::Finished),
            _ => ("gallery.rest", Stage::Paused),
        };
        set(&self.section, "data-state", Some(stage.name()));
        show(&self.part("button"), &fill(verb, &[("count", &count.to_string())]));
        set(&self.part("progress"), "value", Some(&done.to_string()));
        let (began, before) = self.began.get();
        if stage != Stage::Training {
            show(&self.part(".left"), "");
        } else if done > before {
            // At the pace so far: that of the last seconds swings, for some epochs are measured and most are not.
            show(&self.part(".left"), &self.sentence("gallery.left", (now() - began) * (1.0 - done) / (done - before)));
        }
        show(&self.part(".told"), &self.took.get().map_or_else(String::new, |took| self.sentence("gallery.said", took)));

        let panels = self.panels.borrow();
        let mut theme = self.theme.borrow_mut();
        panels.iter().filter(|panel| panel.news.get()).for_each(Panel::write);
        for panel in panels.iter().filter(|panel| self.seen.get() && panel.stale.get()) {
            panel.draw(self.range.get(), theme.get_or_insert_with(theme::current));
        }
        if let Some(engine) = panels.iter().find_map(|panel| panel.engine.as_ref()) {
            let Config { seed, .. } = panels[0].config();
            let values = [("seed", &*seed.to_string()), ("engine", &super::render::engine(engine))];
            show(&self.part(".note"), &fill("gallery.made", &values));
        }
        if self.part("details").unchecked_into::<HtmlDetailsElement>().open() {
            let table = self.part("tbody");
            table.set_text_content(None);
            panels.iter().for_each(|panel| panel.row(&table));
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
        self.galleries.iter().for_each(Gallery::redraw);
        self.minority.redraw();
    }
}

/// A new element at the end of `parent`.
fn part(parent: &Element, tag: &str) -> Element {
    let element = create(tag);
    let _ = parent.append_child(&element);
    element
}
