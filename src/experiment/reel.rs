//! The film of a recording: the places of a few points at a few records, in letters. Between those records each point goes straight.

use super::record::Record;
use crate::separation::Film;
use std::iter::once;

/// Points of each class that are kept.
pub(super) const SHARE: u8 = 6;

/// Epochs whose places are kept, beside the last. In the default run the places between them are then 0.2 off in the mean, which is less
/// than they move from one record to the next while the rate is high.
pub(super) const KEPT: [f64; 7] = [0.0, 1.0, 3.0, 8.0, 20.0, 60.0, 240.0];

/// What is kept of the films of the training points: for each record its layers from 1 on in letters, for the first layer 0 too, which
/// training leaves where it is; nothing for most records, and for runs in which a class is smaller than that.
pub fn letters(records: &[Record]) -> Vec<Vec<String>> {
    let last = records.last().map(|record| record.epoch);
    let mut first = 0;
    let kept = |record: &Record| {
        let due = KEPT.contains(&record.epoch) || Some(record.epoch) == last;
        let film = record.train.film.as_ref().filter(|_| due).map(|film| film.first(SHARE));
        let Some(film) = film.filter(|film| film.counts().iter().all(|&count| count == SHARE)) else { return Vec::new() };
        (std::mem::replace(&mut first, 1)..record.train.fuzziness.len()).map(|layer| film.letters(layer)).collect()
    };
    records.iter().map(kept).collect()
}

/// The films again.
pub struct Reel {
    /// Index of a record, and its film.
    frames: Vec<(usize, Film)>,
}

impl Reel {
    /// Those that stand in [`letters`], record by record.
    pub fn new<'a>(letters: impl Iterator<Item = &'a Vec<String>>) -> Self {
        let mut kept = letters.enumerate().filter(|(_, layers)| !layers.is_empty()).peekable();
        let input = kept.peek().map_or("", |(_, layers)| layers[0].as_str());
        let counts = vec![SHARE; input.len() / 2 / usize::from(SHARE)];
        let frame = |(at, (row, layers)): (usize, (usize, &Vec<String>))| {
            let layers = layers[usize::from(at == 0)..].iter().map(String::as_str);
            (row, Film::from_letters(&counts, once(input).chain(layers)))
        };
        Self { frames: kept.enumerate().map(frame).collect() }
    }

    /// The film of the record at `row`; None before the first that was kept and after the last.
    pub fn film(&self, row: usize) -> Option<Film> {
        let next = self.frames.partition_point(|(at, _)| *at < row);
        let (after, end) = self.frames.get(next)?;
        if *after == row {
            return Some(end.clone());
        }
        let (before, start) = self.frames.get(next.checked_sub(1)?)?;
        Some(start.between(end, (row - before) as f64 / (after - before) as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{BatchNormMode, Split};
    use crate::separation::{Cast, Whitened};
    use ndarray::Array2;

    /// Ten points of each of two classes: pixels, a layer in which they come closer to their means from epoch to epoch, one without a picture.
    fn record(epoch: f64) -> Record {
        let labels: Vec<u16> = (0..20).map(|row| row % 2).collect();
        let cast = Cast::new(&labels, &[0, 1]);
        let mut film = Film::new(&cast);
        for spread in [0.8, 0.8 / (1.0 + epoch)] {
            let features = Array2::from_shape_fn((20, 1), |(row, _)| (row % 2) as f64 * 4.0 + spread * (row as f64 - 9.5) / 9.5);
            film.push(&cast, Whitened::new(features.view(), &labels, 2).ok().as_ref());
        }
        film.push(&cast, None);
        let split = Split { fuzziness: vec![Some(1.0); 3], ..Split::new(BatchNormMode::Running, 2, &[]) };
        Record {
            epoch,
            loss: 0.0,
            learning_rate: 0.1,
            train_accuracy: 1.0,
            test_accuracy: None,
            train: Split { film: Some(film), ..split.clone() },
            train_running: split,
            test: None,
            collapse: None,
            minority: None,
        }
    }

    #[test]
    fn kept_films_are_the_runs_own_in_letters_and_between_them_points_go_straight() {
        let records: Vec<_> = [0.0, 1.0, 2.0, 3.0, 3.5, 4.0].map(record).to_vec();
        let letters = super::letters(&records);
        assert_eq!(letters.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2, 0, 2, 0, 2]);
        let reel = Reel::new(letters.iter());
        let own = |row: usize| {
            let film = records[row].train.film.as_ref().unwrap().first(SHARE);
            let layers = [0, 1, 2].map(|layer| film.letters(layer));
            Film::from_letters(film.counts(), layers.iter().map(String::as_str))
        };
        for row in [0, 1, 3, 5] {
            assert_eq!(reel.film(row), Some(own(row)), "record {row}");
        }
        assert_eq!(reel.film(2), Some(own(1).between(&own(3), 0.5)));
        assert_eq!(reel.film(4), Some(own(3).between(&own(5), 0.5)));
        assert_eq!(reel.film(6), None);
        let film = reel.film(2).unwrap();
        assert_eq!((film.points(), film.layer(1).is_some(), film.layer(2).is_none()), (12, true, true));
    }

    #[test]
    fn a_run_that_was_not_filmed_has_none() {
        let mut record = record(0.0);
        record.train.film = None;
        let letters = super::letters(&[record]);
        assert_eq!(letters, [Vec::<String>::new()]);
        assert_eq!(Reel::new(letters.iter()).film(0), None);
    }
}
