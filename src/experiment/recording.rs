//! The recording that the page plays on arrival: a run's records, reduced to what its pictures need.

use super::config::{BatchNormMode, Config};
use super::history::History;
use super::record::{Record, Split};
use super::reel::{Reel, letters};
use crate::separation::{Film, fit_law};
use serde::{Deserialize, Serialize};

/// Separation fuzziness D by layer.
type Curve = Vec<Option<f64>>;

/// One record: epoch, loss, training and test accuracy; D of the training points, of the same with running statistics, of the test points;
/// what is kept of the film.
type Row = (f64, f64, f64, Option<f64>, Curve, Curve, Option<Curve>, Vec<String>);

/// The records of a run to four digits, without what belongs to single classes, and a coarse film. In JSON an array of arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recording {
    rows: Vec<Row>,
}

impl Recording {
    /// What is kept of `records`.
    pub fn new(records: &[Record]) -> Self {
        Self { rows: records.iter().zip(letters(records)).map(row).collect() }
    }

    /// The records again, of a run of `config`: the law is fitted to the rounded D, and nothing is known of single classes.
    pub fn history(&self, config: &Config) -> History {
        let reel = Reel::new(self.rows.iter().map(|row| &row.7));
        self.rows.iter().enumerate().map(|(at, row)| record(row, config, reel.film(at))).collect::<Vec<_>>().into()
    }
}

fn row((record, film): (&Record, Vec<String>)) -> Row {
    let curve = |split: &Split| split.fuzziness.iter().map(|d| d.map(rounded)).collect();
    let Record { epoch, loss, train_accuracy, test_accuracy, train, train_running, test, .. } = record;
    (*epoch, rounded(*loss), *train_accuracy, *test_accuracy, curve(train), curve(train_running), test.as_ref().map(curve), film)
}

fn record((epoch, loss, train_accuracy, test_accuracy, train, running, test, _): &Row, config: &Config, film: Option<Film>) -> Record {
    Record {
        epoch: *epoch,
        loss: *loss,
        learning_rate: config.learning_rate_at(*epoch as u32),
        train_accuracy: *train_accuracy,
        test_accuracy: *test_accuracy,
        train: Split { film, ..split(config.measure, train) },
        train_running: split(BatchNormMode::Running, running),
        test: test.as_ref().map(|test| split(BatchNormMode::Running, test)),
        collapse: None,
    }
}

fn split(mode: BatchNormMode, fuzziness: &Curve) -> Split {
    let layers = fuzziness.len();
    Split {
        mode,
        law: fit_law(fuzziness),
        per_class: vec![Vec::new(); layers],
        rank: vec![0; layers],
        fuzziness: fuzziness.clone(),
        film: None,
    }
}

/// `value` to four digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_keeps_four_digits_of_each_curve() {
        let fuzziness = |d: f64| vec![Some(d), None, Some(d / 3.0), Some(1e-7 * d)];
        let split = |d| Split { fuzziness: fuzziness(d), ..Split::new(BatchNormMode::Running, 2, &[]) };
        let before = Record {
            epoch: 2.0,
            loss: 0.123456,
            learning_rate: 1e-3,
            train_accuracy: 0.876,
            test_accuracy: None,
            train: Split { mode: BatchNormMode::BatchesOf100, ..split(36.37915) },
            train_running: split(40.0),
            test: None,
            collapse: None,
        };
        let json = serde_json::to_string(&Recording::new(&[before])).unwrap();
        let row = "[2.0,0.1235,0.876,null,[36.38,null,12.13,3.638e-6],[40.0,null,13.33,4e-6],null,[]]";
        assert_eq!(json, format!("[{row}]"));
        let history = serde_json::from_str::<Recording>(&json).unwrap().history(&Config::default());
        let after = history.last().unwrap();
        assert_eq!((after.epoch, after.learning_rate, after.train.mode), (2.0, 1e-3, BatchNormMode::BatchesOf100));
        assert_eq!(after.train.law, fit_law(&[Some(36.38), None, Some(12.13), Some(3.638e-6)]));
    }
}
