//! How far a curve of ln D is from straight, and to which side.

/// How far the inner layers of ln D stand above the chord from the first layer to the last, on average, in parts of the chord's own rise or
/// fall: 0 for a straight line, positive for a concave curve, negative for a convex one. Layers where D is undefined, 0 or not finite are
/// left out. None with fewer than 3 left, or where the ends are as high as each other.
///
/// ```
/// # use separation_playground::separation::bend;
/// let curve = |logarithms: [f64; 3]| logarithms.map(|log| Some(log.exp()));
/// assert!((bend(&curve([4.0, 3.0, 0.0])).unwrap() - 0.25).abs() < 1e-12);
/// assert!((bend(&curve([4.0, 1.0, 0.0])).unwrap() + 0.25).abs() < 1e-12);
/// ```
pub fn bend(fuzziness: &[Option<f64>]) -> Option<f64> {
    let usable = |d: &f64| *d > 0.0 && d.is_finite();
    let points: Vec<(f64, f64)> =
        fuzziness.iter().enumerate().filter_map(|(l, d)| d.filter(usable).map(|d| (l as f64, libm::log(d)))).collect();
    let [first, inner @ .., last] = &points[..] else { return None };
    let (span, rise) = (last.0 - first.0, last.1 - first.1);
    // Ends that differ by less than one part in a thousand have no direction to bend from.
    if inner.is_empty() || rise.abs() < 1e-3 {
        return None;
    }
    let above = inner.iter().map(|(layer, log)| log - (first.1 + rise * (layer - first.0) / span)).sum::<f64>();
    Some(above / inner.len() as f64 / rise.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geometric_decay_does_not_bend_and_neither_does_growth() {
        for rho in [0.5_f64, 1.5] {
            let curve: Vec<_> = (0..8).map(|layer| Some(36.4 * rho.powi(layer))).collect();
            assert!(bend(&curve).unwrap().abs() < 1e-12);
        }
    }

    #[test]
    fn concave_is_positive_whether_the_curve_falls_or_rises() {
        let falls: Vec<_> = (0..8).map(|layer| Some((-0.1 * f64::from(layer * layer)).exp())).collect();
        let rises: Vec<_> = (0..8).map(|layer| Some(f64::from(1 + layer))).collect();
        assert!(bend(&falls).unwrap() > 0.1 && bend(&rises).unwrap() > 0.1);
    }

    #[test]
    fn layers_without_a_logarithm_are_left_out() {
        let curve = [Some(4.0), None, Some(0.0), Some(2.0), Some(f64::NAN), Some(1.0)];
        assert!((bend(&curve).unwrap() - (2f64.ln() - 4f64.ln() * 0.4) / 4f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn it_is_the_mean_over_the_inner_layers_from_the_first_that_counts() {
        // ln D is 6, 5, 3, 0 from layer 1 on; the chord 6, 4, 2, 0.
        let curve = [None, Some(6f64.exp()), Some(5f64.exp()), Some(3f64.exp()), Some(1.0)];
        assert!((bend(&curve).unwrap() - 1.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_layers_or_level_ends_have_no_bend() {
        assert_eq!(bend(&[Some(2.0), Some(1.0)]), None);
        assert_eq!(bend(&[Some(2.0), Some(1.0), Some(2.0)]), None);
        assert_eq!(bend(&[]), None);
    }
}
