//! The subsets of Fashion-MNIST that come with the playground (Xiao et al. 2017, MIT licence).

use super::idx::{IdxError, read_images, read_labels};
use super::{Dataset, Points};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Where the points come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DatasetName {
    /// Fashion-MNIST at 10 x 10: the first 100 training and 100 test points of each class.
    #[serde(rename = "fashion-mnist-10x10")]
    Fashion10,
    /// Fashion-MNIST at 10 x 10: the first 1000 training points of each class and the 10,000 test points.
    #[serde(rename = "fashion-mnist-10x10-large")]
    Fashion10Large,
    /// Fashion-MNIST at 28 x 28: the first 300 training and 100 test points of each class.
    #[serde(rename = "fashion-mnist-28x28")]
    Fashion28,
    /// Data given with the config.
    #[serde(rename = "own")]
    Own,
}

impl DatasetName {
    /// The bundled subset of this name; None for own data.
    pub fn bundled(self) -> Option<&'static Bundled> {
        BUNDLED.iter().find(|bundled| bundled.name == self)
    }
}

/// A bundled subset. Classes stay mixed as in Fashion-MNIST's files, and that order is the one in which batches are measured.
#[derive(Debug)]
pub struct Bundled {
    /// Its name in a config.
    pub name: DatasetName,
    /// The same as a string, which is also its folder.
    pub id: &'static str,
    /// Images are `side` x `side`, so points have side^2 features.
    pub side: usize,
    /// Training points of each class: the first in Fashion-MNIST's order.
    pub train_per_class: usize,
    /// Test points of each class: the first in Fashion-MNIST's order.
    pub test_per_class: usize,
}

/// The bundled subsets, the one of the first load first.
pub static BUNDLED: [Bundled; 3] = [
    Bundled { name: DatasetName::Fashion10, id: "fashion-mnist-10x10", side: 10, train_per_class: 100, test_per_class: 100 },
    Bundled { name: DatasetName::Fashion10Large, id: "fashion-mnist-10x10-large", side: 10, train_per_class: 1000, test_per_class: 1000 },
    Bundled { name: DatasetName::Fashion28, id: "fashion-mnist-28x28", side: 28, train_per_class: 300, test_per_class: 100 },
];

/// The files of a subset, in its folder, each gzipped with ".gz" appended: training images and labels, test images and labels.
pub const FILES: [&str; 4] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "test-images-idx3-ubyte", "test-labels-idx1-ubyte"];

/// Names of Fashion-MNIST's classes, by label.
const CLASS_NAMES: [&str; 10] = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

/// The labels in an order in which garments that look alike are neighbours; it closes to a ring.
pub const RELATED: [u16; 10] = [0, 6, 2, 4, 3, 1, 8, 7, 5, 9];

/// Why files are not the subset that they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundledError {
    /// Not an IDX file.
    #[error("{file} cannot be read: {error}")]
    Unreadable {
        /// Which file.
        file: &'static str,
        /// What is wrong with it.
        error: IdxError,
    },
    /// Images of another size.
    #[error("{file} has images of {rows} x {columns} pixels; {id} has {side} x {side}", side = expected)]
    Size {
        /// Which file.
        file: &'static str,
        /// Which subset.
        id: &'static str,
        /// Rows in the file.
        rows: usize,
        /// Columns in the file.
        columns: usize,
        /// Rows and columns of the subset.
        expected: usize,
    },
    /// Images and labels that do not belong together, or too few or too many of both.
    #[error("{file} has {found} entries; {id} has {expected}")]
    Count {
        /// Which file.
        file: &'static str,
        /// Which subset.
        id: &'static str,
        /// Entries in the file.
        found: usize,
        /// Entries of the subset.
        expected: usize,
    },
    /// A label that Fashion-MNIST does not have.
    #[error("{file} has label {label} at position {position}; labels are 0 to 9")]
    Label {
        /// Which file.
        file: &'static str,
        /// Position of the label, counted from 0.
        position: usize,
        /// The label.
        label: u8,
    },
}

impl Bundled {
    /// Builds the dataset from the subset's four files, uncompressed, in the order of [`FILES`].
    ///
    /// Pixels become (x / 255 - 0.5) / 0.5, so -1 to 1.
    ///
    /// # Errors
    /// If a file cannot be read or is not this subset's.
    pub fn from_files<B: AsRef<[u8]>>(&self, files: [B; 4]) -> Result<Dataset, BundledError> {
        let [train_images, train_labels, test_images, test_labels] = files;
        Ok(Dataset {
            classes: CLASS_NAMES.len(),
            class_names: CLASS_NAMES.map(str::to_owned).into(),
            train: self.points([FILES[0], FILES[1]], train_images.as_ref(), train_labels.as_ref(), self.train_per_class)?,
            test: Some(self.points([FILES[2], FILES[3]], test_images.as_ref(), test_labels.as_ref(), self.test_per_class)?),
        })
    }

    fn points(&self, names: [&'static str; 2], images: &[u8], labels: &[u8], per_class: usize) -> Result<Points, BundledError> {
        let [images_file, labels_file] = names;
        let images = read_images(images).map_err(|error| BundledError::Unreadable { file: images_file, error })?;
        let labels = read_labels(labels).map_err(|error| BundledError::Unreadable { file: labels_file, error })?;
        let (id, expected) = (self.id, per_class * CLASS_NAMES.len());
        if (images.rows, images.columns) != (self.side, self.side) {
            let (rows, columns) = (images.rows, images.columns);
            return Err(BundledError::Size { file: images_file, id, rows, columns, expected: self.side });
        }
        for (file, found) in [(images_file, images.count), (labels_file, labels.len())] {
            if found != expected {
                return Err(BundledError::Count { file, id, found, expected });
            }
        }
        if let Some((position, &label)) = labels.iter().enumerate().find(|(_, label)| usize::from(**label) >= CLASS_NAMES.len()) {
            return Err(BundledError::Label { file: labels_file, position, label });
        }
        let normalized = images.pixels.iter().map(|&pixel| (f32::from(pixel) / 255.0 - 0.5) / 0.5).collect();
        let features = Array2::from_shape_vec((images.count, self.side * self.side), normalized).expect("the reader checked the length");
        Ok(Points { features, labels: labels.iter().map(|&label| u16::from(label)).collect() })
    }
}

/// Why a bundled subset could not be loaded from disk.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Missing, or not a gzip file.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        error: std::io::Error,
    },
    /// Not the subset that it should be.
    #[error(transparent)]
    Bundled(#[from] BundledError),
}

/// Loads `bundled` from its folder in `data`, the site's folder of data.
///
/// # Errors
/// If a file is missing, is not gzipped, or is not this subset's.
#[cfg(not(target_arch = "wasm32"))]
pub fn load(bundled: &Bundled, data: &std::path::Path) -> Result<Dataset, LoadError> {
    use std::io::Read;
    let mut files: [Vec<u8>; 4] = Default::default();
    for (name, content) in FILES.iter().zip(&mut files) {
        let path = data.join(bundled.id).join(format!("{name}.gz"));
        let opened = std::fs::File::open(&path);
        if let Err(error) = opened.and_then(|file| flate2::read::GzDecoder::new(file).read_to_end(content)) {
            return Err(LoadError::Io { path, error });
        }
    }
    Ok(bundled.from_files(files)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_names_in_a_config() {
        for bundled in &BUNDLED {
            assert_eq!(serde_json::to_string(&bundled.name).unwrap(), format!("{:?}", bundled.id));
            assert_eq!(bundled.name.bundled().unwrap().id, bundled.id);
        }
        assert!(DatasetName::Own.bundled().is_none());
    }
}
