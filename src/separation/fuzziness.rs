//! Separation fuzziness D = Tr(SSw SSb^+) (He & Su 2023, Eq. 1).

use super::eigen::symmetric_eigen;
use ndarray::ArrayView2;

/// The separation fuzziness of labelled points.
#[derive(Clone, Debug, PartialEq)]
pub struct Fuzziness {
    /// D = Tr(SSw SSb^+), dimensionless.
    pub total: f64,
    /// D_k = Tr(SSw_k SSb^+) by class, SSw_k the covariance of class k with 1/n_k; None for a class without points.
    pub per_class: Vec<Option<f64>>,
    /// Rank of the between-class scatter SSb, at most min(d, K - 1) with K classes present.
    pub rank: usize,
}

/// Classes with points that are accepted: the eigenvalues of their Gram matrix then take some twenty seconds.
pub const MOST_CLASSES: usize = 1000;

/// Why D is undefined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeparationError {
    /// There is nothing to measure.
    #[error("the features are [{points} x {columns}]; at least one point and one column are needed")]
    Empty {
        /// Rows of the features.
        points: usize,
        /// Columns of the features.
        columns: usize,
    },
    /// Not one label a point.
    #[error("there are {labels} labels for {points} points; one label a point is needed")]
    LabelCount {
        /// Rows of the features.
        points: usize,
        /// Length of the labels.
        labels: usize,
    },
    /// A label that no class has.
    #[error("point {point} has label {label}; with {classes} classes the labels are 0 to {last}", last = classes.saturating_sub(1))]
    LabelOutOfRange {
        /// The first such point.
        point: usize,
        /// Its label.
        label: u16,
        /// Number of classes.
        classes: usize,
    },
    /// NaN or infinity.
    #[error("point {point} is {value} in column {column}; every feature must be finite")]
    NotFinite {
        /// The first such point.
        point: usize,
        /// Its first such column.
        column: usize,
        /// The value there.
        value: f64,
    },
    /// No between-class scatter without a second class.
    #[error("{present} of the classes has points; separation needs at least two")]
    TooFewClasses {
        /// Number of classes that have points.
        present: usize,
    },
    /// More classes than their Gram matrix has eigenvalues to be had in bearable time.
    #[error("{present} classes have points; at most {MOST_CLASSES} are accepted")]
    TooManyClasses {
        /// Number of classes that have points.
        present: usize,
    },
    /// SSb = 0, to the precision with which means are known.
    #[error("all class means are equal, so nothing separates the classes and their fuzziness is undefined")]
    EqualMeans,
    /// Finite points so large or so far apart that float64 cannot hold their scatter.
    #[error("the points are too large: their scatter overflows float64")]
    Overflow,
}

/// Separation fuzziness of `features` [n x d], row-major, with `labels` 0 .. `classes`.
///
/// With the columns of M = sqrt(n_k/n) (m_k - m) over the K classes that have points, SSb = M M^T, and the eigenpairs (lambda, v) of the
/// K x K matrix M^T M give P, whose rows are M v / lambda: D is the mean over the points of |P (x - m_k)|^2. So it costs O(n d K), and no
/// d x d matrix is formed. All sums are float64, of centred points. D does not change under rotation, reflection, uniform scaling, an
/// offset, or another order of the points.
///
/// ```
/// use ndarray::array;
/// use separation_playground::separation::separation_fuzziness;
///
/// // Means 0 and 4, so SSb = 4; every point is 1 off its mean, so SSw = 1.
/// let fuzziness = separation_fuzziness(array![[-1.0], [1.0], [3.0], [5.0]].view(), &[0, 0, 1, 1], 2)?;
/// assert!((fuzziness.total - 0.25).abs() < 1e-12 && fuzziness.rank == 1);
/// # Ok::<(), separation_playground::separation::SeparationError>(())
/// ```
///
/// # Errors
/// See [`SeparationError`]: whenever D is undefined, an error and not 0 or NaN.
pub fn separation_fuzziness<T: Copy + Into<f64>>(
    features: ArrayView2<T>,
    labels: &[u16],
    classes: usize,
) -> Result<Fuzziness, SeparationError> {
    let (n, d) = features.dim();
    let all_counts = class_counts(n, d, labels, classes)?;
    // Only classes with points take part: labels may be sparse, and memory is for those that occur.
    let mut compact = vec![0; classes];
    let present = (0..classes).filter(|&class| all_counts[class] > 0);
    present.enumerate().for_each(|(index, class)| compact[class] = index as u16);
    let labels: Vec<u16> = labels.iter().map(|&label| compact[usize::from(label)]).collect();
    let labels = &labels[..];
    let counts: Vec<usize> = all_counts.iter().copied().filter(|&count| count > 0).collect();
    let features = features.as_standard_layout();
    let points = features.as_slice().expect("standard layout is contiguous");

    let mean = global_mean(points, d)?;
    let mut deviations = class_deviations(points, d, labels, &counts, &mean);
    let projection = whitening(&deviations, d, &counts)?;
    let rank = projection.len() / d;

    for center in deviations.chunks_exact_mut(d) {
        center.iter_mut().zip(&mean).for_each(|(c, m)| *c += m);
    }
    let scatter = projected_scatter(points, d, labels, &deviations, &projection);

    let total = scatter.iter().sum::<f64>() / n as f64;
    if !total.is_finite() {
        return Err(SeparationError::Overflow);
    }
    // A sum of n numbers is known to n eps of their spread. Means that differ by less are equal, and their D is noise.
    if total.sqrt() * n as f64 * f64::EPSILON > 1.0 {
        return Err(SeparationError::EqualMeans);
    }
    let share = |(class, &count): (usize, &usize)| (count > 0).then(|| scatter[usize::from(compact[class])] / count as f64);
    let per_class = all_counts.iter().enumerate().map(share).collect();
    Ok(Fuzziness { total, per_class, rank })
}

