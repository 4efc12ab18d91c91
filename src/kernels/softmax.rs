//! Softmax and cross-entropy.

/// Adds `bias` `[K]` to `logits` `[rows x K]` and returns the sum over the rows of `-ln softmax(logits)[label]`, in nats.
/// With `delta` [rows x K], writes the gradient of the *mean* over the rows there.
pub fn cross_entropy(logits: &mut [f32], bias: &[f32], labels: &[u16], delta: Option<&mut [f32]>) -> f64 {
    let classes = bias.len();
    let share = classes as f32 / logits.len() as f32;
    let mut delta = delta.map(|d| d.chunks_exact_mut(classes));
    let mut loss = 0.0;
    for (row, &label) in logits.chunks_exact_mut(classes).zip(labels) {
        let label = usize::from(label);
        row.iter_mut().zip(bias).for_each(|(z, b)| *z += b);
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let target = row[label] - largest;
        let sum: f32 = match delta.as_mut().and_then(Iterator::next) {
            None => row.iter().map(|z| libm::expf(z - largest)).sum(),
            Some(gradient) => {
                gradient.iter_mut().zip(&*row).for_each(|(g, z)| *g = libm::expf(z - largest));
                let sum: f32 = gradient.iter().sum();
                gradient.iter_mut().for_each(|g| *g *= share / sum);
                gradient[label] -= share;
                sum
            }
        };
        loss += f64::from(libm::logf(sum) - target);
    }
    loss
}
