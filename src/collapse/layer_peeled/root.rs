//! The root of a decreasing function, by interpolation, truncation and projection (ITP; Oliveira & Takahashi, ACM TOMS 47, 2020).

/// Where `f`, decreasing on `low` to `high`, passes zero, to the last bits; an end if it does not.
///
/// Superlinear on smooth functions, and never more than one step slower than bisection, which infinite slopes and plateaus can ask for.
pub(super) fn root_of_decreasing(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let precision = f64::EPSILON * low.abs().max(high.abs());
    // What bisection, one step behind, would have left of the interval.
    let mut allowed = precision;
    while allowed < high - low {
        allowed *= 2.0;
    }
    // The authors' choice: how far the interpolated point is moved towards the middle.
    let truncation = 0.2 / (high - low);
    let (mut at_low, mut at_high) = (f(low), f(high));
    if at_low <= 0.0 {
        return low;
    }
    if at_high >= 0.0 {
        return high;
    }
    while allowed > precision && high - low > 2.0 * precision {
        let width = high - low;
        let middle = low + width / 2.0;
        let interpolated = (at_low * high - at_high * low) / (at_low - at_high);
        let inwards = (middle - interpolated).signum();
        let truncated = if truncation * width * width <= (middle - interpolated).abs() {
            interpolated + inwards * truncation * width * width
        } else {
            middle
        };
        // How far from the middle the point may be, for neither part to be wider than allowed.
        let radius = allowed - width / 2.0;
        allowed /= 2.0;
        let x = if (truncated - middle).abs() <= radius { truncated } else { middle - inwards * radius };
        let at_x = f(x);
        if at_x > 0.0 {
            (low, at_low) = (x, at_x);
        } else if at_x < 0.0 {
            (high, at_high) = (x, at_x);
        } else {
            return x;
        }
    }
    low + (high - low) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn evaluations(low: f64, high: f64, f: impl Fn(f64) -> f64) -> (f64, u32) {
        let count = Cell::new(0);
        let root = root_of_decreasing(low, high, |x| {
            count.set(count.get() + 1);
            f(x)
        });
        (root, count.get())
    }

    #[test]
    fn a_smooth_root_takes_a_dozen_evaluations() {
        let (root, count) = evaluations(0.0, 3.0, |x| 2.0 - x * x);
        assert!((root - 2f64.sqrt()).abs() < 2e-15 && count <= 14, "{root} {count}");
        let (root, count) = evaluations(-700.0, 1.0, |x| -5.0 - x);
        assert!((root + 5.0).abs() < 1e-12 && count <= 14, "{root} {count}");
    }

    #[test]
    fn a_jump_takes_no_more_than_bisection() {
        let (root, count) = evaluations(0.0, 1.0, |x| if x < 0.3 { 1e300 } else { -1e-300 });
        assert!((root - 0.3).abs() <= f64::EPSILON && count <= 56, "{root} {count}");
    }

    #[test]
    fn a_flat_root_takes_less_than_bisection() {
        let (root, count) = evaluations(-1.0, 1.0, |x| 1e-3 - x * x * x);
        assert!((root - 0.1).abs() <= 4.0 * f64::EPSILON && count <= 52, "{root} {count}"); // bisection takes 54
    }

    #[test]
    fn a_root_in_the_middle_of_a_symmetric_function_is_found_at_once() {
        assert_eq!(evaluations(-3.0, 1.0, |x| (-1.0 - x).powi(3)), (-1.0, 3));
    }

    #[test]
    fn without_a_root_the_nearer_end() {
        assert_eq!(root_of_decreasing(1.0, 2.0, |x| -x), 1.0);
        assert_eq!(root_of_decreasing(1.0, 2.0, |x| 3.0 - x), 2.0);
    }
}
