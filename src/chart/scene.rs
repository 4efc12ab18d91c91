//! What a simplex picture shows: a few vertices and many places around them, in three coordinates at most.

use super::tween::Tweened;
use crate::collapse::{MOST_CHOSEN, Simplex, Span};

/// A place: x to the right, y down, z away from the reader. The ideal simplex, or its shadow, has radius 1.
pub type Place = [f64; 3];

/// Vertices of the ideal simplex of some classes, and what was measured of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Dimensions that the places fill: 1, 2 or 3.
    pub dim: usize,
    /// Whether nothing is lost: the classes span no more dimensions than the picture has.
    pub exact: bool,
    /// The classes, as the run numbers them. All that follows is in their order.
    pub classes: Vec<usize>,
    /// Where the ideal simplex has each class.
    pub ideal: Vec<Place>,
    /// Where each class mean is.
    pub means: Vec<Place>,
    /// Where each row of the classifier points; empty where there is none.
    pub classifier: Vec<Place>,
    /// Points: an index into `classes`, and where it is.
    pub points: Vec<(usize, Place)>,
}

impl Scene {
    /// Of rows in the frame of the ideal simplex of K classes, K - 1 coordinates each, row-major: exact for K = 2, 3, 4, and for more the
    /// shadow on the plane where the ideal simplex is a regular polygon. `labels` are the classes of `points`.
    pub fn new(ideal: &[f64], means: &[f64], classifier: &[f64], points: &[f64], labels: impl IntoIterator<Item = usize>) -> Self {
        // K (K - 1) numbers.
        let frame = (ideal.len() as f64).sqrt() as usize;
        let exact = frame < MOST_CHOSEN;
        let dim = if exact { frame } else { 2 };
        let scale = if exact { 1.0 } else { (frame as f64 / 2.0).sqrt() };
        let place = |row: &[f64]| std::array::from_fn(|axis| if axis < dim { scale * row[axis] } else { 0.0 });
        let places = |rows: &[f64]| rows.chunks_exact(frame.max(1)).map(place).collect::<Vec<_>>();
        Self {
            dim,
            exact,
            classes: (0..=frame).collect(),
            ideal: places(ideal),
            means: places(means),
            classifier: places(classifier),
            points: labels.into_iter().zip(places(points)).collect(),
        }
    }

    /// All classes of a layer of `picture`; None where it has none.
    pub fn of(picture: &Simplex, layer: usize) -> Option<Self> {
        let classifier = picture.classifier(layer).unwrap_or_default();
        Some(Self::new(&picture.ideal(), &picture.means(layer)?, &classifier, &picture.points(layer)?, picture.labels()))
    }

    /// Two to four of the classes, exact within their span.
    pub fn of_chosen(picture: &Simplex, layer: usize, chosen: &[u16]) -> Option<Self> {
        let span = Span::new(picture, layer, chosen)?;
        let rows = |all: &[f64]| chosen.iter().flat_map(|&class| row(all, class.into(), span.dim).to_vec()).collect::<Vec<_>>();
        let position = |label: usize| chosen.iter().position(|&class| usize::from(class) == label);
        let (labels, points): (Vec<_>, Vec<_>) =
            picture.labels().zip(span.points.chunks_exact(span.dim)).filter_map(|(label, point)| Some((position(label)?, point))).unzip();
        let classifier = span.classifier.as_deref().map(rows).unwrap_or_default();
        let scene = Self::new(&span.ideal, &rows(&span.means), &classifier, &points.concat(), labels);
        Some(Self { classes: chosen.iter().map(|&class| class.into()).collect(), ..scene })
    }

    /// The class means at the vertices, and no points: what there is before anything is measured.
    pub fn bare(ideal: &[f64]) -> Self {
        Self::new(ideal, ideal, &[], &[], [])
    }
}

fn row(rows: &[f64], at: usize, length: usize) -> &[f64] {
    &rows[at * length..(at + 1) * length]
}

impl Tweened for Scene {
    fn alike(&self, other: &Self) -> bool {
        self.classes == other.classes && self.dim == other.dim
    }

    /// Each place straight; what is missing at either end is at `to` already.
    fn between(&self, to: &Self, share: f64) -> Self {
        let between = |from: Place, to: Place| std::array::from_fn(|axis| from[axis] + share * (to[axis] - from[axis]));
        let all = |from: &[Place], to: &[Place]| {
            to.iter().enumerate().map(|(at, &to)| from.get(at).map_or(to, |&from| between(from, to))).collect()
        };
        let points = if self.points.len() == to.points.len() {
            self.points.iter().zip(&to.points).map(|(&(_, from), &(class, to))| (class, between(from, to))).collect()
        } else {
            to.points.clone()
        };
        Self {
            means: all(&self.means, &to.means),
            classifier: all(&self.classifier, &to.classifier),
            points,
            ideal: to.ideal.clone(),
            classes: to.classes.clone(),
            ..*to
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collapse::simplex;

    fn near(a: Place, b: Place) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn up_to_four_classes_are_exact_and_ten_are_a_decagon() {
        for classes in [2, 3, 4, 10] {
            let scene = Scene::bare(&simplex(&Vec::from_iter(0..classes)));
            let radii = scene.ideal.iter().map(|place| place.iter().map(|x| x * x).sum::<f64>().sqrt());
            assert!(radii.clone().all(|radius| (radius - 1.0).abs() < 1e-12), "{classes} classes: {:?}", radii.collect::<Vec<_>>());
            assert_eq!(
                (scene.exact, scene.dim, scene.classes.len()),
                (classes <= 4, if classes == 10 { 2 } else { usize::from(classes) - 1 }, classes.into())
            );
        }
        let decagon = Scene::bare(&simplex(&Vec::from_iter(0..10)));
        assert!(near(decagon.ideal[0], [0.0, -1.0, 0.0]) && near(decagon.ideal[5], [0.0, 1.0, 0.0]));
    }

    #[test]
    fn half_the_way_is_half_way_and_what_is_new_is_there() {
        let ideal = simplex(&[0, 1, 2]);
        let from = Scene::new(&ideal, &[0.0; 6], &[], &[0.0, 0.0, 2.0, 2.0], [0, 1]);
        let to = Scene::new(&ideal, &[1.0; 6], &ideal, &[1.0, 0.0, 2.0, 4.0], [0, 1]);
        let middle = from.between(&to, 0.5);
        assert!(from.alike(&to) && middle.means.iter().all(|&mean| near(mean, [0.5, 0.5, 0.0])));
        assert_eq!((&middle.classifier, &middle.points), (&to.classifier, &vec![(0, [0.5, 0.0, 0.0]), (1, [2.0, 3.0, 0.0])]));
        let fewer = Scene { points: Vec::new(), ..from.clone() };
        assert_eq!(fewer.between(&to, 0.5).points, to.points);
        assert!(!from.alike(&Scene::bare(&simplex(&[0, 1]))));
    }
}
