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

    /// CSS px: as it stands on the page, and paper around it.
    fn size(self) -> (f64, f64) {
        let (.., canvas, size) = FIGURES[self as usize];
        let canvas = find::<HtmlCanvasElement>(canvas);
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let (width, height) = if width >= 1.0 && height >= 1.0 { (width, height) } else { size };
        (width + 2.0 * MARGIN, height + 2.0 * MARGIN)
    }
}

impl Page {
    /// `figure` as it stands on the page, as an SVG document.
    pub fn figure_svg(&self, figure: Figure) -> Option<String> {
        let (width, height) = figure.size();
        let scale = FINENESS;
        let draw = |sheet: &PaperSheet| {
            self.draw_on(figure, sheet, scale);
            Ok(())
        };
        svg((width as u32, height as u32), scale, draw).ok()
    }

    /// `figure` as it stands on the page, as a PNG file of twice that size in CSS px.
    pub async fn figure_png(&self, figure: Figure) -> Option<Vec<u8>> {
        let canvas = create("canvas").unchecked_into::<HtmlCanvasElement>();
        let (sheet, scale) = canvas_of(&canvas, figure.size(), DENSITY)?;
        self.draw_on(figure, &sheet, scale);
        let blob = Promise::new(&mut |resolve, _| drop(canvas.to_blob(&resolve)));
        let blob = JsFuture::from(blob).await.ok()?.dyn_into::<Blob>().ok()?;
        Some(Uint8Array::new(&JsFuture::from(blob.array_buffer()).await.ok()?).to_vec())
    }

    fn draw_on(&self, figure: Figure, sheet: &PaperSheet, scale: f64) {
        let theme = theme::current();
        report(sheet.fill(&theme.paper).is_err());
        let margin = (MARGIN * scale).round() as i32;
        let sheet = &sheet.margin(margin, margin, margin, margin);
        match figure {
            Figure::LayerPeeled => self.minority.draw_on(sheet, scale, &theme, true),
            Figure::Minority => self.minority.draw_on(sheet, scale, &theme, false),
            _ => self.figures.borrow().draw_on(figure, sheet, scale, &self.state.borrow(), &theme),
        }
    }
}
