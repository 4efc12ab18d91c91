//! The CPU engine: f32, row-major, SIMD, one thread. The oracle of the others, and bit for bit repeatable.

mod sweep;

use super::State;
use crate::collapse::Classifier;
use crate::dataset::Points;
use crate::network::{Architecture, LayerSlices, Layout, Optimizer};
pub use separation_kernels::Statistics;
use separation_kernels::{Affine, Behind, Gradient, Matrix, Packing, Saved, activation_backward, column_sums, cross_entropy};
use std::ops::Range;
pub use sweep::Evaluation;

/// A network in training on the CPU.
pub struct Cpu {
    architecture: Architecture,
    layout: Layout,
    optimizer: Optimizer,
    state: State,
    gradient: Vec<f32>,
    space: Workspace,
}

/// What a training step writes, allocated once.
struct Workspace {
    /// Activations `[rows x width]`: the input, then each hidden layer's output.
    activations: Vec<Vec<f32>>,
    /// Outputs of the linear maps `[rows x width]`; the last are the logits.
    linear: Vec<Vec<f32>>,
    /// Labels `[rows]`.
    labels: Vec<u16>,
    /// What each normalisation keeps from the way forward.
    saved: Vec<Saved>,
    /// The loss's gradient by the activation at hand and by the one before `[rows x widest]`.
    delta: [Vec<f32>; 2],
    /// The gradient that waits at a residual block's end for its start.
    skipped: Vec<f32>,
    /// Two sums per column.
    sums: Vec<f32>,
    packing: Packing,
}

impl Workspace {
    fn new(architecture: &Architecture, rows: usize) -> Self {
        let layers = architecture.layers();
        let widest = architecture.widest();
        Self {
            activations: (0..layers).map(|l| vec![0.0; rows * architecture.fan_in(l)]).collect(),
            linear: (0..layers).map(|l| vec![0.0; rows * architecture.fan_out(l)]).collect(),
            labels: vec![0; rows],
            saved: (0..layers - 1).map(|l| Saved::new(architecture.normalization, rows, architecture.fan_out(l))).collect(),
            delta: [vec![0.0; rows * widest], vec![0.0; rows * widest]],
            skipped: if architecture.residual_block > 0 { vec![0.0; rows * widest] } else { Vec::new() },
            sums: vec![0.0; 2 * widest],
            packing: Packing::new(widest),
        }
    }
}

impl Cpu {
    /// An engine that trains on batches of up to `rows` points, from `state`.
    pub fn new(architecture: Architecture, optimizer: Optimizer, rows: usize, state: State) -> Self {
        let layout = Layout::new(&architecture);
        let space = Workspace::new(&architecture, rows);
        Self { gradient: vec![0.0; layout.len()], layout, space, architecture, optimizer, state }
    }

    /// Parameters, running statistics and the optimiser's state.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Goes on from `state`. Returns whether it fits the network and the optimiser; if not, nothing changes.
    pub fn restore(&mut self, state: State) -> bool {
        let fits = state.shape() == self.state.shape();
        if fits {
            self.state = state;
        }
        fits
    }

    /// Number of linear maps, and so of the activations that are measured.
    pub fn layers(&self) -> usize {
        self.architecture.layers()
    }

    /// The last linear map; None if it has left the finite numbers.
    pub fn classifier(&self) -> Option<Classifier> {
        let (columns, classes) = (self.architecture.fan_in(self.layers() - 1), self.architecture.classes);
        let LayerSlices { weight, bias, .. } = self.layout.layer(self.layers() - 1);
        let [weight, bias] = [weight, bias].map(|range| &self.state.parameters[range.clone()]);
        let mut rows = Vec::with_capacity(weight.len());
        (0..classes).for_each(|class| rows.extend(weight[class..].iter().step_by(classes).map(|&w| f64::from(w))));
        Classifier::new(rows, bias.iter().map(|&b| b.into()).collect(), columns).ok()
    }

    /// The gradient of the last step, in the layout's order.
    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    /// One training step on the points of `batch` at learning rate `rate`, in which linear layers `trained` learn.
    /// Returns the batch's mean cross-entropy, in nats, before the step.
    pub fn step(&mut self, points: &Points, batch: &[u32], rate: f64, trained: Range<usize>) -> f64 {
        let loss = self.gradient_of(points, batch, &trained);
        for layer in trained {
            let range = self.layout.layer(layer).all();
            let State { parameters, moments, updates, .. } = &mut self.state;
            updates[layer] += 1;
            let [first, second] = moments;
            let within = |moment: &mut Vec<f32>| if moment.is_empty() { 0..0 } else { range.clone() };
            let (first_range, second_range) = (within(first), within(second));
            self.optimizer.update(
                rate,
                updates[layer],
                &mut parameters[range.clone()],
                &self.gradient[range],
                &mut first[first_range],
                &mut second[second_range],
            );
        }
        loss
    }

