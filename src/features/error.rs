//! Why a file of features cannot be used.

use super::element::ACCEPTED;
use crate::separation::MOST_CLASSES;

/// Why a file of features cannot be used: file, array and reason, with what is accepted. Names are cleaned of what a terminal or a page
/// could stumble on but for markup; whoever shows them must show text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file}{}{}: {fault}", if array.is_some() { ", array " } else { "" }, array.as_deref().unwrap_or_default())]
pub struct FeatureError {
    /// Name of the file.
    pub file: String,
    /// Name of the array, where it is one that is at fault.
    pub array: Option<String>,
    /// The reason.
    pub fault: Fault,
}

/// The reason alone.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A file of 0 bytes.
    #[error("it is empty; .npy, .npz, .safetensors and IDX files are accepted")]
    Empty,
    /// Another format.
    #[error("it begins with the bytes {0}, which is neither .npy nor .npz nor .safetensors nor IDX; these are accepted")]
    Format(String),
    /// The file could not be read.
    #[error("it cannot be read: {0}")]
    Read(String),
    /// A header that is none.
    #[error("its header is malformed: {0}")]
    Header(String),
    /// A header that would have to be held whole.
    #[error("its header claims {bytes} bytes; at most {most} are accepted")]
    HeaderLength {
        /// Length that it claims.
        bytes: u64,
        /// Most that is accepted.
        most: u64,
    },
    /// Cut off, or followed by something else.
    #[error("its header asks for {expected} bytes of numbers, but there are {has}: it is cut off or damaged")]
    Length {
        /// Bytes that the shape needs.
        expected: u64,
        /// Bytes that there are.
        has: u64,
    },
    /// A size that no number holds.
    #[error("the shape {0} has more numbers than any memory; check the file")]
    Overflow(String),
    /// A size of 0.
    #[error("the shape {0} has no numbers; at least one point and one column are needed")]
    NoNumbers(String),
    /// Numbers of another kind.
    #[error("its dtype is {0}; {ACCEPTED} are accepted")]
    Dtype(String),
    /// Other than a row for each point.
    #[error("it has {0} dimensions; layers have 2 [n, d], 3 [n, t, d] or 4 [n, c, h, w]")]
    Dimensions(usize),
    /// Other points than the labels'.
    #[error("its first axis is {has}, and there are {labels} labels; a layer has one row a label")]
    FirstAxis {
        /// Length of its first axis.
        has: usize,
        /// Number of labels.
        labels: usize,
    },
    /// An archive of something else.
    #[error("it holds no .npy array; save with numpy.savez, or as .safetensors")]
    NoArrays,
    /// Something else beside arrays.
    #[error("it is no .npy array")]
    NotArray,
    /// Another compression.
    #[error("it is compressed by method {0}; stored and deflated entries are accepted (numpy.savez, numpy.savez_compressed)")]
    Compression(u16),
    /// A password.
    #[error("it is encrypted; save it without a password")]
    Encrypted,
    /// Larger than 32 bits tell.
    #[error("it is a zip archive of 4 GB or more; save .npy files or .safetensors")]
    Zip64,
    /// Compressed bytes that do not yield what they promise.
    #[error("its compressed bytes are damaged: {0}")]
    Compressed(String),
    /// Other bytes than were written.
    #[error("its checksum is wrong: the file is damaged")]
    Checksum,
    /// A layer that cannot be read row by row and is too large to be held.
    #[error("it is deflated, in Fortran order and takes {bytes} bytes as float32, more than the {most} that are held; save it in C order")]
    FortranDeflated {
        /// What it takes.
        bytes: u64,
        /// Most that is held.
        most: u64,
    },
    /// NaN or infinity.
    #[error("row {row} is {value} in column {column}; every number must be finite as float32")]
    NotFinite {
        /// The first such row, from 0.
        row: usize,
        /// Its first such column, from 0; of averages, the average's.
        column: usize,
        /// NaN or infinity.
        value: f32,
    },
    /// Memory that the system denies.
    #[error("there is no memory for {0} bytes of it")]
    Memory(u64),
    /// No labels.
    #[error("no labels are found; an integer array of one label a point is needed, best named \"labels\"")]
    NoLabels,
    /// More than one array could be the labels.
    #[error("each of {0} could be the labels; choose one, or name it \"labels\"")]
    ManyLabels(String),
    /// Labels of another shape or kind.
    #[error("it is {dtype} of shape {shape} and cannot be the labels; one integer a point is accepted")]
    NotLabels {
        /// Its dtype.
        dtype: String,
        /// Its shape.
        shape: String,
    },
    /// A label beyond 64 bits with a sign.
    #[error("the label in row {0} is above 9223372036854775807; smaller integers are accepted")]
    LabelTooLarge(usize),
    /// More points than memory is planned for.
    #[error("it has {has} points; at most {most} are accepted")]
    Points {
        /// Number of points.
        has: usize,
        /// Most that are accepted.
        most: usize,
    },
    /// Nothing to tell apart.
    #[error("every label is {0}; separation needs at least two classes")]
    OneClass(i64),
    /// More classes than their Gram matrix has eigenvalues to be had in bearable time.
    #[error("more than {MOST_CLASSES} different labels; at most so many classes are accepted")]
    Classes,
    /// No layer beside the labels.
    #[error("no layer is found; arrays of numbers whose first axis is as long as the labels are needed")]
    NoLayers,
    /// Class means that memory is not planned for.
    #[error("its {columns} columns are too many for {classes} classes; at most {most} are accepted: average over space")]
    Columns {
        /// Numbers a point.
        columns: usize,
        /// Number of classes.
        classes: usize,
        /// Most columns that are accepted with so many classes.
        most: usize,
    },
    /// A choice that names no array.
    #[error("there is no such array")]
    NoSuchArray,
    /// Stopped as asked.
    #[error("the analysis was cancelled")]
    Cancelled,
}

impl Fault {
    /// With the names of file and array.
    pub(crate) fn of(self, file: &str, array: Option<&str>) -> FeatureError {
        FeatureError { file: file.to_owned(), array: array.map(str::to_owned), fault: self }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Read(error.to_string())
    }
}

/// A shape as Python writes it.
pub(crate) fn shown(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({})", sizes.join(", "))
}

/// Most characters of a name.
const MOST_OF_NAME: usize = 100;

/// A name that may be shown as text: without control and direction characters, and not too long.
pub(crate) fn clean(name: &str) -> String {
    let odd =
        |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let mut clean: String = name.chars().take(MOST_OF_NAME).map(|c| if odd(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if name.chars().nth(MOST_OF_NAME).is_some() {
        clean.push('…');
    }
    clean
}
