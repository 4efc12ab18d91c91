//! Minority Collapse: its figure stands where the numbers say, and a run records what became of its minority classes.
#![cfg(not(target_arch = "wasm32"))]

use pollster::block_on;
use separation_playground::chart::{MinorityFigure, MinorityLabels, Theme, TrainedPoint, svg};
use separation_playground::collapse::Minority;
use separation_playground::collapse::layer_peeled::{LayerPeeled, Sweep, SweepPoint};
use separation_playground::dataset::{BUNDLED, load};
use separation_playground::experiment::{Config, Run};

const LABELS: MinorityLabels = MinorityLabels {
    cosine: "Cosine",
    norm: "Length",
    accuracy: "Accuracy",
    axis: "*R*",
    simplex: "simplex",
    threshold: "*R*₀ = 12.2",
    trained: "trained",
    oversampled: "oversampled",
};
const PAPER: LayerPeeled =
    LayerPeeled { classes: 10, majority: 5, imbalance: 30.0, energy_features: 5.0, energy_classifiers: 1.0, dimensions: None };
const SIZE: (u32, u32) = (480, 400);
/// Px of the SVG's coordinates in a CSS px.
const SCALE: f64 = 10.0;
const INK: &str = "#13202B";
const TEST: &str = "#1763A6";
const GHOST: &str = "#7B8A95";
const EDGE: &str = "#7B8B96";

fn draw(model: LayerPeeled, trained: &[TrainedPoint], oversampled: &[TrainedPoint], size: (u32, u32)) -> String {
    let sweep = Sweep::new(model).unwrap();
    let threshold = sweep.threshold();
    let points: Vec<SweepPoint> = sweep.collect();
    let optimum = model.solve().unwrap();
    let norm_minority = optimum.norms_w.last().copied();
    let here = SweepPoint { imbalance: model.imbalance, cos_minority: optimum.cos_minority, norm_minority };
    let figure = MinorityFigure { sweep: &points, unit: 1.0, threshold, here, simplex: -1.0 / 9.0, trained, oversampled, labels: LABELS };
    svg(size, SCALE, |sheet| figure.draw(sheet, &Theme::LIGHT, SCALE)).unwrap()
}

