//! Separation and collapse of the layers of files, layer by layer.

use super::error::{Fault, FeatureError};
use super::file::FeatureFile;
use super::labels::Labels;
use super::selection::{Place, Selection};
use crate::collapse::{LayerCollapse, LayerSums, MOST_PICTURED, Simplex, sample_size};
use crate::separation::{Between, Cast, ClassSums, Feature, Fuzziness, Law, Scatter, Whitened, fit_law};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Most numbers of the class means of a layer, K d: with what is made of them they take 200 MB.
const MOST_OF_MEANS: usize = 4_000_000;
/// Copies of the class means that are held at most, in float64.
const COPIES: usize = 6;
/// Numbers of a layer that are read, and products of points that are formed, in one go: 4 MB in float32.
const CHUNK: usize = 1 << 20;

/// How much memory an analysis may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a layer's rows and class means that are held, beside some 30 MB and 4 bytes a point. A layer that takes more is read twice,
    /// in chunks.
    pub memory: usize,
}

impl Default for Limits {
    /// 256 MB.
    fn default() -> Self {
        Self { memory: 256_000_000 }
    }
}

/// How far an analysis is.
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// What was found in a layer. Never NaN: what is undefined is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerAnalysis {
    /// Name of the file, as text.
    pub file: String,
    /// Name of the array, as text.
    pub array: String,
    /// Numbers a point d.
    pub columns: usize,
    /// Separation fuzziness D.
    pub fuzziness: Option<f64>,
    /// D_k `[K]`.
    pub per_class: Vec<Option<f64>>,
    /// Rank of the between-class scatter; 0 where D is undefined.
    pub rank: usize,
    /// NC1, Tr(Sw Sb^+).
    pub nc1: Option<f64>,
    /// NC2: spread of the lengths of the class means around their mean.
    pub equinorm: Option<f64>,
    /// NC2: deviation of the angles between the class means.
    pub angles: Option<f64>,
    /// Share of points nearest to their own class's mean.
    pub ncc_accuracy: Option<f64>,
    /// Why something is undefined.
    pub undefined: Option<String>,
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
        let mut layers = Vec::with_capacity(selection.layers.len());
        for (index, &place) in selection.layers.iter().enumerate() {
            let mut pass = Pass {
                labels: &labels,
                cast: cast.as_ref(),
                limits,
                progress: Progress { layer: index, layers: selection.layers.len(), done: 0.0 },
            };
            let (layer, pictured) = pass.layer(file(files, place)?, place.array, selection, pace).await?;
            if let (Some(simplex), Some(cast)) = (&mut simplex, &cast) {
                simplex.push(&cast.alone(), pictured.as_ref(), None);
            }
            layers.push(layer);
        }
        let fuzziness: Vec<_> = layers.iter().map(|layer| layer.fuzziness).collect();
        let Labels { values, classes, counts } = labels;
        Ok(Self { points: classes.len(), classes: values, counts, layers, law: fit_law(&fuzziness), simplex })
    }

    /// The law's fit over chosen layers, such as the outputs of blocks, which count 0, 1, 2 and so on; `layers` of the fit are positions in
    /// `chosen`. None with fewer than 3 usable ones.
    pub fn fit(&self, chosen: &[usize]) -> Option<Law> {
        fit_law(&chosen.iter().map(|&layer| self.layers.get(layer)?.fuzziness).collect::<Vec<_>>())
    }
}

fn file(files: &mut [FeatureFile], place: Place) -> Result<&mut FeatureFile, FeatureError> {
    files.get_mut(place.file).ok_or_else(|| Fault::NoSuchArray.of(&format!("file {}", place.file), None))
}

/// The work on a layer.
struct Pass<'a> {
    labels: &'a Labels,
    cast: Option<&'a Cast>,
    limits: Limits,
    progress: Progress,
}

/// What is held of a layer.
struct Shape {
    columns: usize,
    /// Points that are read in one go.
    read: usize,
    /// Points that are worked on in one go.
    work: usize,
    /// Whether the rows are held, so that the file is read once.
    held: bool,
}

