//! The layer-peeled model against golden values, and against a bound that no classifiers and features can pass.

#![cfg(not(target_arch = "wasm32"))]

use nalgebra::DMatrix;
use proptest::prelude::*;
use separation_playground::collapse::layer_peeled::{LayerPeeled, LayerPeeledOptimum, SWEEP_SETTINGS, Sweep};

#[derive(serde::Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    classes: usize,
    majority: usize,
    imbalance: f64,
    energy_features: f64,
    energy_classifiers: f64,
    loss: f64,
    mean_cos_majority_classifiers: Option<f64>,
    mean_cos_minority_classifiers: Option<f64>,
    mean_cos_between: Option<f64>,
    classifier_sq_norm_majority: f64,
    classifier_sq_norm_minority: f64,
    feature_sq_norm_majority: f64,
    feature_sq_norm_minority: f64,
}

/// The setting of the paper's figure.
const PAPER: LayerPeeled =
    LayerPeeled { classes: 10, majority: 5, imbalance: 1.0, energy_features: 5.0, energy_classifiers: 1.0, dimensions: None };

fn golden() -> Vec<Case> {
    serde_json::from_str::<Golden>(include_str!("golden/layer_peeled.json")).unwrap().cases
}

fn model(case: &Case) -> LayerPeeled {
    let Case { classes, majority, imbalance, energy_features, energy_classifiers, .. } = *case;
    LayerPeeled { classes, majority, imbalance, energy_features, energy_classifiers, dimensions: None }
}

#[test]
fn golden_values() {
    let cases = golden();
    assert_eq!(cases.len(), 48);
    for case in cases {
        let model = model(&case);
        let optimum = model.solve().unwrap();
        assert!(optimum.loss <= case.loss * (1.0 + 1e-5) + 1e-9, "{model:?}: {} is above {}", optimum.loss, case.loss);
        assert!(optimum.loss >= case.loss * (1.0 - 1e-3), "{model:?}: {} cannot be so far under {}", optimum.loss, case.loss);
        for (cosine, expected) in [
            (optimum.cos_majority, case.mean_cos_majority_classifiers),
            (optimum.cos_minority, case.mean_cos_minority_classifiers),
            (optimum.cos_between, case.mean_cos_between),
        ] {
            assert!(cosine.is_some() == expected.is_some(), "{model:?}: {cosine:?}, not {expected:?}");
            assert!((cosine.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-2, "{model:?}: {cosine:?}, not {expected:?}");
        }
        for (norm, square) in [
            (optimum.norms_w[0], case.classifier_sq_norm_majority),
            (optimum.norms_w[case.classes - 1], case.classifier_sq_norm_minority),
            (optimum.norms_h[0], case.feature_sq_norm_majority),
            (optimum.norms_h[case.classes - 1], case.feature_sq_norm_minority),
        ] {
            assert!((norm * norm - square).abs() < 1e-2 * square + 1e-3, "{model:?}: a squared norm of {}, not {square}", norm * norm);
        }
    }
}

fn matrix(rows: &ndarray::Array2<f64>) -> DMatrix<f64> {
    DMatrix::from_fn(rows.nrows(), rows.ncols(), |i, j| rows[[i, j]])
}

/// Share of the points that each class has.
fn shares(model: &LayerPeeled) -> Vec<f64> {
    let points: Vec<f64> = (0..model.classes).map(|k| if k < model.majority { model.imbalance } else { 1.0 }).collect();
    let total: f64 = points.iter().sum();
    points.iter().map(|n| n / total).collect()
}

/// The loss of W and H by its definition, and its gradient in the logits W H^T `[K x K]`.
fn loss_and_gradient(shares: &[f64], logits: &DMatrix<f64>) -> (f64, DMatrix<f64>) {
    let k = shares.len();
    let (mut loss, mut gradient) = (0.0, DMatrix::zeros(k, k));
    for (class, share) in shares.iter().enumerate() {
        let lead = |j: usize| (logits[(j, class)] - logits[(class, class)]).exp();
        let others: f64 = (0..k).filter(|&j| j != class).map(lead).sum();
        loss += share * others.ln_1p();
        for j in 0..k {
            gradient[(j, class)] = share * if j == class { -others } else { lead(j) } / (1.0 + others);
        }
    }
    (loss, gradient)
}

/// Holds an optimum against its definition, and against the bound of Frank and Wolfe: the model is convex in the logits Z, whose nuclear
/// norm is at most B = K sqrt(E_H E_W), so no loss is less than loss(Z) - (<G, Z> + B |G|_2), G the gradient. So a gap near 0 proves
/// that W and H are a global optimum, whatever found them.
fn assert_optimal(model: &LayerPeeled, optimum: &LayerPeeledOptimum) {
    let (w, h) = (matrix(&optimum.w), matrix(&optimum.h));
    let k = model.classes as f64;
    let close =
        |a: f64, b: f64, what: &str| assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-12, "{model:?}: {what} {a}, not {b}");
    close(w.norm_squared() / k, model.energy_classifiers, "energy of W");
    close(h.norm_squared() / k, model.energy_features, "energy of H");

    let logits = &w * h.transpose();
    let (loss, gradient) = loss_and_gradient(&shares(model), &logits);
    close(optimum.loss, loss, "loss");
    let radius = k * (model.energy_features * model.energy_classifiers).sqrt();
    let gap = gradient.dot(&logits) + radius * gradient.clone().singular_values().max();
    assert!(gap.abs() <= 1e-8 * loss, "{model:?}: the loss {loss:e} may be {gap:e} above the optimum");

    let duality = (&w / w.norm() - &h / h.norm()).norm_squared();
    close(optimum.duality, duality, "duality");
    let mean_cos = |pairs: Vec<(usize, usize)>| {
        let cosines: Vec<f64> = pairs.iter().map(|&(i, j)| w.row(i).dot(&w.row(j)) / (w.row(i).norm() * w.row(j).norm())).collect();
        cosines.iter().sum::<f64>() / cosines.len() as f64
    };
    let pairs = |from: std::ops::Range<usize>| from.clone().flat_map(|i| (i + 1..from.end).map(move |j| (i, j))).collect::<Vec<_>>();
    let (majority, minority) = (0..model.majority, model.majority..model.classes);
    let between = majority.clone().flat_map(|i| minority.clone().map(move |j| (i, j))).collect();
    for (cosine, pairs) in
        [(optimum.cos_majority, pairs(majority)), (optimum.cos_minority, pairs(minority)), (optimum.cos_between, between)]
    {
        match cosine {
            Some(cosine) => assert!((cosine - mean_cos(pairs)).abs() < 1e-6, "{model:?}: {cosine}"),
            None => assert!(pairs.is_empty() || pairs.iter().any(|&(i, j)| w.row(i).norm() * w.row(j).norm() < 1e-12), "{model:?}"),
        }
    }
    for (norms, rows) in [(&optimum.norms_w, &w), (&optimum.norms_h, &h)] {
        norms.iter().zip(rows.row_iter()).for_each(|(&norm, row)| close(norm, row.norm(), "norm"));
    }
}

