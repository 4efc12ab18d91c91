//! What is trained, free of any engine: architecture, parameters, initialisation, optimisers, schedules.

mod architecture;
mod batches;
mod initialization;
mod parameters;
mod schedule;

pub use crate::random::{Stream, random, shuffled, uniform_below, uniform_unit};
pub use architecture::Architecture;
pub use batches::Batches;
pub use initialization::{Initialization, initial_parameters};
pub use parameters::{LayerSlices, Layout, RunningSlices};
pub use schedule::Schedule;
pub use separation_kernels::{Activation, NORM_EPSILON, Normalization, Optimizer, OptimizerKind, RUNNING_MOMENTUM};
