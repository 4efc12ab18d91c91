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
