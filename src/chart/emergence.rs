//! How the law emerges: ln D of each layer at each epoch as a map, the profile of the epoch shown beside it, and Pearson's r below.

use super::backend::{Drawn, Fault, Sheet, Typesetting};
use super::decay::LN_RANGE;
use super::epoch_axis::EpochAxis;
use super::frame::{ln, round_step};
use super::pen::{Label, Pen, pieces};
use super::simplex::mixed;
use super::text::minus;
use super::theme::Theme;
use crate::separation::Law;
use plotters_backend::DrawingBackend;

/// How dark the smallest D is: no paper, which is where nothing was measured.
const LIGHTEST: f64 = 0.05;

/// Height of the strip of r and of the bar of colours, CSS px.
const STRIP: f64 = 56.0;
const BAR: f64 = 8.0;

/// What the last record is wide at least, and a column that is drawn, CSS px.
const LAST: f64 = 8.0;
const COLUMN: f64 = 0.75;

/// Room below which the profile and its axis are left out, CSS px.
const PROFILE: f64 = 48.0;

/// A record.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Epochs trained.
    pub epoch: f64,
    /// Separation fuzziness D by layer.
    pub fuzziness: &'a [Option<f64>],
    /// Its fit.
    pub law: Option<&'a Law>,
}

/// Words of the figure.
#[derive(Clone, Copy, Debug)]
pub struct EmergenceLabels<'a> {
    /// The y axis: "layer".
    pub layer: &'a str,
    /// Layer 0: "pixels".
    pub input: &'a str,
    /// What the colours mean: "_ln_ *D*".
    pub fuzziness: &'a str,
    /// What D is and how it was measured, from the longest wording to the shortest; the first that fits is used.
    pub measured: &'a [&'a str],
    /// The x axis: "epoch".
    pub axis: &'a str,
}

/// What the figure shows.
#[derive(Clone, Copy, Debug)]
pub struct Emergence<'a> {
    /// By epoch.
    pub moments: &'a [Moment<'a>],
    /// Rows, the input included.
    pub layers: usize,
    /// The end of the epoch axis; it grows where the records go on past it.
    pub epochs: f64,
    /// The epoch shown in the other figures.
    pub shown: f64,
    /// Names that [`super::MeasureCurves`] has at the right of the same axis.
    pub beside: &'a [&'a str],
    /// Words.
    pub labels: EmergenceLabels<'a>,
}

/// Where things are, CSS px.
struct Frame {
    epochs: EpochAxis,
    /// Of the map.
    top: f64,
    /// Of a row.
    row: f64,
    /// Of the strip of r.
    strip: (f64, f64),
    /// Left and right end of the profile's axis.
    profile: (f64, f64),
    /// ln D that the colours and the profile span.
    range: (f64, f64),
}

impl Frame {
    /// The middle of a layer's row.
    fn y(&self, layer: f64) -> f64 {
        self.top + self.row * (layer + 0.5)
    }

    fn share(&self, ln: f64) -> f64 {
        (ln - self.range.0) / (self.range.1 - self.range.0)
    }

    /// Where ln D is on the profile's axis.
    fn x(&self, ln: f64) -> f64 {
        self.profile.0 + (self.profile.1 - self.profile.0) * self.share(ln)
    }

    fn pearson(&self, pearson: f64) -> f64 {
        (self.strip.0 + self.strip.1) / 2.0 - pearson * (self.strip.1 - self.strip.0) / 2.0
    }
}

