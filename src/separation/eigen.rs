//! Eigenvalues of a symmetric matrix, by Jacobi's rotations while it is small.

use super::tridiagonal;
use separation_kernels::rotate;

/// Eigenpairs, largest eigenvalue first.
pub(super) struct Eigen {
    /// Eigenvalues `[k]`.
    pub values: Vec<f64>,
    /// Orthonormal eigenvectors `[k x k]`, one a row.
    pub vectors: Vec<f64>,
}

/// Up to here rotations take no more than some tens of milliseconds; for 1000 x 1000 they take minutes in a browser.
const MOST_ROTATED: usize = 128;

/// Sweeps after which rotations stop in any case; 300 x 300 matrices need about 10.
const MAX_SWEEPS: usize = 50;

/// Eigenpairs of the symmetric `matrix` [k x k], finite.
pub(super) fn symmetric_eigen(matrix: Vec<f64>, k: usize) -> Eigen {
    let Eigen { values, vectors } = if k > MOST_ROTATED { tridiagonal::eigen(matrix, k) } else { jacobi(matrix, k) };
    let mut order: Vec<usize> = Vec::with_capacity(k);
    for i in 0..k {
        // One at a time: k is small, and the library's sort is large code where the module's size counts.
        let at = order.partition_point(|&before| values[before] >= values[i]);
        order.insert(at, i);
    }
    Eigen {
        values: order.iter().map(|&i| values[i]).collect(),
        vectors: order.iter().flat_map(|&i| &vectors[i * k..][..k]).copied().collect(),
    }
}

