//! What an error in every layer's ratio costs: a curve of ln D beside the straight line between its ends, and under each layer its share.

use super::backend::{Drawn, Sheet, Typesetting};
use super::decay::LayerAxis;
use super::frame::{Frame, round_step};
use super::pen::{Label, Pen, Point};
use super::text::minus;
use super::theme::Theme;
use plotters_backend::DrawingBackend;

/// Height of the bars, of what is not text.
const BARS: f64 = 0.3;
/// Between the curve and the bars, CSS px: their name stands there.
const GAP: f64 = 40.0;
/// Below the bars, CSS px: the layers' numbers and their name.
const BELOW: f64 = 48.0;
/// How far the hairlines go on, CSS px: as far as the last bar.
const BEYOND: f64 = 12.0;
/// From this distance of two layers on, CSS px, a bar has its number.
const NUMBERED: f64 = 40.0;
/// How much of the bars' height those of the straight line take, unless others need more.
const EQUAL: f64 = 1.0 / 3.0;

/// Words of the figure.
#[derive(Clone, Copy, Debug)]
pub struct RobustnessLabels<'a> {
    /// The y axis: "_ln_ *D*".
    pub axis: &'a str,
    /// Layer 0: "pixels".
    pub input: &'a str,
    /// The x axis: "layer".
    pub layer: &'a str,
    /// The straight line: "equal ratios".
    pub line: &'a str,
    /// What the bars are: "*ε* / *ρ* of each layer".
    pub shares: &'a str,
    /// A bar's number: "{} %".
    pub percent: &'a str,
}

/// What the figure shows.
#[derive(Clone, Copy, Debug)]
pub struct RobustnessFigure<'a> {
    /// D by layer, from the input on; above 0.
    pub fuzziness: &'a [f64],
    /// What each layer adds to the change of the last D, from layer 1 on.
    pub shares: &'a [f64],
    /// What each adds on the straight line.
    pub equal: f64,
    /// What the y axis spans, in ln D: as long as a hand bends the curve, the same.
    pub range: (i32, i32),
    /// Words.
    pub labels: RobustnessLabels<'a>,
}

impl RobustnessFigure<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px. Returns where the layers are.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(
        &self,
        sheet: &Sheet<B, T>,
        theme: &Theme,
        scale: f64,
    ) -> Result<LayerAxis, super::Fault<B>> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let (_, height) = pen.size();
        let frame = self.frame(&pen);
        if frame.right - frame.left > 60.0 && frame.bottom - frame.top > 40.0 {
            self.curve(&pen, &frame)?;
            self.bars(&pen, &frame, frame.bottom + GAP * theme.present, height - BELOW * theme.present)?;
        }
        Ok(frame.axis())
    }

    fn frame<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>) -> Frame {
        let ((width, height), Theme { text, small, present, .. }) = (pen.size(), pen.theme);
        let (left, right, top) = (34.0 * present, 20.0 * present, 30.0 * present);
        let pitch = (width - left - right) / (self.fuzziness.len() as f64 - 0.4).max(0.6);
        let room = height - top - (GAP + BELOW) * present;
        let (low, high) = self.range;
        Frame {
            left,
            right: width - right,
            top,
            bottom: top + (1.0 - BARS) * room,
            pitch,
            layers: self.fuzziness.len(),
            low,
            high,
            peak: None,
            text: text * present,
            small: small * present,
            disc: 7.0_f64.min(pitch * 0.3),
            square: 0.0,
            narrow: width < 430.0,
            tiny: false,
            boxes: None,
        }
    }

    fn curve<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Theme { ink, ink2, rule, law, paper, present, .. } = *pen.theme;
        pen.text((0.0, frame.top - 14.0 * present), &Label::new(self.labels.axis, frame.text + 1.0, ink))?;
        for (value, ln) in frame.ticks() {
            let y = frame.y(ln);
            pen.bar((frame.left, y - 0.5), (frame.right + BEYOND, y + 0.5), rule)?;
            let text = minus(&value.to_string());
            pen.text((frame.left - 8.0, y + 0.35 * frame.small), &Label::new(&text, frame.small, ink2).ending())?;
        }
        let fuzziness: Vec<_> = self.fuzziness.iter().copied().map(Some).collect();
        let points = frame.points(&fuzziness);
        let shown = frame.shown(&points);
        let (Some(&first), Some(&last)) = (shown.first(), shown.last()) else { return Ok(()) };
        pen.line(&[first, last], law, 4.0)?;
        // Where the curve is the line, the line is to be seen.
        let along = |point: &Point| first.1 + (last.1 - first.1) * (point.0 - first.0) / (last.0 - first.0);
        for pair in shown.windows(2).filter(|pair| pair.iter().any(|point| (point.1 - along(point)).abs() > 1.0)) {
            pen.line(pair, ink, 2.0)?;
        }
        for (layer, &point) in shown.iter().enumerate() {
            // The ends are given: smaller, as nothing takes them.
            let radius = if layer == 0 || layer + 1 == shown.len() { 0.6 * frame.disc } else { frame.disc };
            pen.disc(point, radius + 1.0, paper)?;
            pen.disc(point, radius - 1.0, ink)?;
        }
        // Above the line, where it is high and the sheet empty.
        let middle = ((first.0 + last.0) / 2.0 + 10.0, (first.1 + last.1) / 2.0 - 1.2 * frame.text);
        pen.text(middle, &Label::new(self.labels.line, frame.text, law).bold().halo()).map(drop)
    }

    fn bars<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame, top: f64, floor: f64) -> Drawn<B> {
        let Theme { ink, ink2, edge, law, present, .. } = *pen.theme;
        let (size, half) = (frame.small, (0.32 * frame.pitch).min(24.0));
        pen.text((0.0, top - 14.0 * present), &Label::new(self.labels.shares, size, ink2))?;
        let most = self.shares.iter().copied().fold(self.equal / EQUAL, f64::max);
        // Room for the number above the highest bar.
        let y = |share: f64| floor - (floor - top - size) * share / most;
        let bars = self.shares.iter().enumerate().map(|(at, &share)| (frame.x(at as f64 + 1.0), share));
        for (x, share) in bars.clone() {
            pen.bar((x - half, y(share)), (x + half, floor), ink)?;
        }
        pen.bar((frame.left, floor - 0.5), (frame.right + BEYOND, floor + 0.5), edge)?;
        pen.dashes(&[(frame.left, y(self.equal)), (frame.right + BEYOND, y(self.equal))], law, 1.5, 5.0)?;
        for (x, share) in bars.filter(|_| frame.pitch >= NUMBERED * present) {
            let percent = self.labels.percent.replace("{}", &shown(100.0 * share));
            pen.text((x, y(share) - 5.0), &Label::new(&percent, size, ink2).centered().halo())?;
        }
        let last = frame.layers.saturating_sub(1);
        let step = round_step(2.2 * size / frame.pitch);
        for layer in (0..=last).filter(|layer| layer % step == 0) {
            let text = if layer == 0 { self.labels.input.to_owned() } else { layer.to_string() };
            pen.text((frame.x(layer as f64), floor + 20.0 * present), &Label::new(&text, size, ink2).centered())?;
        }
        pen.text((frame.left, floor + 42.0 * present), &Label::new(self.labels.layer, frame.text, ink)).map(drop)
    }
}

/// A share in percent: two digits, no more than one decimal.
fn shown(percent: f64) -> String {
    if percent < 9.95 { format!("{percent:.1}") } else { format!("{percent:.0}") }
}
