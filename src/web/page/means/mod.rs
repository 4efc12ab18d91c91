//! The panel of the class means: where they go in a layer, which the reader picks, turns and zooms, and the numbers of neural collapse.

mod hands;
mod numbers;
mod picture;

use super::dom::{all, create, find, set, show};
use super::state::State;
use super::strings::{fill, text};
use super::{Page, Stale};
use crate::collapse::{Collapse, Simplex};
use crate::experiment::{MeansView, View};
pub use picture::Picture;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement};

/// The classes that are picked at first: far apart, and the three of the preset `k3`.
const CORNERS: [u16; 4] = [0, 1, 8, 7];

impl State {
    /// What the record that is shown says of neural collapse.
    pub fn collapse(&self) -> Option<&Collapse> {
        self.record()?.collapse.as_ref()
    }

    fn simplex(&self) -> Option<&Simplex> {
        self.collapse()?.simplex.as_ref()
    }

    /// The layer that the panel is of.
    pub fn layer(&self) -> usize {
        let last = self.layers().saturating_sub(1);
        self.page.view.layer.unwrap_or(last).min(last)
    }

    /// What the panel shows: fewer classes than there are, or all.
    pub fn means_view(&self) -> MeansView {
        match (self.page.view.means, self.classes().len()) {
            (MeansView::Three, ..=3) | (MeansView::Four, ..=4) => MeansView::All,
            (view, _) => view,
        }
    }

    /// Labels of the four classes that may be picked, those not of this run replaced by others of it.
    fn corner_labels(&self) -> Vec<u16> {
        let there = self.classes();
        let mut labels: Vec<_> = self.page.view.corners.unwrap_or(CORNERS).into_iter().filter(|label| there.contains(label)).collect();
        for label in there {
            if labels.len() < CORNERS.len() && !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    /// The run's numbers of the classes picked; empty where all are shown.
    fn corners(&self) -> Vec<u16> {
        let count = match self.means_view() {
            MeansView::Three => 3,
            MeansView::Four => 4,
            _ => 0,
        };
        let there = self.classes();
        let class = |label: &u16| there.iter().position(|other| other == label).map(|class| class as u16);
        self.corner_labels().iter().take(count).filter_map(class).collect()
    }

    /// The run's classes in the order in which related garments are neighbours.
    fn ring(&self) -> Vec<u16> {
        self.shown().ring(self.classes().len())
    }
}

/// Listens to the panel's switches and to the hands on its picture; the link follows the switches.
pub fn listen(page: &Rc<Page>) {
    page.on("means-view", "change", |page, _| {
        let chosen = all("#means-view input").into_iter().map(|input| input.unchecked_into::<HtmlInputElement>());
        let name = chosen.into_iter().find(HtmlInputElement::checked).map_or_else(String::new, |input| input.value());
        page.show_means(|view, _| drop(view.read("means", &name)));
    });
    page.on("corners", "change", |page, event| {
        let Some(Ok(select)) = event.target().map(JsCast::dyn_into::<HtmlSelectElement>) else { return };
        let (Ok(label), Some(at)) =
            (select.value().parse::<u16>(), select.id().strip_prefix("corner-").and_then(|at| at.parse::<usize>().ok()))
        else {
            return;
        };
        page.show_means(|view, mut labels| {
            // One that is picked already changes places.
            if let Some(other) = labels.iter().position(|&other| other == label) {
                labels.swap(at, other);
            } else {
                labels[at] = label;
            }
            view.corners = labels.try_into().ok();
        });
    });
    page.on("layer", "input", |page, _| {
        let layer = find::<HtmlInputElement>("layer").value_as_number() as usize;
        let last = page.state.borrow().layers().saturating_sub(1);
        page.show_means(|view, _| view.layer = (layer < last).then_some(layer));
    });
    hands::listen(page);
}

impl Page {
    /// Changes what the panel shows; the change gets the labels that may be picked.
    fn show_means(self: &Rc<Self>, change: impl FnOnce(&mut View, Vec<u16>)) {
        {
            let mut state = self.state.borrow_mut();
            let (before, labels) = (state.means_view(), state.corner_labels());
            change(&mut state.page.view, labels);
            if state.means_view() != before {
                state.camera = None;
            }
        }
        self.replace();
        self.refresh(Stale::Everything);
    }
}

/// Shows the panel's switches and numbers.
pub fn render(state: &State) {
    let (view, classes) = (state.means_view(), state.classes());
    for (name, least) in [("all", 0), ("three", 4), ("four", 5), ("cosines", 0)] {
        let input = find::<HtmlInputElement>(&format!("means-{name}"));
        input.set_checked(view.name() == name);
        input.set_disabled(classes.len() < least);
        if let Ok(Some(label)) = input.closest("label") {
            label.unchecked_into::<HtmlElement>().set_hidden(classes.len() < least);
        }
    }
    let ten = if classes.len() == 10 { "means.all.ten" } else { "means.all" };
    show(&find("means-all-text"), &text(ten));
    corners(state);
    let (slider, last) = (find::<HtmlInputElement>("layer"), state.layers().saturating_sub(1));
    slider.set_max(&last.to_string());
    slider.set_value_as_number(state.layer() as f64);
    super::controls::color(&slider);
    let layer = layer_name(state.layer());
    set(&slider, "aria-valuetext", Some(&layer));
    show(&find("layer-shown"), &if state.layer() == 0 { layer } else { state.layer().to_string() });
    numbers::render(state);
    hands::render(state);
}

/// "pixels", "Layer 3".
fn layer_name(layer: usize) -> String {
    if layer == 0 { text("table.pixels") } else { fill("reading.layer", &[("layer", &layer.to_string())]) }
}

/// The menus of the classes that are shown exactly.
fn corners(state: &State) {
    let count = state.corners().len();
    find::<HtmlElement>("corners").set_hidden(count == 0);
    let (labels, classes) = (state.corner_labels(), state.classes());
    let names = state.class_names();
    let known = format!("{classes:?} {names:?}");
    for at in 0..CORNERS.len() {
        let select = find::<HtmlSelectElement>(&format!("corner-{at}"));
        select.set_hidden(at >= count);
        if select.get_attribute("data-classes").as_deref() != Some(&known) {
            set(&select, "data-classes", Some(&known));
            select.set_text_content(None);
            for (label, name) in classes.iter().zip(&names) {
                let option = create("option").unchecked_into::<HtmlOptionElement>();
                option.set_value(&label.to_string());
                show(&option, name);
                let _ = select.append_child(&option);
            }
        }
        select.set_value(&labels.get(at).map_or_else(String::new, u16::to_string));
    }
}
