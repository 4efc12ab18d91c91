//! Engines: what trains a network and measures its layers.
//!
//! The methods are async because a GPU's are; the CPU's finish without waiting, except where they `rest`.

pub mod cpu;
mod state;

pub use cpu::{Evaluation, Statistics};
pub use state::State;

use crate::dataset::Points;
use crate::network::{Architecture, Optimizer};
use crate::separation::{Between, Cast, Film, Fuzziness, SeparationError};
use cpu::Cpu;
use ndarray::ArrayView2;
use std::ops::Range;

/// One network on one device.
pub enum Engine {
    /// On the CPU, in this thread.
    Cpu(Box<Cpu>),
}

/// The separation of a set of points at every layer, and how well the network tells them apart.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Separation fuzziness by layer, the input first; an error where it is undefined.
    pub layers: Vec<Result<Fuzziness, SeparationError>>,
    /// The cast at every layer, if one was given.
    pub film: Option<Film>,
    /// Loss and accuracy.
    pub evaluation: Evaluation,
}

impl Engine {
    /// The CPU engine for batches of up to `rows` points, starting from `state`.
    pub fn cpu(architecture: Architecture, optimizer: Optimizer, rows: usize, state: State) -> Self {
        Self::Cpu(Box::new(Cpu::new(architecture, optimizer, rows, state)))
    }

    /// "cpu" or "webgpu".
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "cpu",
        }
    }

    /// One training step on the points of `batch` at learning rate `rate`, in which linear layers `trained` learn.
    /// Returns the batch's mean cross-entropy before the step, in nats.
    pub async fn step(&mut self, points: &Points, batch: &[u32], rate: f64, trained: Range<usize>) -> f64 {
        match self {
            Self::Cpu(cpu) => cpu.step(points, batch, rate, trained),
        }
    }

    /// Measures every layer on `points`, visited in `order`, and films `cast`, whose rows count in that order; `rest` is awaited between pieces of work of a few milliseconds.
    pub async fn measure(
        &mut self,
        points: &Points,
        order: &[u32],
        classes: usize,
        statistics: Statistics,
        cast: Option<&Cast>,
        rest: &mut impl AsyncFnMut(),
    ) -> Measurement {
        let labels: Vec<u16> = order.iter().map(|&i| points.labels[i as usize]).collect();
        let mut layers = Vec::new();
        let mut film = cast.map(Film::new);
        let visit = |features: &[f32]| {
            let shape = (labels.len(), features.len() / labels.len());
            let features = ArrayView2::from_shape(shape, features).expect("an engine shows whole rows");
            let layer = Between::new(features, &labels, classes).and_then(|between| Ok((between.fuzziness(features)?, between)));
            if let (Some(film), Some(cast)) = (&mut film, cast) {
                film.push(cast, features, layer.as_ref().ok().map(|(_, between)| between));
            }
            layers.push(layer.map(|(fuzziness, _)| fuzziness));
        };
        let evaluation = match self {
            Self::Cpu(cpu) => cpu.sweep(points, order, statistics, visit, rest).await,
        };
        Measurement { layers, film, evaluation }
    }

    /// Loss and accuracy on `points` with running statistics.
    pub async fn evaluate(&mut self, points: &Points, rest: &mut impl AsyncFnMut()) -> Evaluation {
        let order: Vec<u32> = (0..points.labels.len() as u32).collect();
        match self {
            Self::Cpu(cpu) => cpu.sweep(points, &order, Statistics::Running, |_| (), rest).await,
        }
    }

    /// Everything that training has changed so far.
    pub async fn snapshot(&self) -> State {
        match self {
            Self::Cpu(cpu) => cpu.state().clone(),
        }
    }

    /// Goes on from `state`. Returns whether it fits the network and the optimiser; if not, nothing changes.
    pub async fn restore(&mut self, state: State) -> bool {
        match self {
            Self::Cpu(cpu) => cpu.restore(state),
        }
    }
}
