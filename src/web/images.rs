//! What the page and the worker that reads files of images say to each other.

use crate::images::{Images, Wanted};
use js_sys::Array;
use serde::{Deserialize, Serialize};

/// The name of such a worker. It does one task: whoever has enough of it lets the worker go, and its memory with it.
pub const WORKER: &str = "images";

/// What the page asks for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// The files that belong together: `File` objects. Only the worker reads them.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub files: Array,
    /// What is to become of them.
    pub wanted: Wanted,
}

/// What the worker tells, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum News {
    /// They are read.
    Done {
        /// What became of them.
        images: Box<Images>,
    },
    /// They cannot be read.
    Failed {
        /// File, array and reason.
        message: String,
    },
}
