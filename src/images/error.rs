//! Why files of images cannot be trained on.

use crate::features::{FeatureError, FeatureFile, Place, clean};

/// Why files of images cannot be trained on: file, array and reason, with what is accepted. Whoever shows it must show text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file}{}{}: {fault}", if array.is_some() { ", array " } else { "" }, array.as_deref().unwrap_or_default())]
pub struct ImageError {
    /// Name of the file, or of all of them.
    pub file: String,
    /// Name of the array, where it is one that is at fault.
    pub array: Option<String>,
    /// The reason.
    pub fault: Fault,
}

/// The reason alone.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A file that is none of arrays, or an array that cannot be read.
    #[error(transparent)]
    File(#[from] crate::features::Fault),
    /// Nothing that has the shape of images.
    #[error("no images are found; an array [n, rows, columns] or one with 1, 3 or 4 channels as its second or last axis is needed")]
    NoImages,
    /// An array of another shape, where there is no other.
    #[error("its shape is {0}; images are [n, rows, columns], or have 1, 3 or 4 channels as their second or last axis")]
    Shape(String),
    /// More than one array could be the images, or the labels.
    #[error("each of {0} could be the {1}; leave out the others, or name them x_train, y_train, x_test, y_test")]
    Several(String, &'static str),
    /// Images and labels that do not belong together.
    #[error("it has {images} images, and {labels} labels are with them; one label an image is needed")]
    Count {
        /// Number of images.
        images: usize,
        /// Number of labels.
        labels: usize,
    },
    /// Images that are hardly images.
    #[error("its images are {0}; 2 x 2 to 1024 x 1024 pixels are accepted")]
    Side(String),
    /// Images to be left as they are, but large.
    #[error("its images are {size}; up to {most} x {most} can stay as they are: resize them to 10 x 10", most = super::MOST_SIDE)]
    TooLarge {
        /// Their rows and columns.
        size: String,
    },
    /// Test images of another size.
    #[error("its images are {test}, those trained on {train}; one size is needed")]
    Sizes {
        /// Rows and columns of the test images.
        test: String,
        /// Of the training images.
        train: String,
    },
    /// A value that is no brightness.
    #[error("image {image} has the value {value}; 0 to 255, or 0 to 1, are accepted")]
    Value {
        /// The first such image, from 0.
        image: usize,
        /// Its first such value.
        value: f32,
    },
    /// More classes than the pictures show.
    #[error("it has {0} different labels; at most {most} classes are accepted", most = super::MOST_CLASSES)]
    Classes(usize),
    /// A label of the test part that the training part does not have.
    #[error("label {0} is not among the labels trained on")]
    TestLabel(i64),
    /// More than memory is planned for.
    #[error("so many points take {bytes} bytes; at most {most} are accepted: take fewer of each class, or resize to 10 x 10")]
    Memory {
        /// What they take.
        bytes: usize,
        /// Most that is accepted.
        most: usize,
    },
}

impl ImageError {
    /// Of an array.
    pub(super) fn at(files: &[FeatureFile], place: Place, fault: impl Into<Fault>) -> Self {
        let file = &files[place.file];
        Self { file: file.name().to_owned(), array: Some(file.arrays()[place.array].name.clone()), fault: fault.into() }
    }

    /// Of all files.
    pub(super) fn whole(files: &[FeatureFile], fault: impl Into<Fault>) -> Self {
        let names: Vec<&str> = files.iter().map(FeatureFile::name).collect();
        Self { file: clean(&names.join(", ")), array: None, fault: fault.into() }
    }
}

impl From<FeatureError> for ImageError {
    fn from(FeatureError { file, array, fault }: FeatureError) -> Self {
        Self { file, array, fault: fault.into() }
    }
}
