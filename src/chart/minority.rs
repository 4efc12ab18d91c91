//! Minority Collapse: what becomes of the minority classes over the imbalance, in the layer-peeled model and in trained networks.

use super::backend::{Drawn, Sheet, Typesetting};
use super::pen::{Label, Pen, Point, pieces};
use super::theme::Theme;
use crate::collapse::layer_peeled::SweepPoint;
use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

/// Decades of the axis: R from 1 to 10^4.
const DECADES: i32 = 4;

/// Height of the axis below the strips, CSS px.
const AXIS: f64 = 34.0;
/// Between two strips, CSS px: the name of the lower one stands there.
const GAP: f64 = 34.0;
/// Above the first strip, CSS px: its name and that of the threshold.
const TOP: f64 = 46.0;
/// Left of the strips, CSS px.
const LEFT: f64 = 40.0;
/// Right of them, where the last number of the axis ends, CSS px.
const RIGHT: f64 = 20.0;

/// Radius of a measured disc, CSS px.
const DISC: f64 = 5.0;

/// A trained network's minority classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainedPoint {
    /// Points of a majority class over those of a minority class.
    pub imbalance: f64,
    /// Mean cosine between two of their classifiers; None where it is undefined.
    pub cosine: Option<f64>,
    /// Length of their classifiers over that of all.
    pub norm: Option<f64>,
    /// Share of their test points classified as labelled.
    pub accuracy: Option<f64>,
}

/// Words of the figure.
#[derive(Clone, Copy, Debug)]
pub struct MinorityLabels<'a> {
    /// "Cosine between minority classifiers".
    pub cosine: &'a str,
    /// "Their length".
    pub norm: &'a str,
    /// "Their test accuracy".
    pub accuracy: &'a str,
    /// "*R*".
    pub axis: &'a str,
    /// "simplex".
    pub simplex: &'a str,
    /// "*R*_0_ = 12.2"; nothing without a threshold.
    pub threshold: &'a str,
    /// "trained".
    pub trained: &'a str,
    /// "oversampled".
    pub oversampled: &'a str,
}

/// What the figure shows.
#[derive(Clone, Copy, Debug)]
pub struct MinorityFigure<'a> {
    /// The model, by R; norms are those of its energies.
    pub sweep: &'a [SweepPoint],
    /// What its norms are divided by: that of all classifiers in the quadratic mean.
    pub unit: f64,
    /// R_0.
    pub threshold: Option<f64>,
    /// The setting at hand.
    pub here: SweepPoint,
    /// The cosine in a simplex, -1/(K-1).
    pub simplex: f64,
    /// Trained networks, by R.
    pub trained: &'a [TrainedPoint],
    /// Those that saw minority points as often as the others, by R.
    pub oversampled: &'a [TrainedPoint],
    /// Words.
    pub labels: MinorityLabels<'a>,
}

/// A measured quantity of a strip, by R.
type Values = Vec<(f64, Option<f64>)>;

/// A strip's place and span.
struct Strip {
    top: f64,
    bottom: f64,
    range: (f64, f64),
}

impl Strip {
    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        self.bottom - (self.bottom - self.top) * ((value - low) / (high - low)).clamp(0.0, 1.0)
    }
}

