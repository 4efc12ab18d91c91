//! A run: one network, trained on one dataset, one batch after the other.

use super::{Config, Record};
use crate::dataset::Dataset;
use std::sync::Arc;

/// Why a run cannot be made or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {}

/// One network in training. It is driven from outside, a few steps at a time, so that the caller can yield between them.
pub struct Run {
    config: Config,
}

impl Run {
    /// A fresh run of `config` on `data`, which is the config's sample already.
    ///
    /// # Errors
    /// If config and data do not fit together, or the network does not fit in memory.
    pub fn new(config: Config, data: Arc<Dataset>) -> Result<Self, RunError> {
        let _ = data;
        Ok(Self { config })
    }

    /// What the run is made of.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The engine that runs: "cpu" or "webgpu".
    pub fn engine(&self) -> &'static str {
        todo!()
    }

    /// Epochs trained, fractional within an epoch.
    pub fn epoch(&self) -> f64 {
        todo!()
    }

    /// Epochs that the config asks for. Training may go on past them.
    pub fn epochs(&self) -> u32 {
        todo!()
    }

    /// Training steps until the end of the current epoch; a whole epoch's at its start.
    pub fn steps_left_in_epoch(&self) -> usize {
        todo!()
    }

    /// Training steps in an epoch.
    pub fn steps_in_epoch(&self) -> usize {
        todo!()
    }

    /// Training points visited in an epoch.
    pub fn points_in_epoch(&self) -> usize {
        todo!()
    }

    /// Trains up to `steps` steps, not past the end of the epoch.
    ///
    /// # Errors
    /// If the loss is no longer finite; the run then stays at its last finite state.
    pub async fn train(&mut self, steps: usize) -> Result<(), RunError> {
        let _ = steps;
        todo!()
    }

    /// Whether the config's record schedule asks for a record at this epoch.
    pub fn record_due(&self) -> bool {
        todo!()
    }

    /// Measures the network as it stands. `rest` is awaited between pieces of work of a few milliseconds.
    ///
    /// # Errors
    /// If an activation is not finite.
    pub async fn record(&mut self, rest: impl AsyncFnMut()) -> Result<Record, RunError> {
        let _ = rest;
        todo!()
    }
}
