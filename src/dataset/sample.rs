//! What a run trains on: chosen classes, so many points of each, imbalance, label noise, oversampling.

use super::{Dataset, Points};
use crate::random::{Stream, random, shuffled, uniform_below};

/// How a run's points are taken from a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// Labels used; they become 0, 1, ... in this order. None is all.
    pub classes: Option<Vec<u16>>,
    /// The first so many training points of each class, in the dataset's order, which stays. None takes all of them, in one seeded order:
    /// own data may be sorted by class, and batches of one class have statistics that no network is trained with.
    pub per_class: Option<usize>,
    /// If above 0, only the first so many classes get all of that.
    pub majority_classes: usize,
    /// How many times fewer points the other classes get, at least 1 each.
    pub imbalance: f64,
    /// Whether an epoch repeats the points of smaller classes up to the largest class.
    pub oversample: bool,
    /// Share of each class's training points that get a uniformly random other label, 0 to 1.
    pub label_noise: f64,
    /// Seed of the labels' noise and of own data's order.
    pub seed: u32,
}

/// A run's points.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The points, with the labels trained on. Test points are those of the chosen classes, without noise.
    pub dataset: Dataset,
    /// Training points of each class, before label noise.
    pub class_counts: Vec<usize>,
    /// Indices of the training points that an epoch visits, before it is shuffled.
    pub epoch: Vec<u32>,
}

/// Points that an epoch may visit when it repeats some: 40 MB of indices.
const MOST_VISITS: usize = 10_000_000;

/// Why a sample cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// A chosen class that does not exist.
    #[error("classes has {class}; the data have classes 0 to {}", available - 1)]
    UnknownClass {
        /// The class chosen.
        class: u16,
        /// Number of classes of the data.
        available: usize,
    },
    /// A class chosen twice.
    #[error("classes has {class} twice; each class can be chosen once")]
    RepeatedClass {
        /// The class.
        class: u16,
    },
    /// Nothing to tell apart.
    #[error("{present} of the chosen classes has training points; at least 2 are needed")]
    TooFewClasses {
        /// Number of chosen classes that have points.
        present: usize,
    },
    /// More majority classes than classes.
    #[error("majorityClasses is {majority}; with {classes} classes 0 to {classes} are accepted")]
    TooManyMajorityClasses {
        /// Number of majority classes asked for.
        majority: usize,
        /// Number of chosen classes.
        classes: usize,
    },
    /// An epoch that repeats points until it no longer fits.
    #[error("oversample asks for {visits} points in an epoch; at most {MOST_VISITS} are accepted")]
    TooManyVisits {
        /// Points that an epoch would visit.
        visits: usize,
    },
    /// More points asked for than there are.
    #[error("perClass asks for {wanted} points of class {class} ({name}), which has {available}")]
    TooFewPoints {
        /// The class, by its label in the data.
        class: u16,
        /// Its name.
        name: String,
        /// Points asked for.
        wanted: usize,
        /// Points there are.
        available: usize,
    },
}

/// Takes a sample of `data`. The same sampling gives the same sample on every machine.
///
/// # Errors
/// If the chosen classes or so many points do not exist.
pub fn sample(data: &Dataset, sampling: &Sampling) -> Result<Sample, SampleError> {
    let classes = chosen_classes(data, sampling.classes.as_deref())?;
    if sampling.majority_classes > classes.len() {
        return Err(SampleError::TooManyMajorityClasses { majority: sampling.majority_classes, classes: classes.len() });
    }
    let class_counts = class_counts(data, &classes, sampling)?;

    let mut new_label = vec![None; data.classes];
    for (new, &old) in (0..).zip(&classes) {
        new_label[usize::from(old)] = Some(new);
    }
    let mut left = class_counts.clone();
    let mut train = relabelled(&data.train, &new_label, |new| {
        let left = &mut left[usize::from(new)];
        let kept = *left > 0;
        *left -= usize::from(kept);
        kept
    });
    if sampling.per_class.is_none() {
        train = train.select(&shuffled((0..train.labels.len() as u32).collect(), sampling.seed, Stream::MeasuringOrder, 0));
    }
    let visits = class_counts.len() * class_counts.iter().copied().max().unwrap_or(0);
    if sampling.oversample && visits > MOST_VISITS {
        return Err(SampleError::TooManyVisits { visits });
    }
    let epoch = if sampling.oversample { oversampled(&train.labels, &class_counts) } else { (0..train.labels.len() as u32).collect() };
    add_label_noise(&mut train.labels, classes.len(), sampling.label_noise, sampling.seed);

    let dataset = Dataset {
        classes: classes.len(),
        class_names: classes.iter().map(|&class| data.class_names[usize::from(class)].clone()).collect(),
        train,
        test: data.test.as_ref().map(|test| relabelled(test, &new_label, |_| true)).filter(|test| !test.labels.is_empty()),
    };
    Ok(Sample { dataset, class_counts, epoch })
}

