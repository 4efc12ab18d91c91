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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::separation::Whitened;
    use ndarray::Array2;

    #[test]
    fn points_in_parts_give_what_all_at_once_do() {
        let labels: Vec<u16> = (0..12).map(|i| [0, 2, 2, 1, 2][i % 5]).collect();
        let features = Array2::from_shape_fn((12, 3), |(i, j)| ((i * 3 + j) as f64 * 12.9898).sin() + f64::from(labels[i] as usize == j));
        let whole = Whitened::new(features.view(), &labels, 3).unwrap();
        let points = features.as_slice().unwrap();

        let mut sums = ClassSums::new(3, &points[..3]);
        sums.add(&points[..15], &labels[..5]);
        sums.add(&points[15..], &labels[5..]);
        let means = sums.means(&whole.between().counts);
        assert_eq!(means.len(), 9);
        assert!(means.iter().zip(whole.between().centers()).all(|(a, b)| (a - b).abs() < 1e-14), "{means:?}");

        let mut scatter = Scatter::new(whole.between());
        let rank = whole.between().rank();
        scatter.add(&whole.deviations[..5 * rank], rank, &labels[..5]);
        scatter.add(&whole.deviations[5 * rank..], rank, &labels[5..]);
        let (parts, expected) = (scatter.fuzziness(whole.between()).unwrap(), whole.fuzziness().unwrap());
        assert!((parts.total - expected.total).abs() < 1e-12 * expected.total, "{parts:?} {expected:?}");
    }

    #[test]
    fn means_that_differ_by_less_than_the_rounding_of_a_sum_are_equal() {
        // 1024 points, sums of which are known to 1024 eps = 2^-42 of their spread; class means are 1 apart in white coordinates.
        let labels: Vec<u16> = (0..1024).map(|i| i % 2).collect();
        let features = Array2::from_shape_fn((1024, 1), |(i, _)| (i % 2) as f64);
        let between = Between::new(features.view(), &labels, 2).unwrap();
        let spread = |exponent: i32| {
            let mut scatter = Scatter::new(&between);
            scatter.add(&[2f64.powi(exponent); 1024], 1, &labels);
            scatter.fuzziness(&between).map(|fuzziness| fuzziness.total)
        };
        assert_eq!(spread(42), Ok(2f64.powi(84)));
        assert_eq!(spread(43), Err(SeparationError::EqualMeans));
        assert_eq!(spread(600), Err(SeparationError::Overflow));
    }
}
