//! Sums over labelled points, in float64: what the separation fuzziness is made of. Their order is that of the points: the same bits on
//! every machine.

/// A number that features are made of. What is summed over points of either precision is compiled here, once for each.
pub trait Feature: Copy + Into<f64> {
    /// Adds each row of `points`, `[n x d]`, less `origin`, `[d]`, to its class's row of `sums`, `[classes x d]`. Each label must be one
    /// of a class.
    fn add_to_classes(points: &[Self], labels: &[u16], origin: &[f64], sums: &mut [f64]);

    /// Adds |P (x - c)|^2 of each row x of `points`, `[n x d]`, to its class's entry of `scatter`, `[classes]`, where c is its class's row
    /// of `centers`, `[classes x d]`, and P is `projection`, `[rank x d]`.
    fn add_projected_scatter(points: &[Self], labels: &[u16], centers: &[f64], projection: &[f64], scatter: &mut [f64]);
}

/// Points that are projected together: the innermost loop runs over them, so that it fills SIMD lanes whatever the rank is.
const LANES: usize = 16;

macro_rules! feature {
    ($number:ty) => {
        impl Feature for $number {
            fn add_to_classes(points: &[Self], labels: &[u16], origin: &[f64], sums: &mut [f64]) {
                let d = origin.len();
                for (row, &label) in points.chunks_exact(d).zip(labels) {
                    let sum = &mut sums[usize::from(label) * d..][..d];
                    sum.iter_mut().zip(row).zip(origin).for_each(|((sum, &x), origin)| *sum += f64::from(x) - origin);
                }
            }

            fn add_projected_scatter(points: &[Self], labels: &[u16], centers: &[f64], projection: &[f64], scatter: &mut [f64]) {
                let d = centers.len() / scatter.len();
                let mut block = vec![[0.0; LANES]; d];
                for (rows, labels) in points.chunks(LANES * d).zip(labels.chunks(LANES)) {
                    for (lane, (row, &label)) in rows.chunks_exact(d).zip(labels).enumerate() {
                        let center = &centers[usize::from(label) * d..][..d];
                        block.iter_mut().zip(row).zip(center).for_each(|((column, &x), c)| column[lane] = f64::from(x) - c);
                    }
                    for (&label, square) in labels.iter().zip(projected_squares(&block, projection)) {
                        scatter[usize::from(label)] += square;
                    }
                }
            }
        }
    };
}

feature!(f32);
feature!(f64);

/// |P x|^2 of the points x in the lanes of `block` [d], with `projection` P [rank x d].
fn projected_squares(block: &[[f64; LANES]], projection: &[f64]) -> [f64; LANES] {
    let mut squares = [0.0; LANES];
    for p in projection.chunks_exact(block.len()) {
        let mut dots = [0.0; LANES];
        for (p, column) in p.iter().zip(block) {
            dots.iter_mut().zip(column).for_each(|(dot, x)| *dot += p * x);
        }
        squares.iter_mut().zip(dots).for_each(|(square, dot)| *square += dot * dot);
    }
    squares
}
