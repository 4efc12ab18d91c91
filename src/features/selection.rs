//! Which arrays are the labels and the layers.

use super::array::{Array, Spatial};
use super::error::{Fault, FeatureError};
use super::file::{FeatureFile, Ignored};

/// Names of labels, the likeliest first; capitals do not matter.
const NAMES: [&str; 7] = ["labels", "label", "y", "targets", "target", "classes", "class"];

/// An array of one of several files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Which file, from 0.
    pub file: usize,
    /// Which of its arrays, from 0.
    pub array: usize,
}

/// Which arrays are the labels and the layers. The fields may be changed: layers in another order, or fewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The labels.
    pub labels: Place,
    /// The layers, the input first.
    pub layers: Vec<Place>,
    /// What becomes of the axes after the first two, or of the middle one of three.
    pub spatial: Spatial,
    /// What is neither, and why.
    pub ignored: Vec<Ignored>,
}

impl Selection {
    /// Of files in their order. The labels are those given; otherwise the array called `labels`; without that one of a usual name; without
    /// such the only array of one integer a point that is as long as another array's first axis. All other arrays of numbers with that first axis and 2 to 4
    /// dimensions are layers, in the files' order.
    ///
    /// # Errors
    /// If there are no labels, or several arrays could be, or there is no layer.
    pub fn find(files: &[FeatureFile], labels: Option<Place>, spatial: Spatial) -> Result<Self, FeatureError> {
        let all = arrays(files);
        // The file, where there is one alone.
        let names: Vec<&str> = files.iter().map(FeatureFile::name).collect();
        let whole = |fault: Fault| fault.of(&names.join(", "), None);
        let labels = match labels {
            Some(place) => place,
            None => find_labels(&all).map_err(whole)?,
        };
        let there = all.iter().find(|(place, _)| *place == labels);
        let of_labels = there.ok_or_else(|| whole(Fault::NoSuchArray))?.1;
        if !of_labels.is_labels() {
            let fault = Fault::NotLabels { dtype: of_labels.dtype.clone(), shape: super::error::shown(&of_labels.shape) };
            return Err(files[labels.file].error(labels.array, fault));
        }
        let points = of_labels.shape[0];
        let mut selection = Self { labels, layers: Vec::new(), spatial, ignored: Vec::new() };
        for (place, array) in all {
            if place == labels {
                continue;
            }
            match array.layout(spatial) {
                Ok(layout) if layout.points == points => selection.layers.push(place),
                other => {
                    let reason = other.map_or_else(|fault| fault, |layout| Fault::FirstAxis { has: layout.points, labels: points });
                    selection.ignored.push(Ignored { file: names[place.file].to_owned(), array: array.name.clone(), reason });
                }
            }
        }
        files.iter().for_each(|file| selection.ignored.extend_from_slice(file.ignored()));
        if !selection.layers.is_empty() {
            return Ok(selection);
        }
        // The reason of the only other array says more than that there is none.
        match &selection.ignored[..] {
            [only] => Err(only.reason.clone().of(&only.file, Some(&only.array))),
            _ => Err(whole(Fault::NoLayers)),
        }
    }
}

/// The arrays that may be chosen as labels: those of one integer a point.
pub fn possible_labels(files: &[FeatureFile]) -> Vec<Place> {
    arrays(files).into_iter().filter(|(_, array)| array.is_labels()).map(|(place, _)| place).collect()
}

/// All arrays, in the files' order.
fn arrays(files: &[FeatureFile]) -> Vec<(Place, &Array)> {
    let of = |(file, of)| FeatureFile::arrays(of).iter().enumerate().map(move |(array, of)| (Place { file, array }, of));
    files.iter().enumerate().flat_map(of).collect()
}

fn find_labels(all: &[(Place, &Array)]) -> Result<Place, Fault> {
    let named = |name: &&str| all.iter().find(|(_, array)| array.name.eq_ignore_ascii_case(name));
    if let Some((place, _)) = NAMES.iter().find_map(named) {
        return Ok(*place);
    }
    let layer = |points: usize| all.iter().any(|(_, array)| array.layout(Spatial::Flatten).is_ok_and(|layout| layout.points == points));
    let possible: Vec<_> = all.iter().filter(|(_, array)| array.is_labels() && array.shape.len() == 1 && layer(array.shape[0])).collect();
    match possible[..] {
        [] => Err(Fault::NoLabels),
        [(place, _)] => Ok(*place),
        _ => Err(Fault::ManyLabels(possible.iter().map(|(_, array)| &array.name[..]).collect::<Vec<_>>().join(", "))),
    }
}
