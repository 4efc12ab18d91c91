//! What a run is made of. The same struct is the URL, the JSON and the JavaScript object.

use crate::network::{Activation, Initialization, Normalization, OptimizerKind, Schedule};
use serde::{Deserialize, Serialize};

/// Where the points come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DatasetName {
    /// Fashion-MNIST at 10 x 10: the first 100 training and 100 test points of each class.
    #[serde(rename = "fashion-mnist-10x10")]
    Fashion10,
    /// Fashion-MNIST at 10 x 10: the first 1000 training points of each class and the 10,000 test points.
    #[serde(rename = "fashion-mnist-10x10-large")]
    Fashion10Large,
    /// Fashion-MNIST at 28 x 28: the first 300 training and 100 test points of each class.
    #[serde(rename = "fashion-mnist-28x28")]
    Fashion28,
    /// Data given with the config.
    #[serde(rename = "own")]
    Own,
}

/// How batch normalisation takes its statistics when the separation is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchNormMode {
    /// The batch's own, on consecutive batches of 100: the released code's way.
    #[serde(rename = "batches-of-100")]
    BatchesOf100,
    /// The running averages, as when predicting.
    Running,
}

/// When a record is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordSchedule {
    /// Epochs 0 to 10 each, to 30 by 2, to 100 by 5, to 200 by 10, then by 20, and the last.
    Standard,
    /// Also each step of the first two epochs.
    EveryStep,
}

/// Which engine is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineChoice {
    /// The faster one on this machine.
    Auto,
    /// The CPU, SIMD128.
    Cpu,
    /// The GPU, through WebGPU.
    Webgpu,
}

/// A stretch of training in which only some layers learn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Phase {
    /// Number of epochs.
    pub epochs: u32,
    /// Learning-rate schedule within the phase.
    pub schedule: Schedule,
    /// First and last linear layer that learn, 0-based, both included. The others are frozen.
    pub train: [usize; 2],
}

/// Everything that determines a run. The default is the preset `fig1-adam-8`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Config {
    /// Where the points come from.
    pub dataset: DatasetName,
    /// Labels used, in this order; null is all.
    pub classes: Option<Vec<u16>>,
    /// First n training points of each class, in file order; with own data everything is used.
    pub per_class: u32,
    /// If above 0, the first so many classes get `perClass` points and the others fewer.
    pub majority_classes: u32,
    /// How many times fewer points a minority class gets.
    pub imbalance: f64,
    /// Repeat minority points up to `perClass` in each epoch's shuffle.
    pub oversample: bool,
    /// Share of each class's training points that get a uniformly random other label.
    pub label_noise: f64,
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Nonlinearity.
    pub activation: Activation,
    /// The leaky ReLU's negative slope.
    pub negative_slope: f64,
    /// Normalisation between linear map and activation.
    pub normalization: Normalization,
    /// Initial weights.
    pub init: Initialization,
    /// Layers per residual block; 0 is a plain network.
    pub residual_block: usize,
    /// Stretches of training; null is one of `epochs` and `schedule` with all layers.
    pub phases: Option<Vec<Phase>>,
    /// Update rule.
    pub optimizer: OptimizerKind,
    /// Learning rate before the schedule.
    pub learning_rate: f64,
    /// The momentum rule's coefficient.
    pub momentum: f64,
    /// L2 on every parameter, added to the gradient.
    pub weight_decay: f64,
    /// Points in a training batch.
    pub batch_size: usize,
    /// Number of epochs, if `phases` is null.
    pub epochs: u32,
    /// Learning-rate schedule, if `phases` is null.
    pub schedule: Schedule,
    /// Seed of all random numbers.
    pub seed: u32,
    /// How batch normalisation takes its statistics when measuring.
    pub measure: BatchNormMode,
    /// When a record is taken.
    pub records: RecordSchedule,
    /// Which engine is asked for.
    pub engine: EngineChoice,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dataset: DatasetName::Fashion10,
            classes: None,
            per_class: 100,
            majority_classes: 0,
            imbalance: 1.0,
            oversample: false,
            label_noise: 0.0,
            hidden: vec![100; 7],
            activation: Activation::Relu,
            negative_slope: 0.01,
            normalization: Normalization::Batch,
            init: Initialization::Torch,
            residual_block: 0,
            phases: None,
            optimizer: OptimizerKind::Adam,
            learning_rate: 1e-3,
            momentum: 0.9,
            weight_decay: 5e-4,
            batch_size: 128,
            epochs: 600,
            schedule: Schedule::Thirds,
            seed: 666,
            measure: BatchNormMode::BatchesOf100,
            records: RecordSchedule::Standard,
            engine: EngineChoice::Auto,
        }
    }
}
