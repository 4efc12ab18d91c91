//! What a run ends with, as the committed report of the gallery has it.

use super::config::BatchNormMode;
use super::record::{Record, Split};
use crate::separation::fit_law;
use serde::{Deserialize, Serialize};

/// The law's r and rho; none where they are undefined.
pub type Fit = Option<(f64, f64)>;

/// What one run ended with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The run's seed.
    pub seed: u32,
    /// D of the training points by layer, measured the config's way.
    pub fuzziness: Vec<Option<f64>>,
    /// Its law.
    pub train: Fit,
    /// The same with running statistics.
    pub running: Fit,
    /// That of the test points.
    pub test: Fit,
    /// Share of training points classified as labelled.
    pub train_accuracy: f64,
    /// Share of test points classified as labelled.
    pub test_accuracy: f64,
}

/// The outcomes of a run with several seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The preset's id, or the study's with a value behind it.
    pub id: String,
    /// What readers call it.
    pub title: String,
    /// Epochs of each run.
    pub epochs: u32,
    /// By seed.
    pub outcomes: Vec<Outcome>,
}

/// What several entries show together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// The sweep's name, or "grid".
    pub id: String,
    /// By value.
    pub entries: Vec<Entry>,
}

/// What www/report/report.json holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When it was made, as 2026-11-23.
    pub date: String,
    /// The version that made it.
    pub version: String,
    /// Presets of the gallery.
    pub entries: Vec<Entry>,
    /// Sweeps and the grid.
    pub studies: Vec<Study>,
}

impl Outcome {
    /// Of a run of this seed, from its last record.
    pub fn of(record: &Record, seed: u32) -> Self {
        let fit = |split: &Split| split.law.as_ref().map(|law| (law.pearson, law.rho));
        Self {
            seed,
            fuzziness: record.train.fuzziness.clone(),
            train: fit(&record.train),
            running: fit(&record.train_running),
            test: record.test.as_ref().and_then(fit),
            train_accuracy: record.train_accuracy,
            test_accuracy: record.test_accuracy.unwrap_or_default(),
        }
    }

    /// What was measured of the training points, as far as it is kept.
    pub fn split(&self) -> Split {
        let layers = self.fuzziness.len();
        Split {
            mode: BatchNormMode::BatchesOf100,
            fuzziness: self.fuzziness.clone(),
            per_class: vec![Vec::new(); layers],
            rank: vec![0; layers],
            law: fit_law(&self.fuzziness),
            film: None,
        }
    }
}

impl Report {
    /// All entries, those of studies too.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().chain(self.studies.iter().flat_map(|study| &study.entries))
    }

    /// What the run of this entry and seed ended with.
    pub fn find(&self, id: &str, seed: u32) -> Option<&Outcome> {
        self.all().find(|entry| entry.id == id)?.outcomes.iter().find(|outcome| outcome.seed == seed)
    }

    /// This one, with the entries and studies of a later one in the place of its own.
    pub fn with(mut self, later: Self) -> Self {
        fn put<T>(all: &mut Vec<T>, new: Vec<T>, id: fn(&T) -> &str) {
            for item in new {
                match all.iter_mut().find(|before| id(before) == id(&item)) {
                    Some(before) => *before = item,
                    None => all.push(item),
                }
            }
        }
        put(&mut self.entries, later.entries, |entry| &entry.id);
        put(&mut self.studies, later.studies, |study| &study.id);
        Self { date: later.date, version: later.version, ..self }
    }
}
