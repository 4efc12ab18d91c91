//! Engines: what trains a network and measures its layers.
//!
//! The methods are async because a GPU's are; the CPU's finish without waiting, except where they `rest`.

pub mod cpu;
mod error;
pub mod gpu;
mod measurement;
mod state;

pub use cpu::{Evaluation, Statistics};
pub use error::EngineError;
pub use measurement::{Measurement, Wanted};
pub use state::State;

use crate::dataset::{Dataset, Part};
use crate::network::{Architecture, Optimizer};
use crate::separation::Whitened;
use cpu::Cpu;
use gpu::{Adapter, Gpu};
use measurement::Reader;
use ndarray::ArrayView2;
use std::ops::Range;

/// One network on one device, and the data that it was made with: all methods are given the same.
pub enum Engine {
    /// On the CPU, in this thread.
    Cpu(Box<Cpu>),
    /// On the GPU.
    Gpu(Box<Gpu>),
}

/// A training step to come.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Indices of the training points in the batch.
    pub batch: &'a [u32],
    /// Learning rate.
    pub rate: f64,
    /// Linear layers that learn.
    pub trained: Range<usize>,
}

impl Engine {
    /// The CPU engine for batches of up to `rows` points, starting from `state`.
    pub fn cpu(architecture: Architecture, optimizer: Optimizer, rows: usize, state: State) -> Self {
        Self::Cpu(Box::new(Cpu::new(architecture, optimizer, rows, state)))
    }

    /// The GPU engine for batches of up to `rows` of the training points of `data`, starting from `state`.
    ///
    /// # Errors
    /// If there is no GPU, or it cannot hold the network and the points.
    pub async fn gpu(
        architecture: Architecture,
        optimizer: Optimizer,
        rows: usize,
        state: &State,
        data: &Dataset,
    ) -> Result<Self, EngineError> {
        Ok(Self::Gpu(Box::new(Gpu::new(architecture, optimizer, rows, state, data).await?)))
    }

    /// "cpu" or "webgpu".
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "cpu",
            Self::Gpu(_) => "webgpu",
        }
    }

    /// The GPU that runs, if one does.
    pub fn adapter(&self) -> Option<&Adapter> {
        match self {
            Self::Cpu(_) => None,
            Self::Gpu(gpu) => Some(gpu.adapter()),
        }
    }

    /// Trains `steps` on the training points of `data`, and appends each batch's mean cross-entropy before its step, in nats, to `losses`,
    /// as far as it is known. A GPU takes many steps in one go, and nothing is read from it before [`Self::settle`] or until its room for
    /// losses is full; the CPU stops behind a loss that is not finite.
    ///
    /// # Errors
    /// If the GPU fails; what it has trained until then is unknown.
    pub async fn train<'a>(
        &mut self,
        data: &Dataset,
        mut steps: impl Iterator<Item = Step<'a>>,
        losses: &mut Vec<f64>,
    ) -> Result<(), EngineError> {
        match self {
            Self::Cpu(cpu) => {
                let step = |Step { batch, rate, trained }: Step| {
                    let loss = cpu.step(&data.train, batch, rate, trained);
                    losses.push(loss);
                    loss.is_finite()
                };
                steps.all(step);
                Ok(())
            }
            Self::Gpu(gpu) => gpu.train(steps, losses).await,
        }
    }

    /// Waits for all steps, and appends the losses that were not known so far to `losses`.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn settle(&mut self, losses: &mut Vec<f64>) -> Result<(), EngineError> {
        match self {
            Self::Cpu(_) => Ok(()),
            Self::Gpu(gpu) => gpu.settle(losses).await,
        }
    }

    /// Measures every layer on one part of `data`, and what is `wanted` beside; `rest` is awaited between pieces of work of a few milliseconds. None
    /// if there are no such points.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn measure(
        &mut self,
        data: &Dataset,
        part: Part,
        statistics: Statistics,
        wanted: Wanted<'_>,
        rest: &mut impl AsyncFnMut(),
    ) -> Result<Option<Measurement>, EngineError> {
        let (Some(points), classes) = (data.part(part), data.classes) else { return Ok(None) };
        let cpu = match self {
            Self::Gpu(gpu) => return gpu.measure(part, statistics, wanted).await,
            Self::Cpu(cpu) => cpu,
        };
        let labels = &points.labels;
        let classifier = if wanted.classifier() { cpu.classifier() } else { None };
        let mut left = cpu.layers();
        let mut reader = Reader::new(wanted);
        let visit = |features: &[f32]| {
            let shape = (labels.len(), features.len() / labels.len());
            let features = ArrayView2::from_shape(shape, features).expect("an engine shows whole rows");
            let whitened = Whitened::new(features, labels, classes);
            left -= 1;
            let last = classifier.as_ref().filter(|_| left == 0).zip(whitened.as_ref().ok());
            let logits = last.map(|(classifier, whitened)| (classifier, whitened.between().project(features, classifier.weight())));
            reader.layer(whitened, logits.as_ref().map(|(classifier, logits)| (*classifier, &logits[..])));
        };
        let order: Vec<u32> = (0..labels.len() as u32).collect();
        let evaluation = cpu.sweep(points, &order, statistics, visit, rest).await;
        Ok(Some(reader.finish(evaluation)))
    }

    /// Loss and accuracy on one part of `data`, with running statistics. None if there are no such points.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn evaluate(&mut self, data: &Dataset, part: Part, rest: &mut impl AsyncFnMut()) -> Result<Option<Evaluation>, EngineError> {
        let Some(points) = data.part(part) else { return Ok(None) };
        let order: Vec<u32> = (0..points.labels.len() as u32).collect();
        match self {
            Self::Cpu(cpu) => Ok(Some(cpu.sweep(points, &order, Statistics::Running, |_| (), rest).await)),
            Self::Gpu(gpu) => gpu.evaluate(part).await,
        }
    }

    /// Everything that training has changed so far.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn snapshot(&self) -> Result<State, EngineError> {
        match self {
            Self::Cpu(cpu) => Ok(cpu.state().clone()),
            Self::Gpu(gpu) => gpu.snapshot().await,
        }
    }

    /// Goes on from `state`, of this engine or of another. Returns whether it fits the network and the optimiser; if not, nothing changes.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn restore(&mut self, state: State) -> Result<bool, EngineError> {
        match self {
            Self::Cpu(cpu) => Ok(cpu.restore(state)),
            Self::Gpu(gpu) => gpu.restore(&state).await,
        }
    }
}
