//! How the page shows a run: the part of a link that changes no number.

use super::keys::either;
use super::validate::ConfigError;

/// Whether the picture takes its time over a run's first epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It does: there the line appears.
    Watch,
    /// It keeps up with the training.
    Fast,
}

/// What the panel of the class means shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeansView {
    /// All classes: exact up to four, else the polygon's plane.
    All,
    /// Three classes in their plane.
    Three,
    /// Four classes in their space.
    Four,
    /// The cosines between all class means.
    Cosines,
}

/// The names of these views in links.
const MEANS: [(&str, MeansView); 4] =
    [("all", MeansView::All), ("three", MeansView::Three), ("four", MeansView::Four), ("cosines", MeansView::Cosines)];

impl MeansView {
    /// Its name in links.
    pub fn name(self) -> &'static str {
        MEANS[self as usize].0
    }
}

/// A layer that no network here has.
const NO_LAYER: usize = 1000;

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
    /// The picture of the class means: `means`.
    pub means: MeansView,
    /// Labels of the classes that it shows where it shows three or four: `corners`. None leaves the choice to the page.
    pub corners: Option<[u16; 4]>,
    /// The layer that it is of: `layer`. None is the last.
    pub layer: Option<usize>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            linear: false,
            test: true,
            classes: false,
            pace: None,
            tempo: 1.0,
            stop: None,
            means: MeansView::All,
            corners: None,
            layer: None,
        }
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
            "means" => self.means = choice("means", text, &MEANS)?,
            "corners" => {
                self.corners = Some(corners(text).ok_or_else(|| ConfigError::in_link("corners", text, "four different labels".to_owned()))?)
            }
            "layer" => {
                let layer = text.parse().ok().filter(|layer| *layer < NO_LAYER);
                self.layer =
                    Some(layer.ok_or_else(|| ConfigError::in_link("layer", text, "0, the input, or a hidden layer's number".to_owned()))?);
            }
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
        let View { linear, test, classes, pace, tempo, stop, means, corners, layer } = *self;
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
        if means != MeansView::All {
            pairs.push(("means", means.name().to_owned()));
        }
        pairs.extend(corners.map(|labels| ("corners", labels.map(|label| label.to_string()).join(","))));
        pairs.extend(layer.map(|layer| ("layer", layer.to_string())));
        pairs
    }
}

/// Four different labels.
fn corners(text: &str) -> Option<[u16; 4]> {
    let labels = text.split(',').map(|label| label.parse().ok()).collect::<Option<Vec<u16>>>()?;
    let different = (1..labels.len()).all(|at| !labels[..at].contains(&labels[at]));
    labels.try_into().ok().filter(|_| different)
}

fn choice<T: Copy>(key: &'static str, text: &str, names: &[(&str, T)]) -> Result<T, ConfigError> {
    let found = names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    found.ok_or_else(|| ConfigError::in_link(key, text, either(names.iter().map(|(name, _)| format!("\"{name}\"")))))
}

fn number(key: &'static str, text: &str, accepted: &[f64]) -> Result<f64, ConfigError> {
    let value = text.parse().ok().filter(|value| accepted.contains(value));
    value.ok_or_else(|| ConfigError::in_link(key, text, either(accepted.iter().map(f64::to_string))))
}
