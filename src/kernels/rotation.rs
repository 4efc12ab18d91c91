//! A plane rotation of two rows, in float64: the step of every eigenvalue algorithm here.

/// Turns rows `x` and `y` by the angle of `cosine` and `sine`.
pub fn rotate(x: &mut [f64], y: &mut [f64], cosine: f64, sine: f64) {
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}
