//! Configs worth a name: the nine panels of Fig. 1 of He & Su, what explains them, and what contradicts them.

use super::config::{Config, Phase, RecordSchedule};
use crate::dataset::DatasetName;
use crate::network::{Activation, Initialization, Normalization, OptimizerKind, Schedule};
use std::sync::LazyLock;

/// A config with a name. Its words are `preset.<id>.title` and `preset.<id>.description` in www/strings/en.json.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Its name in the URL and the API.
    pub id: String,
    /// What it stands among.
    pub group: Group,
    /// The config.
    pub config: Config,
}

/// What presets are about. Its words are `group.<name>` and, if it is a part of the gallery, `gallery.<name>` in www/strings/en.json.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The nine panels of Fig. 1.
    Fig1,
    /// Runs to watch from their first step.
    Emergence,
    /// Few classes, so that the picture of the class means is exact.
    Simplex,
    /// Where the law fails, or only seems to hold.
    Counter,
    /// Other images: imbalanced classes, wrong labels.
    Data,
    /// Other networks: activation, initialisation, widths, residual blocks.
    Network,
    /// Half of the layers after the other.
    Frozen,
}

impl Group {
    /// All groups, in the order in which a menu shows them.
    pub const ALL: [Self; 7] = [Self::Fig1, Self::Emergence, Self::Simplex, Self::Counter, Self::Data, Self::Network, Self::Frozen];

    /// Its name in the strings and in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fig1 => "fig1",
            Self::Emergence => "emergence",
            Self::Simplex => "simplex",
            Self::Counter => "counter",
            Self::Data => "data",
            Self::Network => "network",
            Self::Frozen => "frozen",
        }
    }

    /// Its presets, in order.
    pub fn presets(self) -> impl Iterator<Item = &'static Preset> {
        presets().iter().filter(move |preset| preset.group == self)
    }
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
            presets.push(Preset { id: format!("fig1-{name}-{layers}"), group: Group::Fig1, config });
        }
    }
    for (group, named) in [
        (Group::Emergence, emergence()),
        (Group::Simplex, simplex()),
        (Group::Counter, counter()),
        (Group::Data, data()),
        (Group::Network, network()),
        (Group::Frozen, frozen()),
    ] {
        presets.extend(named.into_iter().map(|(id, config)| Preset { id: id.to_owned(), group, config }));
    }
    presets
});

/// A preset's id and config.
type Named = (&'static str, Config);

fn emergence() -> Vec<Named> {
    let every_step = Config { records: RecordSchedule::EveryStep, ..Config::default() };
    vec![("emergence", Config { hidden: vec![100; 19], learning_rate: 3e-4, ..every_step.clone() }), ("emergence-8", every_step)]
}

fn simplex() -> Vec<Named> {
    let of = |classes: &[u16]| Config { classes: Some(classes.to_vec()), ..Config::default() };
    vec![("k3", of(&[0, 1, 8])), ("k4", of(&[0, 1, 8, 7]))]
}

fn counter() -> Vec<Named> {
    let base = Config::default;
    let deep = Config { hidden: vec![100; 19], ..base() };
    let linear = Config { activation: Activation::Identity, ..base() };
    let plain = Config { normalization: Normalization::None, ..base() };
    vec![
        // The least rate and one epoch leave it as it was.
        ("untrained", Config { learning_rate: 1e-5, epochs: 1, ..deep.clone() }),
        ("linear", linear),
        ("linear-20", Config { activation: Activation::Identity, learning_rate: 3e-5, ..deep }),
        ("no-normalization", plain.clone()),
        ("no-normalization-he", Config { init: Initialization::He, ..plain }),
        ("layer-normalization", Config { normalization: Normalization::Layer, ..base() }),
    ]
}

fn data() -> Vec<Named> {
    let imbalanced = |imbalance| Config { majority_classes: 5, imbalance, ..Config::default() };
    let noisy = |label_noise| Config { label_noise, ..Config::default() };
    vec![
        ("imbalance-5", imbalanced(5.0)),
        ("imbalance-20", imbalanced(20.0)),
        ("imbalance-100", imbalanced(100.0)),
        ("imbalance-paper", Config { dataset: DatasetName::Fashion10Large, per_class: 500, ..imbalanced(5.0) }),
        ("label-noise-20", noisy(0.2)),
        ("label-noise-50", noisy(0.5)),
    ]
}

fn network() -> Vec<Named> {
    let base = Config::default;
    let wide = |hidden: [usize; 7]| Config { hidden: hidden.to_vec(), epochs: 200, ..base() };
    vec![
        ("tanh", Config { activation: Activation::Tanh, ..base() }),
        ("leaky-relu", Config { activation: Activation::LeakyRelu, negative_slope: 0.3, ..base() }),
        ("he", Config { init: Initialization::He, ..base() }),
        ("width-20", Config { hidden: vec![20; 7], ..base() }),
        ("narrow-wide", wide([100, 100, 100, 100, 1000, 1000, 1000])),
        ("wide-narrow", wide([1000, 1000, 1000, 1000, 100, 100, 100])),
        ("mixed", wide([100, 500, 500, 2500, 2500, 500, 500])),
        ("residual-2", Config { hidden: vec![100; 9], residual_block: 2, ..base() }),
        ("residual-3", Config { hidden: vec![100; 10], residual_block: 3, ..base() }),
    ]
}

fn frozen() -> Vec<Named> {
    let deep = Config { hidden: vec![100; 19], learning_rate: 3e-4, ..Config::default() };
    let phases = vec![
        Phase { epochs: 900, schedule: Schedule::Constant, train: [0, 9] },
        Phase { epochs: 600, schedule: Schedule::Thirds, train: [10, 19] },
    ];
    vec![("frozen-20", Config { phases: Some(phases), ..deep })]
}

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
        for Preset { id, config, .. } in presets() {
            assert_eq!(config.check(), Ok(()), "{id}");
            assert!(strings[format!("preset.{id}.title")].is_string(), "{id}");
            assert!(strings[format!("preset.{id}.description")].as_str().is_some_and(|text| text.ends_with('.')), "{id}");
        }
        for group in Group::ALL {
            assert!(strings[format!("group.{}", group.name())].is_string(), "{group:?}");
        }
    }

    #[test]
    fn the_nine_have_the_rates_of_the_released_code() {
        let rates = Group::Fig1.presets().map(|preset| (preset.id.as_str(), preset.config.learning_rate)).collect::<Vec<_>>();
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
        ];
        assert_eq!(rates, expected);
    }

    #[test]
    fn groups_follow_one_another_and_each_id_is_its_own() {
        let grouped = Group::ALL.into_iter().flat_map(Group::presets).map(|preset| preset.id.as_str()).collect::<Vec<_>>();
        assert_eq!(grouped, presets().iter().map(|preset| preset.id.as_str()).collect::<Vec<_>>());
        assert_eq!(grouped.iter().collect::<std::collections::BTreeSet<_>>().len(), grouped.len());
    }

    #[test]
    fn the_default_is_fig1_adam_8() {
        assert_eq!(preset("fig1-adam-8").map(|preset| &preset.config), Some(&Config::default()));
        assert_eq!(preset("fig1-adam-9"), None);
    }
}
