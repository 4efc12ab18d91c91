//! Training steps, many of them in one submit, of which one may wait while another is under way.

use super::device::{Device, Submission};
use super::kernel::Task;
use super::network::{Data, MOST_STEPS, Network, Shuffled, Space, StepShape, loss_slots};
use super::slab::padded;
use crate::engine::{EngineError, Statistics, Step};
use crate::network::Normalization;
use wgpu::{Buffer, CommandEncoderDescriptor, ComputePassDescriptor};

/// Indices of points that one submit takes at most.
const MOST_INDICES: usize = 1 << 18;

/// Steps whose losses the GPU keeps until they are asked for.
const MOST_KEPT: usize = 4096;

/// Everything that a training step dispatches, bound once.
pub struct Training {
    /// Steps of one submit at most.
    most: usize,
    space: Space,
    /// The shuffle's stretch that a submit takes.
    order: Buffer,
    /// See optimizer.wgsl.
    rates: Buffer,
    /// By hidden layer, from the first.
    forward: Vec<Vec<Task>>,
    classifier: Task,
    backward: Vec<Vec<Task>>,
    /// By layer.
    gradients: Vec<Task>,
    update: Task,
    /// The rows of each step whose loss has not been read.
    kept: Vec<usize>,
    /// The last submit, if it has not been waited for.
    under_way: Option<Submission>,
    /// Dispatches so far.
    pub dispatches: u64,
}

impl Training {
    /// For batches of up to `rows` of the points `data`.
    pub fn new(device: &Device, network: &Network, data: &Data, rows: usize) -> Self {
        let architecture = &network.architecture;
        let (layers, last) = (architecture.layers(), architecture.layers() - 1);
        let widest = (0..layers).map(|layer| padded(architecture.fan_out(layer))).max().unwrap_or(0);
        let most = (MOST_INDICES / rows).clamp(1, MOST_STEPS);
        // The gradient by the output of the layer at hand, and by that of the next.
        let dz = [device.storage(rows * widest), device.storage(rows * widest)];
        let dy = device.storage(if architecture.normalization == Normalization::Layer { rows * widest } else { 0 });
        let skipped = device.storage(if architecture.residual_block > 0 { rows * widest } else { 0 });
        let order = device.storage(most * rows);
        let rates = device.storage(3 * most * layers);
        let space = network.space(device, rows, true, dz[last % 2].clone(), MOST_KEPT);
        let points = Shuffled { data, order: &order };
        let (forward, classifier) = network.forward(device, points, &space);
        let of = |layer: usize| &dz[layer % 2];
        Self {
            most,
            forward,
            classifier,
            backward: (0..last).map(|layer| network.backward(device, layer, &space, &skipped, &dy, [of(layer), of(layer + 1)])).collect(),
            gradients: (0..layers).map(|layer| network.weight_gradient(device, layer, points, &space, [&dy, of(layer)])).collect(),
            update: network.update(device, &rates),
            space,
            order,
            rates,
            kept: Vec::new(),
            under_way: None,
            dispatches: 0,
        }
    }

    /// Checks that the batches fit in buffers.
    ///
    /// # Errors
    /// If not.
    pub fn check(device: &Device, widest: usize, rows: usize) -> Result<(), EngineError> {
        // Behind z, normalisations keep at most so much.
        device.fits("A batch's activations", rows * padded(widest) + 4 * padded(widest.max(rows)))
    }

    /// Trains `steps`, of which `updates` counts those that each layer learned in. Returns once the last of them is under way and all
    /// before its submit is done. Losses that the GPU has no room for are appended to `losses`: see [`Self::settle`].
    ///
    /// # Errors
    /// If the device fails; what it has trained until then is unknown.
    pub async fn train<'a>(
        &mut self,
        device: &Device,
        network: &Network,
        updates: &mut [u32],
        steps: impl Iterator<Item = Step<'a>>,
        losses: &mut Vec<f64>,
    ) -> Result<(), EngineError> {
        let mut steps = steps.peekable();
        while steps.peek().is_some() {
            let steps: Vec<Step> = steps.by_ref().take(self.most).collect();
            if self.kept.len() + steps.len() > MOST_KEPT {
                self.settle(device, losses).await?;
            }
            let submission = device.watched(|| self.submit(device, network, updates, &steps)).await?;
            // The GPU is never idle, and whoever wants it to stop waits for two submits at most.
            if let Some(before) = self.under_way.replace(submission) {
                device.finish(before).await?;
            }
        }
        Ok(())
    }

    /// Waits for all steps and appends the mean loss of each since the last time, in nats, to `losses`.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn settle(&mut self, device: &Device, losses: &mut Vec<f64>) -> Result<(), EngineError> {
        self.under_way = None; // what is read comes after it
        if self.kept.is_empty() {
            return Ok(());
        }
        let slots = 2 * loss_slots(self.space.rows);
        let sums = device.fetch(&[(&self.space.losses, self.kept.len() * slots)]).await?;
        let mean = |(sums, rows): (&[f32], usize)| sums.iter().step_by(2).map(|&sum| f64::from(sum)).sum::<f64>() / rows as f64;
        losses.extend(sums.chunks_exact(slots).zip(self.kept.drain(..)).map(mean));
        Ok(())
    }

    /// Leaves the losses that have not been read to the steps to come.
    pub fn forget(&mut self) {
        self.kept.clear();
    }

    fn submit(&mut self, device: &Device, network: &Network, updates: &mut [u32], steps: &[Step]) -> Submission {
        let (layers, slots) = (updates.len(), loss_slots(self.space.rows));
        let (mut shapes, mut order, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        for (index, Step { batch, rate, trained }) in steps.iter().enumerate() {
            let rows = batch.len();
            shapes.push(StepShape {
                start: order.len(),
                rows,
                size: rows,
                batches: 1,
                losses: self.kept.len() * slots,
                rates: index * layers,
                statistics: Statistics::Training,
            });
            self.kept.push(rows);
            order.extend_from_slice(batch);
            for (layer, updates) in updates.iter_mut().enumerate() {
                let learns = trained.contains(&layer);
                *updates += u32::from(learns);
                let (rate, root) = network.optimizer.corrected(*rate, *updates);
                rates.extend([rate.to_bits(), root.to_bits(), learns.into()]);
            }
        }
        network.announce(device, &shapes);
        device.write(&self.order, &order);
        device.write(&self.rates, &rates);

        let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
        let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
        let last = layers - 1;
        for (index, Step { trained, .. }) in steps.iter().enumerate() {
            network.steps.select(&mut pass, index);
            let forward = self.forward.iter().flatten().chain([&self.classifier]);
            let backward = (trained.start..=last).rev().flat_map(|layer| {
                let gradient = trained.contains(&layer).then(|| &self.gradients[layer]);
                let before = if layer > trained.start { &self.backward[layer - 1][..] } else { &[] };
                gradient.into_iter().chain(before)
            });
            for task in forward.chain(backward).chain([&self.update]) {
                task.run(&mut pass);
                self.dispatches += 1;
            }
        }
        drop(pass);
        device.submit(encoder.finish())
    }
}
