//! The decay curve: ln D over the layers, and the line that it falls on.

mod beside;
mod blocks;
mod classes;
mod layers;

use super::backend::{Drawn, Fault, Sheet, Typesetting};
use super::film::{self, Boxes, Strip};
use super::frame::{Frame, HEADROOM, Place, ln, round_step};
use super::pen::{Label, Pen, Point, pieces};
use super::text::{minus, number};
use super::theme::Theme;
use crate::experiment::Split;
use crate::separation::{Film, Law};
pub use blocks::Blocks;
pub use classes::ClassCurve;
pub use layers::LayerAxis;
use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

/// The least that the y axis spans, in ln D.
pub const LN_RANGE: (i32, i32) = (-1, 4);

/// A plot narrower or lower than this, CSS px, is left out.
const LEAST: Point = (64.0, 24.0);

/// Words of the figure. `{}` stands for a number.
#[derive(Clone, Copy, Debug)]
pub struct DecayLabels<'a> {
    /// The y axis: "_ln_ *D*".
    pub axis: &'a str,
    /// What D is and how it was measured, from the longest wording to the shortest; the first that fits is used.
    pub measured: &'a [&'a str],
    /// Layer 0: "pixels".
    pub input: &'a str,
    /// The x axis: "layer".
    pub layer: &'a str,
    /// The end of the training curve: "Training".
    pub training: &'a str,
    /// The training points' last D: "*D* = {}".
    pub fuzziness: &'a str,
    /// The end of the test curve: "Test".
    pub test: &'a str,
    /// The half-life, from the longest wording to the shortest: "half of *D* in {} layers", "½ in {} layers"; no wording, no bracket.
    pub half_life: &'a [&'a str],
}

/// What another curve is to the run.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// From before: dashed, in grey.
    Before,
    /// From before, and compared: solid, with its fit.
    Compared(Option<&'a Law>),
    /// What the reader expects: dashed, in the colour of the law.
    Guess,
}

/// A curve beside the run's, with its name.
#[derive(Clone, Copy, Debug)]
pub struct Ghost<'a> {
    /// Separation fuzziness D by layer.
    pub fuzziness: &'a [Option<f64>],
    /// Where it comes from: "epoch 0", or "Before: 4 layers, *ρ* 0.30".
    pub label: &'a str,
    /// How it is drawn.
    pub kind: Kind<'a>,
}

/// What the figure shows.
#[derive(Clone, Copy, Debug)]
pub struct DecayCurve<'a> {
    /// Layers on the axis, the input included.
    pub layers: usize,
    /// Training points; None draws the axes alone.
    pub train: Option<&'a Split>,
    /// Test points.
    pub test: Option<&'a Split>,
    /// Each class's own curve.
    pub classes: &'a [ClassCurve<'a>],
    /// Whether the y axis is linear in D, not in ln D.
    pub linear: bool,
    /// First epochs of this run, at most two.
    pub trail: &'a [Ghost<'a>],
    /// The runs before this one, the latest first, and what the reader expects.
    pub previous: &'a [Ghost<'a>],
    /// The training points themselves, below the curve where there is room.
    pub film: Option<Strip<'a>>,
    /// Residual blocks: their outputs stand out, and have a fit of their own.
    pub blocks: Option<Blocks<'a>>,
    /// The layer that another figure shows: its disc has a ring.
    pub marked: Option<usize>,
    /// What the y axis spans at least, in ln D; see [`ln_range`].
    pub range: (i32, i32),
    /// Words.
    pub labels: DecayLabels<'a>,
}

/// `range`, grown to hold every D of `splits`. Fed its own result from record to record, and [`LN_RANGE`] first, it never shrinks.
pub fn ln_range<'a>(range: (i32, i32), splits: impl IntoIterator<Item = &'a Split>) -> (i32, i32) {
    ln_range_of(range, splits.into_iter().flat_map(|split| split.fuzziness.iter().copied()))
}

/// [`ln_range`] for any D.
pub fn ln_range_of(range: (i32, i32), fuzziness: impl IntoIterator<Item = Option<f64>>) -> (i32, i32) {
    fuzziness
        .into_iter()
        .filter_map(ln)
        .fold(range, |(low, high), value| (low.min((value - 0.3).floor() as i32), high.max((value - HEADROOM).ceil() as i32)))
}

