//! The optimisers' parameters; the update itself belongs to an engine.

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
}
