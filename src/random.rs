//! Seeded random numbers: one independent stream for each purpose, enterable at any epoch.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What random numbers are drawn for. Changing one purpose's draws never moves another's.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// Which points a sample takes.
    Sampling = 1,
    /// Which labels are changed, and to what.
    LabelNoise = 2,
    /// Initial weights.
    Initialization = 3,
    /// The order of the points in each epoch.
    Shuffle = 4,
    /// The fixed order in which batches of 100 are measured.
    MeasuringOrder = 5,
}

/// The generator for `stream` of `seed`; `index` selects an independent sub-stream, such as an epoch.
///
/// Which numbers a seed gives is part of this crate's version.
pub fn random(seed: u32, stream: Stream, index: u32) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(u64::from(seed));
    generator.set_stream(((stream as u64) << 32) | u64::from(index));
    generator
}

/// A uniform integer in 0 .. `bound`, unbiased (Lemire 2019).
pub fn uniform_below(generator: &mut ChaCha8Rng, bound: u32) -> u32 {
    loop {
        let product = u64::from(generator.next_u32()) * u64::from(bound);
        if product as u32 >= bound.wrapping_neg() % bound {
            return (product >> 32) as u32;
        }
    }
}

/// A uniform number in [0, 1) with 24 random bits.
pub fn uniform_unit(generator: &mut ChaCha8Rng) -> f32 {
    (generator.next_u32() >> 8) as f32 / (1u32 << 24) as f32
}

/// `points` in a random order: a Fisher-Yates shuffle by the generator of `stream` and `index`, such as an epoch.
pub fn shuffled(mut points: Vec<u32>, seed: u32, stream: Stream, index: u32) -> Vec<u32> {
    let mut generator = random(seed, stream, index);
    for i in (1..points.len()).rev() {
        points.swap(i, uniform_below(&mut generator, i as u32 + 1) as usize);
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_indices_differ_and_repeat() {
        let draw = |stream, index| random(666, stream, index).next_u64();
        assert_eq!(draw(Stream::Shuffle, 3), draw(Stream::Shuffle, 3));
        assert_ne!(draw(Stream::Shuffle, 3), draw(Stream::Shuffle, 4));
        assert_ne!(draw(Stream::Shuffle, 3), draw(Stream::Initialization, 3));
    }

    #[test]
    fn uniform_below_covers_its_range_evenly() {
        let mut generator = random(1, Stream::Sampling, 0);
        let mut counts = [0; 7];
        for _ in 0..7000 {
            counts[uniform_below(&mut generator, 7) as usize] += 1;
        }
        assert!(counts.iter().all(|&c| (850..1150).contains(&c)), "{counts:?}");
    }

    #[test]
    fn a_shuffle_is_a_permutation_that_differs_by_epoch() {
        let order = |epoch| shuffled((0..100).collect(), 666, Stream::Shuffle, epoch);
        let mut sorted = order(0);
        assert_ne!(order(0), order(1));
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
    }
}
