//! What several seeds give: the median and the range.

/// Median and range of some values.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The middle value; between two, their mean.
    pub median: f64,
    /// The values, in order: the first is the least, the last the largest.
    pub values: Vec<f64>,
}

impl Band {
    /// Of the values that are numbers; None if none is.
    pub fn of(values: impl IntoIterator<Item = Option<f64>>) -> Option<Self> {
        let mut sorted: Vec<f64> = Vec::new();
        for value in values.into_iter().flatten().filter(|value| value.is_finite()) {
            sorted.insert(sorted.partition_point(|&other| other <= value), value);
        }
        let values = sorted;
        let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
        Some(Self { median: (low + high) / 2.0, values })
    }

    /// The least and the largest value.
    pub fn range(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }
}

#[cfg(test)]
mod tests {
    use super::Band;

    #[test]
    fn the_median_is_in_the_middle_and_what_is_no_number_is_left_out() {
        let band = |values: &[f64]| Band::of(values.iter().map(|&value| Some(value)));
        assert_eq!(band(&[3.0, 1.0, f64::NAN, 2.0]), Some(Band { median: 2.0, values: vec![1.0, 2.0, 3.0] }));
        assert_eq!(band(&[4.0, 1.0, 2.0, 3.0]).map(|band| (band.median, band.range())), Some((2.5, (1.0, 4.0))));
        assert_eq!(band(&[7.0]).map(|band| (band.median, band.range())), Some((7.0, (7.0, 7.0))));
        assert_eq!(band(&[]), None);
        assert_eq!(Band::of([None, None]), None);
    }
}
