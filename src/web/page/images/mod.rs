//! The reader's own images: files are chosen or dropped on the settings, a worker makes training data of them, and the page keeps these.

mod own;

use super::dom::{find, on, set, show};
use super::strings::{fill, sentences, text};
use super::worker_link::WorkerLink;
use super::{Page, Stale};
use crate::experiment::DatasetName;
use crate::images::{MOST_PER_CLASS, SMALL, Wanted};
use crate::web::images::{News, Task, WORKER};
use js_sys::Array;
pub use own::{Own, same};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DragEvent, Element, FileList, HtmlDetailsElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// A run's file, which is dropped on the page as a whole.
const RUN: &str = ".sepplay";

/// What the section of the settings knows beside the images.
#[derive(Default)]
pub struct Chooser {
    /// The files chosen last; none after the page was loaded again.
    files: RefCell<Option<Array>>,
    /// Who reads them.
    worker: RefCell<Option<WorkerLink>>,
    /// Whether to train on them once they are read.
    train: Cell<bool>,
}

impl Chooser {
    /// Whether training waits for images that are being read; it begins once they are there.
    pub fn postpones(&self) -> bool {
        self.train.set(self.worker.borrow().is_some());
        self.train.get()
    }
}

/// Listens to the section, and to files that are dropped on the settings.
pub fn listen(page: &Rc<Page>) {
    page.on("images-choose", "click", |_, _| find::<HtmlElement>("images-files").click());
    page.on("images-files", "change", |page, _| {
        let input = find::<HtmlInputElement>("images-files");
        if let Some(files) = input.files() {
            page.take_images(&files);
        }
        // So that the same files can be chosen again.
        input.set_value("");
    });
    for id in ["images-10", "images-native", "images-per-class"] {
        page.on(id, "change", |page, _| page.read_images());
    }
    let dropped = page.clone();
    on(&find::<Element>("settings"), "drop", move |event: DragEvent| {
        let Some(files) = event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0) else { return };
        if files.get(0).is_some_and(|file| !file.name().ends_with(RUN)) {
            event.prevent_default();
            dropped.offer_images();
            dropped.take_images(&files);
        }
    });
}

impl Page {
    /// Whether training waits for images that are yet to be chosen; then the reader is led to where that is done.
    pub(super) fn awaits_images(&self) -> bool {
        let awaits = self.state.borrow().choosing;
        if awaits && self.images.worker.borrow().is_none() {
            if !bad() {
                say(&sentences(&text("images.first"), &text("images.none")), true);
            }
            self.offer_images();
            let _ = find::<HtmlElement>("images-choose").focus();
        }
        awaits
    }

    /// Shows where images are chosen; the run stays what it is until there are some.
    pub(super) fn offer_images(&self) {
        let mut state = self.state.borrow_mut();
        state.choosing = state.page.config.dataset != DatasetName::Own;
        drop(state);
        if let Ok(Some(group)) = find::<Element>("images-said").closest("details") {
            group.unchecked_into::<HtmlDetailsElement>().set_open(true);
        }
        self.settle();
    }

    /// Takes the files that the reader chose.
    fn take_images(self: &Rc<Self>, files: &FileList) {
        if files.length() > 0 {
            self.images.files.replace(Some((0..files.length()).filter_map(|at| files.get(at)).collect()));
            self.read_images();
        }
    }

    /// Reads the files with the wishes that the section has, if files were chosen; what was being read is let go.
    fn read_images(self: &Rc<Self>) {
        self.images.worker.take();
        let wanted = match wanted(self.state.borrow().page.config.seed) {
            Ok(wanted) => wanted,
            Err(message) => return self.refuse_images(&message),
        };
        let Some(files) = self.images.files.borrow().clone() else {
            let gone = self.state.borrow().own.is_some();
            return if gone { self.refuse_images(&text("images.gone")) } else { say(&text("images.none"), false) };
        };
        let (listener, mourner) = (self.clone(), self.clone());
        let hear = move |news: News| {
            listener.images.worker.take();
            let train = listener.images.train.take();
            match news {
                News::Done { images } => {
                    listener.obey(|state| state.take_images(Own::new(*images)));
                    listener.push();
                    listener.settle();
                    if train {
                        listener.train();
                    }
                }
                News::Failed { message } => listener.refuse_images(&message),
            }
        };
        let mourn = move |reason: String| {
            mourner.images.worker.take();
            mourner.images.train.take();
            mourner.refuse_images(&fill("images.stopped", &[("reason", &reason)]));
        };
        match WorkerLink::start(WORKER, hear, mourn) {
            Ok(worker) => {
                worker.send(&Task { files, wanted });
                self.images.worker.replace(Some(worker));
                say(&text("images.reading"), false);
            }
            Err(error) => self.refuse_images(&fill("images.stopped", &[("reason", &error.as_string().unwrap_or_default())])),
        }
        self.refresh(Stale::Everything);
    }

    /// Says what is wrong with what was chosen, and which images are trained on all the same.
    fn refuse_images(&self, message: &str) {
        let state = self.state.borrow();
        let used = state.wanted_own().map(|own| fill("images.kept", &[("files", &own.images.origin.files.join(", "))]));
        say(&[message].into_iter().chain(used.as_deref()).collect::<Vec<_>>().join("\n"), true);
    }

    /// Shows the section where it is needed, and what the images are.
    pub(super) fn settle_images(&self) {
        let state = self.state.borrow();
        if state.choosing {
            find::<HtmlSelectElement>("k-dataset").set_value("own");
        }
        // Else it says that they are being read, or what is wrong until something else is chosen.
        if self.images.worker.borrow().is_none() && !bad() {
            say(&state.own.as_ref().map_or_else(|| text("images.none"), |own| own.said()), false);
        }
    }
}

/// What the section asks for.
fn wanted(seed: u32) -> Result<Wanted, String> {
    let small = find::<HtmlInputElement>("images-10").checked();
    let given = find::<HtmlInputElement>("images-per-class").value();
    let per_class = given.trim().parse().ok().filter(|count| (1..=MOST_PER_CLASS).contains(count));
    let per_class = per_class.ok_or_else(|| fill("images.count", &[("value", given.trim()), ("most", &MOST_PER_CLASS.to_string())]))?;
    Ok(Wanted { side: small.then_some(SMALL), per_class, seed })
}

/// Whether something is wrong with what was chosen.
fn bad() -> bool {
    find::<Element>("images-said").class_name().ends_with("bad")
}

/// Says how it stands; what is `bad` stays until something else is chosen.
fn say(message: &str, bad: bool) {
    let place = find::<Element>("images-said");
    set(&place, "class", Some(if bad { "note own bad" } else { "note own" }));
    show(&place, message);
}
