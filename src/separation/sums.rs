//! Class means and scatter of points that come in parts.

use super::between::Between;
use super::error::SeparationError;
use super::fuzziness::Fuzziness;
use separation_kernels::Feature;

/// Class means of points that come in parts.
#[derive(Clone, Debug)]
pub struct ClassSums {
    /// The first point `[d]`: sums are around it, so that equal points have exactly their own value as mean.
    origin: Vec<f64>,
    /// [classes x d].
    sums: Vec<f64>,
}

impl ClassSums {
    /// Of `classes` classes, around a point `[d]`, best one of them.
    pub fn new<T: Feature>(classes: usize, origin: &[T]) -> Self {
        Self { origin: origin.iter().map(|&x| x.into()).collect(), sums: vec![0.0; classes * origin.len()] }
    }

    /// Adds points [m x d] with `labels` 0 .. classes.
    pub fn add<T: Feature>(&mut self, points: &[T], labels: &[u16]) {
        T::add_to_classes(points, labels, &self.origin, &mut self.sums);
    }

    /// The class means [classes x d], with the number of points of each class, none 0.
    pub fn means(self, counts: &[usize]) -> Vec<f64> {
        let Self { origin, mut sums } = self;
        for (sum, &count) in sums.chunks_exact_mut(origin.len()).zip(counts) {
            sum.iter_mut().zip(&origin).for_each(|(sum, origin)| *sum = origin + *sum / count as f64);
        }
        sums
    }
}

/// Squares of what lies within the classes, of points that come in parts.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// Sum of |P (x - m_k)|^2 by class `[K]`.
    squares: Vec<f64>,
}

impl Scatter {
    /// Of the classes of `between`, no points yet.
    pub fn new(between: &Between) -> Self {
        Self { squares: vec![0.0; between.counts.len()] }
    }

    /// Adds points, given as P (x - m_k) [m x rank], with classes as indices into those with points.
    pub fn add(&mut self, deviations: &[f64], rank: usize, labels: &[u16]) {
        for (deviation, &class) in deviations.chunks_exact(rank.max(1)).zip(labels) {
            self.squares[usize::from(class)] += deviation.iter().map(|x| x * x).sum::<f64>();
        }
    }

    /// The separation fuzziness, after all points.
    ///
    /// # Errors
    /// If class means differ by no more than rounding, or the scatter overflows float64.
    pub fn fuzziness(&self, between: &Between) -> Result<Fuzziness, SeparationError> {
        let n = between.labels.len();
        let total = self.squares.iter().sum::<f64>() / n as f64;
        if !total.is_finite() {
            return Err(SeparationError::Overflow);
        }
        // A sum of n numbers is known to n eps of their spread. Means that differ by less are equal, and their D is noise.
        if total.sqrt() * n as f64 * f64::EPSILON > 1.0 {
            return Err(SeparationError::EqualMeans);
        }
        let mut per_class = vec![None; between.classes];
        for ((&class, squares), &count) in between.present.iter().zip(&self.squares).zip(&between.counts) {
            per_class[class] = Some(squares / count as f64);
        }
        Ok(Fuzziness { total, per_class, rank: between.rank() })
    }
}
