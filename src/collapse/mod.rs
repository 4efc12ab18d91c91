//! Neural collapse (Papyan, Han & Donoho, PNAS 2020): in the last hidden layer points come close to their class means, and means and
//! classifier close to one simplex equiangular tight frame. Its four measures, and the picture of the simplex.

mod error;
pub mod layer_peeled;
mod measures;
mod picture;
mod procrustes;
mod simplex;
mod span;

pub use error::CollapseError;
pub use measures::{Classifier, Geometry, Layer, LayerCollapse, Nc2, NeuralCollapse, neural_collapse};
pub use picture::{MOST_PICTURED, Simplex, sample_size};
pub use procrustes::Fit;
pub use simplex::simplex;
pub use span::{MOST_CHOSEN, Span};

use serde::{Deserialize, Serialize};

/// The neural collapse of a network, with running statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collapse {
    /// At the last hidden layer, with the classifier.
    pub last: NeuralCollapse,
    /// At each layer, the input first; null where it is undefined.
    pub layers: Vec<Option<LayerCollapse>>,
    /// Means, classifier and a few of the points; only in runs whose pictures are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simplex: Option<Simplex>,
}

impl Collapse {
    /// Bytes on the heap.
    pub fn heap(&self) -> usize {
        size_of_val(&self.layers[..]) + self.simplex.as_ref().map_or(0, Simplex::heap)
    }
}
