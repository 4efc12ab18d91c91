//! Figures rendered to SVG: the marks stand where the numbers say, and nothing leaves the picture.
#![cfg(not(target_arch = "wasm32"))]

use ndarray::Array2;
use plotters::style::RGBColor;
use proptest::prelude::*;
use separation_playground::chart::{
    Accuracy, Camera, ClassCurve, ClassSign, Cosines, DecayCurve, DecayLabels, Emergence, EmergenceLabels, EpochAxis, Ghost, Kind,
    LN_RANGE, LayerAxis, MeasureCurve, MeasureCurves, Moment, RobustnessFigure, RobustnessLabels, Scene, SimplexFigure, Step, Strip, Theme,
    Thumbnail, Timeline, TimelineLabels, ln_range, svg,
};
use separation_playground::collapse::simplex;
use separation_playground::experiment::{BatchNormMode, Split};
use separation_playground::separation::{Cast, Film, Law, Robustness, Whitened};

const LABELS: DecayLabels = DecayLabels {
    axis: "_ln_ *D*",
    measured: &["separation fuzziness, BatchNorm on batches of 100", "separation fuzziness, batches of 100"],
    input: "pixels",
    layer: "layer",
    training: "Training",
    fuzziness: "*D* = {}",
    test: "Test",
    half_life: &["half of *D* in {} layers", "½ in {} layers"],
};

const TIMELINE_LABELS: TimelineLabels = TimelineLabels { loss: "Loss", accuracy: "Accuracy", nc1: "NC1", percent: "{}\u{a0}%" };

/// Px of the SVG's coordinates in a CSS px.
const SCALE: f64 = 10.0;

/// The panel "8 layers, Adam" of Fig. 1, seed 666, as PyTorch trained it.
mod golden {
    use super::*;

    fn run() -> serde_json::Value {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/fig1.json");
        let golden: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let panels = golden["panels"].as_array().unwrap();
        panels.iter().find(|panel| panel["optimizer"] == "adam" && panel["layers"] == 8).unwrap()["runs"][0].clone()
    }

    fn layers(value: &serde_json::Value) -> Vec<Option<f64>> {
        value.as_array().unwrap().iter().map(|d| d.as_f64()).collect()
    }

    pub fn train() -> Split {
        split(layers(&run()["batches_of_100"]["fuzziness"]))
    }

    pub fn test() -> Split {
        split(layers(&run()["test_1000"]["fuzziness"]))
    }

    /// Training points at an epoch.
    pub fn at(epoch: usize) -> Vec<Option<f64>> {
        let run = run();
        let records = run["records"].as_array().unwrap();
        layers(&records.iter().find(|record| record["epoch"] == epoch).unwrap()["batches_of_100"])
    }

    /// (epoch, loss)
    pub fn loss() -> Vec<(f64, f64)> {
        let of = |record: &serde_json::Value| Some((record["epoch"].as_f64()?, record["loss"].as_f64()?));
        run()["records"].as_array().unwrap().iter().filter_map(of).collect()
    }
}

/// A split with the least-squares line through its ln D.
fn split(fuzziness: Vec<Option<f64>>) -> Split {
    let usable = |(layer, d): (usize, &Option<f64>)| d.filter(|d| *d > 0.0).map(|d| (layer as f64, d.ln()));
    let points: Vec<(f64, f64)> = fuzziness.iter().enumerate().filter_map(usable).collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / n, sum.1 + point.1 / n));
    let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>();
    let law = (points.len() >= 3).then(|| Law {
        rho: slope.exp(),
        pearson: -0.99,
        r_squared: 0.98,
        intercept: y - slope * x,
        half_life: (slope < 0.0).then(|| -std::f64::consts::LN_2 / slope),
        layers: points.iter().map(|point| point.0 as usize).collect(),
    });
    Split { mode: BatchNormMode::BatchesOf100, per_class: Vec::new(), rank: Vec::new(), law, fuzziness, film: None }
}

fn curve<'a>(train: &'a Split, test: Option<&'a Split>) -> DecayCurve<'a> {
    DecayCurve {
        layers: train.fuzziness.len(),
        train: Some(train),
        test,
        classes: &[],
        linear: false,
        trail: &[],
        previous: &[],
        film: None,
        blocks: None,
        marked: None,
        range: LN_RANGE,
        labels: LABELS,
    }
}

fn render(curve: &DecayCurve, size: (u32, u32)) -> String {
    svg(size, SCALE, |sheet| curve.draw(sheet, &Theme::LIGHT, SCALE)).unwrap()
}

fn render_timeline(timeline: &Timeline, size: (u32, u32)) -> String {
    svg(size, SCALE, |sheet| timeline.draw(sheet, &Theme::LIGHT, SCALE)).unwrap()
}

/// An element of the SVG.
struct Element<'a> {
    name: &'a str,
    attributes: &'a str,
    text: &'a str,
}

impl<'a> Element<'a> {
    fn get(&self, name: &str) -> &'a str {
        let start = self.attributes.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{} has no {name}", self.name)) + name.len() + 3;
        self.attributes[start..].split('"').next().unwrap()
    }

    /// A length, CSS px.
    fn px(&self, name: &str) -> f64 {
        self.get(name).parse::<f64>().unwrap() / SCALE
    }

    /// Points of a polyline or polygon, CSS px.
    fn points(&self) -> Vec<(f64, f64)> {
        let point = |pair: &str| pair.split_once(',').map(|(x, y)| (x.parse::<f64>().unwrap() / SCALE, y.parse::<f64>().unwrap() / SCALE));
        self.get("points").split_whitespace().filter_map(point).collect()
    }

    /// Left, top, right and bottom, CSS px, a text's by the width of its letters.
    fn bounds(&self) -> (f64, f64, f64, f64) {
        let around = |points: &[(f64, f64)], by: f64| {
            points.iter().fold((f64::MAX, f64::MAX, f64::MIN, f64::MIN), |b, p| {
                (b.0.min(p.0 - by), b.1.min(p.1 - by), b.2.max(p.0 + by), b.3.max(p.1 + by))
            })
        };
        match self.name {
            "rect" => (self.px("x"), self.px("y"), self.px("x") + self.px("width"), self.px("y") + self.px("height")),
            "circle" => around(&[(self.px("cx"), self.px("cy"))], self.px("r")),
            "polygon" => around(&self.points(), 0.0),
            "polyline" => around(&self.points(), self.px("stroke-width") / 2.0),
            "text" => {
                let size = self.px("font-size");
                // Digits are 0.556 em wide, words at least 0.4 em a letter.
                let letters = self.text.chars().count() as f64;
                let width = size * letters * if letters < 4.0 { 0.556 } else { 0.4 };
                let share = match self.get("text-anchor") {
                    "start" => 0.0,
                    "middle" => 0.5,
                    _ => 1.0,
                };
                let left = self.px("x") - share * width;
                let baseline = self.px("y") + 0.76 * size;
                (left, baseline - 0.75 * size, left + width, baseline + 0.22 * size)
            }
            other => panic!("unexpected element {other}"),
        }
    }

    fn is(&self, name: &str, color: &str) -> bool {
        self.name == name && ["fill", "stroke"].iter().any(|paint| self.attributes.contains(&format!(" {paint}=\"{color}\"")))
    }
}

