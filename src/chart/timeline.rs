//! The timeline: loss, accuracy and NC1 over the epochs, one strip each on one axis.

use super::backend::{Drawn, Sheet, Typesetting};
use super::pen::{Label, Pen, Point, pieces};
use super::text::number;
use super::theme::Theme;
use plotters::style::{Color, RGBColor};
use plotters_backend::DrawingBackend;

/// Texts, CSS px.
const TEXT: f64 = 13.0;

/// Height of the axis below the strips, CSS px.
const AXIS: f64 = 30.0;

/// Room between a strip's curve and its borders, CSS px.
const PADDING: (f64, f64) = (4.0, 5.0);

/// What the loss's strip spans at least, in ln of the loss: 0.0017 to 2.
const LOSS_RANGE: (f64, f64) = (-6.4, 0.7);

/// What NC1's strip spans at least, in ln of NC1: 0.1 to 20.
const NC1_RANGE: (f64, f64) = (-2.3, 3.0);

/// What the accuracy's strip spans at least: from guessing one of ten.
const ACCURACY_RANGE: (f64, f64) = (0.1, 1.0);

/// Words of the figure.
#[derive(Clone, Copy, Debug)]
pub struct TimelineLabels<'a> {
    /// "Loss".
    pub loss: &'a str,
    /// "Accuracy".
    pub accuracy: &'a str,
    /// "NC1".
    pub nc1: &'a str,
    /// "{} %", with a no-break space.
    pub percent: &'a str,
}

/// The shares of points classified as labelled at an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Epochs trained.
    pub epoch: f64,
    /// Of the training points.
    pub train: f64,
    /// Of the test points, if there are any.
    pub test: Option<f64>,
}

/// An epoch at which the learning rate changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// The first epoch at the new rate.
    pub epoch: f64,
    /// "rate ÷ 10".
    pub label: &'a str,
}

/// What the figure shows.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
    /// (epoch, loss), by epoch.
    pub loss: &'a [(f64, f64)],
    /// By epoch.
    pub accuracy: &'a [Accuracy],
    /// (epoch, NC1 at the last hidden layer), by epoch, where it is defined.
    pub nc1: &'a [(f64, f64)],
    /// Epochs on the axis; it grows where the records go on past them.
    pub epochs: f64,
    /// Where the schedule steps.
    pub steps: &'a [Step<'a>],
    /// The epoch shown in the other figures.
    pub shown: f64,
    /// Words.
    pub labels: TimelineLabels<'a>,
}

/// (epoch, value)
type Values = Vec<(f64, Option<f64>)>;

/// One strip's place and span.
struct Strip {
    top: f64,
    bottom: f64,
    range: (f64, f64),
}

impl Strip {
    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        let (top, bottom) = (self.top + PADDING.0, self.bottom - PADDING.1);
        bottom - (bottom - top) * (value - low) / (high - low)
    }
}

/// `range`, grown to hold the values.
fn grown(range: (f64, f64), values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold(range, |(low, high), value| (low.min(value), high.max(value)))
}

