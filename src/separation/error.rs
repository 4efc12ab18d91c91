//! Why points have no separation.

/// Classes with points that are accepted: the eigenvalues of their Gram matrix then take some twenty seconds.
pub const MOST_CLASSES: usize = 1000;

/// Why D is undefined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeparationError {
    /// There is nothing to measure.
    #[error("the features are [{points} x {columns}]; at least one point and one column are needed")]
    Empty {
        /// Rows of the features.
        points: usize,
        /// Columns of the features.
        columns: usize,
    },
    /// Not one label a point.
    #[error("there are {labels} labels for {points} points; one label a point is needed")]
    LabelCount {
        /// Rows of the features.
        points: usize,
        /// Length of the labels.
        labels: usize,
    },
    /// A label that no class has.
    #[error("point {point} has label {label}; with {classes} classes the labels are 0 to {last}", last = classes.saturating_sub(1))]
    LabelOutOfRange {
        /// The first such point.
        point: usize,
        /// Its label.
        label: u16,
        /// Number of classes.
        classes: usize,
    },
    /// NaN or infinity.
    #[error("point {point} is {value} in column {column}; every feature must be finite")]
    NotFinite {
        /// The first such point.
        point: usize,
        /// Its first such column.
        column: usize,
        /// The value there.
        value: f64,
    },
    /// No between-class scatter without a second class.
    #[error("{present} of the classes has points; separation needs at least two")]
    TooFewClasses {
        /// Number of classes that have points.
        present: usize,
    },
    /// More classes than their Gram matrix has eigenvalues to be had in bearable time.
    #[error("{present} classes have points; at most {MOST_CLASSES} are accepted")]
    TooManyClasses {
        /// Number of classes that have points.
        present: usize,
    },
    /// SSb = 0, to the precision with which means are known.
    #[error("all class means are equal, so nothing separates the classes and their fuzziness is undefined")]
    EqualMeans,
    /// Finite points so large or so far apart that float64 cannot hold their scatter.
    #[error("the points are too large: their scatter overflows float64")]
    Overflow,
}
