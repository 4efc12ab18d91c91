//! The GPU engine: wgpu, on WebGPU in a browser and on Vulkan natively. Each kernel is a .wgsl file; the CPU engine is its oracle.
//!
//! Data, shuffles, parameters and the optimiser's state stay on the GPU, and many steps make one submit. A step of L layers is 3 L
//! dispatches: forward, a hidden layer's product with its normalisation and activation (forward.wgsl), then the classifier with the loss
//! (classifier.wgsl); backward, for each layer the gradient of its weight (weight_gradient.wgsl), and for each hidden layer the gradient by
//! what its linear map gave (backward.wgsl); and one update of all parameters (optimizer.wgsl). Layer normalisation, whose statistics are a
//! row's, takes one more dispatch forward and backward (rows_forward.wgsl, rows_backward.wgsl).

mod device;
mod kernel;
mod measuring;
mod network;
mod slab;
mod training;

use super::{EngineError, Evaluation, Measurement, State, Statistics, Step, Wanted};
use crate::dataset::{Dataset, Part};
use crate::network::{Architecture, Optimizer};
pub use device::Adapter;
use device::Device;
use measuring::{Gauges, Measuring};
use network::Network;
use training::Training;

/// A network in training on a GPU.
pub struct Gpu {
    device: Device,
    network: Network,
    /// Updates that each layer has had.
    updates: Vec<u32>,
    training: Training,
    gauges: Gauges,
    train: Measuring,
    test: Option<Measuring>,
    /// Lengths of the state's parts.
    shape: [usize; 5],
}

impl Gpu {
    /// An engine that trains on batches of up to `rows` of the training points of `data`, from `state`, on the GPU that the browser or the
    /// system prefers.
    ///
    /// # Errors
    /// If there is no GPU, or it cannot hold the network and the points.
    pub async fn new(
        architecture: Architecture,
        optimizer: Optimizer,
        rows: usize,
        state: &State,
        data: &Dataset,
    ) -> Result<Self, EngineError> {
        let device = Device::new().await?;
        // A compiler as thorough as llvmpipe's takes longer over large tiles than they save.
        let threads = if device.adapter.software && !device.adapter.name.contains("llvmpipe") { 8 } else { 32 };
        Self::on(device, threads, architecture, optimizer, rows, state, data).await
    }

    /// Likewise, with so many threads to a product's workgroup: 32 or 8, see shapes.wgsl. For tests of both.
    ///
    /// # Errors
    /// As [`Gpu::new`].
    pub async fn with_threads(
        threads: usize,
        architecture: Architecture,
        optimizer: Optimizer,
        rows: usize,
        state: &State,
        data: &Dataset,
    ) -> Result<Self, EngineError> {
        Self::on(Device::new().await?, threads, architecture, optimizer, rows, state, data).await
    }

    async fn on(
        device: Device,
        threads: usize,
        architecture: Architecture,
        optimizer: Optimizer,
        rows: usize,
        state: &State,
        data: &Dataset,
    ) -> Result<Self, EngineError> {
        let points = data.train.labels.len().max(data.test.as_ref().map_or(0, |test| test.labels.len()));
        Network::check(&device, &architecture)?;
        Training::check(&device, architecture.widest(), rows)?;
        Measuring::check(&device, points, architecture.inputs, architecture.widest())?;
        let made = device.watched(|| {
            let network = Network::new(&device, architecture, optimizer, threads, rows, state);
            let train = Measuring::new(&device, &data.train, data.classes);
            let test = data.test.as_ref().map(|test| Measuring::new(&device, test, data.classes));
            let training = Training::new(&device, &network, train.data(), rows);
            (network, training, Gauges::new(&device), train, test)
        });
        let (network, training, gauges, train, test) = made.await?;
        Ok(Self { device, network, updates: state.updates.clone(), training, gauges, train, test, shape: state.shape() })
    }

    /// Which GPU it is.
    pub fn adapter(&self) -> &Adapter {
        &self.device.adapter
    }

    /// Dispatches of all training steps so far.
    pub fn dispatches(&self) -> u64 {
        self.training.dispatches
    }

    /// Bytes read from the GPU so far.
    pub fn bytes_read(&self) -> u64 {
        self.device.bytes_read()
    }

    /// See [`Engine::train`](super::Engine::train).
    ///
    /// # Errors
    /// If the device fails; what it has trained until then is unknown.
    pub async fn train<'a>(&mut self, steps: impl Iterator<Item = Step<'a>>, losses: &mut Vec<f64>) -> Result<(), EngineError> {
        self.training.train(&self.device, &self.network, &mut self.updates, steps, losses).await
    }

    /// See [`Engine::settle`](super::Engine::settle).
    ///
    /// # Errors
    /// If the device fails.
    pub async fn settle(&mut self, losses: &mut Vec<f64>) -> Result<(), EngineError> {
        self.training.settle(&self.device, losses).await
    }

    /// See [`Engine::measure`](super::Engine::measure). None if there are no such points.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn measure(&mut self, part: Part, statistics: Statistics, wanted: Wanted<'_>) -> Result<Option<Measurement>, EngineError> {
        let Self { device, network, gauges, train, test, .. } = self;
        match (part, test) {
            (Part::Train, _) => train.measure(device, network, gauges, statistics, wanted).await.map(Some),
            (Part::Test, Some(test)) => test.measure(device, network, gauges, statistics, wanted).await.map(Some),
            (Part::Test, None) => Ok(None),
        }
    }

    /// See [`Engine::evaluate`](super::Engine::evaluate). None if there are no such points.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn evaluate(&mut self, part: Part) -> Result<Option<Evaluation>, EngineError> {
        let Self { device, network, train, test, .. } = self;
        match (part, test) {
            (Part::Train, _) => train.evaluate(device, network).await.map(Some),
            (Part::Test, Some(test)) => test.evaluate(device, network).await.map(Some),
            (Part::Test, None) => Ok(None),
        }
    }

    /// Parameters, running statistics and the optimiser's state.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn snapshot(&self) -> Result<State, EngineError> {
        let Network { slab, parameters, running, moments: [first, second], optimizer, .. } = &self.network;
        let moments = |nth| if nth < optimizer.moments() { slab.length } else { 0 };
        let parts = [(parameters, slab.length), (running, slab.running_length), (first, moments(0)), (second, moments(1))];
        let mut numbers = &self.device.fetch(&parts).await?[..];
        let [parameters, running, first, second] = parts.map(|(_, length)| numbers.split_off(..length).unwrap_or_default());
        Ok(State {
            parameters: slab.unpad(parameters),
            running: slab.unpad_running(running),
            moments: [slab.unpad(first), slab.unpad(second)],
            updates: self.updates.clone(),
        })
    }

    /// Goes on from `state`. Returns whether it fits the network and the optimiser; if not, nothing changes.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn restore(&mut self, state: &State) -> Result<bool, EngineError> {
        let fits = state.shape() == self.shape;
        if fits {
            self.device.watched(|| self.network.put(&self.device, state)).await?;
            self.updates.clone_from(&state.updates);
            self.training.forget();
        }
        Ok(fits)
    }

    /// The gradient of the last step, in the order of [`Layout`](crate::network::Layout).
    ///
    /// # Errors
    /// If the device fails.
    pub async fn gradient(&self) -> Result<Vec<f32>, EngineError> {
        let slab = &self.network.slab;
        Ok(slab.unpad(&self.device.fetch(&[(&self.network.gradient, slab.length)]).await?))
    }

    /// Loses the device, as a driver's crash would: what comes next fails. For tests of what happens then.
    pub fn lose(&self) {
        self.device.device.destroy();
    }
}
