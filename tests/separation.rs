//! Separation fuzziness against golden values, its definition and its invariances.

#![cfg(not(target_arch = "wasm32"))]

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use ndarray::{Array2, ArrayView2};
use proptest::prelude::*;
use separation_playground::separation::{Fuzziness, SeparationError, separation_fuzziness};

#[derive(serde::Deserialize)]
struct Golden {
    relative_tolerance: f64,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    n: usize,
    d: usize,
    classes: usize,
    rank_between: usize,
    fuzziness: f64,
    fuzziness_per_class: Vec<f64>,
    labels: Vec<u16>,
    features: Vec<f64>,
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()) + 1e-12
}

fn assert_equal(a: &Fuzziness, b: &Fuzziness, tolerance: f64) {
    assert!(close(a.total, b.total, tolerance) && a.rank == b.rank, "{a:?}\n{b:?}");
    for (a_k, b_k) in a.per_class.iter().zip(&b.per_class) {
        assert!(a_k.is_some() == b_k.is_some(), "{a:?}\n{b:?}");
        assert!(close(a_k.unwrap_or(0.0), b_k.unwrap_or(0.0), tolerance), "{a:?}\n{b:?}");
    }
}

#[test]
fn golden_values() {
    let golden: Golden = serde_json::from_str(include_str!("golden/separation_fuzziness.json")).unwrap();
    assert_eq!(golden.cases.len(), 14);
    for case in golden.cases {
        let expected = Fuzziness {
            total: case.fuzziness,
            per_class: case.fuzziness_per_class.into_iter().map(Some).collect(),
            rank: case.rank_between,
        };
        println!("{}", case.name);
        let features = Array2::from_shape_vec((case.n, case.d), case.features).unwrap();
        assert_equal(&separation_fuzziness(features.view(), &case.labels, case.classes).unwrap(), &expected, golden.relative_tolerance);
        let single = features.mapv(|x| x as f32);
        assert_equal(&separation_fuzziness(single.view(), &case.labels, case.classes).unwrap(), &expected, golden.relative_tolerance);
    }
}

/// The definition, with d x d matrices: Tr(SSw SSb^+).
fn naive(features: ArrayView2<f64>, labels: &[u16], classes: usize) -> Fuzziness {
    let (n, d) = features.dim();
    let point = |i: usize| DVector::from_iterator(d, features.row(i).iter().copied());
    let members = |k: usize| (0..n).filter(move |&i| usize::from(labels[i]) == k);
    let mean = |indices: &mut dyn Iterator<Item = usize>| {
        let (sum, count) = indices.fold((DVector::zeros(d), 0), |(sum, count), i| (sum + point(i), count + 1));
        sum / f64::from(count)
    };
    let center = mean(&mut (0..n));
    let mut between = DMatrix::zeros(d, d);
    let mut within = vec![None; classes];
    for (k, within) in within.iter_mut().enumerate().filter(|(k, _)| members(*k).count() > 0) {
        let count = members(k).count() as f64;
        let class_mean = mean(&mut members(k));
        let offset = &class_mean - &center;
        between += &offset * offset.transpose() * (count / n as f64);
        let scatter = members(k).map(|i| point(i) - &class_mean).fold(DMatrix::zeros(d, d), |s, x| s + &x * x.transpose());
        *within = Some((scatter / count, count / n as f64));
    }
    let eigen = SymmetricEigen::new(between);
    let noise = d as f64 * f64::EPSILON * eigen.eigenvalues.max();
    let inverse = eigen.eigenvalues.map(|value| if value > noise { 1.0 / value } else { 0.0 });
    let pseudo_inverse = &eigen.eigenvectors * DMatrix::from_diagonal(&inverse) * eigen.eigenvectors.transpose();
    let per_class: Vec<_> = within.iter().map(|w| w.as_ref().map(|(scatter, _)| (scatter * &pseudo_inverse).trace())).collect();
    let total = within.iter().zip(&per_class).filter_map(|(w, d)| Some(w.as_ref()?.1 * (*d)?)).sum();
    Fuzziness { total, per_class, rank: inverse.iter().filter(|&&x| x > 0.0).count() }
}