/// Number of points in each class, once shapes and labels have been checked.
fn class_counts(n: usize, d: usize, labels: &[u16], classes: usize) -> Result<Vec<usize>, SeparationError> {
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

/// The mean of all points [d], summed around the first point, so that equal points have exactly their own value as mean.
fn global_mean<T: Copy + Into<f64>>(points: &[T], d: usize) -> Result<Vec<f64>, SeparationError> {
    let first: Vec<f64> = points[..d].iter().map(|&x| x.into()).collect();
    let mut mean = vec![0.0; d];
    for row in points.chunks_exact(d) {
        for ((sum, &x), origin) in mean.iter_mut().zip(row).zip(&first) {
            *sum += x.into() - origin;
        }
    }
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

/// Class means less the global mean, m_k - m [classes x d]; 0 for a class without points.
fn class_deviations<T: Copy + Into<f64>>(points: &[T], d: usize, labels: &[u16], counts: &[usize], mean: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; counts.len() * d];
    for (row, &label) in points.chunks_exact(d).zip(labels) {
        let sum = &mut sums[usize::from(label) * d..][..d];
        for ((sum, &x), m) in sum.iter_mut().zip(row).zip(mean) {
            *sum += x.into() - m;
        }
    }
    // `mean` is rounded; what it is off by is in every class's sum and must not count as between-class scatter.
    let mut residue = vec![0.0; d];
    for sum in sums.chunks_exact(d) {
        residue.iter_mut().zip(sum).for_each(|(r, s)| *r += s / labels.len() as f64);
    }
    for (sum, &count) in sums.chunks_exact_mut(d).zip(counts).filter(|(_, count)| **count > 0) {
        sum.iter_mut().zip(&residue).for_each(|(s, r)| *s = *s / count as f64 - r);
    }
    sums
}

/// P [rank x d], whose rows are the left singular vectors of M over their singular values, so that P^T P = SSb^+.
fn whitening(deviations: &[f64], d: usize, counts: &[usize]) -> Result<Vec<f64>, SeparationError> {
    let largest = deviations.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    match largest {
        0.0 => return Err(SeparationError::EqualMeans),
        f64::INFINITY => return Err(SeparationError::Overflow),
        _ => {}
    }
    // M^T of the classes present, scaled to a largest deviation of 1: squares then neither overflow nor vanish.
    let n = counts.iter().sum::<usize>() as f64;
    let present = deviations.chunks_exact(d).zip(counts).filter(|(_, count)| **count > 0);
    let rows: Vec<Vec<f64>> = present.map(|(row, &count)| row.iter().map(|x| x / largest * (count as f64 / n).sqrt()).collect()).collect();
    let k = rows.len();

    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut gram = vec![0.0; k * k];
    for i in 0..k {
        for j in 0..=i {
            gram[i * k + j] = dot(&rows[i], &rows[j]);
            gram[j * k + i] = gram[i * k + j];
        }
    }
    let eigen = symmetric_eigen(gram, k);

    // Below this an eigenvalue is rounding noise, and its inverse would swamp D.
    let noise = d.max(k) as f64 * f64::EPSILON * eigen.values[0];
    let rank = eigen.values.iter().take(d.min(k - 1)).take_while(|&&value| value > noise).count();
    let mut projection = vec![0.0; rank * d];
    for ((p, vector), value) in projection.chunks_exact_mut(d).zip(eigen.vectors.chunks_exact(k)).zip(&eigen.values) {
        for (row, v) in rows.iter().zip(vector) {
            p.iter_mut().zip(row).for_each(|(p, x)| *p += v / value * x);
        }
        p.iter_mut().for_each(|p| *p /= largest);
    }
    Ok(projection)
}

/// Sum of |P (x - m_k)|^2 over the points of each class, around `centers` [classes x d].
///
/// Points are taken in blocks, transposed, so that the innermost loop runs over points: it fills SIMD lanes whatever the rank is.
fn projected_scatter<T: Copy + Into<f64>>(points: &[T], d: usize, labels: &[u16], centers: &[f64], projection: &[f64]) -> Vec<f64> {
    const LANES: usize = 16;
    let mut scatter = vec![0.0; centers.len() / d];
    let mut block = vec![[0.0; LANES]; d];
    for (rows, labels) in points.chunks(LANES * d).zip(labels.chunks(LANES)) {
        for (lane, (row, &label)) in rows.chunks_exact(d).zip(labels).enumerate() {
            let center = &centers[usize::from(label) * d..][..d];
            for ((column, &x), c) in block.iter_mut().zip(row).zip(center) {
                column[lane] = x.into() - c;
            }
        }
        let mut squares = [0.0; LANES];
        for p in projection.chunks_exact(d) {
            let mut dots = [0.0; LANES];
            for (p, column) in p.iter().zip(&block) {
                dots.iter_mut().zip(column).for_each(|(dot, x)| *dot += p * x);
            }
            squares.iter_mut().zip(dots).for_each(|(square, dot)| *square += dot * dot);
        }
        for (&label, square) in labels.iter().zip(squares) {
            scatter[usize::from(label)] += square;
        }
    }
    scatter
}
