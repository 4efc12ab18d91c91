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

    /// A link's `text` is not accepted for `key`; `accepted` is what is.
    pub(super) fn in_link(key: &'static str, text: &str, accepted: String) -> Self {
        Self::invalid(key, &text.into(), format!("Use {accepted}."))
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
        self.check_classes(FASHION_CLASSES, &[])?;
        let (classes, available) = (chosen.unwrap_or(FASHION_CLASSES), bundled.train_per_class);
        // No subset has more test points.
        self.validate(DataShape { inputs: bundled.side.pow(2), classes, points: classes * available })?;
        if self.per_class as usize > available {
            return Err(self.misfit("perClass", format!("Use 1 to {available} with {}.", self.settings()["dataset"])));
        }
        Ok(())
    }

    /// Checks what [`Self::check`] cannot know of own data: whether they, with the labels `names` and so many `inputs`, have what is chosen
    /// of them.
    ///
    /// # Errors
    /// The first key that is wrong, with its value and what is accepted.
    pub fn check_own(&self, names: &[String], inputs: usize) -> Result<(), ConfigError> {
        let numbered = names.iter().enumerate().all(|(class, name)| *name == class.to_string());
        self.check_classes(names.len(), if numbered { &[] } else { names })?;
        let classes = self.classes.as_ref().map_or(names.len(), Vec::len);
        // The least points that there can be; `validate` knows them exactly.
        self.validate(DataShape { inputs, classes, points: classes })
    }

    /// Checks that the data, whose classes are 0 to `available` - 1, have those chosen; `names` are their labels, ascending, if they are others.
    fn check_classes(&self, available: usize, names: &[String]) -> Result<(), ConfigError> {
        if self.classes.iter().flatten().all(|&class| usize::from(class) < available) {
            return Ok(());
        }
        let last = available.saturating_sub(1);
        Err(self.misfit(
            "classes",
            match names {
                [first, .., end] => format!("Use 0 to {last}, the labels' places: 0 is label {first}, {last} is label {end}."),
                _ => format!("Use labels 0 to {last}."),
            },
        ))
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
    use crate::experiment::DatasetName;

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
    fn own_data_have_the_classes_that_they_have() {
        let labels = |labels: &[&str]| labels.iter().map(|label| label.to_string()).collect::<Vec<_>>();
        let known = labels(&["0", "1", "2"]);
        let of = |names: &[String], classes: &[u16], majority_classes| {
            let config = Config { dataset: DatasetName::Own, classes: Some(classes.to_vec()), majority_classes, ..Config::default() };
            assert_eq!(config.check(), Ok(()));
            config.check_own(names, 100).map_err(|error| error.to_string())
        };
        assert_eq!(of(&known, &[2, 0], 2), Ok(()));
        assert_eq!(of(&known, &[0, 1, 7], 0), Err("classes is 0,1,7. Use labels 0 to 2.".to_owned()));
        let message = "classes is 0,2. Use 0 to 1, the labels' places: 0 is label 0, 1 is label 2.";
        assert_eq!(of(&labels(&["0", "2"]), &[0, 2], 0), Err(message.to_owned()));
        let all = Config { dataset: DatasetName::Own, majority_classes: 4, ..Config::default() };
        assert!(matches!(all.check_own(&known, 100), Err(ConfigError::Invalid { key: "majorityClasses", .. })));
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
