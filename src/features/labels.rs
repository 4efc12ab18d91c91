//! The labels of a file of features.

use super::error::{Fault, FeatureError, shown};
use super::file::FeatureFile;
use super::stream::Stream;
use crate::separation::MOST_CLASSES;
use std::io::Read;

/// Most points that are accepted: what is held of each then takes 60 MB.
const MOST_POINTS: usize = 10_000_000;
/// Labels that are read in one go.
const BLOCK: usize = 1 << 14;

/// The labels of the points of a file, whatever integers they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// The different labels, ascending `[K]`: class k is those with `values[k]`.
    pub values: Vec<i64>,
    /// The class of each point `[n]`, 0 .. K.
    pub classes: Vec<u16>,
    /// Number of points of each class `[K]`.
    pub counts: Vec<usize>,
}

impl Labels {
    /// Of the labels of points in memory.
    ///
    /// # Errors
    /// If there are more points than 10,000,000, fewer than two different labels, or more than
    /// [`MOST_CLASSES`](crate::separation::MOST_CLASSES).
    pub fn new(labels: impl IntoIterator<Item = i64>) -> Result<Self, Fault> {
        let mut values = Vec::new();
        let found = labels.into_iter().map(|label| class(&mut values, label)).collect::<Result<Vec<_>, _>>()?;
        few(found.len())?;
        Self::compact(values, found)
    }

    /// Classes in the order of their labels, from classes in the order in which they came.
    fn compact(values: Vec<(i64, u16)>, mut found: Vec<u16>) -> Result<Self, Fault> {
        match values[..] {
            [] => return Err(Fault::NoNumbers("(0,)".to_owned())),
            [(only, _)] => return Err(Fault::OneClass(only)),
            _ => {}
        }
        let mut order = vec![0; values.len()];
        (0..).zip(&values).for_each(|(class, (_, came))| order[usize::from(*came)] = class);
        let mut counts = vec![0; values.len()];
        for class in &mut found {
            *class = order[usize::from(*class)];
            counts[usize::from(*class)] += 1;
        }
        Ok(Self { values: values.into_iter().map(|(value, _)| value).collect(), classes: found, counts })
    }
}

impl FeatureFile {
    /// Reads an array as labels.
    ///
    /// # Errors
    /// If it has other than one integer a point, fewer than two different ones or more than
    /// [`MOST_CLASSES`](crate::separation::MOST_CLASSES), or is cut off.
    pub fn labels(&mut self, array: usize) -> Result<Labels, FeatureError> {
        self.read_labels(array).map_err(|fault| self.error(array, fault))
    }

    fn read_labels(&mut self, at: usize) -> Result<Labels, Fault> {
        if at >= self.arrays().len() {
            return Err(Fault::NoSuchArray);
        }
        let (array, _, file) = self.split(at);
        let element = array.element.clone()?;
        if !array.is_labels() {
            return Err(Fault::NotLabels { dtype: array.dtype.clone(), shape: shown(&array.shape) });
        }
        let points = array.shape[0];
        few(points)?;
        let mut stream = Stream::open(file, &array.place)?;
        std::io::copy(&mut (&mut stream).take(array.place.header), &mut std::io::sink())?;
        let (mut values, mut found) = (Vec::new(), Vec::new());
        let (mut bytes, mut block) = (vec![0; BLOCK * element.size()], Vec::new());
        while found.len() < points {
            let count = BLOCK.min(points - found.len());
            let bytes = &mut bytes[..count * element.size()];
            stream.read_exact(bytes)?;
            block.clear();
            element.labels(bytes, &mut block).map_err(|index| Fault::LabelTooLarge(found.len() + index))?;
            for &label in &block {
                found.push(class(&mut values, label)?);
            }
        }
        stream.end(array.bytes)?;
        Labels::compact(values, found)
    }
}

/// Whether memory is planned for so many points.
fn few(points: usize) -> Result<(), Fault> {
    if points > MOST_POINTS { Err(Fault::Points { has: points, most: MOST_POINTS }) } else { Ok(()) }
}

/// The class of a label, by when it first came; `values` are the labels so far, ascending.
fn class(values: &mut Vec<(i64, u16)>, label: i64) -> Result<u16, Fault> {
    match values.binary_search_by_key(&label, |&(value, _)| value) {
        Ok(at) => Ok(values[at].1),
        Err(_) if values.len() == MOST_CLASSES => Err(Fault::Classes),
        Err(at) => {
            let class = values.len() as u16;
            values.insert(at, (label, class));
            Ok(class)
        }
    }
}
