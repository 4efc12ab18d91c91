//! Classes round a circle: where both pictures of them begin.

use std::f64::consts::TAU;

/// A place in the plane: x to the right, y down.
pub type Place = [f64; 2];

/// Corner `at` of the regular polygon with `corners` corners on the unit circle, clockwise from the top.
pub fn corner(at: usize, corners: usize) -> Place {
    let (sin, cos) = libm::sincos(TAU * (at % corners) as f64 / corners as f64);
    [sin, -cos]
}
