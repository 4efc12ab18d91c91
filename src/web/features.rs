//! What the page and the worker that reads files of features say to each other.

use crate::features::{Analysis, Place, Spatial};
use js_sys::Array;
use serde::{Deserialize, Serialize};

/// The name of such a worker. It does one task: whoever has enough of it lets the worker go, and its memory with it.
pub const WORKER: &str = "features";

/// What the page asks for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// The files, in order: `File` objects. Only the worker reads them.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub files: Array,
    /// Which array has the labels, if it was chosen.
    pub labels: Option<Place>,
    /// What becomes of further axes.
    pub spatial: Spatial,
}

/// An array that may have the labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Where it is.
    pub place: Place,
    /// "labels", or where several files have such a name "b.npz: labels".
    pub name: String,
}

/// What the worker tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum News {
    /// The headers are read.
    Opened {
        /// What may be chosen as labels.
        candidates: Vec<Candidate>,
        /// Whether an array has axes beyond the second.
        spatial: bool,
    },
    /// The arrays are chosen.
    Selected {
        /// Which has the labels.
        labels: Place,
        /// What is neither labels nor a layer: sentences with names and reasons.
        ignored: Vec<String>,
    },
    /// A layer is at work; at most ten a second.
    Progress {
        /// The layer, from 0.
        layer: usize,
        /// Number of layers.
        layers: usize,
        /// Share of that layer that is done.
        done: f64,
    },
    /// All is measured; the last that is heard.
    Done {
        /// What was found.
        analysis: Box<Analysis>,
    },
    /// It cannot be done; the last that is heard.
    Failed {
        /// File, array and reason.
        message: String,
    },
}