#[test]
fn the_golden_settings_are_solved_to_a_proven_optimum() {
    for case in golden() {
        let model = model(&case);
        assert_optimal(&model, &model.solve().unwrap());
    }
}

fn settings() -> impl Strategy<Value = LayerPeeled> {
    let energy = || (-1.5..1.5f64).prop_map(|exponent| 10f64.powf(exponent));
    (2usize..13, 0.0..1.0f64, 0.0..6.0f64, energy(), energy()).prop_map(|(classes, part, exponent, energy_features, energy_classifiers)| {
        let majority = (part * (classes + 1) as f64) as usize;
        LayerPeeled { classes, majority, imbalance: 10f64.powf(exponent), energy_features, energy_classifiers, dimensions: None }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_setting_is_solved_to_a_proven_optimum(model in settings()) {
        assert_optimal(&model, &model.solve().unwrap());
    }

    #[test]
    fn only_the_product_of_the_energies_bends_the_frame(model in settings(), share in 0.1..10.0f64) {
        let other = LayerPeeled { energy_features: model.energy_features * share, energy_classifiers: model.energy_classifiers / share, ..model };
        let (one, other) = (model.solve().unwrap(), other.solve().unwrap());
        prop_assert!((one.loss - other.loss).abs() <= 1e-9 * one.loss);
        prop_assert!((one.duality - other.duality).abs() <= 1e-6);
    }
}

#[test]
fn the_balanced_optimum_is_a_simplex() {
    for classes in 2..=12 {
        for majority in 0..=classes {
            for energy in [0.01, 1.0, 40.0] {
                let model = LayerPeeled { classes, majority, energy_classifiers: energy, ..PAPER };
                let optimum = model.solve().unwrap();
                let (w, h) = (matrix(&optimum.w), matrix(&optimum.h));
                let k = classes as f64;
                let simplex = DMatrix::from_fn(classes, classes, |i, j| if i == j { 1.0 } else { -1.0 / (k - 1.0) });
                for (gram, energy) in [(&w * w.transpose(), energy), (&h * h.transpose(), 5.0), (&w * h.transpose(), (5.0 * energy).sqrt())]
                {
                    assert!((gram / energy - &simplex).abs().max() < 1e-9, "{model:?}");
                }
                assert!(optimum.duality < 1e-12, "{model:?}: {}", optimum.duality);
            }
        }
    }
}

#[test]
fn more_dimensions_change_nothing_but_zeros() {
    let model = LayerPeeled { imbalance: 7.0, ..PAPER };
    let wide = model.solve().unwrap();
    assert_eq!((wide.w.dim(), wide.h.dim()), ((10, 20), (10, 20)));
    let narrow = LayerPeeled { dimensions: Some(10), ..model }.solve().unwrap();
    for (wide, narrow) in [(wide.w, narrow.w), (wide.h, narrow.h)] {
        let (kept, zeros) = wide.view().split_at(ndarray::Axis(1), 10);
        assert_eq!(kept, narrow);
        assert!(zeros.iter().all(|&x| x == 0.0));
    }
}

#[test]
fn the_extremes_that_are_accepted_are_solved() {
    for (classes, majority) in [(2, 1), (3, 1), (3, 2), (10, 5), (1000, 1), (1000, 500), (1000, 999)] {
        for imbalance in [1.0, 1e6] {
            for energy in [1e-3, 1e4] {
                let model =
                    LayerPeeled { classes, majority, imbalance, energy_features: energy, energy_classifiers: energy, dimensions: None };
                let optimum = model.solve().unwrap();
                let norms = [(&optimum.norms_w, "w"), (&optimum.norms_h, "h")];
                for (norms, what) in norms {
                    let mean = norms.iter().map(|norm| norm * norm).sum::<f64>() / classes as f64;
                    assert!((mean - energy).abs() <= 1e-9 * energy, "{model:?}: |{what}|^2 is {mean} in the mean");
                }
                let largest = (classes as f64).ln();
                assert!((0.0..largest).contains(&optimum.loss) && (0.0..=2.0).contains(&optimum.duality), "{model:?}: {}", optimum.loss);
                let cosines = [optimum.cos_majority, optimum.cos_minority, optimum.cos_between];
                assert!(cosines.iter().flatten().all(|cosine| (-1.0..=1.0).contains(cosine)), "{model:?}: {cosines:?}");
            }
        }
    }
}

#[test]
fn what_is_not_accepted_is_named_with_its_range() {
    let refused = |model: LayerPeeled, message: &str| {
        assert_eq!(model.solve().unwrap_err().to_string(), message);
        assert_eq!(model.threshold(1e4).map_err(|error| error.to_string()), Err(message.to_owned()));
        assert_eq!(Sweep::new(model).map(|_| ()).map_err(|error| error.to_string()), Err(message.to_owned()));
    };
    refused(LayerPeeled { classes: 1, majority: 1, ..PAPER }, "classes is 1. Use 2 to 1000.");
    refused(LayerPeeled { classes: 1001, ..PAPER }, "classes is 1001. Use 2 to 1000.");
    refused(LayerPeeled { majority: 11, ..PAPER }, "majority is 11. Use 0 to 10.");
    refused(LayerPeeled { energy_features: 0.0, ..PAPER }, "energyFeatures is 0. Use 0.001 to 10000.");
    refused(LayerPeeled { energy_features: f64::NAN, ..PAPER }, "energyFeatures is NaN. Use 0.001 to 10000.");
    refused(LayerPeeled { energy_classifiers: -1.0, ..PAPER }, "energyClassifiers is -1. Use 0.001 to 10000.");
    refused(LayerPeeled { energy_classifiers: f64::INFINITY, ..PAPER }, "energyClassifiers is inf. Use 0.001 to 10000.");
    refused(LayerPeeled { dimensions: Some(9), ..PAPER }, "p is 9. Use 10 to 2000.");
    refused(LayerPeeled { dimensions: Some(usize::MAX), ..PAPER }, "p is 18446744073709552000. Use 10 to 2000.");
    let imbalance = |imbalance: f64| LayerPeeled { imbalance, ..PAPER }.solve().unwrap_err().to_string();
    assert_eq!(imbalance(0.5), "imbalance is 0.5. Use 1 to 1000000.");
    assert_eq!(imbalance(f64::NAN), "imbalance is NaN. Use 1 to 1000000.");
    assert_eq!(PAPER.threshold(2e6).unwrap_err().to_string(), "imbalance is 2000000. Use 1 to 1000000.");
}

#[test]
fn a_sweep_goes_from_the_simplex_to_equal_classifiers() {
    let sweep = Sweep::new(PAPER).unwrap();
    assert_eq!(sweep.len(), SWEEP_SETTINGS);
    let mut begun = sweep.clone();
    begun.by_ref().take(3).for_each(drop);
    assert_eq!((begun.len(), begun.count()), (38, 38), "what is left");
    assert!(Sweep::new(LayerPeeled { imbalance: 0.0, ..PAPER }).is_ok(), "its own imbalance does not matter");
    let threshold = sweep.threshold().unwrap();
    let points: Vec<_> = sweep.collect();
    assert_eq!((points.len(), points[0].imbalance, points[40].imbalance), (41, 1.0, 1e4));
    assert!((points[0].cos_minority.unwrap() + 1.0 / 9.0).abs() < 1e-9 && (points[0].norm_minority.unwrap() - 1.0).abs() < 1e-9);
    assert!((points[10].imbalance - 10.0).abs() < 1e-9);
    for pair in points.windows(2) {
        assert!(pair[1].cos_minority >= pair[0].cos_minority && pair[1].norm_minority < pair[0].norm_minority, "{pair:?}");
    }
    for point in points {
        assert_eq!(point.cos_minority == Some(1.0), point.imbalance >= threshold, "{point:?}, {threshold}");
        let optimum = LayerPeeled { imbalance: point.imbalance, ..PAPER }.solve().unwrap();
        assert_eq!((point.cos_minority, point.norm_minority), (optimum.cos_minority, optimum.norms_w.last().copied()));
    }
}

#[test]
fn the_classifiers_are_a_symmetric_matrix_without_negative_eigenvalues() {
    for imbalance in [1.0, 3.0, 100.0] {
        let w = matrix(&LayerPeeled { imbalance, dimensions: Some(10), ..PAPER }.solve().unwrap().w);
        assert!((&w - w.transpose()).abs().max() < 1e-12);
        assert!(w.symmetric_eigenvalues().min() > -1e-9, "{imbalance}: {}", w.symmetric_eigenvalues());
    }
}

#[test]
fn classifiers_that_are_zero_have_no_cosine() {
    // With seven majority classes the minority classifiers vanish before the imbalance is 10^4.
    let model = LayerPeeled { majority: 7, imbalance: 1e4, ..PAPER };
    let optimum = model.solve().unwrap();
    assert_eq!((optimum.cos_minority, optimum.cos_between, optimum.norms_w[9]), (None, None, 0.0));
    assert!(optimum.cos_majority.unwrap() < 0.0 && optimum.norms_w[0] > 0.0);
    let last = Sweep::new(model).unwrap().last().unwrap();
    assert_eq!((last.cos_minority, last.norm_minority), (None, Some(0.0)));
    let without = Sweep::new(LayerPeeled { majority: 10, ..PAPER }).unwrap().last().unwrap();
    assert_eq!((without.cos_minority, without.norm_minority), (None, None), "no minority class");
}

#[test]
fn the_threshold_is_where_the_minority_classifiers_become_equal() {
    for (classes, majority, energy_features, energy_classifiers) in
        [(10, 5, 5.0, 1.0), (10, 3, 5.0, 1.0), (10, 7, 5.0, 1.0), (4, 2, 5.0, 1.0), (3, 1, 5.0, 1.0), (12, 9, 2.0, 3.0)]
    {
        let model = LayerPeeled { classes, majority, energy_features, energy_classifiers, ..PAPER };
        let threshold = model.threshold(1e4).unwrap().unwrap();
        let spread = |imbalance: f64| {
            let w = LayerPeeled { imbalance, ..model }.solve().unwrap().w;
            let differences = &w.row(classes - 1) - &w.row(classes - 2);
            differences.dot(&differences).sqrt()
        };
        let steps = |from: f64, to: f64| (1..=50).map(move |i| from * (to / from).powf(f64::from(i) / 50.0));
        assert!(steps(1.0, threshold * (1.0 - 1e-6)).all(|imbalance| spread(imbalance) > 0.0), "{model:?}: {threshold}");
        assert!(steps(threshold, 1e6).all(|imbalance| spread(imbalance) == 0.0), "{model:?}: {threshold}");
    }
}

#[test]
fn without_a_collapse_there_is_no_threshold() {
    // Energies so large that the minority classes stay worth telling apart.
    assert_eq!(LayerPeeled { energy_features: 10.0, energy_classifiers: 10.0, ..PAPER }.threshold(1e4).unwrap(), None);
    // No two minority classes, no majority, no minority.
    for majority in [0, 9, 10] {
        assert_eq!(LayerPeeled { majority, ..PAPER }.threshold(1e4).unwrap(), None);
    }
}
