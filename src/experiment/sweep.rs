//! Sweeps: one setting varied, each value trained with several seeds.

use super::config::{Config, RecordSchedule};
use super::keys::{Key, Kind};
use super::validate::ConfigError;
use crate::dataset::DatasetName;
use crate::network::OptimizerKind;

/// What a sweep varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// The number of layers.
    Depth,
    /// The width of all hidden layers.
    Width,
    /// How the widths differ from layer to layer: the released code's.
    Shape,
    /// The learning rate: the released code's grids.
    Rate,
    /// Training points of each class.
    Points,
    /// The seed alone.
    Seed,
}

/// A value of what is swept, and the run that has it, with the first seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The value, or the name of one that is no number.
    pub name: String,
    /// The run.
    pub config: Config,
}

/// Values of each sweep.
const DEPTHS: [usize; 8] = [2, 3, 4, 6, 8, 12, 16, 20];
const WIDTHS: [usize; 5] = [20, 50, 100, 200, 1000];
const SHAPES: [(&str, [usize; 7]); 4] = [
    ("even", [100; 7]),
    ("narrow-wide", [100, 100, 100, 100, 1000, 1000, 1000]),
    ("wide-narrow", [1000, 1000, 1000, 1000, 100, 100, 100]),
    ("mixed", [100, 500, 500, 2500, 2500, 500, 500]),
];
const ADAM_RATES: [f64; 5] = [3e-5, 1e-4, 3e-4, 1e-3, 3e-3];
const SGD_RATES: [f64; 7] = [1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0];
const POINTS: [u32; 6] = [10, 20, 50, 100, 200, 500];
const SEEDS: u32 = 10;

impl Sweep {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Depth, Self::Width, Self::Shape, Self::Rate, Self::Points, Self::Seed];

    /// Its name in links and strings.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// Its runs: `base` with each value, measured at its ends alone. Every other setting stays as it is, but for what cannot: phases name
    /// layers, and residual blocks need equal widths.
    pub fn settings(self, base: &Config) -> Vec<Setting> {
        let base = Config { phases: None, records: RecordSchedule::Ends, ..base.clone() };
        let plain = Config { residual_block: 0, ..base.clone() };
        let (width, layers) = (base.hidden[0], base.hidden.len());
        let of = |name: String, config: Config| Setting { name, config };
        let settings: Vec<Setting> = match self {
            Self::Depth => DEPTHS.map(|depth| of(depth.to_string(), Config { hidden: vec![width; depth - 1], ..plain.clone() })).to_vec(),
            Self::Width => WIDTHS.map(|width| of(width.to_string(), Config { hidden: vec![width; layers], ..base.clone() })).to_vec(),
            Self::Shape => SHAPES.map(|(name, hidden)| of(name.to_owned(), Config { hidden: hidden.to_vec(), ..plain.clone() })).to_vec(),
            Self::Rate => {
                let rates: &[f64] = if base.optimizer == OptimizerKind::Adam { &ADAM_RATES } else { &SGD_RATES };
                let with = |&learning_rate: &f64| of(learning_rate.to_string(), Config { learning_rate, ..base.clone() });
                rates.iter().map(with).collect()
            }
            Self::Points => {
                // One file for all, so that nothing differs but the number.
                let large = Config { dataset: DatasetName::Fashion10Large, ..base };
                POINTS.map(|per_class| of(per_class.to_string(), Config { per_class, ..large.clone() })).to_vec()
            }
            Self::Seed => {
                let with = |step| Config { seed: base.seed.wrapping_add(step), ..base.clone() };
                (0..SEEDS).map(|step| of(with(step).seed.to_string(), with(step))).collect()
            }
        };
        settings.into_iter().filter(|setting| setting.config.check().is_ok()).collect()
    }

    /// What the report calls the entry of a value.
    pub fn id(self, value: &Setting) -> String {
        format!("{}-{}", self.name(), value.name)
    }

    /// Seeds of each of its values, of `seeds` asked for.
    pub fn seeds(self, seeds: u32) -> u32 {
        if self == Self::Seed { 1 } else { seeds }
    }
}

const NAMES: [&str; 6] = ["depth", "width", "shape", "rate", "points", "seed"];

/// The sweeps' keys, in the order in which a link writes them.
const KEYS: [Key; 4] = [
    Key::new("sweep", Kind::Choice(&NAMES)),
    Key::new("sweepSeeds", Kind::Integer { least: 1, most: 10 }),
    Key::new("sweepEpochs", Kind::Integer { least: 1, most: 2000 }),
    Key::new("sweepOf", Kind::Choice(&OF)),
];
const OF: [&str; 2] = ["default", "run"];

/// Which sweep the page shows and how it is trained: the part of a link that is about it.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepView {
    /// What is varied.
    pub sweep: Sweep,
    /// Seeds of each value.
    pub seeds: u32,
    /// Epochs of each run.
    pub epochs: u32,
    /// Whether it is the page's run that is varied, and not the default.
    pub of_run: bool,
}

impl Default for SweepView {
    fn default() -> Self {
        Self { sweep: Sweep::Depth, seeds: 3, epochs: 600, of_run: false }
    }
}

