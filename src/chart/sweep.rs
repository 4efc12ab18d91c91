//! A sweep: a few measures over the values of one setting, and ln D over the layers for each of them. Bands are the range over seeds.

use super::backend::{Drawn, Fault, Sheet, Typesetting};
use super::frame::{ln, round_step};
use super::pen::{Label, Pen, Point, pieces};
use super::spread::spread;
use super::text::minus;
use super::theme::Theme;
use crate::experiment::{Band, Outcome};
use plotters::style::{Color, RGBColor};
use plotters_backend::DrawingBackend;

/// A quantity of a run's end, and its axis.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// Its value; None where it is undefined.
    pub of: fn(&Outcome) -> Option<f64>,
    /// What its axis spans at least.
    range: (f64, f64),
    /// Where its axis has a hairline, if it spans it.
    ticks: &'static [f64],
    /// Whether it is of test points.
    test: bool,
}

/// Pearson's r, the decay ratio and the test accuracy.
pub const QUANTITIES: [Quantity; 3] = [
    Quantity {
        of: |outcome| outcome.train.map(|law| law.0),
        range: (-1.0, -0.9),
        ticks: &[-1.0, -0.95, -0.9, -0.5, 0.0, 0.5, 1.0],
        test: false,
    },
    Quantity { of: |outcome| outcome.train.map(|law| law.1), range: (0.0, 1.0), ticks: &[0.0, 0.5, 1.0], test: false },
    Quantity { of: |outcome| Some(outcome.test_accuracy), range: (0.6, 0.85), ticks: &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0], test: true },
];

/// A quantity over the values of a setting.
#[derive(Clone, Debug)]
pub struct SweepMeasure<'a> {
    /// "Correlation *r*".
    pub name: &'a str,
    /// Which it is.
    pub quantity: Quantity,
    /// By value of the setting; None where nothing is trained yet.
    pub bands: Vec<Option<Band>>,
}

/// The measures of a sweep, one strip above the other.
#[derive(Clone, Copy, Debug)]
pub struct SweepMeasures<'a> {
    /// The values of the setting.
    pub values: &'a [String],
    /// From the top.
    pub measures: &'a [SweepMeasure<'a>],
    /// What the values are: "layers".
    pub axis: &'a str,
}

/// ln D over the layers for a value of the setting.
#[derive(Clone, Debug)]
pub struct SweepCurve<'a> {
    /// The value.
    pub name: &'a str,
    /// D by layer.
    pub bands: Vec<Option<Band>>,
}

/// The curves of a sweep on one axis.
#[derive(Clone, Copy, Debug)]
pub struct SweepCurves<'a> {
    /// From the first value to the last; paler to darker.
    pub curves: &'a [SweepCurve<'a>],
    /// "_ln_ *D*".
    pub axis: &'a str,
    /// "layer".
    pub layer: &'a str,
    /// What ln D spans at least.
    pub range: (i32, i32),
}

/// Room below the last strip for the axis, in texts.
const FLOOR: f64 = 2.9;
/// Room above a strip for its name, in texts.
const HEAD: f64 = 2.7;

impl SweepMeasures<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let Theme { ink, ink2, rule, test, small, present, .. } = *theme;
        let small = small * present;
        let (width, height) = pen.size();
        let (left, right) = (4.0 * small, width - 1.6 * small);
        let count = self.measures.len() as f64;
        let room = (height - (FLOOR + count * HEAD) * small) / count;
        if right - left < 60.0 || room < 24.0 || self.values.is_empty() {
            return Ok(());
        }
        let pitch = (right - left) / self.values.len() as f64;
        let x = |at: usize| left + pitch * (at as f64 + 0.5);
        for (at, measure) in self.measures.iter().enumerate() {
            let top = (at as f64 + 1.0) * HEAD * small + at as f64 * room;
            let all = || measure.bands.iter().flatten().flat_map(|band| &band.values);
            let (low, high) = all().fold(measure.quantity.range, |(low, high), &value| (low.min(value), high.max(value)));
            let y = |value: f64| top + room * (high - value) / (high - low);
            pen.text((2.0, top - 1.1 * small), &Label::new(measure.name, small, ink).bold())?;
            for &tick in measure.quantity.ticks.iter().filter(|&&tick| (low..=high).contains(&tick)) {
                pen.bar((left, y(tick) - 0.5), (right, y(tick) + 0.5), rule)?;
                pen.text((left - 0.6 * small, y(tick) + 0.35 * small), &Label::new(&minus(&tick.to_string()), small, ink2).ending())?;
            }
            let color = if measure.quantity.test { test } else { ink };
            let place = |value: fn(&Band) -> f64| {
                measure.bands.iter().enumerate().map(|(at, band)| band.as_ref().map(|band| (x(at), y(value(band))))).collect::<Vec<_>>()
            };
            band(&pen, &place(|band| band.range().0), &place(|band| band.range().1), color)?;
            for piece in pieces(&place(|band| band.median), (top - 1.0, top + room + 1.0)) {
                pen.line(&piece, color, 2.0)?;
            }
            for (at, band) in measure.bands.iter().enumerate() {
                let Some(band) = band else { continue };
                for &value in &band.values {
                    pen.disc((x(at), y(value)), 2.0, color)?;
                }
                let center = (x(at), y(band.median));
                if measure.quantity.test { pen.square(center, 4.5, color, 2.0)? } else { pen.disc(center, 5.0, color)? }
            }
        }
        // Names of the values, as many as have room.
        let mut last = f64::NEG_INFINITY;
        for (at, value) in self.values.iter().enumerate() {
            let label = Label::new(value, small, ink2).centered();
            let half = pen.width(&label)? / 2.0;
            if x(at) - half > last + 0.4 * small {
                pen.text((x(at), height - (FLOOR - 1.3) * small), &label)?;
                last = x(at) + half;
            }
        }
        pen.text((left, height - 0.3 * small), &Label::new(self.axis, small, ink)).map(drop)
    }
}

