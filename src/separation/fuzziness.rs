//! Separation fuzziness D = Tr(SSw SSb^+) (He & Su 2023, Eq. 1).

use super::error::SeparationError;
use super::sums::Scatter;
use super::whitened::Whitened;
use ndarray::ArrayView2;
use separation_kernels::Feature;

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

/// Separation fuzziness of `features` `[n x d]`, row-major, with `labels` 0 .. `classes`: the mean over the points of |P (x - m_k)|^2,
/// where P^T P = SSb^+. It does not change under rotation, reflection, uniform scaling, an offset, or another order of the points.
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
pub fn separation_fuzziness<T: Feature>(features: ArrayView2<T>, labels: &[u16], classes: usize) -> Result<Fuzziness, SeparationError> {
    Whitened::new(features, labels, classes)?.fuzziness()
}

impl Whitened {
    /// The separation fuzziness of the points.
    ///
    /// # Errors
    /// If class means differ by no more than rounding, or the scatter overflows float64.
    pub fn fuzziness(&self) -> Result<Fuzziness, SeparationError> {
        let mut scatter = Scatter::new(&self.between);
        scatter.add(&self.deviations, self.between.rank(), &self.between.labels);
        scatter.fuzziness(&self.between)
    }
}
