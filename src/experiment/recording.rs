//! The recording that the page plays on arrival: a run's records, reduced to what its pictures need.

use super::config::{BatchNormMode, Config};
use super::history::History;
use super::record::{Record, Split};
use super::reel::{Reel, letters};
use super::stills::{self, Stills};
use crate::collapse::{Collapse, Nc2, NeuralCollapse, Simplex};
use crate::dataset::RELATED;
use crate::separation::{Film, fit_law};
use serde::{Deserialize, Serialize};

/// Separation fuzziness D by layer.
type Curve = Vec<Option<f64>>;

/// One record: epoch, loss, training and test accuracy; D of the training points, of the same with running statistics, of the test points;
/// what is kept of the film; neural collapse; what is kept of the simplex picture.
type Row = (f64, f64, f64, Option<f64>, Curve, Curve, Option<Curve>, Vec<String>, Option<Measures>, String);

/// NC1; NC2 of the means, lengths and angles, and of the classifier; NC3; NC4; accuracy of the nearest mean.
type Measures = [f64; 8];

/// The records of a run to four digits, without what belongs to single classes, and a coarse film. In JSON an array of arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recording {
    rows: Vec<Row>,
}

impl Recording {
    /// What is kept of `records`.
    pub fn new(records: &[Record]) -> Self {
        let (films, stills) = (letters(records), stills::letters(records));
        Self { rows: records.iter().zip(films.into_iter().zip(stills)).map(row).collect() }
    }

    /// The records again, of a run of `config`: the law is fitted to the rounded D, and nothing is known of single classes.
    pub fn history(&self, config: &Config) -> History {
        let reel = Reel::new(self.rows.iter().map(|row| &row.7));
        let ring = config.ring(config.classes.as_ref().map_or(RELATED.len(), Vec::len));
        let stills = Stills::new(self.rows.iter().map(|row| &row.9), &ring, config.hidden.len() + 1);
        self.rows.iter().enumerate().map(|(at, row)| record(row, config, reel.film(at), stills.simplex(at))).collect::<Vec<_>>().into()
    }
}

fn row((record, (film, still)): (&Record, (Vec<String>, String))) -> Row {
    let curve = |split: &Split| split.fuzziness.iter().map(|d| d.map(rounded)).collect();
    let Record { epoch, loss, train_accuracy, test_accuracy, train, train_running, test, collapse, .. } = record;
    let measures = collapse.as_ref().map(|Collapse { last, .. }| {
        let Nc2 { equinorm_means, angle_means, equinorm_classifiers, angle_classifiers } = last.nc2;
        [last.nc1, equinorm_means, angle_means, equinorm_classifiers, angle_classifiers, last.nc3, last.nc4, last.ncc_accuracy].map(rounded)
    });
    let (train, running, test) = (curve(train), curve(train_running), test.as_ref().map(curve));
    (*epoch, rounded(*loss), *train_accuracy, *test_accuracy, train, running, test, film, measures, still)
}

/// Of which only the last layer is known.
fn collapse(measures: &Measures, layers: usize, simplex: Option<Simplex>) -> Collapse {
    let [nc1, equinorm_means, angle_means, equinorm_classifiers, angle_classifiers, nc3, nc4, ncc_accuracy] = *measures;
    let nc2 = Nc2 { equinorm_means, angle_means, equinorm_classifiers, angle_classifiers };
    let curve = |last: f64| (1..=layers).map(|layer| (layer == layers).then_some(last)).collect();
    Collapse {
        last: NeuralCollapse { nc1, nc2, nc3, nc4, ncc_accuracy },
        nc1: curve(nc1),
        equinorm: curve(equinorm_means),
        angles: curve(angle_means),
        ncc_accuracy: curve(ncc_accuracy),
        simplex,
    }
}

fn record(row: &Row, config: &Config, film: Option<Film>, simplex: Option<Simplex>) -> Record {
    let (epoch, loss, train_accuracy, test_accuracy, train, running, test, _, measures, _) = row;
    Record {
        epoch: *epoch,
        loss: *loss,
        learning_rate: config.learning_rate_at(*epoch as u32),
        train_accuracy: *train_accuracy,
        test_accuracy: *test_accuracy,
        train: Split { film, ..split(config.measure, train) },
        train_running: split(BatchNormMode::Running, running),
        test: test.as_ref().map(|test| split(BatchNormMode::Running, test)),
        collapse: measures.as_ref().map(|measures| collapse(measures, train.len(), simplex)),
        minority: None,
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
            collapse: Some(collapse(&[0.123456, 0.1, 0.2, 0.3, 0.4, 0.5, 0.0, 1.0], 4, None)),
            minority: None,
        };
        let json = serde_json::to_string(&Recording::new(&[before])).unwrap();
        let row =
            "[2.0,0.1235,0.876,null,[36.38,null,12.13,3.638e-6],[40.0,null,13.33,4e-6],null,[],[0.1235,0.1,0.2,0.3,0.4,0.5,0.0,1.0],\"\"]";
        assert_eq!(json, format!("[{row}]"));
        let history = serde_json::from_str::<Recording>(&json).unwrap().history(&Config::default());
        let after = history.last().unwrap();
        assert_eq!((after.epoch, after.learning_rate, after.train.mode), (2.0, 1e-3, BatchNormMode::BatchesOf100));
        let last = after.collapse.as_ref().unwrap();
        assert_eq!((&last.nc1, last.last.nc3), (&vec![None, None, None, Some(0.1235)], 0.5));
        assert_eq!(after.train.law, fit_law(&[Some(36.38), None, Some(12.13), Some(3.638e-6)]));
    }
}