impl SweepCurves<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let Theme { ink, ink2, ghost, rule, small, present, .. } = *theme;
        let small = small * present;
        let (width, height) = pen.size();
        let mut names = 0.0_f64;
        for curve in self.curves {
            names = names.max(pen.width(&Label::new(curve.name, small, ink).bold())?);
        }
        let (left, right, top, bottom) = (3.0 * small, width - names - 1.2 * small, HEAD * small, height - FLOOR * small);
        let last = self.curves.iter().map(|curve| curve.bands.len()).max().unwrap_or_default().saturating_sub(1);
        if right - left < 60.0 || bottom - top < 60.0 || last == 0 {
            return Ok(());
        }
        let all = || self.curves.iter().flat_map(|curve| curve.bands.iter().flatten()).flat_map(|band| &band.values);
        let (low, high) = all()
            .filter_map(|&d| ln(Some(d)))
            .fold(self.range, |(low, high), value| (low.min(value.floor() as i32), high.max(value.ceil() as i32)));
        let x = |layer: usize| left + (right - left) * layer as f64 / last as f64;
        let y = |value: f64| top + (bottom - top) * (f64::from(high) - value) / f64::from(high - low);
        pen.text((2.0, top - 0.7 * small), &Label::new(self.axis, small, ink))?;
        let step = round_step(1.5 * small / (y(0.0) - y(1.0))) as i32;
        for tick in (low..=high).filter(|tick| tick % step == 0) {
            let at = y(tick.into());
            pen.bar((left, at - 0.5), (right, at + 0.5), rule)?;
            pen.text((left - 0.6 * small, at + 0.35 * small), &Label::new(&minus(&tick.to_string()), small, ink2).ending())?;
        }
        let step = round_step(2.0 * small * last as f64 / (right - left));
        for layer in (0..=last).step_by(step) {
            pen.text((x(layer), bottom + 1.3 * small), &Label::new(&layer.to_string(), small, ink2).centered())?;
        }
        pen.text((left, height - 0.3 * small), &Label::new(self.layer, small, ink))?;

        let mut ends: Vec<(Point, &str, RGBColor)> = Vec::new();
        for (at, curve) in self.curves.iter().enumerate() {
            let color = between(ghost, ink, at as f64 / (self.curves.len() - 1).max(1) as f64);
            let place = |value: fn(&Band) -> f64| {
                let point = |(layer, band): (usize, &Option<Band>)| Some((x(layer), y(ln(band.as_ref().map(value))?)));
                curve.bands.iter().enumerate().map(point).collect::<Vec<_>>()
            };
            band(&pen, &place(|band| band.range().0), &place(|band| band.range().1), color)?;
            let median = place(|band| band.median);
            for piece in pieces(&median, (top - 1.0, bottom + 1.0)) {
                pen.line(&piece, color, 2.0)?;
            }
            for &point in median.iter().flatten() {
                pen.disc(point, 3.0, color)?;
            }
            if let Some(&end) = median.iter().rev().flatten().next() {
                ends.insert(ends.partition_point(|(before, ..)| before.1 <= end.1), (end, curve.name, color));
            }
        }
        // Names of curves that end at the same layer stand below each other, the lowest the lowest.
        for column in (0..=last).map(x) {
            let here: Vec<_> = ends.iter().filter(|end| end.0.0 == column).collect();
            let places = spread(&here.iter().map(|end| end.0.1).collect::<Vec<_>>(), 1.15 * small, (top, bottom));
            for (&&((x, _), name, color), y) in here.iter().zip(places) {
                pen.text((x + 0.5 * small, y + 0.35 * small), &Label::new(name, small, color).bold().halo())?;
            }
        }
        Ok(())
    }
}

/// The area between two curves, pale; where one breaks off so does the area.
fn band<B: DrawingBackend, T: Typesetting>(pen: &Pen<B, T>, low: &[Option<Point>], high: &[Option<Point>], color: RGBColor) -> Drawn<B> {
    let mut outline: (Vec<Point>, Vec<Point>) = Default::default();
    let fill = |outline: &mut (Vec<Point>, Vec<Point>)| -> Result<(), Fault<B>> {
        let (mut there, back) = std::mem::take(outline);
        there.extend(back.into_iter().rev());
        if there.len() > 2 { pen.area(&there, color.mix(0.16)) } else { Ok(()) }
    };
    for (low, high) in low.iter().zip(high) {
        match (low, high) {
            (Some(low), Some(high)) => {
                outline.0.push(*low);
                outline.1.push(*high);
            }
            _ => fill(&mut outline)?,
        }
    }
    fill(&mut outline)
}

fn between(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}
