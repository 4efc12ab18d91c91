//! A curve of ln D in a few square centimetres: discs on the chord from the first to the last, which shows which way it bends.

use super::backend::{Drawn, Sheet, Typesetting};
use super::frame::ln;
use super::pen::{Pen, Point, pieces};
use super::theme::Theme;
use plotters_backend::DrawingBackend;

/// A curve without words.
#[derive(Clone, Copy, Debug)]
pub struct Sketch<'a> {
    /// D by layer; nothing before anything is measured.
    pub fuzziness: &'a [Option<f64>],
    /// What the y axis spans, ln D: the same for all that stand beside each other.
    pub range: (i32, i32),
}

impl Sketch<'_> {
    /// Draws it over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.rail)?;
        let pen = Pen { sheet, theme, scale };
        let (width, height) = pen.size();
        let (low, high) = (f64::from(self.range.0), f64::from(self.range.1));
        let disc = (0.02 * width).clamp(2.0, 4.0);
        let (left, right, top, bottom) = (3.0 * disc, width - 3.0 * disc, 2.0 * disc, height - 2.0 * disc);
        let Some(last) = self.fuzziness.len().checked_sub(1).filter(|&last| last > 0 && right > left && bottom > top) else {
            return Ok(());
        };
        let point = |(layer, &d): (usize, &Option<f64>)| {
            ln(d).map(|value| (left + (right - left) * layer as f64 / last as f64, top + (bottom - top) * (high - value) / (high - low)))
        };
        let points: Vec<Option<Point>> = self.fuzziness.iter().enumerate().map(point).collect();
        let mut shown = points.iter().flatten();
        if let (Some(&first), Some(&end)) = (shown.next(), shown.next_back()) {
            pen.line(&[first, end], theme.ghost, 1.5)?;
        }
        for piece in pieces(&points, (0.0, height)) {
            pen.line(&piece, theme.ink, 1.0)?;
        }
        points.iter().flatten().try_for_each(|&point| pen.disc(point, disc, theme.ink))
    }
}
