//! The gallery: the nine panels of Fig. 1, trained by the pool. Events change the panels; those that changed are shown some times a second,
//! their pictures only while they are in sight.

mod panel;

use super::Page;
use super::dom::{create, find, on, set, show, window};
use super::format::time;
use super::pool::Pool;
use super::render::body;
use super::stage::Stage;
use super::strings::{fill, text};
use super::theme;
use crate::chart::{LN_RANGE, Theme, ln_range};
use crate::experiment::{Config, presets};
use crate::web::protocol::Event as Happening;
use crate::web::rest::now;
use js_sys::Array;
use panel::Panel;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlDetailsElement, IntersectionObserver, IntersectionObserverEntry};

/// Panels of the figure: the first presets.
const PANELS: usize = 9;
/// Milliseconds between two looks at what has changed: the cores are there to train.
const PAUSE_MS: i32 = 200;

/// The gallery, shared by its listeners.
pub struct Gallery {
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

impl Gallery {
    /// Lists the panels; they are drawn once they are in sight.
    pub fn new() -> Rc<Self> {
        let list = find::<Element>("panels");
        let gallery = Rc::new(Self {
            panels: RefCell::new(presets()[..PANELS].iter().map(|preset| Panel::new(preset, &list)).collect()),
            pool: RefCell::default(),
            theme: RefCell::default(),
            range: Cell::new(LN_RANGE),
            began: Cell::default(),
            took: Cell::default(),
            seen: Cell::default(),
            due: Cell::default(),
        });
        let clicked = gallery.clone();
        on(&find::<Element>("gallery-train"), "click", move |_: Event| clicked.turn());
        let toggled = gallery.clone();
        on(&find::<Element>("gallery-twin"), "toggle", move |_: Event| toggled.refresh());
        let looked = gallery.clone();
        let look = Closure::<dyn Fn(JsValue)>::new(move |entries: JsValue| {
            let last = entries.unchecked_into::<Array>().pop();
            looked.seen.set(last.unchecked_into::<IntersectionObserverEntry>().is_intersecting());
            looked.refresh();
        });
        if let Ok(observer) = IntersectionObserver::new(look.into_js_value().unchecked_ref()) {
            observer.observe(&list);
        }
        gallery
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
            let all = self.tally().finished == PANELS;
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
        let [finished, holds] = [finished, holds].map(|count| count.to_string());
        fill(key, &[("finished", &finished), ("holds", &holds), ("time", &time(milliseconds / 1000.0))])
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
        let (verb, stage) = match finished {
            _ if self.pool.borrow().is_some() => ("gallery.stop", Stage::Training),
            0 => ("gallery.train", Stage::Paused),
            PANELS => ("gallery.train", Stage::Finished),
            _ => ("gallery.rest", Stage::Paused),
        };
        set(&find("gallery"), "data-state", Some(stage.name()));
        show(&find("gallery-train"), &text(verb));
        set(&find("gallery-progress"), "value", Some(&done.to_string()));
        let (began, before) = self.began.get();
        if stage != Stage::Training {
            show(&find("gallery-left"), "");
        } else if done > before {
            // At the pace so far: that of the last seconds swings, for some epochs are measured and most are not.
            show(&find("gallery-left"), &self.sentence("gallery.left", (now() - began) * (1.0 - done) / (done - before)));
        }
        show(&find("gallery-said"), &self.took.get().map_or_else(String::new, |took| self.sentence("gallery.said", took)));

        let panels = self.panels.borrow();
        let mut theme = self.theme.borrow_mut();
        panels.iter().filter(|panel| panel.news.get()).for_each(Panel::write);
        for panel in panels.iter().filter(|panel| self.seen.get() && panel.stale.get()) {
            panel.draw(self.range.get(), theme.get_or_insert_with(theme::current));
        }
        if let Some(engine) = panels.iter().find_map(|panel| panel.engine.as_ref()) {
            let Config { seed, epochs, .. } = panels[0].config();
            let values = [("seed", &*seed.to_string()), ("epochs", &epochs.to_string()), ("engine", &super::render::engine(engine))];
            show(&find("gallery-made"), &fill("gallery.made", &values));
        }
        if find::<HtmlDetailsElement>("gallery-twin").open()
            && let Some(table) = body("nine")
        {
            panels.iter().for_each(|panel| panel.row(&table));
        }
    }
}

impl Page {
    /// The theme has changed.
    pub(super) fn recolor(&self) {
        self.figures.borrow_mut().recolor();
        self.gallery.redraw();
        self.minority.redraw();
    }
}

/// A new element at the end of `parent`.
fn part(parent: &Element, tag: &str) -> Element {
    let element = create(tag);
    let _ = parent.append_child(&element);
    element
}