impl Pass<'_> {
    /// What is found in an array, and its points for the picture, if it has one.
    async fn layer(
        &mut self,
        file: &mut FeatureFile,
        array: usize,
        selection: &Selection,
        pace: &mut impl AsyncFnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(LayerAnalysis, Option<Whitened>), FeatureError> {
        let shape = self.shape(file, array, selection).map_err(|fault| file.error(array, fault))?;
        let (points, classes) = (self.labels.classes.len(), self.labels.values.len());

        // The class means.
        let mut rows = Vec::new();
        let mut sums: Option<ClassSums> = None;
        let mut reader = file.rows(array, selection.spatial)?;
        let mut at = 0;
        while at < points {
            if !shape.held {
                rows.clear();
            }
            let before = rows.len();
            if shape.held && before == 0 {
                let room = points * shape.columns;
                let reserved = rows.try_reserve_exact(room);
                reserved.map_err(|_| reader.error(Fault::Memory(4 * room as u64)))?;
            }
            let count = reader.next(shape.read, &mut rows)?;
            let new = &rows[before..];
            let sums = sums.get_or_insert_with(|| ClassSums::new(classes, &new[..shape.columns]));
            sums.add(new, &self.labels.classes[at..at + count]);
            at += count;
            self.progress.done = at as f64 / points as f64 / 2.0;
            if pace(self.progress).await.is_break() {
                return Err(reader.error(Fault::Cancelled));
            }
        }
        let means = sums.map_or_else(Vec::new, |sums| sums.means(&self.labels.counts));
        let mut found = LayerAnalysis {
            file: file.name().to_owned(),
            array: file.arrays()[array].name.clone(),
            columns: shape.columns,
            fuzziness: None,
            per_class: vec![None; classes],
            rank: 0,
            nc1: None,
            equinorm: None,
            angles: None,
            ncc_accuracy: None,
            undefined: None,
        };
        let between = match Between::of_means(&self.labels.classes, classes, &means) {
            Ok(between) => between,
            Err(error) => {
                found.undefined = Some(error.to_string());
                return Ok((found, None));
            }
        };
        drop(means);

        // The scatter within the classes.
        let centers = between.centers();
        let frame = Whitened::of(between, Vec::new());
        let rank = frame.between().rank();
        let mut scatter = Scatter::new(frame.between());
        let mut collapse = LayerSums::new(&frame);
        let mut pictured = Pictured::new(self.cast, rank);
        let mut reader = if shape.held { None } else { Some(file.rows(array, selection.spatial)?) };
        let mut at = 0;
        while at < points {
            if let Some(reader) = &mut reader {
                rows.clear();
                reader.next(shape.read, &mut rows)?;
            }
            for part in rows.chunks(shape.work * shape.columns) {
                let labels = &self.labels.classes[at..][..part.len() / shape.columns];
                let deviations = f32::project(part, labels, &centers, frame.between().projection(), shape.columns);
                scatter.add(&deviations, rank, labels);
                if let Ok(collapse) = &mut collapse {
                    collapse.add(&deviations, labels);
                }
                pictured.add(at, &deviations);
                at += labels.len();
                self.progress.done = 0.5 + at as f64 / points as f64 / 2.0;
                if pace(self.progress).await.is_break() {
                    drop(reader);
                    return Err(file.error(array, Fault::Cancelled));
                }
            }
        }
        let fuzziness = match scatter.fuzziness(frame.between()) {
            Ok(Fuzziness { total, per_class, rank }) => {
                (found.fuzziness, found.per_class, found.rank) = (Some(total), per_class, rank);
                true
            }
            Err(error) => {
                found.undefined = Some(error.to_string());
                false
            }
        };
        match collapse.and_then(|collapse| collapse.measures()) {
            Ok(LayerCollapse { nc1, means, ncc_accuracy }) if fuzziness => {
                (found.nc1, found.ncc_accuracy) = (Some(nc1), Some(ncc_accuracy));
                (found.equinorm, found.angles) = (Some(means.equinorm), Some(means.angles));
            }
            Err(error) if fuzziness => found.undefined = Some(error.to_string()),
            _ => {}
        }
        let picture = self.cast.filter(|_| fuzziness).map(|cast| frame.with_points(cast.labels(), pictured.deviations));
        Ok((found, picture))
    }

    /// How a layer is read.
    fn shape(&self, file: &FeatureFile, array: usize, selection: &Selection) -> Result<Shape, Fault> {
        let of = file.arrays().get(array).ok_or(Fault::NoSuchArray)?;
        let layout = of.layout(selection.spatial)?;
        let (points, classes) = (self.labels.classes.len(), self.labels.values.len());
        if layout.points != points {
            return Err(Fault::FirstAxis { has: layout.points, labels: points });
        }
        let columns = layout.columns;
        let most = MOST_OF_MEANS / classes;
        if columns > most {
            return Err(Fault::Columns { columns, classes, most });
        }
        // Averaging an array in Fortran order adds up in float64.
        let number = if of.fortran && layout.averaged > 1 { 12 } else { 4 };
        let bytes = points as u64 * columns as u64 * number;
        let means = (COPIES * 8 * columns * classes) as u64;
        let most = (self.limits.memory as u64).saturating_sub(means);
        let held = bytes <= most;
        if !held && of.fortran && of.place.deflated {
            return Err(Fault::FortranDeflated { bytes, most });
        }
        // Columns of a part of a Fortran array are found one by one: the larger the part, the fewer.
        let numbers = if of.fortran { (most / number).max(CHUNK as u64) as usize } else { CHUNK };
        let work = (CHUNK / columns).min(CHUNK / (3 * classes)).max(1);
        Ok(Shape { columns, read: (numbers / columns).max(1), work, held })
    }
}

/// The points of the picture, as they come by.
struct Pictured {
    /// Rows, ascending, and where in the cast each is.
    rows: Vec<(u32, u32)>,
    /// The next of them.
    next: usize,
    rank: usize,
    /// P (x - m_k) in the cast's order.
    deviations: Vec<f64>,
}

impl Pictured {
    fn new(cast: Option<&Cast>, rank: usize) -> Self {
        let mut rows: Vec<(u32, u32)> = cast.map_or_else(Vec::new, |cast| cast.rows().iter().copied().zip(0..).collect());
        rows.sort_unstable();
        Self { deviations: vec![0.0; rows.len() * rank], rows, next: 0, rank }
    }

    /// Takes what it needs of the deviations of the points from row `from` on.
    fn add(&mut self, from: usize, deviations: &[f64]) {
        while let Some(&(row, slot)) = self.rows.get(self.next) {
            let Some(deviation) = deviations.get((row as usize - from) * self.rank..).and_then(|rest| rest.get(..self.rank)) else {
                return;
            };
            self.deviations[slot as usize * self.rank..][..self.rank].copy_from_slice(deviation);
            self.next += 1;
        }
    }
}
