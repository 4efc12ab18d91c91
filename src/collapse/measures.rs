//! NC1 to NC4, the measures of neural collapse (Papyan, Han & Donoho, PNAS 2020). All in float64.

use super::error::CollapseError;
use super::procrustes::centered;
use crate::separation::{Between, Feature, Singular, Whitened, dot, times};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// How far K vectors are from a simplex equiangular tight frame; both 0 for one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Standard deviation (with K - 1) over mean of their lengths.
    pub equinorm: f64,
    /// Mean over pairs of |cos + 1/(K-1)|.
    pub angles: f64,
}

/// What is known of the collapse of one layer without a classifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerCollapse {
    /// Tr(Sw Sb^+), with Sw the within-class scatter over the points and Sb that of the class means around their mean, over the classes.
    /// It is the separation fuzziness where classes have as many points each.
    pub nc1: f64,
    /// Of the class means around their mean.
    pub means: Geometry,
    /// Share of points nearest to their own class's mean.
    pub ncc_accuracy: f64,
}

/// Neural collapse at the last hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NeuralCollapse {
    /// Variability: Tr(Sw Sb^+), not divided by K.
    pub nc1: f64,
    /// How far means and classifier are from a simplex.
    pub nc2: Nc2,
    /// Self-duality: | W^T/|W| - Mc/|Mc| |^2, Frobenius norms, Mc the class means around their mean.
    pub nc3: f64,
    /// Share of points for which the network's choice is not the nearest class mean.
    pub nc4: f64,
    /// Share of points nearest to their own class's mean.
    pub ncc_accuracy: f64,
}

/// NC2 of class means and of classifier rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Nc2 {
    /// Spread of the lengths of the class means around their mean.
    pub equinorm_means: f64,
    /// Spread of the lengths of the classifier's rows.
    pub equinorm_classifiers: f64,
    /// Deviation of the angles between the class means.
    pub angle_means: f64,
    /// Deviation of the angles between the classifier's rows.
    pub angle_classifiers: f64,
}

/// The last linear map, W h + b.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    /// W `[K x d]`, row-major.
    weight: Vec<f64>,
    /// b `[K]`.
    bias: Vec<f64>,
}

impl Classifier {
    /// Of `weight` `[K x d]` and `bias` `[K]`, for features of `columns` numbers.
    ///
    /// # Errors
    /// If there are fewer than two classes, the shapes do not fit, or a number is not finite.
    pub fn new(weight: Vec<f64>, bias: Vec<f64>, columns: usize) -> Result<Self, CollapseError> {
        let classes = bias.len();
        if classes < 2 {
            return Err(CollapseError::TooFewClasses(classes));
        }
        if weight.len() != classes * columns {
            return Err(CollapseError::Shape { weight: weight.len(), classes, columns });
        }
        let rows = weight.iter().enumerate().map(|(at, &value)| ("weight", at / columns.max(1), value));
        let mut numbers = rows.chain(bias.iter().enumerate().map(|(class, &value)| ("bias", class, value)));
        match numbers.find(|(_, _, value)| !value.is_finite()) {
            Some((what, class, value)) => Err(CollapseError::NotFinite { what, class, value }),
            None => Ok(Self { weight, bias }),
        }
    }

    /// W `[K x d]`, row-major.
    pub fn weight(&self) -> &[f64] {
        &self.weight
    }

    /// Number of classes K.
    pub fn classes(&self) -> usize {
        self.bias.len()
    }

    /// The class of the largest of W h + b for each point, of equal ones the first. `deviations` are W (h - m_k) `[n x K]`.
    pub(super) fn choices(&self, between: &Between, deviations: &[f64]) -> Vec<usize> {
        let mut offsets = Vec::new();
        for center in between.centers().chunks_exact(between.columns()) {
            let products = times(&self.weight, center);
            offsets.extend(products.iter().zip(&self.bias).map(|(product, bias)| product + bias));
        }
        largest(deviations, &between.labels, &offsets)
    }
}

/// One layer's measures without a classifier, of points that come in parts.
pub struct LayerSums<'a> {
    /// Scatter and means; whose points these are does not matter.
    frame: &'a Whitened,
    geometry: Geometry,
    /// Mc^T `[K x d]`.
    means: Vec<f64>,
    /// To white coordinates of Sb, unless P gives them already, and to each mean's product with the point.
    maps: Vec<f64>,
    /// Rows of the former.
    white: usize,
    /// -|m_j - m_k|^2 / 2 `[K x K]`.
    offsets: Vec<f64>,
    scatter: f64,
    points: usize,
    /// Points nearest to their own class's mean.
    own: usize,
}

