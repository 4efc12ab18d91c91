//! Classes round a circle: where both pictures of them begin.

use std::f64::consts::TAU;

/// A place in the plane: x to the right, y down.
pub type Place = [f64; 2];

/// Corner `at` of the regular polygon with `corners` corners on the unit circle, clockwise from the top.
pub fn corner(at: usize, corners: usize) -> Place {
    let (sin, cos) = libm::sincos(TAU * (at % corners) as f64 / corners as f64);
    [sin, -cos]
}

#[cfg(test)]
mod tests {
    use super::corner;

    #[test]
    fn corners_go_clockwise_from_the_top_and_round_again_to_the_same_bits() {
        assert_eq!(corner(0, 5), [0.0, -1.0]);
        let [x, y] = corner(1, 4);
        assert!((x - 1.0).abs() < 1e-15 && y.abs() < 1e-15, "{x} {y}");
        for at in 0..5 {
            assert_eq!([corner(at + 5, 5), corner(at + 35, 5)], [corner(at, 5); 2]);
        }
    }
}
