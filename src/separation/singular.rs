//! Singular vectors of a few long rows whose weighted sum is 0, through their small Gram matrix.

use super::eigen::symmetric_eigen;
use super::error::SeparationError;
use super::linear::dot;

/// The singular value decomposition of a matrix A^T `[K x d]` = sum over r of s_r v_r u_r^T, its noise left out.
pub struct Singular {
    /// s_r `[rank]`, the largest first.
    pub values: Vec<f64>,
    /// v_r `[rank x K]`.
    pub right: Vec<f64>,
    /// u_r / s_r `[rank x d]`. These are the rows of P, P^T P = (A A^T)^+.
    pub inverse: Vec<f64>,
}

impl Singular {
    /// Of `rows` `[K x d]`, finite or infinite, each multiplied by its entry of `weights` `[K]`. Those products must be known to depend
    /// on each other, as centred rows do, so that the rank is at most K - 1.
    ///
    /// # Errors
    /// If all rows are 0, which says that the means that they come from are equal, or if one is infinite.
    pub fn new(rows: &[f64], d: usize, weights: &[f64]) -> Result<Self, SeparationError> {
        let largest = rows.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        match largest {
            0.0 => return Err(SeparationError::EqualMeans),
            f64::INFINITY => return Err(SeparationError::Overflow),
            _ => {}
        }
        // Scaled to a largest entry of 1: squares then neither overflow nor vanish.
        let weighted = |(row, &weight): (&[f64], &f64)| row.iter().map(|x| x / largest * weight).collect();
        let rows: Vec<Vec<f64>> = rows.chunks_exact(d).zip(weights).map(weighted).collect();
        let k = rows.len();

        let mut gram = vec![0.0; k * k];
        for i in 0..k {
            for j in 0..=i {
                gram[i * k + j] = dot(&rows[i], &rows[j]);
                gram[j * k + i] = gram[i * k + j];
            }
        }
        let mut eigen = symmetric_eigen(gram, k);

        // Below this an eigenvalue is rounding noise, and its inverse would swamp everything.
        let noise = d.max(k) as f64 * f64::EPSILON * eigen.values[0];
        let rank = eigen.values.iter().take(d.min(k - 1)).take_while(|&&value| value > noise).count();
        let mut inverse = vec![0.0; rank * d];
        for ((p, vector), value) in inverse.chunks_exact_mut(d).zip(eigen.vectors.chunks_exact(k)).zip(&eigen.values) {
            for (row, v) in rows.iter().zip(vector) {
                p.iter_mut().zip(row).for_each(|(p, x)| *p += v / value * x);
            }
            p.iter_mut().for_each(|p| *p /= largest);
        }
        eigen.vectors.truncate(rank * k);
        let values = eigen.values[..rank].iter().map(|value| value.sqrt() * largest).collect();
        Ok(Self { values, right: eigen.vectors, inverse })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(rows: &[f64], d: usize, classes: usize) -> usize {
        Singular::new(rows, d, &vec![1.0; classes]).unwrap().values.len()
    }

    #[test]
    fn rows_that_are_all_0_or_not_finite_are_refused() {
        let of = |rows: [f64; 4]| Singular::new(&rows, 2, &[1.0; 2]).map(|_| ());
        assert_eq!(of([0.0; 4]), Err(SeparationError::EqualMeans));
        assert_eq!(of([1.0, f64::NEG_INFINITY, -1.0, 2.0]), Err(SeparationError::Overflow));
        assert_eq!(of([1e300, 1e-300, -1e300, -1e-300]), Ok(()));
    }

    #[test]
    fn what_is_below_rounding_is_no_rank() {
        // Rows 1, -1/2 + b, -1/2 - b of 400 numbers, b one of them: eigenvalues 600 and 2 b^2, and rounding is 400 eps 600 = 5e-11.
        let rows = |b: f64| {
            let mut rows = [vec![1.0; 400], vec![-0.5; 400], vec![-0.5; 400]].concat();
            rows[400] += b;
            rows[800] -= b;
            rows
        };
        assert_eq!([1e-4, 7e-7].map(|b| rank(&rows(b), 400, 3)), [2, 1]);
    }

    #[test]
    fn the_rank_is_less_than_the_number_of_rows_whatever_rounding_leaves_of_the_last() {
        // Rows that do not depend on each other, as if all of the last eigenvalue were rounding.
        assert_eq!(rank(&[2.0, 0.0, 0.0, 1.0], 2, 2), 1);
        assert_eq!(rank(&[3.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0], 3, 3), 2);
    }
}