/// The labels used, in order.
fn chosen_classes(data: &Dataset, chosen: Option<&[u16]>) -> Result<Vec<u16>, SampleError> {
    let Some(chosen) = chosen else {
        return Ok((0..data.classes).map(|class| class as u16).collect());
    };
    for (i, &class) in chosen.iter().enumerate() {
        if usize::from(class) >= data.classes {
            return Err(SampleError::UnknownClass { class, available: data.classes });
        }
        if chosen[..i].contains(&class) {
            return Err(SampleError::RepeatedClass { class });
        }
    }
    Ok(chosen.to_vec())
}

/// How many training points each of `classes` gets.
fn class_counts(data: &Dataset, classes: &[u16], sampling: &Sampling) -> Result<Vec<usize>, SampleError> {
    let available = data.train.class_counts(data.classes);
    let mut counts = Vec::with_capacity(classes.len());
    for (i, &class) in classes.iter().enumerate() {
        let available = available[usize::from(class)];
        let majority = sampling.per_class.unwrap_or(available);
        let minority = sampling.majority_classes > 0 && i >= sampling.majority_classes;
        let wanted = if minority { ((majority as f64 / sampling.imbalance).round() as usize).max(1.min(majority)) } else { majority };
        if wanted > available {
            let name = data.class_names[usize::from(class)].clone();
            return Err(SampleError::TooFewPoints { class, name, wanted, available });
        }
        counts.push(wanted);
    }
    match counts.iter().filter(|&&count| count > 0).count() {
        present @ ..2 => Err(SampleError::TooFewClasses { present }),
        _ => Ok(counts),
    }
}

/// The points whose class has a new label and that `keep` accepts, in their order.
fn relabelled(points: &Points, new_label: &[Option<u16>], mut keep: impl FnMut(u16) -> bool) -> Points {
    let new = |i: u32| new_label[usize::from(points.labels[i as usize])];
    let indices: Vec<u32> = (0..points.labels.len() as u32).filter(|&i| new(i).is_some_and(&mut keep)).collect();
    let mut selected = points.select(&indices);
    selected.labels = indices.into_iter().filter_map(new).collect();
    selected
}

/// Every index once, then those of smaller classes again and again in their order, until each class has as many as the largest.
fn oversampled(labels: &[u16], class_counts: &[usize]) -> Vec<u32> {
    let largest = class_counts.iter().copied().max().unwrap_or(0);
    let mut epoch: Vec<u32> = (0..labels.len() as u32).collect();
    for (members, &count) in members(labels, class_counts.len()).iter().zip(class_counts).filter(|(_, count)| **count > 0) {
        epoch.extend(members.iter().cycle().take(largest - count));
    }
    epoch
}

/// The indices of each class's points.
fn members(labels: &[u16], classes: usize) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); classes];
    (0..).zip(labels).for_each(|(index, &label)| members[usize::from(label)].push(index));
    members
}