/// The numbers of an attribute of each element of this kind and colour, CSS px.
fn numbers(svg: &str, kind: &str, color: &str, attribute: &str) -> Vec<Vec<f64>> {
    let elements = svg.split('<').filter(|tag| tag.starts_with(&format!("{kind} ")) && tag.contains(&format!("=\"{color}\"")));
    let value = |tag: &str| tag.split(&format!(" {attribute}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let parsed = |text: String| text.split([' ', ',']).filter_map(|n| n.parse::<f64>().ok()).map(|n| n / SCALE).collect();
    elements.map(|tag| parsed(value(tag))).collect()
}

/// The x and y of the curve's points in strip `at`, the upper one first.
fn strip(svg: &str, at: usize) -> Vec<(f64, f64)> {
    let curves = numbers(svg, "polyline", GHOST, "points").into_iter().filter(|points| points.len() > 4).collect::<Vec<_>>();
    curves[at].chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

fn trained() -> Vec<TrainedPoint> {
    let point = |imbalance, cosine, accuracy| TrainedPoint { imbalance, cosine, norm: Some(0.7), accuracy: Some(accuracy) };
    vec![point(1.0, Some(-0.1), 0.9), point(100.0, Some(0.9), 0.2), point(1000.0, None, 0.0)]
}

#[test]
fn the_curve_is_the_sweep_and_bends_at_the_threshold() {
    let svg = draw(PAPER, &[], &[], SIZE);
    let curve = strip(&svg, 0);
    assert_eq!(curve.len(), 41);
    // R = 1 and 10^4 are the ends; cosines -1/9 and 1 fix the scale, and R = 10 has 0.518 on it (golden value).
    let ((left, simplex), (right, one)) = (curve[0], curve[40]);
    let y = |cosine: f64| one + (1.0 - cosine) / (1.0 + 1.0 / 9.0) * (simplex - one);
    assert!((curve[10].1 - y(0.518)).abs() < 0.5, "{} {}", curve[10].1, y(0.518));
    let x = |imbalance: f64| left + (right - left) * imbalance.log10() / 4.0;
    assert!((curve[10].0 - x(10.0)).abs() < 0.2);
    let edges = numbers(&svg, "polyline", EDGE, "points");
    assert!(!edges.is_empty() && edges.iter().flat_map(|points| points.iter().step_by(2)).all(|&at| (at - x(12.2)).abs() < 0.5), "R_0");
    let rings: Vec<f64> = numbers(&svg, "circle", INK, "cx").concat();
    assert!(rings.len() == 2 && rings.iter().all(|&at| (at - x(30.0)).abs() < 0.2), "the setting, in both strips: {rings:?}");
    assert!(svg.contains("12.2") && !svg.contains("trained") && !svg.contains("Accuracy"));
}

#[test]
fn networks_stand_at_their_numbers_and_what_is_undefined_nowhere() {
    let svg = draw(PAPER, &trained(), &trained()[..2], SIZE);
    let curve = strip(&svg, 0);
    let x = |imbalance: f64| curve[0].0 + (curve[40].0 - curve[0].0) * imbalance.log10() / 4.0;
    // Cosine, length; the two rings are the setting.
    let discs = numbers(&svg, "circle", INK, "cx").concat();
    let expected = [x(30.0), x(1.0), x(100.0), x(30.0), x(1.0), x(100.0), x(1000.0)];
    assert!(discs.len() == expected.len() && discs.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.2), "{discs:?}");
    assert_eq!(numbers(&svg, "circle", TEST, "cx").len(), 3, "accuracy is of test points");
    assert_eq!((numbers(&svg, "polygon", INK, "points").len(), numbers(&svg, "polygon", TEST, "points").len()), (4, 2));
    assert!(svg.contains("oversampled") && svg.contains("Accuracy"));
}

#[test]
fn where_classifiers_vanish_the_curve_ends_and_their_length_goes_on() {
    let svg = draw(LayerPeeled { majority: 7, ..PAPER }, &[], &[], SIZE);
    let (cosines, norms) = (strip(&svg, 0), strip(&svg, 1));
    assert!(cosines.len() < 41 && norms.len() == 41, "{} {}", cosines.len(), norms.len());
    assert!(norms[40].1 > norms[0].1 + 20.0, "down to 0");
}

#[test]
fn nothing_leaves_the_picture() {
    for size in [(300, 300), SIZE, (1200, 500)] {
        let svg = draw(PAPER, &trained(), &trained(), size);
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        for color in [INK, TEST, GHOST, EDGE] {
            for points in ["polyline", "polygon"].into_iter().flat_map(|kind| numbers(&svg, kind, color, "points")) {
                assert!(points.chunks(2).all(|at| (0.0..=width).contains(&at[0]) && (0.0..=height).contains(&at[1])), "{points:?}");
            }
        }
    }
    draw(PAPER, &trained(), &[], (20, 20)); // no room
}

#[test]
fn a_run_records_what_became_of_its_minority() {
    let data = load(&BUNDLED[0], concat!(env!("CARGO_MANIFEST_DIR"), "/www/data").as_ref()).unwrap();
    let record = |config: Config| {
        let mut run = Run::new(Config { hidden: vec![30; 2], ..config }, &data).unwrap();
        (0..30).for_each(|_| block_on(run.train(usize::MAX)).unwrap());
        block_on(run.record(async || ())).unwrap()
    };
    // One point in each minority class.
    let collapsing = Config { majority_classes: 5, imbalance: 1000.0, ..Config::default() };
    let alone = record(collapsing.clone());
    let repeated = record(Config { oversample: true, ..collapsing });
    let [alone, repeated] = [alone, repeated].map(|record| record.minority.unwrap());
    for Minority { cosine, norm, accuracy } in [alone, repeated] {
        assert!((-1.0..=1.0).contains(&cosine.unwrap()) && norm.unwrap() > 0.0 && (0.0..=1.0).contains(&accuracy.unwrap()));
    }
    assert!(alone.cosine > repeated.cosine && alone.accuracy < repeated.accuracy, "{alone:?} {repeated:?}");
    assert_eq!(record(Config::default()).minority, None);
}
