//! Data that the user brings.

use super::{Dataset, Points};
use ndarray::Array2;

/// Points as given, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Features `[n x dim]`, row-major.
    pub features: Vec<f32>,
    /// One label a point.
    pub labels: Vec<i32>,
}

/// Why given data cannot be used. `part` is "train" or "test", points and columns are counted from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OwnError {
    /// Too few or too many classes.
    #[error("classes is {classes}; 2 to {} are accepted", u16::MAX)]
    Classes {
        /// The number given.
        classes: usize,
    },
    /// Points without features.
    #[error("dim is 0; a point needs at least 1 feature")]
    NoFeatures,
    /// No points.
    #[error("{part} has no points; at least 1 is needed")]
    NoPoints {
        /// Which points.
        part: &'static str,
    },
    /// Features and labels that do not belong together.
    #[error("{part}.features has {features} numbers; {labels} labels of dim {dim} need {}", labels.saturating_mul(*dim))]
    Length {
        /// Which points.
        part: &'static str,
        /// Length of the features.
        features: usize,
        /// Length of the labels.
        labels: usize,
        /// Features of a point.
        dim: usize,
    },
    /// NaN, infinity, or a number too large for float32.
    #[error("{part}.features is {value} at point {point}, column {column}; every feature must be a finite float32")]
    NotFinite {
        /// Which points.
        part: &'static str,
        /// The first such point.
        point: usize,
        /// Its first such column.
        column: usize,
        /// The value there.
        value: f32,
    },
    /// A label that no class has.
    #[error("{part}.labels is {label} at point {point}; with {classes} classes 0 to {} are accepted", classes - 1)]
    Label {
        /// Which points.
        part: &'static str,
        /// The first such point.
        point: usize,
        /// Its label.
        label: i32,
        /// Number of classes.
        classes: usize,
    },
    /// Nothing to tell apart.
    #[error("all points of train have label {label}; at least 2 classes need points")]
    OneClass {
        /// The only label there is.
        label: u16,
    },
}

/// Builds a dataset of `classes` classes with `dim` features from given points. A class may be empty, as long as two are not.
///
/// # Errors
/// If shapes, labels or values do not fit; the message names the point.
pub fn own(classes: usize, dim: usize, train: Given, test: Option<Given>) -> Result<Dataset, OwnError> {
    if !(2..=usize::from(u16::MAX)).contains(&classes) {
        return Err(OwnError::Classes { classes });
    }
    if dim == 0 {
        return Err(OwnError::NoFeatures);
    }
    let train = points("train", classes, dim, train)?;
    if train.labels.iter().all(|&label| label == train.labels[0]) {
        return Err(OwnError::OneClass { label: train.labels[0] });
    }
    let test = test.map(|test| points("test", classes, dim, test)).transpose()?;
    Ok(Dataset { classes, class_names: (0..classes).map(|class| class.to_string()).collect(), train, test })
}

fn points(part: &'static str, classes: usize, dim: usize, given: Given) -> Result<Points, OwnError> {
    let Given { features, labels } = given;
    if labels.is_empty() {
        return Err(OwnError::NoPoints { part });
    }
    if labels.len().checked_mul(dim) != Some(features.len()) {
        return Err(OwnError::Length { part, features: features.len(), labels: labels.len(), dim });
    }
    if let Some((index, &value)) = features.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        return Err(OwnError::NotFinite { part, point: index / dim, column: index % dim, value });
    }
    let label = |(point, &label): (usize, &i32)| match u16::try_from(label) {
        Ok(accepted) if usize::from(accepted) < classes => Ok(accepted),
        _ => Err(OwnError::Label { part, point, label, classes }),
    };
    let labels = labels.iter().enumerate().map(label).collect::<Result<Vec<_>, _>>()?;
    let features = Array2::from_shape_vec((labels.len(), dim), features).expect("the length was checked");
    Ok(Points { features, labels })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(features: &[f32], labels: &[i32]) -> Given {
        Given { features: features.to_vec(), labels: labels.to_vec() }
    }

    #[test]
    fn points_keep_their_order_and_an_empty_class_is_allowed() {
        let data = own(3, 2, given(&[1.0, 2.0, 3.0, 4.0], &[2, 0]), Some(given(&[5.0, 6.0], &[1]))).unwrap();
        assert_eq!(data.train.features, ndarray::array![[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!((data.train.labels, data.class_names), (vec![2, 0], vec!["0".to_owned(), "1".into(), "2".into()]));
        assert_eq!(data.test.unwrap().labels, [1]);
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        let error = |classes, dim, train: Given, test| own(classes, dim, train, test).unwrap_err().to_string();
        let good = || given(&[1.0, 2.0], &[0, 1]);
        assert_eq!(error(1, 1, good(), None), "classes is 1; 2 to 65535 are accepted");
        assert_eq!(error(2, 0, good(), None), "dim is 0; a point needs at least 1 feature");
        assert_eq!(error(2, 1, given(&[], &[]), None), "train has no points; at least 1 is needed");
        assert_eq!(error(2, 3, good(), None), "train.features has 2 numbers; 2 labels of dim 3 need 6");
        assert_eq!(error(2, usize::MAX, good(), None), format!("train.features has 2 numbers; 2 labels of dim {0} need {0}", usize::MAX));
        assert_eq!(
            error(2, 2, given(&[1.0, 2.0, 3.0, f32::NAN], &[0, 1]), None),
            "train.features is NaN at point 1, column 1; every feature must be a finite float32"
        );
        assert_eq!(error(2, 1, given(&[1.0, 2.0], &[0, -1]), None), "train.labels is -1 at point 1; with 2 classes 0 to 1 are accepted");
        assert_eq!(error(2, 1, good(), Some(given(&[1.0], &[2]))), "test.labels is 2 at point 0; with 2 classes 0 to 1 are accepted");
        assert_eq!(error(2, 1, given(&[1.0, 2.0], &[1, 1]), None), "all points of train have label 1; at least 2 classes need points");
    }
}
