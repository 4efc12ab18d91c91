//! How an epoch is cut into batches.

use std::ops::Range;

/// Consecutive batches over `points` points; the last takes what is left, and is joined to the one before if it has fewer than `smallest`.
#[derive(Clone, Copy, Debug)]
pub struct Batches {
    /// Number of points.
    pub points: usize,
    /// Points in a batch.
    pub size: usize,
    /// A last batch smaller than this joins the one before.
    pub smallest: usize,
}

impl Batches {
    /// An epoch's training batches: a last one of a single point joins the one before, since one point has no variance.
    pub fn training(points: usize, size: usize) -> Self {
        Self { points, size, smallest: 2 }
    }

    /// The batches of 100 on which batch normalisation is measured: a last one of under 20 points joins the one before.
    pub fn measuring(points: usize) -> Self {
        Self { points, size: 100, smallest: 20 }
    }

    /// Number of batches.
    pub fn count(&self) -> usize {
        let full = self.points / self.size;
        (full + usize::from(self.points % self.size >= self.smallest)).max(1)
    }

    /// Batch `index`, as a range of positions in the epoch's order.
    pub fn get(&self, index: usize) -> Range<usize> {
        let end = if index + 1 == self.count() { self.points } else { (index + 1) * self.size };
        index * self.size..end
    }

    /// All batches in order.
    pub fn iter(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let batches = *self;
        (0..batches.count()).map(move |i| batches.get(i))
    }

    /// Number of points in the largest batch.
    pub fn largest(&self) -> usize {
        self.iter().map(|b| b.len()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_batch_is_what_is_left() {
        let sizes = |points| Batches::training(points, 128).iter().map(|b| b.len()).collect::<Vec<_>>();
        assert_eq!(sizes(1000), [128, 128, 128, 128, 128, 128, 128, 104]);
        assert_eq!(sizes(256), [128, 128]);
        assert_eq!(sizes(257), [128, 129]);
        assert_eq!(sizes(1), [1]);
        assert_eq!(Batches::measuring(119).count(), 1);
        assert_eq!(Batches::measuring(119).get(0), 0..119);
        assert_eq!(Batches::measuring(120).iter().collect::<Vec<_>>(), [0..100, 100..120]);
    }
}
