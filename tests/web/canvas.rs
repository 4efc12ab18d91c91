//! Figures on a real canvas: ink where the numbers say, letters measured without touching the document.

use separation_playground::chart::{Camera, ClassSign, DecayCurve, DecayLabels, LN_RANGE, Scene, SimplexFigure, Theme, canvas};
use separation_playground::collapse::simplex;
use separation_playground::experiment::{BatchNormMode, Split};
use separation_playground::separation::Law;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

const LABELS: DecayLabels = DecayLabels {
    axis: "_ln_ *D*",
    measured: &["separation fuzziness, BatchNorm on batches of 100"],
    input: "pixels",
    layer: "layer",
    training: "Training",
    fuzziness: "*D* = {}",
    test: "Test",
    half_life: &["half of *D* in {} layers"],
};

/// A canvas laid out at 640 x 360 CSS px.
fn laid_out() -> HtmlCanvasElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let element: HtmlCanvasElement = document.create_element("canvas").unwrap().dyn_into().unwrap();
    element.set_attribute("style", "width: 640px; height: 360px").unwrap();
    document.body().unwrap().append_child(&element).unwrap();
    element
}

/// What a layer keeps of D.
const RHO: f64 = 0.6;

/// D falls from 32 by the same factor in each of 8 layers.
fn lawful() -> Split {
    let law = Law {
        rho: RHO,
        pearson: -1.0,
        r_squared: 1.0,
        intercept: 32_f64.ln(),
        half_life: Some(0.5_f64.ln() / RHO.ln()),
        layers: (0..8).collect(),
    };
    Split {
        mode: BatchNormMode::BatchesOf100,
        fuzziness: (0..8).map(|layer| Some(32.0 * RHO.powi(layer))).collect(),
        per_class: Vec::new(),
        rank: Vec::new(),
        law: Some(law),
        film: None,
    }
}

fn draw(element: &HtmlCanvasElement) -> f64 {
    let train = lawful();
    let curve = DecayCurve {
        layers: 8,
        train: Some(&train),
        test: None,
        classes: &[],
        linear: false,
        trail: &[],
        previous: &[],
        film: None,
        blocks: None,
        marked: None,
        range: LN_RANGE,
        labels: LABELS,
    };
    let (sheet, scale) = canvas(element).unwrap();
    curve.draw(&sheet, &Theme::LIGHT, scale).unwrap();
    scale
}

/// Red, green and blue at a place in CSS px.
fn pixel(element: &HtmlCanvasElement, (x, y): (f64, f64), scale: f64) -> (u8, u8, u8) {
    let context: CanvasRenderingContext2d = element.get_context("2d").unwrap().unwrap().dyn_into().unwrap();
    let data = context.get_image_data(x * scale, y * scale, 1.0, 1.0).unwrap().data();
    (data[0], data[1], data[2])
}

#[wasm_bindgen_test]
fn discs_and_line_are_where_the_numbers_say() {
    let element = laid_out();
    let scale = draw(&element);
    assert!(scale >= 2.0);
    assert_eq!(f64::from(element.width()), (640.0 * scale).round());
    let Theme { ink, law, paper, .. } = Theme::LIGHT;
    // The frame of 640 x 360: 34 px at the left, 92 at the right, 30 above, 48 below; ln D from -1 to 4.15.
    let pitch = (640.0 - 34.0 - 92.0) / 7.6;
    let at = |layer: f64| (34.0 + pitch * (layer + 0.42), 30.0 + 282.0 * (4.15 - (32_f64.ln() + layer * RHO.ln())) / 5.15);
    for layer in 0..8 {
        assert_eq!(pixel(&element, at(f64::from(layer)), scale), (ink.0, ink.1, ink.2));
    }
    for layer in 0..7 {
        assert_eq!(pixel(&element, at(f64::from(layer) + 0.5), scale), (law.0, law.1, law.2));
    }
    assert_eq!(pixel(&element, (320.0, 60.0), scale), (paper.0, paper.1, paper.2));
    element.remove();
}

#[wasm_bindgen_test]
fn the_marks_of_a_triangle_are_at_its_corners_and_nothing_is_outside() {
    let element = laid_out();
    let scene = Scene::bare(&simplex(&[0, 1, 2]));
    let signs = [0, 2, 4].map(|color| ClassSign { color, name: "", image: None });
    let (sheet, scale) = canvas(&element).unwrap();
    SimplexFigure { scene: &scene, camera: Camera::of(&scene), signs: &signs }.draw(&sheet, &Theme::LIGHT, scale).unwrap();
    let disk = SimplexFigure::disk((640.0, 360.0), &Theme::LIGHT);
    let corner = |at: f64, share: f64| {
        let (sin, cos) = (at * std::f64::consts::TAU / 3.0).sin_cos();
        (disk.center.0 + share * disk.radius * sin, disk.center.1 - share * disk.radius * cos)
    };
    let Theme { classes, paper, .. } = Theme::LIGHT;
    for (at, color) in [(0.0, classes[0]), (1.0, classes[2]), (2.0, classes[4])] {
        assert_eq!(pixel(&element, corner(at, 1.0), scale), (color.0, color.1, color.2));
        assert_eq!(pixel(&element, corner(at, 1.4), scale), (paper.0, paper.1, paper.2));
        assert_eq!(pixel(&element, corner(at + 0.5, 1.0), scale), (paper.0, paper.1, paper.2));
    }
    element.remove();
}

#[wasm_bindgen_test]
fn measuring_leaves_the_document_alone() {
    let element = laid_out();
    let document = web_sys::window().unwrap().document().unwrap();
    let elements = || document.query_selector_all("*").unwrap().length();
    let before = elements();
    draw(&element);
    assert_eq!(elements(), before);
    element.remove();
}

#[wasm_bindgen_test]
fn a_canvas_that_is_not_displayed_has_no_sheet() {
    let element = laid_out();
    element.set_attribute("style", "display: none").unwrap();
    assert!(canvas(&element).is_none());
    element.remove();
}
