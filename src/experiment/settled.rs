//! Whether the fit has stopped moving.

use super::record::{Record, Split};

/// Epochs over which a fit must have stood still.
pub const WINDOW: f64 = 50.0;

/// Whether r and rho have both changed by less than `most` over the last 50 epochs of `records`; `split` says which curve counts.
/// Not where a record of those epochs has no fit.
pub fn settled<'a>(records: &'a [Record], split: impl Fn(&'a Record) -> &'a Split, most: f64) -> bool {
    let Some(last) = records.last() else { return false };
    // The window begins with the last record that is old enough.
    let Some(first) = records.iter().rposition(|record| record.epoch <= last.epoch - WINDOW) else { return false };
    let laws = records[first..].iter().map(|record| split(record).law.as_ref().map(|law| (law.pearson, law.rho)));
    let Some(laws) = laws.collect::<Option<Vec<_>>>() else { return false };
    let spread = |value: fn(&(f64, f64)) -> f64| {
        let (low, high) = laws.iter().map(value).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    };
    spread(|law| law.0) < most && spread(|law| law.1) < most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{BatchNormMode, Config, History};
    use crate::separation::fit_law;

    /// A record at `epoch` whose line keeps `rho` per layer.
    fn record(epoch: f64, rho: Option<f64>) -> Record {
        let fuzziness: Vec<_> = (0..5).map(|layer| rho.map(|rho| rho.powi(layer))).collect();
        let train = Split { law: fit_law(&fuzziness), fuzziness, ..Split::new(BatchNormMode::Running, 0, &[]) };
        let learning_rate = Config::default().learning_rate;
        let (train_running, test) = (train.clone(), None);
        Record {
            epoch,
            loss: 0.0,
            learning_rate,
            train_accuracy: 1.0,
            test_accuracy: None,
            train,
            train_running,
            test,
            collapse: None,
            minority: None,
        }
    }

    fn stops(records: &[(f64, Option<f64>)], most: f64) -> bool {
        let history = History::from(records.iter().map(|&(epoch, rho)| record(epoch, rho)).collect::<Vec<_>>());
        settled(history.records(), |record| &record.train, most)
    }

    #[test]
    fn a_fit_settles_when_the_whole_window_is_within_the_bound() {
        let run = [(0.0, Some(0.9)), (40.0, Some(0.505)), (80.0, Some(0.5)), (100.0, Some(0.504))];
        assert!(stops(&run, 0.01) && !stops(&run, 0.004));
    }

    #[test]
    fn a_run_shorter_than_the_window_has_not_settled() {
        assert!(!stops(&[(0.0, Some(0.5)), (49.0, Some(0.5))], 0.01));
        assert!(stops(&[(0.0, Some(0.5)), (50.0, Some(0.5))], 0.01));
        assert!(!stops(&[], 0.01));
    }

    #[test]
    fn a_record_without_a_fit_has_not_settled() {
        assert!(!stops(&[(0.0, Some(0.5)), (30.0, None), (60.0, Some(0.5))], 0.01));
    }
}