impl<'a> LayerSums<'a> {
    /// Of the scatter and means of `frame`, no points yet.
    ///
    /// # Errors
    /// If a class has no points, or a class mean is the mean of class means.
    pub fn new(frame: &'a Whitened) -> Result<Self, CollapseError> {
        let between = &frame.between;
        let classes = between.classes;
        if let Some(class) = (0..classes).find(|class| !between.present.contains(class)) {
            return Err(CollapseError::EmptyClass(class));
        }
        let (_, means) = centered(&between.deviations, between.columns());
        let geometry = geometry(&means, classes).map_err(|class| class.map_or(CollapseError::Overflow, CollapseError::CentralMean))?;

        // The means in an orthonormal basis of what they span: there nothing of a distance to them is lost but what all have in common.
        let rank = between.rank();
        let (_, framed) = centered(&frame.in_frame(&frame.means), rank);
        // To white coordinates of Sb; where classes have as many points each they are those of SSb already.
        let balanced = between.counts.iter().all(|&count| count == between.counts[0]);
        let weights = vec![1.0 / (classes as f64).sqrt(); classes];
        let inverse = if balanced { Vec::new() } else { Singular::new(&framed, rank, &weights)?.inverse };
        // And to each mean's product with the point, in one go.
        let maps = [frame.in_frame(&inverse), frame.in_frame(&framed)].concat();

        // |x - m_j|^2 of a point of class k, less |x - m_k|^2 and all that no j changes: |m_j - m_k|^2 - 2 m_j (x - m_k).
        let mut offsets = Vec::with_capacity(classes * classes);
        for own in framed.chunks_exact(rank) {
            for mean in framed.chunks_exact(rank) {
                offsets.push(-0.5 * mean.iter().zip(own).map(|(a, b)| (a - b) * (a - b)).sum::<f64>());
            }
        }
        Ok(Self { frame, geometry, means, maps, white: inverse.len() / rank, offsets, scatter: 0.0, points: 0, own: 0 })
    }

    /// Adds points, given as P (x - m_k) [m x rank], with classes as indices into those with points. Returns the nearest class mean of each.
    pub fn add(&mut self, deviations: &[f64], labels: &[u16]) -> Vec<usize> {
        let (rank, classes) = (self.frame.between.rank(), self.frame.between.classes);
        let mapped = f64::project(deviations, labels, &vec![0.0; classes * rank], &self.maps, rank);
        let mut products = Vec::with_capacity(labels.len() * classes);
        for (point, deviation) in mapped.chunks_exact(self.maps.len() / rank).zip(deviations.chunks_exact(rank)) {
            let (white, product) = point.split_at(self.white);
            let white = if self.white == 0 { deviation } else { white };
            self.scatter += dot(white, white);
            products.extend_from_slice(product);
        }
        let nearest = largest(&products, labels, &self.offsets);
        self.points += labels.len();
        self.own += nearest.iter().zip(labels).filter(|(nearest, own)| **nearest == usize::from(**own)).count();
        nearest
    }

    /// What is known after all points.
    ///
    /// # Errors
    /// If a number overflows.
    pub fn measures(&self) -> Result<LayerCollapse, CollapseError> {
        let nc1 = self.scatter / self.points as f64;
        if !nc1.is_finite() {
            return Err(CollapseError::Overflow);
        }
        Ok(LayerCollapse { nc1, means: self.geometry, ncc_accuracy: self.own as f64 / self.points as f64 })
    }
}

/// One layer's points, measured without a classifier.
pub struct Layer<'a> {
    points: &'a Whitened,
    /// What is known of it.
    pub measures: LayerCollapse,
    /// Mc^T `[K x d]`.
    means: Vec<f64>,
    /// The nearest class mean of each point `[n]`.
    nearest: Vec<usize>,
}

impl<'a> Layer<'a> {
    /// Of all points of a layer.
    ///
    /// # Errors
    /// If a class has no points, a class mean is the mean of class means, or a number overflows.
    pub fn new(points: &'a Whitened) -> Result<Self, CollapseError> {
        let mut sums = LayerSums::new(points)?;
        let nearest = sums.add(&points.deviations, &points.between.labels);
        Ok(Self { points, measures: sums.measures()?, means: sums.means, nearest })
    }

    /// With the classifier behind this layer; `deviations` are W (h - m_k) `[n x K]` for each point h of class k.
    ///
    /// # Errors
    /// If a row of the classifier is 0, or a number overflows.
    pub fn with(&self, classifier: &Classifier, deviations: &[f64]) -> Result<NeuralCollapse, CollapseError> {
        let LayerCollapse { nc1, means: geometry_of_means, ncc_accuracy } = self.measures;
        let rows = geometry(&classifier.weight, classifier.bias.len());
        let rows = rows.map_err(|class| class.map_or(CollapseError::Overflow, CollapseError::ZeroRow))?;
        let choices = classifier.choices(&self.points.between, deviations);
        let disagree = choices.iter().zip(&self.nearest).filter(|(choice, nearest)| choice != nearest).count();
        let (weight, means) = (norm(&classifier.weight), norm(&self.means));
        let differences = classifier.weight.iter().zip(&self.means).map(|(w, m)| w / weight - m / means);
        Ok(NeuralCollapse {
            nc1,
            nc2: Nc2 {
                equinorm_means: geometry_of_means.equinorm,
                equinorm_classifiers: rows.equinorm,
                angle_means: geometry_of_means.angles,
                angle_classifiers: rows.angles,
            },
            nc3: differences.map(|difference| difference * difference).sum(),
            nc4: disagree as f64 / choices.len() as f64,
            ncc_accuracy,
        })
    }
}

