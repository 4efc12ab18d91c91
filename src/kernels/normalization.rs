//! Batch and layer normalisation, forward fused with what follows it, and backward.
//!
//! Forward, normalisation and activation read the linear map's output z [rows x width] once and write the layer's
//! output once. The linear map's bias never touches z: it is part of each column's offset.

use crate::activation::{Activation, with_activation};
use serde::{Deserialize, Serialize};

/// Added to the variance by batch and layer normalisation.
pub const NORM_EPSILON: f32 = 1e-5;
/// Weight of the newest batch in the running statistics of batch normalisation.
pub const RUNNING_MOMENTUM: f32 = 0.1;

/// What stands between a linear map and its activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalization {
    /// Batch normalisation (Ioffe & Szegedy 2015), as `torch.nn.BatchNorm1d`.
    Batch,
    /// Layer normalisation (Ba et al. 2016), as `torch.nn.LayerNorm`.
    Layer,
    /// None.
    None,
}

/// Which statistics batch normalisation uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    /// The batch's own, which also move the running ones: training.
    Training,
    /// The batch's own; nothing moves: the released code's way to measure.
    Batch,
    /// The running ones: evaluation.
    Running,
}

/// One hidden layer's parameters behind its linear map, each `[width]`.
pub struct Affine<'a> {
    /// The linear map's bias.
    pub bias: &'a [f32],
    /// The normalisation's scale; empty without one.
    pub scale: &'a [f32],
    /// The normalisation's shift; empty without one.
    pub shift: &'a [f32],
}

/// What a normalisation computed on the way forward and needs on the way back.
pub struct Saved {
    /// Means: of each column (batch) or each row (layer).
    pub mean: Vec<f32>,
    /// 1 / sqrt(variance + epsilon), likewise.
    pub inverse: Vec<f32>,
    /// Each column's factor and offset, y = z factor + offset.
    factor: Vec<f32>,
    offset: Vec<f32>,
}

impl Saved {
    /// Space for batches of up to `rows` rows.
    pub fn new(normalization: Normalization, rows: usize, width: usize) -> Self {
        let length = match normalization {
            Normalization::Batch => width,
            Normalization::Layer => rows,
            Normalization::None => 0,
        };
        Self { mean: vec![0.0; length], inverse: vec![0.0; length], factor: vec![1.0; width], offset: vec![0.0; width] }
    }
}

/// A hidden layer behind its linear map: out = activation(normalise(z + bias) + shortcut).
pub struct Behind<'a> {
    /// The normalisation.
    pub normalization: Normalization,
    /// The nonlinearity.
    pub activation: Activation,
    /// The leaky ReLU's slope.
    pub slope: f32,
    /// Parameters.
    pub affine: Affine<'a>,
}