/// Random points [n x d] with labels; some classes may be empty, at least two are present.
fn labelled_points() -> impl Strategy<Value = (Array2<f64>, Vec<u16>, usize)> {
    (2..7usize, 1..9usize, 2..40usize).prop_flat_map(|(classes, d, n)| {
        let labels = prop::collection::vec(0..classes as u16, n).prop_map(|mut labels| {
            (labels[0], labels[1]) = (0, 1);
            labels
        });
        (prop::collection::vec(-3.0..3.0f64, n * d), labels).prop_map(move |(values, labels)| {
            let mut features = Array2::from_shape_vec((n, d), values).unwrap();
            // Classes stand apart, in directions that need not be independent.
            for (mut row, &label) in features.rows_mut().into_iter().zip(&labels) {
                row[usize::from(label) % d] += 2.0 * f64::from(label + 1);
            }
            (features, labels, classes)
        })
    })
}

/// A random orthogonal matrix [d x d]: the Q of a QR decomposition.
fn orthogonal(d: usize, entries: &[f64]) -> Array2<f64> {
    let q = DMatrix::from_fn(d, d, |i, j| entries[i * d + j] + f64::from(i == j)).qr().q();
    Array2::from_shape_fn((d, d), |(i, j)| q[(i, j)])
}

/// Well-conditioned cases only: with nearly coinciding means two correct answers differ by their condition number.
fn measured(features: &Array2<f64>, labels: &[u16], classes: usize) -> Result<Fuzziness, TestCaseError> {
    let fuzziness = separation_fuzziness(features.view(), labels, classes).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assume!(fuzziness.total < 1e4);
    Ok(fuzziness)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn agrees_with_the_definition((features, labels, classes) in labelled_points()) {
        assert_equal(&measured(&features, &labels, classes)?, &naive(features.view(), &labels, classes), 1e-7);
    }

    #[test]
    fn rotation_and_reflection_change_nothing((features, labels, classes) in labelled_points(), entries in prop::collection::vec(-1.0..1.0f64, 64)) {
        let before = measured(&features, &labels, classes)?;
        let turn = orthogonal(features.ncols(), &entries);
        let mirrored = { let mut t = turn.clone(); t.column_mut(0).mapv_inplace(|x| -x); t };
        for map in [turn, mirrored] {
            assert_equal(&separation_fuzziness(features.dot(&map).view(), &labels, classes).unwrap(), &before, 1e-7);
        }
    }

    #[test]
    fn uniform_scale_changes_nothing((features, labels, classes) in labelled_points(), exponent in -300..300i32) {
        let before = measured(&features, &labels, classes)?;
        let scaled = features.mapv(|x| x * 10f64.powi(exponent));
        assert_equal(&separation_fuzziness(scaled.view(), &labels, classes).unwrap(), &before, 1e-7);
    }

    #[test]
    fn an_offset_changes_nothing((features, labels, classes) in labelled_points(), offset in -1000.0..1000.0f64) {
        let before = measured(&features, &labels, classes)?;
        assert_equal(&separation_fuzziness((&features + offset).view(), &labels, classes).unwrap(), &before, 1e-7);
    }

    #[test]
    fn the_order_of_points_changes_nothing((features, labels, classes) in labelled_points(), rotation in 0..40usize) {
        let before = measured(&features, &labels, classes)?;
        let n = labels.len();
        let order: Vec<usize> = (0..n).map(|i| (n - 1 - i + rotation) % n).collect();
        let permuted = Array2::from_shape_fn(features.dim(), |(i, j)| features[(order[i], j)]);
        let permuted_labels: Vec<u16> = order.iter().map(|&i| labels[i]).collect();
        assert_equal(&separation_fuzziness(permuted.view(), &permuted_labels, classes).unwrap(), &before, 1e-7);
    }

    #[test]
    fn memory_layout_changes_nothing((features, labels, classes) in labelled_points()) {
        let column_major = Array2::from_shape_fn((features.ncols(), features.nrows()), |(j, i)| features[(i, j)]);
        assert_equal(&separation_fuzziness(column_major.t(), &labels, classes).unwrap(), &measured(&features, &labels, classes)?, 1e-12);
    }

    #[test]
    fn finite_points_never_give_nan((features, labels, classes) in labelled_points(), exponents in prop::collection::vec(-320..309i32, 8)) {
        let uneven = Array2::from_shape_fn(features.dim(), |(i, j)| features[(i, j)].clamp(-1.0, 1.0) * 10f64.powi(exponents[j]));
        if let Ok(fuzziness) = separation_fuzziness(uneven.view(), &labels, classes) {
            prop_assert!(fuzziness.total.is_finite() && fuzziness.per_class.iter().flatten().all(|d| d.is_finite()), "{fuzziness:?}");
        }
    }
}