/// Gives exactly round(share n_k) points of each class a uniformly random other label.
fn add_label_noise(labels: &mut [u16], classes: usize, share: f64, seed: u32) {
    if share == 0.0 {
        return;
    }
    let mut changes = Vec::new();
    for (class, members) in (0..).zip(members(labels, classes)) {
        let changed = (share * members.len() as f64).round() as usize;
        // Which points change, and to what, are drawn from two streams for each class.
        let points = shuffled(members, seed, Stream::LabelNoise, 2 * u32::from(class));
        let mut generator = random(seed, Stream::LabelNoise, 2 * u32::from(class) + 1);
        for &point in points.iter().take(changed) {
            let other = uniform_below(&mut generator, classes as u32 - 1) as u16;
            changes.push((point as usize, other + u16::from(other >= class)));
        }
    }
    changes.into_iter().for_each(|(point, label)| labels[point] = label);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// Points whose one feature is their index, of classes 0, 1, 2, 0, 1, 2, ...
    fn data(n: usize) -> Dataset {
        let points =
            |n| Points { features: Array2::from_shape_fn((n, 1), |(i, _)| i as f32), labels: (0..n).map(|i| (i % 3) as u16).collect() };
        Dataset { classes: 3, class_names: vec!["a".into(), "b".into(), "c".into()], train: points(n), test: Some(points(6)) }
    }

    fn sampling(per_class: Option<usize>) -> Sampling {
        Sampling { classes: None, per_class, majority_classes: 0, imbalance: 1.0, oversample: false, label_noise: 0.0, seed: 666 }
    }

    fn indices(points: &Points) -> Vec<usize> {
        points.features.iter().map(|&x| x as usize).collect()
    }

    #[test]
    fn the_first_of_each_class_in_file_order() {
        let sample = sample(&data(30), &sampling(Some(2))).unwrap();
        assert_eq!(indices(&sample.dataset.train), [0, 1, 2, 3, 4, 5]);
        assert_eq!(sample.dataset.train.labels, [0, 1, 2, 0, 1, 2]);
        assert_eq!((sample.class_counts, sample.epoch), (vec![2, 2, 2], vec![0, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn chosen_classes_are_relabelled_in_the_order_given() {
        let Sample { dataset, .. } = sample(&data(30), &Sampling { classes: Some(vec![2, 0]), ..sampling(Some(2)) }).unwrap();
        assert_eq!((indices(&dataset.train), &dataset.train.labels), (vec![0, 2, 3, 5], &vec![1, 0, 1, 0]));
        assert_eq!((dataset.classes, dataset.class_names), (2, vec!["c".to_owned(), "a".into()]));
        let test = dataset.test.unwrap();
        assert_eq!((indices(&test), test.labels), (vec![0, 2, 3, 5], vec![1, 0, 1, 0]));
    }

    #[test]
    fn minority_classes_get_their_share_and_at_least_one_point() {
        let counts = |majority_classes, imbalance| {
            let sampling = Sampling { majority_classes, imbalance, ..sampling(Some(10)) };
            sample(&data(30), &sampling).unwrap().class_counts
        };
        assert_eq!(counts(0, 5.0), [10, 10, 10]);
        assert_eq!(counts(1, 4.0), [10, 3, 3]);
        assert_eq!(counts(2, 100.0), [10, 10, 1]);
    }

    #[test]
    fn oversampling_repeats_smaller_classes_up_to_the_largest() {
        let sampling = Sampling { majority_classes: 1, imbalance: 2.5, oversample: true, label_noise: 0.5, ..sampling(Some(5)) };
        let sample = sample(&data(30), &sampling).unwrap();
        assert_eq!((&sample.class_counts, indices(&sample.dataset.train)), (&vec![5, 2, 2], vec![0, 1, 2, 3, 4, 5, 6, 9, 12]));
        assert_eq!(sample.epoch, [0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 4, 1, 2, 5, 2]);
    }

    #[test]
    fn own_data_is_taken_whole_in_one_seeded_order() {
        let order = |seed| indices(&sample(&data(30), &Sampling { seed, ..sampling(None) }).unwrap().dataset.train);
        let mut sorted = order(1);
        assert!(order(1) == order(1) && order(1) != order(2));
        sorted.sort_unstable();
        assert_eq!(sorted, (0..30).collect::<Vec<_>>());
        let sample = sample(&data(30), &sampling(None)).unwrap();
        assert!(indices(&sample.dataset.train).iter().zip(&sample.dataset.train.labels).all(|(i, &label)| i % 3 == usize::from(label)));
        assert_eq!(indices(&sample.dataset.test.unwrap()), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn label_noise_changes_exactly_its_share_of_each_class() {
        let clean = data(3000);
        for (share, expected) in [(0.0, 0), (0.2, 200), (0.0025, 3), (1.0, 1000)] {
            let noisy = sample(&clean, &Sampling { label_noise: share, ..sampling(Some(1000)) }).unwrap();
            let pairs = clean.train.labels.iter().zip(&noisy.dataset.train.labels);
            let changed = |class| pairs.clone().filter(move |(old, new)| **old == class && old != new);
            for class in 0..3 {
                assert_eq!(changed(class).count(), expected);
                // Both other labels are equally likely: 500 +- 4.4 standard deviations.
                let next = changed(class).filter(|(old, new)| **new == (**old + 1) % 3).count();
                assert!(share < 1.0 || (430..570).contains(&next), "{next}");
            }
            assert_eq!(noisy.dataset.test, clean.test);
            assert_eq!(noisy.class_counts, [1000; 3]);
        }
    }

    #[test]
    fn label_noise_differs_by_seed_only() {
        let labels = |seed| sample(&data(300), &Sampling { label_noise: 0.5, seed, ..sampling(Some(100)) }).unwrap().dataset.train.labels;
        assert!(labels(1) == labels(1) && labels(1) != labels(2));
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let message = |sampling| sample(&data(30), &sampling).unwrap_err().to_string();
        let classes = |classes: &[u16]| Sampling { classes: Some(classes.to_vec()), ..sampling(Some(2)) };
        assert_eq!(message(classes(&[0, 3])), "classes has 3; the data have classes 0 to 2");
        assert_eq!(message(classes(&[1, 0, 1])), "classes has 1 twice; each class can be chosen once");
        assert_eq!(message(classes(&[1])), "1 of the chosen classes has training points; at least 2 are needed");
        assert_eq!(message(sampling(Some(11))), "perClass asks for 11 points of class 0 (a), which has 10");
        let majority = Sampling { majority_classes: 4, ..sampling(Some(2)) };
        assert_eq!(message(majority), "majorityClasses is 4; with 3 classes 0 to 3 are accepted");
    }
}
