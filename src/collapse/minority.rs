//! Minority Collapse in a trained network (Fang, He, Long & Su, PNAS 2021): classifiers of classes with few points that come to be one.

use super::measures::{Classifier, norm};
use crate::separation::{Between, dot};
use serde::{Deserialize, Serialize};

/// What a network makes of its minority classes: those behind the first, the majority classes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Minority {
    /// Mean cosine between the classifier's rows of two minority classes: -1/(K-1) in a simplex, 1 where they have collapsed. Null with fewer
    /// than two of them, or where one is 0.
    pub cosine: Option<f64>,
    /// Quadratic mean of their lengths over that of all rows; null where all are 0.
    pub norm: Option<f64>,
    /// Share of their points classified as labelled; null without such points.
    pub accuracy: Option<f64>,
}

impl Minority {
    /// Of a network with `majority` majority classes, and points that `between` describes; `deviations` are W (h - m_k) `[n x K]` for each of
    /// them, of features h and class k. None where majority or minority has no class.
    pub fn new(classifier: &Classifier, majority: usize, between: &Between, deviations: &[f64]) -> Option<Self> {
        let classes = classifier.classes();
        if majority == 0 || majority >= classes {
            return None;
        }
        let rows: Vec<&[f64]> = classifier.weight().chunks_exact(classifier.weight().len() / classes).collect();
        let mean_square = |rows: &[&[f64]]| rows.iter().map(|row| norm(row).powi(2)).sum::<f64>() / rows.len() as f64;
        let (all, few) = (mean_square(&rows), &rows[majority..]);
        let own = |class: usize| between.present[class];
        let points =
            classifier.choices(between, deviations).into_iter().zip(&between.labels).map(|(choice, &label)| (choice, own(label.into())));
        let (mut right, mut count) = (0, 0);
        for (choice, label) in points.filter(|&(_, label)| label >= majority) {
            right += usize::from(choice == label);
            count += 1;
        }
        Some(Self {
            cosine: mean_cosine(few),
            norm: (all > 0.0).then(|| (mean_square(few) / all).sqrt()),
            accuracy: (count > 0).then(|| f64::from(right as u32) / f64::from(count)),
        })
    }
}

/// The mean over pairs; None without a pair, or where a row is 0.
fn mean_cosine(rows: &[&[f64]]) -> Option<f64> {
    let norms: Vec<f64> = rows.iter().map(|row| norm(row)).collect();
    if rows.len() < 2 || norms.contains(&0.0) {
        return None;
    }
    let mut sum = 0.0;
    for (i, a) in rows.iter().enumerate() {
        for (j, b) in rows.iter().enumerate().take(i) {
            sum += dot(a, b) / (norms[i] * norms[j]);
        }
    }
    Some(sum / (rows.len() * (rows.len() - 1) / 2) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// One point of class 0, two of class 1, one of class 2, seen by a classifier with these rows and no bias.
    fn minority(rows: [f64; 6], majority: usize) -> Option<Minority> {
        let features = array![[2.0, 0.0], [0.0, 1.0], [0.0, 3.0], [1.0, -1.0]];
        let between = Between::new(features.view(), &[0, 1, 1, 2], 3).unwrap();
        let deviations = between.project(features.view(), &rows);
        Minority::new(&Classifier::new(rows.to_vec(), vec![0.0; 3], 2).unwrap(), majority, &between, &deviations)
    }

    #[test]
    fn rows_that_have_collapsed_have_cosine_1_and_their_classes_are_not_told_apart() {
        let Minority { cosine, norm, accuracy } = minority([1.0, 0.0, 0.0, 2.0, 0.0, 1.0], 1).unwrap();
        assert_eq!((cosine, accuracy), (Some(1.0), Some(2.0 / 3.0)));
        // (4 + 1) / 2 over (1 + 4 + 1) / 3.
        assert!((norm.unwrap() - (2.5f64 / 2.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn the_cosine_is_the_mean_over_pairs_of_minority_classes() {
        let cosine = |majority| minority([1.0, 0.0, 0.0, 2.0, 3.0, -4.0], majority).map(|minority| minority.cosine);
        assert_eq!([cosine(1), cosine(2)], [Some(Some(-0.8)), Some(None)]);
        assert_eq!([cosine(0), cosine(3)], [None, None], "no majority, no minority");
    }

    #[test]
    fn a_row_that_is_0_has_no_cosine() {
        let found = minority([1.0, 0.0, 0.0, 0.0, 0.0, 1.0], 1).unwrap();
        assert_eq!((found.cosine, found.accuracy), (None, Some(0.0)));
        let none = minority([0.0; 6], 1).unwrap();
        assert_eq!((none.norm, none.accuracy), (None, Some(0.0)), "of equal products the first class is chosen");
    }

    #[test]
    fn three_rows_have_three_pairs() {
        assert_eq!(mean_cosine(&[&[2.0, 0.0], &[0.0, 3.0], &[-4.0, 0.0]]), Some(-1.0 / 3.0));
    }

    #[test]
    fn a_minority_without_points_has_no_accuracy() {
        let features = array![[2.0, 0.0], [0.0, 1.0]];
        let between = Between::new(features.view(), &[0, 1], 3).unwrap();
        let rows = vec![1.0, 0.0, 0.0, 1.0, 0.5, 0.5];
        let deviations = between.project(features.view(), &rows);
        let found = Minority::new(&Classifier::new(rows, vec![0.0; 3], 2).unwrap(), 2, &between, &deviations).unwrap();
        assert_eq!((found.cosine, found.accuracy), (None, None));
    }
}
