//! The talk's argument for equal shares: what a small error in every layer's ratio does to the last layer's fuzziness.

/// Why a curve has no cost.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RobustnessError {
    /// There is no ratio.
    #[error("the curve has {layers} layers; at least two are needed")]
    TooShort {
        /// Length of the curve.
        layers: usize,
    },
    /// A fuzziness that has no ratio to others.
    #[error("D is {value} in layer {layer}; it must be finite and above 0")]
    Fuzziness {
        /// The first such layer.
        layer: usize,
        /// D there.
        value: f64,
    },
    /// A ratio that float64 cannot hold.
    #[error("D of layer {layer} is {value} of the layer before; a ratio must be finite and above 0")]
    Ratio {
        /// The first such layer.
        layer: usize,
        /// Its ratio.
        value: f64,
    },
    /// A change that is none, or leaves a layer with no fuzziness.
    #[error("epsilon is {epsilon}; it must be finite and leave every ratio above 0, the smallest of which is {smallest}")]
    Epsilon {
        /// The change.
        epsilon: f64,
        /// The smallest ratio.
        smallest: f64,
    },
}

/// The ratios rho_l = D_l / D_(l-1) of a curve, each off by the same epsilon.
///
/// The last fuzziness is D_0 times the product of the ratios, and then prod (rho_l + eps) = prod rho_l * prod (1 + eps / rho_l). With the
/// product of the ratios given, the second factor is least where all are equal: to first order, 1 + eps sum 1 / rho_l, because arithmetic
/// means are at least geometric ones; and exactly, for eps > 0, because ln (1 + eps / rho) is convex in ln rho. (W. Su, "What should good
/// deep learning models look like?", 2024: a heuristic, which says nothing of training.)
///
/// ```
/// # use separation_playground::separation::Robustness;
/// let bent = Robustness::new(&[8.0, 2.0, 0.5, 0.5], 0.01)?;
/// assert!(bent.exact() > bent.straight().exact());
/// # Ok::<(), separation_playground::separation::RobustnessError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Robustness {
    ratios: Vec<f64>,
    epsilon: f64,
}

impl Robustness {
    /// The ratios of `fuzziness`, D by layer from the input on.
    ///
    /// # Errors
    /// If there are fewer than two layers, a D or a ratio is not finite and above 0, or `epsilon` is not finite or takes a ratio to 0.
    pub fn new(fuzziness: &[f64], epsilon: f64) -> Result<Self, RobustnessError> {
        let usable = |value: f64| value > 0.0 && value.is_finite();
        if fuzziness.len() < 2 {
            return Err(RobustnessError::TooShort { layers: fuzziness.len() });
        }
        if let Some(layer) = fuzziness.iter().position(|&d| !usable(d)) {
            return Err(RobustnessError::Fuzziness { layer, value: fuzziness[layer] });
        }
        let ratios: Vec<f64> = fuzziness.windows(2).map(|pair| pair[1] / pair[0]).collect();
        if let Some(at) = ratios.iter().position(|&ratio| !usable(ratio)) {
            return Err(RobustnessError::Ratio { layer: at + 1, value: ratios[at] });
        }
        let smallest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        if !epsilon.is_finite() || smallest + epsilon <= 0.0 {
            return Err(RobustnessError::Epsilon { epsilon, smallest });
        }
        Ok(Self { ratios, epsilon })
    }

    /// rho_l, from layer 1 on.
    pub fn ratios(&self) -> &[f64] {
        &self.ratios
    }

    /// epsilon / rho_l, from layer 1 on: by which part the layer alone changes the last D.
    pub fn shares(&self) -> Vec<f64> {
        self.ratios.iter().map(|ratio| self.epsilon / ratio).collect()
    }

    /// By which part the last D changes, to first order: the sum of the shares.
    pub fn first_order(&self) -> f64 {
        self.shares().iter().sum()
    }

    /// By which part the last D changes: prod (1 + epsilon / rho_l) - 1.
    pub fn exact(&self) -> f64 {
        // Small changes keep their digits.
        libm::expm1(self.shares().into_iter().map(libm::log1p).sum())
    }

