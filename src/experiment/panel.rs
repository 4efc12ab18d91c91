//! What a link leaves of the page: the figure that an embed shows, and the parts that it hides.

use super::keys::{KEYS, either};
use super::validate::ConfigError;

/// The figure that fills somebody else's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embed {
    /// The decay curve.
    Decay,
    /// The class means.
    Simplex,
    /// Loss, accuracy and NC1 over the epochs.
    Loss,
    /// The layer-peeled model.
    LayerPeeled,
    /// The first three together.
    All,
}

/// Their names in links.
const EMBEDS: [(&str, Embed); 5] = [
    ("decay", Embed::Decay),
    ("simplex", Embed::Simplex),
    ("loss", Embed::Loss),
    ("layer-peeled", Embed::LayerPeeled),
    ("all", Embed::All),
];

impl Embed {
    /// Its name in links.
    pub fn name(self) -> &'static str {
        EMBEDS[self as usize].0
    }

    /// Whether a run is what it shows.
    pub fn has_run(self) -> bool {
        self != Self::LayerPeeled
    }

    /// What `text` means in a link. `embed` alone, and `embed=true`, is the decay curve.
    pub(super) fn read(text: &str) -> Result<Option<Self>, ConfigError> {
        match (text, EMBEDS.iter().find(|(name, _)| *name == text)) {
            ("" | "true", _) => Ok(Some(Self::Decay)),
            ("false", _) => Ok(None),
            (_, Some((_, embed))) => Ok(Some(*embed)),
            _ => Err(ConfigError::in_link("embed", text, either(EMBEDS.iter().map(|(name, _)| format!("\"{name}\""))))),
        }
    }
}

/// Parts of the page that `hide` names, beside the settings, which it names by their keys.
pub const PARTS: [&str; 39] = [
    "presets",
    "settings",
    "layers",
    "width",
    "auto-stop",
    "language",
    "theme",
    "badge",
    "share",
    "tour",
    "shortcuts",
    "numbers",
    "verdict",
    "views",
    "reader",
    "ghosts",
    "table",
    "means-view",
    "turner",
    "layer",
    "nc",
    "train",
    "step",
    "reset",
    "whole",
    "playback",
    "scrub",
    "progress",
    "pace",
    "dials",
    "contents",
    "epochs",
    "galleries",
    "sweeps",
    "grid",
    "robustness",
    "minority",
    "features",
    "about",
];

/// The parts and settings that `text` names.
pub(super) fn hidden(text: &str) -> Result<Vec<&'static str>, ConfigError> {
    let known = |name: &str| PARTS.into_iter().chain(KEYS.iter().map(|key| key.name)).find(|known| *known == name);
    let names = text.split(',').filter(|name| !name.is_empty());
    names
        .map(|name| known(name).ok_or_else(|| ConfigError::in_link("hide", name, format!("{}, or the key of a setting", PARTS.join(", ")))))
        .collect()
}
