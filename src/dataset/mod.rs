//! Labelled points: the IDX format, the bundled subsets, and the sample that a run trains on.

use ndarray::Array2;

/// Labelled points.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Features `[n x d]`, row-major.
    pub features: Array2<f32>,
    /// Labels 0 .. K, one a point.
    pub labels: Vec<u16>,
}

/// What a network is trained on and tested with.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Number of classes K.
    pub classes: usize,
    /// Names of the classes, K of them, as keys of the page's strings or as given.
    pub class_names: Vec<String>,
    /// Training points.
    pub train: Points,
    /// Test points, if there are any.
    pub test: Option<Points>,
}
