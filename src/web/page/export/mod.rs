//! What leaves the page as a file: its figures, its records, and the run in words.

mod download;
mod picture;
mod records;

use super::Page;
use super::dom::{find, show};
use super::state::State;
use super::strings::fill;
use crate::experiment::methods;
pub use download::{give, stem};
pub use picture::{Figure, to_png, to_svg};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;

/// Listens to the buttons of the dialog.
pub fn listen(page: &Rc<Page>) {
    page.on("export-svg", "click", |page, _| {
        if let Some((figure, svg)) = chosen().and_then(|figure| Some((figure, page.figure_svg(figure)?))) {
            give(&page.file(figure.name(), "svg"), "image/svg+xml", svg.as_bytes());
        }
    });
    page.on("export-png", "click", |page, _| {
        let page = page.clone();
        spawn_local(async move {
            if let Some(figure) = chosen()
                && let Some(png) = page.figure_png(figure).await
            {
                give(&page.file(figure.name(), "png"), "image/png", &png);
            }
        });
    });
    page.on("export-csv", "click", |page, _| {
        let state = page.state.borrow();
        let csv = crate::experiment::csv(state.seen(), state.shown());
        drop(state);
        give(&page.file("records", "csv"), "text/csv", csv.as_bytes());
    });
    page.on("export-json", "click", |page, _| {
        if let Ok(json) = records::json(&page.state.borrow()) {
            give(&page.file("records", "json"), "application/json", json.as_bytes());
        }
    });
    page.on("save-single", "click", |page, _| {
        let page = page.clone();
        spawn_local(async move {
            match page.single().await {
                Ok(html) => give(&page.file("page", "html"), "text/html", html.as_bytes()),
                Err(reason) => show(&find("share-said"), &fill("export.single.failed", &[("reason", &reason)])),
            }
        });
    });
    page.on("export-run", "click", |page, _| page.obey(|state| state.save()));
}

fn chosen() -> Option<Figure> {
    Figure::named(&find::<HtmlSelectElement>("export-figure").value())
}

impl Page {
    /// What a file that shows `what` at the epoch shown is called.
    fn file(&self, what: &str, extension: &str) -> String {
        let state = self.state.borrow();
        format!("{}-{what}.{extension}", stem(&state, state.shown_epoch()))
    }
}

/// The run that is shown, in words for a paper.
pub fn in_words(state: &State) -> String {
    let record = state.record().map(|record| (record, state.split(record)));
    methods(&state.made(), record, &engine(state))
}

/// What computed the run that is shown.
pub fn engine(state: &State) -> String {
    let run = state.run.as_ref().filter(|_| state.recorded.is_none());
    run.map_or_else(|| "CPU".to_owned(), |run| super::render::engine(&run.processor))
}
