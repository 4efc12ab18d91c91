//! The optimisers' updates, each one sweep over a contiguous stretch of parameters.

use crate::network::{Optimizer, OptimizerKind};

/// Updates `parameters` by `gradient`; `moments` holds the optimiser's state for them, `first` and `second` where they exist.
/// `updates` counts this one: 1 at the first.
pub fn update(
    optimizer: &Optimizer,
    rate: f64,
    updates: u32,
    parameters: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
) {
    let Optimizer { kind, momentum, weight_decay } = *optimizer;
    match kind {
        OptimizerKind::Sgd => {
            let rate = rate as f32;
            parameters.iter_mut().zip(gradient).for_each(|(w, g)| *w -= rate * (g + weight_decay * *w));
        }
        OptimizerKind::Momentum => {
            let rate = rate as f32;
            for ((w, g), v) in parameters.iter_mut().zip(gradient).zip(first) {
                *v = momentum * *v + (g + weight_decay * *w);
                *w -= rate * *v;
            }
        }
        OptimizerKind::Adam => {
            let correction = |beta: f32| 1.0 - libm::pow(f64::from(beta), f64::from(updates));
            let rate = (rate / correction(Optimizer::BETA1)) as f32;
            let root = (1.0 / correction(Optimizer::BETA2).sqrt()) as f32;
            for (((w, g), m), v) in parameters.iter_mut().zip(gradient).zip(first).zip(second) {
                let g = g + weight_decay * *w;
                *m = Optimizer::BETA1 * *m + (1.0 - Optimizer::BETA1) * g;
                *v = Optimizer::BETA2 * *v + (1.0 - Optimizer::BETA2) * g * g;
                *w -= rate * *m / (v.sqrt() * root + Optimizer::EPSILON);
            }
        }
    }
}
