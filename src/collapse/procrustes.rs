//! The orthogonal Procrustes fit of class means on the ideal simplex.

use crate::separation::{SeparationError, Singular, times};

/// The turn, scale and shift that bring class means nearest to the ideal simplex of their classes.
///
/// With the simplex E `[K x (K-1)]` and the centred means Mc `[d x K]` = sum over r of s_r u_r v_r^T, the rotation is the one that makes
/// Tr(R Mc E) largest. That is the polar factor of E^T Mc^T, and since E E^T = K/(K-1) (1 - J/K) leaves every v_r in place but for its
/// length, it is R = sqrt((K-1)/K) sum over r of (E^T v_r) u_r^T: no further decomposition. Where the means span fewer than K-1
/// dimensions, R turns what they span into the frame. What lies across them is projected out, so that the image of points is a shadow and
/// that of means is exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The mean of the class means `[d]`.
    center: Vec<f64>,
    /// R [(K-1) x d]: R R^T is a projection of rank `rank`.
    rotation: Vec<f64>,
    /// sqrt(K) / |Mc|_F: the means are then as far from the center, in the quadratic mean, as the vertices.
    scale: f64,
    rank: usize,
}

impl Fit {
    /// Of `means` `[K x d]` on `vertices` `[K x (K-1)]`, a [`simplex`](super::simplex).
    ///
    /// # Errors
    /// If all means are equal, or their squares overflow.
    pub fn new(means: &[f64], d: usize, vertices: &[f64]) -> Result<Self, SeparationError> {
        let (center, centered) = centered(means, d);
        let classes = means.len() / d;
        let dim = classes - 1;
        let Singular { values, right, inverse } = Singular::new(&centered, d, &vec![1.0; classes])?;
        let mut rotation = vec![0.0; dim * d];
        for ((value, v), inverse) in values.iter().zip(right.chunks_exact(classes)).zip(inverse.chunks_exact(d)) {
            let length = value * (dim as f64 / classes as f64).sqrt();
            for (axis, row) in rotation.chunks_exact_mut(d).enumerate() {
                let along = vertices[axis..].iter().step_by(dim).zip(v).map(|(vertex, v)| vertex * v).sum::<f64>();
                row.iter_mut().zip(inverse).for_each(|(to, u)| *to += length * along * u);
            }
        }
        let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        Ok(Self { center, rotation, scale: (classes as f64).sqrt() / norm, rank: values.len() })
    }

    /// Dimensions that the means span, at most min(d, K - 1).
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// R [(K-1) x d], row-major.
    pub fn rotation(&self) -> &[f64] {
        &self.rotation
    }

    /// What the fit multiplies lengths with.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Where a point `[d]` is in the frame `[K-1]`.
    pub fn place(&self, point: &[f64]) -> Vec<f64> {
        let offset: Vec<f64> = point.iter().zip(&self.center).map(|(x, center)| self.scale * (x - center)).collect();
        self.turn(&offset)
    }

    /// R v for a vector v `[d]`.
    pub fn turn(&self, vector: &[f64]) -> Vec<f64> {
        times(&self.rotation, vector)
    }
}

/// The mean of `rows` `[K x d]`, and what each is off it. The mean is that of offsets to the first row, so that equal rows have exactly
/// their own value as mean.
pub fn centered(rows: &[f64], d: usize) -> (Vec<f64>, Vec<f64>) {
    let classes = (rows.len() / d) as f64;
    let first = &rows[..d];
    let mut center = first.to_vec();
    for row in rows.chunks_exact(d) {
        center.iter_mut().zip(row).zip(first).for_each(|((center, x), first)| *center += (x - first) / classes);
    }
    let offsets = rows.iter().zip(center.iter().cycle()).map(|(x, center)| x - center).collect();
    (center, offsets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collapse::simplex;
    use nalgebra::DMatrix;
    use proptest::prelude::*;

    /// A random orthogonal matrix `[d x d]`.
    fn orthogonal(d: usize, entries: &[f64]) -> DMatrix<f64> {
        DMatrix::from_fn(d, d, |i, j| entries[i * d + j] + f64::from(i == j)).qr().q()
    }

    fn rows(matrix: &DMatrix<f64>) -> Vec<f64> {
        matrix.transpose().iter().copied().collect()
    }

    proptest! {
        #[test]
        fn the_rotation_that_moved_the_simplex_is_undone(
            classes in 2..9_usize, entries in prop::collection::vec(-1.0..1.0f64, 144), scale in 1e-6..1e6f64, shift in -3.0..3.0f64,
        ) {
            let vertices = simplex(&Vec::from_iter(0..classes as u16));
            let turn = orthogonal(12, &entries).columns(0, classes - 1).into_owned();
            let moved = DMatrix::from_row_slice(classes, classes - 1, &vertices) * turn.transpose() * scale;
            let means: Vec<f64> = rows(&moved).into_iter().map(|x| x + shift * scale).collect();
            let fit = Fit::new(&means, 12, &vertices).unwrap();
            prop_assert_eq!(fit.rank(), classes - 1);
            for (found, expected) in fit.rotation().iter().zip(rows(&turn.transpose())) {
                prop_assert!((found - expected).abs() < 1e-9, "{found} {expected}");
            }
            for (class, mean) in means.chunks_exact(12).enumerate() {
                let vertex = &vertices[class * (classes - 1)..];
                for (found, expected) in fit.place(mean).iter().zip(vertex) {
                    prop_assert!((found - expected).abs() < 1e-9, "{found} {expected}");
                }
            }
        }

        #[test]
        fn no_other_rotation_brings_the_means_nearer(
            classes in 3..8_usize, d in 1..10_usize, means in prop::collection::vec(-1.0..1.0f64, 80),
        ) {
            let means = &means[..classes * d];
            let vertices = simplex(&Vec::from_iter(0..classes as u16));
            let fit = Fit::new(means, d, &vertices).unwrap();
            let centered = DMatrix::from_row_slice(classes, d, &super::centered(means, d).1);
            let ideal = DMatrix::from_row_slice(classes, classes - 1, &vertices);
            // Tr(R Mc E) of the best rotation is the sum of the singular values.
            let best = (ideal.transpose() * &centered).singular_values().sum();
            let rotation = DMatrix::from_row_slice(classes - 1, d, fit.rotation());
            let reached = (rotation.transpose() * ideal.transpose() * &centered).trace();
            prop_assert!((reached - best).abs() < 1e-9 * best, "{reached} {best}");
            // And it turns what the means span without bending it.
            let kept = &rotation * centered.transpose();
            prop_assert!((kept.transpose() * &kept - &centered * centered.transpose()).norm() < 1e-9);
        }
    }
}
