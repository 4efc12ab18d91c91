//! Neural collapse against golden values, its definitions and its invariances; the simplex picture.

#![cfg(not(target_arch = "wasm32"))]

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use ndarray::{Array2, ArrayView2, array};
use proptest::prelude::*;
use separation_playground::collapse::{
    Classifier, CollapseError, Nc2, NeuralCollapse, Simplex, Span, neural_collapse, sample_size, simplex,
};
use separation_playground::separation::{Cast, SeparationError, Whitened};

#[derive(serde::Deserialize)]
struct Golden {
    relative_tolerance: f64,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    points: usize,
    d: usize,
    features: Vec<f64>,
    labels: Vec<u16>,
    classifier_weight: Vec<f64>,
    classifier_bias: Vec<f64>,
    nc1_variability: f64,
    nc2_equinorm_means: f64,
    nc2_equinorm_classifiers: f64,
    nc2_angle_deviation_means: f64,
    nc2_angle_deviation_classifiers: f64,
    nc3_self_duality: f64,
    nc4_ncc_disagreement: f64,
    ncc_accuracy: f64,
}

fn values(collapse: &NeuralCollapse) -> [f64; 8] {
    let NeuralCollapse { nc1, nc2, nc3, nc4, ncc_accuracy } = *collapse;
    [nc1, nc2.equinorm_means, nc2.equinorm_classifiers, nc2.angle_means, nc2.angle_classifiers, nc3, nc4, ncc_accuracy]
}

fn assert_equal(a: &NeuralCollapse, b: &NeuralCollapse, tolerance: f64) {
    for (x, y) in values(a).into_iter().zip(values(b)) {
        // An exact simplex is one to rounding.
        assert!((x - y).abs() <= tolerance * x.abs().max(y.abs()) + 1e-12, "{a:?}\n{b:?}");
    }
}

#[test]
fn golden_values() {
    let golden: Golden = serde_json::from_str(include_str!("golden/neural_collapse.json")).unwrap();
    assert_eq!(golden.cases.len(), 4);
    for case in golden.cases {
        println!("{}", case.name);
        let classifier = Classifier::new(case.classifier_weight, case.classifier_bias, case.d).unwrap();
        let features = Array2::from_shape_vec((case.points, case.d), case.features).unwrap();
        let expected = NeuralCollapse {
            nc1: case.nc1_variability,
            nc2: Nc2 {
                equinorm_means: case.nc2_equinorm_means,
                equinorm_classifiers: case.nc2_equinorm_classifiers,
                angle_means: case.nc2_angle_deviation_means,
                angle_classifiers: case.nc2_angle_deviation_classifiers,
            },
            nc3: case.nc3_self_duality,
            nc4: case.nc4_ncc_disagreement,
            ncc_accuracy: case.ncc_accuracy,
        };
        assert_equal(&neural_collapse(features.view(), &case.labels, &classifier).unwrap(), &expected, golden.relative_tolerance);
        let single = features.mapv(|x| x as f32);
        assert_equal(&neural_collapse(single.view(), &case.labels, &classifier).unwrap(), &expected, golden.relative_tolerance);
    }
}

