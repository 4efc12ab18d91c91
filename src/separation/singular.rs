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
