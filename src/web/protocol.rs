//! What the page and the worker say to each other.

use crate::experiment::{Config, EngineChoice, History, Record};
use crate::images::Images;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// A fresh run of `config`, numbered `run` by the page; it takes the place of the one before, unless it cannot be made.
    Configure {
        /// The run's number.
        run: u32,
        /// What it is made of.
        config: Box<Config>,
        /// Whether its records carry a film.
        film: bool,
    },
    /// The reader's own images, for the runs to come that are of dataset "own".
    Images {
        /// The images.
        images: Box<Images>,
    },
    /// The run that this worker's session stored, or where there is none a fresh run of `config`; numbered `run` by the page.
    Recall {
        /// The run's number.
        run: u32,
        /// What a fresh run is made of.
        config: Box<Config>,
    },
    /// The run in a file; it takes the place of the one before, unless the file is refused.
    Open {
        /// The run's number.
        run: u32,
        /// The file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// Give run `run` as a file.
    Save {
        /// The run's number.
        run: u32,
    },
    /// Train run `run`, unless it could not be made, up to the config's epochs.
    Train {
        /// The run's number.
        run: u32,
    },
    /// Stop at the end of the epoch if that is near, else at once.
    Pause,
    /// Train run `run`, unless it could not be made, up to the end of the epoch.
    Step {
        /// The run's number.
        run: u32,
    },
    /// Go on with run `run` on another engine, from where it stands.
    Move {
        /// The run's number.
        run: u32,
        /// The engine asked for.
        engine: EngineChoice,
    },
}

/// What computes a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Processor {
    /// "cpu" or "webgpu".
    pub engine: String,
    /// The GPU that computes, or one that is a program on the CPU and was not asked for; empty if there is none of them.
    pub adapter: String,
    /// Whether that GPU is a program on the CPU.
    pub software: bool,
    /// Why the GPU that was asked for does not compute; empty if it does, or was not.
    pub refused: String,
}

/// What failed under a run, and where it goes on: a GPU, for which the CPU takes over, or a worker, for which another does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fallback {
    /// What was said of it.
    pub reason: String,
    /// Epochs trained by then, fractional.
    pub lost: f64,
    /// Epochs trained from which the run goes on, fractional.
    pub back: f64,
}

/// What the worker tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A run stands.
    Ready {
        /// What it is made of.
        config: Box<Config>,
        /// What is recorded of it: for a fresh run that of epoch 0.
        records: History,
        /// Training points of each class.
        class_counts: Vec<usize>,
        /// What computes it.
        processor: Processor,
        /// Epochs that the config asks for.
        epochs: u32,
        /// Training steps in an epoch.
        steps_in_epoch: usize,
        /// Training points visited in an epoch.
        points_in_epoch: usize,
    },
    /// The session stored the reader's own images.
    Images {
        /// The images.
        images: Box<Images>,
    },
    /// The bundled images are being loaded; at most ten a second.
    Loading {
        /// Bytes that are there.
        bytes: f64,
    },
    /// The run was stored, for the first time again; or it cannot be.
    Stored {
        /// Why it is not stored; empty if it is.
        refused: String,
    },
    /// Another engine computes from now on.
    Moved {
        /// Which one.
        processor: Processor,
        /// Why, if the one before failed.
        fallback: Option<Fallback>,
    },
    /// Training goes on; at most ten a second.
    Progress {
        /// Epochs trained, fractional.
        epoch: f64,
        /// Training steps a second, measuring left out.
        steps_per_second: f64,
    },
    /// The run was measured.
    Record {
        /// What was measured.
        record: Box<Record>,
    },
    /// Training stopped before its end; a record of this moment came before.
    Paused {
        /// Epochs trained, fractional.
        epoch: f64,
    },
    /// The config's epochs are trained; a record of the end came before.
    Finished {
        /// Epochs trained.
        epoch: f64,
    },
    /// The run as a file.
    Saved {
        /// The file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// The run could not be made, or cannot go on.
    Failed {
        /// What was wrong and what would be accepted.
        message: String,
    },
}

/// An event and the run that it is about, so that the page can drop what a replaced run still says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The run's number.
    pub run: u32,
    /// What happened.
    pub event: Event,
}

/// A message as a plain JavaScript object; bytes are typed arrays.
///
/// # Errors
/// If `message` has no such form; those of this module all have.
pub fn pack<T: Serialize>(message: &T) -> Result<JsValue, JsValue> {
    Ok(message.serialize(&serde_wasm_bindgen::Serializer::json_compatible().serialize_bytes_as_arrays(false))?)
}

/// A message from a plain JavaScript object.
///
/// # Errors
/// If `value` is not such a message.
pub fn unpack<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}
