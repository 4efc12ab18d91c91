//! The reader's own network: files of features, read by a worker of their own, and what the law says of them.

mod exports;
mod figures;
mod reading;
mod result;
mod table;

use super::Page;
use super::dom::{all, find, on, set, show, watch};
use super::due::Due;
use super::share::to_clipboard;
use super::state::State;
use super::strings::{fill, sentences, text};
use super::worker_link::WorkerLink;
use crate::chart::Theme;
use crate::experiment::Split;
use crate::features::{Place, Spatial};
use crate::web::features::Candidate;
use js_sys::Intl::Collator;
use js_sys::{Array, Object};
use reading::Progress;
use result::Found;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Element, Event, File, FileList, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// The endings by which files of features are told from other files that are dropped on the page.
const ENDINGS: [&str; 3] = [".npz", ".npy", ".safetensors"];

/// What writes such a file: run as it is by the tests' generator.
const PYTHON: &str = include_str!("../../../../www/examples/features.py");

/// The section, shared by its listeners.
#[derive(Default)]
pub struct Features {
    /// The files that were chosen last.
    files: RefCell<Option<Array>>,
    /// What may be chosen as their labels.
    candidates: RefCell<Vec<Candidate>>,
    /// Which of them it is, or was chosen.
    labels: Cell<Option<Place>>,
    /// Whether some of their arrays have axes beyond the second, and what becomes of these.
    deep: Cell<bool>,
    spatial: Cell<Spatial>,
    /// The worker, while it reads, and how far it is.
    reader: RefCell<Option<WorkerLink>>,
    progress: Cell<Option<Progress>>,
    /// What is neither labels nor a layer.
    ignored: RefCell<Vec<String>>,
    /// What was found last, and before in other files, the latest first.
    found: RefCell<Vec<Found>>,
    /// The curve of the page's run: what is compared with, beside earlier files.
    run: RefCell<Option<Split>>,
    theme: RefCell<Option<Theme>>,
    /// Whether the reader has the section in sight.
    seen: Cell<bool>,
    /// Whether a rendering is due.
    due: Due,
}

impl Features {
    /// The section without a file.
    pub fn new() -> Rc<Self> {
        let section = Rc::new(Self::default());
        show(&find("features-code"), PYTHON);
        section.listen();
        section
    }