fn elements(svg: &str) -> Vec<Element<'_>> {
    let element = |tag| {
        let (head, text) = str::split_once(tag, '>')?;
        let (name, attributes) = head.split_at(head.find(' ')?);
        (name != "svg").then_some(Element { name, attributes, text: text.trim() })
    };
    svg.split('<').filter_map(element).collect()
}

const INK: &str = "#13202B";
const LAW: &str = "#C42D17";
const TEST: &str = "#1763A6";
const RULE: &str = "#D3DBE1";
const INK2: &str = "#46555F";

/// The axes as the hairlines and the numbers beside them say: y of ln D.
fn y_of(all: &[Element]) -> impl Fn(f64) -> f64 {
    let lines: Vec<f64> = all.iter().filter(|e| e.is("rect", RULE)).map(|e| e.px("y") + e.px("height") / 2.0).collect();
    let values: Vec<f64> = all
        .iter()
        .filter(|e| e.is("text", INK2) && e.get("text-anchor") == "end")
        .map(|e| e.text.replace('\u{2212}', "-").parse().unwrap())
        .collect();
    assert_eq!(lines.len(), values.len(), "each hairline has its number");
    let last = lines.len() - 1;
    let pitch = (lines[last] - lines[0]) / (values[last] - values[0]);
    let origin = lines[0] - pitch * values[0];
    move |value| origin + pitch * value
}

fn assert_close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 0.16, "{actual} is not {expected}");
}

fn assert_inside(svg: &str, (width, height): (u32, u32)) {
    for element in elements(svg) {
        let (left, top, right, bottom) = element.bounds();
        let inside = left >= -0.1 && top >= -0.1 && right <= f64::from(width) + 0.1 && bottom <= f64::from(height) + 0.1;
        assert!(inside, "{} {} {:?}", element.name, element.attributes, element.text);
    }
}

#[test]
fn marks_stand_at_ln_d() {
    let (train, test) = (golden::train(), golden::test());
    let svg = render(&curve(&train, Some(&test)), (652, 370));
    let all = elements(&svg);
    let y = y_of(&all);

    let discs: Vec<_> = all.iter().filter(|e| e.is("circle", INK)).collect();
    assert_eq!(discs.len(), 8);
    for (disc, d) in discs.iter().zip(&train.fuzziness) {
        assert_close(disc.px("cy"), y(d.unwrap().ln()));
    }
    let squares: Vec<_> = all.iter().filter(|e| e.is("rect", TEST)).collect();
    assert_eq!(squares.len(), 8);
    for ((square, disc), d) in squares.iter().zip(&discs).zip(&test.fuzziness) {
        assert_close(square.px("y") + square.px("height") / 2.0, y(d.unwrap().ln()));
        assert_close(square.px("x") + square.px("width") / 2.0, disc.px("cx"));
    }
    for pair in discs.windows(3) {
        assert_close(pair[2].px("cx") - pair[1].px("cx"), pair[1].px("cx") - pair[0].px("cx"));
    }

    let law = train.law.as_ref().unwrap();
    let line = all.iter().find(|e| e.is("polyline", LAW)).unwrap().points();
    assert_eq!(line.len(), 2);
    assert_close(line[0].0, discs[0].px("cx"));
    assert_close(line[1].0, discs[7].px("cx"));
    assert_close(line[0].1, y(law.intercept));
    assert_close(line[1].1, y(law.intercept + 7.0 * law.rho.ln()));
}

#[test]
fn the_bracket_is_one_half_life_wide_and_ln_2_high() {
    let train = golden::train();
    let svg = render(&curve(&train, None), (652, 370));
    let all = elements(&svg);
    let y = y_of(&all);
    let discs: Vec<_> = all.iter().filter(|e| e.is("circle", INK)).map(|e| e.px("cx")).collect();
    let bracket = all.iter().filter(|e| e.is("polyline", LAW)).nth(1).unwrap().points();
    let half_life = train.law.as_ref().unwrap().half_life.unwrap();
    assert_close(bracket[2].0 - bracket[0].0, half_life * (discs[1] - discs[0]));
    assert_close(bracket[2].1 - bracket[0].1, y(0.0) - y(std::f64::consts::LN_2));
}

/// Texts in a colour other than the halo's paper, joined.
fn words(svg: &str) -> String {
    let texts: Vec<_> = elements(svg).iter().filter(|e| e.name == "text" && !e.is("text", "#FFFFFF")).map(|e| e.text.to_owned()).collect();
    texts.join("|")
}

#[test]
fn labels_stand_at_the_marks() {
    let (train, test) = (golden::train(), golden::test());
    let words = words(&render(&curve(&train, Some(&test)), (652, 370)));
    for expected in [
        "ln|D",
        "BatchNorm on batches of 100",
        "pixels|1|2|3|4|5|6|7",
        "layer",
        "Training",
        "D|= 0.383",
        "Test",
        "half of|D|in 1.1 layers",
        "\u{2212}1",
    ] {
        assert!(words.contains(expected), "{expected} is not in {words}");
    }
}

#[test]
fn the_bracket_goes_where_it_does_not_fit() {
    let slow = split((0..8).map(|layer| Some(30.0 * 0.9_f64.powi(layer))).collect());
    assert!(slow.law.as_ref().unwrap().half_life.unwrap() > 4.0);
    assert!(!words(&render(&curve(&slow, None), (652, 370))).contains("half of"));
    let growing = split((0..8).map(|layer| Some(30.0 * 1.1_f64.powi(layer))).collect());
    assert!(!words(&render(&curve(&growing, None), (652, 370))).contains("half of"));
}

#[test]
fn a_figure_without_words_for_the_half_life_has_no_bracket() {
    let train = golden::train();
    let lines = |labels| {
        elements(&render(&DecayCurve { labels, ..curve(&train, None) }, (652, 370))).iter().filter(|e| e.is("polyline", LAW)).count()
    };
    assert_eq!(lines(LABELS), 2);
    assert_eq!(lines(DecayLabels { half_life: &[], ..LABELS }), 1);
}