    /// The straight line between the same ends: all ratios are their geometric mean.
    pub fn straight(&self) -> Self {
        let mean = self.ratios.iter().copied().map(libm::log).sum::<f64>() / self.ratios.len() as f64;
        Self { ratios: vec![libm::exp(mean); self.ratios.len()], epsilon: self.epsilon }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(ratios: &[f64], epsilon: f64) -> Robustness {
        let curve = ratios.iter().fold(vec![36.4], |mut curve, ratio| {
            curve.push(curve[curve.len() - 1] * ratio);
            curve
        });
        Robustness::new(&curve, epsilon).unwrap()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
    }

    #[test]
    fn a_change_of_every_ratio_by_hand() {
        // (0.5 + 0.1) (0.25 + 0.1) = 0.21, against 0.125: 68 % more; to first order 0.1 / 0.5 + 0.1 / 0.25.
        let bent = of(&[0.5, 0.25], 0.1);
        assert!(close(bent.exact(), 0.21 / 0.125 - 1.0) && close(bent.first_order(), 0.6), "{bent:?}");
        assert!(bent.shares().iter().zip([0.2, 0.4]).all(|(&a, b)| close(a, b)));
        assert_eq!((bent.ratios().len(), bent.straight().ratios().len()), (2, 2));
        assert!(bent.ratios().iter().zip([0.5, 0.25]).all(|(&a, b)| close(a, b)));
        assert!(bent.straight().ratios().iter().all(|&ratio| close(ratio, 0.125_f64.sqrt())));
    }

    proptest! {
        #[test]
        fn equal_ratios_cost_least_among_curves_with_the_same_ends(
            ratios in proptest::collection::vec(0.05..1.5_f64, 1..20),
            epsilon in 1e-4..0.3_f64,
        ) {
            let bent = of(&ratios, epsilon);
            let line = bent.straight();
            let product = |of: &Robustness| of.ratios().iter().map(|ratio| ratio.ln()).sum::<f64>();
            prop_assert!((product(&bent) - product(&line)).abs() < 1e-9, "the ends are the same");
            prop_assert!(bent.exact() >= line.exact() * (1.0 - 1e-9), "{} < {}", bent.exact(), line.exact());
            prop_assert!(bent.first_order() >= line.first_order() * (1.0 - 1e-9));
        }

        #[test]
        fn one_layer_off_the_line_costs_more_the_farther_it_is(
            layers in 2..20_usize, at in 0..18_usize, rho in 0.2..0.9_f64, off in 0.05..1.0_f64,
        ) {
            let moved = |by: f64| {
                let mut ratios = vec![rho; layers];
                let at = at % (layers - 1);
                ratios[at] *= by.exp();
                ratios[at + 1] /= by.exp();
                of(&ratios, 0.02).exact()
            };
            prop_assert!(moved(2.0 * off) > moved(off) && moved(off) > moved(0.0));
            prop_assert!(moved(-2.0 * off) > moved(-off) && moved(-off) > moved(0.0));
        }

        #[test]
        fn the_first_order_is_what_is_left_of_a_small_change(ratios in proptest::collection::vec(0.1..1.5_f64, 1..20)) {
            // What it misses is of second order: a tenth of epsilon leaves a hundredth of it.
            let miss = |epsilon| { let of = of(&ratios, epsilon); of.exact() - of.first_order() };
            if ratios.len() > 1 {
                prop_assert!(miss(1e-4) > 0.0 && (miss(1e-5) / miss(1e-4) - 0.01).abs() < 1e-3, "{} {}", miss(1e-4), miss(1e-5));
            } else {
                prop_assert!(miss(1e-4).abs() < 1e-12, "a single ratio has no second order");
            }
        }
    }

    #[test]
    fn what_has_no_ratio_is_named() {
        let message = |curve: &[f64], epsilon| Robustness::new(curve, epsilon).unwrap_err().to_string();
        assert_eq!(message(&[3.0], 0.1), "the curve has 1 layers; at least two are needed");
        assert_eq!(message(&[3.0, 0.0, 1.0], 0.1), "D is 0 in layer 1; it must be finite and above 0");
        assert_eq!(message(&[-3.0, -1.0], 0.1), "D is -3 in layer 0; it must be finite and above 0");
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            assert!(matches!(Robustness::new(&[3.0, 1.0, bad], 0.1), Err(RobustnessError::Fuzziness { layer: 2, .. })), "{bad}");
        }
        assert!(matches!(Robustness::new(&[1e300, 1e-300], 0.1), Err(RobustnessError::Ratio { layer: 1, value: 0.0 })));
        assert!(matches!(Robustness::new(&[1e-300, 1e300], 0.1), Err(RobustnessError::Ratio { layer: 1, .. })));
        for bad in [f64::NAN, f64::INFINITY, -0.5, -0.6] {
            assert!(matches!(Robustness::new(&[2.0, 1.0], bad), Err(RobustnessError::Epsilon { smallest: 0.5, .. })), "{bad}");
        }
        assert!(Robustness::new(&[2.0, 1.0], -0.4).unwrap().exact() < 0.0);
    }
}
