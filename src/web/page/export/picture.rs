//! Each figure of the page as a picture of its own: SVG, or PNG at two pixels to a CSS px.

use crate::chart::{PaperSheet, canvas_of, svg};
use crate::web::page::Page;
use crate::web::page::dom::{create, find};
use crate::web::page::figures::report;
use crate::web::page::theme;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

/// PNG px to a CSS px.
const DENSITY: f64 = 2.0;

/// Steps of an SVG's positions in a CSS px: curves stay smooth when the picture is enlarged.
const FINENESS: f64 = 10.0;

/// Paper around the figure, CSS px: on the page it has the page's.
const MARGIN: f64 = 12.0;

/// A figure of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// ln D over the layers.
    Decay,
    /// The class means in the simplex's frame.
    Simplex,
    /// The cosines between the class means.
    Cosines,
    /// Loss, accuracy and NC1 over the epochs.
    Loss,
    /// ln D of each layer over the epochs.
    Emergence,
    /// NC1 to NC4 over the epochs.
    Collapse,
    /// Features and classifiers of the layer-peeled model.
    LayerPeeled,
    /// The minority classifiers over the imbalance.
    Minority,
}

/// Each figure's name, its canvas, and its size in CSS px where that is not displayed.
const FIGURES: [(Figure, &str, &str, (f64, f64)); 8] = [
    (Figure::Decay, "decay", "curve", (800.0, 480.0)),
    (Figure::Simplex, "simplex", "simplex", (480.0, 480.0)),
    (Figure::Cosines, "cosines", "simplex", (480.0, 480.0)),
    (Figure::Loss, "loss", "history", (800.0, 180.0)),
    (Figure::Emergence, "emergence", "emergence", (800.0, 360.0)),
    (Figure::Collapse, "collapse", "over-epochs", (800.0, 300.0)),
    (Figure::LayerPeeled, "layer-peeled", "peeled", (480.0, 480.0)),
    (Figure::Minority, "minority", "collapse-curve", (640.0, 400.0)),
];

impl Figure {
    /// The figure of this name: decay, simplex, cosines, loss, emergence, collapse, layer-peeled or minority.
    pub fn named(name: &str) -> Option<Self> {
        FIGURES.iter().find(|figure| figure.1 == name).map(|figure| figure.0)
    }

    /// Its name in files and messages.
    pub fn name(self) -> &'static str {
        FIGURES[self as usize].1
    }

    /// CSS px: as it stands on the page.
    fn size(self) -> (f64, f64) {
        let (.., canvas, size) = FIGURES[self as usize];
        let canvas = find::<HtmlCanvasElement>(canvas);
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if width >= 1.0 && height >= 1.0 { (width, height) } else { size }
    }
}

/// A drawing of that size in CSS px, with paper around it, as an SVG document.
pub fn to_svg(size: (f64, f64), draw: impl Fn(&PaperSheet, f64)) -> Option<String> {
    let (width, height) = (size.0 + 2.0 * MARGIN, size.1 + 2.0 * MARGIN);
    let inside = |sheet: &PaperSheet| {
        on_paper(sheet, FINENESS, &draw);
        Ok(())
    };
    svg((width as u32, height as u32), FINENESS, inside).ok()
}

/// A drawing of that size in CSS px, with paper around it, as a PNG file of twice that size.
pub async fn to_png(size: (f64, f64), draw: impl Fn(&PaperSheet, f64)) -> Option<Vec<u8>> {
    let canvas = create("canvas").unchecked_into::<HtmlCanvasElement>();
    let (sheet, scale) = canvas_of(&canvas, (size.0 + 2.0 * MARGIN, size.1 + 2.0 * MARGIN), DENSITY)?;
    on_paper(&sheet, scale, &draw);
    let blob = Promise::new(&mut |resolve, _| drop(canvas.to_blob(&resolve)));
    let blob = JsFuture::from(blob).await.ok()?.dyn_into::<Blob>().ok()?;
    Some(Uint8Array::new(&JsFuture::from(blob.array_buffer()).await.ok()?).to_vec())
}

/// Paper, and in its middle the drawing.
fn on_paper(sheet: &PaperSheet, scale: f64, draw: &impl Fn(&PaperSheet, f64)) {
    report(sheet.fill(&theme::current().paper).is_err());
    let margin = (MARGIN * scale).round() as i32;
    draw(&sheet.margin(margin, margin, margin, margin), scale);
}

impl Page {
    /// `figure` as it stands on the page, as an SVG document.
    pub fn figure_svg(&self, figure: Figure) -> Option<String> {
        to_svg(figure.size(), |sheet, scale| self.draw_on(figure, sheet, scale))
    }

    /// `figure` as it stands on the page, as a PNG file of twice that size in CSS px.
    pub async fn figure_png(&self, figure: Figure) -> Option<Vec<u8>> {
        to_png(figure.size(), |sheet, scale| self.draw_on(figure, sheet, scale)).await
    }

    fn draw_on(&self, figure: Figure, sheet: &PaperSheet, scale: f64) {
        let theme = theme::current();
        match figure {
            Figure::LayerPeeled => self.minority.draw_on(sheet, scale, &theme, true),
            Figure::Minority => self.minority.draw_on(sheet, scale, &theme, false),
            _ => self.figures.borrow().draw_on(figure, sheet, scale, &self.state.borrow(), &theme),
        }
    }
}
