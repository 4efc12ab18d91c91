//! Eigenvalues of a small symmetric matrix, by Jacobi's rotations.

/// Eigenpairs, largest eigenvalue first.
pub(super) struct Eigen {
    /// Eigenvalues `[k]`.
    pub values: Vec<f64>,
    /// Orthonormal eigenvectors `[k x k]`, one a row.
    pub vectors: Vec<f64>,
}

/// Sweeps after which rotations stop in any case; 300 x 300 matrices need about 10.
const MAX_SWEEPS: usize = 50;

/// Eigenpairs of the symmetric `matrix` [k x k], finite.
///
/// Cyclic Jacobi (Golub & Van Loan, Matrix Computations, 8.5): backward stable, and exact about orthogonality, which matters more here
/// than its O(k^3) a sweep.
pub(super) fn symmetric_eigen(mut matrix: Vec<f64>, k: usize) -> Eigen {
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
                matrix[p * k + q] = 0.0;
                matrix[q * k + p] = 0.0;
                // The columns follow from the rows by symmetry.
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

    let mut order: Vec<usize> = Vec::with_capacity(k);
    for i in 0..k {
        // One at a time: k is small, and the library's sort is large code where the module's size counts.
        let at = order.partition_point(|&before| matrix[before * k + before] >= matrix[i * k + i]);
        order.insert(at, i);
    }
    Eigen {
        values: order.iter().map(|&i| matrix[i * k + i]).collect(),
        vectors: order.iter().flat_map(|&i| &vectors[i * k..][..k]).copied().collect(),
    }
}

/// Turns rows p < q of `matrix` [k x k] by the angle of `cosine` and `sine`.
fn rotate_rows(matrix: &mut [f64], k: usize, p: usize, q: usize, cosine: f64, sine: f64) {
    let (above, below) = matrix.split_at_mut(q * k);
    for (x, y) in above[p * k..][..k].iter_mut().zip(&mut below[..k]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest entry of |A v - lambda v| and of |V V^T - 1|.
    fn defects(matrix: &[f64], k: usize) -> (f64, f64) {
        let eigen = symmetric_eigen(matrix.to_vec(), k);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let (mut residual, mut skew) = (0f64, 0f64);
        for (i, (v, value)) in eigen.vectors.chunks_exact(k).zip(&eigen.values).enumerate() {
            for j in 0..k {
                residual = residual.max((dot(&matrix[j * k..][..k], v) - value * v[j]).abs());
                skew = skew.max((dot(v, &eigen.vectors[j * k..][..k]) - f64::from(i == j)).abs());
            }
        }
        assert!(eigen.values.is_sorted_by(|a, b| a >= b), "{:?}", eigen.values);
        (residual, skew)
    }

    #[test]
    fn eigenpairs_of_a_known_matrix() {
        let eigen = symmetric_eigen(vec![2.0, 1.0, 1.0, 2.0], 2);
        assert!((eigen.values[0] - 3.0).abs() < 1e-15 && (eigen.values[1] - 1.0).abs() < 1e-15, "{:?}", eigen.values);
        assert!((eigen.vectors[0] - eigen.vectors[1]).abs() < 1e-15);
    }

    #[test]
    fn three_hundred_classes_with_repeated_and_zero_eigenvalues() {
        // 1 - J / k, the Gram matrix of a simplex: eigenvalue 1, k - 1 times, and 0.
        let k = 300;
        let simplex: Vec<f64> = (0..k * k).map(|i| f64::from(i % (k + 1) == 0) - 1.0 / k as f64).collect();
        let (residual, skew) = defects(&simplex, k);
        assert!(residual < 1e-13 && skew < 1e-13, "{residual:e} {skew:e}");
    }

    #[test]
    fn a_matrix_with_entries_of_many_magnitudes() {
        let k = 40;
        let matrix: Vec<f64> =
            (0..k * k).map(|i| ((i / k * (i % k) * 7919 % 101) as f64 - 50.0) * 0.5f64.powi((i / k + i % k) as i32)).collect();
        let (residual, skew) = defects(&matrix, k);
        assert!(residual < 1e-13 * 50.0 && skew < 1e-13, "{residual:e} {skew:e}");
    }
}
