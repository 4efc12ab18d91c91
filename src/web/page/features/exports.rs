//! What leaves the section as a file: its figures, its table, and everything that was found.

use super::result::Found;
use super::{Features, figures};
use crate::chart::PaperSheet;
use crate::features::{Analysis, Part, Spatial};
use crate::separation::Law;
use crate::web::page::dom::find;
use crate::web::page::export::{give, to_png, to_svg};
use crate::web::page::theme;
use crate::web::protocol::pack;
use js_sys::JSON;
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlCanvasElement, HtmlSelectElement};

/// Everything that was found, and how it is looked at.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported<'a> {
    /// What wrote it.
    generator: &'static str,
    /// What the files are called.
    files: &'a str,
    /// The array with the labels.
    labels: &'a str,
    /// What became of axes beyond the second.
    spatial: Spatial,
    /// All layers as they were measured, in the files' order, less the points' places.
    analysis: Analysis,
    /// The order in which they are looked at.
    arrangement: &'a [Part],
    /// The fit over that, and over blocks.
    law: Option<Law>,
    block_law: Option<Law>,
}

/// Listens to the buttons.
pub fn listen(section: &Rc<Features>) {
    section.does("features-csv", "click", |section| {
        if let Some(found) = section.found.borrow().first() {
            give(&file(found, "layers", "csv"), "text/csv", found.arrangement.csv(&found.analysis).as_bytes());
        }
    });
    section.does("features-json", "click", |section| {
        if let Some(found) = section.found.borrow().first()
            && let Ok(text) = json(found)
        {
            give(&file(found, "layers", "json"), "application/json", text.as_bytes());
        }
    });
    section.does("features-svg", "click", |section| {
        let (figure, size) = chosen();
        let svg = to_svg(size, |sheet, scale| section.draw_on(&figure, sheet, scale));
        if let (Some(found), Some(svg)) = (section.found.borrow().first(), svg) {
            give(&file(found, &figure, "svg"), "image/svg+xml", svg.as_bytes());
        }
    });
    section.does("features-png", "click", |section| {
        let section = section.clone();
        spawn_local(async move {
            let (figure, size) = chosen();
            let png = to_png(size, |sheet, scale| section.draw_on(&figure, sheet, scale)).await;
            if let (Some(found), Some(png)) = (section.found.borrow().first(), png) {
                give(&file(found, &figure, "png"), "image/png", &png);
            }
        });
    });
}

/// The figure that is chosen, and its size on the page.
fn chosen() -> (String, (f64, f64)) {
    let figure = find::<HtmlSelectElement>("features-figure").value();
    let canvas = find::<HtmlCanvasElement>(if figure == "simplex" { "features-simplex" } else { "features-curve" });
    (figure, (f64::from(canvas.client_width()), f64::from(canvas.client_height())))
}

impl Features {
    fn draw_on(&self, figure: &str, sheet: &PaperSheet, scale: f64) {
        let (found, theme) = (self.found.borrow(), theme::current());
        match (figure, found.first()) {
            ("simplex", Some(latest)) => figures::means(latest, sheet, scale, &theme),
            (_, Some(latest)) => figures::curve(latest, self.beside(&found).as_ref(), sheet, scale, &theme),
            (_, None) => {}
        }
    }
}

/// What a file of `found` is called: letters, digits and - of the first file's name, and what it shows.
fn file(found: &Found, what: &str, extension: &str) -> String {
    let stem = found.name.split('.').next().unwrap_or_default();
    let stem: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
    format!("{stem}-{what}.{extension}")
}

fn json(found: &Found) -> Result<String, JsValue> {
    let Found { name, analysis, arrangement, labels, spatial } = found;
    let exported = Exported {
        generator: concat!("Separation Playground ", env!("CARGO_PKG_VERSION")),
        files: name,
        labels,
        spatial: *spatial,
        analysis: Analysis { simplex: None, ..analysis.clone() },
        arrangement: arrangement.parts(),
        law: arrangement.law(analysis),
        block_law: arrangement.block_law(analysis),
    };
    Ok(JSON::stringify_with_replacer_and_space(&pack(&exported)?, &JsValue::NULL, &1.into())?.into())
}
