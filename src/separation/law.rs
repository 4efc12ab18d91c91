//! The law of data separation: D_l = rho^l D_0.

use serde::{Deserialize, Serialize};

/// Least-squares fit of ln D_l on the layer l.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Law {
    /// Decay ratio exp(slope): the share of D that each layer keeps.
    pub rho: f64,
    /// Pearson correlation of l and ln D_l; alone it is no evidence. 0 where D is the same at every layer.
    pub pearson: f64,
    /// Its square.
    pub r_squared: f64,
    /// ln D of the fitted line at layer 0.
    pub intercept: f64,
    /// Layers that halve D, ln 2 / ln(1/rho); null if rho >= 1.
    pub half_life: Option<f64>,
    /// The layers that the fit used.
    pub layers: Vec<usize>,
}

/// Fits the law to D by layer; layers where D is undefined, 0 or not finite are left out. None with fewer than 3 left.
///
/// ```
/// # use separation_playground::separation::fit_law;
/// let law = fit_law(&[Some(32.0), Some(16.0), Some(8.0), Some(4.0)]).unwrap();
/// assert!((law.rho - 0.5).abs() < 1e-12 && (law.pearson + 1.0).abs() < 1e-12);
/// assert!((law.half_life.unwrap() - 1.0).abs() < 1e-12);
/// ```
pub fn fit_law(fuzziness: &[Option<f64>]) -> Option<Law> {
    let usable = |d: &f64| *d > 0.0 && d.is_finite();
    let (layers, logarithms): (Vec<usize>, Vec<f64>) =
        fuzziness.iter().enumerate().filter_map(|(l, d)| d.filter(usable).map(|d| (l, libm::log(d)))).unzip();
    if layers.len() < 3 {
        return None;
    }
    let n = layers.len() as f64;
    let mean_layer = layers.iter().sum::<usize>() as f64 / n;
    let mean_log = logarithms.iter().sum::<f64>() / n;
    let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
    for (&layer, log) in layers.iter().zip(&logarithms) {
        let (x, y) = (layer as f64 - mean_layer, log - mean_log);
        sxx += x * x;
        sxy += x * y;
        syy += y * y;
    }
    // Equal logarithms may differ from their rounded mean: a spread within rounding is none, and has no correlation.
    let largest = logarithms.iter().fold(0.0, |largest: f64, log| largest.max(log.abs()));
    let flat = (syy / n).sqrt() <= n * f64::EPSILON * largest;
    let slope = if flat { 0.0 } else { sxy / sxx };
    let pearson = if flat { 0.0 } else { (sxy / (sxx * syy).sqrt()).clamp(-1.0, 1.0) };
    Some(Law {
        rho: libm::exp(slope),
        pearson,
        r_squared: pearson * pearson,
        intercept: mean_log - slope * mean_layer,
        half_life: (slope < 0.0).then(|| -std::f64::consts::LN_2 / slope),
        layers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * b.abs().max(1.0)
    }

    #[test]
    fn geometric_decay_gives_its_ratio() {
        let decay: Vec<_> = (0..8).map(|l| Some(36.4 * 0.53f64.powi(l))).collect();
        let law = fit_law(&decay).unwrap();
        assert!(close(law.rho, 0.53) && close(law.pearson, -1.0) && close(law.r_squared, 1.0), "{law:?}");
        assert!(close(law.intercept, 36.4f64.ln()));
        assert!(close(law.half_life.unwrap(), 2f64.ln() / (1.0 / 0.53f64).ln()));
        assert_eq!(law.layers, (0..8).collect::<Vec<_>>());
    }

    #[test]
    fn scattered_points_give_the_least_squares_line() {
        // ln D = 0, 1, 1: slope 1/2, intercept 1/6, r = sqrt(3)/2 by hand.
        let law = fit_law(&[Some(1.0), Some(1f64.exp()), Some(1f64.exp())]).unwrap();
        assert!(close(law.rho, 0.5f64.exp()) && close(law.intercept, 1.0 / 6.0) && close(law.pearson, 0.75f64.sqrt()), "{law:?}");
        assert_eq!(law.half_life, None);
    }

    #[test]
    fn unusable_layers_are_left_out_and_the_used_ones_named() {
        let law = fit_law(&[Some(8.0), None, Some(2.0), Some(0.0), Some(0.5), Some(f64::NAN), Some(f64::INFINITY), Some(-1.0)]).unwrap();
        assert!(close(law.rho, 0.5) && close(law.intercept, 8f64.ln()), "{law:?}");
        assert_eq!(law.layers, [0, 2, 4]);
    }

    #[test]
    fn two_layers_are_no_fit() {
        assert_eq!(fit_law(&[Some(4.0), None, Some(1.0), Some(0.0)]), None);
        assert_eq!(fit_law(&[]), None);
    }

    #[test]
    fn a_flat_line_keeps_everything_and_correlates_with_nothing() {
        for d in [1.0, 0.1, 36.379, 1e-300, 1e300] {
            let law = fit_law(&[Some(d); 20]).unwrap();
            assert_eq!((law.rho, law.pearson, law.r_squared, law.half_life), (1.0, 0.0, 0.0, None));
            assert!(close(law.intercept, d.ln()));
        }
    }

    #[test]
    fn a_spread_within_rounding_is_none_and_a_slope_beyond_it_is_one() {
        // ln D is about 30, known to some 4e-15: alternating by 1e-13 is within what 20 of them leave open.
        let wobble: Vec<_> = (0..20).map(|l| Some(1e13 * (1.0 + f64::from(l % 2) * 512.0 * f64::EPSILON))).collect();
        let law = fit_law(&wobble).unwrap();
        assert_eq!((law.rho, law.pearson), (1.0, 0.0));
        let slope: Vec<_> = (0..20).map(|l| Some(1e13 * (1.0 - 1e-12 * f64::from(l)))).collect();
        let law = fit_law(&slope).unwrap();
        assert!(law.rho < 1.0 && law.pearson < -0.999, "{law:?}");
    }

    #[test]
    fn growth_has_no_half_life() {
        let law = fit_law(&[Some(1.0), Some(2.0), Some(4.0)]).unwrap();
        assert!(close(law.rho, 2.0) && close(law.pearson, 1.0));
        assert_eq!(law.half_life, None);
    }
}