impl Behind<'_> {
    /// Forward: `z` [rows x width] to `out` [rows x width]; `running` is (mean, variance), each `[width]`.
    pub fn forward(
        &self,
        z: &[f32],
        shortcut: Option<&[f32]>,
        statistics: Statistics,
        running: (&mut [f32], &mut [f32]),
        saved: &mut Saved,
        out: &mut [f32],
    ) {
        let Affine { bias, scale, shift } = self.affine;
        let width = bias.len();
        match self.normalization {
            Normalization::None => saved.offset.copy_from_slice(bias),
            Normalization::Layer => return self.forward_layer(z, shortcut, saved, out),
            Normalization::Batch if statistics == Statistics::Running => {
                let (mean, variance) = running;
                for j in 0..width {
                    saved.factor[j] = scale[j] / (variance[j] + NORM_EPSILON).sqrt();
                    saved.offset[j] = shift[j] + (bias[j] - mean[j]) * saved.factor[j];
                }
            }
            Normalization::Batch => {
                // Until it is inverted below, `inverse` holds the variance.
                column_moments(z, &mut saved.mean, &mut saved.inverse);
                if statistics == Statistics::Training {
                    let rows = (z.len() / width) as f32;
                    let unbiased = rows / (rows - 1.0);
                    let move_to = |running: &mut f32, new: f32| *running += RUNNING_MOMENTUM * (new - *running);
                    running.0.iter_mut().zip(&saved.mean).zip(bias).for_each(|((running, mean), bias)| move_to(running, mean + bias));
                    running.1.iter_mut().zip(&saved.inverse).for_each(|(running, variance)| move_to(running, variance * unbiased));
                }
                for j in 0..width {
                    saved.inverse[j] = 1.0 / (saved.inverse[j] + NORM_EPSILON).sqrt();
                    saved.factor[j] = scale[j] * saved.inverse[j];
                    saved.offset[j] = shift[j] - saved.mean[j] * saved.factor[j];
                }
            }
        }
        with_activation!(self.activation, self.slope, |f| scaled_columns(z, &saved.factor, &saved.offset, shortcut, out, f));
    }

    fn forward_layer(&self, z: &[f32], shortcut: Option<&[f32]>, saved: &mut Saved, out: &mut [f32]) {
        let Affine { bias, scale, shift } = self.affine;
        let width = bias.len();
        let moments = saved.mean.iter_mut().zip(&mut saved.inverse);
        for ((z, y), (mean, inverse)) in z.chunks_exact(width).zip(out.chunks_exact_mut(width)).zip(moments) {
            y.iter_mut().zip(z).zip(bias).for_each(|((y, z), b)| *y = z + b);
            *mean = sum(y.iter().copied()) / width as f32;
            *inverse = 1.0 / (sum(y.iter().map(|y| (y - *mean) * (y - *mean))) / width as f32 + NORM_EPSILON).sqrt();
            y.iter_mut().zip(scale).zip(shift).for_each(|((y, g), b)| *y = (*y - *mean) * *inverse * g + b);
        }
        saved.factor.fill(1.0);
        saved.offset.fill(0.0);
        with_activation!(self.activation, self.slope, |f| in_place(out, shortcut, f));
    }

    /// Backward behind the activation: `delta` [rows x width] turns from dL/dy into dL/dz; `z` is as it was forward.
    /// Gradients are written where they are wanted: of bias, scale and shift, each `[width]` (empty without normalisation).
    pub fn backward(&self, z: &[f32], saved: &Saved, sums: &mut [f32], delta: &mut [f32], gradient: Gradient) {
        let width = self.affine.bias.len();
        match self.normalization {
            Normalization::None => column_sums(delta, gradient.bias),
            Normalization::Batch => {
                let (sum, product) = sums[..2 * width].split_at_mut(width);
                column_products(delta, z, &saved.mean, &saved.inverse, sum, product);
                gradient.scale.copy_from_slice(product);
                gradient.shift.copy_from_slice(sum);
                // The batch's mean takes any constant out again: the bias has no gradient.
                gradient.bias.fill(0.0);
                let share = width as f32 / z.len() as f32;
                sum.iter_mut().for_each(|s| *s *= share);
                product.iter_mut().zip(&saved.inverse).for_each(|(p, i)| *p *= share * i);
                centre_columns(delta, z, &saved.mean, &saved.factor, sum, product);
            }
            Normalization::Layer => self.backward_layer(z, saved, sums, delta, gradient),
        }
    }

    fn backward_layer(&self, z: &[f32], saved: &Saved, sums: &mut [f32], delta: &mut [f32], gradient: Gradient) {
        let Affine { bias, scale, .. } = self.affine;
        let width = bias.len();
        let normalized = &mut sums[..width];
        gradient.scale.fill(0.0);
        gradient.shift.fill(0.0);
        let moments = saved.mean.iter().zip(&saved.inverse);
        for ((z, dy), (mean, inverse)) in z.chunks_exact(width).zip(delta.chunks_exact_mut(width)).zip(moments) {
            normalized.iter_mut().zip(z).zip(bias).for_each(|((x, z), b)| *x = (z + b - mean) * inverse);
            gradient.scale.iter_mut().zip(&*dy).zip(&*normalized).for_each(|((g, d), x)| *g += d * x);
            gradient.shift.iter_mut().zip(&*dy).for_each(|(g, d)| *g += d);
            dy.iter_mut().zip(scale).for_each(|(d, g)| *d *= g);
            let mean_delta = sum(dy.iter().copied()) / width as f32;
            let mean_product = sum(dy.iter().zip(&*normalized).map(|(d, x)| d * x)) / width as f32;
            dy.iter_mut().zip(&*normalized).for_each(|(d, x)| *d = inverse * (*d - mean_delta - x * mean_product));
        }
        column_sums(delta, gradient.bias);
    }
}

