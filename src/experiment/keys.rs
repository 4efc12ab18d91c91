//! The settings: what each is called and what it accepts. JSON, URL and the page's controls all read this table.

use super::config::Phase;
use super::notation;
use super::validate::ConfigError;
use serde_json::Value;

/// Most epochs of a run.
pub const MOST_EPOCHS: u32 = 100_000;
/// Most hidden layers of a network.
pub const MOST_HIDDEN: usize = 63;
/// Most points in a training batch.
pub const MOST_BATCH: u32 = 8192;

/// What values a key accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A whole number within these bounds, both included.
    Integer {
        /// The smallest accepted.
        least: u32,
        /// The largest accepted.
        most: u32,
    },
    /// One of these whole numbers.
    Among(&'static [u32]),
    /// A number within these bounds, both included.
    Number {
        /// The smallest accepted.
        least: f64,
        /// The largest accepted.
        most: f64,
    },
    /// Widths of hidden layers.
    Widths,
    /// Different class labels, or null for all.
    Labels,
    /// Phases of training, or null for a single one.
    Phases,
}

impl Kind {
    /// What is accepted, as a sentence.
    pub fn accepted(&self) -> String {
        match self {
            Kind::Choice(words) => format!("Use {}.", either(words.iter().map(|word| format!("\"{word}\"")))),
            Kind::Flag => "Use true or false.".to_owned(),
            Kind::Integer { least, most } => format!("Use a whole number from {least} to {most}."),
            Kind::Among(numbers) => format!("Use {}.", either(numbers.iter().map(u32::to_string))),
            Kind::Number { least, most } => format!("Use {least} to {most}."),
            Kind::Widths => format!("Use 1 to {MOST_HIDDEN} widths of 1 or more that fit in memory, such as 100,500,500."),
            Kind::Labels => "Use two or more different labels, such as 0,1,8.".to_owned(),
            Kind::Phases => format!(
                "Use epochs, schedule, first and last trained layer of each phase, such as 900:constant:0-9,600:thirds:10-19, and at most \
                 {MOST_EPOCHS} epochs in all."
            ),
        }
    }

    /// `value` as the config's types hold it, or nothing if it is not accepted.
    fn read(&self, value: &Value) -> Option<Value> {
        let accepted = match self {
            Kind::Choice(words) => words.contains(&value.as_str()?),
            Kind::Flag => value.is_boolean(),
            Kind::Integer { least, most } => return integer(value, *least, *most),
            Kind::Among(numbers) => return integer(value, 0, u32::MAX).filter(|n| numbers.iter().any(|&m| *n == m)),
            Kind::Number { least, most } => {
                return value.as_f64().filter(|number| (*least..=*most).contains(number)).map(Value::from);
            }
            Kind::Widths => {
                let widths = value.as_array().filter(|widths| (1..=MOST_HIDDEN).contains(&widths.len()))?;
                return widths.iter().map(|width| integer(width, 1, u32::MAX)).collect();
            }
            Kind::Labels if value.is_null() => true,
            Kind::Labels => {
                let labels = value.as_array()?.iter().map(|label| integer(label, 0, u16::MAX.into()));
                let labels = labels.collect::<Option<Vec<_>>>()?;
                let mut seen = vec![false; 1 + usize::from(u16::MAX)];
                let mut fresh = |label: &Value| label.as_u64().is_some_and(|label| !std::mem::replace(&mut seen[label as usize], true));
                return (labels.len() >= 2 && labels.iter().all(&mut fresh)).then(|| labels.into());
            }
            Kind::Phases if value.is_null() => true,
            Kind::Phases => {
                let phases = serde_json::from_value::<Vec<Phase>>(value.clone()).ok()?;
                let epochs = phases.iter().map(|phase| u64::from(phase.epochs)).sum::<u64>();
                (1..=u64::from(MOST_EPOCHS)).contains(&epochs) && phases.iter().all(|p| p.epochs > 0 && p.train[0] <= p.train[1])
            }
        };
        accepted.then(|| value.clone())
    }
}

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Its name in JSON, URL and JavaScript.
    pub name: &'static str,
    /// What it accepts.
    pub kind: Kind,
}

impl Key {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }

    /// The setting of this name.
    ///
    /// # Errors
    /// If there is none: the closest name, or all of them.
    pub fn named(name: &str) -> Result<&'static Key, ConfigError> {
        KEYS.iter()
            .find(|key| key.name == name)
            .ok_or_else(|| ConfigError::UnknownKey { key: notation::short(name.to_owned()), closest: closest(name) })
    }

    /// `value`, in the form that the config's types read, if it is accepted.
    ///
    /// # Errors
    /// The value and what is accepted.
    pub fn read(&self, value: &Value) -> Result<Value, ConfigError> {
        self.kind.read(value).ok_or_else(|| ConfigError::invalid(self.name, value, self.kind.accepted()))
    }

    /// A value in the URL's notation.
    ///
    /// # Errors
    /// The value and what is accepted.
    pub fn parse(&self, text: &str) -> Result<Value, ConfigError> {
        self.read(&notation::parse(self.kind, text.trim()).unwrap_or_else(|| text.into()))
    }

    /// An accepted value in the URL's notation.
    pub fn write(&self, value: &Value) -> String {
        notation::write(self.kind, value)
    }
}

