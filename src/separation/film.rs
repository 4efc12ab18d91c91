//! The film: a few points of a run, layer by layer, in a plane where the class means stand still, so that D is the size of their clouds.
//!
//! A point's weights b_k(x) = n_k/n (1 + (m_k - m)^T SSb^+ (x - m)) sum to 1, and where the means span K - 1 dimensions, b_k(m_j) is 1 for
//! k = j and 0 otherwise: barycentric coordinates with respect to the class means. So x -> sum_k b_k(x) v_k puts each mean on its vertex
//! v_k. With as many points in each class this is P (x - m), turned so that its class means fall on the ideal simplex (they are one
//! already; the turn is the orthogonal Procrustes solution), and projected orthogonally on the plane in which the simplex's vertices form a
//! regular polygon of radius sqrt 2. With fewer dimensions the means come as near to their vertices as they can.

mod letters;

use super::cast::Cast;
use super::ring::Place;
use super::whitened::Whitened;
use serde::{Deserialize, Serialize};

/// Steps of a coordinate in 1.
const STEPS: f64 = 64.0;

/// The coordinate, in steps, of a point in a layer that has no picture.
const ABSENT: i8 = i8::MIN;

/// Places of a few points in the picture of each layer, in steps of 1/64 from -127/64 to 127/64, where points beyond stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Film {
    /// Number of points of each class `[K]`: the points stand class by class.
    #[serde(with = "serde_bytes")]
    counts: Vec<u8>,
    /// Coordinates [layers x points x 2], each an i8.
    #[serde(with = "serde_bytes")]
    places: Vec<u8>,
}

impl Film {
    /// A film of `cast`, without a layer yet.
    pub fn new(cast: &Cast) -> Self {
        Self { counts: cast.counts().to_vec(), places: Vec::new() }
    }

    /// Adds a layer, of all points; None where it has no picture.
    pub fn push(&mut self, cast: &Cast, layer: Option<&Whitened>) {
        let Some(layer) = layer else {
            return self.places.extend(cast.rows().iter().flat_map(|_| [ABSENT as u8; 2]));
        };
        let plane = Plane::new(layer, &cast.vertices());
        for &row in cast.rows() {
            let place = plane.place(layer.point(row as usize).1);
            self.places.extend(place.map(|x| (x * STEPS).round().clamp(-127.0, 127.0) as i8 as u8));
        }
    }

    /// Number of points of each class `[K]`.
    pub fn counts(&self) -> &[u8] {
        &self.counts
    }

    /// Number of points.
    pub fn points(&self) -> usize {
        self.counts.iter().map(|&count| usize::from(count)).sum()
    }

    /// The points of a layer, each with its class; None where the layer has no picture.
    pub fn layer(&self, layer: usize) -> Option<impl Iterator<Item = (usize, Place)>> {
        let length = 2 * self.points();
        let places = self.places.get(layer * length..(layer + 1) * length).filter(|places| places.first() != Some(&(ABSENT as u8)))?;
        let classes = self.counts.iter().enumerate().flat_map(|(class, &count)| (0..count).map(move |_| class));
        let place = |place: &[u8]| [place[0], place[1]].map(|step| f64::from(step as i8) / STEPS);
        Some(classes.zip(places.chunks_exact(2).map(place)))
    }

    /// The film `share` of the way to `to`, each point straight. One of other points is `to` already, and so is a layer that has no picture
    /// at either end.
    pub fn between(&self, to: &Self, share: f64) -> Self {
        if self.counts != to.counts {
            return to.clone();
        }
        let at = |(at, &end): (usize, &u8)| match [self.places.get(at).map_or(ABSENT, |&start| start as i8), end as i8] {
            [ABSENT, _] | [_, ABSENT] => end,
            [start, end] => (f64::from(start) + share * (f64::from(end) - f64::from(start))).round() as i8 as u8,
        };
        Self { counts: to.counts.clone(), places: to.places.iter().enumerate().map(at).collect() }
    }

    /// Bytes on the heap.
    pub fn heap(&self) -> usize {
        self.counts.len() + self.places.len()
    }
}

/// An affine map from whitened points to the plane: x -> sum_k b_k(x) v_k, with b of this module's head and vertices v.
struct Plane {
    /// The image of the mean.
    center: Place,
    /// `[rank x 2]`
    axes: Vec<Place>,
}

