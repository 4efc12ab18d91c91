//! The pixels and labels of an array, read once from its first image to its last.

use super::error::{Fault, ImageError};
use super::grid::Grid;
use super::resize::Resize;
use super::roles::Pair;
use super::{Labelled, MOST_CLASSES, Part};
use crate::features::{self, FeatureFile, Labels, Spatial};

/// Numbers that are read in one go: 4 MB. A part of an array in Fortran order is found number by number: the larger, the fewer.
const CHUNK: usize = 1 << 20;
const FORTRAN_CHUNK: usize = 1 << 24;
/// Most numbers of an array that can only be had whole: 256 MB.
const MOST_WHOLE: usize = 1 << 26;

impl Labelled {
    /// Reads the labels, and what the images look like.
    ///
    /// # Errors
    /// If the labels cannot be read or are of too many classes, or the images are of no size that is accepted.
    pub(super) fn read(files: &mut [FeatureFile], pair: &Pair) -> Result<Self, ImageError> {
        let Labels { values, classes, .. } = files[pair.labels.file].labels(pair.labels.array)?;
        if values.len() > MOST_CLASSES {
            return Err(ImageError::at(files, pair.labels, Fault::Classes(values.len())));
        }
        let array = &files[pair.images.file].arrays()[pair.images.array];
        let grid = Grid::of(&array.shape).ok_or_else(|| ImageError::at(files, pair.images, Fault::NoImages))?;
        if !grid.accepted() {
            return Err(ImageError::at(files, pair.images, Fault::Side(grid.size())));
        }
        let numbers = array.shape.iter().product::<usize>();
        if array.fortran && numbers > MOST_WHOLE && files[pair.images.file].rows(pair.images.array, Spatial::Flatten)?.only_whole() {
            let [bytes, most] = [numbers, MOST_WHOLE].map(|numbers| 4 * numbers as u64);
            return Err(ImageError::at(files, pair.images, features::Fault::FortranDeflated { bytes, most }));
        }
        Ok(Self { pair: *pair, grid, values, classes })
    }

    /// The classes of these labels among those `trained` on.
    ///
    /// # Errors
    /// If a label is not among them.
    pub(super) fn among(self, files: &[FeatureFile], trained: &[i64]) -> Result<Self, ImageError> {
        let class = |value: &i64| trained.binary_search(value).map(|class| class as u16);
        let classes = self.values.iter().map(|value| class(value).map_err(|_| Fault::TestLabel(*value))).collect::<Result<Vec<_>, _>>();
        let classes = classes.map_err(|fault| ImageError::at(files, self.pair.labels, fault))?;
        Ok(Self { classes: self.classes.iter().map(|&class| classes[usize::from(class)]).collect(), values: trained.to_vec(), ..self })
    }

    /// The images at each of some `indices`, ascending, grey and `side` x `side`.
    ///
    /// # Errors
    /// If the array cannot be read to its end, or a value is no brightness.
    pub(super) fn take<const N: usize>(
        &self,
        files: &mut [FeatureFile],
        indices: [&[u32]; N],
        side: usize,
    ) -> Result<[Part; N], ImageError> {
        let white = self.white(files)?;
        let resize = Resize::new(self.grid.square(), side);
        let mut parts = [const { Part { pixels: Vec::new(), labels: Vec::new() } }; N];
        let mut next = [0; N];
        self.each(files, |at, values| {
            let wants = |(indices, next): (&&[u32], &usize)| indices.get(*next) == Some(&(at as u32));
            if !indices.iter().zip(&next).any(wants) {
                return brightness(at, values).map(|()| true);
            }
            brightness(at, values)?;
            let image: Vec<u8> = values.iter().map(|value| (value * (255.0 / white) + 0.5) as u8).collect();
            let small = resize.apply(&self.grid.grey(&image));
            for ((part, indices), next) in parts.iter_mut().zip(indices).zip(&mut next) {
                if indices.get(*next) == Some(&(at as u32)) {
                    part.pixels.extend_from_slice(&small);
                    part.labels.push(self.classes[at] as u8);
                    *next += 1;
                }
            }
            Ok(true)
        })?;
        Ok(parts)
    }

    /// The value of white: 255, or 1 where no value is above that.
    fn white(&self, files: &mut [FeatureFile]) -> Result<f32, ImageError> {
        let mut white = 1.0;
        self.each(files, |_, values| {
            if values.iter().any(|value| *value > 1.0) {
                white = 255.0;
            }
            Ok(white == 1.0)
        })?;
        Ok(white)
    }

    /// Calls `action` with each image and its number, until it says that it has seen enough.
    fn each(&self, files: &mut [FeatureFile], mut action: impl FnMut(usize, &[f32]) -> Result<bool, Fault>) -> Result<(), ImageError> {
        let place = self.pair.images;
        let fortran = files[place.file].arrays()[place.array].fortran;
        let mut rows = files[place.file].rows(place.array, Spatial::Flatten)?;
        let columns = rows.layout().columns;
        let chunk = (if fortran { FORTRAN_CHUNK } else { CHUNK } / columns).max(1);
        let (mut at, mut values) = (0, Vec::new());
        let fault = loop {
            values.clear();
            let count = rows.next(chunk, &mut values)?;
            let mut images = values.chunks_exact(columns).zip(at..);
            match images.try_for_each(|(image, at)| match action(at, image) {
                Ok(true) => Ok(()),
                Ok(false) => Err(None),
                Err(fault) => Err(Some(fault)),
            }) {
                Ok(()) => {}
                Err(None) => return Ok(()),
                Err(Some(fault)) => break fault,
            }
            at += count;
            if count == 0 || at >= self.classes.len() {
                return Ok(());
            }
        };
        Err(ImageError::at(files, place, fault))
    }
}

/// Whether every value of an image is one.
fn brightness(image: usize, values: &[f32]) -> Result<(), Fault> {
    let odd = values.iter().find(|value| !(0.0..=255.0).contains(*value));
    odd.map_or(Ok(()), |&value| Err(Fault::Value { image, value }))
}