impl SweepView {
    /// Takes over the value of a key of a link; whether the key is one of these.
    ///
    /// # Errors
    /// If the value is not accepted.
    pub fn read(&mut self, name: &str, text: &str) -> Result<bool, ConfigError> {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else { return Ok(false) };
        let value = key.parse(text)?;
        let number = value.as_u64().unwrap_or_default() as u32;
        match key.name {
            "sweep" => self.sweep = Sweep::ALL.into_iter().find(|sweep| value == sweep.name()).unwrap_or(self.sweep),
            "sweepSeeds" => self.seeds = number,
            "sweepEpochs" => self.epochs = number,
            _ => self.of_run = value == "run",
        }
        Ok(true)
    }

    /// Keys and values of a link, where they differ from the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = KEYS.iter().zip(self.values()).zip(Self::default().values());
        pairs.filter(|((_, value), default)| value != default).map(|((key, value), _)| (key.name, value)).collect()
    }

    /// The value of each key, as a link writes it.
    pub fn values(&self) -> [String; KEYS.len()] {
        let of = OF[usize::from(self.of_run)];
        [self.sweep.name().to_owned(), self.seeds.to_string(), self.epochs.to_string(), of.to_owned()]
    }

    /// The values of the sweep that it asks for, where the page's run is `run`.
    pub fn settings(&self, run: &Config) -> Vec<Setting> {
        let base = if self.of_run { run.clone() } else { Config::default() };
        self.sweep.settings(&Config { epochs: self.epochs, ..base })
    }

    /// How many seeds each of them is trained with.
    pub fn seeds(&self) -> u32 {
        self.sweep.seeds(self.seeds)
    }
}

impl Setting {
    /// Its runs, one for each of `seeds` seeds.
    pub fn runs(&self, seeds: u32) -> impl Iterator<Item = Config> {
        (0..seeds).map(|step| Config { seed: self.config.seed.wrapping_add(step), ..self.config.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::presets;
    use crate::network::Activation;

    #[test]
    fn every_sweep_of_every_preset_can_be_trained_and_varies_one_thing() {
        for preset in presets() {
            for sweep in Sweep::ALL {
                let settings = sweep.settings(&preset.config);
                assert!(settings.len() >= 4, "{} of {}: {}", sweep.name(), preset.id, settings.len());
                let varied: &[&str] = match sweep {
                    Sweep::Depth | Sweep::Width | Sweep::Shape => &["hidden"],
                    Sweep::Rate => &["learningRate"],
                    Sweep::Points => &["perClass"],
                    Sweep::Seed => &["seed"],
                };
                for pair in settings.windows(2) {
                    let differing: Vec<_> = pair[0].config.differing(&pair[1].config).iter().map(|key| key.name).collect();
                    assert_eq!(differing, varied, "{} of {}", sweep.name(), preset.id);
                }
            }
        }
    }

    #[test]
    fn runs_of_a_setting_differ_by_their_seeds() {
        let view = SweepView::default();
        let settings = view.settings(&Config::default());
        assert_eq!(settings.iter().map(|setting| setting.name.as_str()).collect::<Vec<_>>(), ["2", "3", "4", "6", "8", "12", "16", "20"]);
        assert_eq!(settings[4].runs(view.seeds()).map(|config| config.seed).collect::<Vec<_>>(), [666, 667, 668]);
        assert_eq!((settings[4].config.epochs, settings[4].config.hidden.len()), (600, 7));
        assert_eq!(SweepView { sweep: Sweep::Seed, ..view }.seeds(), 1);
    }

    #[test]
    fn the_page_s_run_can_be_swept() {
        let run = Config { activation: Activation::Identity, optimizer: OptimizerKind::Sgd, ..Config::default() };
        let view = SweepView { sweep: Sweep::Rate, of_run: true, ..SweepView::default() };
        let settings = view.settings(&run);
        assert_eq!(settings.len(), SGD_RATES.len());
        assert!(settings.iter().all(|setting| setting.config.activation == Activation::Identity));
        assert!(SweepView { of_run: false, ..view }.settings(&run).iter().all(|at| at.config.activation == Activation::Relu));
    }

    #[test]
    fn every_key_is_read_and_written() {
        let texts = ["shape", "5", "60", "run"];
        let mut view = SweepView::default();
        assert_eq!(view.pairs(), []);
        for (key, text) in KEYS.iter().zip(texts) {
            assert_eq!(view.read(key.name, text), Ok(true), "{}", key.name);
        }
        assert_eq!(view.pairs(), KEYS.iter().map(|key| key.name).zip(texts.map(str::to_owned)).collect::<Vec<_>>());
        assert_eq!(view.read("epochs", "3"), Ok(false));
        let message = |error: Result<bool, ConfigError>| error.unwrap_err().to_string();
        assert_eq!(message(view.read("sweepSeeds", "0")), "sweepSeeds is 0. Use a whole number from 1 to 10.");
        assert!(message(view.read("sweep", "colour")).contains("\"depth\""));
    }
}
