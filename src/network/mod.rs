//! What is trained, free of any engine: architecture, parameters, initialisation, optimisers, schedules.

mod architecture;
mod batches;
mod initialization;
mod optimizer;
mod parameters;
mod schedule;

pub use crate::random::{Stream, random, shuffled, uniform_below, uniform_unit};
pub use architecture::{Activation, Architecture, Normalization};
pub use batches::Batches;
pub use initialization::{Initialization, initial_parameters};
pub use optimizer::{Optimizer, OptimizerKind};
pub use parameters::{LayerSlices, Layout, NORM_EPSILON, RUNNING_MOMENTUM, RunningSlices};
pub use schedule::Schedule;
