//! Configs worth a name: the nine panels of Fig. 1 of He & Su, and what explains them.

use super::config::{Config, RecordSchedule};
use crate::network::OptimizerKind;
use std::sync::LazyLock;

/// A config with a name. Its words are `preset.<id>.title` and `preset.<id>.description` in www/strings/en.json.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Its name in the URL and the API.
    pub id: String,
    /// The config.
    pub config: Config,
}

/// Learning rates of the released code at 4, 8 and 20 layers.
const FIG1: [(&str, OptimizerKind, [f64; 3]); 3] = [
    ("sgd", OptimizerKind::Sgd, [0.3, 0.03, 0.01]),
    ("momentum", OptimizerKind::Momentum, [0.3, 0.01, 0.001]),
    ("adam", OptimizerKind::Adam, [3e-3, 1e-3, 3e-4]),
];

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let mut presets = Vec::new();
    for (name, optimizer, rates) in FIG1 {
        for (layers, learning_rate) in [4, 8, 20].into_iter().zip(rates) {
            let config = Config { hidden: vec![100; layers - 1], optimizer, learning_rate, ..Config::default() };
            presets.push(Preset { id: format!("fig1-{name}-{layers}"), config });
        }
    }
    let deep = Config { hidden: vec![100; 19], learning_rate: 3e-4, records: RecordSchedule::EveryStep, ..Config::default() };
    presets.push(Preset { id: "emergence".to_owned(), config: deep });
    presets.push(Preset { id: "k3".to_owned(), config: Config { classes: Some(vec![0, 1, 8]), ..Config::default() } });
    presets
});

/// All presets, in the order in which a menu shows them.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// The preset of this id.
pub fn preset(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_and_have_words() {
        let strings: serde_json::Value = serde_json::from_str(include_str!("../../www/strings/en.json")).unwrap();
        for Preset { id, config } in presets() {
            assert_eq!(config.check(), Ok(()), "{id}");
            assert!(strings[format!("preset.{id}.title")].is_string(), "{id}");
            assert!(strings[format!("preset.{id}.description")].as_str().is_some_and(|text| text.ends_with('.')), "{id}");
        }
    }

    #[test]
    fn ids_and_rates() {
        let rates = presets().iter().map(|preset| (preset.id.as_str(), preset.config.learning_rate)).collect::<Vec<_>>();
        let expected = [
            ("fig1-sgd-4", 0.3),
            ("fig1-sgd-8", 0.03),
            ("fig1-sgd-20", 0.01),
            ("fig1-momentum-4", 0.3),
            ("fig1-momentum-8", 0.01),
            ("fig1-momentum-20", 0.001),
            ("fig1-adam-4", 3e-3),
            ("fig1-adam-8", 1e-3),
            ("fig1-adam-20", 3e-4),
            ("emergence", 3e-4),
            ("k3", 1e-3),
        ];
        assert_eq!(rates, expected);
    }

    #[test]
    fn the_default_is_fig1_adam_8() {
        assert_eq!(preset("fig1-adam-8").map(|preset| &preset.config), Some(&Config::default()));
        assert_eq!(preset("fig1-adam-9"), None);
    }
}
