//! A layer within the span of two to four chosen classes: a line, a plane or space, in which their means are exact.

use super::picture::Simplex;
use super::procrustes::Fit;
use super::simplex::simplex;

/// Most classes that a picture in space shows exactly.
pub const MOST_CHOSEN: usize = 4;

/// The picture of a layer in 1, 2 or 3 coordinates. The means of the chosen classes are congruent to the measured ones, but for one scale;
/// everything else is projected orthogonally on what they span.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Coordinates of a place: one less than the classes chosen.
    pub dim: usize,
    /// The vertices of the chosen classes' ideal simplex, of radius 1, in the order chosen [chosen x dim].
    pub ideal: Vec<f64>,
    /// The means of all classes `[K x dim]`.
    pub means: Vec<f64>,
    /// The classifier's rows `[K x dim]`; None but for the last layer.
    pub classifier: Option<Vec<f64>>,
    /// The points [points x dim].
    pub points: Vec<f64>,
}

impl Span {
    /// Of `layer` of `picture`, with 2 to 4 different classes of it `chosen`. None with other classes, where the layer has no picture, and
    /// where the means of the chosen classes are equal.
    pub fn new(picture: &Simplex, layer: usize, chosen: &[u16]) -> Option<Self> {
        let frame = picture.dim();
        let different = (1..chosen.len()).all(|at| !chosen[..at].contains(&chosen[at]));
        if !(2..=MOST_CHOSEN).contains(&chosen.len()) || !different {
            return None;
        }
        let means = picture.means(layer)?;
        let mut of_chosen = Vec::new();
        for &class in chosen {
            of_chosen.extend_from_slice(means.chunks_exact(frame).nth(class.into())?);
        }
        let ideal = simplex(&Vec::from_iter(0..chosen.len() as u16));
        let fit = Fit::new(&of_chosen, frame, &ideal).ok()?;
        let places = |rows: &[f64]| rows.chunks_exact(frame).map(|row| fit.place(row)).collect::<Vec<_>>().concat();
        let turned = |rows: Vec<f64>| rows.chunks_exact(frame).map(|row| fit.turn(row)).collect::<Vec<_>>().concat();
        Some(Self {
            dim: chosen.len() - 1,
            means: places(&means),
            classifier: picture.classifier(layer).map(|rows| turned(rows).into_iter().map(|x| x * fit.scale()).collect()),
            points: places(&picture.points(layer)?),
            ideal,
        })
    }
}