#[test]
fn the_smallest_embed_keeps_its_numbers_apart() {
    let (train, test) = (golden::train(), golden::test());
    for size in [(288, 150), (320, 240)] {
        let svg = render(&curve(&train, Some(&test)), size);
        assert_inside(&svg, size);
        let ticks: Vec<_> = elements(&svg).iter().filter(|e| e.is("text", INK2)).map(|e| e.bounds()).collect();
        assert!(ticks.len() >= 12);
        for (index, a) in ticks.iter().enumerate() {
            for b in &ticks[..index] {
                assert!(a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1, "{a:?} overlaps {b:?}");
            }
        }
    }
}

#[test]
fn small_multiples_share_their_axis_and_have_no_words_but_its_name() {
    let labels =
        DecayLabels { axis: "_ln_ *D*", measured: &[], input: "", layer: "", training: "", fuzziness: "", test: "", half_life: &[] };
    let curves =
        [(4, 0.34_f64), (8, 0.56), (20, 0.82)].map(|(layers, rho)| split((0..layers).map(|layer| Some(36.0 * rho.powi(layer))).collect()));
    let mut axes = Vec::new();
    for train in &curves {
        let panel = DecayCurve { range: (-2, 5), labels, ..curve(train, None) };
        for size in [(395, 176), (288, 176), (440, 176)] {
            let svg = render(&panel, size);
            assert_inside(&svg, size);
            let all = elements(&svg);
            assert_eq!(all.iter().filter(|e| e.is("circle", INK)).count(), train.fuzziness.len());
            assert!(
                all.iter().filter(|e| e.is("text", INK2)).all(|e| e.text.replace('\u{2212}', "-").parse::<i32>().is_ok()),
                "numbers alone"
            );
            let y = y_of(&all);
            axes.push([y(-1.0), y(4.0)]);
        }
    }
    assert!(axes.windows(2).all(|pair| pair[0] == pair[1]), "{axes:?}");
}

#[test]
fn numbers_of_64_layers_are_thinned() {
    let train = split((0..64).map(|layer| Some(40.0 * 0.93_f64.powi(layer))).collect());
    let svg = render(&curve(&train, None), (652, 370));
    assert_inside(&svg, (652, 370));
    let words = words(&svg);
    assert!(words.contains("pixels|5|10|15|20|25|30|35|40|45|50|55|60|63"), "{words}");
    assert_eq!(elements(&svg).iter().filter(|e| e.is("circle", INK)).count(), 64);
}

#[test]
fn undefined_layers_are_gaps() {
    let hole = |mut split: Split| {
        split.fuzziness[4] = None;
        split
    };
    let (train, test) = (hole(golden::train()), hole(golden::test()));
    let svg = render(&curve(&train, Some(&test)), (652, 370));
    let all = elements(&svg);
    assert_eq!(all.iter().filter(|e| e.is("circle", INK)).count(), 7);
    assert_eq!(all.iter().filter(|e| e.is("rect", TEST)).count(), 7);
    let pieces: Vec<_> = all.iter().filter(|e| e.is("polyline", TEST)).map(|e| e.points().len()).collect();
    assert_eq!(pieces, [4, 3]);
}

#[test]
fn extreme_fuzziness_stays_inside() {
    for layers in [1, 2, 3, 8, 64] {
        for (first, last) in [(1e-12, 1e12), (1e12, 1e-12), (f64::MAX, f64::MIN_POSITIVE), (1.0, 1.0)] {
            let between = |layer: usize| (first.ln() + (last.ln() - first.ln()) * layer as f64 / 63.0).exp();
            let train = split((0..layers).map(|layer| Some(between(layer))).collect());
            for size in [(1, 1), (60, 40), (320, 240), (652, 370), (3840, 2160)] {
                assert_inside(&render(&curve(&train, Some(&train)), size), size);
            }
        }
    }
}

#[test]
fn the_range_grows_and_never_shrinks() {
    let wide = split(vec![Some(500.0), Some(0.01)]);
    let grown = ln_range(LN_RANGE, [&golden::train(), &wide]);
    assert_eq!(grown, (-5, 7));
    assert_eq!(ln_range(grown, [&golden::train()]), grown);
    assert_eq!(ln_range(LN_RANGE, []), LN_RANGE);
}

#[test]
fn names_that_would_meet_make_room() {
    let train = golden::train();
    let svg = render(&curve(&train, Some(&train)), (652, 370));
    let rows: Vec<_> = elements(&svg)
        .iter()
        .filter(|e| ["Training", "Test", "= 0.383"].contains(&e.text) && !e.is("text", "#FFFFFF"))
        .map(|e| e.bounds())
        .collect();
    assert_eq!(rows.len(), 3);
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        assert!(rows[a].3 <= rows[b].1 + 3.0 || rows[b].3 <= rows[a].1 + 3.0, "{:?} over {:?}", rows[a], rows[b]);
    }
}

#[test]
fn a_linear_axis_starts_at_0_and_bends_the_line() {
    let train = golden::train();
    let svg = render(&DecayCurve { linear: true, ..curve(&train, None) }, (652, 370));
    let all = elements(&svg);
    let y = y_of(&all);
    let discs = all.iter().filter(|e| e.is("circle", INK)).collect::<Vec<_>>();
    assert_eq!(discs.len(), train.fuzziness.len());
    for (disc, d) in discs.iter().zip(&train.fuzziness) {
        assert_close(disc.px("cy"), y(d.unwrap()));
    }
    assert!(all.iter().find(|e| e.is("polyline", LAW)).unwrap().points().len() > 8);
    assert_inside(&svg, (652, 370));
}

#[test]
fn each_class_has_its_curve_its_marks_and_its_name() {
    let train = golden::train();
    let (halved, doubled) = ([0.5, 2.0].map(|factor| train.fuzziness.iter().map(|d| d.map(|d| factor * d)).collect::<Vec<_>>())).into();
    let classes =
        [ClassCurve { class: 0, name: "T-shirt", fuzziness: &halved }, ClassCurve { class: 9, name: "Ankle boot", fuzziness: &doubled }];
    let svg = render(&DecayCurve { classes: &classes, range: (-2, 5), ..curve(&train, None) }, (652, 370));
    let all = elements(&svg);
    let y = y_of(&all);
    // A disc for each layer, and one beside the name.
    let discs = all.iter().filter(|e| e.is("circle", "#2C8BFC")).collect::<Vec<_>>();
    assert_eq!(discs.len(), train.fuzziness.len() + 1);
    assert_close(discs[3].px("cy"), y(halved[3].unwrap().ln()));
    assert_eq!(all.iter().filter(|e| e.is("polygon", "#400E65")).count(), train.fuzziness.len() + 1);
    for name in ["T-shirt", "Ankle boot", "Training"] {
        assert!(words(&svg).contains(name), "no {name}");
    }
    assert_inside(&svg, (652, 370));
}