impl DecayCurve<'_> {
    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let frame = self.frame(&pen)?;
        if frame.right - frame.left < LEAST.0 || frame.bottom - frame.top < LEAST.1 {
            return Ok(());
        }
        self.axes(&pen, &frame)?;
        if let Some((strip, boxes)) = self.film.zip(frame.boxes) {
            strip.draw(&pen, boxes, frame.layers, frame.bottom + film::GAP.0, |layer| frame.x(layer))?;
        }
        self.before(&pen, &frame)?;
        if let Some(test) = self.test {
            self.test_curve(&pen, &frame, test)?;
        }
        self.class_curves(&pen, &frame)?;
        if let Some(train) = self.train {
            if let Some(law) = &train.law {
                self.law(&pen, &frame, law)?;
            }
            self.block_law(&pen, &frame)?;
            let points = frame.points(&train.fuzziness);
            for point in frame.shown(self.marked.and_then(|layer| points.get(layer..=layer)).unwrap_or_default()) {
                pen.outline(point, frame.disc + 4.0, pen.theme.ink, 1.5)?;
            }
            for (layer, &point) in points.iter().enumerate() {
                let Some(point) = point.filter(|point| frame.holds(point)) else { continue };
                let disc = frame.disc * self.prominence(layer);
                let ring = (disc / 5.0).min(1.0);
                pen.disc(point, disc + ring, theme.paper)?;
                pen.disc(point, disc - ring, theme.ink)?;
            }
        }
        match (frame.named(), self.classes) {
            (false, _) => Ok(()),
            (true, []) => self.names(&pen, &frame),
            _ => self.class_names(&pen, &frame),
        }
    }

    fn frame<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>) -> Result<Frame, Fault<B>> {
        let (width, height) = pen.size();
        let Theme { text, small, present, .. } = pen.theme;
        let (tiny, narrow) = (width < 340.0 * present || height < 180.0 * present, width < 430.0 * present);
        let less = if tiny { 2.0 } else { 0.0 };
        let (text, small) = ((text - less) * present, (small - less) * present);
        let (low, high) = ln_range(self.range, self.train.into_iter().chain(self.test));
        // Usually 34 px, more where ln D has two digits and a sign.
        let tick = pen.width(&Label::new(&minus(&low.to_string()), small, pen.theme.ink2))?;
        let left = (present * if tiny { 26.0 } else { 34.0 }).max(tick + 10.0);
        let right = if tiny {
            14.0
        } else if narrow {
            20.0
        } else {
            92.0 * present
        };
        let pitch = (width - left - right) / (self.layers as f64 - 0.4).max(0.6);
        // Boxes stay on the sheet, around the first layer as around the last.
        let most = (72.0 * present).max(0.14 * height).min(2.0 * (left + 0.42 * pitch)).min(2.0 * (right + 0.18 * pitch));
        let room = self.film.is_some() && !tiny && height >= film::LEAST_HEIGHT * present;
        let boxes = room.then(|| Boxes::new(self.layers, pitch, most));
        let strip = boxes.map_or(0.0, |boxes| film::GAP.0 + boxes.side + film::GAP.1);
        Ok(Frame {
            left,
            right: width - right,
            top: present * if tiny { 22.0 } else { 30.0 },
            bottom: height - strip - present * if tiny { 20.0 } else { 48.0 },
            pitch,
            layers: self.layers,
            low,
            high,
            peak: self.linear.then(|| self.peak()),
            text,
            small,
            // Among many layers the marks shrink, so that the line between them still shows.
            disc: (if tiny { 5.0_f64 } else { 7.0 }).min(pitch * 0.3),
            square: 4.5_f64.min(pitch * 0.25),
            narrow,
            tiny,
            boxes,
        })
    }

    /// The end of a linear axis: a round number above every D, and a little more.
    fn peak(&self) -> f64 {
        let curves = [self.train, self.test].into_iter().flatten().map(|split| &split.fuzziness[..]);
        let all = curves.chain(self.classes.iter().map(|curve| curve.fuzziness)).flatten();
        let largest = all.filter_map(|&d| ln(d)).fold(0.0, |largest: f64, value| largest.max(value.exp())).clamp(1.0, 1e6);
        let step = round_step(largest / 5.0) as f64;
        step * ((largest / step).ceil() + 0.2)
    }

    fn axes<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Theme { ink, ink2, rule, present, .. } = *pen.theme;
        let (_, height) = pen.size();
        let words = &self.labels;

        let title = (0.0, frame.top - present * if frame.tiny { 10.0 } else { 14.0 });
        let end = pen.text(title, &Label::new(words.axis, frame.text + 1.0, ink))?;
        if !frame.tiny {
            pen.fitting((end + 8.0, title.1), pen.size().0, words.measured, frame.text)?;
        }

        for (value, ln) in frame.ticks() {
            let y = frame.y(ln);
            let right = frame.right + if frame.narrow { 0.0 } else { 12.0 };
            pen.bar((frame.left, y - 0.5), (right, y + 0.5), rule)?;
            let text = minus(&value.to_string());
            pen.text((frame.left - 8.0, y + 0.35 * frame.small), &Label::new(&text, frame.small, ink2).ending())?;
        }

        let below = height - present * if frame.tiny { 4.0 } else { 27.0 };
        for (layer, text) in self.layer_ticks(pen, frame)? {
            pen.text((frame.x(layer as f64), below), &Label::new(&text, frame.small, ink2).centered())?;
        }
        if !frame.tiny {
            let baseline = height - 4.0 * present;
            let end = pen.text((frame.left, baseline), &Label::new(words.layer, frame.text, ink))?;
            if let Some(strip) = self.film.filter(|_| frame.boxes.is_some()) {
                let points = strip.film.map_or(0, Film::points).to_string();
                let captions = strip.caption.iter().map(|wording| wording.replace("{}", &points));
                pen.fitting((end + 10.0, baseline), pen.size().0, captions, frame.small)?;
            }
        }
        Ok(())
    }

    /// Layers that have their number below, as many as fit: round ones, the input and the last.
    fn layer_ticks<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Result<Vec<(usize, String)>, Fault<B>> {
        let gap = 0.6 * frame.small;
        let Some(last) = self.layers.checked_sub(1) else { return Ok(Vec::new()) };
        let span = |layer: usize| {
            let text = if layer == 0 && !frame.tiny { self.labels.input.to_owned() } else { layer.to_string() };
            let half = pen.width(&Label::new(&text, frame.small, pen.theme.ink2))? / 2.0;
            let x = frame.x(layer as f64);
            Ok((x - half, x + half, layer, text))
        };
        let (left, right, ..) = span(last)?;
        let step = round_step((right - left + gap) / frame.pitch);
        let mut ticks = vec![span(0)?];
        for layer in (step..=last).step_by(step).chain((last % step != 0).then_some(last)) {
            let tick = span(layer)?;
            // The last layer's number takes the place of the round one before it, but not of the input's name.
            while layer == last && ticks.len() > 1 && ticks.last().is_some_and(|before| before.1 + gap > tick.0) {
                ticks.pop();
            }
            if ticks.last().is_none_or(|before| before.1 + gap <= tick.0) {
                ticks.push(tick);
            }
        }
        Ok(ticks.into_iter().map(|(_, _, layer, text)| (layer, text)).collect())
    }

    /// The previous runs and this run's first epochs.
    fn before<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        for trail in self.trail {
            for piece in pieces(&frame.points(trail.fuzziness), frame.ends()) {
                pen.line(&piece, pen.theme.ghost, 1.0)?;
            }
        }
        // Places of names, so that none covers another.
        let mut named: Vec<Place> = Vec::new();
        // A small figure has room for what the reader asked for, and not for all that was.
        for previous in self.previous.iter().filter(|other| !(frame.tiny && matches!(other.kind, Kind::Before))) {
            self.beside(pen, frame, previous, &mut named)?;
        }
        Ok(())
    }

    fn test_curve<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame, test: &Split) -> Drawn<B> {
        let color = pen.theme.test;
        let points = frame.points(&test.fuzziness);
        for piece in pieces(&points, frame.ends()) {
            pen.line(&piece, color, 2.0)?;
        }
        let marks = frame.shown(&points);
        for &point in &marks {
            pen.square(point, frame.square, color, frame.square.min(2.0))?;
        }
        match marks.last() {
            Some(&(x, y)) if !frame.named() => {
                pen.text((x + 4.0, y - 14.0), &Label::new(self.labels.test, frame.text, color).bold().ending().halo()).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn law<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame, law: &Law) -> Drawn<B> {
        let color = pen.theme.law;
        let at = |layer: f64| (frame.x(layer), frame.y(law.intercept + law.rho.ln() * layer));
        let layers = self.train.map_or(self.layers, |train| train.fuzziness.len().min(self.layers));
        let Some(last) = layers.checked_sub(1).map(|last| last as f64) else { return Ok(()) };
        if !self.line(pen, frame, law, layers, (color, if frame.tiny { 3.0 } else { 4.0 }))? {
            return Ok(());
        }
        let bare = frame.tiny || self.labels.half_life.is_empty();
        let Some(half_life) = law.half_life.filter(|&half| !bare && !self.linear && half > 0.0 && half < last - 3.0) else {
            return Ok(());
        };
        let value = format!("{half_life:.1}");
        for wording in self.labels.half_life {
            let text = wording.replace("{}", &value);
            let label = Label::new(&text, frame.text, color).bold().ending().halo();
            // Below the line, where other curves seldom are: the words end where the bracket begins.
            let start = ((frame.left + pen.width(&label)? + 8.0 - frame.x(0.0)) / frame.pitch).max(2.5);
            let (from, to) = (at(start), at(start + half_life));
            // One half-life wide and ln 2 high, unless that is too small to see or off the axis.
            let shows = start + half_life <= last && to.0 - from.0 >= 4.0 && to.1 - from.1 >= 4.0 && frame.holds(&from) && frame.holds(&to);
            if shows {
                pen.line(&[from, (from.0, to.1), to], color, 1.5)?;
                return pen.text((from.0 - 8.0, to.1 + 0.1 * frame.text), &label).map(drop);
            }
        }
        Ok(())
    }

    /// The line of a fit over `layers` layers, in a colour and CSS px; whether it is one.
    fn line<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        frame: &Frame,
        law: &Law,
        layers: usize,
        (color, width): (RGBColor, f64),
    ) -> Result<bool, Fault<B>> {
        let at = |layer: f64| (frame.x(layer), frame.y(law.intercept + law.rho.ln() * layer));
        let last = layers.saturating_sub(1) as f64;
        // A line this steep is no fit, and cutting it would lose every digit.
        if !(at(0.0).1.abs() < 1e9 && at(last).1.abs() < 1e9) {
            return Ok(false);
        }
        // Where the axis is linear the line is a curve.
        let steps = if self.linear { 4 * layers.saturating_sub(1) } else { 1 };
        let line = (0..=steps).map(|step| Some(at(last * f64::from(step as u32) / steps.max(1) as f64))).collect::<Vec<_>>();
        for piece in pieces(&line, frame.ends()) {
            pen.line(&piece, color, width)?;
        }
        Ok(true)
    }

    /// The curves' names, each beside its end; where two would meet, the test points' gives way and the trail's goes.
    fn names<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, frame: &Frame) -> Drawn<B> {
        let Theme { ink, ink2, test, .. } = *pen.theme;
        let size = frame.text;
        // From the top of its letters to below its descenders.
        let line = |baseline: f64| (baseline - 0.8 * size, baseline + 0.25 * size);
        let end = |fuzziness: &[Option<f64>]| frame.shown(&frame.points(fuzziness)).last().copied();
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let free = |taken: &[(f64, f64)], (top, bottom): (f64, f64)| taken.iter().all(|other| other.1 <= top || bottom <= other.0);

        if let Some((split, (x, y))) = self.train.and_then(|split| Some((split, end(&split.fuzziness)?))) {
            pen.text((x + 14.0, y - 2.0), &Label::new(self.labels.training, size, ink).bold().halo())?;
            let value = split.fuzziness.iter().take(self.layers).rev().find_map(|&d| ln(d).and(d)).unwrap_or_default();
            let text = self.labels.fuzziness.replace("{}", &number(value));
            pen.text((x + 14.0, y + size), &Label::new(&text, frame.small, ink2).halo())?;
            taken.push((line(y - 2.0).0, line(y + size).1));
        }
        let test = self.test.map(|split| (&split.fuzziness[..], self.labels.test, test));
        let compared = self.previous.iter().find(|other| matches!(other.kind, Kind::Compared(_)));
        let compared = compared.map(|other| (other.fuzziness, other.label, ink2));
        for (fuzziness, name, color) in test.into_iter().chain(compared) {
            let Some((x, y)) = end(fuzziness) else { continue };
            let wanted = y + 5.0;
            let places = taken.iter().flat_map(|&(top, bottom)| [top - 0.25 * size, bottom + 0.8 * size]);
            let nearest = |a: &f64, b: &f64| (a - wanted).abs().total_cmp(&(b - wanted).abs());
            let places = places.filter(|&baseline| free(&taken, line(baseline))).min_by(nearest);
            let baseline = if free(&taken, line(wanted)) { wanted } else { places.unwrap_or(wanted) };
            pen.text((x + 14.0, baseline), &Label::new(name, size, color).bold().halo())?;
            taken.push(line(baseline));
        }
        for trail in self.trail {
            if let Some((x, y)) = end(trail.fuzziness).filter(|&(_, y)| free(&taken, line(y + 5.0))) {
                pen.text((x + 9.0, y + 5.0), &Label::new(trail.label, frame.small, ink2).halo())?;
                taken.push(line(y + 5.0));
            }
        }
        Ok(())
    }
}
