//! The records of a run, in the order of their epochs.

use super::record::Record;
use serde::{Deserialize, Serialize};

/// Most memory that a history takes, in bytes.
const LIMIT: usize = 16_000_000;

/// The records of a run: ordered by epoch, one an epoch, at most 16 MB. In JSON a plain array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Record>", into = "Vec<Record>")]
pub struct History {
    records: Vec<Record>,
    bytes: usize,
}

impl History {
    /// Adds a record; it replaces one of the same epoch. Beyond 16 MB older records are thinned.
    pub fn push(&mut self, record: Record) {
        self.insert(record);
        self.thin(LIMIT);
    }

    /// All records, by epoch.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The record of the latest epoch.
    pub fn last(&self) -> Option<&Record> {
        self.records.last()
    }

    /// The record of exactly this epoch.
    pub fn at(&self, epoch: f64) -> Option<&Record> {
        self.position(epoch).ok().map(|at| &self.records[at])
    }

    /// The record nearest to this epoch; of two as near, the earlier.
    pub fn closest(&self, epoch: f64) -> Option<&Record> {
        let distance = |record: &&Record| (record.epoch - epoch).abs();
        self.records.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The latest record that is not past this epoch; the first where all are.
    pub fn until(&self, epoch: f64) -> Option<&Record> {
        self.records.get(self.records.partition_point(|record| record.epoch <= epoch).saturating_sub(1))
    }

    /// Goes back to where `stored` ends, which is the same run: its own records up to there stay, for they have the pictures.
    pub fn back_to(self, stored: Self) -> Self {
        let end = stored.last().map_or(0.0, |record| record.epoch);
        let own = self.records.into_iter().filter(|record| record.epoch <= end);
        stored.records.into_iter().chain(own).collect::<Vec<_>>().into()
    }

    /// The same records without their simplex pictures.
    pub fn without_simplex(&self) -> Self {
        self.records.iter().cloned().map(Record::without_simplex).collect::<Vec<_>>().into()
    }

    fn position(&self, epoch: f64) -> Result<usize, usize> {
        self.records.binary_search_by(|record| record.epoch.total_cmp(&epoch))
    }

    fn insert(&mut self, record: Record) {
        self.bytes += record.size();
        match self.position(record.epoch) {
            Ok(at) => self.bytes -= std::mem::replace(&mut self.records[at], record).size(),
            Err(at) => self.records.insert(at, record),
        }
    }

    /// Drops every second record of the older half until `limit` is met; the first and the last stay.
    fn thin(&mut self, limit: usize) {
        while self.bytes > limit && self.records.len() > 2 {
            let older = self.records.len().div_ceil(2);
            let mut at = 0..;
            self.records.retain(|_| at.next().is_none_or(|at| at >= older || at % 2 == 0));
            self.bytes = self.records.iter().map(Record::size).sum();
        }
    }
}

impl From<Vec<Record>> for History {
    fn from(records: Vec<Record>) -> Self {
        let mut history = Self::default();
        records.into_iter().for_each(|record| history.push(record));
        history
    }
}

impl From<History> for Vec<Record> {
    fn from(history: History) -> Self {
        history.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{BatchNormMode, Split};

    fn record(epoch: f64) -> Record {
        let split = Split {
            mode: BatchNormMode::Running,
            fuzziness: vec![Some(1.0); 8],
            per_class: vec![vec![Some(1.0); 10]; 8],
            rank: vec![9; 8],
            law: None,
            film: None,
        };
        Record {
            epoch,
            loss: 0.0,
            learning_rate: 1e-3,
            train_accuracy: 1.0,
            test_accuracy: None,
            train: split.clone(),
            train_running: split,
            test: None,
            collapse: None,
            minority: None,
        }
    }

    #[test]
    fn a_run_that_goes_back_keeps_its_own_records_up_to_there() {
        let own: History = [0.0, 1.0, 2.0, 4.0, 6.0].map(record).to_vec().into();
        let stored: History = [0.0, 1.0, 2.0, 4.0, 4.5].map(|epoch| Record { loss: 1.0, ..record(epoch) }).to_vec().into();
        let back = own.clone().back_to(stored);
        assert_eq!(epochs(&back), [0.0, 1.0, 2.0, 4.0, 4.5]);
        assert_eq!(back.records().iter().map(|record| record.loss).collect::<Vec<_>>(), [0.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(epochs(&own.back_to(vec![record(0.0)].into())), [0.0]);
    }

    fn epochs(history: &History) -> Vec<f64> {
        history.records().iter().map(|record| record.epoch).collect()
    }

    #[test]
    fn records_are_ordered_and_one_an_epoch() {
        let mut history = History::from([2.0, 0.0, 0.5, 2.0].map(record).to_vec());
        assert_eq!(epochs(&history), [0.0, 0.5, 2.0]);
        history.push(Record { loss: 7.0, ..record(0.5) });
        assert_eq!(history.at(0.5).map(|record| record.loss), Some(7.0));
        assert_eq!(history.bytes, 3 * record(0.0).size());
    }

    #[test]
    fn lookups() {
        let history = History::from([0.0, 1.0, 3.0].map(record).to_vec());
        let epoch = |record: Option<&Record>| record.map(|record| record.epoch);
        assert_eq!([epoch(history.at(1.0)), epoch(history.at(2.0)), epoch(history.last())], [Some(1.0), None, Some(3.0)]);
        assert_eq!([-1.0, 1.4, 2.0, 2.1, 99.0].map(|e| epoch(history.closest(e))), [0.0, 1.0, 1.0, 3.0, 3.0].map(Some));
        assert_eq!([-1.0, 0.9, 1.0, 2.9, 99.0].map(|e| epoch(history.until(e))), [0.0, 0.0, 1.0, 1.0, 3.0].map(Some));
        assert_eq!([epoch(History::default().closest(1.0)), epoch(History::default().until(1.0))], [None, None]);
    }

    #[test]
    fn a_full_history_thins_its_older_half() {
        let mut history = History::from((0..10).map(|epoch| record(epoch.into())).collect::<Vec<_>>());
        history.thin(8 * record(0.0).size());
        assert_eq!(epochs(&history), [0.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        history.thin(0);
        assert_eq!(epochs(&history), [0.0, 9.0]);
    }

    #[test]
    fn a_long_run_stays_within_the_limit() {
        let mut history = History::default();
        (0..10_000).for_each(|epoch| history.push(record(epoch.into())));
        assert!((LIMIT / 3..=LIMIT).contains(&history.bytes), "{}", history.bytes);
        assert_eq!((history.at(0.0).is_some(), history.last().map(|record| record.epoch)), (true, Some(9999.0)));
    }

    #[test]
    fn json_is_a_plain_array() {
        let history = History::from([0.0, 1.0].map(record).to_vec());
        let json = serde_json::to_value(&history).unwrap();
        assert_eq!(json[1]["trainRunning"]["mode"], "running");
        assert_eq!(serde_json::from_value::<History>(json).unwrap(), history);
    }
}
