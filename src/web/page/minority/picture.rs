//! The section's drawings: classifiers and features of the model as a simplex, and the curve over the imbalance.

use super::Model;
use crate::chart::{Camera, ClassSign, MinorityFigure, MinorityLabels, PaperSheet, Scene, SimplexFigure, Theme, TrainedPoint};
use crate::collapse::layer_peeled::SweepPoint;
use crate::collapse::{Fit, simplex as vertices};
use crate::web::page::dom::create;
use crate::web::page::figures::report;
use crate::web::page::format::{amount, fixed, rho};
use crate::web::page::render::{cell, heading};
use crate::web::page::strings::{fill, text};
use web_sys::Element;

/// Marks and colours of majority and minority classes: those of T-shirts and dresses.
const MARKS: [usize; 2] = [0, 3];

/// Features as marks and classifiers as lines, in the frame of the ideal simplex that is nearest to the features.
pub fn simplex(sheet: &PaperSheet, scale: f64, model: &Model, theme: &Theme) {
    let classes = model.setting.classes;
    let (w, h) = (&model.optimum.w, &model.optimum.h);
    let ideal = vertices(&Vec::from_iter(0..classes as u16));
    let rows: Vec<f64> = h.iter().copied().collect();
    let scene = match Fit::new(&rows, h.ncols(), &ideal) {
        Ok(fit) => {
            let means = h.rows().into_iter().flat_map(|row| fit.place(&row.to_vec())).collect::<Vec<_>>();
            let norm = w.iter().map(|x| x * x).sum::<f64>().sqrt();
            let length = (classes as f64).sqrt() / norm;
            let classifier = w.rows().into_iter().flat_map(|row| fit.turn(&row.to_vec())).map(|x| length * x).collect::<Vec<_>>();
            Scene::new(&ideal, &means, &classifier, &[], [])
        }
        Err(_) => Scene::new(&ideal, &[], &[], &[], []),
    };
    let names = (1..=classes).map(|class| class.to_string()).collect::<Vec<_>>();
    let color = |class| MARKS[usize::from(class >= model.setting.majority)];
    let signs = names.iter().enumerate().map(|(class, name)| ClassSign { color: color(class), name, image: None }).collect::<Vec<_>>();
    let figure = SimplexFigure { camera: Camera::of(&scene), scene: &scene, signs: &signs };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// The curve over the imbalance, and the networks on it.
pub fn curve(sheet: &PaperSheet, scale: f64, model: &Model, trained: &[TrainedPoint], oversampled: &[TrainedPoint], theme: &Theme) {
    let [cosine, norm, accuracy, simplex, trained_label, oversampled_label] =
        ["cosine", "norm", "accuracy", "simplex", "trained-label", "oversampled-label"].map(|key| text(&format!("minority.{key}")));
    let threshold = model.threshold.map(|threshold| fill("minority.threshold", &[("threshold", &amount(threshold))]));
    let figure = MinorityFigure {
        sweep: &model.points,
        unit: model.setting.energy_classifiers.sqrt(),
        threshold: model.threshold,
        here: model.here(),
        simplex: -1.0 / (model.setting.classes as f64 - 1.0),
        trained,
        oversampled,
        labels: MinorityLabels {
            cosine: &cosine,
            norm: &norm,
            accuracy: &accuracy,
            axis: "*R*",
            simplex: &simplex,
            threshold: threshold.as_deref().unwrap_or_default(),
            trained: &trained_label,
            oversampled: &oversampled_label,
        },
    };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// A line of the sweep's table.
pub fn row(table: &Element, point: &SweepPoint) {
    let row = create("tr");
    heading(&row, &fixed(point.imbalance, if point.imbalance < 100.0 { 2 } else { 0 }));
    cell(&row, None, point.cos_minority, rho);
    cell(&row, None, point.norm_minority, rho);
    let _ = table.append_child(&row);
}
