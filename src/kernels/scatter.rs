//! Class sums and projections of labelled points, in float64: what the separation fuzziness is made of. Their order is that of the points:
//! the same bits on every machine.

/// A number that features are made of. What is summed over points of either precision is compiled here, once for each.
pub trait Feature: Copy + Into<f64> {
    /// Adds each row of `points`, `[n x d]`, less `origin`, `[d]`, to its class's row of `sums`, `[classes x d]`. Each label must be one
    /// of a class.
    fn add_to_classes(points: &[Self], labels: &[u16], origin: &[f64], sums: &mut [f64]);

    /// P (x - c), `[n x rank]`, for each row x of `points`, `[n x d]`, where c is its class's row of `centers`, `[classes x d]`, and P is
    /// `projection`, `[rank x d]`.
    fn project(points: &[Self], labels: &[u16], centers: &[f64], projection: &[f64], d: usize) -> Vec<f64>;
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

            fn project(points: &[Self], labels: &[u16], centers: &[f64], projection: &[f64], d: usize) -> Vec<f64> {
                let rank = projection.len() / d;
                let mut projected = vec![0.0; labels.len() * rank];
                let mut block = vec![[0.0; LANES]; d];
                // Where nothing is left to project on there are no rows to write.
                let images = projected.chunks_mut((LANES * rank).max(1));
                for ((rows, labels), images) in points.chunks(LANES * d).zip(labels.chunks(LANES)).zip(images) {
                    for (lane, (row, &label)) in rows.chunks_exact(d).zip(labels).enumerate() {
                        let center = &centers[usize::from(label) * d..][..d];
                        block.iter_mut().zip(row).zip(center).for_each(|((column, &x), c)| column[lane] = f64::from(x) - c);
                    }
                    project_lanes(&block, projection, images);
                }
                projected
            }
        }
    };
}

feature!(f32);
feature!(f64);

/// P x of the points x in the lanes of `block` `[d]`, with `projection` P [rank x d], into `images` [lanes x rank], of which the last block
/// has fewer.
fn project_lanes(block: &[[f64; LANES]], projection: &[f64], images: &mut [f64]) {
    let rank = projection.len() / block.len();
    for (r, p) in projection.chunks_exact(block.len()).enumerate() {
        let mut dots = [0.0; LANES];
        for (p, column) in p.iter().zip(block) {
            dots.iter_mut().zip(column).for_each(|(dot, x)| *dot += p * x);
        }
        images[r..].iter_mut().step_by(rank).zip(dots).for_each(|(image, dot)| *image = dot);
    }
}
