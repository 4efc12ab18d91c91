//! The simplex pictures of a recording: the last layer at a few records, in letters. Between those records each place goes straight.

use super::record::Record;
use super::reel::{KEPT, SHARE};
use crate::collapse::Simplex;

/// What is kept of the simplex pictures: letters for the records that [`Reel`](super::reel::Reel) keeps, nothing for the others.
pub fn letters(records: &[Record]) -> Vec<String> {
    let last = records.last().map(|record| record.epoch);
    let kept = |record: &Record| {
        let due = KEPT.contains(&record.epoch) || Some(record.epoch) == last;
        let picture = record.collapse.as_ref().filter(|_| due).and_then(|collapse| collapse.simplex.as_ref());
        picture.map_or_else(String::new, |picture| picture.letters(SHARE))
    };
    records.iter().map(kept).collect()
}

/// The pictures again.
pub struct Stills {
    /// Index of a record, and its picture.
    kept: Vec<(usize, Simplex)>,
}

impl Stills {
    /// Those that stand in [`letters`], record by record, of a run of `layers` layers.
    pub fn new<'a>(letters: impl Iterator<Item = &'a String>, ring: &[u16], layers: usize) -> Self {
        let picture = |(row, letters): (usize, &String)| Some((row, Simplex::from_letters(ring, layers, SHARE, letters)?));
        Self { kept: letters.enumerate().filter_map(picture).collect() }
    }

    /// The picture of the record at `row`; None before the first that was kept and after the last.
    pub fn simplex(&self, row: usize) -> Option<Simplex> {
        let next = self.kept.partition_point(|(at, _)| *at < row);
        let (after, end) = self.kept.get(next)?;
        if *after == row {
            return Some(end.clone());
        }
        let (before, start) = self.kept.get(next.checked_sub(1)?)?;
        Some(start.between(end, (row - before) as f64 / (after - before) as f64))
    }
}
