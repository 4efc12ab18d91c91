//! What an engine finds out about a set of points, layer by layer: the same for all engines.

use super::Evaluation;
use crate::collapse::{Classifier, Collapse, Layer, LayerCollapse, Minority, NeuralCollapse, Simplex};
use crate::separation::{Cast, Film, Fuzziness, SeparationError, Whitened};

/// What a measurement is asked for beside separation, loss and accuracy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// A film of these points.
    pub film: Option<&'a Cast>,
    /// Neural collapse.
    pub collapse: bool,
    /// With it, the simplex picture of these points.
    pub simplex: Option<&'a Cast>,
    /// Minority Collapse, with so many majority classes; 0 if it is not wanted.
    pub majority: usize,
}

impl Wanted<'_> {
    /// Whether the classifier has to be looked at.
    pub fn classifier(&self) -> bool {
        self.collapse || self.majority > 0
    }
}

/// The separation of a set of points at every layer, and how well the network tells them apart.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Separation fuzziness by layer, the input first; an error where it is undefined.
    pub layers: Vec<Result<Fuzziness, SeparationError>>,
    /// The film, if it was wanted.
    pub film: Option<Film>,
    /// Neural collapse, if it was wanted and is defined at the last hidden layer.
    pub collapse: Option<Collapse>,
    /// Minority Collapse, if it was wanted and there are such classes.
    pub minority: Option<Minority>,
    /// Loss and accuracy.
    pub evaluation: Evaluation,
}

/// A measurement in the making: layer after layer, the input first.
pub struct Reader<'a> {
    wanted: Wanted<'a>,
    layers: Vec<Result<Fuzziness, SeparationError>>,
    film: Option<Film>,
    collapse: Vec<Option<LayerCollapse>>,
    simplex: Option<Simplex>,
    last: Option<NeuralCollapse>,
    minority: Option<Minority>,
}

impl<'a> Reader<'a> {
    pub fn new(wanted: Wanted<'a>) -> Self {
        let simplex = wanted.simplex.filter(|_| wanted.collapse).map(Simplex::new);
        Self { wanted, layers: Vec::new(), film: wanted.film.map(Film::new), collapse: Vec::new(), simplex, last: None, minority: None }
    }

    /// Adds a layer; the last with the classifier behind it and its W (h - m_k) [n x K] for each point h of class k.
    pub fn layer(&mut self, points: Result<Whitened, SeparationError>, classifier: Option<(&Classifier, &[f64])>) {
        let measured = points.and_then(|points| Ok((points.fuzziness()?, points)));
        let points = measured.as_ref().ok().map(|(_, points)| points);
        if let (Some(film), Some(cast)) = (&mut self.film, self.wanted.film) {
            film.push(cast, points);
        }
        if self.wanted.collapse {
            let layer = points.and_then(|points| Layer::new(points).ok());
            self.last = layer.as_ref().zip(classifier).and_then(|(layer, (classifier, logits))| layer.with(classifier, logits).ok());
            self.collapse.push(layer.map(|layer| layer.measures));
        }
        if let (Some(points), Some((classifier, deviations))) = (points, classifier) {
            self.minority = Minority::new(classifier, self.wanted.majority, &points.between, deviations);
        }
        if let (Some(simplex), Some(cast)) = (&mut self.simplex, self.wanted.simplex) {
            simplex.push(cast, points, classifier.map(|(classifier, _)| classifier));
        }
        self.layers.push(measured.map(|(fuzziness, _)| fuzziness));
    }

    /// All of it, with loss and accuracy.
    pub fn finish(self, evaluation: Evaluation) -> Measurement {
        let Self { layers, film, collapse, simplex, last, minority, .. } = self;
        Measurement { layers, film, collapse: last.map(|last| Collapse::new(last, &collapse, simplex)), minority, evaluation }
    }
}
