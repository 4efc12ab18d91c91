//! What runs end with, and whether two sets of them agree.

use pollster::block_on;
use separation_playground::dataset::Dataset;
use separation_playground::experiment::{Config, Run, Split};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fs;
use std::path::Path;

/// The seeds that are trained, the page's first.
pub const SEEDS: [u32; 5] = [666, 1, 2, 3, 4];

/// The law's r and rho; none where they are undefined.
pub type Fit = Option<(f64, f64)>;

/// What one run ended with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub seed: u32,
    /// D of the training points by layer, measured the config's way.
    pub fuzziness: Vec<Option<f64>>,
    /// Its law; with running statistics; that of the test points.
    pub train: Fit,
    pub running: Fit,
    pub test: Fit,
    pub train_accuracy: f64,
    pub test_accuracy: f64,
}

/// A preset's outcomes, by seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub id: String,
    pub title: String,
    pub epochs: u32,
    pub outcomes: Vec<Outcome>,
}

/// What www/report/report.json holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub date: String,
    pub version: String,
    pub entries: Vec<Entry>,
}

impl Outcome {
    /// Trains `config` to its end.
    ///
    /// # Errors
    /// Those of the run.
    pub fn of(config: &Config, data: &Dataset) -> Result<Self, Box<dyn Error>> {
        let mut run = Run::new(config.clone(), data)?;
        while run.epoch() < f64::from(run.epochs()) {
            block_on(run.train(run.steps_left_in_epoch()))?;
        }
        let record = block_on(run.record(async || ()))?;
        let fit = |split: &Split| split.law.as_ref().map(|law| (rounded(law.pearson), rounded(law.rho)));
        Ok(Self {
            seed: config.seed,
            fuzziness: record.train.fuzziness.iter().map(|d| d.map(rounded)).collect(),
            train: fit(&record.train),
            running: fit(&record.train_running),
            test: record.test.as_ref().and_then(fit),
            train_accuracy: record.train_accuracy,
            test_accuracy: record.test_accuracy.unwrap_or_default(),
        })
    }
}

impl Report {
    /// The report in `folder`.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(serde_json::from_str(&fs::read_to_string(folder.join("report.json"))?)?)
    }

    /// Writes it into `folder`.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(folder.join("report.json"), serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// This one, with the entries of a later one in the place of its own.
    pub fn with(mut self, later: Self) -> Self {
        for entry in later.entries {
            match self.entries.iter_mut().find(|before| before.id == entry.id) {
                Some(before) => *before = entry,
                None => self.entries.push(entry),
            }
        }
        Self { date: later.date, version: later.version, ..self }
    }
}

/// A measure: its name, what it may differ by where seeds hardly differ, and how it is read.
type Measure = (&'static str, f64, fn(&Outcome) -> Option<f64>);

/// What is compared and shown.
pub const MEASURES: [Measure; 6] = [
    ("r", 0.01, |outcome| outcome.train.map(|fit| fit.0)),
    ("rho", 0.02, |outcome| outcome.train.map(|fit| fit.1)),
    ("r, running statistics", 0.02, |outcome| outcome.running.map(|fit| fit.0)),
    ("rho, running statistics", 0.02, |outcome| outcome.running.map(|fit| fit.1)),
    ("training accuracy", 0.02, |outcome| Some(outcome.train_accuracy)),
    ("test accuracy", 0.02, |outcome| Some(outcome.test_accuracy)),
];

/// Least and greatest value of a measure; none where it is undefined.
pub fn range(outcomes: &[Outcome], measure: fn(&Outcome) -> Option<f64>) -> Option<(f64, f64)> {
    outcomes.iter().filter_map(measure).fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((least, most)) => Some((least.min(value), most.max(value))),
    })
}

/// What differs, in words: measures whose middle is farther off the other's range than that range is wide, and than the measure may differ.
pub fn agreement(ours: &[Outcome], theirs: &[Outcome]) -> Vec<String> {
    let differ = |&(name, floor, measure): &Measure| {
        let ((least, most), (low, high)) = (range(ours, measure)?, range(theirs, measure)?);
        let (middle, slack) = ((least + most) / 2.0, (high - low).max(floor));
        let word = if middle < low - slack {
            "less"
        } else if middle > high + slack {
            "more"
        } else {
            return None;
        };
        Some(format!("{name} is {least:.4} to {most:.4} here, {low:.4} to {high:.4} there: {word}"))
    };
    MEASURES.iter().filter_map(differ).collect()
}

/// `value` to five digits.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(rho: f64) -> Outcome {
        Outcome {
            seed: 1,
            fuzziness: vec![],
            train: Some((-0.99, rho)),
            running: None,
            test: None,
            train_accuracy: 1.0,
            test_accuracy: 0.8,
        }
    }

    #[test]
    fn what_lies_beyond_the_spread_differs() {
        let theirs = [outcome(0.50), outcome(0.53)];
        assert_eq!(agreement(&[outcome(0.555)], &theirs), Vec::<String>::new());
        let differ = agreement(&[outcome(0.57), outcome(0.58)], &theirs);
        assert_eq!(differ, ["rho is 0.5700 to 0.5800 here, 0.5000 to 0.5300 there: more"]);
    }
}
