//! Initial weights.

use super::architecture::Architecture;
use super::parameters::Layout;
use crate::random::{Stream, random, uniform_unit};
use serde::{Deserialize, Serialize};

/// How weights and biases are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initialization {
    /// PyTorch's default for `nn.Linear`: weights and biases uniform in +-1 / sqrt(fan_in).
    Torch,
    /// He et al. 2015: normal weights of variance 2 / fan_in, biases 0.
    He,
}

/// All parameters of a fresh network in `layout`'s order; normalisations start at scale 1 and shift 0.
pub fn initial_parameters(architecture: &Architecture, layout: &Layout, initialization: Initialization, seed: u32) -> Vec<f32> {
    let mut parameters = vec![0.0; layout.len()];
    for layer in 0..architecture.layers() {
        let mut generator = random(seed, Stream::Initialization, layer as u32);
        let slices = layout.layer(layer);
        let fan_in = architecture.fan_in(layer) as f32;
        match initialization {
            Initialization::Torch => {
                let bound = 1.0 / fan_in.sqrt();
                for value in &mut parameters[slices.weight.start..slices.bias.end] {
                    *value = (2.0 * uniform_unit(&mut generator) - 1.0) * bound;
                }
            }
            Initialization::He => {
                let deviation = (2.0 / fan_in).sqrt();
                for pair in parameters[slices.weight.clone()].chunks_mut(2) {
                    // Box & Muller: two uniform numbers give two normal ones.
                    let radius = (-2.0 * libm::logf(1.0 - uniform_unit(&mut generator))).sqrt();
                    let angle = std::f32::consts::TAU * uniform_unit(&mut generator);
                    let normal = [radius * libm::cosf(angle), radius * libm::sinf(angle)];
                    pair.iter_mut().zip(normal).for_each(|(value, z)| *value = deviation * z);
                }
            }
        }
        parameters[slices.scale.clone()].fill(1.0);
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Activation, Normalization};

    fn moments(initialization: Initialization) -> (f32, f32, f32) {
        let architecture = Architecture {
            inputs: 50,
            hidden: vec![200],
            classes: 2,
            activation: Activation::Relu,
            negative_slope: 0.0,
            normalization: Normalization::Batch,
            residual_block: 0,
        };
        let layout = Layout::new(&architecture);
        let parameters = initial_parameters(&architecture, &layout, initialization, 1);
        let weight = &parameters[layout.layer(0).weight.clone()];
        let n = weight.len() as f32;
        let mean = weight.iter().sum::<f32>() / n;
        let largest = weight.iter().fold(0f32, |m, w| m.max(w.abs()));
        assert!(parameters[layout.layer(0).scale.clone()].iter().all(|&s| s == 1.0));
        (mean, weight.iter().map(|w| (w - mean).powi(2)).sum::<f32>() / n, largest)
    }

    #[test]
    fn torch_is_uniform_within_its_bound() {
        let (mean, variance, largest) = moments(Initialization::Torch);
        assert!(mean.abs() < 0.003 && (variance * 150.0 - 1.0).abs() < 0.03 && largest <= 1.0 / 50f32.sqrt());
    }

    #[test]
    fn he_is_normal_with_variance_two_over_fan_in() {
        let (mean, variance, largest) = moments(Initialization::He);
        assert!(mean.abs() < 0.006 && (variance * 25.0 - 1.0).abs() < 0.05 && largest > 3.0 * 0.2);
    }
}