impl Timeline<'_> {
    /// Room at the left and right of the epoch axis, CSS px: a slider laid over the figure needs the same.
    pub fn margins(theme: &Theme) -> (f64, f64) {
        (76.0 * theme.present, 76.0 * theme.present)
    }

    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let ((width, height), (left, right)) = (pen.size(), Self::margins(theme));
        let floor = height - AXIS * theme.present;
        let last = self.loss.iter().map(|&(epoch, _)| epoch).chain(self.accuracy.iter().map(|at| at.epoch));
        let last = last.filter(|epoch| epoch.is_finite()).fold(self.epochs.max(1.0), f64::max);
        if width - left - right < 24.0 || floor < 3.0 * (PADDING.0 + PADDING.1) {
            return Ok(());
        }
        let x = |epoch: f64| left + (width - left - right) * (epoch / last).clamp(0.0, 1.0);

        self.axis(&pen, &x, last, floor)?;

        let thirds = [(self.loss, LOSS_RANGE, self.labels.loss, 0.0), (self.nc1, NC1_RANGE, self.labels.nc1, 2.0)];
        for (values, range, name, at) in thirds {
            let logarithms: Values = values.iter().map(|&(epoch, value)| (epoch, Some(value.ln()).filter(|ln| ln.is_finite()))).collect();
            let range = grown(range, logarithms.iter().filter_map(|at| at.1));
            let strip = Strip { top: at * floor / 3.0, bottom: (at + 1.0) * floor / 3.0, range };
            let now = values.iter().rev().find(|at| at.0 <= self.shown).map(|at| number(at.1)).unwrap_or_default();
            self.strip(&pen, &strip, &x, name, &[(theme.ink, logarithms)])?;
            self.value(&pen, &strip, &now, theme.ink)?;
        }

        let share = |share: f64| Some(share).filter(|share| (0.0..=1.0).contains(share));
        let train: Values = self.accuracy.iter().map(|at| (at.epoch, share(at.train))).collect();
        let test: Values = self.accuracy.iter().map(|at| (at.epoch, at.test.and_then(share))).collect();
        let values = train.iter().chain(&test).filter_map(|at| at.1);
        let strip = Strip { top: floor / 3.0, bottom: 2.0 * floor / 3.0, range: grown(ACCURACY_RANGE, values) };
        let now = self.accuracy.iter().rev().find(|at| at.epoch <= self.shown);
        self.strip(&pen, &strip, &x, self.labels.accuracy, &[(theme.ink, train), (theme.test, test)])?;
        let now = now.and_then(|at| match at.test {
            Some(test) => Some((share(test)?, theme.test)),
            None => Some((share(at.train)?, theme.ink)),
        });
        if let Some((share, color)) = now {
            let text = self.labels.percent.replace("{}", &format!("{:.1}", 100.0 * share));
            self.value(&pen, &strip, &text, color)?;
        }

        if !self.loss.is_empty() {
            let shown = x(self.shown);
            pen.bar((shown - 0.75, 0.0), (shown + 0.75, floor + 4.0), theme.ink)?;
        }
        Ok(())
    }

    /// Epochs 0 and the last, and the schedule's steps as far as their words fit between.
    fn axis<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, x: &impl Fn(f64) -> f64, last: f64, floor: f64) -> Drawn<B> {
        let Theme { ink2, rule, present, .. } = *pen.theme;
        let baseline = pen.size().1 - 3.0 * present;
        let size = TEXT * present;
        let end = format!("{last:.0}");
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let ends = [(0.0, "0"), (last, end.as_str())];
        let steps = self.steps.iter().filter(|step| step.epoch > 0.0 && step.epoch < last).map(|step| (step.epoch, step.label));
        for (epoch, text) in ends.into_iter().chain(steps) {
            if epoch > 0.0 && epoch < last {
                pen.bar((x(epoch) - 0.75, 0.0), (x(epoch) + 0.75, floor + 4.0), rule)?;
            }
            let label = Label::new(text, size, ink2).centered();
            let half = pen.width(&label)? / 2.0;
            let (from, to) = (x(epoch) - half, x(epoch) + half);
            if taken.iter().all(|&(start, end)| to + 6.0 < start || end + 6.0 < from) {
                pen.text((x(epoch), baseline), &label)?;
                taken.push((from, to));
            }
        }
        Ok(())
    }

    /// A strip's name and curves, the first with the area below it, each with a disc at the epoch shown.
    fn strip<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        strip: &Strip,
        x: &impl Fn(f64) -> f64,
        name: &str,
        curves: &[(RGBColor, Values)],
    ) -> Drawn<B> {
        let Theme { ink2, rule, .. } = *pen.theme;
        pen.text((0.0, self.middle(pen, strip)), &Label::new(name, TEXT * pen.theme.present, ink2))?;
        let ground = strip.bottom - 1.0;
        let curve = |values: &[(f64, Option<f64>)]| -> Vec<Option<Point>> {
            values.iter().map(|&(epoch, value)| value.map(|value| (x(epoch), strip.y(value)))).collect()
        };
        if let Some((_, values)) = curves.first() {
            for mut piece in pieces(&curve(values), (strip.top, strip.bottom)) {
                if let (Some(first), Some(last)) = (piece.first().copied(), piece.last().copied()) {
                    piece.extend([(last.0, ground), (first.0, ground)]);
                    pen.area(&piece, rule.mix(0.4))?;
                }
            }
        }
        for (color, values) in curves {
            for piece in pieces(&curve(values), (strip.top, strip.bottom)) {
                pen.line(&piece, *color, 1.75)?;
            }
            let shown = values.iter().rev().find(|at| at.0 <= self.shown);
            if let Some((epoch, value)) = shown.and_then(|&(epoch, value)| Some((epoch, value?))) {
                pen.disc((x(epoch), strip.y(value)), 3.5, *color)?;
            }
        }
        Ok(())
    }

    /// A strip's value at the epoch shown, at the right.
    fn value<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, strip: &Strip, text: &str, color: RGBColor) -> Drawn<B> {
        let label = Label::new(text, TEXT * pen.theme.present + 1.0, color).bold().ending();
        pen.text((pen.size().0, self.middle(pen, strip)), &label).map(drop)
    }

    /// The baseline of a text in the middle of a strip.
    fn middle<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, strip: &Strip) -> f64 {
        (strip.top + strip.bottom) / 2.0 + 0.35 * TEXT * pen.theme.present
    }
}
