//! What a run ends with, as the committed report of the gallery has it.

use super::config::BatchNormMode;
use super::record::{Record, Split};
use crate::separation::fit_law;
use serde::Serialize;
use serde_json::Value;

/// The law's r and rho; none where they are undefined.
pub type Fit = Option<(f64, f64)>;

/// What one run ended with.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study {
    /// The sweep's name, or "grid".
    pub id: String,
    /// By value.
    pub entries: Vec<Entry>,
}

/// What www/report/report.json holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
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

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn list<T>(value: &Value, item: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(item).collect()
}

impl Entry {
    fn parse(entry: &Value) -> Option<Self> {
        Some(Self {
            id: string(&entry["id"])?,
            title: string(&entry["title"])?,
            epochs: entry["epochs"].as_u64()? as u32,
            outcomes: list(&entry["outcomes"], Outcome::parse)?,
        })
    }
}

impl Outcome {
    fn parse(outcome: &Value) -> Option<Self> {
        let fit = |key: &str| Some((outcome[key][0].as_f64()?, outcome[key][1].as_f64()?));
        Some(Self {
            seed: outcome["seed"].as_u64()? as u32,
            fuzziness: list(&outcome["fuzziness"], |d| Some(d.as_f64()))?,
            train: fit("train"),
            running: fit("running"),
            test: fit("test"),
            train_accuracy: outcome["train_accuracy"].as_f64()?,
            test_accuracy: outcome["test_accuracy"].as_f64()?,
        })
    }

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

/// Reading by hand: derived, it would be a twentieth of the page's module.
impl Report {
    /// The report that a JSON value is; None if it is none.
    pub fn parse(report: &Value) -> Option<Self> {
        Some(Self {
            date: string(&report["date"])?,
            version: string(&report["version"])?,
            entries: list(&report["entries"], Entry::parse)?,
            studies: list(&report["studies"], |study| {
                Some(Study { id: string(&study["id"])?, entries: list(&study["entries"], Entry::parse)? })
            })?,
        })
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let outcome = Outcome {
            seed: 666,
            fuzziness: vec![Some(36.4), None, Some(0.5)],
            train: Some((-0.99, 0.5)),
            running: None,
            test: Some((-0.9, 0.7)),
            train_accuracy: 1.0,
            test_accuracy: 0.79,
        };
        let entry = |id: &str| Entry { id: id.to_owned(), title: id.to_uppercase(), epochs: 600, outcomes: vec![outcome.clone()] };
        let studies = vec![Study { id: "depth".to_owned(), entries: vec![entry("depth-2")] }];
        let report = Report { date: "2026-11-23".to_owned(), version: "1".to_owned(), entries: vec![entry("k")], studies };
        assert_eq!(Report::parse(&serde_json::to_value(&report).unwrap()), Some(report.clone()));
        assert_eq!(report.find("depth-2", 666), Some(&outcome));
        assert_eq!((report.find("depth-2", 1), Report::parse(&serde_json::json!({})), Report::parse(&Value::Null)), (None, None, None));
        assert_eq!(report.clone().with(report.clone()), report);
    }

    #[test]
    fn the_committed_report_has_every_panel_of_the_galleries() {
        let report = Report::parse(&serde_json::from_str(include_str!("../../www/report/report.json")).unwrap()).unwrap();
        let missing = crate::experiment::presets().iter().filter(|preset| {
            use crate::experiment::Group;
            !matches!(preset.group, Group::Emergence | Group::Simplex) && report.find(&preset.id, preset.config.seed).is_none()
        });
        assert_eq!(missing.map(|preset| preset.id.as_str()).collect::<Vec<_>>(), [""; 0]);
    }
}
