//! What the panel of Minority Collapse shows and trains: the part of a link that is about it.

use super::config::{BatchNormMode, Config, RecordSchedule};
use super::keys::{Key, Kind};
use super::validate::ConfigError;
use crate::collapse::layer_peeled::LayerPeeled;
use crate::dataset::DatasetName;
use crate::network::OptimizerKind;

/// The panel's keys, in the order in which a link writes them.
const KEYS: [Key; 8] = [
    Key::new("peeledClasses", Kind::Integer { least: 2, most: 20 }),
    Key::new("peeledMajority", Kind::Integer { least: 0, most: 20 }),
    Key::new("peeledImbalance", Kind::Number { least: 1.0, most: 1e4 }),
    Key::new("peeledFeatures", Kind::Number { least: 0.1, most: 100.0 }),
    Key::new("peeledClassifiers", Kind::Number { least: 0.1, most: 100.0 }),
    Key::new("minorityEpochs", Kind::Integer { least: 1, most: 1000 }),
    Key::new("minorityPerClass", Kind::Integer { least: 10, most: 1000 }),
    Key::new("minorityOversample", Kind::Flag),
];

/// Imbalances at which networks are trained.
pub const TRAINED_RATIOS: [f64; 7] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0];
/// Majority classes of these networks, of ten.
const TRAINED_MAJORITY: u32 = 5;

/// Settings of the layer-peeled model, and of the networks trained beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct MinorityView {
    /// The model shown.
    pub model: LayerPeeled,
    /// Epochs of each network.
    pub epochs: u32,
    /// Points of a majority class.
    pub per_class: u32,
    /// Whether the next networks see minority points as often as the others.
    pub oversample: bool,
}

impl Default for MinorityView {
    /// The setting of the paper's figure, where its minority classifiers are about to collapse.
    fn default() -> Self {
        let model =
            LayerPeeled { classes: 10, majority: 5, imbalance: 10.0, energy_features: 5.0, energy_classifiers: 1.0, dimensions: None };
        Self { model, epochs: 60, per_class: 1000, oversample: false }
    }
}

impl MinorityView {
    /// Takes over the value of a key of a link; whether the key is one of these.
    ///
    /// # Errors
    /// If the value is not accepted.
    pub fn read(&mut self, name: &str, text: &str) -> Result<bool, ConfigError> {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else { return Ok(false) };
        let value = key.parse(text)?;
        let number = value.as_f64().unwrap_or_default();
        match key.name {
            "peeledClasses" => self.model.classes = number as usize,
            "peeledMajority" => self.model.majority = number as usize,
            "peeledImbalance" => self.model.imbalance = number,
            "peeledFeatures" => self.model.energy_features = number,
            "peeledClassifiers" => self.model.energy_classifiers = number,
            "minorityEpochs" => self.epochs = number as u32,
            "minorityPerClass" => self.per_class = number as u32,
            _ => self.oversample = value == true,
        }
        Ok(true)
    }

    /// Gives up more majority classes than there are classes, and says so.
    pub fn reconcile(&mut self) -> Option<ConfigError> {
        let LayerPeeled { classes, majority, .. } = self.model;
        (majority > classes).then(|| {
            self.model.majority = classes / 2;
            ConfigError::in_link("peeledMajority", &majority.to_string(), format!("0 to {classes}"))
        })
    }

    /// Keys and values of a link, where they differ from the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let defaults = Self::default().values();
        let pairs = KEYS.iter().zip(self.values()).zip(defaults);
        pairs.filter(|((_, value), default)| value != default).map(|((key, value), _)| (key.name, value)).collect()
    }

    /// The value of each key, as a link writes it.
    fn values(&self) -> [String; KEYS.len()] {
        let LayerPeeled { classes, majority, imbalance, energy_features, energy_classifiers, .. } = self.model;
        let [classes, majority] = [classes, majority].map(|count| count.to_string());
        let [imbalance, features, classifiers] = [imbalance, energy_features, energy_classifiers].map(|number| number.to_string());
        let [epochs, per_class] = [self.epochs, self.per_class].map(|count| count.to_string());
        [classes, majority, imbalance, features, classifiers, epochs, per_class, self.oversample.to_string()]
    }

    /// The network trained at imbalance `ratio`: four layers on the subset with most points, whose first five classes are the majority.
    pub fn config(&self, ratio: f64, oversample: bool) -> Config {
        Config {
            dataset: DatasetName::Fashion10Large,
            per_class: self.per_class,
            majority_classes: TRAINED_MAJORITY,
            imbalance: ratio,
            oversample,
            hidden: vec![100; 3],
            // Strong decay stands for small energies: with the default decay the collapse begins far beyond R = 1000.
            optimizer: OptimizerKind::Momentum,
            learning_rate: 0.1,
            weight_decay: 5e-3,
            epochs: self.epochs,
            measure: BatchNormMode::Running,
            records: RecordSchedule::Ends,
            ..Config::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_and_written() {
        let texts = ["4", "1", "30", "0.5", "2", "3", "20", "true"];
        let mut view = MinorityView::default();
        assert_eq!(view.pairs(), []);
        for (key, text) in KEYS.iter().zip(texts) {
            assert_eq!(view.read(key.name, text), Ok(true), "{}", key.name);
        }
        let expected: Vec<_> = KEYS.iter().map(|key| key.name).zip(texts.map(str::to_owned)).collect();
        assert_eq!(view.pairs(), expected);
        assert_eq!(view.read("epochs", "3"), Ok(false));
    }

    #[test]
    fn what_is_not_accepted_is_named() {
        let mut view = MinorityView::default();
        let message = |error: Result<bool, ConfigError>| error.unwrap_err().to_string();
        assert_eq!(message(view.read("peeledClasses", "1")), "peeledClasses is 1. Use a whole number from 2 to 20.");
        assert_eq!(message(view.read("peeledImbalance", "0.5")), "peeledImbalance is 0.5. Use 1 to 10000.");
        assert_eq!(view, MinorityView::default());
        view.model.classes = 4;
        assert_eq!(view.reconcile().unwrap().to_string(), "peeledMajority is \"5\". Use 0 to 4.");
        assert_eq!((view.model.majority, view.reconcile()), (2, None));
    }

    #[test]
    fn the_networks_can_be_trained() {
        for ratio in TRAINED_RATIOS {
            assert_eq!(MinorityView::default().config(ratio, true).check(), Ok(()));
        }
    }
}
