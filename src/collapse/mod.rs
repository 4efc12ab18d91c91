//! Neural collapse (Papyan, Han & Donoho, PNAS 2020): in the last hidden layer points come close to their class means, and means and
//! classifier close to one simplex equiangular tight frame. Its four measures, and the picture of the simplex.

mod error;
pub mod layer_peeled;
mod measures;
mod minority;
mod picture;
mod procrustes;
mod simplex;
mod span;

pub use error::CollapseError;
pub use measures::{Classifier, Geometry, Layer, LayerCollapse, LayerSums, Nc2, NeuralCollapse, neural_collapse};
pub use minority::Minority;
pub use picture::{MOST_PICTURED, Simplex, sample_size};
pub use procrustes::Fit;
pub use simplex::simplex;
pub use span::{MOST_CHOSEN, Span};

use serde::{Deserialize, Serialize};

/// The neural collapse of a network, with running statistics. The curves are by layer, the input first, and null where they are undefined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collapse {
    /// At the last hidden layer, with the classifier.
    pub last: NeuralCollapse,
    /// NC1.
    pub nc1: Vec<Option<f64>>,
    /// Spread of the lengths of the class means around their mean.
    pub equinorm: Vec<Option<f64>>,
    /// Deviation of the angles between the class means.
    pub angles: Vec<Option<f64>>,
    /// Share of points nearest to their own class's mean.
    pub ncc_accuracy: Vec<Option<f64>>,
    /// Means, classifier and a few of the points; only in runs whose pictures are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simplex: Option<Simplex>,
}

impl Collapse {
    /// Of what was measured at each layer.
    pub fn new(last: NeuralCollapse, layers: &[Option<LayerCollapse>], simplex: Option<Simplex>) -> Self {
        let curve = |of: fn(&LayerCollapse) -> f64| layers.iter().map(|layer| layer.as_ref().map(of)).collect();
        Self {
            last,
            nc1: curve(|layer| layer.nc1),
            equinorm: curve(|layer| layer.means.equinorm),
            angles: curve(|layer| layer.means.angles),
            ncc_accuracy: curve(|layer| layer.ncc_accuracy),
            simplex,
        }
    }

    /// Bytes on the heap.
    pub fn heap(&self) -> usize {
        4 * size_of_val(&self.nc1[..]) + self.simplex.as_ref().map_or(0, Simplex::heap)
    }
}
