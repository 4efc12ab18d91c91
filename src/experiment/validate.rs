//! What a config must satisfy as a whole, beyond each key's own range: that its values fit each other, the data and the memory.

use super::Config;
use super::keys::{KEYS, Kind, MOST_BATCH, either};
use super::notation;
use crate::network::Normalization;
use serde_json::Value;

/// Most memory that a run may need, in bytes. A WebAssembly module can address 4 GB, but phones end a tab at little more than one.
pub const MEMORY_LIMIT: u64 = 1_000_000_000;

/// Number of Fashion-MNIST's classes, labelled from 0.
const FASHION_CLASSES: usize = 10;

/// Why a config cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A value that is not accepted, by itself or beside the others.
    #[error("{key} is {value}. {accepted}")]
    Invalid {
        /// The setting.
        key: &'static str,
        /// Its value, as a message shows it.
        value: String,
        /// What is accepted, as a sentence.
        accepted: String,
    },
    /// A key that does not exist.
    #[error("\"{key}\" is not a setting. {}", meant(*closest))]
    UnknownKey {
        /// The key given.
        key: String,
        /// The one that was probably meant.
        closest: Option<&'static str>,
    },
    /// A run that would not fit in memory. Nothing has been allocated.
    #[error("hidden is {hidden}. That needs {} of memory. Use a network that needs at most {}.", amount(*bytes), amount(MEMORY_LIMIT))]
    TooLarge {
        /// The widths, as the URL writes them.
        hidden: String,
        /// Bytes that the run would need.
        bytes: u64,
    },
}

impl ConfigError {
    /// `value` is not accepted for `key`; `accepted` is a sentence.
    pub(super) fn invalid(key: &'static str, value: &Value, accepted: impl Into<String>) -> Self {
        Self::Invalid { key, value: notation::shown(value), accepted: accepted.into() }
    }

    /// The setting that is wrong.
    pub fn key(&self) -> &str {
        match self {
            Self::Invalid { key, .. } => key,
            Self::UnknownKey { key, .. } => key,
            Self::TooLarge { .. } => "hidden",
        }
    }
}

fn meant(closest: Option<&str>) -> String {
    match closest {
        Some(key) => format!("Did you mean \"{key}\"?"),
        None => format!("Use {}.", either(KEYS.iter().map(|key| key.name.to_owned()))),
    }
}

/// "2.5 GB", rounded up so that what is over the limit also looks like it.
fn amount(bytes: u64) -> String {
    let (unit, name) = if bytes < 1_000_000_000_000 { (1e9, "GB") } else { (1e12, "TB") };
    let amount = bytes as f64 / unit;
    format!("{} {name}", if amount < 10.0 { (amount * 10.0).ceil() / 10.0 } else { amount.ceil() })
}

/// What a run needs to know of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataShape {
    /// Features of a point.
    pub inputs: usize,
    /// Number of classes K.
    pub classes: usize,
    /// Points of the larger of training and test set.
    pub points: usize,
}

impl Config {
    /// Checks everything that does not depend on data given: each value's range, and whether the values fit each other, the bundled
    /// subset and the memory.
    ///
    /// # Errors
    /// The first key that is wrong, with its value and what is accepted.
    pub fn check(&self) -> Result<(), ConfigError> {
        let chosen = self.classes.as_ref().map(Vec::len);
        let Some(bundled) = self.dataset.bundled() else {
            // The least that the data can be; `validate` knows it exactly.
            let classes = chosen.unwrap_or((self.majority_classes as usize).max(2));
            return self.validate(DataShape { inputs: 1, classes, points: classes });
        };
        if self.classes.iter().flatten().any(|&label| usize::from(label) >= FASHION_CLASSES) {
            return Err(self.misfit("classes", format!("Use labels 0 to {}.", FASHION_CLASSES - 1)));
        }
        let (classes, available) = (chosen.unwrap_or(FASHION_CLASSES), bundled.train_per_class);
        // No subset has more test points.
        self.validate(DataShape { inputs: bundled.side.pow(2), classes, points: classes * available })?;
        if self.per_class as usize > available {
            return Err(self.misfit("perClass", format!("Use 1 to {available} with {}.", self.settings()["dataset"])));
        }
        Ok(())
    }

