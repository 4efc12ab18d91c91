//! What was found in files, how it is looked at, and what that says.

use super::{Features, by_name};
use crate::experiment::{HIGHEST_PEARSON, HIGHEST_RHO, LOWEST_ACCURACY};
use crate::features::{Analysis, Arrangement, Spatial};
use crate::separation::Law;
use crate::web::page::dom::{find, show};
use crate::web::page::format::{pearson, percent, rho};
use crate::web::page::strings::{fill, sentences, text};
use web_sys::HtmlSelectElement;

/// What was found in files, and how it is looked at.
pub struct Found {
    /// What the files are called.
    pub name: String,
    /// What was found.
    pub analysis: Analysis,
    /// Order, what is left out, blocks.
    pub arrangement: Arrangement,
    /// The array with the labels.
    pub labels: String,
    /// What became of further axes.
    pub spatial: Spatial,
}

impl Found {
    /// All layers in the files' order, or where they have none in that of the names.
    pub fn new(name: String, analysis: Analysis, labels: String, spatial: Spatial) -> Self {
        let arrangement = Arrangement::new(analysis.layers.len());
        let mut new = Self { name, analysis, arrangement, labels, spatial };
        if new.unordered() {
            new.sort();
        }
        new
    }

    /// Whether the files do not keep an order of their arrays.
    pub fn unordered(&self) -> bool {
        self.name.ends_with(".safetensors")
    }

    /// Puts the layers in the order of their names.
    pub fn sort(&mut self) {
        self.arrangement.sort(&self.analysis, by_name());
    }

    /// Keeps the order of the same layers, read another way.
    pub fn take_over(&mut self, before: &Self) {
        let names = |found: &Self| found.analysis.layers.iter().map(|layer| (layer.file.clone(), layer.array.clone())).collect::<Vec<_>>();
        if names(self) == names(before) {
            self.arrangement = before.arrangement.clone();
        }
    }
}

/// A curve that is compared with.
pub struct Beside {
    /// What it is called in the figure.
    pub label: String,
    /// D by position.
    pub fuzziness: Vec<Option<f64>>,
    /// Its fit.
    pub law: Option<Law>,
}

impl Features {
    /// The curve that is to be compared with.
    pub(super) fn beside(&self, found: &[Found]) -> Option<Beside> {
        let value = find::<HtmlSelectElement>("features-beside").value();
        if value == "run" {
            let run = self.run.borrow();
            let run = run.as_ref()?;
            return Some(Beside { label: text("features.run"), fuzziness: run.fuzziness.clone(), law: run.law.clone() });
        }
        let other = found.get(value.parse::<usize>().ok().filter(|&at| at > 0)?)?;
        let (fuzziness, law) = (other.arrangement.fuzziness(&other.analysis), other.arrangement.law(&other.analysis));
        Some(Beside { label: text("features.there"), fuzziness, law })
    }
}

/// Says what was found.
pub fn say(found: &Found, beside: Option<&Beside>) {
    let Found { analysis, arrangement, .. } = found;
    let layers = arrangement.layers(analysis);
    let law = arrangement.law(analysis);
    let fit = |law: &Law, key: &str| {
        fill(key, &[("keeps", &percent((law.rho * 100.0).round() / 100.0)), ("rho", &rho(law.rho)), ("r", &pearson(law.pearson))])
    };
    let mut said = match &law {
        None => text("features.said.none"),
        Some(law) if law.pearson > HIGHEST_PEARSON => fit(law, "features.said.bent"),
        Some(law) if law.rho > HIGHEST_RHO => fit(law, "features.said.flat"),
        Some(law) => fit(law, "features.said"),
    };
    if let Some(law) = arrangement.block_law(analysis) {
        said = sentences(&said, &fit(&law, "features.said.blocks"));
    }
    // Apart from what is read out as it changes: a run that trains or plays changes all the time.
    let other = beside.and_then(|beside| beside.law.as_ref()).map_or_else(String::new, |law| fit(law, "features.said.beside"));
    show(&find("features-beside-said"), &other);
    if let Some(accuracy) = layers.last().and_then(|layer| layer.measures.ncc_accuracy) {
        let key = if accuracy < LOWEST_ACCURACY { "features.said.unlearnt" } else { "features.said.accuracy" };
        said = sentences(&said, &fill(key, &[("accuracy", &percent(accuracy))]));
    }
    if analysis.counts.contains(&1) {
        said = sentences(&said, &text("features.said.alone"));
    }
    let wide = layers.iter().filter(|layer| layer.measures.columns >= analysis.points).count();
    if wide > 0 {
        said = sentences(&said, &fill("features.said.wide", &[("layers", &wide.to_string())]));
    }
    let sizes = [("file", found.name.as_str()), ("points", &analysis.points.to_string()), ("classes", &analysis.classes.len().to_string())];
    said = sentences(&said, &fill("features.said.sizes", &sizes));
    let undefined = layers.iter().filter_map(|layer| Some(format!("{}: {}.", layer.array, layer.measures.undefined.as_ref()?)));
    for reason in undefined {
        said = sentences(&said, &reason);
    }
    show(&find("features-said"), &said);
}
