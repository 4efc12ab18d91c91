//! What is written down at a moment of a run.

use super::config::BatchNormMode;
use crate::collapse::{Collapse, Minority};
use crate::separation::{Film, Fuzziness, Law, SeparationError, fit_law};
use serde::{Deserialize, Serialize};

/// The separation of one set of points, layer by layer. Layer 0 is the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Split {
    /// How batch normalisation took its statistics.
    pub mode: BatchNormMode,
    /// Separation fuzziness D by layer; null where it is undefined.
    pub fuzziness: Vec<Option<f64>>,
    /// D_k, `[layer][class]`; null for a class without points.
    pub per_class: Vec<Vec<Option<f64>>>,
    /// Rank of the between-class scatter by layer; 0 where D is undefined.
    pub rank: Vec<usize>,
    /// The fit of ln D on the layers; null with fewer than 3 usable layers.
    pub law: Option<Law>,
    /// A few of the points themselves; only in runs that are filmed, of training points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub film: Option<Film>,
}

impl Split {
    /// What an engine measured, with the law's fit.
    pub fn new(mode: BatchNormMode, classes: usize, layers: &[Result<Fuzziness, SeparationError>]) -> Self {
        let fuzziness: Vec<_> = layers.iter().map(|layer| layer.as_ref().ok().map(|f| f.total)).collect();
        Self {
            mode,
            per_class: layers.iter().map(|layer| layer.as_ref().map_or(vec![None; classes], |f| f.per_class.clone())).collect(),
            rank: layers.iter().map(|layer| layer.as_ref().map_or(0, |f| f.rank)).collect(),
            law: fit_law(&fuzziness),
            fuzziness,
            film: None,
        }
    }

    /// Bytes on the heap.
    fn heap(&self) -> usize {
        size_of_val(&self.fuzziness[..])
            + size_of_val(&self.per_class[..])
            + self.per_class.iter().map(|layer| size_of_val(&layer[..])).sum::<usize>()
            + size_of_val(&self.rank[..])
            + self.law.as_ref().map_or(0, |law| size_of_val(&law.layers[..]))
            + self.film.as_ref().map_or(0, Film::heap)
    }
}

/// The state of a run at a moment, measured. Never NaN: what is undefined is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Epochs trained; fractional within an epoch.
    pub epoch: f64,
    /// Mean cross-entropy over the training points, in evaluation mode.
    pub loss: f64,
    /// The learning rate of the next step.
    pub learning_rate: f64,
    /// Share of training points classified as labelled, in evaluation mode.
    pub train_accuracy: f64,
    /// Share of test points classified as labelled; null without test points.
    pub test_accuracy: Option<f64>,
    /// Training points, measured the config's way.
    pub train: Split,
    /// Training points, with running statistics.
    pub train_running: Split,
    /// Test points around their own class means, with running statistics.
    pub test: Option<Split>,
    /// Neural collapse of the training points; null where it is undefined at the last hidden layer.
    #[serde(default)]
    pub collapse: Option<Collapse>,
    /// Minority Collapse, accuracy that of the test points; null without majority classes.
    #[serde(default)]
    pub minority: Option<Minority>,
}

impl Record {
    /// The same without the simplex picture, which is most of it: what is kept where nothing is drawn.
    pub fn without_simplex(mut self) -> Self {
        self.collapse.iter_mut().for_each(|collapse| collapse.simplex = None);
        self
    }

    /// The same without the points' places, film and simplex picture, which only drawings need: what leaves the page.
    pub fn without_points(self) -> Self {
        let mut record = self.without_simplex();
        for split in [&mut record.train, &mut record.train_running].into_iter().chain(&mut record.test) {
            split.film = None;
        }
        record
    }

    /// Bytes in memory, capacity not yet used left out.
    pub fn size(&self) -> usize {
        let collapse = self.collapse.as_ref().map_or(0, Collapse::heap);
        size_of::<Self>() + self.train.heap() + self.train_running.heap() + self.test.as_ref().map_or(0, Split::heap) + collapse
    }
}
