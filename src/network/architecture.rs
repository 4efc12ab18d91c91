//! The shape of a multilayer perceptron: linear maps, normalisations, activations, residual blocks.

use separation_kernels::{Activation, Normalization};

/// A network of L linear maps: L - 1 hidden layers (linear, normalisation, activation) and the classifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// Input dimension.
    pub inputs: usize,
    /// Widths of the hidden layers, L - 1 of them.
    pub hidden: Vec<usize>,
    /// Number of classes K, the classifier's outputs.
    pub classes: usize,
    /// Nonlinearity after each hidden layer.
    pub activation: Activation,
    /// The leaky ReLU's slope for negative inputs.
    pub negative_slope: f32,
    /// Normalisation of each hidden layer.
    pub normalization: Normalization,
    /// Layers per residual block, or 0. The first hidden layer is a stem; then h -> act(h + f(h)).
    pub residual_block: usize,
}

impl Architecture {
    /// Number of linear maps, L. A network that the paper calls "L layers" has L - 1 hidden ones.
    pub fn layers(&self) -> usize {
        self.hidden.len() + 1
    }

    /// Number of inputs of linear map `layer`, counted from 0.
    pub fn fan_in(&self, layer: usize) -> usize {
        if layer == 0 { self.inputs } else { self.hidden[layer - 1] }
    }

    /// Number of outputs of linear map `layer`, counted from 0.
    pub fn fan_out(&self, layer: usize) -> usize {
        self.hidden.get(layer).copied().unwrap_or(self.classes)
    }

    /// The widest of all layers, input and logits included.
    pub fn widest(&self) -> usize {
        self.hidden.iter().copied().chain([self.inputs, self.classes]).max().unwrap_or(0)
    }

    /// The activation that is added before the activation of hidden layer `layer`, if that layer ends a residual block.
    ///
    /// Activation 0 is the input, activation l the output of hidden layer l - 1; so block inputs are 1, 1 + r, 1 + 2r, ...
    pub fn shortcut(&self, layer: usize) -> Option<usize> {
        let r = self.residual_block;
        (r > 0 && layer > 0 && layer < self.hidden.len() && layer.is_multiple_of(r)).then(|| layer + 1 - r)
    }

    /// Whether activation `layer` is the input of a residual block.
    pub fn starts_block(&self, layer: usize) -> bool {
        let r = self.residual_block;
        r > 0 && layer > 0 && self.shortcut(layer + r - 1) == Some(layer)
    }

    /// The activations that close a unit for the law: every one in a plain network; input, stem and block outputs in a residual one.
    pub fn blocks(&self) -> Vec<usize> {
        (0..self.layers()).filter(|&l| self.residual_block == 0 || l == 0 || (l - 1) % self.residual_block == 0).collect()
    }

    /// Number of trained parameters.
    pub fn parameters(&self) -> usize {
        (0..self.layers())
            .map(|l| {
                let normalized = l + 1 < self.layers() && self.normalization != Normalization::None;
                self.fan_out(l) * (self.fan_in(l) + 1 + if normalized { 2 } else { 0 })
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residual_blocks_start_after_the_stem() {
        let a = Architecture {
            inputs: 3,
            hidden: vec![4; 5],
            classes: 2,
            activation: Activation::Relu,
            negative_slope: 0.0,
            normalization: Normalization::Batch,
            residual_block: 2,
        };
        assert_eq!((0..6).map(|l| a.shortcut(l)).collect::<Vec<_>>(), [None, None, Some(1), None, Some(3), None]);
        assert_eq!((0..6).filter(|&l| a.starts_block(l)).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(a.blocks(), [0, 1, 3, 5]);
        assert_eq!(a.parameters(), 4 * 6 + 4 * (4 * 7) + 2 * 5);
    }
}
