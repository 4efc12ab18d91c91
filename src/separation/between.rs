//! Class means, and the coordinates in which their scatter is white: what the separation fuzziness and its pictures share.

use super::error::{MOST_CLASSES, SeparationError};
use super::singular::Singular;
use ndarray::ArrayView2;
use separation_kernels::Feature;

/// The between-class scatter SSb of labelled points, taken apart. Only the classes with points take part: labels may be sparse, and
/// memory is for those that occur.
#[derive(Clone, Debug)]
pub struct Between {
    /// Number of classes, those without points too.
    pub(crate) classes: usize,
    /// The K classes with points, ascending.
    pub(crate) present: Vec<usize>,
    /// The class of each point `[n]`, as an index into `present`.
    pub(crate) labels: Vec<u16>,
    /// Number of points of each class `[K]`.
    pub(crate) counts: Vec<usize>,
    /// The global mean m `[d]`.
    pub(crate) mean: Vec<f64>,
    /// m_k - m `[K x d]`, row-major.
    pub(crate) deviations: Vec<f64>,
    /// P `[rank x d]`, row-major: P^T P = SSb^+. Its rows are orthogonal.
    pub(crate) projection: Vec<f64>,
    /// How much shorter P makes the directions of its rows `[rank]`: the singular values of M.
    pub(crate) scales: Vec<f64>,
}

impl Between {
    /// Of `features` `[n x d]`, row-major, with `labels` 0 .. `classes`.
    ///
    /// With the columns of M = sqrt(n_k/n) (m_k - m) over the K classes that have points, SSb = M M^T, and the eigenpairs (lambda, v) of
    /// the K x K matrix M^T M give P, whose rows are M v / lambda. So it costs O(n d K), and no d x d matrix is formed. All sums are
    /// float64, of centred points.
    ///
    /// # Errors
    /// See [`SeparationError`].
    pub fn new<T: Feature>(features: ArrayView2<T>, labels: &[u16], classes: usize) -> Result<Self, SeparationError> {
        let d = features.ncols();
        let Grouped { labels, present, counts } = Grouped::new(features.dim(), labels, classes)?;
        let features = features.as_standard_layout();
        let points = features.as_slice().expect("standard layout is contiguous");
        let mean = global_mean(points, d)?;
        let deviations = class_deviations(points, d, &labels, &counts, &mean);
        let Singular { values: scales, inverse: projection, .. } = whitening(&deviations, d, &counts)?;
        Ok(Self { classes, present, labels, counts, mean, deviations, projection, scales })
    }

    /// Of points with `labels` 0 .. `classes` whose class means `[K x d]` are known, K the classes with points, ascending.
    ///
    /// # Errors
    /// See [`SeparationError`].
    pub fn of_means(labels: &[u16], classes: usize, means: &[f64]) -> Result<Self, SeparationError> {
        let Grouped { labels, present, counts } = Grouped::new((labels.len(), means.len()), labels, classes)?;
        if means.iter().any(|mean| !mean.is_finite()) {
            return Err(SeparationError::Overflow);
        }
        let d = means.len() / present.len();
        // Around the first mean, so that equal means have exactly their own value as global mean.
        let (n, first) = (labels.len() as f64, &means[..d]);
        let mut mean = first.to_vec();
        for (class, &count) in means.chunks_exact(d).zip(&counts) {
            mean.iter_mut().zip(class).zip(first).for_each(|((mean, x), origin)| *mean += count as f64 / n * (x - origin));
        }
        let sum = |(class, &count): (&[f64], &usize)| class.iter().zip(&mean).map(|(x, m)| count as f64 * (x - m)).collect::<Vec<_>>();
        let deviations = centred(means.chunks_exact(d).zip(&counts).flat_map(sum).collect(), d, &counts);
        let Singular { values: scales, inverse: projection, .. } = whitening(&deviations, d, &counts)?;
        Ok(Self { classes, present, labels, counts, mean, deviations, projection, scales })
    }

    /// Number of columns d.
    pub fn columns(&self) -> usize {
        self.mean.len()
    }

    /// The class means `[K x d]`, row-major, K the classes with points.
    pub fn centers(&self) -> Vec<f64> {
        let with_mean = |class: &[f64]| class.iter().zip(&self.mean).map(|(deviation, mean)| deviation + mean).collect::<Vec<_>>();
        self.deviations.chunks_exact(self.columns()).flat_map(with_mean).collect()
    }

