//! Who appears in the pictures of points.

use super::ring::{Place, corner};
use std::f64::consts::SQRT_2;

/// Most points of a film.
const MOST: usize = 160;

/// Who appears in a picture, and where their classes stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    /// Rows of the points, class by class.
    rows: Vec<u32>,
    /// How many of them are of each class `[K]`.
    counts: Vec<u8>,
    /// Each class once: clockwise, from the top `[K]`.
    ring: Vec<u16>,
}

impl Cast {
    /// A film's: the first points of each class, evenly over the classes, 160 in all. `ring` has each class once: clockwise, from the top.
    pub fn new(labels: &[u16], ring: &[u16]) -> Self {
        Self::of_most(labels, ring, MOST)
    }

    /// The same of up to `most` points in all, and 255 of a class.
    pub fn of_most(labels: &[u16], ring: &[u16], most: usize) -> Self {
        let classes = ring.len();
        let share = (most / classes.max(1)).clamp(1, u8::MAX.into());
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for class in 0..classes as u16 {
            let of_class = (0..).zip(labels).filter(|&(_, &label)| label == class).map(|(row, _)| row);
            let before = rows.len();
            rows.extend(of_class.take(share.min(most - before)));
            counts.push((rows.len() - before) as u8);
        }
        Self { rows, counts, ring: ring.to_vec() }
    }

    /// The same points, when they are all there is: row 0 is the first of them.
    pub fn alone(&self) -> Self {
        Self { rows: (0..self.rows.len() as u32).collect(), ..self.clone() }
    }

    /// The class of each point.
    pub fn labels(&self) -> Vec<u16> {
        (0..).zip(&self.counts).flat_map(|(class, &count)| std::iter::repeat_n(class, count.into())).collect()
    }

    /// Rows of the points among those that the labels were of, class by class.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Number of points of each class `[K]`.
    pub fn counts(&self) -> &[u8] {
        &self.counts
    }

    /// Each class once: clockwise, from the top `[K]`.
    pub fn ring(&self) -> &[u16] {
        &self.ring
    }

    /// The vertex of each class in the film, `[K]`.
    pub fn vertices(&self) -> Vec<Place> {
        let mut vertices = vec![[0.0; 2]; self.ring.len()];
        for (at, &class) in self.ring.iter().enumerate() {
            let [x, y] = corner(at, self.ring.len());
            vertices[usize::from(class)] = [SQRT_2 * x, SQRT_2 * y];
        }
        vertices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_is_the_first_points_of_each_class() {
        let labels: Vec<u16> = (0..1000).map(|row| row * 7 % 10).collect();
        let cast = Cast::new(&labels, &Vec::from_iter(0..10));
        assert_eq!((cast.rows.len(), &cast.counts), (160, &vec![16; 10]));
        assert!(cast.rows.iter().all(|&row| row < 160), "these labels repeat after 10 rows");
        assert!(
            cast.rows.chunks(16).zip(0..).all(|(rows, class)| rows.is_sorted() && rows.iter().all(|&row| labels[row as usize] == class))
        );
    }

    #[test]
    fn alone_the_cast_is_the_same_points_one_after_the_other() {
        let cast = Cast::of_most(&[1, 0, 2, 2, 1, 2], &[2, 0, 1], 6);
        assert_eq!((cast.rows(), cast.labels()), (&[1, 0, 4, 2, 3][..], vec![0, 1, 1, 2, 2]));
        let alone = cast.alone();
        assert_eq!((alone.rows(), alone.labels(), alone.ring()), (&[0, 1, 2, 3, 4][..], cast.labels(), cast.ring()));
    }

    #[test]
    fn small_classes_and_very_many_are_cast_too() {
        let counts = |sizes: &[usize]| {
            let labels: Vec<u16> = (0..).zip(sizes).flat_map(|(class, &size)| std::iter::repeat_n(class, size)).collect();
            Cast::new(&labels, &Vec::from_iter(0..sizes.len() as u16)).counts
        };
        assert_eq!(counts(&[100, 0, 3]), [53, 0, 3]);
        let many = counts(&[2; 300]);
        assert_eq!((many.len(), many.iter().map(|&count| u32::from(count)).sum::<u32>()), (300, 160));
    }
}