#[test]
fn an_empty_class_does_not_count() {
    let features = ndarray::array![[-1.0], [1.0], [3.0], [5.0]];
    let fuzziness = separation_fuzziness(features.view(), &[0, 0, 3, 3], 5).unwrap();
    let expected = Fuzziness { total: 0.25, per_class: vec![Some(0.25), None, None, Some(0.25), None], rank: 1 };
    assert_equal(&fuzziness, &expected, 1e-12);
}

/// Measures points on a line.
fn on_a_line(points: &[f64], labels: &[u16], classes: usize) -> Result<Fuzziness, SeparationError> {
    separation_fuzziness(ArrayView2::from_shape((points.len(), 1), points).unwrap(), labels, classes)
}

#[test]
fn nothing_to_measure_is_an_error() {
    let expected = SeparationError::Empty { points: 0, columns: 1 };
    assert_eq!(on_a_line(&[], &[], 2), Err(expected));
    let no_columns = separation_fuzziness(Array2::<f32>::zeros((3, 0)).view(), &[0, 1, 1], 2);
    assert_eq!(no_columns, Err(SeparationError::Empty { points: 3, columns: 0 }));
}

#[test]
fn wrong_labels_are_errors_that_name_them() {
    assert_eq!(on_a_line(&[0.0, 1.0], &[0], 2), Err(SeparationError::LabelCount { points: 2, labels: 1 }));
    let error = on_a_line(&[0.0, 1.0, 2.0], &[0, 1, 7], 2).unwrap_err();
    assert_eq!(error, SeparationError::LabelOutOfRange { point: 2, label: 7, classes: 2 });
    assert_eq!(error.to_string(), "point 2 has label 7; with 2 classes the labels are 0 to 1");
}

#[test]
fn one_class_is_an_error() {
    assert_eq!(on_a_line(&[0.0, 1.0], &[1, 1], 3), Err(SeparationError::TooFewClasses { present: 1 }));
}

#[test]
fn values_that_are_not_finite_are_named() {
    let features = ndarray::array![[0f32, 1.0], [2.0, f32::NEG_INFINITY], [f32::NAN, 0.0]];
    let error = separation_fuzziness(features.view(), &[0, 1, 1], 2).unwrap_err();
    assert_eq!(error, SeparationError::NotFinite { point: 1, column: 1, value: f64::NEG_INFINITY });
    assert!(error.to_string().starts_with("point 1 is -inf in column 1"), "{error}");
}

#[test]
fn equal_means_are_an_error_even_when_rounded() {
    // Exactly equal; all points the same, not a multiple of anything; equal but for the rounding of their sums.
    assert_eq!(on_a_line(&[-1.0, 1.0, -2.0, 2.0], &[0, 0, 1, 1], 2), Err(SeparationError::EqualMeans));
    assert_eq!(on_a_line(&[0.1; 7], &[0, 1, 0, 1, 1, 0, 1], 2), Err(SeparationError::EqualMeans));
    let points = [0.1, 0.2, 0.7, 0.7, 0.1, 0.2, 0.2, 0.7, 0.1];
    assert_eq!(on_a_line(&points, &[0, 0, 0, 1, 1, 1, 2, 2, 2], 3), Err(SeparationError::EqualMeans));
}

#[test]
fn points_too_far_apart_for_float64_are_an_error() {
    assert_eq!(on_a_line(&[-1e308, 1e308, 1.5e308, -1.5e308], &[0, 1, 1, 0], 2), Err(SeparationError::Overflow));
}

#[test]
fn sparse_labels_cost_no_memory_and_too_many_classes_are_refused() {
    let features = Array2::from_shape_fn((4, 10_000), |(i, j)| (i * 7 + j % 3) as f64 + f64::from(i as u8 % 2));
    let sparse = separation_fuzziness(features.view(), &[0, 65_535, 0, 65_535], 65_536).unwrap();
    let dense = separation_fuzziness(features.view(), &[0, 1, 0, 1], 2).unwrap();
    assert_eq!((sparse.total, sparse.per_class[0], sparse.per_class[65_535]), (dense.total, dense.per_class[0], dense.per_class[1]));
    assert_eq!(sparse.per_class[1], None);
    let labels: Vec<u16> = (0..1001).collect();
    let error = separation_fuzziness(Array2::<f64>::from_shape_fn((1001, 1), |(i, _)| i as f64).view(), &labels, 1001).unwrap_err();
    assert_eq!(error.to_string(), "1001 classes have points; at most 1000 are accepted");
}
