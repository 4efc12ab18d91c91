//! Separation fuzziness D = Tr(SSw SSb^+) (He & Su 2023, Eq. 1).

use ndarray::ArrayView2;

/// The separation fuzziness of labelled points.
#[derive(Clone, Debug, PartialEq)]
pub struct Fuzziness {
    /// D = Tr(SSw SSb^+), dimensionless.
    pub total: f64,
    /// D_k = Tr(SSw_k SSb^+) by class; None for a class without points.
    pub per_class: Vec<Option<f64>>,
    /// Rank of the between-class scatter SSb.
    pub rank: usize,
}

/// Why D is undefined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeparationError {}

/// Separation fuzziness of `features` [n x d], row-major, with `labels` 0 .. `classes`.
pub fn separation_fuzziness<T: Copy + Into<f64>>(
    features: ArrayView2<T>,
    labels: &[u16],
    classes: usize,
) -> Result<Fuzziness, SeparationError> {
    let _ = (features, labels, classes);
    todo!()
}
