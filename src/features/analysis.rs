//! Separation and collapse of the layers of files, layer by layer.

use super::array::Spatial;
use super::error::{Fault, FeatureError};
use super::file::FeatureFile;
use super::labels::Labels;
use super::layer::{CHUNK, LayerMeasures, Source, fits, measure};
use super::selection::{Place, Selection};
use crate::collapse::{MOST_PICTURED, Simplex, sample_size};
use crate::separation::{Cast, Law, fit_law};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Copies of the class means that are held at most, in float64.
const COPIES: usize = 6;

/// How much memory an analysis may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a layer's rows and class means that are held, beside some 30 MB and 4 bytes a point. A layer that takes more is read twice,
    /// in chunks.
    pub memory: usize,
}

impl Default for Limits {
    /// 242 MB, so that in a browser all of an analysis stays below 300 MB: a layer of 60000 points and 1000 features is read once.
    fn default() -> Self {
        Self { memory: 242_000_000 }
    }
}

/// How far an analysis is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// The layer that is at work, from 0.
    pub layer: usize,
    /// Number of layers.
    pub layers: usize,
    /// Share of that layer's work that is done, 0 to 1.
    pub done: f64,
}

/// What was found in files of features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// Number of points n.
    pub points: usize,
    /// The label of each class, ascending `[K]`.
    pub classes: Vec<i64>,
    /// Number of points of each class `[K]`.
    pub counts: Vec<usize>,
    /// The layers, the input first.
    pub layers: Vec<LayerAnalysis>,
    /// The fit of ln D on the layers; null with fewer than 3 usable ones.
    pub law: Option<Law>,
    /// Means and some points of each layer; null with more than 100 classes.
    pub simplex: Option<Simplex>,
}

/// What was found in a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerAnalysis {
    /// Name of the file, as text.
    pub file: String,
    /// Name of the array, as text.
    pub array: String,
    /// What was measured.
    pub measures: LayerMeasures,
}

impl Analysis {
    /// Of the selected arrays of `files`. Between pieces of work of some milliseconds `pace` hears how far it is, may await something, and
    /// says whether to go on. A layer whose D is undefined does not end it.
    ///
    /// # Errors
    /// If a file cannot be read or does not hold what it promises, labels or layers are not accepted (see [`Fault`]), or `pace` breaks.
    pub async fn of(
        files: &mut [FeatureFile],
        selection: &Selection,
        limits: Limits,
        pace: &mut impl AsyncFnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self, FeatureError> {
        let labels = file(files, selection.labels)?.labels(selection.labels.array)?;
        let classes = labels.values.len();
        let ring = Vec::from_iter(0..classes as u16);
        let pictured = classes <= MOST_PICTURED;
        let cast = pictured.then(|| Cast::of_most(&labels.classes, &ring, sample_size(classes, selection.layers.len())));
        let mut simplex = cast.as_ref().map(Simplex::new);
        let shape = |&place: &Place| {
            let file = file(files, place)?;
            Shape::new(file, place.array, selection.spatial, &labels, limits).map_err(|fault| file.error(place.array, fault))
        };
        let shapes = selection.layers.iter().map(shape).collect::<Result<Vec<_>, _>>()?;
        // One room for every layer: what one gives back is not always in one piece when the next asks for it.
        let (room, mut rows) = (shapes.iter().map(Shape::room).max().unwrap_or_default(), Vec::new());
        let mut layers = Vec::with_capacity(selection.layers.len());
        for (index, (&place, shape)) in selection.layers.iter().zip(shapes).enumerate() {
            let file = file(files, place)?;
            rows.clear();
            let mut source = FileLayer { file, array: place.array, spatial: selection.spatial, shape, room, rows: &mut rows };
            let progress = |done| Progress { layer: index, layers: selection.layers.len(), done };
            let found = measure(&mut source, &labels, cast.as_ref(), &mut async |done| pace(progress(done)).await).await;
            let (measures, pictured) = found.map_err(|fault| file.error(place.array, fault))?;
            if let (Some(simplex), Some(cast)) = (&mut simplex, &cast) {
                simplex.push(&cast.alone(), pictured.as_ref(), None);
            }
            layers.push(LayerAnalysis { file: file.name().to_owned(), array: file.arrays()[place.array].name.clone(), measures });
        }
        let fuzziness: Vec<_> = layers.iter().map(|layer| layer.measures.fuzziness).collect();
        let Labels { values, classes, counts } = labels;
        Ok(Self { points: classes.len(), classes: values, counts, layers, law: fit_law(&fuzziness), simplex })
    }
}

fn file(files: &mut [FeatureFile], place: Place) -> Result<&mut FeatureFile, FeatureError> {
    files.get_mut(place.file).ok_or_else(|| Fault::NoSuchArray.of(&format!("file {}", place.file), None))
}

/// How an array is read.
struct Shape {
    points: usize,
    columns: usize,
    /// Points that are read in one go.
    step: usize,
    /// Whether the rows are held, so that the file is read once.
    held: bool,
}

impl Shape {
    fn new(file: &FeatureFile, array: usize, spatial: Spatial, labels: &Labels, limits: Limits) -> Result<Self, Fault> {
        let of = file.arrays().get(array).ok_or(Fault::NoSuchArray)?;
        let layout = of.layout(spatial)?;
        let (points, columns) = (layout.points, layout.columns);
        fits(points, columns, labels)?;
        // Averaging an array in Fortran order adds up in float64.
        let number = if of.fortran && layout.averaged > 1 { 12 } else { 4 };
        let bytes = points as u64 * columns as u64 * number;
        let means = (COPIES * 8 * columns * labels.values.len()) as u64;
        let most = (limits.memory as u64).saturating_sub(means);
        let held = bytes <= most;
        if !held && of.fortran && of.place.deflated {
            return Err(Fault::FortranDeflated { bytes, most });
        }
        // Columns of a part of a Fortran array are found one by one: the larger the part, the fewer.
        let numbers = if of.fortran { (most / number).max(CHUNK as u64) as usize } else { CHUNK };
        Ok(Self { points, columns, step: (numbers / columns).max(1), held })
    }

    /// Numbers that are held.
    fn room(&self) -> usize {
        if self.held { self.points * self.columns } else { 0 }
    }
}

/// A layer in a file.
struct FileLayer<'a> {
    file: &'a mut FeatureFile,
    array: usize,
    spatial: Spatial,
    shape: Shape,
    /// Numbers that `rows` has room for.
    room: usize,
    /// Those that are held, or the last part; none before the first.
    rows: &'a mut Vec<f32>,
}

impl Source for FileLayer<'_> {
    type Number = f32;

    fn columns(&self) -> usize {
        self.shape.columns
    }

    async fn each(&mut self, part: &mut impl AsyncFnMut(&[f32]) -> Result<(), Fault>) -> Result<(), Fault> {
        let Shape { points, step, held, .. } = self.shape;
        if held && !self.rows.is_empty() {
            return part(self.rows).await;
        }
        self.rows.try_reserve_exact(self.room).map_err(|_| Fault::Memory(4 * self.room as u64))?;
        let mut reader = self.file.rows(self.array, self.spatial).map_err(|error| error.fault)?;
        let mut at = 0;
        while at < points {
            if !held {
                self.rows.clear();
            }
            let before = self.rows.len();
            at += reader.next(step, self.rows).map_err(|error| error.fault)?;
            part(&self.rows[before..]).await?;
        }
        Ok(())
    }
}
