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
            reflect(&mut vector[i + 1..], &matrix[i * k + i + 1..][..k - i - 1], *factor);
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
            let m = k - i - 1;
            let (done, rest) = matrix.split_at_mut((i + 1) * k);
            let v = &mut done[i * k + i + 1..];
            let length = dot(v, v).sqrt();
            // Away from the first number, so that nothing cancels.
            let first = if v[0] > 0.0 { -length } else { length };
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
            for (r, row) in rest.chunks_exact_mut(k).enumerate().take(m) {
                let (of_v, of_w) = (v[r], w[r]);
                row[i + 1..].iter_mut().zip(&*v).zip(&w).for_each(|((x, v), w)| *x -= of_v * w + of_w * v);
            }
        }
        Self { diagonal: matrix.iter().step_by(k + 1).copied().collect(), beside, factors }
    }
}

/// x less its part along v, twice: `factor` is 2 / v^T v.
fn reflect(x: &mut [f64], v: &[f64], factor: f64) {
    let along = factor * dot(x, v);
    x.iter_mut().zip(v).for_each(|(x, v)| *x -= along * v);
}

/// Makes a tridiagonal matrix diagonal, and turns the rows of `vectors` [k x k] as it goes.
fn diagonalize(diagonal: &mut [f64], beside: &mut [f64], vectors: &mut [f64]) {
    let k = diagonal.len();
    let largest = diagonal.iter().zip(&*beside).fold(0.0, |largest: f64, (d, e)| largest.max(d.abs() + e.abs()));
    let negligible = f64::EPSILON * largest;
    for first in 0..k {
        // The part from `first` to the next number that is as good as 0; two or three steps are usual.
        for _ in 0..MOST_STEPS {
            let last = (first..k - 1).find(|&i| beside[i].abs() <= negligible).unwrap_or(k - 1);
            if last == first {
                break;
            }
            let slope = (diagonal[first + 1] - diagonal[first]) / (2.0 * beside[first]);
            let shift = diagonal[first] - beside[first] / (slope + slope.hypot(1.0).copysign(slope));
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

/// Steps for an eigenvalue after which it is taken as it is.
const MOST_STEPS: usize = 50;