/// Where a layer's gradients go, each `[width]`.
pub struct Gradient<'a> {
    /// Of the linear map's bias.
    pub bias: &'a mut [f32],
    /// Of the normalisation's scale.
    pub scale: &'a mut [f32],
    /// Of the normalisation's shift.
    pub shift: &'a mut [f32],
}

fn sum(values: impl Iterator<Item = f32>) -> f32 {
    values.sum()
}

/// out = f(z factor + offset + shortcut), column by column's factor and offset.
fn scaled_columns(z: &[f32], factor: &[f32], offset: &[f32], shortcut: Option<&[f32]>, out: &mut [f32], f: impl Fn(f32) -> f32) {
    let width = factor.len();
    let rows = out.chunks_exact_mut(width).zip(z.chunks_exact(width));
    match shortcut {
        None => rows.for_each(|(out, z)| {
            for (((out, z), factor), offset) in out.iter_mut().zip(z).zip(factor).zip(offset) {
                *out = f(z * factor + offset);
            }
        }),
        Some(shortcut) => rows.zip(shortcut.chunks_exact(width)).for_each(|((out, z), shortcut)| {
            for ((((out, z), factor), offset), h) in out.iter_mut().zip(z).zip(factor).zip(offset).zip(shortcut) {
                *out = f(z * factor + offset + h);
            }
        }),
    }
}

/// values = f(values + shortcut).
fn in_place(values: &mut [f32], shortcut: Option<&[f32]>, f: impl Fn(f32) -> f32) {
    match shortcut {
        None => values.iter_mut().for_each(|v| *v = f(*v)),
        Some(shortcut) => values.iter_mut().zip(shortcut).for_each(|(v, h)| *v = f(*v + h)),
    }
}

/// Mean and biased variance of each column of z, centred before squaring.
fn column_moments(z: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    let width = mean.len();
    let share = width as f32 / z.len() as f32;
    column_sums(z, mean);
    mean.iter_mut().for_each(|m| *m *= share);
    variance.fill(0.0);
    for row in z.chunks_exact(width) {
        variance.iter_mut().zip(row).zip(&*mean).for_each(|((v, z), m)| *v += (z - m) * (z - m));
    }
    variance.iter_mut().for_each(|v| *v *= share);
}

/// Sum of each column of `values` [rows x width].
pub fn column_sums(values: &[f32], sums: &mut [f32]) {
    sums.fill(0.0);
    for row in values.chunks_exact(sums.len()) {
        sums.iter_mut().zip(row).for_each(|(s, v)| *s += v);
    }
}

/// Column sums of delta and of delta times the normalised z.
fn column_products(delta: &[f32], z: &[f32], mean: &[f32], inverse: &[f32], sum: &mut [f32], product: &mut [f32]) {
    let width = sum.len();
    sum.fill(0.0);
    product.fill(0.0);
    for (delta, z) in delta.chunks_exact(width).zip(z.chunks_exact(width)) {
        for ((((s, p), d), z), m) in sum.iter_mut().zip(&mut *product).zip(delta).zip(z).zip(mean) {
            *s += d;
            *p += d * (z - m);
        }
    }
    product.iter_mut().zip(inverse).for_each(|(p, i)| *p *= i);
}

/// delta = factor (delta - mean_delta - (z - mean) slope), by column.
fn centre_columns(delta: &mut [f32], z: &[f32], mean: &[f32], factor: &[f32], mean_delta: &[f32], slope: &[f32]) {
    let width = mean.len();
    for (delta, z) in delta.chunks_exact_mut(width).zip(z.chunks_exact(width)) {
        for (((((d, z), m), f), c), s) in delta.iter_mut().zip(z).zip(mean).zip(factor).zip(mean_delta).zip(slope) {
            *d = f * (*d - c - (z - m) * s);
        }
    }
}
