//! Places for names that would lie on each other.

/// Places at least `gap` apart for things that want to be at `wanted`, ascending; between `top` and `bottom` as far as there is room.
pub fn spread(wanted: &[f64], gap: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut places = wanted.to_vec();
    let mut least = top;
    for place in &mut places {
        *place = place.max(least);
        least = *place + gap;
    }
    let mut most = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn names_stay_apart_and_inside() {
        assert_eq!(spread(&[1.0, 2.0, 30.0], 10.0, (0.0, 100.0)), [1.0, 11.0, 30.0]);
        assert_eq!(spread(&[95.0, 96.0], 10.0, (0.0, 100.0)), [90.0, 100.0]);
        assert_eq!(spread(&[-5.0], 10.0, (0.0, 100.0)), [0.0]);
    }
}
