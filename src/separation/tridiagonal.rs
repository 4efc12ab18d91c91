//! Eigenvalues of a large symmetric matrix, through a tridiagonal one.

use super::eigen::Eigen;
use super::linear::dot;
use separation_kernels::rotate;

/// Eigenpairs of the symmetric `matrix` [k x k], finite, in any order.
///
/// Householder's reflections make it tridiagonal, implicit QL steps with Wilkinson's shift diagonal (Golub & Van Loan, Matrix Computations,
/// 8.3). Backward stable: an eigenvalue is off by some eps of the largest, whereas Jacobi's rotations, which take many times longer here,
/// may keep more digits of small ones.
pub(super) fn eigen(mut matrix: Vec<f64>, k: usize) -> Eigen {
    let Tridiagonal { mut diagonal, mut beside, factors } = Tridiagonal::of(&mut matrix, k);
    let mut vectors = vec![0.0; k * k];
    vectors.iter_mut().step_by(k + 1).for_each(|diagonal| *diagonal = 1.0);
    diagonalize(&mut diagonal, &mut beside, &mut vectors);
    for vector in vectors.chunks_exact_mut(k) {
        for (i, factor) in factors.iter().enumerate().rev() {
            reflect(&mut vector[i + 1..], &matrix[i * k + i + 1..], *factor);
        }
    }
    Eigen { values: diagonal, vectors }
}

/// A matrix T with Q^T A Q = T.
struct Tridiagonal {
    /// `[k]`.
    diagonal: Vec<f64>,
    /// The numbers beside it `[k]`, the last one 0.
    beside: Vec<f64>,
    /// Q is the product of reflections 1 - factor v v^T; v of reflection i is what is left right of the diagonal in row i of the matrix.
    factors: Vec<f64>,
}

impl Tridiagonal {
    fn of(matrix: &mut [f64], k: usize) -> Self {
        let (mut beside, mut factors) = (vec![0.0; k], Vec::with_capacity(k));
        for i in 0..k - 1 {
            let (done, rest) = matrix.split_at_mut((i + 1) * k);
            let v = &mut done[i * k + i + 1..];
            let length = dot(v, v).sqrt();
            // Away from the first number, so that nothing cancels.
            let first = -length.copysign(v[0]);
            v[0] -= first;
            beside[i] = first;
            let square = dot(v, v);
            // Below, all of v is as good as 0, and nothing is to be reflected.
            let factor = if square > f64::MIN_POSITIVE { 2.0 / square } else { 0.0 };
            factors.push(factor);
            // H A H = A - v w^T - w v^T, on the rows and columns behind i.
            let mut w: Vec<f64> = rest.chunks_exact(k).map(|row| factor * dot(&row[i + 1..], v)).collect();
            let half = factor / 2.0 * dot(&w, v);
            w.iter_mut().zip(&*v).for_each(|(w, v)| *w -= half * v);
            for (r, row) in rest.chunks_exact_mut(k).enumerate() {
                let (of_v, of_w) = (v[r], w[r]);
                row[i + 1..].iter_mut().zip(&*v).zip(&w).for_each(|((x, v), w)| *x -= of_v * w + of_w * v);
            }
        }
        Self { diagonal: matrix.iter().step_by(k + 1).copied().collect(), beside, factors }
    }
}

/// x less its part along v, twice: `factor` is 2 / v^T v. What follows v in its slice has no part in it.
fn reflect(x: &mut [f64], v: &[f64], factor: f64) {
    let along = factor * dot(x, v);
    x.iter_mut().zip(v).for_each(|(x, v)| *x -= along * v);
}

/// Makes a tridiagonal matrix diagonal, and turns the rows of `vectors` [k x k] as it goes.
fn diagonalize(diagonal: &mut [f64], beside: &mut [f64], vectors: &mut [f64]) {
    let k = diagonal.len();
    let largest = diagonal.iter().chain(&*beside).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let negligible = f64::EPSILON * largest;
    for first in 0..k {
        // The part from `first` to the next number that is as good as 0; two or three steps are usual.
        for _ in 0..MOST_STEPS {
            let last = first + beside[first..].iter().take_while(|e| e.abs() > negligible).count();
            if last == first {
                break;
            }
            let shift = wilkinson(&diagonal[first..], beside[first]);
            let (mut chase, mut sine, mut cosine, mut moved) = (diagonal[last] - shift, 1.0, 1.0, 0.0);
            for i in (first..last).rev() {
                let (f, b) = (sine * beside[i], cosine * beside[i]);
                let radius = f.hypot(chase);
                beside[i + 1] = radius;
                // Only where both are 0: then there is nothing to turn.
                (sine, cosine) = if radius > 0.0 { (f / radius, chase / radius) } else { (0.0, 1.0) };
                let g = diagonal[i + 1] - moved;
                let r = (diagonal[i] - g) * sine + 2.0 * cosine * b;
                moved = sine * r;
                diagonal[i + 1] = g + moved;
                chase = cosine * r - b;
                let (above, below) = vectors.split_at_mut((i + 1) * k);
                rotate(&mut above[i * k..], &mut below[..k], cosine, sine);
            }
            diagonal[first] -= moved;
            beside[first] = chase;
            beside[last] = 0.0;
        }
    }
}

/// The eigenvalue of the first 2 x 2 numbers of a matrix with this diagonal, and `beside` it not 0, that is nearer to the first.
fn wilkinson(diagonal: &[f64], beside: f64) -> f64 {
    let slope = (diagonal[1] - diagonal[0]) / (2.0 * beside);
    diagonal[0] - beside / (slope + slope.hypot(1.0).copysign(slope))
}

/// Steps for an eigenvalue after which it is taken as it is.
const MOST_STEPS: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_is_the_eigenvalue_nearer_to_the_first_number() {
        for (a, b, beside) in [(1.0, 2.0, 0.5), (2.0, 1.0, 0.5), (-3.0, 4.0, -2.0), (5.0, 0.25, 1e-3)] {
            let (middle, radius) = ((a + b) / 2.0, ((a - b) / 2.0f64).hypot(beside));
            let expected = if a < b { middle - radius } else { middle + radius };
            assert!((wilkinson(&[a, b, 7.0], beside) - expected).abs() < 1e-14, "{a} {b} {beside}");
        }
    }

    /// The largest part of A v - lambda v, beside the largest number of A.
    fn residual(matrix: &[f64], k: usize) -> f64 {
        let largest = matrix.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let Eigen { values, vectors } = eigen(matrix.to_vec(), k);
        let rows = || matrix.chunks_exact(k);
        let of = |(v, value): (&[f64], &f64)| rows().zip(v).map(|(row, x)| (dot(row, v) - value * x).abs() / largest).fold(0.0, f64::max);
        vectors.chunks_exact(k).zip(&values).map(of).fold(0.0, f64::max)
    }

    #[test]
    fn nothing_cancels_where_a_row_is_nearly_reflected_already() {
        for sign in [1.0, -1.0] {
            let matrix = [2.0, sign, 1e-9, sign, 3.0, 0.5, 1e-9, 0.5, 1.0];
            assert!(residual(&matrix, 3) < 1e-14, "{}", residual(&matrix, 3));
        }
    }

    #[test]
    fn what_is_negligible_is_so_beside_the_largest_number() {
        for scale in [1e-12, 1.0, 1e12] {
            let matrix = [2.0, 1e-3, 1e-3, 1.0].map(|x| scale * x);
            assert!(residual(&matrix, 2) < 1e-14, "{scale}: {}", residual(&matrix, 2));
        }
    }
}
