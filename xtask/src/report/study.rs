//! Studies: the page's sweeps and its grid, each value an entry of its own.

use super::page::word;
use separation_playground::chart::{
    QUANTITIES, Sketch, SweepCurve, SweepCurves, SweepMeasure, SweepMeasures, Theme, ln_range_of, svg as draw,
};
use separation_playground::experiment::{Band, Config, Entry, GRID_NOISE, GRID_SLOPES, Outcome, Setting, Sweep, grid_config, grid_id};
use std::error::Error;

/// The sweeps that are trained here: those of widths and shapes take hours.
const SWEEPS: [Sweep; 4] = [Sweep::Depth, Sweep::Rate, Sweep::Points, Sweep::Seed];
/// The grid's name.
pub const GRID: &str = "grid";

/// Something to train: what the report calls it, and its runs, one for each seed.
pub struct Item {
    pub id: String,
    pub title: String,
    pub runs: Vec<Config>,
}

/// The names of all studies.
pub fn names() -> Vec<&'static str> {
    SWEEPS.iter().map(|sweep| sweep.name()).chain([GRID]).collect()
}

/// What the study of this name trains: with the page's seeds, so that it shows the same.
pub fn items(name: &str, seeds: usize) -> Vec<Item> {
    let item = |id: String, Setting { name, config }: Setting, seeds| Item {
        id,
        runs: Setting { name: String::new(), config }.runs(seeds).collect(),
        title: name,
    };
    if name == GRID {
        let field = |slope, noise| Setting { name: format!("slope {slope}, noise {noise}"), config: grid_config(slope, noise) };
        let fields = GRID_SLOPES.iter().flat_map(|&slope| GRID_NOISE.map(|noise| (slope, noise)));
        return fields.map(|(slope, noise)| item(grid_id(slope, noise), field(slope, noise), seeds as u32)).collect();
    }
    let Some(sweep) = SWEEPS.into_iter().find(|sweep| sweep.name() == name) else { return Vec::new() };
    let settings = sweep.settings(&Config::default());
    settings.into_iter().map(|setting| item(sweep.id(&setting), setting, sweep.seeds(seeds as u32))).collect()
}

/// The pictures of a sweep's entries: the measures over the values, and the curves.
///
/// # Errors
/// If they cannot be drawn.
pub fn sweep(name: &str, entries: &[Entry]) -> Result<[String; 2], Box<dyn Error>> {
    let values = entries.iter().map(|entry| entry.title.clone()).collect::<Vec<_>>();
    let bands = |of: fn(&Outcome) -> Option<f64>| entries.iter().map(|entry| Band::of(entry.outcomes.iter().map(of))).collect();
    let names = ["sweep.pearson", "sweep.rho", "sweep.test"].map(word);
    let measures = names.iter().zip(QUANTITIES);
    let measures = measures.map(|(name, quantity)| SweepMeasure { name, quantity, bands: bands(quantity.of) }).collect::<Vec<_>>();
    let by_layer = |entry: &Entry| {
        let layers = entry.outcomes.iter().map(|outcome| outcome.fuzziness.len()).max().unwrap_or_default();
        (0..layers).map(|layer| Band::of(entry.outcomes.iter().map(|at| at.fuzziness.get(layer).copied().flatten()))).collect()
    };
    let curves = entries.iter().map(|entry| SweepCurve { name: &entry.title, bands: by_layer(entry) }).collect::<Vec<_>>();
    let axis = word(&format!("sweep.{name}.axis"));
    let measures = SweepMeasures { values: &values, measures: &measures, axis: &axis };
    let curves = SweepCurves { curves: &curves, axis: "_ln_ *D*", layer: "layer", range: (0, 4) };
    let failed = |why| format!("{name}: {why:?}");
    Ok([
        draw((480, 420), 2.0, |sheet| measures.draw(sheet, &Theme::LIGHT, 2.0)).map_err(failed)?,
        draw((480, 420), 2.0, |sheet| curves.draw(sheet, &Theme::LIGHT, 2.0)).map_err(failed)?,
    ])
}

/// The picture of a field of the grid: its first seed, on the axis of `all`.
///
/// # Errors
/// If it cannot be drawn.
pub fn field(entry: &Entry, all: &[Entry]) -> Result<String, Box<dyn Error>> {
    let every = all.iter().flat_map(|entry| &entry.outcomes).flat_map(|outcome| outcome.fuzziness.iter().copied());
    let fuzziness = entry.outcomes.first().map_or(&[][..], |outcome| &outcome.fuzziness);
    let sketch = Sketch { fuzziness, range: ln_range_of((0, 4), every) };
    draw((150, 92), 2.0, |sheet| sketch.draw(sheet, &Theme::LIGHT, 2.0)).map_err(|why| format!("{}: {why:?}", entry.id).into())
}