impl MinorityFigure<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let ((width, height), present) = (pen.size(), theme.present);
        let (left, right, floor) = (LEFT * present, width - RIGHT * present, height - AXIS * present);
        let x = |imbalance: f64| left + (right - left) * (imbalance.max(1.0).log10() / f64::from(DECADES)).min(1.0);
        // The accuracy's strip is there once something was measured.
        let measured = !(self.trained.is_empty() && self.oversampled.is_empty());
        let shares: &[f64] = if measured { &[0.5, 0.25, 0.25] } else { &[0.68, 0.32] };
        let room = floor - (TOP + GAP * (shares.len() - 1) as f64) * present;
        if right - left < 60.0 || room < 60.0 {
            return Ok(());
        }
        let mut top = TOP * present;
        let mut strips = shares.iter().map(|share| {
            let bottom = top + room * share;
            let strip = (top, bottom);
            top = bottom + GAP * present;
            strip
        });
        let mut next = |range| strips.next().map(|(top, bottom)| Strip { top, bottom, range });

        self.axis(&pen, &x, floor)?;
        let cosines = |points: &[TrainedPoint]| -> Values { points.iter().map(|at| (at.imbalance, at.cosine)).collect() };
        let norms = |points: &[TrainedPoint]| -> Values { points.iter().map(|at| (at.imbalance, at.norm)).collect() };
        let accuracies = |points: &[TrainedPoint]| -> Values { points.iter().map(|at| (at.imbalance, at.accuracy)).collect() };

        let model: Values = self.sweep.iter().map(|at| (at.imbalance, at.cos_minority)).collect();
        let trained = [cosines(self.trained), cosines(self.oversampled)];
        let lowest = model.iter().chain(trained.iter().flatten()).filter_map(|at| at.1).fold(self.simplex.min(-0.2), f64::min);
        if let Some(strip) = next((lowest, 1.0)) {
            self.lines(&pen, &strip, left, right, &[0.0, 0.5, 1.0], self.labels.cosine)?;
            self.simplex(&pen, &strip, left, right)?;
            self.threshold(&pen, &strip, &x, floor)?;
            self.model(&pen, &strip, &x, &model, self.here.cos_minority)?;
            self.series(&pen, &strip, &x, &trained, theme.ink)?;
        }
        let scaled = |norm: Option<f64>| norm.map(|norm| norm / self.unit);
        let model: Values = self.sweep.iter().map(|at| (at.imbalance, scaled(at.norm_minority))).collect();
        let trained = [norms(self.trained), norms(self.oversampled)];
        let highest = model.iter().chain(trained.iter().flatten()).filter_map(|at| at.1).fold(1.0, f64::max);
        if let Some(strip) = next((0.0, highest)) {
            self.lines(&pen, &strip, left, right, &[0.0, 1.0], self.labels.norm)?;
            self.model(&pen, &strip, &x, &model, scaled(self.here.norm_minority))?;
            self.series(&pen, &strip, &x, &trained, theme.ink)?;
        }
        if let Some(strip) = next((0.0, 1.0)) {
            self.lines(&pen, &strip, left, right, &[0.0, 1.0], self.labels.accuracy)?;
            self.series(&pen, &strip, &x, &[accuracies(self.trained), accuracies(self.oversampled)], theme.test)?;
        }
        Ok(())
    }

    /// The decades of R below the strips.
    fn axis<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, x: &impl Fn(f64) -> f64, floor: f64) -> Drawn<B> {
        let Theme { ink2, small, present, .. } = *pen.theme;
        let (size, baseline) = (small * present, floor + 20.0 * present);
        pen.text((2.0, baseline), &Label::new(self.labels.axis, size, ink2))?;
        for decade in 0..=DECADES {
            let text = if decade < DECADES { format!("{}", 10_i32.pow(decade as u32)) } else { "10\u{2074}".to_owned() };
            pen.text((x(10_f64.powi(decade)), baseline), &Label::new(&text, size, ink2).centered())?;
        }
        Ok(())
    }

    /// A strip's name and hairlines.
    fn lines<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        strip: &Strip,
        left: f64,
        right: f64,
        ticks: &[f64],
        name: &str,
    ) -> Drawn<B> {
        let Theme { ink2, rule, small, present, .. } = *pen.theme;
        let size = small * present;
        pen.text((2.0, strip.top - 12.0 * present), &Label::new(name, size, ink2).halo())?;
        for &tick in ticks {
            let y = strip.y(tick);
            pen.bar((left, y - 0.5), (right, y + 0.5), rule)?;
            let text = tick.to_string();
            pen.text((left - 8.0 * present, y + 0.35 * size), &Label::new(&text, size, ink2).ending())?;
        }
        Ok(())
    }

    /// The cosine of the ideal simplex, dashed.
    fn simplex<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, strip: &Strip, left: f64, right: f64) -> Drawn<B> {
        let Theme { ink2, ghost, small, present, .. } = *pen.theme;
        let y = strip.y(self.simplex);
        pen.dashes(&[(left, y), (right, y)], ghost, 1.0, 3.0)?;
        // Below the line, where no network is.
        pen.text((right, y + (3.0 + small) * present), &Label::new(self.labels.simplex, small * present, ink2).ending().halo()).map(drop)
    }

    /// R_0 through all strips, named above the first.
    fn threshold<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        strip: &Strip,
        x: &impl Fn(f64) -> f64,
        floor: f64,
    ) -> Drawn<B> {
        let Theme { ink, edge, small, present, .. } = *pen.theme;
        let Some(x) = self.threshold.map(x) else { return Ok(()) };
        pen.dashes(&[(x, strip.top - 8.0 * present), (x, floor)], edge, 1.5, 5.0)?;
        let label = Label::new(self.labels.threshold, small * present, ink).bold().centered();
        pen.text((x, strip.top - (12.0 + 1.35 * small) * present), &label).map(drop)
    }

    /// The model's curve in grey, and a ring at the setting at hand.
    fn model<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        strip: &Strip,
        x: &impl Fn(f64) -> f64,
        values: &[(f64, Option<f64>)],
        here: Option<f64>,
    ) -> Drawn<B> {
        let Theme { ghost, ink, present, .. } = *pen.theme;
        let points: Vec<Option<Point>> = values.iter().map(|&(imbalance, value)| Some((x(imbalance), strip.y(value?)))).collect();
        for piece in pieces(&points, (strip.top - 1.0, strip.bottom + 1.0)) {
            pen.line(&piece, ghost, 3.0)?;
        }
        match here {
            Some(value) => pen.ring((x(self.here.imbalance), strip.y(value)), (DISC + 1.5) * present.sqrt(), ink, 2.0),
            None => Ok(()),
        }
    }

    /// Measured points: discs, and triangles for those oversampled, named at their last.
    fn series<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        strip: &Strip,
        x: &impl Fn(f64) -> f64,
        series: &[Values; 2],
        color: RGBColor,
    ) -> Drawn<B> {
        let Theme { paper, small, present, .. } = *pen.theme;
        let radius = DISC * present.sqrt();
        for (mark, (values, name)) in [0, 3].into_iter().zip(series.iter().zip([self.labels.trained, self.labels.oversampled])) {
            let points: Vec<Point> = values.iter().filter_map(|&(imbalance, value)| Some((x(imbalance), strip.y(value?)))).collect();
            pen.line(&points, color, 1.0)?;
            for &point in &points {
                pen.mark(mark, point, radius + 2.0, paper)?;
                pen.mark(mark, point, radius, color)?;
            }
            if let Some(&(x, y)) = points.last() {
                let label = Label::new(name, small * present, color).halo();
                pen.text((x + radius + 6.0, y + 0.35 * small * present), &label)?;
            }
        }
        Ok(())
    }
}