/// The definitions, with d x d matrices.
fn naive(features: ArrayView2<f64>, labels: &[u16], weight: &DMatrix<f64>, bias: &DVector<f64>) -> NeuralCollapse {
    let (n, d) = features.dim();
    let classes = bias.len();
    let point = |i: usize| DVector::from_iterator(d, features.row(i).iter().copied());
    let mean_of = |class: usize| {
        let members: Vec<usize> = (0..n).filter(|&i| usize::from(labels[i]) == class).collect();
        members.iter().fold(DVector::zeros(d), |sum, &i| sum + point(i)) / members.len() as f64
    };
    let means: Vec<DVector<f64>> = (0..classes).map(mean_of).collect();
    let center = means.iter().fold(DVector::zeros(d), |sum, mean| sum + mean) / classes as f64;
    let centered = DMatrix::from_fn(d, classes, |row, class| means[class][row] - center[row]);
    let within = (0..n).map(|i| point(i) - &means[usize::from(labels[i])]).fold(DMatrix::zeros(d, d), |s, x| s + &x * x.transpose());
    let eigen = SymmetricEigen::new(&centered * centered.transpose() / classes as f64);
    let noise = d as f64 * f64::EPSILON * eigen.eigenvalues.max();
    let inverse = eigen.eigenvalues.map(|value| if value > noise { 1.0 / value } else { 0.0 });
    let inverse = &eigen.eigenvectors * DMatrix::from_diagonal(&inverse) * eigen.eigenvectors.transpose();

    let geometry = |vectors: &DMatrix<f64>| {
        let norms: Vec<f64> = vectors.column_iter().map(|v| v.norm()).collect();
        let mean = norms.iter().sum::<f64>() / classes as f64;
        let deviation = (norms.iter().map(|norm| (norm - mean).powi(2)).sum::<f64>() / (classes - 1) as f64).sqrt();
        let pairs = (0..classes).flat_map(|i| (0..i).map(move |j| (i, j)));
        let off =
            pairs.map(|(i, j)| (vectors.column(i).dot(&vectors.column(j)) / (norms[i] * norms[j]) + 1.0 / (classes - 1) as f64).abs());
        (deviation / mean, off.sum::<f64>() / (classes * (classes - 1) / 2) as f64)
    };
    let ((equinorm_means, angle_means), (equinorm_classifiers, angle_classifiers)) = (geometry(&centered), geometry(&weight.transpose()));
    let nearest = |i: usize| (0..classes).min_by(|&a, &b| (point(i) - &means[a]).norm().total_cmp(&(point(i) - &means[b]).norm())).unwrap();
    let share = |chosen: &dyn Fn(usize) -> bool| (0..n).filter(|&i| chosen(i)).count() as f64 / n as f64;
    NeuralCollapse {
        nc1: (within / n as f64 * inverse).trace(),
        nc2: Nc2 { equinorm_means, equinorm_classifiers, angle_means, angle_classifiers },
        nc3: (weight.transpose() / weight.norm() - &centered / centered.norm()).norm_squared(),
        nc4: share(&|i| (weight * point(i) + bias).argmax().0 != nearest(i)),
        ncc_accuracy: share(&|i| nearest(i) == usize::from(labels[i])),
    }
}

/// Random points of 2 to 6 classes, of different numbers, and a classifier.
fn case() -> impl Strategy<Value = (Array2<f64>, Vec<u16>, DMatrix<f64>, DVector<f64>)> {
    (2..7usize, 1..9usize, 0..40usize).prop_flat_map(|(classes, d, more)| {
        let n = classes + more;
        let labels =
            prop::collection::vec(0..classes as u16, more).prop_map(move |rest| (0..classes as u16).chain(rest).collect::<Vec<_>>());
        let numbers = prop::collection::vec(-2.0..2.0f64, (n + classes) * d + classes);
        (numbers, labels).prop_map(move |(numbers, labels)| {
            let mut features = Array2::from_shape_vec((n, d), numbers[..n * d].to_vec()).unwrap();
            for (mut row, &label) in features.rows_mut().into_iter().zip(&labels) {
                row[usize::from(label) % d] += 2.0 * f64::from(label + 1);
            }
            let weight = DMatrix::from_row_slice(classes, d, &numbers[n * d..(n + classes) * d]);
            (features, labels, weight, DVector::from_column_slice(&numbers[(n + classes) * d..]))
        })
    })
}

fn classifier(weight: &DMatrix<f64>, bias: &DVector<f64>) -> Classifier {
    Classifier::new(weight.transpose().iter().copied().collect(), bias.iter().copied().collect(), weight.ncols()).unwrap()
}