impl Emergence<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let frame = self.frame(&pen)?;
        if frame.epochs.right - frame.epochs.left < 48.0 || frame.row < 2.0 {
            return Ok(());
        }
        self.map(&pen, &frame)?;
        self.strip(&pen, &frame)?;
        frame.epochs.draw(&pen, frame.strip.1 + 1.4 * theme.small * theme.present, self.labels.axis)?;
        if frame.profile.1 - frame.profile.0 >= PROFILE {
            self.profile(&pen, &frame)?;
        }
        let Some(now) = self.now() else { return Ok(()) };
        let x = frame.epochs.x(now.epoch);
        for (half, color) in [(2.0, theme.paper), (0.75, theme.ink)] {
            pen.bar((x - half, frame.top - 4.0), (x + half, frame.strip.1), color)?;
        }
        if let Some(law) = now.law {
            pen.disc((x, frame.pearson(law.pearson)), 4.5, theme.law)?;
        }
        Ok(())
    }

    /// The epochs as [`Emergence::draw`] places them on the same sheet.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn epoch_axis<B: DrawingBackend, T: Typesetting>(
        &self,
        sheet: &Sheet<B, T>,
        theme: &Theme,
        scale: f64,
    ) -> Result<EpochAxis, Fault<B>> {
        Ok(self.frame(&Pen { sheet, theme, scale })?.epochs)
    }

    /// The record shown.
    fn now(&self) -> Option<&Moment<'_>> {
        self.moments.iter().rev().find(|moment| moment.epoch <= self.shown).or(self.moments.first())
    }

    fn frame<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>) -> Result<Frame, Fault<B>> {
        let Theme { text, small, present, .. } = *pen.theme;
        let (width, height) = pen.size();
        let last = self.moments.last().map_or(0.0, |moment| moment.epoch).max(self.epochs);
        let epochs = EpochAxis::new(pen, last, self.beside.iter().copied())?;
        let top = present * (1.2 * text + 1.8 * small) + BAR + 6.0;
        let bottom = height - 2.75 * small * present;
        let strip = (bottom - STRIP * present, bottom);
        let range = self
            .moments
            .iter()
            .flat_map(|moment| moment.fuzziness)
            .filter_map(|&d| ln(d))
            .fold((f64::from(LN_RANGE.0), f64::from(LN_RANGE.1)), |(low, high), value| (low.min(value), high.max(value)));
        Ok(Frame {
            epochs,
            top,
            row: (strip.0 - 16.0 - top) / self.layers.max(1) as f64,
            strip,
            // A tick's number is centered at each end.
            profile: (epochs.right + LAST + 14.0, width - 14.0),
            range,
        })
    }

    /// Each record as wide as the time until the next one.
    fn map<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Theme { paper, ink, ink2, rule, text, small, present, .. } = *pen.theme;
        let (epochs, bottom) = (&frame.epochs, frame.top + frame.row * self.layers as f64);
        let title = 1.2 * text * present;
        let end = pen.text((0.0, title), &Label::new(self.labels.layer, text * present, ink))?;
        pen.fitting((end + 8.0, title), epochs.right, self.labels.measured, text * present)?;
        for y in [frame.top, bottom] {
            pen.bar((epochs.left, y - 0.5), (epochs.right, y + 0.5), rule)?;
        }
        let step = round_step(1.2 * small * present / frame.row);
        for layer in (0..self.layers).step_by(step) {
            let name = if layer == 0 { self.labels.input } else { &layer.to_string() };
            pen.text(
                (epochs.left - 8.0, frame.y(layer as f64) + 0.35 * small * present),
                &Label::new(name, small * present, ink2).ending(),
            )?;
        }
        let mut drawn = epochs.left;
        for (at, moment) in self.moments.iter().enumerate() {
            let end = match self.moments.get(at + 1) {
                Some(next) => epochs.x(next.epoch),
                None => drawn.max(epochs.x(moment.epoch)) + LAST,
            };
            if end - drawn < COLUMN {
                continue; // hidden behind its neighbours
            }
            for (layer, &d) in moment.fuzziness.iter().take(self.layers).enumerate() {
                let Some(value) = ln(d) else { continue };
                let color = mixed(paper, ink, LIGHTEST + (1.0 - LIGHTEST) * frame.share(value));
                let top = frame.top + frame.row * layer as f64;
                pen.bar((drawn, top), (end, top + frame.row), color)?;
            }
            drawn = end;
        }
        Ok(())
    }

    /// r from +1 to -1, and what r and rho are at the record shown.
    fn strip<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Theme { law: red, ink2, rule, small, present, .. } = *pen.theme;
        let (epochs, size) = (&frame.epochs, small * present);
        for (value, tick) in [(1.0, "+1"), (0.0, "0"), (-1.0, "\u{2212}1")] {
            let y = frame.pearson(value);
            pen.bar((epochs.left, y - 0.5), (epochs.right, y + 0.5), rule)?;
            pen.text((epochs.left - 8.0, y + 0.35 * size), &Label::new(tick, size, ink2).ending())?;
        }
        let middle = frame.pearson(0.0) + 0.35 * size;
        pen.text((0.0, middle), &Label::new("*r*", size, red).bold())?;
        let mut line = Vec::new();
        for (at, moment) in self.moments.iter().enumerate() {
            let y = moment.law.map(|law| frame.pearson(law.pearson));
            let end = self.moments.get(at + 1).map_or(moment.epoch, |next| next.epoch);
            line.extend([moment.epoch, end].map(|epoch| y.map(|y| (epochs.x(epoch), y))));
        }
        for piece in pieces(&line, frame.strip) {
            pen.line(&piece, red, 2.0)?;
        }
        let Some(law) = self.now().and_then(|now| now.law) else { return Ok(()) };
        // A rho beyond all measure would have more digits than there is room.
        for (row, text) in [(-0.7, format!("*r* {:+.4}", law.pearson)), (0.7, format!("*ρ* {:.3}", law.rho.clamp(0.0, 99.0)))] {
            pen.text((epochs.right + 14.0, middle + row * size), &Label::new(&minus(&text), size, red).bold())?;
        }
        Ok(())
    }

    /// The layers of the record shown, beside their rows, below the bar that says what the colours mean.
    fn profile<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Theme { paper, ink, ink2, rule, law: red, text, small, present, .. } = *pen.theme;
        let (left, right) = frame.profile;
        pen.text((left, 1.2 * text * present), &Label::new(self.labels.fuzziness, text * present, ink))?;
        let pixels = (right - left).round();
        for pixel in 0..pixels as u32 {
            let (x, share) = (left + f64::from(pixel), f64::from(pixel) / pixels);
            let color = mixed(paper, ink, LIGHTEST + (1.0 - LIGHTEST) * share);
            pen.bar((x, frame.top - 6.0 - BAR), (x + 1.0, frame.top - 6.0), color)?;
        }
        let (low, high) = (frame.range.0.ceil() as i32, frame.range.1.floor() as i32);
        let step = round_step(1.6 * small * present / (frame.x(1.0) - frame.x(0.0))) as i32;
        let bottom = frame.top + frame.row * self.layers as f64;
        for value in (low..=high).filter(|value| value % step == 0) {
            let x = frame.x(f64::from(value));
            let tick = minus(&value.to_string());
            let baseline = frame.top - 6.0 - BAR - 0.4 * small * present;
            pen.text((x, baseline), &Label::new(&tick, small * present, ink2).centered())?;
            pen.bar((x - 0.5, frame.top), (x + 0.5, bottom), rule)?;
        }
        let Some(now) = self.now() else { return Ok(()) };
        if let Some(law) = now.law {
            // A line this steep is no fit, and cutting it would lose every digit.
            let at = |layer: usize| {
                let x = frame.x(law.intercept + law.rho.ln() * layer as f64);
                (x.abs() < 1e9).then(|| (frame.y(layer as f64), x))
            };
            // Lying on its side, so that what leaves the axis is cut.
            for piece in pieces(&[at(0), at(self.layers.saturating_sub(1))], (left, right)) {
                pen.line(&piece.into_iter().map(|(y, x)| (x, y)).collect::<Vec<_>>(), red, 2.0)?;
            }
        }
        for (layer, &d) in now.fuzziness.iter().take(self.layers).enumerate() {
            if let Some(value) = ln(d) {
                pen.disc((frame.x(value), frame.y(layer as f64)), (0.4 * frame.row).clamp(1.5, 5.0), ink)?;
            }
        }
        Ok(())
    }
}