    fn listen(self: &Rc<Self>) {
        self.does("features-open", "click", |_| find::<HtmlElement>("features-files").click());
        self.does("features-files", "change", |section| {
            let input = find::<HtmlInputElement>("features-files");
            if let Some(files) = input.files() {
                section.take(&files);
            }
            input.set_value(""); // so that the same file can be chosen again
        });
        let (taker, area) = (self.clone(), find::<Element>("features"));
        on(&area, "drop", move |event: DragEvent| {
            if let Some(files) = event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0) {
                // The page's own listener then leaves them alone.
                event.prevent_default();
                taker.take(&files);
            }
        });
        self.does("features-cancel", "click", Self::cancel);
        self.does("features-copy", "click", |_| {
            spawn_local(async {
                let key = if to_clipboard(PYTHON).await { "features.copied" } else { "share.denied" };
                show(&find("features-copied"), &text(key));
            });
        });
        on(&find::<Element>("features-choice"), "submit", |event: Event| event.prevent_default());
        self.does("features-labels", "change", Self::choose_labels);
        self.does("features-spatial", "change", Self::choose_spatial);
        for id in ["features-beside", "features-classes", "features-twin"] {
            self.does(id, if id == "features-twin" { "toggle" } else { "change" }, |_| {});
        }
        self.does("features-layer", "input", |_| {});
        self.does("features-sort", "click", |section| section.found.borrow_mut().first_mut().map(Found::sort).unwrap_or_default());
        table::listen(self);
        exports::listen(self);
        let looker = self.clone();
        watch(&area, move |seen| {
            looker.seen.set(seen);
            looker.refresh();
        });
    }

    /// Does `action` at each event `sign` of an element, and shows what came of it.
    fn does(self: &Rc<Self>, id: &str, sign: &str, action: impl Fn(&Rc<Self>) + 'static) {
        let section = self.clone();
        on(&find::<Element>(id), sign, move |_: Event| {
            action(&section);
            section.refresh();
        });
    }

    /// Whether the files are for this section: all have an ending of its formats.
    pub fn wants(files: &FileList) -> bool {
        let known = |at| files.get(at).is_some_and(|file| ENDINGS.iter().any(|ending| file.name().to_ascii_lowercase().ends_with(ending)));
        files.length() > 0 && (0..files.length()).all(known)
    }

    /// Reads files that the reader chose, and brings the section into view.
    pub fn take(self: &Rc<Self>, files: &FileList) {
        let list = Array::new();
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            list.push(&file);
        }
        if list.length() == 0 {
            return;
        }
        // Browsers hand files over in an order of their own.
        let (name, compare) = (|file: JsValue| file.unchecked_into::<File>().name(), by_name());
        let list = list.sort_by(&mut |a, b| compare(&name(a), &name(b)) as i32);
        self.files.replace(Some(list));
        self.labels.set(None);
        self.candidates.take();
        self.read();
        let title = find::<HtmlElement>("features-title");
        let _ = title.focus();
        title.scroll_into_view();
    }

    /// Shows the curve on show as one to compare with, and draws with the colours and words that the page has now.
    pub fn offer(self: &Rc<Self>, state: &State, theme: &Theme) {
        self.run.replace(state.record().map(|record| Split { film: None, per_class: Vec::new(), ..state.split(record).clone() }));
        if self.theme.borrow().as_ref() != Some(theme) {
            self.theme.replace(Some(theme.clone()));
        }
        self.refresh();
    }

    /// Shows at the next frame what has changed, if somebody looks.
    pub fn refresh(self: &Rc<Self>) {
        if self.seen.get() {
            self.due.frame(self, Self::render);
        }
    }

    fn render(self: &Rc<Self>) {
        self.due.met();
        self.show_reading();
        self.show_choice();
        let found = self.found.borrow();
        find::<HtmlElement>("features-found").set_hidden(found.is_empty());
        let Some(latest) = found.first() else { return };
        let beside = self.beside(&found);
        result::say(latest, beside.as_ref());
        table::render(latest, beside.as_ref());
        let ignored = self.ignored.borrow();
        let said = if ignored.is_empty() { String::new() } else { fill("features.ignored", &[("arrays", &ignored.join("; "))]) };
        let sorted = if latest.unordered() { text("features.sorted") } else { String::new() };
        show(&find("features-ignored"), &sentences(&sorted, &said));
        let theme = self.theme.borrow();
        if let Some(theme) = &*theme {
            figures::draw(latest, beside.as_ref(), theme);
        }
    }

    /// Shows the form: what the labels are, and what becomes of further axes.
    fn show_choice(&self) {
        let (candidates, found) = (self.candidates.borrow(), self.found.borrow());
        find::<HtmlElement>("features-choice").set_hidden(candidates.is_empty());
        let mut options: Vec<(String, String)> =
            candidates.iter().map(|candidate| (place(candidate.place), candidate.name.clone())).collect();
        if self.labels.get().is_none() {
            options.insert(0, (String::new(), text("features.labels.none")));
        }
        table::offer("features-labels", &options, &self.labels.get().map_or_else(String::new, place));
        for id in ["features-spatial", "features-spatial-note"] {
            find::<HtmlElement>(id).set_hidden(!self.deep.get());
        }
        for input in all("#features-spatial input") {
            let input = input.unchecked_into::<HtmlInputElement>();
            input.set_checked((input.value() == "average") == (self.spatial.get() == Spatial::Average));
        }
        let mut others = vec![(String::new(), text("features.beside.none"))];
        if self.run.borrow().is_some() {
            others.push(("run".to_owned(), text("features.beside.run")));
        }
        others.extend(found.iter().enumerate().skip(1).map(|(at, found)| (at.to_string(), found.name.clone())));
        table::offer("features-beside", &others, &find::<HtmlSelectElement>("features-beside").value());
        let many = found.first().is_some_and(|found| found.analysis.classes.len() > figures::MOST_CURVES);
        set(&find("features-classes"), "disabled", many.then_some(""));
    }
}

/// Compares names as people order them: numbers in them count as numbers, layer2 before layer10.
fn by_name() -> impl Fn(&str, &str) -> Ordering {
    let compare = Collator::new(&Array::of1(&"en-u-kn".into()), &Object::new()).compare();
    move |a, b| {
        let order = compare.call2(&JsValue::UNDEFINED, &a.into(), &b.into());
        order.ok().and_then(|order| order.as_f64()).unwrap_or_default().total_cmp(&0.0)
    }
}

/// A place as the value of an option.
fn place(place: Place) -> String {
    format!("{} {}", place.file, place.array)
}

impl Page {
    /// Takes files of features that were dropped anywhere on the page; whether they are some.
    pub(super) fn take_features(&self, files: &FileList) -> bool {
        let wanted = Features::wants(files);
        if wanted {
            self.features.take(files);
        }
        wanted
    }
}
