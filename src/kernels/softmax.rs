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

#[cfg(test)]
mod tests {
    use super::*;

    const BIAS: [f32; 3] = [0.5, -1.0, 0.25];
    const LABELS: [u16; 4] = [2, 0, 1, 0];
    /// [4 x 3]; the third row would overflow, were the largest logit not taken off first.
    const LOGITS: [f32; 12] = [1.0, -2.0, 0.5, 3.0, 3.0, -3.0, 200.0, 198.0, -200.0, -0.125, 0.75, 2.0];

    /// -ln softmax(row + bias)[label] and its gradient, by the definition.
    fn naive(row: &[f32], label: u16) -> (f64, Vec<f64>) {
        let z: Vec<f64> = row.iter().zip(BIAS).map(|(&z, b)| f64::from(z) + f64::from(b)).collect();
        let sum: f64 = z.iter().map(|z| z.exp()).sum();
        let gradient = (0..).zip(&z).map(|(class, z)| z.exp() / sum - f64::from(class == label));
        (sum.ln() - z[usize::from(label)], gradient.collect())
    }

    #[test]
    fn loss_and_gradient_are_those_of_the_definition() {
        let (mut logits, mut delta) = (LOGITS, [7.0; 12]);
        let loss = cross_entropy(&mut logits, &BIAS, &LABELS, Some(&mut delta));
        let rows: Vec<_> = LOGITS.chunks(3).zip(LABELS).map(|(row, label)| naive(row, label)).collect();
        let expected: f64 = rows.iter().map(|(loss, _)| loss).sum();
        assert!((loss - expected).abs() < 1e-6 * expected, "{loss} {expected}");
        for (found, expected) in delta.iter().zip(rows.iter().flat_map(|(_, gradient)| gradient)) {
            assert!((f64::from(*found) - expected / 4.0).abs() < 1e-7, "of the mean over four rows: {found} {expected}");
        }
        for (at, (after, before)) in logits.iter().zip(LOGITS).enumerate() {
            assert_eq!(*after, before + BIAS[at % 3], "logits with their bias");
        }
    }

    #[test]
    fn the_loss_is_the_same_where_no_gradient_is_wanted() {
        let mut delta = [0.0; 12];
        let with = cross_entropy(&mut LOGITS.clone(), &BIAS, &LABELS, Some(&mut delta));
        assert_eq!(cross_entropy(&mut LOGITS.clone(), &BIAS, &LABELS, None), with);
    }
}
