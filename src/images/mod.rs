//! The reader's own images as training data: IDX or .npz files of grey or colour images with labels, made grey and small, and so many points
//! of each class.
//!
//! A module of its own and not a part of [`dataset`](crate::dataset), on which everything stands: it reads with [`features`](crate::features),
//! which stands on the measures.
//!
//! ```
//! use separation_playground::dataset::idx::{self, write_images, write_labels};
//! use separation_playground::images::{Images, Wanted};
//! use separation_playground::features::FeatureFile;
//! use std::io::Cursor;
//!
//! // Four images of 2 x 2 pixels, two of each class.
//! let images = write_images(idx::Images { count: 4, rows: 2, columns: 2, pixels: &[0, 0, 0, 9, 255, 255, 255, 0, 0, 0, 0, 7, 255, 9, 255, 255] });
//! let mut files = [
//!     FeatureFile::open(Cursor::new(images), "train-images-idx3-ubyte")?,
//!     FeatureFile::open(Cursor::new(write_labels(&[3, 8, 3, 8])), "train-labels-idx1-ubyte")?,
//! ];
//! let images = Images::read(&mut files, &Wanted { side: None, per_class: 100, seed: 666 })?;
//! assert_eq!((images.side, &images.class_names[..], images.train.labels.len()), (2, &["3".to_owned(), "8".to_owned()][..], 4));
//! let data = images.dataset()?;
//! assert_eq!(data.train.features[[0, 0]], -1.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What files say of themselves is not trusted: every fault is an [`ImageError`] that names file, array and reason.

mod choice;
mod error;
mod grid;
mod pixels;
mod resize;
mod roles;

pub use error::{Fault, ImageError};
pub use resize::Resize;

use crate::dataset::{Dataset, Given, OwnError, own};
use crate::features::FeatureFile;
use choice::Choice;
pub use choice::ENOUGH;
use grid::Grid;
use roles::{Pair, Roles};
use serde::{Deserialize, Serialize};

/// The side of small images, that of the paper's code.
pub const SMALL: usize = 10;
/// The longest side of images that stay as large as they are.
pub const MOST_SIDE: usize = 32;
/// Most training points of a class that can be asked for.
pub const MOST_PER_CLASS: usize = 10_000;
/// Most classes: as many as the pictures show.
const MOST_CLASSES: usize = crate::collapse::MOST_PICTURED;
/// Most bytes of all images that are kept, one a pixel: each worker needs eight times as much.
const MOST_BYTES: usize = 16_000_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wanted {
    /// The side that images are resized to; None leaves them as they are, up to 32.
    pub side: Option<usize>,
    /// Training points of each class, and as many test points; a class that has fewer gives all it has.
    pub per_class: usize,
    /// Seed of the choice.
    pub seed: u32,
}

/// Labelled grey images, ready to be trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Images {
    /// Images are `side` x `side`.
    pub side: usize,
    /// The label of each class, ascending, as text `[K]`.
    pub class_names: Vec<String>,
    /// Those trained on.
    pub train: Part,
    /// Those held out, if there are any.
    pub test: Option<Part>,
    /// Where they come from.
    pub origin: Origin,
}

/// Images and their classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// `[n x side x side]`, row-major, 0 black to 255 white.
    #[serde(with = "serde_bytes")]
    pub pixels: Vec<u8>,
    /// The class of each image `[n]`, 0 .. K.
    #[serde(with = "serde_bytes")]
    pub labels: Vec<u8>,
}

/// Where images come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The files' names, cleaned: to be shown as text.
    pub files: Vec<String>,
    /// Images in the training array.
    pub count: usize,
    /// Pixels from top to bottom, before anything was done to them.
    pub rows: usize,
    /// Pixels from left to right.
    pub columns: usize,
    /// Whether they had colours.
    pub colour: bool,
    /// Whether the test points are held out of the training array, because the files have none.
    pub held_out: bool,
    /// The class that the training array has fewest images of.
    pub smallest: usize,
    /// How many it has.
    pub least: usize,
    /// What was asked for.
    pub wanted: Wanted,
}

