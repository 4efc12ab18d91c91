//! Which arrays are images and which their labels, for training and for testing: by their shapes, and where that leaves several, by name.

use super::error::{Fault, ImageError};
use super::grid::Grid;
use crate::features::{self, Array, FeatureFile, Place, Spatial, shown};

/// Names of images and of labels, the likeliest first, without what says to which part they belong.
const IMAGES: [&str; 6] = ["images", "x", "image", "imgs", "data", "pixels"];
const LABELS: [&str; 7] = ["labels", "y", "label", "targets", "target", "classes", "class"];

/// Words in names that say which part something belongs to, a part a line.
const PARTS: [&[&str]; 3] = [&["train"], &["test", "t10k"], &["val"]];

/// An array of images and one of labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub images: Place,
    pub labels: Place,
}

/// Which arrays are what.
#[derive(Debug, PartialEq)]
pub(super) struct Roles {
    pub train: Pair,
    pub test: Option<Pair>,
}

/// An array, and the part that it belongs to: 0 for training, 1 for testing, 2 for validation.
struct Candidate<'a> {
    place: Place,
    array: &'a Array,
    part: usize,
}

impl Roles {
    /// Of files.
    ///
    /// # Errors
    /// If images or labels are missing, or several arrays could be them.
    pub fn find(files: &[FeatureFile]) -> Result<Self, ImageError> {
        let mut all: Vec<Candidate> = Vec::new();
        for (file, of) in files.iter().enumerate() {
            let of_file = part(of.name());
            for (at, array) in of.arrays().iter().enumerate() {
                let part = part(&array.name).or(of_file).unwrap_or(0);
                all.push(Candidate { place: Place { file, array: at }, array, part });
            }
        }
        let parts: Vec<usize> = (0..PARTS.len()).filter(|part| all.iter().any(|c| c.part == *part && c.has_images())).collect();
        let Some((&train, others)) = parts.split_first() else { return Err(no_images(files, &all)) };
        let pair = |part: usize| pair(files, &all, part);
        // Where there is no training part the only other one is trained on.
        Ok(Self { train: pair(train)?, test: others.first().map(|&part| pair(part)).transpose()? })
    }
}

impl Candidate<'_> {
    fn has_images(&self) -> bool {
        Grid::of(&self.array.shape).is_some() && self.array.layout(Spatial::Flatten).is_ok() && !self.array.is_labels()
    }

    /// Where its name stands in a list of them.
    fn named(&self, names: &[&str]) -> Option<usize> {
        let name = self.array.name.to_ascii_lowercase();
        let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
        names.iter().position(|name| words.clone().any(|word| word == *name)).filter(|_| words.next().is_some())
    }
}

/// The part that a name tells of.
fn part(name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    PARTS.iter().position(|words| words.iter().any(|word| name.contains(word)))
}

/// The images and labels of a part.
fn pair(files: &[FeatureFile], all: &[Candidate], part: usize) -> Result<Pair, ImageError> {
    let of_part = || all.iter().filter(|candidate| candidate.part == part);
    let images = one(files, of_part().filter(|candidate| candidate.has_images()).collect(), &IMAGES, "images")?;
    let count = images.array.shape[0];
    let labels: Vec<&Candidate> = of_part().filter(|candidate| candidate.array.is_labels()).collect();
    // Labels of another length are none of these images', unless there are no others.
    let fitting: Vec<&Candidate> = labels.iter().copied().filter(|labels| labels.array.shape[0] == count).collect();
    match (&labels[..], &fitting[..]) {
        ([], _) => Err(match of_part().find(|other| !other.has_images() && other.named(&LABELS).is_some()) {
            Some(other) => {
                let Array { dtype, shape, .. } = other.array;
                let fault = features::Fault::NotLabels { dtype: dtype.clone(), shape: shown(shape) };
                ImageError::at(files, other.place, fault)
            }
            None => ImageError::whole(files, features::Fault::NoLabels),
        }),
        ([first, ..], []) => Err(ImageError::at(files, images.place, Fault::Count { images: count, labels: first.array.shape[0] })),
        _ => Ok(Pair { images: images.place, labels: one(files, fitting, &LABELS, "labels")?.place }),
    }
}

/// The only one, or that with the likeliest name.
fn one<'a>(
    files: &[FeatureFile],
    among: Vec<&'a Candidate<'a>>,
    names: &[&str],
    what: &'static str,
) -> Result<&'a Candidate<'a>, ImageError> {
    let best = among.iter().filter_map(|candidate| candidate.named(names)).min();
    let likeliest: Vec<_> = among.iter().copied().filter(|candidate| best.is_none() || candidate.named(names) == best).collect();
    match likeliest[..] {
        [one] => Ok(one),
        _ => {
            let names: Vec<String> = among.iter().map(|c| format!("{} in {}", c.array.name, files[c.place.file].name())).collect();
            Err(ImageError::whole(files, Fault::Several(names.join(", "), what)))
        }
    }
}

/// Why the array that was probably meant has no images.
fn no_images(files: &[FeatureFile], all: &[Candidate]) -> ImageError {
    let mut others = all.iter().filter(|candidate| !candidate.array.is_labels());
    let named = others.clone().find(|candidate| candidate.named(&IMAGES).is_some());
    let Some(meant) = named.or_else(|| others.next()) else { return ImageError::whole(files, Fault::NoImages) };
    match meant.array.layout(Spatial::Flatten) {
        // Dimensions are told in images' words.
        Err(fault) if !matches!(fault, features::Fault::Dimensions(_)) => ImageError::at(files, meant.place, fault),
        _ => ImageError::at(files, meant.place, Fault::Shape(shown(&meant.array.shape))),
    }
}