impl Plane {
    fn new(layer: &Whitened, vertices: &[Place]) -> Self {
        let (between, rank) = (&layer.between, layer.between.rank());
        let n = between.labels.len() as f64;
        let mut plane = Self { center: [0.0; 2], axes: vec![[0.0; 2]; rank] };
        for ((&class, &count), mean) in between.present.iter().zip(&between.counts).zip(layer.means.chunks_exact(rank)) {
            let (vertex, share) = (vertices[class], count as f64 / n);
            add(&mut plane.center, vertex, share);
            plane.axes.iter_mut().zip(mean).for_each(|(axis, white)| add(axis, vertex, share * white));
        }
        plane
    }

    fn place(&self, white: impl Iterator<Item = f64>) -> Place {
        let mut place = self.center;
        self.axes.iter().zip(white).for_each(|(&axis, white)| add(&mut place, axis, white));
        place
    }
}

fn add(to: &mut Place, place: Place, times: f64) {
    to.iter_mut().zip(place).for_each(|(to, x)| *to += times * x);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::separation::Between;
    use nalgebra::DMatrix;
    use ndarray::Array2;
    use proptest::prelude::*;
    use std::f64::consts::SQRT_2;

    /// Points `[n x d]`, with their labels; `sizes` has the number of each class's points, and `spread` how far they are around its mean.
    fn points(sizes: &[usize], d: usize, spread: f64, seed: u64) -> (Array2<f64>, Vec<u16>) {
        let mut state = seed;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / 2f64.powi(30) - 1.0
        };
        let centers: Vec<f64> = (0..sizes.len() * d).map(|_| random()).collect();
        let labels: Vec<u16> = (0..).zip(sizes).flat_map(|(class, &size)| std::iter::repeat_n(class, size)).collect();
        let features =
            labels.iter().flat_map(|&label| centers[usize::from(label) * d..][..d].to_vec()).map(|x| x + spread * random()).collect();
        (Array2::from_shape_vec((labels.len(), d), features).unwrap(), labels)
    }

    fn ring(classes: usize) -> Vec<u16> {
        (0..classes as u16).rev().collect()
    }

    /// Places of all points, before they are rounded.
    fn places(features: &Array2<f64>, labels: &[u16], cast: &Cast) -> Vec<Place> {
        let layer = Whitened::new(features.view(), labels, cast.ring().len()).unwrap();
        let plane = Plane::new(&layer, &cast.vertices());
        (0..labels.len()).map(|row| plane.place(layer.point(row).1)).collect()
    }

    /// Mean place of the points of each class.
    fn means(places: &[Place], labels: &[u16], classes: usize) -> Vec<Place> {
        let of = |class| places.iter().zip(labels).filter(move |(_, label)| **label == class);
        let mean = |class, axis: usize| of(class).map(|(place, _)| place[axis]).sum::<f64>() / of(class).count() as f64;
        (0..classes as u16).map(|class| [mean(class, 0), mean(class, 1)]).collect()
    }

    fn distance(a: Place, b: Place) -> f64 {
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    /// By the book: whitened points, turned by orthogonal Procrustes on the ideal simplex, and projected.
    fn by_procrustes(features: &Array2<f64>, labels: &[u16], cast: &Cast) -> Vec<Place> {
        let (k, d) = (cast.ring().len(), features.ncols());
        let between = Between::new(features.view(), labels, k).unwrap();
        let projection = DMatrix::from_row_slice(between.rank(), d, &between.projection);
        let white = &projection * DMatrix::from_row_slice(k, d, &between.deviations).transpose();
        let simplex = (DMatrix::identity(k, k) - DMatrix::from_element(k, k, 1.0 / k as f64)) * (k as f64).sqrt();
        let svd = (simplex * white.transpose()).svd(true, true);
        let turned = svd.u.unwrap() * svd.v_t.unwrap() * &projection;
        let plane = DMatrix::from_fn(2, k, |axis, class| cast.vertices()[class][axis] / (k as f64).sqrt());
        let mean = DMatrix::from_column_slice(d, 1, &between.mean);
        let place = |row: ndarray::ArrayView1<f64>| &plane * (&turned * (DMatrix::from_iterator(d, 1, row.iter().copied()) - &mean));
        features.rows().into_iter().map(place).map(|place| [place[0], place[1]]).collect()
    }

    proptest! {
        #[test]
        fn class_means_stand_on_their_vertices(sizes in prop::collection::vec(1..30_usize, 2..9), spread in 0.0..3.0, seed: u64) {
            let (features, labels) = points(&sizes, 12, spread, seed);
            let cast = Cast::new(&labels, &ring(sizes.len()));
            let means = means(&places(&features, &labels, &cast), &labels, sizes.len());
            for (mean, vertex) in means.iter().zip(&cast.vertices()) {
                prop_assert!(distance(*mean, *vertex) < 1e-6, "{mean:?} {vertex:?}");
            }
        }

        #[test]
        fn the_weights_are_procrustes_turn(classes in 2..9_usize, size in 1..20_usize, spread in 0.0..2.0, seed: u64) {
            let (features, labels) = points(&vec![size; classes], 12, spread, seed);
            let cast = Cast::new(&labels, &ring(classes));
            for (place, expected) in places(&features, &labels, &cast).into_iter().zip(by_procrustes(&features, &labels, &cast)) {
                prop_assert!(distance(place, expected) < 1e-6, "{place:?} {expected:?}");
            }
        }

        #[test]
        fn clouds_are_as_large_as_the_fuzziness(size in 2..50_usize, spread in 0.0..2.0, seed: u64) {
            // Three class means span a plane, so that their picture is exact.
            let (features, labels) = points(&[size; 3], 7, spread, seed);
            let cast = Cast::new(&labels, &ring(3));
            let fuzziness = Whitened::new(features.view(), &labels, 3).unwrap().fuzziness().unwrap().total;
            let squares = places(&features, &labels, &cast).into_iter().zip(&labels);
            let mean = squares.map(|(place, &label)| distance(place, cast.vertices()[usize::from(label)]).powi(2)).sum::<f64>() / labels.len() as f64;
            prop_assert!((mean - fuzziness).abs() <= 1e-6 * fuzziness.max(1.0), "{mean} {fuzziness}");
        }

        #[test]
        fn fewer_dimensions_than_classes_are_finite(sizes in prop::collection::vec(0..5_usize, 3..12), d in 1..3_usize, seed: u64) {
            let (features, labels) = points(&sizes, d, 0.1, seed);
            prop_assume!(sizes.iter().filter(|size| **size > 0).count() >= 2);
            for [x, y] in places(&features, &labels, &Cast::new(&labels, &ring(sizes.len()))) {
                prop_assert!(x.is_finite() && y.is_finite());
            }
        }
    }

    fn film(features: &Array2<f64>, labels: &[u16], cast: &Cast) -> Film {
        let mut film = Film::new(cast);
        film.push(cast, Whitened::new(features.view(), labels, cast.ring().len()).ok().as_ref());
        film
    }

    #[test]
    fn collapsed_points_sit_on_the_vertices_clockwise_from_the_top() {
        let (features, labels) = points(&[20; 4], 9, 0.0, 7);
        let cast = Cast::new(&labels, &[2, 0, 3, 1]);
        let film = film(&features, &labels, &cast);
        let corner = (SQRT_2 * STEPS).round() / STEPS;
        let expected = [[corner, 0.0], [-corner, 0.0], [0.0, -corner], [0.0, corner]];
        assert_eq!((film.points(), film.counts()), (80, &[20; 4][..]));
        for (index, (class, place)) in film.layer(0).unwrap().enumerate() {
            assert_eq!((class, place), (index / 20, expected[class]));
        }
    }

    #[test]
    fn a_layer_whose_means_are_equal_has_no_picture() {
        let (features, labels) = points(&[3; 4], 5, 0.3, 1);
        let cast = Cast::new(&labels, &ring(4));
        let mut film = film(&features, &labels, &cast);
        film.push(&cast, None);
        film.push(&cast, Whitened::new(features.view(), &labels, 4).ok().as_ref());
        assert_eq!([0, 1, 2, 3].map(|layer| film.layer(layer).is_some()), [true, false, true, false]);
        assert!(film.layer(0).unwrap().eq(film.layer(2).unwrap()));
        assert_eq!(film.heap(), 4 + 3 * 12 * 2);
    }

    #[test]
    fn between_two_films_each_point_goes_straight() {
        let film = |counts: &[u8], places: &[i8]| Film { counts: counts.to_vec(), places: places.iter().map(|&x| x as u8).collect() };
        let from = film(&[1, 1], &[0, -127, 10, 10, ABSENT, ABSENT, ABSENT, ABSENT, 4, 4, 4, 4]);
        let to = film(&[1, 1], &[100, 127, 10, -10, 8, 8, 8, 8, ABSENT, ABSENT, ABSENT, ABSENT, 6, 6, 6, 6]);
        let half = film(&[1, 1], &[50, 0, 10, 0, 8, 8, 8, 8, ABSENT, ABSENT, ABSENT, ABSENT, 6, 6, 6, 6]);
        assert_eq!(from.between(&to, 0.5), half);
        assert_eq!(from.between(&to, 1.0), to);
        assert_eq!(to.between(&from, 1.0), from);
        let others = film(&[2, 0], &[1; 4]);
        assert_eq!(from.between(&others, 0.5), others);
    }
}
