//! Why neural collapse is undefined.

use crate::separation::SeparationError;

/// Why neural collapse is undefined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CollapseError {
    /// The points are no labelled points, or nothing separates them.
    #[error(transparent)]
    Separation(#[from] SeparationError),
    /// A weight of another shape.
    #[error("the weight has {weight} numbers; with {classes} biases and {columns} columns it must have {}", classes * columns)]
    Shape {
        /// Length of the weight.
        weight: usize,
        /// Length of the bias.
        classes: usize,
        /// Columns of the features.
        columns: usize,
    },
    /// NaN or infinity in the classifier.
    #[error("the classifier's {what} is {value} for class {class}; every number must be finite")]
    NotFinite {
        /// "weight" or "bias".
        what: &'static str,
        /// Its class.
        class: usize,
        /// The value.
        value: f64,
    },
    /// Finite numbers so large that float64 cannot hold their squares.
    #[error("the numbers are too large: their squares overflow float64")]
    Overflow,
    /// One class, or none.
    #[error("there are {0} classes; neural collapse needs at least two")]
    TooFewClasses(usize),
    /// A class of which there is nothing to take the mean of.
    #[error("class {0} has no points; every class needs some")]
    EmptyClass(usize),
    /// A class mean that has no direction.
    #[error("the mean of class {0} is the mean of all class means, so it has no angle to the others")]
    CentralMean(usize),
    /// A classifier row that has no direction.
    #[error("the classifier's row for class {0} is 0, so it has no angle to the others")]
    ZeroRow(usize),
}