#[test]
fn an_earlier_run_is_dashed_and_named() {
    let (train, before, start) = (golden::train(), golden::train().fuzziness[..4].to_vec(), golden::at(0));
    let curve = DecayCurve {
        trail: &[Ghost { fuzziness: &start, label: "epoch 0", kind: Kind::Before }],
        previous: &[Ghost { fuzziness: &before, label: "4 layers, *ρ* 0.30", kind: Kind::Before }],
        ..curve(&train, None)
    };
    let svg = render(&curve, (652, 370));
    assert!(words(&svg).contains("4 layers,|ρ|0.30"));
    assert!(words(&svg).contains("epoch 0"));
    let ghosts = elements(&svg).iter().filter(|e| e.is("polyline", "#7B8A95")).count();
    assert!(ghosts > 10, "{ghosts} dashes");
}

/// Three points of each of ten classes, around means that stand on the axes, further from them from layer to layer.
fn film(layers: usize) -> Film {
    let labels: Vec<u16> = (0..30).map(|row| row % 10).collect();
    let ring: Vec<u16> = (0..10).collect();
    let cast = Cast::new(&labels, &ring);
    let mut film = Film::new(&cast);
    for layer in 0..layers {
        let at = |(row, column): (usize, usize)| match (row % 10 == column, row / 10) {
            (true, _) => 1.0,
            (false, 1) => 0.0,
            (false, side) => 0.01 * layer as f64 * (side as f64 - 1.0) * ((row + column) % 3) as f64,
        };
        let features = Array2::from_shape_fn((30, 10), at);
        film.push(&cast, Whitened::new(features.view(), &labels, 10).ok().as_ref());
    }
    film
}

const STRIP: &[&str] = &["Each box: {} of the points, class means held in place", "{} of the points"];

fn hex(color: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2)
}

/// Boxes of the film strip: left, top, right and bottom.
fn boxes(all: &[Element]) -> Vec<(f64, f64, f64, f64)> {
    all.iter().filter(|e| e.is("rect", &hex(Theme::LIGHT.rail))).map(Element::bounds).collect()
}

#[test]
fn the_film_strip_shows_each_point_at_its_place_below_its_layer() {
    let (train, film) = (golden::train(), film(8));
    let colors = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    let with_film = DecayCurve { film: Some(Strip { film: Some(&film), colors: &colors, caption: STRIP }), ..curve(&train, None) };
    let svg = render(&with_film, (652, 370));
    assert_inside(&svg, (652, 370));
    assert!(words(&svg).contains("Each box: 30 of the points, class means held in place"), "{}", words(&svg));
    let all = elements(&svg);
    let lowest = all.iter().filter(|e| e.is("rect", RULE)).map(|e| e.px("y")).fold(0.0, f64::max);
    let discs: Vec<f64> = all.iter().filter(|e| e.is("circle", INK)).map(|e| e.px("cx")).collect();

    let boxes = boxes(&all);
    assert_eq!(boxes.len(), 8);
    for ((left, top, right, bottom), layer) in boxes.into_iter().zip(0..) {
        assert_close((left + right) / 2.0, discs[layer]);
        assert_close(bottom - top, right - left);
        assert!(top > lowest);
        for class in 0..10 {
            let color = hex(Theme::LIGHT.classes[9 - class]);
            let dots = all.iter().filter(|e| e.is("circle", &color) && (left..right).contains(&e.px("cx"))).collect::<Vec<_>>();
            let places = film.layer(layer).unwrap().filter(|(of, _)| *of == class).map(|(_, place)| place).collect::<Vec<_>>();
            assert_eq!((dots.len(), places.len()), (3, 3));
            for (dot, [u, v]) in dots.iter().zip(places) {
                assert_close(dot.px("cx"), (left + right) / 2.0 + u * (right - left) / 3.9);
                assert_close(dot.px("cy"), (top + bottom) / 2.0 + v * (right - left) / 3.9);
                assert_close(dot.px("r"), (right - left) / 38.0);
                let (l, t, r, b) = dot.bounds();
                assert!(l >= left && t >= top && r <= right && b <= bottom, "a dot leaves its box");
            }
        }
    }
}

#[test]
fn points_beyond_the_scale_are_left_out() {
    let labels = [0, 0, 0, 1, 1, 1];
    let cast = Cast::new(&labels, &[0, 1]);
    let features = Array2::from_shape_vec((6, 1), vec![-4.0, 0.0, 1.0, -1.0, 0.0, 7.0]).unwrap();
    let mut film = Film::new(&cast);
    film.push(&cast, Whitened::new(features.view(), &labels, 2).ok().as_ref());
    let train = split(vec![Some(3.0)]);
    let with_film = DecayCurve { film: Some(Strip { film: Some(&film), colors: &[], caption: STRIP }), ..curve(&train, None) };
    let svg = render(&with_film, (652, 370));
    let all = elements(&svg);
    assert_eq!(boxes(&all).len(), 1);
    let dots = |class: usize| all.iter().filter(|e| e.is("circle", &hex(Theme::LIGHT.classes[class]))).count();
    assert_eq!([dots(0), dots(1)], [2, 2]);
}

#[test]
fn the_strip_needs_room() {
    let (train, film) = (golden::train(), film(8));
    let with_film = DecayCurve { film: Some(Strip { film: Some(&film), colors: &[], caption: STRIP }), ..curve(&train, None) };
    for (size, shown) in [((320, 240), 0), ((652, 289), 0), ((652, 290), 8), ((358, 320), 8), ((3840, 2160), 8)] {
        let svg = render(&with_film, size);
        assert_inside(&svg, size);
        assert_eq!(boxes(&elements(&svg)).len(), shown, "{size:?}");
    }
}

#[test]
fn a_strip_without_a_film_keeps_its_boxes_and_the_curve_its_height() {
    let (train, film) = (golden::train(), film(8));
    let picture = |film| DecayCurve { film: Some(Strip { film, colors: &[], caption: &["No points"] }), ..curve(&train, None) };
    let [with, without] = [Some(&film), None].map(|film| render(&picture(film), (652, 370)));
    let [with, without] = [&with, &without].map(|svg| elements(svg));
    assert_eq!(boxes(&with), boxes(&without));
    let discs = |all: &[Element]| all.iter().filter(|e| e.is("circle", INK)).map(Element::bounds).collect::<Vec<_>>();
    assert_eq!(discs(&with), discs(&without));
    assert!(Theme::LIGHT.classes.iter().all(|&color| !without.iter().any(|e| e.is("circle", &hex(color)))));
}

