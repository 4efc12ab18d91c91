//! The section's two figures: ln D over the layers, and the class means of one of them.

use super::result::{Beside, Found};
use crate::chart::{
    Blocks, Camera, ClassCurve, ClassSign, DecayCurve, DecayLabels, Ghost, Kind, LN_RANGE, PaperSheet, Scene, SimplexFigure, Theme, canvas,
    ln_range_of,
};
use crate::collapse::simplex;
use crate::experiment::{BatchNormMode, Split};
use crate::web::page::controls;
use crate::web::page::dom::{find, set, show};
use crate::web::page::figures::report;
use crate::web::page::format::amount;
use crate::web::page::strings::{fill, text};
use web_sys::HtmlInputElement;

/// Most classes whose curves can be told apart.
pub const MOST_CURVES: usize = 20;
/// Most classes whose names find room around the picture.
const MOST_NAMED: usize = 30;

/// Draws both.
pub fn draw(found: &Found, beside: Option<&Beside>, theme: &Theme) {
    if let Some((sheet, scale)) = canvas(&find("features-curve")) {
        curve(found, beside, &sheet, scale, theme);
    }
    show_layer(found);
    if let Some((sheet, scale)) = canvas(&find("features-simplex")) {
        means(found, &sheet, scale, theme);
    }
}

/// ln D over the layers.
pub fn curve(found: &Found, beside: Option<&Beside>, sheet: &PaperSheet, scale: f64, theme: &Theme) {
    let (analysis, arrangement) = (&found.analysis, &found.arrangement);
    let (fuzziness, law) = (arrangement.fuzziness(analysis), arrangement.law(analysis));
    let words = ["curve.axis", "curve.layer", "features.here", "curve.fuzziness"].map(text);
    let [axis, layer, here, value] = &words;
    let last = fuzziness.iter().rev().copied().flatten().next().map_or_else(String::new, |d| value.replace("{}", &amount(d)));
    let names: Vec<String> = analysis.classes.iter().map(class_name).collect();
    let wanted = find::<HtmlInputElement>("features-classes").checked() && names.len() <= MOST_CURVES;
    let layers = arrangement.layers(analysis);
    let of_class = |class| layers.iter().map(|layer| layer.measures.per_class.get(class).copied().flatten()).collect::<Vec<_>>();
    let curves: Vec<Vec<Option<f64>>> = (0..if wanted { names.len() } else { 0 }).map(of_class).collect();
    let classes = curves.iter().zip(&names).enumerate().map(|(class, (fuzziness, name))| ClassCurve { class, name, fuzziness });
    let classes = classes.collect::<Vec<_>>();
    let (blocks, block_law) = (arrangement.blocks(), arrangement.block_law(analysis));
    let count = fuzziness.len().max(beside.map_or(0, |beside| beside.fuzziness.len()));
    let all = fuzziness.iter().chain(beside.iter().flat_map(|beside| &beside.fuzziness)).chain(curves.iter().flatten());
    let range = ln_range_of(LN_RANGE, all.copied());
    // Whatever batch normalisation did when the features were written, they are what they are.
    let train = Split { fuzziness: fuzziness.clone(), law, ..Split::new(BatchNormMode::Running, 0, &[]) };
    let previous =
        beside.map(|beside| Ghost { fuzziness: &beside.fuzziness, label: &beside.label, kind: Kind::Compared(beside.law.as_ref()) });
    let figure = DecayCurve {
        layers: count,
        train: Some(&train),
        test: None,
        classes: &classes,
        linear: false,
        trail: &[],
        previous: previous.as_slice(),
        film: None,
        blocks: (!blocks.is_empty()).then_some(Blocks { layers: &blocks, law: block_law.as_ref() }),
        marked: Some(shown_position(found)),
        range,
        labels: DecayLabels {
            axis,
            measured: &[&found.name],
            input: "0",
            layer,
            training: here,
            fuzziness: &last,
            test: "",
            half_life: &[],
        },
    };
    report(figure.draw(sheet, theme, scale).is_err());
}

/// A label as it is written.
pub fn class_name(label: &i64) -> String {
    label.to_string().replace('-', "\u{2212}")
}

/// The position on the axis that the picture is of.
fn shown_position(found: &Found) -> usize {
    let last = found.arrangement.numbers().len().saturating_sub(1);
    (find::<HtmlInputElement>("features-layer").value_as_number().max(0.0) as usize).min(last)
}

/// Shows which layer the picture is of.
fn show_layer(found: &Found) {
    let (numbers, at) = (found.arrangement.numbers(), shown_position(found));
    let slider = find::<HtmlInputElement>("features-layer");
    slider.set_max(&numbers.len().saturating_sub(1).to_string());
    slider.set_value_as_number(at as f64);
    controls::color(&slider);
    let name = numbers.get(at).map_or_else(String::new, |&layer| found.analysis.layers[layer].array.clone());
    set(&slider, "aria-valuetext", Some(&name));
    show(&find("features-layer-shown"), &at.to_string());
    let classes = found.analysis.classes.len();
    let key = match pictured(found) {
        None => "features.note.none",
        Some(scene) if scene.exact => "features.note.exact",
        Some(_) => "features.note",
    };
    show(&find("features-note"), &fill(key, &[("name", &name), ("dimensions", &classes.saturating_sub(1).to_string())]));
}

/// The layer's class means and points; none where the layer has no picture.
fn pictured(found: &Found) -> Option<Scene> {
    let layer = *found.arrangement.numbers().get(shown_position(found))?;
    Scene::of(found.analysis.simplex.as_ref()?, layer)
}

/// The cosines between the class means of the layer that is shown `[K x K]`, row-major.
pub fn cosines(found: &Found) -> Option<Vec<f64>> {
    found.analysis.simplex.as_ref()?.cosines(*found.arrangement.numbers().get(shown_position(found))?)
}

/// The class means of the layer shown, in the frame of the ideal simplex.
pub fn means(found: &Found, sheet: &PaperSheet, scale: f64, theme: &Theme) {
    let classes = found.analysis.classes.len();
    let few = classes <= MOST_NAMED;
    let names: Vec<String> = found.analysis.classes.iter().map(|label| if few { class_name(label) } else { String::new() }).collect();
    let signs = names.iter().enumerate().map(|(color, name)| ClassSign { color, name, image: None }).collect::<Vec<_>>();
    let bare = || Scene { means: Vec::new(), ..Scene::bare(&simplex(&Vec::from_iter(0..classes.min(10) as u16))) };
    let scene = pictured(found).unwrap_or_else(bare);
    report(SimplexFigure { scene: &scene, camera: Camera::of(&scene), signs: &signs }.draw(sheet, theme, scale).is_err());
}
