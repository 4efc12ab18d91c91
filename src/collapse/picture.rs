//! The simplex picture: class means, classifier and a few points of each layer, in the frame in which the ideal simplex stands still.

mod letters;

use super::measures::{Classifier, norm};
use super::procrustes::Fit;
use super::simplex::simplex;
use crate::separation::{Cast, Whitened, dot, times};
use serde::{Deserialize, Serialize};

/// Most classes of a picture: the means alone are K (K-1) numbers a layer.
pub const MOST_PICTURED: usize = 100;

/// Most points of a class.
const MOST_OF_CLASS: usize = 100;

/// Most coordinates of points in a record, 200 KB: the 65 records of a run of 20 layers then stay within the history's 16 MB, and 10
/// classes of 100 points over 8 layers are whole.
const MOST_COORDINATES: usize = 100_000;

/// Steps of a point's coordinate in 1, the radius of the simplex: a seventh of a pixel where that is 150 pixels. Points up to 32 radii away
/// have a place.
const STEPS: f64 = 1024.0;

/// How many points the picture of a network with so many layers, the input counted, shows of so many classes.
pub fn sample_size(classes: usize, layers: usize) -> usize {
    let affordable = MOST_COORDINATES / (layers * classes.saturating_sub(1)).max(1);
    (MOST_OF_CLASS * classes).min(affordable.max(classes))
}

/// Places in the frame of each layer, K-1 coordinates each, in which the ideal [`simplex`] has radius 1. Each layer is turned, scaled and
/// shifted as a whole by its own [`Fit`], so that its class means are true to their shape, and points and classifier their shadows.
///
/// Means and classifier are f32: few, and angles are read off them. Points are fixed-point i16, for there are many: half the size of f32,
/// and unlike i8 fine enough that a cloud that is looked at closely is no grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simplex {
    /// Each class once: clockwise, from the top of the polygon that the first two coordinates are.
    ring: Vec<u16>,
    /// Number of points of each class `[K]`: the points stand class by class.
    #[serde(with = "serde_bytes")]
    counts: Vec<u8>,
    /// [layers x K x (K-1)], f32, little-endian; NaN where a layer has no picture.
    #[serde(with = "serde_bytes")]
    means: Vec<u8>,
    /// The classifier's rows, in the frame of the last layer `[K x (K-1)]`, f32, little-endian; empty where that has no picture.
    #[serde(with = "serde_bytes")]
    classifier: Vec<u8>,
    /// [layers x points x (K-1)], i16, little-endian.
    #[serde(with = "serde_bytes")]
    points: Vec<u8>,
}

impl Simplex {
    /// A picture of `cast`, without a layer yet.
    pub fn new(cast: &Cast) -> Self {
        let (ring, counts) = (cast.ring().to_vec(), cast.counts().to_vec());
        Self { ring, counts, means: Vec::new(), classifier: Vec::new(), points: Vec::new() }
    }

    /// Adds a layer, of all points, with the classifier behind it if there is one. A layer has no picture where it is None, where a class
    /// has no points, and where the means of three or more classes lie on a line.
    pub fn push(&mut self, cast: &Cast, layer: Option<&Whitened>, classifier: Option<&Classifier>) {
        let (classes, dim) = (self.classes(), self.dim());
        let drawn = layer.and_then(|layer| {
            let frame = layer.in_frame(&layer.means);
            let whole = layer.between.present.len() == classes;
            let fit = whole.then(|| Fit::new(&frame, layer.between.rank(), &self.ideal()).ok())??;
            (fit.rank() >= dim.min(2)).then_some((layer, frame, fit))
        });
        let Some((layer, frame, fit)) = drawn else {
            put(&mut self.means, &vec![f64::NAN; classes * dim]);
            self.points.resize(self.points.len() + 2 * dim * self.shown(), 0);
            return;
        };
        let rank = layer.between.rank();
        for mean in frame.chunks_exact(rank) {
            put(&mut self.means, &fit.place(mean));
        }
        let mut framed = vec![0.0; rank];
        for &row in cast.rows() {
            let white = layer.point(row as usize).1;
            framed.iter_mut().zip(white).zip(&layer.between.scales).for_each(|((to, white), scale)| *to = white * scale);
            for x in fit.place(&framed) {
                self.points.extend_from_slice(&((x * STEPS).round() as i16).to_le_bytes());
            }
        }
        if let Some(classifier) = classifier {
            let length = (classes as f64).sqrt() / norm(classifier.weight());
            for row in classifier.weight().chunks_exact(layer.between.columns()) {
                // The rows of P are the frame's axes over their scales.
                let mut place = fit.turn(&layer.in_frame(&times(&layer.between.projection, row)));
                place.iter_mut().for_each(|x| *x *= length);
                put(&mut self.classifier, &place);
            }
        }
    }

    /// Number of classes K.
    pub fn classes(&self) -> usize {
        self.ring.len()
    }

    /// Coordinates of a place, K - 1.
    pub fn dim(&self) -> usize {
        self.classes().saturating_sub(1)
    }

    /// Number of layers, the input counted.
    pub fn layers(&self) -> usize {
        self.means.len() / (4 * self.classes() * self.dim()).max(1)
    }