/// Eigenpairs in any order.
///
/// Cyclic Jacobi (Golub & Van Loan, Matrix Computations, 8.5): backward stable, and exact about orthogonality, which matters more here
/// than its O(k^3) a sweep.
fn jacobi(mut matrix: Vec<f64>, k: usize) -> Eigen {
    let mut vectors = vec![0.0; k * k];
    vectors.iter_mut().step_by(k + 1).for_each(|diagonal| *diagonal = 1.0);
    // What lies below rounding error of the whole matrix cannot move an eigenvalue any more.
    let negligible = f64::EPSILON * matrix.iter().map(|x| x * x).sum::<f64>().sqrt() / k as f64;

    for _ in 0..MAX_SWEEPS {
        let mut rotated = false;
        for p in 0..k {
            for q in p + 1..k {
                let off_diagonal = matrix[p * k + q];
                if off_diagonal.abs() <= negligible {
                    continue;
                }
                rotated = true;
                let (app, aqq) = (matrix[p * k + p], matrix[q * k + q]);
                // The smaller of the two angles that make element (p, q) vanish.
                let tau = (aqq - app) / (2.0 * off_diagonal);
                let tangent = tau.signum() / (tau.abs() + tau.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;

                rotate_rows(&mut matrix, k, p, q, cosine, sine);
                rotate_rows(&mut vectors, k, p, q, cosine, sine);
                matrix[p * k + p] = app - tangent * off_diagonal;
                matrix[q * k + q] = aqq + tangent * off_diagonal;
                matrix[q * k + p] = 0.0;
                // The columns follow from the rows by symmetry, (p, q) too.
                for i in 0..k {
                    matrix[i * k + p] = matrix[p * k + i];
                    matrix[i * k + q] = matrix[q * k + i];
                }
            }
        }
        if !rotated {
            break;
        }
    }

    Eigen { values: matrix.into_iter().step_by(k + 1).collect(), vectors }
}

/// Turns rows p < q of `matrix` [k x k] by the angle of `cosine` and `sine`.
fn rotate_rows(matrix: &mut [f64], k: usize, p: usize, q: usize, cosine: f64, sine: f64) {
    let (above, below) = matrix.split_at_mut(q * k);
    rotate(&mut above[p * k..][..k], &mut below[..k], cosine, sine);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds both ways to A v = lambda v and V V^T = 1, within `tolerance` of the largest eigenvalue, and to each other's eigenvalues.
    fn assert_eigen(matrix: &[f64], k: usize, tolerance: f64) {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let ways = [jacobi, tridiagonal::eigen].map(|way| {
            let Eigen { mut values, vectors } = way(matrix.to_vec(), k);
            let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
            let (mut residual, mut skew) = (0f64, 0f64);
            for (i, (v, value)) in vectors.chunks_exact(k).zip(&values).enumerate() {
                for j in 0..k {
                    residual = residual.max((dot(&matrix[j * k..][..k], v) - value * v[j]).abs());
                    skew = skew.max((dot(v, &vectors[j * k..][..k]) - f64::from(i == j)).abs());
                }
            }
            assert!(residual <= tolerance * largest && skew <= tolerance, "{residual:e} of {largest}, {skew:e}");
            values.sort_by(f64::total_cmp);
            (values, largest)
        });
        let [(rotated, largest), (reflected, _)] = &ways;
        assert!(rotated.iter().zip(reflected).all(|(a, b)| (a - b).abs() <= tolerance * largest), "{ways:?}");
    }

    /// The Gram matrix of `k` rows of `d` numbers without structure, of which row i is `scale(i)` long.
    fn gram(k: usize, d: usize, scale: impl Fn(usize) -> f64) -> Vec<f64> {
        let rows: Vec<Vec<f64>> = (0..k).map(|i| (0..d).map(|j| scale(i) * ((i * d + j) as f64 * 12.9898).sin()).collect()).collect();
        rows.iter().flat_map(|a| rows.iter().map(|b| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>())).collect()
    }

    #[test]
    fn eigenpairs_of_a_known_matrix() {
        let eigen = symmetric_eigen(vec![2.0, 1.0, 1.0, 2.0], 2);
        assert!((eigen.values[0] - 3.0).abs() < 1e-15 && (eigen.values[1] - 1.0).abs() < 1e-15, "{:?}", eigen.values);
        assert!((eigen.vectors[0] - eigen.vectors[1]).abs() < 1e-15);
        assert_eigen(&[2.0, 1.0, 1.0, 2.0], 2, 1e-15);
    }

    #[test]
    fn many_classes_have_their_largest_eigenvalue_first() {
        let k = MOST_ROTATED + 1;
        let matrix = gram(k, 40, |i| 1.0 + i as f64);
        let eigen = symmetric_eigen(matrix.clone(), k);
        assert!(eigen.values.is_sorted_by(|a, b| a >= b), "{:?}", eigen.values);
        let first = &eigen.vectors[..k];
        let image: f64 = matrix[..k].iter().zip(first).map(|(x, v)| x * v).sum();
        assert!((image - eigen.values[0] * first[0]).abs() < 1e-12 * eigen.values[0], "the vectors are in the values' order");
    }

    #[test]
    fn matrices_are_rotated_up_to_the_bound_and_reflected_beyond_it() {
        for k in [MOST_ROTATED, MOST_ROTATED + 1] {
            let matrix = gram(k, 40, |i| 1.0 + i as f64);
            let way = if k == MOST_ROTATED { jacobi } else { tridiagonal::eigen };
            let mut expected = way(matrix.clone(), k).values;
            expected.sort_by(|a, b| b.total_cmp(a));
            assert_eq!(symmetric_eigen(matrix, k).values, expected, "{k} x {k}, to the last bit");
        }
    }

    #[test]
    fn what_is_below_rounding_turns_nothing_and_what_is_above_does() {
        // Rounding of a 2 x 2 matrix with ones in its diagonal is eps sqrt(2) / 2, 1.6e-16.
        let first = |beside: f64| jacobi(vec![1.0, beside, beside, 1.0], 2).vectors[0];
        assert_eq!(first(1.5e-16), 1.0);
        assert!((first(2.5e-16) - 0.5f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn three_hundred_classes_with_repeated_and_zero_eigenvalues() {
        // 1 - J / k, the Gram matrix of a simplex: eigenvalue 1, k - 1 times, and 0.
        let k = 300;
        let simplex: Vec<f64> = (0..k * k).map(|i| f64::from(i % (k + 1) == 0) - 1.0 / k as f64).collect();
        assert_eigen(&simplex, k, 1e-13);
    }

    #[test]
    fn a_matrix_with_entries_of_many_magnitudes() {
        let k = 40;
        let matrix: Vec<f64> =
            (0..k * k).map(|i| ((i / k * (i % k) * 7919 % 101) as f64 - 50.0) * 0.5f64.powi((i / k + i % k) as i32)).collect();
        assert_eigen(&matrix, k, 1e-13);
    }

    #[test]
    fn few_rows_and_rows_of_few_numbers_and_of_many_lengths() {
        for k in [1, 2, 3, 20] {
            assert_eigen(&gram(k, 30, |_| 1.0), k, 1e-13);
        }
        // Rank 5 of 60, and lengths down to where squares vanish.
        assert_eigen(&gram(60, 5, |_| 1.0), 60, 1e-13);
        assert_eigen(&gram(60, 90, |i| 10f64.powi(-3 * i as i32)), 60, 1e-13);
        assert_eigen(&gram(60, 90, |i| if i % 3 == 0 { 0.0 } else { 1e-4 }), 60, 1e-13);
        assert_eigen(&[0.0; 16], 4, 1e-13);
    }
}
