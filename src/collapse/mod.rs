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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curves_are_by_layer_and_take_room() {
        let nc2 = Nc2 { equinorm_means: 0.1, equinorm_classifiers: 0.2, angle_means: 0.3, angle_classifiers: 0.4 };
        let last = NeuralCollapse { nc1: 1.0, nc2, nc3: 2.0, nc4: 0.5, ncc_accuracy: 0.25 };
        let layer = LayerCollapse { nc1: 5.0, means: Geometry { equinorm: 6.0, angles: 7.0 }, ncc_accuracy: 0.75 };
        let collapse = Collapse::new(last, &[None, Some(layer), None], None);
        let Collapse { nc1, equinorm, angles, ncc_accuracy, .. } = &collapse;
        for (curve, value) in [(nc1, 5.0), (equinorm, 6.0), (angles, 7.0), (ncc_accuracy, 0.75)] {
            assert_eq!(curve[..], [None, Some(value), None]);
        }
        assert_eq!(collapse.heap(), 4 * 3 * size_of::<Option<f64>>());
        let picture = Simplex::from_letters(&[0, 1], 1, 1, &"_".repeat(4 * 2 + 2 + 2)).unwrap();
        let room = picture.heap();
        assert_eq!(Collapse { simplex: Some(picture), ..collapse.clone() }.heap(), collapse.heap() + room);
    }
}