#[test]
fn many_layers_share_boxes_that_do_not_touch() {
    for layers in [12, 20, 64] {
        let (train, film) = (split((0..layers).map(|layer| Some(30.0 * 0.9_f64.powi(layer))).collect()), film(layers as usize));
        let with_film = DecayCurve { film: Some(Strip { film: Some(&film), colors: &[], caption: STRIP }), ..curve(&train, None) };
        let svg = render(&with_film, (652, 370));
        let boxes = boxes(&elements(&svg));
        assert!((4..=layers as usize / 2).contains(&boxes.len()), "{} boxes", boxes.len());
        assert!(boxes.windows(2).all(|pair| pair[0].2 < pair[1].0), "{boxes:?}");
    }
}

fn timeline<'a>(loss: &'a [(f64, f64)], accuracy: &'a [Accuracy]) -> Timeline<'a> {
    const STEPS: [Step; 2] = [Step { epoch: 200.0, label: "rate ÷ 10" }, Step { epoch: 400.0, label: "rate ÷ 10" }];
    Timeline { loss, accuracy, nc1: loss, epochs: 600.0, steps: &STEPS, shown: 600.0, labels: TIMELINE_LABELS }
}

fn accuracies(loss: &[(f64, f64)]) -> Vec<Accuracy> {
    let accuracy = |&(epoch, loss): &(f64, f64)| Accuracy { epoch, train: (-loss).exp(), test: Some(0.8 * (-loss).exp()) };
    loss.iter().map(accuracy).collect()
}

#[test]
fn the_loss_is_on_a_log_scale() {
    let loss = [(0.0, 1.0), (300.0, 0.1), (600.0, 0.01)];
    let svg = render_timeline(&timeline(&loss, &[]), (640, 120));
    let points = elements(&svg).iter().find(|e| e.is("polyline", INK)).unwrap().points();
    assert_close(points[1].1 - points[0].1, points[2].1 - points[1].1);
    assert_close(points[1].0 - points[0].0, points[2].0 - points[1].0);
    let (left, right) = Timeline::margins(&Theme::LIGHT);
    assert_close(points[0].0, left);
    assert_close(points[2].0, 640.0 - right);
}

#[test]
fn the_timeline_names_strips_steps_and_values() {
    let loss = golden::loss();
    let accuracy = accuracies(&loss);
    let svg = render_timeline(&timeline(&loss, &accuracy), (640, 120));
    assert_inside(&svg, (640, 120));
    let words = words(&svg);
    for expected in ["0|600|rate ÷ 10|rate ÷ 10", "Loss", "Accuracy", "NC1", "79.", "0.00"] {
        assert!(words.contains(expected), "{expected} is not in {words}");
    }
    assert!(elements(&svg).iter().any(|e| e.is("polyline", TEST)));
}

#[test]
fn the_line_stands_at_the_epoch_shown() {
    let loss = golden::loss();
    let shown = Timeline { shown: 300.0, ..timeline(&loss, &[]) };
    let svg = render_timeline(&shown, (640, 120));
    let all = elements(&svg);
    let line = all.iter().find(|e| e.is("rect", INK)).unwrap();
    assert_close(line.px("x") + line.px("width") / 2.0, 320.0);
}

/// A finite number or none, of any size and sign.
fn any_fuzziness() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![Just(None), (-1e3..1e3_f64).prop_map(Some), prop::num::f64::ANY.prop_map(|d| Some(d).filter(|d| d.is_finite()))]
}

