//! Neural collapse over the epochs: NC1 to NC4 on a logarithmic axis, and when the law was there.

use super::backend::{Drawn, Sheet, Typesetting};
use super::epoch_axis::EpochAxis;
use super::pen::{Label, Pen, Point, pieces};
use super::spread::spread;
use super::text::minus;
use super::theme::Theme;
use plotters_backend::DrawingBackend;

/// What the y axis spans at least, powers of ten.
const RANGE: (i32, i32) = (-2, 1);

/// One measure.
#[derive(Clone, Copy, Debug)]
pub struct MeasureCurve<'a> {
    /// "NC1 spread".
    pub name: &'a str,
    /// (epoch, value), by epoch; 0 has no place on the axis.
    pub values: &'a [(f64, f64)],
}

/// What the figure shows.
#[derive(Clone, Copy, Debug)]
pub struct MeasureCurves<'a> {
    /// Up to four, told apart by their dashes and their names.
    pub curves: &'a [MeasureCurve<'a>],
    /// The end of the epoch axis; it grows where the records go on past it.
    pub epochs: f64,
    /// The first epoch at which the law held.
    pub law: Option<f64>,
    /// "*r* passed −0.99 at epoch {}".
    pub law_label: &'a str,
    /// The epoch shown in the other figures.
    pub shown: f64,
    /// The x axis: "epoch".
    pub axis: &'a str,
}

/// Where the axes are, CSS px.
struct Frame {
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
}

impl Frame {
    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value.log10() - self.low) / (self.high - self.low)
    }
}

impl MeasureCurves<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let Theme { ink, ink2, rule, law, text, small, present, .. } = *theme;
        let (text, small) = (text * present, small * present);
        let (_, height) = pen.size();
        let positive = || self.curves.iter().flat_map(|curve| curve.values).filter(|at| at.1 > 0.0 && at.1.is_finite());
        let (low, high) = positive().fold(RANGE, |(low, high), at| {
            let power = at.1.log10();
            (low.min(power.floor() as i32), high.max(power.ceil() as i32))
        });
        let last = self.curves.iter().flat_map(|curve| curve.values).map(|at| at.0).fold(self.epochs, f64::max);
        let epochs = EpochAxis::new(&pen, last, self.curves.iter().map(|curve| curve.name))?;
        let frame = Frame { top: 2.2 * text, bottom: height - 2.6 * small, low: f64::from(low), high: f64::from(high) };
        if epochs.right - epochs.left < 48.0 || frame.bottom - frame.top < 48.0 {
            return Ok(());
        }
        for power in low..=high {
            let y = frame.y(10.0_f64.powi(power));
            pen.bar((epochs.left, y - 0.5), (epochs.right, y + 0.5), rule)?;
            let tick = minus(&if power < 0 {
                format!("{:.*}", power.unsigned_abs() as usize, 10.0_f64.powi(power))
            } else {
                format!("{:.0}", 10.0_f64.powi(power))
            });
            pen.text((epochs.left - 8.0, y + 0.35 * small), &Label::new(&tick, small, ink2).ending())?;
        }
        epochs.draw(&pen, frame.bottom + 1.25 * small, self.axis)?;
        let shown = epochs.x(self.shown);
        pen.bar((shown - 0.5, frame.top), (shown + 0.5, frame.bottom), rule)?;
        if let Some(epoch) = self.law {
            let x = epochs.x(epoch);
            pen.bar((x - 1.0, frame.top - 0.4 * text), (x + 1.0, frame.bottom), law)?;
            pen.text((x, 1.2 * text), &Label::new(self.law_label, text, law).bold().halo())?;
        }
        let mut ends: Vec<(Point, &str)> = Vec::new();
        for (at, curve) in self.curves.iter().enumerate() {
            let points: Vec<Option<Point>> = curve
                .values
                .iter()
                .map(|&(epoch, value)| (value > 0.0 && value.is_finite()).then(|| (epochs.x(epoch), frame.y(value))))
                .collect();
            for piece in pieces(&points, (frame.top, frame.bottom)) {
                match at {
                    0 => pen.line(&piece, ink, 2.5)?,
                    1 => pen.line(&piece, ink2, 1.5)?,
                    2 => pen.dashes(&piece, ink, 2.0, 7.0)?,
                    _ => pen.dashes(&piece, ink2, 2.0, 2.5)?,
                }
            }
            if let Some(&end) = points.iter().rev().flatten().next() {
                pen.disc(end, 3.0, ink)?;
                ends.insert(ends.partition_point(|(before, _)| before.1 <= end.1), (end, curve.name));
            }
        }
        // Names in the curves' order, the lowest the lowest.
        let places = spread(&ends.iter().map(|(end, _)| end.1).collect::<Vec<_>>(), 1.2 * small, (frame.top, frame.bottom));
        for ((end, name), y) in ends.iter().zip(places) {
            pen.text((end.0 + 8.0, y + 0.35 * small), &Label::new(name, small, ink).bold().halo())?;
        }
        Ok(())
    }
}