impl Images {
    /// Reads files that belong together: an array of images and one of labels, and the same for testing. Which is which their shapes and
    /// names say; where only one part is there the test points are held out of it, if ten of each class are left. The same files and the
    /// same wishes always give the same images.
    ///
    /// Colour becomes grey as in Pillow's "L" (ITU-R 601-2), what is not square is cut to its middle square, as after torchvision's Resize,
    /// and resizing is Pillow's bilinear.
    ///
    /// # Errors
    /// If there are no images or no labels, or several could be; if they do not belong together, cannot be read, or are more than memory is
    /// planned for.
    pub fn read(files: &mut [FeatureFile], wanted: &Wanted) -> Result<Self, ImageError> {
        let roles = Roles::find(files)?;
        let train = Labelled::read(files, &roles.train)?;
        let test = roles.test.map(|pair| Labelled::read(files, &pair)?.among(files, &train.values)).transpose()?;
        if let Some(test) = test.as_ref().filter(|test| (test.grid.rows, test.grid.columns) != (train.grid.rows, train.grid.columns)) {
            let fault = Fault::Sizes { test: test.grid.size(), train: train.grid.size() };
            return Err(ImageError::at(files, test.pair.images, fault));
        }
        let side = match wanted.side {
            Some(side) => side,
            None if train.grid.square() > MOST_SIDE => {
                return Err(ImageError::at(files, train.pair.images, Fault::TooLarge { size: train.grid.size() }));
            }
            None => train.grid.square(),
        };
        let choice = Choice::of(&train.classes, test.as_ref().map(|test| &test.classes[..]), train.values.len(), wanted);
        let bytes = (choice.train.len() + choice.test.len()) * side * side;
        if bytes > MOST_BYTES {
            return Err(ImageError::at(files, train.pair.images, Fault::Memory { bytes, most: MOST_BYTES }));
        }
        let origin = Origin {
            files: files.iter().map(|file| file.name().to_owned()).collect(),
            count: train.classes.len(),
            rows: train.grid.rows,
            columns: train.grid.columns,
            colour: train.grid.channels > 1,
            held_out: choice.held_out,
            smallest: choice.smallest.0,
            least: choice.smallest.1,
            wanted: *wanted,
        };
        let (trained, held) = (&choice.train[..], &choice.test[..]);
        let [train_part, test_part] = match &test {
            Some(test) => {
                let [[trained], [held]] = [train.take(files, [trained], side)?, test.take(files, [held], side)?];
                [trained, held]
            }
            // Both come from one array, which is read once.
            None => train.take(files, [trained, held], side)?,
        };
        let test = (!test_part.labels.is_empty()).then_some(test_part);
        Ok(Self { side, class_names: train.values.iter().map(i64::to_string).collect(), train: train_part, test, origin })
    }

    /// As points to train on: pixels become (x / 255 - 0.5) / 0.5, so -1 to 1, as in the bundled data.
    ///
    /// # Errors
    /// If the fields do not fit each other, which those that [`Self::read`] made do.
    pub fn dataset(&self) -> Result<Dataset, OwnError> {
        let given = |part: &Part| Given {
            features: part.pixels.iter().map(|&pixel| (f32::from(pixel) / 255.0 - 0.5) / 0.5).collect(),
            labels: part.labels.iter().map(|&label| label.into()).collect(),
        };
        let data = own(self.class_names.len(), self.side * self.side, given(&self.train), self.test.as_ref().map(given))?;
        Ok(Dataset { class_names: self.class_names.clone(), ..data })
    }

    /// The mean training image of each class at 10 x 10, a byte a pixel `[K x 10 x 10]`: what stands beside its name.
    pub fn pictures(&self) -> Vec<u8> {
        let length = self.side * self.side;
        let mut sums = vec![0_u32; self.class_names.len() * length];
        let mut counts = vec![0_u32; self.class_names.len()];
        for (image, &label) in self.train.pixels.chunks_exact(length).zip(&self.train.labels) {
            let Some(sums) = sums.get_mut(usize::from(label) * length..).and_then(|sums| sums.get_mut(..length)) else { continue };
            sums.iter_mut().zip(image).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
            counts[usize::from(label)] += 1;
        }
        let resize = Resize::new(self.side, SMALL);
        let mean = |(sums, &count): (&[u32], &u32)| -> Vec<u8> {
            resize.apply(&sums.iter().map(|sum| (sum / count.max(1)) as u8).collect::<Vec<_>>())
        };
        sums.chunks_exact(length).zip(&counts).flat_map(mean).collect()
    }
}

/// An array of images and its labels, which have been read.
struct Labelled {
    pair: Pair,
    grid: Grid,
    /// The different labels, ascending.
    values: Vec<i64>,
    /// The class of each image; of the test part, those of the training part's labels.
    classes: Vec<u16>,
}