fn any_split() -> impl Strategy<Value = Split> {
    let law = prop::option::of((prop::num::f64::ANY, prop::num::f64::ANY, prop::option::of(prop::num::f64::ANY)));
    (prop::collection::vec(any_fuzziness(), 0..70), law).prop_map(|(fuzziness, law)| Split {
        law: law.map(|(rho, intercept, half_life)| Law { rho, pearson: -1.0, r_squared: 1.0, intercept, half_life, layers: Vec::new() }),
        ..split(fuzziness)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_split_draws_inside_its_picture(
        train in any_split(),
        test in prop::option::of(any_split()),
        before in prop::collection::vec(any_fuzziness(), 0..70),
        layers in 0..70_usize,
        size in (1..1500_u32, 1..1500_u32),
    ) {
        let ghost = Ghost { fuzziness: &before, label: "Before", kind: Kind::Before };
        let film = film(8);
        let strip = Strip { film: Some(&film), colors: &[3], caption: STRIP };
        let curve = DecayCurve { layers, test: test.as_ref(), trail: &[ghost], previous: &[ghost; 3], film: Some(strip), ..curve(&train, None) };
        assert_inside(&render(&curve, size), size);
    }

    #[test]
    fn any_history_draws_inside_its_picture(
        loss in prop::collection::vec((0.0..1e4, prop::num::f64::ANY), 0..50),
        shares in prop::collection::vec((prop::num::f64::ANY, prop::option::of(prop::num::f64::ANY)), 0..50),
        shown in prop::num::f64::ANY,
        size in (1..1500_u32, 1..400_u32),
    ) {
        let accuracy: Vec<_> = shares.iter().enumerate().map(|(epoch, &(train, test))| Accuracy { epoch: epoch as f64, train, test }).collect();
        let timeline = Timeline { shown, ..timeline(&loss, &accuracy) };
        assert_inside(&render_timeline(&timeline, size), size);
    }

    #[test]
    fn any_run_draws_inside_its_map(
        splits in prop::collection::vec(any_split(), 0..12),
        pace in 0.01..40.0_f64,
        shown in prop::num::f64::ANY,
        size in (1..1500_u32, 1..700_u32),
    ) {
        let splits = splits.into_iter().enumerate().map(|(at, split)| (pace * at as f64, split)).collect::<Vec<_>>();
        assert_inside(&render_emergence(&splits, shown, size).0, size);
    }
}

/// The simplex of so many classes, with three points at each mean.
fn simplex_scene(classes: u16) -> Scene {
    let ideal = simplex(&Vec::from_iter(0..classes));
    let points = ideal.chunks_exact(usize::from(classes) - 1).flat_map(|row| row.repeat(3)).collect::<Vec<_>>();
    Scene::new(&ideal, &ideal, &ideal, &points, (0..usize::from(classes)).flat_map(|class| [class; 3]))
}

fn signs<'a>(classes: usize) -> Vec<ClassSign<'a>> {
    const IMAGE: Thumbnail = Thumbnail { side: 2, ink: &[0, 255, 128, 255] };
    (0..classes).map(|class| ClassSign { color: class, name: "Ankle boot", image: Some(IMAGE) }).collect()
}

fn render_simplex(scene: &Scene, camera: Camera, size: (u32, u32)) -> String {
    let signs = signs(scene.classes.len());
    svg(size, SCALE, |sheet| SimplexFigure { scene, camera, signs: &signs }.draw(sheet, &Theme::LIGHT, SCALE)).unwrap()
}

#[test]
fn rings_stand_at_the_corners_of_the_polygon_and_the_marks_within() {
    for classes in [3, 10] {
        let scene = simplex_scene(classes);
        let svg = render_simplex(&scene, Camera::of(&scene), (320, 330));
        let disk = SimplexFigure::disk((320.0, 330.0), &Theme::LIGHT);
        let all = elements(&svg);
        let rings: Vec<_> = all.iter().filter(|e| e.name == "circle" && e.px("r") == 11.0).map(|e| (e.px("cx"), e.px("cy"))).collect();
        assert_eq!(rings.len(), usize::from(classes));
        for (at, ring) in rings.iter().enumerate() {
            let (sin, cos) = (std::f64::consts::TAU * at as f64 / f64::from(classes)).sin_cos();
            let corner = (disk.center.0 + disk.radius * sin, disk.center.1 - disk.radius * cos);
            assert!((ring.0 - corner.0).hypot(ring.1 - corner.1) < 0.2, "{classes} classes, {at}: {ring:?}, not {corner:?}");
        }
        // The first class's mark is a disc.
        let top = (disk.center.0, disk.center.1 - disk.radius);
        assert!(all.iter().any(|e| e.name == "circle" && e.px("r") == 7.5 && (e.px("cx") - top.0).hypot(e.px("cy") - top.1) < 0.2));
    }
}

#[test]
fn means_that_lie_far_off_are_held_and_points_left_out() {
    let ideal = simplex(&[0, 1, 2]);
    let far: Vec<_> = ideal.iter().map(|x| 3.0 * x).collect();
    let scene = Scene::new(&ideal, &far, &[], &far, 0..3);
    let svg = render_simplex(&scene, Camera::of(&scene), (320, 330));
    let (disk, all) = (SimplexFigure::disk((320.0, 330.0), &Theme::LIGHT), elements(&svg));
    let mark = all.iter().find(|e| e.name == "circle" && e.px("r") == 7.5).unwrap();
    assert!((disk.center.1 - mark.px("cy") - 1.28 * disk.radius).abs() < 0.2);
    assert!(!all.iter().any(|e| e.name == "circle" && e.px("r") < 3.0), "points are farther off than the picture reaches");
}

#[test]
fn a_cosine_at_the_ideal_is_blank_a_larger_one_filled_and_a_smaller_one_hollow() {
    let (ideal, signs) = (-0.5, signs(3));
    let values = [1.0, ideal, 0.5, ideal, 1.0, -1.0, 0.5, -1.0, 1.0];
    let svg = svg((260, 200), SCALE, |sheet| Cosines { values: &values, signs: &signs }.draw(sheet, &Theme::LIGHT, SCALE)).unwrap();
    assert_inside(&svg, (260, 200));
    let all = elements(&svg);
    let squares: Vec<_> = all.iter().filter(|e| e.name == "rect" && e.px("width") > 20.0 && e.px("width") < 100.0).collect();
    let rail = "#F2F5F7";
    // Six cells beside the diagonal: two blank, two filled, two with a hole of their own.
    assert_eq!(squares.len(), 8, "{}", squares.len());
    assert_eq!(squares.iter().filter(|e| e.get("fill") == rail).count(), 4);
}

#[test]
fn measures_stand_on_log_axes_and_the_law_at_its_epoch() {
    // As far apart in epoch + 1 as in what was measured.
    let values = [(0.0, 10.0), (9.0, 1.0), (99.0, 0.1)];
    let curves = [MeasureCurve { name: "NC1 spread", values: &values }];
    let figure = MeasureCurves { curves: &curves, epochs: 99.0, law: Some(9.0), law_label: "here", shown: 99.0, axis: "epoch" };
    let svg = svg((640, 300), SCALE, |sheet| figure.draw(sheet, &Theme::LIGHT, SCALE)).unwrap();
    assert_inside(&svg, (640, 300));
    let all = elements(&svg);
    let points = all.iter().find(|e| e.is("polyline", INK)).unwrap().points();
    assert_close(points[1].1 - points[0].1, points[2].1 - points[1].1);
    assert_close(points[1].0 - points[0].0, points[2].0 - points[1].0);
    let law = all.iter().find(|e| e.is("rect", LAW)).unwrap();
    assert_close(law.px("x") + law.px("width") / 2.0, points[1].0);
}

/// The map of these splits, each at its epoch, and where the epochs are on it.
fn render_emergence(splits: &[(f64, Split)], shown: f64, size: (u32, u32)) -> (String, EpochAxis) {
    let moment = |(epoch, split): &(f64, Split)| (*epoch, split.fuzziness.clone(), split.law.clone());
    let moments = splits.iter().map(moment).collect::<Vec<_>>();
    let moments = moments.iter().map(|(epoch, d, law)| Moment { epoch: *epoch, fuzziness: d, law: law.as_ref() }).collect::<Vec<_>>();
    let labels = EmergenceLabels { layer: "layer", input: "pixels", fuzziness: "_ln_ *D*", measured: LABELS.measured, axis: "epoch" };
    let layers = splits.iter().map(|(_, split)| split.fuzziness.len()).max().unwrap_or(1);
    let beside = ["NC1 spread", "NC2 angles"];
    let figure = Emergence { moments: &moments, layers, epochs: 100.0, shown, beside: &beside, labels };
    let mut axis = None;
    let svg = svg(size, SCALE, |sheet| {
        axis = figure.epoch_axis(sheet, &Theme::LIGHT, SCALE).ok();
        figure.draw(sheet, &Theme::LIGHT, SCALE)
    });
    (svg.unwrap(), axis.unwrap())
}

/// How dark a colour of the map is.
fn darkness(cell: &Element) -> u32 {
    255 - u32::from_str_radix(&cell.get("fill")[1..3], 16).unwrap()
}

/// The cells of the column that begins at `x`, from the top.
fn column<'a, 'b>(all: &'b [Element<'a>], x: f64) -> Vec<&'b Element<'a>> {
    all.iter().filter(|e| e.name == "rect" && (e.px("x") - x).abs() < 0.16 && e.px("height") > 15.0 && e.px("height") < 50.0).collect()
}

#[test]
fn a_record_is_a_column_until_the_next_one_and_darker_where_fuzziness_is_larger() {
    let grows = [1.0, 4.0, 16.0, 64.0].map(Some);
    let falls = [64.0, 16.0, 4.0, 1.0].map(Some);
    let (svg, axis) = render_emergence(
        &[(0.0, split(Vec::from(grows))), (0.5, split(Vec::from(falls))), (100.0, split(Vec::from(falls)))],
        100.0,
        (800, 360),
    );
    assert_inside(&svg, (800, 360));
    let all = elements(&svg);
    let (first, second) = (column(&all, axis.x(0.0)), column(&all, axis.x(0.5)));
    assert_eq!([first.len(), second.len()], [4, 4]);
    for (cells, from, to) in [(&first, 0.0, 0.5), (&second, 0.5, 100.0)] {
        assert_close(cells[0].px("width"), axis.x(to) - axis.x(from));
    }
    let darknesses = |cells: &[&Element]| cells.iter().map(|cell| darkness(cell)).collect::<Vec<_>>();
    assert!(darknesses(&first).is_sorted_by(|a, b| a < b), "{:?}", darknesses(&first));
    assert_eq!(
        darknesses(&first).into_iter().rev().collect::<Vec<_>>(),
        darknesses(&second),
        "the same D has the same colour at every epoch"
    );
    // Equal steps of ln D are equal steps of colour.
    let steps = darknesses(&first).windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    assert!(steps.iter().max().unwrap() - steps.iter().min().unwrap() <= 2, "{steps:?}");
}

#[test]
fn an_undefined_layer_is_a_gap_in_the_map() {
    let (svg, axis) =
        render_emergence(&[(0.0, split(vec![Some(4.0), None, Some(2.0), Some(1.0)])), (9.0, split(vec![None; 4]))], 0.0, (800, 360));
    let all = elements(&svg);
    assert_eq!([column(&all, axis.x(0.0)).len(), column(&all, axis.x(9.0)).len()], [3, 0]);
}

#[test]
fn r_stands_below_the_map_from_plus_1_to_minus_1_and_the_playhead_at_its_epoch() {
    let at = |pearson: f64| {
        let mut split = split(Vec::from([8.0, 4.0, 2.0, 1.0].map(Some)));
        split.law.iter_mut().for_each(|law| law.pearson = pearson);
        split
    };
    let (svg, axis) = render_emergence(&[(0.0, at(1.0)), (10.0, at(0.0)), (100.0, at(-1.0))], 10.0, (800, 360));
    let all = elements(&svg);
    let strip = all.iter().filter(|e| e.is("polyline", LAW)).map(Element::points).find(|points| points.len() > 4).unwrap();
    let [plus, zero, minus] = ["+1", "0", "\u{2212}1"].map(|tick| {
        let tick = all.iter().find(|e| e.is("text", INK2) && e.get("text-anchor") == "end" && e.text == tick).unwrap();
        tick.bounds().1 + 0.375 * tick.px("font-size")
    });
    let (first, last) = (strip[0], strip[strip.len() - 1]);
    assert!((first.1 - plus).abs() < 2.0 && (last.1 - minus).abs() < 2.0, "{strip:?} between {plus} and {minus}");
    assert!(strip.iter().any(|point| (point.1 - zero).abs() < 2.0));
    assert_close(first.0, axis.x(0.0));
    let words = words(&svg);
    assert!(words.contains("0.0000") && words.contains("0.500"), "r and rho of the epoch shown: {words}");
    let head = all.iter().find(|e| e.is("rect", INK) && e.px("width") < 2.0).unwrap();
    assert_close(head.px("x") + head.px("width") / 2.0, axis.x(10.0));
}

#[test]
fn the_names_of_measures_stand_in_the_order_in_which_their_curves_end() {
    let values = [[(0.0, 10.0), (9.0, 0.25)], [(0.0, 1.0), (9.0, 0.08)], [(0.0, 2.0), (9.0, 0.33)]];
    let curves = std::array::from_fn::<_, 3, _>(|at| MeasureCurve { name: ["NC1", "NC2", "NC3"][at], values: &values[at] });
    let figure = MeasureCurves { curves: &curves, epochs: 9.0, law: None, law_label: "", shown: 9.0, axis: "epoch" };
    let svg = svg((640, 200), SCALE, |sheet| figure.draw(sheet, &Theme::LIGHT, SCALE)).unwrap();
    let all = elements(&svg);
    let y = |name: &str| all.iter().rfind(|e| e.name == "text" && e.text == name).unwrap().px("y");
    assert!(y("NC3") + 12.0 < y("NC1") && y("NC1") + 12.0 < y("NC2"), "{} {} {}", y("NC1"), y("NC2"), y("NC3"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_scene_draws_inside_its_picture(
        classes in 2..14_u16,
        camera in (-9.0..9.0_f64, -9.0..9.0_f64, 0.5..8.0_f64, -2.0..2.0_f64),
        places in prop::collection::vec(-3.0..3.0_f64, 13 * 14),
        size in (1..900_u32, 1..900_u32),
    ) {
        let ideal = simplex(&Vec::from_iter(0..classes));
        let scene = Scene::new(&ideal, &places[..ideal.len()], &places[..ideal.len()], &places[..ideal.len()], 0..usize::from(classes));
        let camera = Camera { turn: camera.0, tilt: camera.1, zoom: camera.2, center: (camera.3, camera.3) };
        let svg = render_simplex(&scene, camera, size);
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        for element in elements(&svg).iter().filter(|e| e.name == "circle" || e.name == "polyline") {
            let places = if element.name == "circle" { vec![(element.px("cx"), element.px("cy"))] } else { element.points() };
            // What lies beyond an edge is only the rest of a mark that has its middle on the sheet.
            assert!(places.iter().all(|&(x, y)| (-18.0..=width + 18.0).contains(&x) && (-18.0..=height + 18.0).contains(&y)), "{places:?} in {size:?}");
        }
    }
}

const GHOST: &str = "#7B8A95";

/// The golden run beside another curve.
fn beside(other: Ghost, size: (u32, u32)) -> String {
    let train = golden::train();
    render(&DecayCurve { previous: &[other], ..curve(&train, None) }, size)
}

#[test]
fn a_guess_is_dashed_and_hollow_in_the_colour_of_the_law_and_has_its_name() {
    let guess: Vec<_> = (0..8).map(|layer| Some(30.0 * 0.7_f64.powi(layer))).collect();
    for size in [(652, 370), (288, 200)] {
        let svg = beside(Ghost { fuzziness: &guess, label: "Your guess", kind: Kind::Guess }, size);
        assert_inside(&svg, size);
        let all = elements(&svg);
        let y = y_of(&all);
        let rings: Vec<_> = all.iter().filter(|e| e.is("circle", LAW)).collect();
        assert_eq!(rings.len(), 7, "the pixels are measured");
        for (ring, d) in rings.iter().zip(&guess[1..]) {
            assert_close(ring.px("cy"), y(d.unwrap().ln()));
        }
        assert!(all.iter().any(|e| e.is("text", LAW) && e.text == "Your guess"), "at {size:?}");
    }
}

#[test]
fn a_guess_alone_shows_its_first_point_too() {
    let guess = vec![Some(30.0); 8];
    let previous = [Ghost { fuzziness: &guess, label: "Your guess", kind: Kind::Guess }];
    let train = golden::train();
    let svg = render(&DecayCurve { train: None, previous: &previous, ..curve(&train, None) }, (652, 370));
    assert_eq!(elements(&svg).iter().filter(|e| e.is("circle", LAW)).count(), 8);
}

#[test]
fn a_run_that_is_compared_is_solid_with_its_fit_over_its_own_layers_and_named_at_its_end() {
    let other = split(Vec::from([36.0, 14.0, 4.0, 1.5].map(Some)));
    let law = other.law.as_ref().unwrap();
    let svg = beside(Ghost { fuzziness: &other.fuzziness, label: "The other", kind: Kind::Compared(Some(law)) }, (652, 370));
    assert_inside(&svg, (652, 370));
    let all = elements(&svg);
    let (x, y) = (all.iter().filter(|e| e.is("circle", INK)).map(|e| e.px("cx")).collect::<Vec<_>>(), y_of(&all));
    let discs: Vec<_> = all.iter().filter(|e| e.is("circle", GHOST)).collect();
    assert_eq!(discs.len(), 3);
    for (disc, d) in discs.iter().zip(&other.fuzziness[1..]) {
        assert_close(disc.px("cy"), y(d.unwrap().ln()));
    }
    let lines: Vec<_> = all.iter().filter(|e| e.is("polyline", GHOST)).collect();
    assert_eq!(lines.len(), 1, "a line, and no dashes");
    let ends = lines[0].points();
    assert_close(ends[1].0, x[3]);
    assert_close(ends[1].1, y(law.intercept + 3.0 * law.rho.ln()));
    assert!(all.iter().any(|e| e.is("text", INK2) && e.text == "The other"));
}

#[test]
fn the_line_of_a_shorter_run_ends_at_its_last_layer() {
    let (short, long) = (split(Vec::from([36.0, 14.0, 4.0, 1.5].map(Some))), golden::train());
    let previous = [Ghost { fuzziness: &long.fuzziness, label: "The other", kind: Kind::Compared(long.law.as_ref()) }];
    let svg = render(&DecayCurve { layers: 8, previous: &previous, ..curve(&short, None) }, (652, 370));
    let all = elements(&svg);
    let discs: Vec<_> = all.iter().filter(|e| e.is("circle", INK)).map(|e| e.px("cx")).collect();
    assert_close(all.iter().find(|e| e.is("polyline", LAW)).unwrap().points()[1].0, discs[3]);
}

const ROBUST: RobustnessLabels = RobustnessLabels {
    axis: "_ln_ *D*",
    input: "pixels",
    layer: "layer",
    line: "equal ratios",
    shares: "*ε* / *ρ* of each layer",
    percent: "{} %",
};

/// The figure and where it has its layers.
fn robust(fuzziness: &[f64], size: (u32, u32)) -> (String, LayerAxis) {
    let cost = Robustness::new(fuzziness, 0.02).unwrap();
    let (shares, equal) = (cost.shares(), cost.straight().shares()[0]);
    let range = ln_range(LN_RANGE, [&split(fuzziness.iter().copied().map(Some).collect())]);
    let figure = RobustnessFigure { fuzziness, shares: &shares, equal, range, labels: ROBUST };
    let axis = std::cell::Cell::new(None);
    let svg = svg(size, SCALE, |sheet| {
        axis.set(Some(figure.draw(sheet, &Theme::LIGHT, SCALE)?));
        Ok(())
    });
    (svg.unwrap(), axis.get().unwrap())
}

#[test]
fn a_bent_curve_stands_beside_its_line_and_over_its_shares() {
    let fuzziness = [36.0, 12.0, 14.0, 2.0, 0.5];
    let (svg, axis) = robust(&fuzziness, (652, 460));
    assert_inside(&svg, (652, 460));
    let all = elements(&svg);
    let discs: Vec<_> = all.iter().filter(|e| e.is("circle", INK)).collect();
    assert_eq!(discs.len(), 5);
    for (layer, (disc, d)) in discs.iter().zip(fuzziness).enumerate() {
        assert_close(disc.px("cx"), axis.x(layer));
        assert_close(disc.px("cy"), axis.ln.y(d.ln()));
        assert!((axis.ln.at(axis.ln.y(d.ln())) - d.ln()).abs() < 1e-9, "a hand finds it again");
    }
    let line = all.iter().find(|e| e.is("polyline", LAW)).unwrap().points();
    assert_close(line[0].1, discs[0].px("cy"));
    assert_close(line[1].1, discs[4].px("cy"));
    // Bars as high as the shares, each below its layer.
    let bars: Vec<_> = all.iter().filter(|e| e.is("rect", INK)).collect();
    let shares = Robustness::new(&fuzziness, 0.02).unwrap().shares();
    assert_eq!(bars.len(), 4);
    for (at, (bar, share)) in bars.iter().zip(&shares).enumerate() {
        assert_close(bar.px("x") + bar.px("width") / 2.0, axis.x(at + 1));
        assert!((bar.px("height") / bars[0].px("height") - share / shares[0]).abs() < 0.02, "{at}");
    }
    let words = words(&svg);
    for expected in ["equal ratios", "pixels|1|2|3|4", "14 %", "layer"] {
        assert!(words.contains(expected), "{expected} is not in {words}");
    }
}

#[test]
fn a_straight_curve_shows_its_line_alone() {
    let fuzziness: Vec<f64> = (0..8).map(|layer| 36.0 * 0.5_f64.powi(layer)).collect();
    let (svg, _) = robust(&fuzziness, (652, 460));
    assert!(elements(&svg).iter().all(|e| !e.is("polyline", INK)));
}

#[test]
fn the_cost_of_any_curve_stays_inside() {
    for layers in [2, 3, 8, 20] {
        for (first, last) in [(1e-6_f64, 1e6_f64), (1e6, 1e-6), (1.0, 1.0)] {
            let ln = |layer: usize| first.ln() + (last.ln() - first.ln()) * layer as f64 / (layers - 1) as f64;
            let wave = |layer: usize| (ln(layer) + if layer % 2 == 1 && layer + 1 < layers { 2.0 } else { 0.0 }).exp();
            let fuzziness: Vec<f64> = (0..layers).map(wave).collect();
            for size in [(1, 1), (60, 40), (288, 460), (652, 460), (1400, 460)] {
                assert_inside(&robust(&fuzziness, size).0, size);
            }
        }
    }
}
