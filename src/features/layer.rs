//! Separation and collapse of one layer, whose rows come in parts, twice.

use super::error::{Fault, shown};
use super::labels::Labels;
use crate::collapse::{LayerCollapse, LayerSums};
use crate::separation::{Between, Cast, ClassSums, Feature, Fuzziness, Scatter, Whitened};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Most numbers of the class means of a layer, K d: with what is made of them they take 200 MB.
const MOST_OF_MEANS: usize = 4_000_000;
/// Numbers of a layer that are taken, and products of points that are formed, in one go: 4 MB in float32.
pub(super) const CHUNK: usize = 1 << 20;
/// Multiplications of points with class means in one go: some milliseconds.
const PRODUCTS: usize = 1 << 22;
/// Points that the projection takes together.
const LANES: usize = 16;

/// What is found in a layer. Never NaN: what is undefined is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerMeasures {
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

impl LayerMeasures {
    /// Of `features` `[n x d]` in memory. Between pieces of work of some milliseconds `pace` hears what share is done, 0 to 1, may await
    /// something, and says whether to go on.
    ///
    /// ```
    /// use ndarray::array;
    /// use separation_playground::features::{Labels, LayerMeasures};
    /// use std::ops::ControlFlow;
    ///
    /// // Means 0 and 4, every point 1 off its own; labels are any integers.
    /// let labels = Labels::new([7, 7, 9, 9])?;
    /// let features = array![[-1.0f32], [1.0], [3.0], [5.0]];
    /// let measures = pollster::block_on(LayerMeasures::of(features.view(), &labels, &mut async |_| ControlFlow::Continue(())))?;
    /// assert!((measures.fuzziness.unwrap() - 0.25).abs() < 1e-12 && measures.ncc_accuracy == Some(1.0));
    /// # Ok::<(), separation_playground::features::Fault>(())
    /// ```
    ///
    /// # Errors
    /// If there is other than one row a label, a number is not finite as float32, the class means are too large, or `pace` breaks.
    pub async fn of<T: Feature>(
        features: ArrayView2<'_, T>,
        labels: &Labels,
        pace: &mut impl AsyncFnMut(f64) -> ControlFlow<()>,
    ) -> Result<Self, Fault> {
        fits(features.nrows(), features.ncols(), labels)?;
        let rows = features.as_standard_layout();
        let mut source = Held { rows: rows.as_slice().expect("standard layout is contiguous"), columns: features.ncols(), checked: false };
        Ok(measure(&mut source, labels, None, pace).await?.0)
    }
}

/// Whether a layer of that shape can be measured.
///
/// # Errors
/// If there is other than one row a label, no column, or the class means are too large.
pub(super) fn fits(points: usize, columns: usize, labels: &Labels) -> Result<(), Fault> {
    if points != labels.classes.len() {
        return Err(Fault::FirstAxis { has: points, labels: labels.classes.len() });
    }
    if columns == 0 {
        return Err(Fault::NoNumbers(shown(&[points, columns])));
    }
    let classes = labels.values.len();
    let most = MOST_OF_MEANS / classes;
    if columns > most { Err(Fault::Columns { columns, classes, most }) } else { Ok(()) }
}

/// Where the rows of a layer come from.
pub(super) trait Source {
    /// What they are made of.
    type Number: Feature;

    /// Numbers a point d, at least 1.
    fn columns(&self) -> usize;

    /// Hands out all rows in order, some at a time, each of finite numbers; the first time and once more.
    async fn each(&mut self, part: &mut impl AsyncFnMut(&[Self::Number]) -> Result<(), Fault>) -> Result<(), Fault>;
}

/// A layer in memory.
struct Held<'a, T> {
    /// Row after row.
    rows: &'a [T],
    columns: usize,
    /// Whether all numbers are known to be finite.
    checked: bool,
}

impl<T: Feature> Source for Held<'_, T> {
    type Number = T;

    fn columns(&self) -> usize {
        self.columns
    }

    async fn each(&mut self, part: &mut impl AsyncFnMut(&[T]) -> Result<(), Fault>) -> Result<(), Fault> {
        let step = (CHUNK / self.columns).max(1);
        for (at, rows) in (0..).step_by(step).zip(self.rows.chunks(step * self.columns)) {
            if !self.checked {
                finite(rows, self.columns, at)?;
            }
            part(rows).await?;
        }
        self.checked = true;
        Ok(())
    }
}

/// Whether all numbers of `rows` `[m x columns]` are finite as float32; the first of them is the layer's row `from`.
///
/// # Errors
/// The first that is not.
pub(super) fn finite<T: Feature>(rows: &[T], columns: usize, from: usize) -> Result<(), Fault> {
    let found = rows.iter().map(|&x| x.into() as f32).enumerate().find(|(_, value)| !value.is_finite());
    found.map_or(Ok(()), |(at, value)| Err(Fault::NotFinite { row: from + at / columns, column: at % columns, value }))
}

/// What is found in a layer, and the points of `cast` for its picture, if it has one.
pub(super) async fn measure<S: Source>(
    source: &mut S,
    labels: &Labels,
    cast: Option<&Cast>,
    pace: &mut impl AsyncFnMut(f64) -> ControlFlow<()>,
) -> Result<(LayerMeasures, Option<Whitened>), Fault> {
    let (points, classes, columns) = (labels.classes.len(), labels.values.len(), source.columns());
    let mut go_on = async |half: f64, at: usize| match pace(half + at as f64 / points as f64 / 2.0).await {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Fault::Cancelled),
    };

    // The class means.
    let mut sums: Option<ClassSums> = None;
    let mut at = 0;
    source
        .each(&mut async |rows: &[S::Number]| {
            let sums = sums.get_or_insert_with(|| ClassSums::new(classes, &rows[..columns]));
            let count = rows.len() / columns;
            sums.add(rows, &labels.classes[at..at + count]);
            at += count;
            go_on(0.0, at).await
        })
        .await?;
    let means = sums.map_or_else(Vec::new, |sums| sums.means(&labels.counts));
    let mut found = LayerMeasures {
        columns,
        fuzziness: None,
        per_class: vec![None; classes],
        rank: 0,
        nc1: None,
        equinorm: None,
        angles: None,
        ncc_accuracy: None,
        undefined: None,
    };
    let between = match Between::of_means(&labels.classes, classes, &means) {
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
    let mut pictured = Pictured::new(cast, rank);
    let step = (CHUNK / columns).min(CHUNK / (3 * classes)).min(PRODUCTS / (classes * (columns + 2 * classes)));
    let step = step.next_multiple_of(LANES).max(LANES) * columns;
    let mut at = 0;
    source
        .each(&mut async |rows: &[S::Number]| {
            for part in rows.chunks(step) {
                let labels = &labels.classes[at..][..part.len() / columns];
                let deviations = Feature::project(part, labels, &centers, frame.between().projection(), columns);
                scatter.add(&deviations, rank, labels);
                if let Ok(collapse) = &mut collapse {
                    collapse.add(&deviations, labels);
                }
                pictured.add(at, &deviations);
                at += labels.len();
                go_on(0.5, at).await?;
            }
            Ok(())
        })
        .await?;
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
    let picture = cast.filter(|_| fuzziness).map(|cast| frame.with_points(cast.labels(), pictured.deviations));
    Ok((found, picture))
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
