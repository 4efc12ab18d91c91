//! Where each parameter lies in one flat slab.

use super::{Architecture, Normalization};
use std::ops::Range;

/// The ranges of one linear layer and its normalisation in the parameter slab.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSlices {
    /// Weight `[fan_in x fan_out]`, row-major (the transpose of PyTorch's), so that x W streams through rows.
    pub weight: Range<usize>,
    /// Bias `[fan_out]`.
    pub bias: Range<usize>,
    /// The normalisation's scale (gamma) `[fan_out]`; empty without one.
    pub scale: Range<usize>,
    /// The normalisation's shift (beta) `[fan_out]`; empty without one.
    pub shift: Range<usize>,
}

impl LayerSlices {
    /// All of the layer's parameters: they lie together.
    pub fn all(&self) -> Range<usize> {
        self.weight.start..self.shift.end
    }
}

/// The ranges of one batch normalisation in the slab of running statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningSlices {
    /// Running mean `[fan_out]`.
    pub mean: Range<usize>,
    /// Running variance `[fan_out]`, unbiased.
    pub variance: Range<usize>,
}

/// Where each layer's parameters and running statistics lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    layers: Vec<LayerSlices>,
    running: Vec<RunningSlices>,
}

impl Layout {
    /// The layout for `architecture`, layer after layer.
    pub fn new(architecture: &Architecture) -> Self {
        let (mut at, mut running_at) = (0, 0);
        let take = |at: &mut usize, length: usize| {
            *at += length;
            *at - length..*at
        };
        let mut layout = Self { layers: Vec::new(), running: Vec::new() };
        for layer in 0..architecture.layers() {
            let (fan_in, fan_out) = (architecture.fan_in(layer), architecture.fan_out(layer));
            let hidden = layer + 1 < architecture.layers();
            let norm = if hidden && architecture.normalization != Normalization::None { fan_out } else { 0 };
            let kept = if hidden && architecture.normalization == Normalization::Batch { fan_out } else { 0 };
            layout.layers.push(LayerSlices {
                weight: take(&mut at, fan_in * fan_out),
                bias: take(&mut at, fan_out),
                scale: take(&mut at, norm),
                shift: take(&mut at, norm),
            });
            layout.running.push(RunningSlices { mean: take(&mut running_at, kept), variance: take(&mut running_at, kept) });
        }
        layout
    }

    /// The ranges of linear layer `layer`.
    pub fn layer(&self, layer: usize) -> &LayerSlices {
        &self.layers[layer]
    }

    /// The ranges of the running statistics behind linear layer `layer`; empty where there are none.
    pub fn running(&self, layer: usize) -> &RunningSlices {
        &self.running[layer]
    }

    /// Number of parameters.
    pub fn len(&self) -> usize {
        self.layers.last().map_or(0, |l| l.shift.end)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fresh running statistics: mean 0, variance 1.
    pub fn fresh_running(&self) -> Vec<f32> {
        let mut running = vec![0.0; self.running.last().map_or(0, |r| r.variance.end)];
        self.running.iter().for_each(|r| running[r.variance.clone()].fill(1.0));
        running
    }
}
