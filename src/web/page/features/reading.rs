//! The worker that reads the files: started for each reading, and let go at its end, with the memory that it took.

use super::Features;
use super::result::Found;
use crate::features::{Place, Spatial};
use crate::web::features::{News, Task, WORKER};
use crate::web::page::dom::{all, find, set, show};
use crate::web::page::strings::{fill, sentences};
use crate::web::page::worker_link::WorkerLink;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, File, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// How many earlier files are kept to compare with.
const MOST_KEPT: usize = 4;

/// How far the worker is: layer, number of layers, share of the layer; no layers while it reads headers.
pub type Progress = (usize, usize, f64);

impl Features {
    /// Reads the files that were chosen.
    pub(super) fn read(self: &Rc<Self>) {
        let Some(files) = self.files.borrow().clone() else { return };
        show(&find("features-alert"), "");
        let (listener, mourner) = (self.clone(), self.clone());
        let hear = move |news| listener.hear(news);
        let mourn = move |reason: String| {
            mourner.stop();
            show(&find("features-alert"), &fill("error.worker", &[("reason", &reason)]));
            mourner.refresh();
        };
        // Whatever was being read is given up.
        match WorkerLink::start(WORKER, hear, mourn) {
            Ok(reader) => {
                reader.send(&Task { files, labels: self.labels.get(), spatial: self.spatial.get() });
                self.reader.replace(Some(reader));
                self.progress.set(Some((0, 0, 0.0)));
            }
            Err(error) => show(&find("features-alert"), &fill("error.worker", &[("reason", &error.as_string().unwrap_or_default())])),
        }
        self.refresh();
    }

    /// Lets the worker go.
    fn stop(&self) {
        self.reader.take();
        self.progress.set(None);
    }

    /// The reader has enough of it. What was found before stays.
    pub(super) fn cancel(self: &Rc<Self>) {
        self.stop();
        let _ = find::<HtmlElement>("features-open").focus();
    }

    fn hear(self: &Rc<Self>, news: News) {
        match news {
            News::Opened { candidates, spatial } => {
                self.candidates.replace(candidates);
                self.deep.set(spatial);
            }
            News::Selected { labels, ignored } => {
                self.labels.set(Some(labels));
                self.ignored.replace(ignored);
            }
            News::Progress { layer, layers, done } => self.progress.set(Some((layer, layers, done))),
            News::Done { analysis } => {
                self.stop();
                self.keep(Found::new(self.name(), *analysis, self.labels_name(), self.spatial.get()));
            }
            News::Failed { message } => {
                self.stop();
                let still = self.found.borrow().first().map_or_else(String::new, |found| fill("features.still", &[("file", &found.name)]));
                show(&find("features-alert"), &sentences(&message, &still));
            }
        }
        self.refresh();
    }

    /// What was found takes the place of what is shown: of the same files for good.
    fn keep(&self, mut new: Found) {
        let mut found = self.found.borrow_mut();
        if let Some(at) = found.iter().position(|other| other.name == new.name) {
            new.take_over(&found.remove(at));
        }
        found.insert(0, new);
        found.truncate(1 + MOST_KEPT);
        let last = found[0].arrangement.numbers().len().saturating_sub(1);
        let slider = find::<HtmlInputElement>("features-layer");
        slider.set_max(&last.to_string());
        slider.set_value_as_number(last as f64);
    }

    /// What the files are called.
    fn name(&self) -> String {
        let files = self.files.borrow();
        let names: Vec<String> = files.iter().flat_map(|files| files.iter()).map(|file| file.unchecked_into::<File>().name()).collect();
        match &names[..] {
            [first, _, .., last] => format!("{first} … {last}"),
            _ => names.join(", "),
        }
    }

    /// What the array with the labels is called.
    fn labels_name(&self) -> String {
        let candidates = self.candidates.borrow();
        let chosen = candidates.iter().find(|candidate| Some(candidate.place) == self.labels.get());
        chosen.map(|candidate| candidate.name.clone()).unwrap_or_default()
    }

    /// Takes other labels.
    pub(super) fn choose_labels(self: &Rc<Self>) {
        let value = find::<HtmlSelectElement>("features-labels").value();
        let mut numbers = value.split(' ').map(str::parse);
        if let (Some(Ok(file)), Some(Ok(array))) = (numbers.next(), numbers.next()) {
            self.labels.set(Some(Place { file, array }));
            self.read();
        }
    }

    /// Does something else with further axes.
    pub(super) fn choose_spatial(self: &Rc<Self>) {
        let inputs = all("#features-spatial input").into_iter().map(|input| input.unchecked_into::<HtmlInputElement>());
        let average = inputs.into_iter().any(|input| input.checked() && input.value() == "average");
        self.spatial.set(if average { Spatial::Average } else { Spatial::Flatten });
        self.read();
    }

    /// Shows how far the worker is.
    pub(super) fn show_reading(&self) {
        let progress = self.progress.get();
        set(&find("features"), "data-state", Some(if progress.is_some() { "training" } else { "ready" }));
        find::<HtmlElement>("features-reading").set_hidden(progress.is_none());
        let (layer, layers, done) = progress.unwrap_or_default();
        let bar = find::<Element>("features-progress");
        set(&bar, "value", Some(&((layer as f64 + done) / layers.max(1) as f64).to_string()));
        let said = match progress {
            None => String::new(),
            Some((_, 0, _)) => fill("features.opening", &[]),
            Some(_) => fill("features.reading", &[("layer", &(layer + 1).to_string()), ("layers", &layers.to_string())]),
        };
        show(&find("features-left"), &said);
    }
}