    /// P `[rank x d]`, row-major: P^T P = SSb^+.
    pub fn projection(&self) -> &[f64] {
        &self.projection
    }

    /// Rank of SSb, at most min(d, K - 1) with K classes present.
    pub fn rank(&self) -> usize {
        self.projection.len() / self.mean.len()
    }
}

/// Labelled points, by the classes that have any.
struct Grouped {
    /// As in [`Between`].
    labels: Vec<u16>,
    present: Vec<usize>,
    counts: Vec<usize>,
}

impl Grouped {
    fn new(shape: (usize, usize), labels: &[u16], classes: usize) -> Result<Self, SeparationError> {
        let mut counts = class_counts(shape, labels, classes)?;
        let present: Vec<usize> = (0..classes).filter(|&class| counts[class] > 0).collect();
        let mut index = vec![0; classes];
        (0..).zip(&present).for_each(|(compact, &class)| index[class] = compact);
        let labels = labels.iter().map(|&label| index[usize::from(label)]).collect();
        counts.retain(|&count| count > 0);
        Ok(Self { labels, present, counts })
    }
}

/// Number of points in each class, once shapes and labels have been checked.
fn class_counts((n, d): (usize, usize), labels: &[u16], classes: usize) -> Result<Vec<usize>, SeparationError> {
    if n == 0 || d == 0 {
        return Err(SeparationError::Empty { points: n, columns: d });
    }
    if labels.len() != n {
        return Err(SeparationError::LabelCount { points: n, labels: labels.len() });
    }
    let mut counts = vec![0; classes];
    for (point, &label) in labels.iter().enumerate() {
        *counts.get_mut(usize::from(label)).ok_or(SeparationError::LabelOutOfRange { point, label, classes })? += 1;
    }
    match counts.iter().filter(|&&count| count > 0).count() {
        present @ ..2 => Err(SeparationError::TooFewClasses { present }),
        present if present > MOST_CLASSES => Err(SeparationError::TooManyClasses { present }),
        _ => Ok(counts),
    }
}

/// The mean of all points `[d]`, summed around the first point, so that equal points have exactly their own value as mean.
fn global_mean<T: Feature>(points: &[T], d: usize) -> Result<Vec<f64>, SeparationError> {
    let first: Vec<f64> = points[..d].iter().map(|&x| x.into()).collect();
    let mut mean = vec![0.0; d];
    T::add_to_classes(points, &vec![0; points.len() / d], &first, &mut mean);
    // A value that is not finite leaves its column's sum not finite: only then is it looked for.
    if mean.iter().any(|sum| !sum.is_finite()) {
        let found = points.iter().enumerate().map(|(i, &x)| (i, x.into())).find(|(_, value): &(usize, f64)| !value.is_finite());
        let (index, value) = found.ok_or(SeparationError::Overflow)?;
        return Err(SeparationError::NotFinite { point: index / d, column: index % d, value });
    }
    let n = (points.len() / d) as f64;
    mean.iter_mut().zip(&first).for_each(|(sum, origin)| *sum = origin + *sum / n);
    Ok(mean)
}

/// Class means less the global mean, m_k - m `[K x d]`.
fn class_deviations<T: Feature>(points: &[T], d: usize, labels: &[u16], counts: &[usize], mean: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; counts.len() * d];
    T::add_to_classes(points, labels, mean, &mut sums);
    centred(sums, d, counts)
}

/// Class deviations `[K x d]` from each class's sum of deviations `[K x d]`. The global mean is rounded; what it is off by is in every
/// class's sum and must not count as between-class scatter.
fn centred(mut sums: Vec<f64>, d: usize, counts: &[usize]) -> Vec<f64> {
    let n = counts.iter().sum::<usize>() as f64;
    let mut residue = vec![0.0; d];
    for sum in sums.chunks_exact(d) {
        residue.iter_mut().zip(sum).for_each(|(r, s)| *r += s / n);
    }
    for (sum, &count) in sums.chunks_exact_mut(d).zip(counts) {
        sum.iter_mut().zip(&residue).for_each(|(s, r)| *s = *s / count as f64 - r);
    }
    sums
}

