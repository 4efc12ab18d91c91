//! Forward over all points, layer by layer: what is measured.

use super::{Cpu, behind, gather, running};
use crate::dataset::Points;
use crate::network::Batches;
use separation_kernels::{Matrix, Packing, Saved, Statistics, cross_entropy};

/// Loss and accuracy of a set of points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Share of points whose largest logit is their label's.
    pub accuracy: f64,
}

impl Cpu {
    /// Passes all of `points`, in `order`, through the network and shows `visit` each layer's activations `[n x width]`, the
    /// input first, in that order. Batch statistics are those of consecutive batches of 100 of the order; no running statistic moves.
    /// `rest` is awaited after each batch and after each visit.
    pub async fn sweep(
        &mut self,
        points: &Points,
        order: &[u32],
        statistics: Statistics,
        mut visit: impl FnMut(&[f32]),
        rest: &mut impl AsyncFnMut(),
    ) -> Evaluation {
        let Self { architecture, layout, state, .. } = self;
        let count = order.len();
        let batches = match statistics {
            Statistics::Running => Batches { points: count, size: 128, smallest: 1 },
            _ => Batches::measuring(count),
        };
        let last = architecture.layers() - 1;
        let widest = architecture.widest();
        let mut input = vec![0.0; count * widest];
        let mut output = vec![0.0; count * widest];
        let mut block = Vec::new();
        let mut z = vec![0.0; batches.largest() * widest];
        let mut packing = Packing::new(widest);

        let mut labels = vec![0; count];
        gather(points, order, &mut input, &mut labels);
        for layer in 0..last {
            let (fan_in, fan_out) = (architecture.fan_in(layer), architecture.fan_out(layer));
            visit(&input[..count * fan_in]);
            rest().await;
            if architecture.starts_block(layer) {
                block.clone_from(&input);
            }
            let shortcut = architecture.shortcut(layer).is_some();
            let mut saved = Saved::new(architecture.normalization, batches.largest(), fan_out);
            let weight = Matrix::new(&state.parameters[layout.layer(layer).weight.clone()], fan_in, fan_out);
            for batch in batches.iter() {
                let z = &mut z[..batch.len() * fan_out];
                let range = batch.start * fan_out..batch.end * fan_out;
                packing.product(Matrix::new(&input[batch.start * fan_in..], batch.len(), fan_in), weight, z);
                behind(architecture, layout, &state.parameters, layer).forward(
                    z,
                    shortcut.then(|| &block[range.clone()]),
                    statistics,
                    running(layout, &mut state.running, layer),
                    &mut saved,
                    &mut output[range],
                );
                rest().await;
            }
            std::mem::swap(&mut input, &mut output);
        }
        let (fan_in, classes) = (architecture.fan_in(last), architecture.classes);
        visit(&input[..count * fan_in]);
        rest().await;
        let logits = &mut output[..count * classes];
        let slices = layout.layer(last);
        let weight = Matrix::new(&state.parameters[slices.weight.clone()], fan_in, classes);
        packing.product(Matrix::new(&input, count, fan_in), weight, logits);
        let loss = cross_entropy(logits, &state.parameters[slices.bias.clone()], &labels, None);
        let right = logits.chunks_exact(classes).zip(&labels).filter(|(row, label)| predicted(row) == Some(usize::from(**label))).count();
        Evaluation { loss: loss / count as f64, accuracy: right as f64 / count as f64 }
    }
}

/// The class of the largest logit, of equal ones the first; None if one is not a number.
fn predicted(logits: &[f32]) -> Option<usize> {
    let mut best = 0;
    for (class, logit) in logits.iter().enumerate() {
        if logit.is_nan() {
            return None;
        }
        if *logit > logits[best] {
            best = class;
        }
    }
    Some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_logits_the_first_is_predicted_and_of_nan_none() {
        assert_eq!(predicted(&[0.0, 0.0, 0.0]), Some(0));
        assert_eq!(predicted(&[-1.0, 2.0, 2.0]), Some(1));
        assert_eq!(predicted(&[f32::NAN, 1.0]), None);
        assert_eq!(predicted(&[1.0, f32::NAN]), None);
    }
}
