//! The film strip below the decay curve: at each layer the points themselves, whose clouds are as large as D says.

use super::backend::{Drawn, Typesetting};
use super::pen::{Pen, Point};
use super::theme::Theme;
use crate::separation::Film;
use plotters_backend::DrawingBackend;

/// Half a box in the film's coordinates, and how far off its middle points are still drawn.
const REACH: f64 = 1.95;
const SHOWN: f64 = 1.82;

/// A figure lower than this, CSS px, has no strip.
pub(super) const LEAST_HEIGHT: f64 = 290.0;

/// Space above the boxes, and below them in addition to it, CSS px.
pub(super) const GAP: (f64, f64) = (10.0, 2.0);

/// From this many layers on not every layer has a box, and none has one smaller than this, CSS px.
const MANY: usize = 12;
const LEAST_BOX: f64 = 40.0;

/// The points of a record.
#[derive(Clone, Copy, Debug)]
pub struct Strip<'a> {
    /// Where they are; None keeps their boxes, so that the curve stays as high.
    pub film: Option<&'a Film>,
    /// The colour of each class: an index into [`Theme::classes`], from whose end it starts again.
    pub colors: &'a [usize],
    /// What a box shows, from the longest wording to the shortest; `{}` is the number of points.
    pub caption: &'a [&'a str],
}

/// Which layers have a box, and its side, CSS px.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boxes {
    every: usize,
    pub side: f64,
}

impl Boxes {
    /// For `layers` layers `pitch` apart, sides up to `most`.
    pub fn new(layers: usize, pitch: f64, most: f64) -> Self {
        let fill = 0.9 * pitch;
        let every = if layers < MANY { 1 } else { 2.max((LEAST_BOX / fill).ceil() as usize) };
        Self { every, side: (fill * every as f64).min(most) }
    }

    /// The input, every so many layers, and the last.
    fn layers(self, layers: usize) -> impl Iterator<Item = usize> {
        let last = layers.saturating_sub(1);
        (0..last).step_by(self.every).filter(move |layer| layer + self.every <= last).chain((layers > 0).then_some(last))
    }
}

impl Strip<'_> {
    /// Draws the boxes whose upper edge is at `top`, those of layer l around `x(l)`.
    pub(super) fn draw<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        boxes: Boxes,
        layers: usize,
        top: f64,
        x: impl Fn(f64) -> f64,
    ) -> Drawn<B> {
        let Theme { rail, classes, .. } = pen.theme;
        let Boxes { side, .. } = boxes;
        for layer in boxes.layers(layers) {
            let middle: Point = (x(layer as f64), top + side / 2.0);
            pen.bar((middle.0 - side / 2.0, top), (middle.0 + side / 2.0, top + side), *rail)?;
            for (class, [u, v]) in self.film.and_then(|film| film.layer(layer)).into_iter().flatten() {
                if u.abs().max(v.abs()) < SHOWN {
                    let unit = side / (2.0 * REACH);
                    let color = self.colors.get(class).copied().unwrap_or(class) % classes.len();
                    pen.disc((middle.0 + u * unit, middle.1 + v * unit), side / 38.0, classes[color])?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_layers_have_a_box_each_and_many_share() {
        let boxes = |layers, pitch| {
            let boxes = Boxes::new(layers, pitch, 72.0);
            (boxes.layers(layers).collect::<Vec<_>>(), boxes.side)
        };
        assert_eq!(boxes(4, 100.0), (vec![0, 1, 2, 3], 72.0));
        assert_eq!(boxes(12, 40.0), (vec![0, 2, 4, 6, 8, 11], 72.0));
        assert_eq!(boxes(20, 20.0), (vec![0, 3, 6, 9, 12, 15, 19], 54.0));
        assert_eq!(boxes(1, 500.0), (vec![0], 72.0));
        assert!(boxes(0, 500.0).0.is_empty());
    }
}
