//! What training changes.

use crate::network::{Architecture, Initialization, Layout, Optimizer, initial_parameters};

/// Parameters, running statistics and the optimiser's state, in the orders of [`Layout`].
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Every trained parameter.
    pub parameters: Vec<f32>,
    /// Running means and variances of batch normalisation.
    pub running: Vec<f32>,
    /// First and second moments of the parameters; empty where the optimiser keeps none.
    pub moments: [Vec<f32>; 2],
    /// Updates that each linear layer has had.
    pub updates: Vec<u32>,
}

impl State {
    /// A fresh network's.
    pub fn fresh(architecture: &Architecture, optimizer: &Optimizer, initialization: Initialization, seed: u32) -> Self {
        let layout = Layout::new(architecture);
        Self::from_parameters(architecture, optimizer, initial_parameters(architecture, &layout, initialization, seed))
    }

    /// A network's with given parameters that has not been trained yet.
    pub fn from_parameters(architecture: &Architecture, optimizer: &Optimizer, parameters: Vec<f32>) -> Self {
        let moment = |nth: usize| vec![0.0; if nth < optimizer.moments() { parameters.len() } else { 0 }];
        Self {
            running: Layout::new(architecture).fresh_running(),
            moments: [moment(0), moment(1)],
            updates: vec![0; architecture.layers()],
            parameters,
        }
    }

    /// Lengths of its parts: the same for any two states of one network and optimiser.
    pub fn shape(&self) -> [usize; 5] {
        let [first, second] = &self.moments;
        [self.parameters.len(), self.running.len(), first.len(), second.len(), self.updates.len()]
    }
}