/// A random orthogonal matrix [d x d].
fn orthogonal(d: usize, entries: &[f64]) -> DMatrix<f64> {
    DMatrix::from_fn(d, d, |i, j| entries[i * d + j] + f64::from(i == j)).qr().q()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn agrees_with_the_definitions((features, labels, weight, bias) in case()) {
        let collapse = neural_collapse(features.view(), &labels, &classifier(&weight, &bias)).unwrap();
        // With nearly dependent means two correct answers differ by their condition number.
        prop_assume!(collapse.nc1 < 1e4);
        assert_equal(&collapse, &naive(features.view(), &labels, &weight, &bias), 1e-7);
    }

    #[test]
    fn an_exact_simplex_has_no_nc2_and_no_nc3_however_it_is_turned_and_scaled(
        classes in 2..11usize, entries in prop::collection::vec(-1.0..1.0f64, 144), scale in 1e-3..1e3f64, shift in -2.0..2.0f64,
    ) {
        let vertices = DMatrix::from_row_slice(classes, classes - 1, &simplex(&Vec::from_iter(0..classes as u16)));
        let moved = &vertices * orthogonal(12, &entries).columns(0, classes - 1).transpose();
        let features = Array2::from_shape_fn((2 * classes, 12), |(i, j)| scale * (moved[(i % classes, j)] + shift));
        let labels: Vec<u16> = (0..2 * classes as u16).map(|i| i % classes as u16).collect();
        // The bias takes the points' common shift away.
        let bias = moved.column_sum() * (-7.0 * scale * shift);
        let classifier = classifier(&(moved * 7.0), &bias);
        let NeuralCollapse { nc1, nc2, nc3, nc4, ncc_accuracy } = neural_collapse(features.view(), &labels, &classifier).unwrap();
        let zeros = [nc1, nc2.equinorm_means, nc2.equinorm_classifiers, nc2.angle_means, nc2.angle_classifiers, nc3];
        prop_assert!(zeros.iter().all(|x| x.abs() < 1e-10), "{zeros:?}");
        prop_assert_eq!((nc4, ncc_accuracy), (0.0, 1.0));
    }

    #[test]
    fn turning_and_scaling_points_and_classifier_changes_nothing((features, labels, weight, bias) in case(), entries in prop::collection::vec(-1.0..1.0f64, 64)) {
        let before = neural_collapse(features.view(), &labels, &classifier(&weight, &bias)).unwrap();
        prop_assume!(before.nc1 < 1e4);
        let turn = orthogonal(features.ncols(), &entries);
        let matrix = Array2::from_shape_fn(turn.shape(), |at| 3.0 * turn[at]);
        let after = neural_collapse(features.dot(&matrix).view(), &labels, &classifier(&(&weight * turn), &(bias * 3.0))).unwrap();
        assert_equal(&before, &after, 1e-7);
    }
}

fn refusal(features: Array2<f64>, labels: &[u16], classifier: &Classifier) -> String {
    neural_collapse(features.view(), labels, classifier).unwrap_err().to_string()
}

