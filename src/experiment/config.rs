//! What a run is made of. The same struct is the URL, the JSON and the JavaScript object.

use super::keys::{KEYS, Key};
use super::validate::ConfigError;
use crate::dataset::{DatasetName, RELATED};
use crate::network::{Activation, Architecture, Initialization, Normalization, Optimizer, OptimizerKind, Schedule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
    /// At the start and at the end alone: for runs of which no more is asked.
    Ends,
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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

impl Config {
    /// Reads a config from a JSON object; keys that it lacks have their defaults.
    ///
    /// # Errors
    /// The first key that does not exist, has a value that is not accepted, or does not fit the others ([`Config::check`]).
    pub fn from_json(value: &Value) -> Result<Self, ConfigError> {
        let Value::Object(given) = value else {
            return Err(ConfigError::invalid("config", value, "Use an object of settings."));
        };
        let config = Self::from_settings(given)?;
        config.check()?;
        Ok(config)
    }

    /// The config as a JSON object with every key.
    pub fn to_json(&self) -> Value {
        Value::Object(self.settings())
    }

    /// One setting in the URL's notation, such as `100x7` for `hidden`.
    ///
    /// # Errors
    /// If there is no such key.
    pub fn text(&self, name: &str) -> Result<String, ConfigError> {
        let key = Key::named(name)?;
        Ok(key.write(&self.settings()[key.name]))
    }

    /// Changes one setting, given in the URL's notation. Whether it fits the others is for [`Config::check`] to say.
    ///
    /// # Errors
    /// If there is no such key or the value is not accepted; the config is then as it was.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        let key = Key::named(name)?;
        let value = key.parse(text)?;
        let mut settings = self.settings();
        settings.insert(key.name.to_owned(), value);
        *self = Self::from_settings(&settings)?;
        Ok(())
    }

    /// The keys whose values differ from those of `other`, in the table's order.
    pub fn differing(&self, other: &Config) -> Vec<&'static Key> {
        let (ours, theirs) = (self.settings(), other.settings());
        KEYS.iter().filter(|key| ours[key.name] != theirs[key.name]).collect()
    }

    pub(super) fn settings(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(settings)) => settings,
            _ => unreachable!("a struct of plain values is a JSON object"),
        }
    }

    fn from_settings(given: &Map<String, Value>) -> Result<Self, ConfigError> {
        let mut settings = Map::new();
        for (name, value) in given {
            settings.insert(name.clone(), Key::named(name)?.read(value)?);
        }
        Ok(serde_json::from_value(Value::Object(settings)).expect("keys accept only what fits the fields"))
    }

    /// The dataset's label of the run's class `class`.
    pub fn label(&self, class: u16) -> u16 {
        self.classes.as_ref().and_then(|classes| classes.get(usize::from(class)).copied()).unwrap_or(class)
    }

    /// The run's `classes` classes, neighbours in pictures where their garments look alike.
    pub fn ring(&self, classes: usize) -> Vec<u16> {
        let classes = 0..classes as u16;
        match self.dataset {
            DatasetName::Own => classes.collect(),
            _ => RELATED.iter().filter_map(|&label| classes.clone().find(|&class| self.label(class) == label)).collect(),
        }
    }

    /// The network that this config asks for, between `inputs` features and `classes` classes.
    pub fn architecture(&self, inputs: usize, classes: usize) -> Architecture {
        Architecture {
            inputs,
            hidden: self.hidden.clone(),
            classes,
            activation: self.activation,
            negative_slope: self.negative_slope as f32,
            normalization: self.normalization,
            residual_block: self.residual_block,
        }
    }

    /// The update rule that this config asks for.
    pub fn optimizer(&self) -> Optimizer {
        Optimizer { kind: self.optimizer, momentum: self.momentum as f32, weight_decay: self.weight_decay as f32 }
    }
}
