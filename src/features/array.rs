//! An array of a file, as its header describes it.

use super::element::Element;
use super::error::{Fault, shown};

/// An array of a file, as its header describes it: none of its numbers has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Its name, cleaned: to be shown as text. Of an npy or IDX file it is the file's without its ending.
    pub name: String,
    /// Its dtype, in NumPy's words where it is accepted, otherwise as the file writes it.
    pub dtype: String,
    /// Its shape; the first axis is the points.
    pub shape: Vec<usize>,
    /// Whether the first axis runs fastest (Fortran order) instead of the last (C order).
    pub fortran: bool,
    /// Bytes of its numbers, unpacked; 0 where it cannot be read.
    pub bytes: u64,
    /// What its numbers are, or why they cannot be read.
    pub(super) element: Result<Element, Fault>,
    pub(super) place: Place,
}

/// Where an array's numbers are in its file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// First byte of the array, or of what it is packed in.
    pub start: u64,
    /// Bytes there, packed or not.
    pub length: u64,
    /// Bytes before its numbers once they are unpacked: a header.
    pub header: u64,
    pub deflated: bool,
    /// CRC-32 of header and numbers, where the file has one.
    pub checksum: Option<u32>,
}

/// What becomes of the axes after the first two, or of the middle one of three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spatial {
    /// Every number is a column: [n, c, h, w] becomes `[n x chw]`, [n, t, d] becomes `[n x td]`.
    #[default]
    Flatten,
    /// [n, c, h, w] becomes `[n x c]`, the mean over h and w; [n, t, d] becomes `[n x d]`, the mean over t.
    Average,
}

/// How the rows of an array become rows of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Number of points n.
    pub points: usize,
    /// Columns of the layer d.
    pub columns: usize,
    /// Numbers a point in the file.
    pub(super) numbers: usize,
    /// Numbers that are averaged into one.
    pub(super) averaged: usize,
    /// Whether they are next to each other in C order; otherwise they are `columns` apart.
    adjacent: bool,
}

impl Layout {
    /// The column that a point's number goes to; numbers are counted in C order.
    pub(super) fn column(&self, number: usize) -> usize {
        if self.adjacent { number / self.averaged } else { number % self.columns }
    }
}

impl Array {
    /// Of a shape that a file claims.
    ///
    /// # Errors
    /// If it has more numbers than any memory.
    pub(super) fn new(
        name: String,
        dtype: &str,
        element: Option<Element>,
        shape: &[u64],
        fortran: bool,
        place: Place,
    ) -> Result<Self, Fault> {
        let fits = |sizes: &[u64]| sizes.iter().map(|&size| usize::try_from(size).ok()).collect::<Option<Vec<usize>>>();
        let overflow = || Fault::Overflow(format!("{shape:?}"));
        let shape = fits(shape).ok_or_else(overflow)?;
        // Sizes of 0 do not excuse the others.
        let numbers = shape.iter().try_fold(1, |numbers: usize, &size| numbers.checked_mul(size.max(1))).ok_or_else(overflow)?;
        let numbers = if shape.contains(&0) { 0 } else { numbers as u64 };
        let size = element.map_or(0, |element| element.size() as u64);
        let bytes = numbers.checked_mul(size).ok_or_else(overflow)?;
        let name_of = element.map_or_else(|| super::error::clean(dtype), Element::name);
        let element = element.ok_or_else(|| Fault::Dtype(name_of.clone()));
        Ok(Self { name, dtype: name_of, shape, fortran, bytes, element, place })
    }

    /// Its rows as a layer's.
    ///
    /// # Errors
    /// If it is no layer: 2 to 4 dimensions, of an accepted dtype, with numbers.
    pub fn layout(&self, spatial: Spatial) -> Result<Layout, Fault> {
        self.element.clone()?;
        let (&points, rest) = self.shape.split_first().ok_or(Fault::Dimensions(0))?;
        if !(1..=3).contains(&rest.len()) {
            return Err(Fault::Dimensions(self.shape.len()));
        }
        if self.bytes == 0 {
            return Err(Fault::NoNumbers(shown(&self.shape)));
        }
        let numbers = rest.iter().product();
        let (averaged, adjacent) = match (spatial, rest) {
            (Spatial::Average, [_, height, width]) => (height * width, true),
            (Spatial::Average, [length, _]) => (*length, false),
            _ => (1, true),
        };
        Ok(Layout { points, columns: numbers / averaged, numbers, averaged, adjacent })
    }

    /// Whether it has one integer a point.
    pub fn is_labels(&self) -> bool {
        let integers = matches!(&self.element, Ok(element) if element.is_integer());
        integers && !self.shape.is_empty() && self.shape[1..].iter().all(|&size| size == 1)
    }
}
