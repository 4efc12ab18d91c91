//! Where each parameter lies on the GPU: as in [`Layout`], but widths are padded to multiples of 16, so that kernels read whole vectors, a
//! weight lies in blocks of 16 columns [outputs / 16, inputs, 16], so that what a thread reads lies together, and each layer begins at a
//! workgroup of the optimiser. The padding is 0 and stays 0.

use crate::collapse::Classifier;
use crate::network::{Architecture, LayerSlices, Layout, Normalization};
use std::ops::Range;

/// Parameters that a workgroup of the optimiser updates.
pub const CHUNK: usize = 1024;

/// Columns of a block.
pub const BLOCK: usize = 16;

/// `width`, padded.
pub fn padded(width: usize) -> usize {
    width.next_multiple_of(BLOCK)
}

/// Where the parts of one layer begin.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Padded widths.
    pub inputs: usize,
    pub outputs: usize,
    pub weight: usize,
    pub bias: usize,
    pub scale: usize,
    pub shift: usize,
    /// In the slab of running statistics: the mean; the variance follows it.
    pub running: usize,
}

/// The padded layout of a network.
pub struct Slab {
    layout: Layout,
    places: Vec<Place>,
    /// Length of the slab of parameters.
    pub length: usize,
    /// Length of the slab of running statistics.
    pub running_length: usize,
    /// The layer of each chunk of parameters.
    pub chunks: Vec<u32>,
}

impl Slab {
    /// The layout for `architecture`.
    pub fn new(architecture: &Architecture) -> Self {
        let mut slab = Self { layout: Layout::new(architecture), places: Vec::new(), length: 0, running_length: 0, chunks: Vec::new() };
        for layer in 0..architecture.layers() {
            let (inputs, outputs) = (padded(architecture.fan_in(layer)), padded(architecture.fan_out(layer)));
            let hidden = layer + 1 < architecture.layers();
            let weight = slab.length;
            let bias = weight + inputs * outputs;
            let normalized = if hidden && architecture.normalization != Normalization::None { outputs } else { 0 };
            let (scale, shift) = (bias + outputs, bias + outputs + normalized);
            slab.places.push(Place { inputs, outputs, weight, bias, scale, shift, running: slab.running_length });
            slab.length = (shift + normalized).next_multiple_of(CHUNK);
            slab.chunks.resize(slab.length / CHUNK, layer as u32);
            slab.running_length += if hidden && architecture.normalization == Normalization::Batch { 2 * outputs } else { 0 };
        }
        slab
    }

    /// Where layer `layer` lies.
    pub fn place(&self, layer: usize) -> Place {
        self.places[layer]
    }

    /// Where the classifier's weight and bias lie here.
    pub fn classifier_range(&self) -> Range<usize> {
        let place = self.places[self.places.len() - 1];
        place.weight..place.bias + place.outputs
    }

    /// The classifier from that stretch; None if it has left the finite numbers.
    pub fn classifier(&self, stretch: &[f32]) -> Option<Classifier> {
        let last = self.places.len() - 1;
        let (place, LayerSlices { weight, bias, .. }) = (self.places[last], self.layout.layer(last));
        let columns = weight.len() / bias.len();
        let mut rows = Vec::with_capacity(weight.len());
        for class in 0..bias.len() {
            let block = &stretch[class / BLOCK * BLOCK * place.inputs + class % BLOCK..];
            rows.extend(block.iter().step_by(BLOCK).take(columns).map(|&w| f64::from(w)));
        }
        let offsets = stretch[place.bias - place.weight..][..bias.len()].iter().map(|&b| b.into());
        Classifier::new(rows, offsets.collect(), columns).ok()
    }

    /// Stretches of parameters: where each lies here, and in [`Layout`].
    fn rows(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        (0..).zip(&self.places).flat_map(|(layer, place)| {
            let LayerSlices { weight, bias, scale, shift } = self.layout.layer(layer).clone();
            let width = bias.len();
            let rows = 0..weight.len() / width;
            let start = weight.start;
            let block = move |i: usize, column: usize| {
                let from = start + i * width;
                (place.weight + column * place.inputs + i * BLOCK, from + column..from + width.min(column + BLOCK))
            };
            let weights = rows.flat_map(move |i| (0..width).step_by(BLOCK).map(move |column| block(i, column)));
            weights.chain([(place.bias, bias), (place.scale, scale), (place.shift, shift)])
        })
    }

    /// Rows of running statistics: where each lies here, and in [`Layout`].
    fn running_rows(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        (0..).zip(&self.places).flat_map(|(layer, place)| {
            let slices = self.layout.running(layer);
            let rows = [(place.running, slices.mean.clone()), (place.running + place.outputs, slices.variance.clone())];
            rows.into_iter().filter(|(_, row)| !row.is_empty())
        })
    }

    /// Parameters, or anything else of their layout, padded; nothing stays nothing.
    pub fn pad(&self, values: &[f32]) -> Vec<f32> {
        if values.is_empty() { Vec::new() } else { spread(values, self.rows(), self.length) }
    }

    /// Running statistics, padded.
    pub fn pad_running(&self, values: &[f32]) -> Vec<f32> {
        spread(values, self.running_rows(), self.running_length)
    }

    /// What [`Slab::pad`] was given.
    pub fn unpad(&self, slab: &[f32]) -> Vec<f32> {
        if slab.is_empty() { Vec::new() } else { gathered(slab, self.rows()) }
    }

    /// What [`Slab::pad_running`] was given.
    pub fn unpad_running(&self, slab: &[f32]) -> Vec<f32> {
        gathered(slab, self.running_rows())
    }
}

fn spread(values: &[f32], rows: impl Iterator<Item = (usize, Range<usize>)>, length: usize) -> Vec<f32> {
    let mut slab = vec![0.0; length];
    rows.for_each(|(to, from)| slab[to..to + from.len()].copy_from_slice(&values[from]));
    slab
}

fn gathered(slab: &[f32], rows: impl Iterator<Item = (usize, Range<usize>)>) -> Vec<f32> {
    rows.flat_map(|(at, to)| &slab[at..at + to.len()]).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Activation;

    #[test]
    fn padding_loses_nothing_and_layers_begin_at_chunks() {
        for normalization in [Normalization::Batch, Normalization::Layer, Normalization::None] {
            let architecture = Architecture {
                inputs: 9,
                hidden: vec![1, 100, 8],
                classes: 3,
                activation: Activation::Relu,
                negative_slope: 0.0,
                normalization,
                residual_block: 0,
            };
            let slab = Slab::new(&architecture);
            let values: Vec<f32> = (1..=architecture.parameters()).map(|i| i as f32).collect();
            let padded = slab.pad(&values);
            assert_eq!(slab.unpad(&padded), values);
            assert_eq!(padded.iter().sum::<f32>(), values.iter().sum::<f32>(), "the padding is 0");
            let running = Layout::new(&architecture).fresh_running();
            assert_eq!(slab.unpad_running(&slab.pad_running(&running)), running);
            for layer in 0..4 {
                let place = slab.place(layer);
                assert_eq!((place.weight % CHUNK, slab.chunks[place.weight / CHUNK]), (0, layer as u32));
            }
        }
    }
}
