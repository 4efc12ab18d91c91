//! Where things are in the decay curve's figure.

use super::decay::LayerAxis;
use super::film::Boxes;
use super::pen::Point;

/// Room above the highest hairline, in ln D.
pub(super) const HEADROOM: f64 = 0.15;

/// ln D, where it is defined.
pub(super) fn ln(fuzziness: Option<f64>) -> Option<f64> {
    fuzziness.filter(|d| d.is_finite() && *d > 0.0).map(f64::ln)
}

/// The smallest of 1, 2, 5, 10, 20, ... that is at least `least`.
pub(super) fn round_step(least: f64) -> usize {
    let mut decade = 1;
    loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|digit| digit * decade).find(|&step| step as f64 >= least || step > 1_000_000) {
            return step;
        }
        decade *= 10;
    }
}

/// A name's left and right end and its baseline.
pub(super) type Place = (f64, f64, f64);

/// The y axis of a curve of ln D, CSS px from the sheet's top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LnAxis {
    /// Where the highest ln D is.
    pub top: f64,
    /// Where the lowest ln D is, or D = 0 on a linear axis.
    pub bottom: f64,
    /// The lowest ln D.
    pub low: f64,
    /// The highest ln D.
    pub high: f64,
    /// What the axis spans, if that is D and not ln D: from 0 to here.
    pub peak: Option<f64>,
}

impl LnAxis {
    /// Where this ln D is.
    pub fn y(&self, value: f64) -> f64 {
        let share = match self.peak {
            Some(peak) => 1.0 - value.exp() / peak,
            None => (self.high - value) / (self.high - self.low),
        };
        self.top + (self.bottom - self.top) * share
    }

    /// The ln D at `y`, no farther than the axis goes.
    pub fn at(&self, y: f64) -> f64 {
        let share = (y - self.top) / (self.bottom - self.top);
        let value = match self.peak {
            Some(peak) => (peak * (1.0 - share).max(0.0)).ln(),
            None => self.high - (self.high - self.low) * share,
        };
        value.max(self.low).min(self.high)
    }
}

/// Where things are, CSS px.
pub(super) struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// Px from layer to layer.
    pub pitch: f64,
    pub layers: usize,
    pub low: i32,
    pub high: i32,
    /// What the y axis spans, if that is D and not ln D: from 0 to here.
    pub peak: Option<f64>,
    /// Texts.
    pub text: f64,
    pub small: f64,
    /// Radius of a training disc.
    pub disc: f64,
    /// Half a side of a test square.
    pub square: f64,
    /// A phone: short words.
    pub narrow: bool,
    /// An embed of 320 px: no words but the ends'.
    pub tiny: bool,
    /// Those of the film strip; none where there is no room.
    pub boxes: Option<Boxes>,
}

impl Frame {
    pub fn x(&self, layer: f64) -> f64 {
        self.left + self.pitch * (layer + 0.42)
    }

    pub fn y(&self, value: f64) -> f64 {
        self.axis().ln.y(value)
    }

    /// The axes, for hands.
    pub fn axis(&self) -> LayerAxis {
        let Self { top, bottom, peak, pitch, layers, .. } = *self;
        let ln = LnAxis { top, bottom, low: f64::from(self.low), high: f64::from(self.high) + HEADROOM, peak };
        LayerAxis { first: self.x(0.0), pitch, layers, ln }
    }

    /// What the hairlines stand at, and the ln D of each.
    pub fn ticks(&self) -> Vec<(i32, f64)> {
        let height = self.bottom - self.top;
        // Numbers of D are wide and its hairlines far apart.
        let (lowest, highest, pitch) = match self.peak {
            Some(peak) => (0, peak as i32, 0.5 * height / peak),
            None => (self.low, self.high, self.y(0.0) - self.y(1.0)),
        };
        let step = round_step(1.3 * self.small / pitch) as i32;
        let ln = |value: i32| if self.peak.is_some() { f64::from(value).ln() } else { f64::from(value) };
        (lowest..=highest).filter(|value| value % step == 0).map(|value| (value, ln(value))).collect()
    }

    /// A curve's points, by layer.
    pub fn points(&self, fuzziness: &[Option<f64>]) -> Vec<Option<Point>> {
        let point = |(layer, &d): (usize, &Option<f64>)| ln(d).map(|value| (self.x(layer as f64), self.y(value)));
        fuzziness.iter().take(self.layers).enumerate().map(point).collect()
    }

    /// Those of the points that the axis holds, which a ghost's need not be.
    pub fn shown(&self, points: &[Option<Point>]) -> Vec<Point> {
        points.iter().flatten().copied().filter(|point| self.holds(point)).collect()
    }

    pub fn holds(&self, &(_, y): &Point) -> bool {
        (self.top - 0.5..=self.bottom + 0.5).contains(&y)
    }

    /// Where a ghost's name of this width stands: below its end, or as near to that as the other names allow; none if that is too far.
    pub fn place(&self, (x, y): Point, width: f64, named: &[Place]) -> Option<Place> {
        let left = (x - 8.0 - width / 2.0).min(self.right - width).max(self.left);
        let line = 1.25 * self.text;
        let below = (0..3).map(|row| y + 1.75 * self.text + f64::from(row) * line).filter(|&y| y < self.bottom);
        let above = (0..3).map(|row| y - 0.9 * self.text - f64::from(row) * line).filter(|&y| y > self.top + self.text);
        let free = |y: &f64| named.iter().all(|other| left > other.1 || left + width < other.0 || (y - other.2).abs() >= line - 0.01);
        below.chain(above).find(free).map(|y| (left, left + width, y))
    }

    pub fn ends(&self) -> (f64, f64) {
        (self.top, self.bottom)
    }

    /// Whether the ends of the curves have their names beside them.
    pub fn named(&self) -> bool {
        !self.narrow
    }
}

#[cfg(test)]
mod tests {
    use super::round_step;

    #[test]
    fn steps_are_round() {
        assert_eq!([0.1, 1.0, 1.1, 3.0, 7.0, 30.0].map(round_step), [1, 1, 2, 5, 10, 50]);
        assert_eq!(round_step(f64::INFINITY), 2_000_000);
    }
}
