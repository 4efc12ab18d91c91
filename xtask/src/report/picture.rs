//! The picture of a preset: the decay curve of its first seed before those of the others, from the page's own chart.

use separation_playground::chart::{Blocks, DecayCurve, DecayLabels, Ghost, Kind, LN_RANGE, Theme, ln_range_of, svg as draw};
use separation_playground::experiment::{Config, Entry, preset};
use std::error::Error;

/// CSS px, and px of the drawing for each.
const SIZE: (u32, u32) = (360, 200);
const SCALE: f64 = 2.0;

/// The picture of `entry`.
///
/// # Errors
/// If it cannot be drawn, or has no outcome.
pub fn svg(entry: &Entry) -> Result<String, Box<dyn Error>> {
    let (first, others) = entry.outcomes.split_first().ok_or("nothing was trained")?;
    let layers = first.fuzziness.len();
    let split = first.split();
    let previous = others.iter().map(|outcome| Ghost { fuzziness: &outcome.fuzziness, label: "", kind: Kind::Before }).collect::<Vec<_>>();
    let labels = DecayLabels { axis: "ln *D*", measured: &[], input: "", layer: "", training: "", fuzziness: "", test: "", half_life: &[] };
    let range = ln_range_of(LN_RANGE, entry.outcomes.iter().flat_map(|outcome| outcome.fuzziness.iter().copied()));
    let config = preset(&entry.id).map_or_else(Config::default, |preset| preset.config.clone());
    let (blocks, block_law) = (config.blocks(), config.block_law(&first.fuzziness));
    let curve = DecayCurve {
        layers,
        train: Some(&split),
        test: None,
        classes: &[],
        linear: false,
        trail: &[],
        previous: &previous,
        film: None,
        blocks: (!blocks.is_empty()).then_some(Blocks { layers: &blocks, law: block_law.as_ref() }),
        marked: None,
        range,
        labels,
    };
    draw(SIZE, SCALE, |sheet| curve.draw(sheet, &Theme::LIGHT, SCALE)).map_err(|why| format!("{}: {why:?}", entry.id).into())
}
