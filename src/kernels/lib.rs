//! The arithmetic of training and measuring: matrix products, normalisations, activations, the loss, the optimisers, scatter, rotations.
//!
//! A package of its own because cargo sets optimisation levels by package: this one is compiled for speed, with its loops
//! vectorised, and everything around it for size. So its functions are not generic, or they would be compiled where they are used.
//! All arrays are row-major, `[rows x width]`, and f32 where nothing else is said.

mod activation;
mod normalization;
mod optimizer;
mod product;
mod rotation;
mod scatter;
mod softmax;

pub use activation::{Activation, activation_backward};
pub use normalization::{Affine, Behind, Gradient, NORM_EPSILON, Normalization, RUNNING_MOMENTUM, Saved, Statistics, column_sums};
pub use optimizer::{Optimizer, OptimizerKind};
pub use product::{Matrix, Packing};
pub use rotation::rotate;
pub use scatter::Feature;
pub use softmax::cross_entropy;
