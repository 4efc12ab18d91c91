//! The optimisers: their constants, and the update as one sweep over a contiguous stretch of parameters.

use serde::{Deserialize, Serialize};

/// Which update rule, with PyTorch's definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptimizerKind {
    /// w -= lr g
    Sgd,
    /// v = mu v + g; w -= lr v
    Momentum,
    /// Kingma & Ba 2015 with beta = (0.9, 0.999), epsilon = 1e-8.
    Adam,
}

/// An update rule and its constants. Weight decay is L2, added to the gradient of every parameter (Adam too: not AdamW).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimizer {
    /// The rule.
    pub kind: OptimizerKind,
    /// The momentum rule's mu.
    pub momentum: f32,
    /// The L2 coefficient.
    pub weight_decay: f32,
}

impl Optimizer {
    /// Adam's decay rate of the first moment.
    pub const BETA1: f32 = 0.9;
    /// Adam's decay rate of the second moment.
    pub const BETA2: f32 = 0.999;
    /// Added to the square root of Adam's second moment.
    pub const EPSILON: f32 = 1e-8;

    /// How many numbers it keeps beside each parameter.
    pub fn moments(&self) -> usize {
        match self.kind {
            OptimizerKind::Sgd => 0,
            OptimizerKind::Momentum => 1,
            OptimizerKind::Adam => 2,
        }
    }

    /// The learning rate of update number `updates`, 1 at the first, and the factor on the root of the second moment: Adam's, corrected for
    /// moments that began at 0.
    pub fn corrected(&self, rate: f64, updates: u32) -> (f32, f32) {
        if self.kind != OptimizerKind::Adam {
            return (rate as f32, 1.0);
        }
        let correction = |beta: f32| 1.0 - libm::pow(f64::from(beta), f64::from(updates));
        ((rate / correction(Self::BETA1)) as f32, (1.0 / correction(Self::BETA2).sqrt()) as f32)
    }

    /// Updates `parameters` by `gradient`; `moments` holds the optimiser's state for them, `first` and `second` where they exist.
    /// `updates` counts this one: 1 at the first.
    pub fn update(&self, rate: f64, updates: u32, parameters: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
        let Self { kind, momentum, weight_decay } = *self;
        let (rate, root) = self.corrected(rate, updates);
        match kind {
            OptimizerKind::Sgd => {
                parameters.iter_mut().zip(gradient).for_each(|(w, g)| *w -= rate * (g + weight_decay * *w));
            }
            OptimizerKind::Momentum => {
                for ((w, g), v) in parameters.iter_mut().zip(gradient).zip(first) {
                    *v = momentum * *v + (g + weight_decay * *w);
                    *w -= rate * *v;
                }
            }
            OptimizerKind::Adam => {
                for (((w, g), m), v) in parameters.iter_mut().zip(gradient).zip(first).zip(second) {
                    let g = g + weight_decay * *w;
                    *m = Optimizer::BETA1 * *m + (1.0 - Optimizer::BETA1) * g;
                    *v = Optimizer::BETA2 * *v + (1.0 - Optimizer::BETA2) * g * g;
                    *w -= rate * *m / (v.sqrt() * root + Optimizer::EPSILON);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 0.05;
    const START: [f32; 3] = [1.0, -0.5, 2.0];
    /// Gradients of three steps. The last number's is so small that Adam's epsilon counts.
    const GRADIENTS: [[f32; 3]; 3] = [[0.5, -2.0, 3e-9], [-0.25, 1.0, 1e-9], [1.5, -0.75, -2e-9]];

    fn optimizer(kind: OptimizerKind, weight_decay: f32) -> Optimizer {
        Optimizer { kind, momentum: 0.8, weight_decay }
    }

    /// Where the three numbers are after three steps.
    fn trained(optimizer: Optimizer) -> [f32; 3] {
        let (mut parameters, mut first, mut second) = (START, [0.0; 3], [0.0; 3]);
        for (updates, gradient) in (1..).zip(&GRADIENTS) {
            let [first, second] = [(1, &mut first), (2, &mut second)].map(|(least, kept)| match optimizer.moments() >= least {
                true => &mut kept[..],
                false => &mut [],
            });
            optimizer.update(RATE, updates, &mut parameters, gradient, first, second);
        }
        parameters
    }

    /// The same as PyTorch's documentation defines it, in float64: `step` gets the decayed gradient, two moments and the step's number.
    fn by_definition(weight_decay: f32, step: impl Fn(f64, &mut [f64; 2], i32) -> f64) -> [f64; 3] {
        [0, 1, 2].map(|at| {
            let (mut w, mut moments) = (f64::from(START[at]), [0.0; 2]);
            for (t, gradient) in (1..).zip(GRADIENTS) {
                w -= RATE * step(f64::from(gradient[at]) + f64::from(weight_decay) * w, &mut moments, t);
            }
            w
        })
    }

    fn assert_close(found: [f32; 3], expected: [f64; 3]) {
        for (at, (found, expected)) in found.into_iter().zip(expected).enumerate() {
            let moved = (expected - f64::from(START[at])).abs();
            assert!((f64::from(found) - expected).abs() < 1e-5 * moved + 2e-7, "number {at}: {found}, not {expected}");
        }
    }

    #[test]
    fn each_rule_is_pytorchs() {
        for decay in [0.0, 0.125] {
            assert_close(trained(optimizer(OptimizerKind::Sgd, decay)), by_definition(decay, |g, _, _| g));
            let momentum = |g: f64, [v, _]: &mut [f64; 2], _| {
                *v = f64::from(0.8f32) * *v + g;
                *v
            };
            assert_close(trained(optimizer(OptimizerKind::Momentum, decay)), by_definition(decay, momentum));
            let adam = |g: f64, [m, v]: &mut [f64; 2], t| {
                let (one, two) = (f64::from(Optimizer::BETA1), f64::from(Optimizer::BETA2));
                *m = one * *m + (1.0 - one) * g;
                *v = two * *v + (1.0 - two) * g * g;
                let (m, v) = (*m / (1.0 - one.powi(t)), *v / (1.0 - two.powi(t)));
                m / (v.sqrt() + f64::from(Optimizer::EPSILON))
            };
            assert_close(trained(optimizer(OptimizerKind::Adam, decay)), by_definition(decay, adam));
        }
    }

    #[test]
    fn each_rule_keeps_as_many_moments_as_it_needs() {
        let moments = [OptimizerKind::Sgd, OptimizerKind::Momentum, OptimizerKind::Adam].map(|kind| optimizer(kind, 0.0).moments());
        assert_eq!(moments, [0, 1, 2]);
    }

    #[test]
    fn adams_first_step_is_as_long_as_the_rate_whatever_the_gradient() {
        let adam = optimizer(OptimizerKind::Adam, 0.0);
        for gradient in [-3e4f32, 0.125, 7.0] {
            let mut parameter = [0.0];
            adam.update(RATE, 1, &mut parameter, &[gradient], &mut [0.0], &mut [0.0]);
            assert!((f64::from(parameter[0]) + RATE * f64::from(gradient.signum())).abs() < 1e-5 * RATE, "{parameter:?}");
        }
    }
}