    /// Forward and backward over one batch: fills the gradients of linear layers `trained` and returns the mean loss.
    fn gradient_of(&mut self, points: &Points, batch: &[u32], trained: &Range<usize>) -> f64 {
        let Self { architecture, layout, state, gradient, space, .. } = self;
        let rows = batch.len();
        let last = architecture.layers() - 1;
        let Workspace { activations, linear, labels, saved, delta: [delta, before], skipped, sums, packing } = space;

        gather(points, batch, &mut activations[0], labels);
        for layer in 0..last {
            let (fan_in, fan_out) = (architecture.fan_in(layer), architecture.fan_out(layer));
            let (done, ahead) = activations.split_at_mut(layer + 1);
            let z = &mut linear[layer][..rows * fan_out];
            let weight = Matrix::new(&state.parameters[layout.layer(layer).weight.clone()], fan_in, fan_out);
            packing.product(Matrix::new(&done[layer], rows, fan_in), weight, z);
            let shortcut = architecture.shortcut(layer).map(|l| &done[l][..rows * fan_out]);
            let (mean, variance) = running(layout, &mut state.running, layer);
            behind(architecture, layout, &state.parameters, layer).forward(
                z,
                shortcut,
                Statistics::Training,
                (mean, variance),
                &mut saved[layer],
                &mut ahead[0][..rows * fan_out],
            );
        }
        let (fan_in, classes) = (architecture.fan_in(last), architecture.classes);
        let logits = &mut linear[last][..rows * classes];
        let slices = layout.layer(last);
        packing.product(
            Matrix::new(&activations[last], rows, fan_in),
            Matrix::new(&state.parameters[slices.weight.clone()], fan_in, classes),
            logits,
        );
        let loss = cross_entropy(logits, &state.parameters[slices.bias.clone()], &labels[..rows], Some(&mut delta[..rows * classes]));

        for layer in (trained.start..=last).rev() {
            let (fan_in, fan_out) = (architecture.fan_in(layer), architecture.fan_out(layer));
            let dy = &mut delta[..rows * fan_out];
            let (weight_gradient, rest) = gradient[layout.layer(layer).all()].split_at_mut(fan_in * fan_out);
            let (bias, rest) = rest.split_at_mut(fan_out);
            if layer == last {
                column_sums(dy, bias);
            } else {
                activation_backward(architecture.activation, architecture.negative_slope, &activations[layer + 1], dy);
                if architecture.shortcut(layer).is_some() {
                    skipped[..dy.len()].copy_from_slice(dy);
                }
                let (scale, shift) = rest.split_at_mut(rest.len() / 2);
                let z = &linear[layer][..rows * fan_out];
                let behind = behind(architecture, layout, &state.parameters, layer);
                behind.backward(z, &saved[layer], sums, dy, Gradient { bias, scale, shift });
            }
            let dy = Matrix::new(dy, rows, fan_out);
            if trained.contains(&layer) {
                packing.product(Matrix::new(&activations[layer], rows, fan_in).t(), dy, weight_gradient);
            }
            if layer > trained.start {
                let weight = Matrix::new(&state.parameters[layout.layer(layer).weight.clone()], fan_in, fan_out);
                let dx = &mut before[..rows * fan_in];
                packing.product(dy, weight.t(), dx);
                if architecture.starts_block(layer) {
                    dx.iter_mut().zip(&*skipped).for_each(|(d, s)| *d += s);
                }
                std::mem::swap(delta, before);
            }
        }
        loss / rows as f64
    }
}

/// Copies the points of `batch` into the first rows of `features` and `labels`.
fn gather(points: &Points, batch: &[u32], features: &mut [f32], labels: &mut [u16]) {
    let dim = points.features.ncols();
    for ((row, label), &point) in features.chunks_exact_mut(dim).zip(labels).zip(batch) {
        match points.features.row(point as usize).to_slice() {
            Some(values) => row.copy_from_slice(values),
            None => row.iter_mut().zip(points.features.row(point as usize)).for_each(|(out, value)| *out = *value),
        }
        *label = points.labels[point as usize];
    }
}

/// Hidden layer `layer` behind its linear map.
fn behind<'a>(architecture: &Architecture, layout: &Layout, parameters: &'a [f32], layer: usize) -> Behind<'a> {
    let slices = layout.layer(layer);
    Behind {
        normalization: architecture.normalization,
        activation: architecture.activation,
        slope: architecture.negative_slope,
        affine: Affine {
            bias: &parameters[slices.bias.clone()],
            scale: &parameters[slices.scale.clone()],
            shift: &parameters[slices.shift.clone()],
        },
    }
}

/// Running mean and variance of hidden layer `layer`; empty without batch normalisation.
fn running<'a>(layout: &Layout, running: &'a mut [f32], layer: usize) -> (&'a mut [f32], &'a mut [f32]) {
    let slices = layout.running(layer);
    running[slices.mean.start..slices.variance.end].split_at_mut(slices.mean.len())
}