    /// Number of points shown.
    pub fn shown(&self) -> usize {
        self.counts.iter().map(|&count| usize::from(count)).sum()
    }

    /// The class of each point shown.
    pub fn labels(&self) -> impl Iterator<Item = usize> {
        self.counts.iter().enumerate().flat_map(|(class, &count)| (0..count).map(move |_| class))
    }

    /// The vertices of the ideal simplex `[K x (K-1)]`, row-major. The first two coordinates are a regular polygon: see [`simplex`].
    pub fn ideal(&self) -> Vec<f64> {
        simplex(&self.ring)
    }

    /// The class means of a layer `[K x (K-1)]`, row-major; None where it has no picture.
    pub fn means(&self, layer: usize) -> Option<Vec<f64>> {
        let length = self.classes() * self.dim();
        let means = numbers(self.means.as_chunks().0.get(layer * length..(layer + 1) * length)?);
        means.first().is_some_and(|mean| !mean.is_nan()).then_some(means)
    }

    /// The classifier's rows in the frame of a layer `[K x (K-1)]`, row-major, scaled as NC3 does it: on the means where both are dual.
    /// None but for the last layer.
    pub fn classifier(&self, layer: usize) -> Option<Vec<f64>> {
        (layer + 1 == self.layers() && !self.classifier.is_empty()).then(|| numbers(self.classifier.as_chunks().0))
    }

    /// The points of a layer [points x (K-1)], row-major; None where it has no picture.
    pub fn points(&self, layer: usize) -> Option<Vec<f64>> {
        self.means(layer)?;
        let length = self.shown() * self.dim();
        let points = self.points.as_chunks().0.get(layer * length..(layer + 1) * length)?;
        Some(points.iter().map(|&bytes| f64::from(i16::from_le_bytes(bytes)) / STEPS).collect())
    }

    /// The cosines between the class means of a layer `[K x K]`, row-major; None where it has no picture, 0 for a mean at the center.
    pub fn cosines(&self, layer: usize) -> Option<Vec<f64>> {
        let means = self.means(layer)?;
        let rows = || means.chunks_exact(self.dim());
        let cosine = |a: &[f64], b: &[f64]| match (dot(a, a) * dot(b, b)).sqrt() {
            0.0 => 0.0,
            lengths => (dot(a, b) / lengths).clamp(-1.0, 1.0),
        };
        Some(rows().flat_map(|a| rows().map(|b| cosine(a, b)).collect::<Vec<_>>()).collect())
    }

    /// Bytes on the heap.
    pub fn heap(&self) -> usize {
        2 * self.ring.len() + self.counts.len() + self.means.len() + self.classifier.len() + self.points.len()
    }
}

/// Adds numbers as f32, little-endian.
fn put(bytes: &mut Vec<u8>, numbers: &[f64]) {
    for &x in numbers {
        bytes.extend_from_slice(&(x as f32).to_le_bytes());
    }
}

/// And back.
fn numbers(bytes: &[[u8; 4]]) -> Vec<f64> {
    bytes.iter().map(|&bytes| f64::from(f32::from_le_bytes(bytes))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// A layer of twelve points of three classes, seven of which are shown, and a classifier.
    fn picture() -> Simplex {
        let labels: Vec<u16> = (0..12).map(|i| i % 3).collect();
        let features = Array2::from_shape_fn((12, 4), |(i, j)| ((i * 4 + j) as f64 * 12.9898).sin() + 3.0 * f64::from(i % 3 == j));
        let cast = Cast::of_most(&labels, &[2, 0, 1], 7);
        let classifier = Classifier::new((0..12).map(|i| f64::from(i).cos()).collect(), vec![0.0; 3], 4).unwrap();
        let mut picture = Simplex::new(&cast);
        picture.push(&cast, Whitened::new(features.view(), &labels, 3).ok().as_ref(), Some(&classifier));
        picture
    }

    #[test]
    fn it_takes_as_much_room_as_its_numbers() {
        let picture = picture();
        assert_eq!((picture.classes(), picture.dim(), picture.layers(), picture.shown()), (3, 2, 1, 6));
        // Ring and counts, means and classifier in f32, points in i16.
        assert_eq!(picture.heap(), 3 * 2 + 3 + 6 * 4 + 6 * 4 + 6 * 2 * 2);
    }

    #[test]
    fn the_classifier_is_as_long_as_the_simplex() {
        let rows = picture().classifier(0).unwrap();
        // The quadratic mean of its rows is 1 in its own space; of what lies in the frame it cannot be more.
        let square = dot(&rows, &rows) / 3.0;
        assert!(square > 0.0 && square <= 1.0 + 1e-6, "{square}");
    }

    #[test]
    fn labels_are_those_of_the_points_shown() {
        assert!(picture().labels().eq([0, 0, 1, 1, 2, 2]));
    }

    #[test]
    fn f32_and_back() {
        let mut bytes = Vec::new();
        put(&mut bytes, &[0.5, -3.0]);
        put(&mut bytes, &[f64::NAN]);
        let read = numbers(bytes.as_chunks().0);
        assert!(read[..2] == [0.5, -3.0] && read[2].is_nan() && read.len() == 3, "{read:?}");
    }
}
