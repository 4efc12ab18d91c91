//! How far two curves of the fuzziness are apart.

/// Root mean square of ln a_l - ln b_l over the layers from the first hidden one on, where both are defined and above 0: exp of it is the
/// factor by which they differ on average. The input is left out: its D is that of the data. None where no layer is left.
///
/// ```
/// # use separation_playground::separation::distance;
/// let (guess, measured) = ([Some(36.0), Some(8.0), Some(2.0)], [Some(40.0), Some(4.0), Some(4.0)]);
/// assert!((distance(&guess, &measured).unwrap().exp() - 2.0).abs() < 1e-12);
/// ```
pub fn distance(a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
    let ln = |d: Option<f64>| d.filter(|d| *d > 0.0 && d.is_finite()).map(libm::log);
    let squares: Vec<f64> = a.iter().zip(b).skip(1).filter_map(|(&a, &b)| Some((ln(a)? - ln(b)?).powi(2))).collect();
    (!squares.is_empty()).then(|| (squares.iter().sum::<f64>() / squares.len() as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn the_input_and_what_is_undefined_do_not_count() {
        let curve = [Some(30.0), Some(3.0), None, Some(0.5), Some(0.0)];
        assert_eq!(distance(&curve, &curve), Some(0.0));
        assert_eq!(distance(&curve, &[Some(1.0), Some(3.0), Some(9.0), Some(0.5), Some(7.0)]), Some(0.0));
        assert_eq!(distance(&curve, &[Some(1.0), None]), None);
        assert_eq!(distance(&[], &curve), None);
    }

    #[test]
    fn it_is_the_root_of_the_mean_square_in_logarithms() {
        let off = distance(&[Some(1.0), Some(3_f64.exp()), Some(1.0)], &[Some(1.0), Some(1.0), Some(4_f64.exp())]).unwrap();
        assert!((off - 12.5_f64.sqrt()).abs() < 1e-12, "{off}");
    }
}
