//! How the page shows a run: the part of a link that changes no number.

use super::keys::either;
use super::url::invalid;
use super::validate::ConfigError;

/// Whether the picture takes its time over a run's first epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It does: there the line appears.
    Watch,
    /// It keeps up with the training.
    Fast,
}

/// How fast records are played back, against the usual.
const TEMPOS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];
/// The most that a settled fit changes, to choose from.
const BOUNDS: [f64; 2] = [0.01, 0.001];

/// How the figures show a run, and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// D on a linear axis, not ln D: `axis`.
    pub linear: bool,
    /// The test points' curve: one of `curves`.
    pub test: bool,
    /// Each class's own curve: one of `curves`.
    pub classes: bool,
    /// Whether the first epochs are slowed down: `pace`. None leaves it to the reader's wish for less motion.
    pub pace: Option<Pace>,
    /// How fast records are played back: `tempo`.
    pub tempo: f64,
    /// A run stops when r and rho change less than this over 50 epochs: `stop`. None trains to the end.
    pub stop: Option<f64>,
}

impl Default for View {
    fn default() -> Self {
        Self { linear: false, test: true, classes: false, pace: None, tempo: 1.0, stop: None }
    }
}

impl View {
    /// Takes over the value of a key of a link; whether the key is one of these.
    ///
    /// # Errors
    /// If the value is not one of those accepted.
    pub fn read(&mut self, name: &str, text: &str) -> Result<bool, ConfigError> {
        match name {
            "axis" => self.linear = choice("axis", text, &[("log", false), ("linear", true)])?,
            "pace" => self.pace = Some(choice("pace", text, &[("watch", Pace::Watch), ("fast", Pace::Fast)])?),
            "tempo" => self.tempo = number("tempo", text, &TEMPOS)?,
            "stop" => self.stop = Some(number("stop", text, &BOUNDS)?),
            "curves" => {
                let names = [("training", 0), ("test", 1), ("classes", 2)];
                let shown = text.split(',').map(|curve| choice("curves", curve, &names)).collect::<Result<Vec<_>, _>>()?;
                (self.test, self.classes) = (shown.contains(&1), shown.contains(&2));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Keys and values of a link, where they differ from the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let View { linear, test, classes, pace, tempo, stop } = *self;
        let mut pairs = Vec::new();
        if linear {
            pairs.push(("axis", "linear".to_owned()));
        }
        if !test || classes {
            let shown = [("training", true), ("test", test), ("classes", classes)];
            pairs.push(("curves", shown.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect::<Vec<_>>().join(",")));
        }
        if let Some(pace) = pace {
            pairs.push(("pace", if pace == Pace::Watch { "watch" } else { "fast" }.to_owned()));
        }
        if tempo != 1.0 {
            pairs.push(("tempo", tempo.to_string()));
        }
        pairs.extend(stop.map(|bound| ("stop", bound.to_string())));
        pairs
    }
}

fn choice<T: Copy>(key: &'static str, text: &str, names: &[(&str, T)]) -> Result<T, ConfigError> {
    let found = names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    found.ok_or_else(|| invalid(key, text, either(names.iter().map(|(name, _)| format!("\"{name}\"")))))
}

fn number(key: &'static str, text: &str, accepted: &[f64]) -> Result<f64, ConfigError> {
    let value = text.parse().ok().filter(|value| accepted.contains(value));
    value.ok_or_else(|| invalid(key, text, either(accepted.iter().map(f64::to_string))))
}
