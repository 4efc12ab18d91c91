//! PyTorch's outcomes of the same experiments: tests/golden/fig1.json, experiments.json and frozen.json.

use separation_playground::experiment::{Fit, Outcome};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Presets that have another name there.
const NAMES: [(&str, &str); 9] = [
    ("no-normalization", "no-normalization-torch-init"),
    ("no-normalization-he", "no-normalization-he-init"),
    ("layer-normalization", "layer-norm"),
    ("he", "batch-norm-he-init"),
    ("leaky-relu", "leaky-relu-0.3"),
    ("label-noise-20", "label-noise-0.2"),
    ("label-noise-50", "label-noise-0.5"),
    ("residual-2", "residual-2"),
    ("residual-3", "residual-3"),
];

/// Outcomes by preset.
pub struct Golden(BTreeMap<String, Vec<Outcome>>);

impl Golden {
    /// Reads the values in `folder`.
    ///
    /// # Errors
    /// If they are not there, or not as they should be.
    pub fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let json = |name: &str| -> Result<Value, Box<dyn Error>> { Ok(serde_json::from_str(&fs::read_to_string(folder.join(name))?)?) };
        let mut outcomes = BTreeMap::new();
        for panel in json("fig1.json")?["panels"].as_array().ok_or("fig1.json has no panels")? {
            let id = format!("fig1-{}-{}", panel["optimizer"].as_str().unwrap_or_default(), panel["layers"]);
            outcomes.insert(id, runs(panel));
        }
        for experiment in json("experiments.json")?["experiments"].as_array().ok_or("experiments.json has no experiments")? {
            let name = experiment["name"].as_str().unwrap_or_default();
            let id = NAMES.iter().find(|names| names.1 == name).map_or(name, |names| names.0);
            // "lr-3e-05": the report writes rates as the page does.
            let rate = name.strip_prefix("lr-").and_then(|rate| rate.parse::<f64>().ok()).map(|rate| format!("rate-{rate}"));
            // What is the default network there has a panel of its own.
            if name != "emergence" {
                outcomes.insert(rate.unwrap_or_else(|| id.to_owned()), runs(experiment));
            }
        }
        // Three seeds of it happened to lie close together.
        outcomes.entry("frozen-20".to_owned()).or_default().extend(runs(&json("frozen.json")?));
        for (panel, value) in [("fig1-adam-8", "depth-8"), ("fig1-adam-8", "rate-0.001")] {
            let same = outcomes.get(panel).cloned().ok_or("fig1.json lacks 8 layers, Adam")?;
            outcomes.insert(value.to_owned(), same);
        }
        Ok(Self(outcomes))
    }

    /// Those of a preset; none where PyTorch has not trained it.
    pub fn outcomes(&self, id: &str) -> Option<&Vec<Outcome>> {
        self.0.get(id)
    }
}

fn runs(experiment: &Value) -> Vec<Outcome> {
    experiment["runs"].as_array().map_or_else(Vec::new, |runs| runs.iter().map(outcome).collect())
}

fn outcome(run: &Value) -> Outcome {
    let fit = |split: &str| -> Fit { Some((run[split]["pearson"].as_f64()?, run[split]["rho"].as_f64()?)) };
    // Without batch normalisation the two ways of measuring are one.
    let train = fit("batches_of_100").or_else(|| fit("running"));
    let number = |key: &str| run[key].as_f64().unwrap_or_default();
    let by_layer = run["batches_of_100"]["fuzziness"].as_array().or_else(|| run["running"]["fuzziness"].as_array());
    Outcome {
        seed: run["seed"].as_u64().unwrap_or_default() as u32,
        fuzziness: by_layer.map_or_else(Vec::new, |layers| layers.iter().map(Value::as_f64).collect()),
        train,
        running: fit("running"),
        test: fit("test_1000"),
        train_accuracy: number("train_accuracy"),
        test_accuracy: number("test_accuracy_1000"),
    }
}