/// Every key of the config, in the order in which the URL writes them.
pub static KEYS: [Key; 25] = [
    Key::new("dataset", Kind::Choice(&["fashion-mnist-10x10", "fashion-mnist-10x10-large", "fashion-mnist-28x28", "own"])),
    Key::new("classes", Kind::Labels),
    Key::new("perClass", Kind::Integer { least: 1, most: 1000 }),
    Key::new("majorityClasses", Kind::Integer { least: 0, most: u16::MAX as u32 }),
    Key::new("imbalance", Kind::Number { least: 1.0, most: 1000.0 }),
    Key::new("oversample", Kind::Flag),
    Key::new("labelNoise", Kind::Number { least: 0.0, most: 0.9 }),
    Key::new("hidden", Kind::Widths),
    Key::new("activation", Kind::Choice(&["relu", "leaky-relu", "tanh", "identity"])),
    Key::new("negativeSlope", Kind::Number { least: 0.0, most: 1.0 }),
    Key::new("normalization", Kind::Choice(&["batch", "layer", "none"])),
    Key::new("init", Kind::Choice(&["torch", "he"])),
    Key::new("residualBlock", Kind::Among(&[0, 2, 3])),
    Key::new("phases", Kind::Phases),
    Key::new("optimizer", Kind::Choice(&["sgd", "momentum", "adam"])),
    Key::new("learningRate", Kind::Number { least: 1e-5, most: 10.0 }),
    Key::new("momentum", Kind::Number { least: 0.0, most: 0.999 }),
    Key::new("weightDecay", Kind::Number { least: 0.0, most: 1.0 }),
    Key::new("batchSize", Kind::Integer { least: 1, most: MOST_BATCH }),
    Key::new("epochs", Kind::Integer { least: 1, most: MOST_EPOCHS }),
    Key::new("schedule", Kind::Choice(&["thirds", "constant"])),
    Key::new("seed", Kind::Integer { least: 0, most: u32::MAX }),
    Key::new("measure", Kind::Choice(&["batches-of-100", "running"])),
    Key::new("records", Kind::Choice(&["standard", "every-step", "ends"])),
    Key::new("engine", Kind::Choice(&["auto", "cpu", "webgpu"])),
];

/// A JSON number without a fraction, however it is written: JavaScript does not tell 100 from 100.0.
fn integer(value: &Value, least: u32, most: u32) -> Option<Value> {
    let whole = value.as_f64().filter(|number| number.fract() == 0.0)?;
    (f64::from(least)..=f64::from(most)).contains(&whole).then(|| Value::from(whole as u32))
}

/// "a, b or c"
pub(super) fn either(words: impl IntoIterator<Item = String>) -> String {
    let mut words = words.into_iter().collect::<Vec<_>>();
    match words.pop() {
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} or {last}", words.join(", ")),
        None => String::new(),
    }
}

/// The key that `name` was probably meant to be, if a third of its letters or fewer are wrong.
fn closest(name: &str) -> Option<&'static str> {
    // Nobody mistypes a name by this much, and the distance is quadratic.
    let letters = name.chars().count().min(64);
    let distance = |key: &Key| edit_distance(&name.to_ascii_lowercase(), &key.name.to_ascii_lowercase());
    KEYS.iter().filter(|_| letters < 64).map(|key| (distance(key), key.name)).min().filter(|(d, _)| 3 * d <= letters).map(|(_, name)| name)
}

/// Levenshtein's distance.
fn edit_distance(a: &str, b: &str) -> usize {
    let b = b.chars().collect::<Vec<_>>();
    let mut row = (0..=b.len()).collect::<Vec<_>>();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Config;
    use serde_json::json;

    #[test]
    fn the_table_has_the_configs_keys_and_accepts_its_defaults() {
        let settings = Config::default().settings();
        assert_eq!(settings.len(), KEYS.len());
        for key in &KEYS {
            assert_eq!(key.read(&settings[key.name]).as_ref(), Ok(&settings[key.name]), "{}", key.name);
        }
    }

    #[test]
    fn choices_are_the_words_that_serde_knows() {
        for key in &KEYS {
            if let Kind::Choice(words) = key.kind {
                let error = serde_json::from_value::<Config>(json!({ key.name: "?" })).unwrap_err().to_string();
                let (_, expected) = error.split_once("expected").unwrap();
                assert_eq!(expected.split('`').skip(1).step_by(2).collect::<Vec<_>>(), words, "{}", key.name);
            }
        }
    }

    #[test]
    fn a_mistyped_key_is_recognised() {
        assert_eq!(closest("learnRate"), Some("learningRate"));
        assert_eq!(closest("BATCHSIZE"), Some("batchSize"));
        assert_eq!(closest("normalisation"), Some("normalization"));
        assert_eq!(closest("width"), None);
        assert_eq!(closest(&"epochs".repeat(100_000)), None);
    }

    #[test]
    fn edit_distance_counts_insertions_removals_and_replacements() {
        assert_eq!([("kitten", "sitting"), ("", "abc"), ("abc", ""), ("same", "same")].map(|(a, b)| edit_distance(a, b)), [3, 3, 3, 0]);
    }
}