#[test]
fn what_is_undefined_is_refused_by_class() {
    let three = Classifier::new(vec![1.0, 2.0, 4.0], vec![0.0; 3], 1).unwrap();
    assert_eq!(refusal(array![[0.0], [1.0], [2.0]], &[0, 2, 2], &three), "class 1 has no points; every class needs some");
    let central = "the mean of class 1 is the mean of all class means, so it has no angle to the others";
    assert_eq!(refusal(array![[-1.0], [0.1], [-0.1], [1.0]], &[0, 1, 1, 2], &three), central);
    let dead = Classifier::new(vec![1.0, 0.0], vec![0.0; 2], 1).unwrap();
    let zero = "the classifier's row for class 1 is 0, so it has no angle to the others";
    assert_eq!(refusal(array![[-1.0], [1.0]], &[0, 1], &dead), zero);
    // A row is 0 beside the longest, not in itself.
    let rows = |first: f64, second: f64| {
        let classifier = Classifier::new(vec![first, second], vec![0.0; 2], 1).unwrap();
        neural_collapse(array![[-1.0], [1.0]].view(), &[0, 1], &classifier).map(|_| ())
    };
    assert_eq!(rows(1e6, -1e-12), Err(CollapseError::ZeroRow(1)));
    assert_eq!(rows(1e-6, -1e-12), Ok(()));
    let two = Classifier::new(vec![1.0, 2.0], vec![0.0; 2], 1).unwrap();
    assert!(refusal(array![[0.1], [0.1], [0.1]], &[0, 1, 1], &two).contains("means are equal"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let new = |weight: &[f64], bias: &[f64], columns| Classifier::new(weight.to_vec(), bias.to_vec(), columns).unwrap_err();
    assert_eq!(new(&[1.0, 2.0], &[0.0], 2), CollapseError::TooFewClasses(1));
    assert_eq!(new(&[1.0; 5], &[0.0; 2], 3).to_string(), "the weight has 5 numbers; with 2 biases and 3 columns it must have 6");
    let not_finite = new(&[1.0, 2.0, f64::NAN, 0.0], &[0.0; 2], 2);
    assert_eq!(not_finite.to_string(), "the classifier's weight is NaN for class 1; every number must be finite");
    assert!(new(&[1.0; 2], &[0.0, f64::INFINITY], 1).to_string().contains("bias is inf for class 1"));
    let two = Classifier::new(vec![1.0, 2.0], vec![0.0; 2], 1).unwrap();
    let measure = |features: Array2<f64>, labels: &[u16]| neural_collapse(features.view(), labels, &two).unwrap_err();
    assert_eq!(measure(array![[0.0], [1.0]], &[1, 1]), SeparationError::TooFewClasses { present: 1 }.into());
    assert_eq!(measure(array![[0.0], [1.0]], &[0]), SeparationError::LabelCount { points: 2, labels: 1 }.into());
    assert!(matches!(measure(array![[0.0], [1.0]], &[0, 2]), CollapseError::Separation(SeparationError::LabelOutOfRange { label: 2, .. })));
    assert!(matches!(measure(array![[0.0], [f64::NAN]], &[0, 1]), CollapseError::Separation(SeparationError::NotFinite { .. })));
    assert_eq!(measure(array![[0.0, 1.0], [1.0, 0.0]], &[0, 1]), CollapseError::Shape { weight: 2, classes: 2, columns: 2 });
    let huge = Classifier::new(vec![f64::MAX, f64::MAX, -f64::MAX, 1.0], vec![0.0; 2], 2).unwrap();
    assert_eq!(neural_collapse(array![[0.0, 1.0], [1.0, 0.0]].view(), &[0, 1], &huge), Err(CollapseError::Overflow));
}

/// The picture of one layer, the last, of all its points.
fn picture(features: &Array2<f64>, labels: &[u16], ring: &[u16], classifier: Option<&Classifier>) -> Simplex {
    let cast = Cast::of_most(labels, ring, 100 * ring.len());
    let mut picture = Simplex::new(&cast);
    picture.push(&cast, Some(&Whitened::new(features.view(), labels, ring.len()).unwrap()), classifier);
    picture
}

fn distances(places: &[f64], dim: usize) -> Vec<f64> {
    let rows = || places.chunks_exact(dim);
    rows().flat_map(|a| rows().map(move |b| a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt())).collect()
}

/// Points of five classes in eight dimensions, and their class means.
fn five_classes() -> (Array2<f64>, Vec<u16>, Vec<f64>) {
    let labels: Vec<u16> = (0..60).map(|i| i % 5).collect();
    let at = |(i, j): (usize, usize)| f64::from(i % 5 == j) * (2.0 + (i % 5) as f64) + ((i * 31 + j * 17) % 23) as f64 / 23.0;
    let features = Array2::from_shape_fn((60, 8), at);
    let mean = |(class, j): (usize, usize)| (class..60).step_by(5).map(|i| features[(i, j)]).sum::<f64>() / 12.0;
    let means = (0..5).flat_map(|class| (0..8).map(move |j| (class, j))).map(mean).collect();
    (features, labels, means)
}

#[test]
fn the_picture_keeps_the_shape_of_the_means_and_stands_as_the_ideal_does() {
    let (features, labels, means) = five_classes();
    let picture = picture(&features, &labels, &[3, 1, 4, 0, 2], None);
    assert_eq!((picture.classes(), picture.dim(), picture.layers(), picture.shown()), (5, 4, 1, 60));
    let drawn = picture.means(0).unwrap();
    let (shown, measured) = (distances(&drawn, 4), distances(&means, 8));
    let scale = shown[1] / measured[1];
    assert!(shown.iter().zip(&measured).all(|(a, b)| (a - scale * b).abs() < 1e-6), "{shown:?}");
    let size = drawn.iter().map(|x| x * x).sum::<f64>();
    assert!((size - 5.0).abs() < 1e-6, "{size}");
    for (class, (mean, vertex)) in drawn.chunks_exact(4).zip(picture.ideal().chunks_exact(4)).enumerate() {
        let along = mean.iter().zip(vertex).map(|(a, b)| a * b).sum::<f64>();
        assert!(along > 0.5, "class {class} is {along} along its vertex");
    }
    // Each class's points have its mean as mean, to the rounding of a step.
    let points = picture.points(0).unwrap();
    for class in 0..5 {
        let of_class = picture.labels().zip(points.chunks_exact(4)).filter(|(label, _)| *label == class);
        let sum = of_class.fold([0.0; 4], |sum, (_, point)| [0, 1, 2, 3].map(|axis| sum[axis] + point[axis]));
        assert!(sum.iter().zip(&drawn[4 * class..]).all(|(sum, mean)| (sum / 12.0 - mean).abs() < 1.0 / 1024.0));
    }
}

#[test]
fn three_classes_in_the_plane_are_exact_to_every_point() {
    let labels: Vec<u16> = (0..30).map(|i| i % 3).collect();
    let features = Array2::from_shape_fn((30, 2), |(i, j)| (i * (j + 2)) as f64 % 7.0 + f64::from(i % 3 == j) * 9.0);
    let picture = picture(&features, &labels, &[0, 1, 2], None);
    // The points stand class by class.
    let rows: Vec<usize> = (0..3).flat_map(|class| (class..30).step_by(3)).collect();
    let measured = distances(&rows.iter().flat_map(|&row| features.row(row).to_vec()).collect::<Vec<_>>(), 2);
    let shown = distances(&picture.points(0).unwrap(), 2);
    let scale = distances(&picture.means(0).unwrap(), 2)[1];
    let mean = |class: usize, j: usize| (class..30).step_by(3).map(|i| features[(i, j)]).sum::<f64>() / 10.0;
    let scale = scale / (mean(0, 0) - mean(1, 0)).hypot(mean(0, 1) - mean(1, 1));
    assert!(shown.iter().zip(&measured).all(|(a, b)| (a - scale * b).abs() < 2.0 / 1024.0));
}

#[test]
fn a_dual_classifier_stands_on_the_means() {
    let (features, labels, means) = five_classes();
    let center: Vec<f64> = (0..8).map(|j| means[j..].iter().step_by(8).sum::<f64>() / 5.0).collect();
    let rows: Vec<f64> = means.iter().enumerate().map(|(at, x)| 0.3 * (x - center[at % 8])).collect();
    let picture = picture(&features, &labels, &[0, 1, 2, 3, 4], Some(&Classifier::new(rows, vec![0.0; 5], 8).unwrap()));
    let (drawn, means) = (picture.classifier(0).unwrap(), picture.means(0).unwrap());
    assert!(drawn.iter().zip(&means).all(|(a, b)| (a - b).abs() < 1e-6), "{drawn:?} {means:?}");
    assert_eq!(picture.classifier(1), None);
    // In the span of chosen classes too, but for where its center is.
    let Span { dim, means, classifier, .. } = Span::new(&picture, 0, &[4, 1, 2]).unwrap();
    let (rows, from_first) = (classifier.unwrap(), |places: &[f64], at: usize| places[at] - places[at % dim]);
    assert_eq!((dim, rows.len()), (2, means.len()));
    assert!((0..rows.len()).all(|at| (from_first(&rows, at) - from_first(&means, at)).abs() < 1e-6), "{rows:?} {means:?}");
}

#[test]
fn chosen_classes_are_exact_within_their_span() {
    let (features, labels, means) = five_classes();
    let picture = picture(&features, &labels, &[0, 1, 2, 3, 4], None);
    for chosen in [&[2, 4][..], &[3, 0, 1], &[4, 2, 1, 0]] {
        let span = Span::new(&picture, 0, chosen).unwrap();
        let dim = chosen.len() - 1;
        assert_eq!((span.dim, span.ideal.len(), span.means.len(), span.points.len()), (dim, chosen.len() * dim, 5 * dim, 60 * dim));
        let of = |places: &[f64], dim: usize| {
            chosen.iter().flat_map(|&class| places[usize::from(class) * dim..][..dim].to_vec()).collect::<Vec<_>>()
        };
        let (shown, measured) = (distances(&of(&span.means, dim), dim), distances(&of(&means, 8), 8));
        let scale = shown[1] / measured[1];
        assert!(shown.iter().zip(&measured).all(|(a, b)| (a - scale * b).abs() < 1e-6), "{chosen:?}");
        // No distance grows in a shadow.
        assert!(distances(&span.means, dim).iter().zip(distances(&means, 8)).all(|(a, b)| *a <= scale * b + 1e-6));
        let upright = of(&span.means, dim)
            .chunks_exact(dim)
            .zip(span.ideal.chunks_exact(dim))
            .all(|(a, b)| a[0] * b[0] + a[dim - 1] * b[dim - 1] > 0.0);
        assert!(upright, "{chosen:?}: {:?}", span.means);
    }
    for none in [&[][..], &[1], &[1, 1], &[0, 5], &[0, 1, 2, 3, 4]] {
        assert_eq!(Span::new(&picture, 0, none), None, "{none:?}");
    }
    assert_eq!(Span::new(&picture, 1, &[0, 1]), None);
}

#[test]
fn layers_without_a_picture_and_cosines_of_those_with_one() {
    let (features, labels, means) = five_classes();
    let cast = Cast::of_most(&labels, &[0, 1, 2, 3, 4], 20);
    let mut picture = Simplex::new(&cast);
    picture.push(&cast, None, None);
    // On a line there is nothing to turn.
    let line = Array2::from_shape_fn((60, 1), |(i, _)| (i % 5) as f64);
    picture.push(&cast, Whitened::new(line.view(), &labels, 5).ok().as_ref(), None);
    picture.push(&cast, Whitened::new(features.view(), &labels, 5).ok().as_ref(), None);
    assert_eq!([0, 1, 2, 3].map(|layer| picture.means(layer).is_some()), [false, false, true, false]);
    assert_eq!([0, 1, 2, 3].map(|layer| picture.points(layer).is_some()), [false, false, true, false]);
    let cosines = picture.cosines(2).unwrap();
    let center: Vec<f64> = (0..8).map(|j| means[j..].iter().step_by(8).sum::<f64>() / 5.0).collect();
    let offset = |class: usize| DVector::from_fn(8, |j, _| means[8 * class + j] - center[j]);
    for i in 0..5 {
        for j in 0..5 {
            let expected = offset(i).dot(&offset(j)) / (offset(i).norm() * offset(j).norm());
            assert!((cosines[5 * i + j] - expected).abs() < 1e-6, "{i} {j}: {} {expected}", cosines[5 * i + j]);
        }
    }
}

#[test]
fn a_class_without_points_has_no_picture() {
    let cast = Cast::new(&[0, 1, 0, 1], &[0, 1, 2]);
    let mut picture = Simplex::new(&cast);
    let points = Whitened::new(array![[0.0, 1.0], [2.0, 1.0], [0.0, 2.0], [2.0, 3.0]].view(), &[0, 1, 0, 1], 3).unwrap();
    picture.push(&cast, Some(&points), None);
    assert_eq!((picture.layers(), picture.means(0)), (1, None));
}

#[test]
fn the_sample_fits_the_history() {
    assert_eq!([sample_size(10, 8), sample_size(3, 20), sample_size(2, 4)], [1000, 300, 200]);
    assert_eq!(sample_size(10, 20), 555);
    assert_eq!(sample_size(100, 20), 100, "one point of each class is always there");
}