    /// Checks each value's range, and whether the values fit each other, the data and the memory. Allocates nothing of the run.
    ///
    /// # Errors
    /// The first key that is wrong, with its value and what is accepted.
    pub fn validate(&self, data: DataShape) -> Result<(), ConfigError> {
        let settings = self.settings();
        for key in &KEYS {
            key.read(&settings[key.name])?;
        }
        if self.majority_classes as usize > data.classes {
            return Err(self.misfit("majorityClasses", format!("Use 0 to {}.", data.classes)));
        }
        if self.batch_size == 1 && self.normalization == Normalization::Batch {
            let accepted = format!("Use 2 to {MOST_BATCH}: batch normalisation needs the variance of a batch.");
            return Err(self.misfit("batchSize", accepted));
        }
        self.check_blocks()?;
        let layers = self.hidden.len() + 1;
        if self.phases.iter().flatten().any(|phase| phase.train[1] >= layers) {
            return Err(self.misfit("phases", format!("Train layers 0 to {} or some of them: hidden has {}.", layers - 1, layers - 1)));
        }
        let bytes = self.memory(data);
        if bytes > MEMORY_LIMIT {
            return Err(ConfigError::TooLarge { hidden: notation::shown(&settings["hidden"]), bytes });
        }
        Ok(())
    }

    fn check_blocks(&self) -> Result<(), ConfigError> {
        let (r, layers) = (self.residual_block, self.hidden.len());
        if r == 0 {
            return Ok(());
        }
        if self.hidden.iter().any(|width| *width != self.hidden[0]) {
            let hidden = notation::write(Kind::Widths, &self.settings()["hidden"]);
            return Err(self.misfit("residualBlock", format!("Use 0, or hidden layers of one width: hidden is {hidden}.")));
        }
        if (layers - 1) % r != 0 {
            let fitting = (layers - (layers - 1) % r).max(1 + r);
            let accepted = format!("Use 0, or 1 + a multiple of {r} hidden layers, such as {fitting}: hidden has {layers}.");
            return Err(self.misfit("residualBlock", accepted));
        }
        Ok(())
    }

    fn misfit(&self, key: &'static str, accepted: String) -> ConfigError {
        ConfigError::invalid(key, &self.settings()[key], accepted)
    }

    /// Bytes that a run on `data` needs on the CPU, saturating; four bytes for each of
    /// - parameters x (value, gradient, the optimiser's moments),
    /// - what normalisations keep: 6 x hidden units (running mean and variance, the batch's, factor and offset),
    /// - training: batch x (inputs + classes + 2 x hidden units + 3 x widest layer): what goes into and comes out of each linear map, and the
    ///   gradients by a layer, by the one before and by a residual block's end,
    /// - data: 2 x points x inputs, for training and test,
    /// - measuring: 3 x points x widest layer: a layer's input, its output and a residual block's start.
    pub fn memory(&self, data: DataShape) -> u64 {
        let network = self.architecture(data.inputs, data.classes);
        let wide = |n: usize| n as u128;
        let (inputs, classes, points, widest) = (wide(data.inputs), wide(data.classes), wide(data.points), wide(network.widest()));
        let per_unit = if self.normalization == Normalization::None { 1 } else { 3 };
        let parameters = (0..network.layers()).map(|l| wide(network.fan_out(l)) * (wide(network.fan_in(l)) + per_unit)).sum::<u128>();
        let units = network.hidden.iter().copied().map(wide).sum::<u128>();
        let batch = wide(self.batch_size).min(points);
        let numbers = parameters * (2 + wide(self.optimizer().moments()))
            + 6 * units
            + batch * (inputs + classes + 2 * units + 3 * widest)
            + points * (2 * inputs + 3 * widest);
        u64::try_from(4 * numbers).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FASHION: DataShape = DataShape { inputs: 100, classes: 10, points: 1000 };

    #[test]
    fn memory_of_the_default_run_by_hand() {
        // 7 x 100 x (100 + 3) + 10 x (100 + 3) parameters, four numbers each; the rest as documented.
        let numbers = 4 * (72_100 + 1_030) + 6 * 700 + 128 * (110 + 2 * 700 + 3 * 100) + 1000 * (2 * 100 + 3 * 100);
        assert_eq!(Config::default().memory(FASHION), 4 * numbers);
    }

    #[test]
    fn memory_saturates_instead_of_overflowing() {
        let config = Config { hidden: vec![u32::MAX as usize; 63], ..Config::default() };
        assert_eq!(config.memory(FASHION), u64::MAX);
    }

    #[test]
    fn validate_knows_the_data() {
        let config = Config { hidden: vec![4000; 3], majority_classes: 3, ..Config::default() };
        assert_eq!(config.check(), Ok(()));
        assert!(matches!(config.validate(DataShape { classes: 2, ..FASHION }), Err(ConfigError::Invalid { key: "majorityClasses", .. })));
        assert!(
            matches!(config.validate(DataShape { inputs: 60_000, ..FASHION }), Err(ConfigError::TooLarge { bytes, .. }) if bytes > 5e9 as u64)
        );
    }
}
