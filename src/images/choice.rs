//! Which points of each class are trained on, and which are held out.

use super::Wanted;
use crate::random::{Stream, shuffled};

/// Points of each class that must be left for them to be a test.
pub const ENOUGH: usize = 10;

/// Chosen points, ascending.
#[derive(Debug, PartialEq)]
pub(super) struct Choice {
    pub train: Vec<u32>,
    pub test: Vec<u32>,
    /// Whether the test points are of the training array.
    pub held_out: bool,
    /// The class with the fewest points to train on, and how many it has.
    pub smallest: (usize, usize),
}

impl Choice {
    /// Of points with the classes `train`, and of those with the classes `test`; without these what is left of the training points is the
    /// test, if enough is left. Each class has streams of random numbers of its own.
    pub fn of(train: &[u16], test: Option<&[u16]>, classes: usize, wanted: &Wanted) -> Self {
        let shuffle = |labels: &[u16], part: u32| -> Vec<Vec<u32>> {
            let mut members = vec![Vec::new(); classes];
            (0..).zip(labels).for_each(|(point, &class)| members[usize::from(class)].push(point));
            let order = |(class, members): (u32, _)| shuffled(members, wanted.seed, Stream::Sampling, 2 * class + part);
            (0..).zip(members).map(order).collect()
        };
        let from = |orders: &[Vec<u32>], skip: usize| {
            let mut chosen: Vec<u32> = orders.iter().flat_map(|order| order.iter().skip(skip).take(wanted.per_class)).copied().collect();
            chosen.sort_unstable();
            chosen
        };
        let orders = shuffle(train, 0);
        let smallest = (0..).zip(&orders).map(|(class, order)| (class, order.len())).min_by_key(|&(_, count)| count).unwrap_or_default();
        let left = smallest.1 >= wanted.per_class + ENOUGH;
        let held = match test {
            Some(test) => from(&shuffle(test, 1), 0),
            None if left => from(&orders, wanted.per_class),
            None => Vec::new(),
        };
        Self { train: from(&orders, 0), held_out: test.is_none() && left, test: held, smallest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Wanted = Wanted { side: None, per_class: 5, seed: 7 };

    #[test]
    fn so_many_of_each_class_and_the_same_for_a_seed_alone() {
        let labels: Vec<u16> = (0..90).map(|i| i % 3).collect();
        let of = |wanted: &Wanted| Choice::of(&labels, None, 3, wanted);
        let choice = of(&WANTED);
        assert_eq!(choice, of(&WANTED));
        assert_ne!(choice, of(&Wanted { seed: 8, ..WANTED }));
        for part in [&choice.train, &choice.test] {
            let count = |class| part.iter().filter(|&&point| labels[point as usize] == class).count();
            assert_eq!([0, 1, 2].map(count), [5; 3]);
            assert!(part.is_sorted());
        }
        assert!(choice.held_out && choice.train.iter().all(|point| !choice.test.contains(point)));
    }

    #[test]
    fn a_class_with_fewer_gives_all_and_leaves_no_test() {
        let labels: Vec<u16> = (0..60).map(|i| u16::from(i < 57)).collect();
        let choice = Choice::of(&labels, None, 2, &WANTED);
        assert_eq!((choice.train.len(), choice.test.len(), choice.held_out, choice.smallest), (8, 0, false, (0, 3)));
        let of = |per_class| Choice::of(&[vec![0; 25], vec![1; 16]].concat(), None, 2, &Wanted { per_class, ..WANTED });
        assert_eq!([6, 7].map(|per_class| of(per_class).held_out), [true, false], "all but ten of the smallest, and no more");
        assert!([57, 58, 59].iter().all(|point| choice.train.contains(point)));
    }

    #[test]
    fn a_test_part_is_chosen_from_by_itself() {
        let choice = Choice::of(&[0, 1, 0, 1], Some(&[1, 1, 0]), 2, &Wanted { per_class: 1, ..WANTED });
        assert_eq!((choice.train.len(), choice.test.len(), choice.held_out), (2, 2, false));
        assert!(choice.test.contains(&2));
    }
}
