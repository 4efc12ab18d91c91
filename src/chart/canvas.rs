//! The backend of the page: a canvas, whose own `measureText` measures.

use super::backend::{Measured, Typesetting};
use super::paper::{Paper, PaperSheet, Typecase};
use plotters::drawing::IntoDrawingArea;
use plotters_backend::BackendTextStyle;
use plotters_backend::text_anchor::VPos;
use plotters_canvas::CanvasBackend;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Px of a backing store; Safari on phones refuses more.
const MOST_PIXELS: f64 = 16_777_216.0;

/// Measured texts that are kept. Numbers change all the time, so the cache is emptied when it is full.
const MOST_TEXTS: usize = 1024;

thread_local! {
    static MEASURED: RefCell<HashMap<String, f64>> = RefCell::default();
}

/// Typesetting of a canvas.
pub struct CanvasText {
    context: CanvasRenderingContext2d,
}

impl CanvasText {
    /// `measure` of the text in the style's font; both stand in the cache's key.
    fn measured<S: BackendTextStyle>(&self, text: &str, style: &S, name: &str, measure: impl Fn(&web_sys::TextMetrics) -> f64) -> f64 {
        let font = format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str());
        let key = format!("{name}\n{font}\n{text}");
        MEASURED.with_borrow_mut(|cache| {
            if let Some(&value) = cache.get(&key) {
                return value;
            }
            self.context.set_font(&font);
            self.context.set_text_baseline("middle");
            let value = self.context.measure_text(text).map_or(0.0, |metrics| measure(&metrics));
            if cache.len() >= MOST_TEXTS {
                cache.clear();
            }
            cache.insert(key, value);
            value
        })
    }
}

impl Typesetting for CanvasText {
    fn width<S: BackendTextStyle>(&self, text: &str, style: &S) -> f64 {
        self.measured(text, style, "width", |metrics| metrics.width())
    }

    fn place<S: BackendTextStyle>(&self, style: &S) -> (f64, VPos, f64) {
        // An H stands on the baseline, so its descent below "middle" is how far "middle" is above the baseline, in this very font.
        let rise = self.measured("H", style, "rise", |metrics| metrics.actual_bounding_box_descent());
        (style.size(), VPos::Center, -rise)
    }
}

/// A sheet that covers the canvas as it is laid out, and its scale: max(2, devicePixelRatio) px of the backing store in a CSS px, less
/// where that would be more than 16 million px. None where the canvas is not displayed or gives no 2D context.
pub fn canvas(element: &HtmlCanvasElement) -> Option<(PaperSheet<'static>, f64)> {
    let ratio = web_sys::window()?.device_pixel_ratio().max(2.0);
    canvas_of(element, (f64::from(element.client_width()), f64::from(element.client_height())), ratio)
}

/// A sheet that covers a canvas of this size, CSS px, displayed or not, with at most `ratio` px of the backing store in a CSS px, and its
/// scale.
pub fn canvas_of(element: &HtmlCanvasElement, (width, height): (f64, f64), ratio: f64) -> Option<(PaperSheet<'static>, f64)> {
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let scale = ratio.min((MOST_PIXELS / (width * height)).sqrt());
    let (w, h) = ((width * scale).round() as u32, (height * scale).round() as u32);
    // Setting a size, even the same, throws the backing store away.
    if (element.width(), element.height()) != (w, h) {
        element.set_width(w);
        element.set_height(h);
    }
    let context: CanvasRenderingContext2d = element.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_line_join("round");
    let backend = Paper::Canvas(CanvasBackend::with_canvas_object(element.clone())?);
    Some((Measured::new(backend, Typecase::Canvas(CanvasText { context })).into_drawing_area(), scale))
}