/// Neural collapse of `features` `[n x d]`, row-major, at the last hidden layer, with `labels` 0 .. K and the classifier behind it.
///
/// ```
/// use ndarray::array;
/// use separation_playground::collapse::{Classifier, neural_collapse};
///
/// // Two classes on their means, at -1 and 1, and a classifier that points to them: all of it has collapsed.
/// let classifier = Classifier::new(vec![-2.0, 2.0], vec![0.0, 0.0], 1)?;
/// let collapse = neural_collapse(array![[-1.0], [1.0], [-1.0]].view(), &[0, 1, 0], &classifier)?;
/// assert!(collapse.nc1 < 1e-12 && collapse.nc3 < 1e-12 && collapse.nc4 == 0.0 && collapse.ncc_accuracy == 1.0);
/// # Ok::<(), separation_playground::collapse::CollapseError>(())
/// ```
///
/// # Errors
/// See [`CollapseError`]: whenever a measure is undefined, an error and not NaN.
pub fn neural_collapse<T: Feature>(
    features: ArrayView2<T>,
    labels: &[u16],
    classifier: &Classifier,
) -> Result<NeuralCollapse, CollapseError> {
    let (classes, columns) = (classifier.bias.len(), features.ncols());
    if classifier.weight.len() != classes * columns {
        return Err(CollapseError::Shape { weight: classifier.weight.len(), classes, columns });
    }
    let points = Whitened::new(features, labels, classes)?;
    let deviations = points.between.project(features, &classifier.weight);
    // Means that differ by no more than rounding are an error here too.
    points.fuzziness()?;
    Layer::new(&points)?.with(classifier, &deviations)
}

/// How far `vectors` `[K x d]` are from a simplex.
///
/// # Errors
/// The first vector that is 0 beside the largest; none if they are too large.
fn geometry(vectors: &[f64], classes: usize) -> Result<Geometry, Option<usize>> {
    let d = vectors.len() / classes;
    let norms: Vec<f64> = vectors.chunks_exact(d).map(norm).collect();
    let longest = norms.iter().fold(0.0, |longest: f64, &norm| longest.max(norm));
    if !longest.is_finite() {
        return Err(None);
    }
    let noise = d.max(classes) as f64 * f64::EPSILON * longest;
    if let Some(class) = norms.iter().position(|&norm| norm <= noise) {
        return Err(Some(class));
    }
    let k = classes as f64;
    let mean = norms.iter().sum::<f64>() / k;
    let variance = norms.iter().map(|norm| (norm / mean - 1.0).powi(2)).sum::<f64>() / (k - 1.0);
    let mut angles = 0.0;
    for (i, a) in vectors.chunks_exact(d).enumerate() {
        for (j, b) in vectors.chunks_exact(d).enumerate().take(i) {
            let cosine = a.iter().zip(b).map(|(x, y)| (x / norms[i]) * (y / norms[j])).sum::<f64>();
            angles += (cosine + 1.0 / (k - 1.0)).abs();
        }
    }
    Ok(Geometry { equinorm: variance.sqrt(), angles: angles / (k * (k - 1.0) / 2.0) })
}

/// Where a row of `scores` `[n x K]` plus its class's row of `offsets` `[K x K]` is largest, of equal ones the first.
fn largest(scores: &[f64], labels: &[u16], offsets: &[f64]) -> Vec<usize> {
    let classes = scores.len() / labels.len();
    let of_point = |(scores, &label): (&[f64], &u16)| {
        let sums = scores.iter().zip(&offsets[usize::from(label) * classes..]).map(|(score, offset)| score + offset);
        let mut best = (0, f64::NEG_INFINITY);
        sums.enumerate().for_each(|sum| best = if sum.1 > best.1 { sum } else { best });
        best.0
    };
    scores.chunks_exact(classes).zip(labels).map(of_point).collect()
}

/// Euclidean length, without overflow.
pub fn norm(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    if largest == 0.0 { 0.0 } else { largest * vector.iter().map(|x| (x / largest) * (x / largest)).sum::<f64>().sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn white_coordinates_are_taken_anew_only_where_classes_differ_in_size() {
        let features = array![[0.0, 1.0], [2.0, 0.5], [0.5, 3.0], [2.5, -1.0], [0.25, 1.5]];
        let white = |n: usize| {
            let layer = Whitened::new(features.view().split_at(ndarray::Axis(0), n).0, &[0, 1, 0, 1, 0][..n], 2).unwrap();
            LayerSums::new(&layer).unwrap().white
        };
        assert_eq!([white(4), white(5)], [0, 1]);
    }
}
