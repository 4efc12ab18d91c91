//! Labelled points in the coordinates in which their between-class scatter is white: all that measures and pictures of them need.

use super::between::Between;
use super::error::SeparationError;
use super::linear::times;
use ndarray::ArrayView2;
use separation_kernels::Feature;

/// Points x as P (x - m), with P^T P = SSb^+: `[n x rank]` instead of `[n x d]`. Distances along the class means can be had back, for the
/// rows of P are orthogonal; what lies across them is left out.
#[derive(Clone, Debug)]
pub struct Whitened {
    pub(crate) between: Between,
    /// P (x - m_k), k the point's class `[n x rank]`, row-major. Around the class mean, so that a tight class keeps its digits.
    pub(crate) deviations: Vec<f64>,
    /// P (m_k - m) `[K x rank]`, K the classes with points.
    pub(crate) means: Vec<f64>,
}

impl Whitened {
    /// Of `features` `[n x d]`, row-major, with `labels` 0 .. `classes`.
    ///
    /// # Errors
    /// See [`SeparationError`].
    pub fn new<T: Feature>(features: ArrayView2<T>, labels: &[u16], classes: usize) -> Result<Self, SeparationError> {
        let between = Between::new(features, labels, classes)?;
        let deviations = between.project(features, &between.projection);
        Ok(Self::of(between, deviations))
    }

    /// Of points whose P (x - m_k) is known `[n x rank]`.
    pub fn of(between: Between, deviations: Vec<f64>) -> Self {
        let mut means = Vec::new();
        for class in between.deviations.chunks_exact(between.columns()) {
            means.extend_from_slice(&times(&between.projection, class));
        }
        Self { between, deviations, means }
    }

    /// The same scatter and means with a few of the points, given as P (x - m_k) [m x rank], with classes as indices into those with points.
    pub(crate) fn with_points(mut self, labels: Vec<u16>, deviations: Vec<f64>) -> Self {
        self.between.labels = labels;
        Self { deviations, ..self }
    }

    /// Their between-class scatter.
    pub fn between(&self) -> &Between {
        &self.between
    }

    /// The class of a point, as an index into the classes with points, and P (x - m).
    pub(crate) fn point(&self, row: usize) -> (usize, impl Iterator<Item = f64>) {
        let (rank, class) = (self.between.rank(), usize::from(self.between.labels[row]));
        let numbers = self.deviations[row * rank..][..rank].iter().zip(&self.means[class * rank..][..rank]);
        (class, numbers.map(|(deviation, mean)| deviation + mean))
    }

    /// `rows` [m x rank], each number multiplied by its coordinate's scale: white coordinates become those in an orthonormal basis of what
    /// the class means span, and maps of the latter become maps of the former.
    pub(crate) fn in_frame(&self, rows: &[f64]) -> Vec<f64> {
        rows.iter().zip(self.between.scales.iter().cycle()).map(|(x, scale)| x * scale).collect()
    }
}

impl Between {
    /// A (x - m_k) for each point x of class k `[n x rows]`, with `rows` A [rows x d].
    pub fn project<T: Feature>(&self, features: ArrayView2<T>, rows: &[f64]) -> Vec<f64> {
        let features = features.as_standard_layout();
        let points = features.as_slice().expect("standard layout is contiguous");
        T::project(points, &self.labels, &self.centers(), rows, self.columns())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_few_points_stand_where_they_stood_among_all() {
        let features = array![[0.0, 1.0], [2.0, 0.5], [0.5, 3.0], [2.5, -1.0], [4.0, 4.0]];
        let all = Whitened::new(features.view(), &[0, 1, 0, 1, 2], 3).unwrap();
        let at = |points: &Whitened, row| {
            let (class, place) = points.point(row);
            (class, place.collect::<Vec<_>>())
        };
        let few = all.clone().with_points(vec![1, 0], [&all.deviations[6..8], &all.deviations[..2]].concat());
        assert_eq!([at(&few, 0), at(&few, 1)], [at(&all, 3), at(&all, 0)]);
        assert_eq!(few.means, all.means);
        // Around the mean of all: the shift to it is the class's white mean.
        let (class, place) = at(&all, 3);
        let expected: Vec<f64> = (0..2).map(|axis| all.deviations[6 + axis] + all.means[2 + axis]).collect();
        assert_eq!((class, place), (1, expected));
    }
}