/// The singular vectors of M; the rows of its inverse are P, so that P^T P = SSb^+.
fn whitening(deviations: &[f64], d: usize, counts: &[usize]) -> Result<Singular, SeparationError> {
    let n = counts.iter().sum::<usize>() as f64;
    let weights: Vec<f64> = counts.iter().map(|&count| (count as f64 / n).sqrt()).collect();
    Singular::new(deviations, d, &weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// Ten points of three of four classes, of which one has as many as the others together.
    fn between() -> (Between, [u16; 10]) {
        let labels = [0, 3, 3, 2, 3, 0, 2, 3, 3, 2];
        let features = Array2::from_shape_fn((10, 4), |(i, j)| ((i * 4 + j) as f64 * 12.9898).sin() + f64::from(labels[i] as usize == j));
        (Between::new(features.view(), &labels, 4).unwrap(), labels)
    }

    fn close(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn known_means_give_what_the_points_give() {
        let (of_points, labels) = between();
        let of_means = Between::of_means(&labels, 4, &of_points.centers()).unwrap();
        assert_eq!((of_means.classes, &of_means.present, &of_means.counts), (4, &vec![0, 2, 3], &vec![2, 3, 5]));
        assert_eq!(of_means.labels, of_points.labels);
        assert!(close(&of_means.mean, &of_points.mean) && close(&of_means.deviations, &of_points.deviations), "{of_means:?} {of_points:?}");
        assert!(close(&of_means.projection, &of_points.projection) && close(&of_means.scales, &of_points.scales));
    }

    #[test]
    fn known_means_that_are_equal_or_not_finite_are_refused() {
        let of = |means: [f64; 2]| Between::of_means(&[0, 1, 1], 2, &means).map(|_| ());
        assert_eq!(of([0.1, 0.1]), Err(SeparationError::EqualMeans));
        assert_eq!([of([f64::NAN, 1.0]), of([1.0, f64::INFINITY])], [Err(SeparationError::Overflow), Err(SeparationError::Overflow)]);
    }

    #[test]
    fn the_projection_makes_the_scatter_of_the_means_white() {
        let (between, _) = between();
        assert_eq!((between.columns(), between.rank(), between.projection().len()), (4, 2, 8));
        for (r, p) in between.projection().chunks(4).enumerate() {
            for (s, q) in between.projection().chunks(4).enumerate() {
                let along = |row: &[f64], mean: &[f64]| row.iter().zip(mean).map(|(x, y)| x * y).sum::<f64>();
                let classes = between.deviations.chunks(4).zip([0.2, 0.3, 0.5]);
                let scatter: f64 = classes.map(|(mean, share)| share * along(p, mean) * along(q, mean)).sum();
                assert!((scatter - f64::from(r == s)).abs() < 1e-12, "{r} {s}: {scatter}");
            }
        }
    }

    #[test]
    fn what_a_rounded_mean_is_off_by_is_taken_out() {
        // Two numbers in all around a mean that is off by 4, and four around one that is off by 2.
        assert_eq!(centred(vec![3.0, 5.0], 1, &[1, 1]), [-1.0, 1.0]);
        assert_eq!(centred(vec![2.0, 1.0, 6.0, 7.0], 2, &[1, 3]), [0.0, -1.0, 0.0, 7.0 / 3.0 - 2.0]);
    }

    #[test]
    fn the_first_value_that_is_not_finite_is_named_by_row_and_column() {
        let of = |at: usize| {
            let mut points = [1.0; 12];
            points[at] = f64::NAN;
            let features = ArrayView2::from_shape((4, 3), &points).unwrap();
            Between::new(features, &[0, 1, 0, 1], 2).map(|_| ()).unwrap_err()
        };
        for (at, (row, column)) in [(6, (2, 0)), (1, (0, 1)), (11, (3, 2))] {
            assert!(matches!(of(at), SeparationError::NotFinite { point, column: c, .. } if (point, c) == (row, column)), "{at}");
        }
    }

    #[test]
    fn as_many_classes_as_are_accepted_are_counted() {
        let labels: Vec<u16> = (0..MOST_CLASSES as u16).collect();
        assert_eq!(class_counts((MOST_CLASSES, 1), &labels, MOST_CLASSES), Ok(vec![1; MOST_CLASSES]));
    }
}
