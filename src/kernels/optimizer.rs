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
