//! The opening picture: the recorded run's decay curve as an SVG that moves by itself, so that it plays while the page's module loads.
//!
//! It stands inside the page and takes its colours from there. Places are shares of the plot, in percent; marks and texts keep their size.

use separation_playground::experiment::{History, Split};
use std::fmt::Write;

/// What the y axis spans, in ln D; a little more above, as the page's own figure has it.
const LOW: f64 = -2.0;
const HIGH: f64 = 5.15;
/// Epochs shown in slow motion, and the seconds that they and all others take, as in src/chart/playhead.rs.
const DAWN: f64 = 30.0;
const SECONDS: [f64; 2] = [5.0, 5.0];
/// Of the later records only every so many are worth their bytes.
const SPARSE: usize = 8;

/// The picture of `history`.
pub fn svg(history: &History) -> String {
    let records = history.records();
    let dawn = records.iter().filter(|record| record.epoch <= DAWN).count();
    let last = records.len() - 1;
    let kept: Vec<_> =
        (0..=last).filter(|&at| at < dawn || at == last || (at - dawn) % SPARSE == SPARSE - 1).map(|at| &records[at]).collect();
    let end = records[last].epoch;
    let share = |epoch: f64| {
        let seconds = SECONDS[0] * (epoch / DAWN).min(1.0) + SECONDS[1] * ((epoch - DAWN) / (end - DAWN)).max(0.0);
        format!("{:.4}", seconds / SECONDS.iter().sum::<f64>())
    };
    let times = kept.iter().map(|record| share(record.epoch)).collect::<Vec<_>>().join(";");
    let layers = records[last].train.fuzziness.len();
    let x = |layer: usize| 100.0 * (layer as f64 + 0.42) / (layers as f64 - 0.4);
    let moves = |attribute: &str, values: Vec<String>| {
        let values = values.join(";");
        let duration = SECONDS.iter().sum::<f64>();
        format!(r#"<animate attributeName="{attribute}" dur="{duration}s" fill="freeze" keyTimes="{times}" values="{values}"/>"#)
    };
    let y = |ln: f64| format!("{}%", number(100.0 * (HIGH - ln) / (HIGH - LOW)));
    let ln = |split: &Split, layer: usize| split.fuzziness[layer].map_or(0.0, f64::ln);
    let all = |place: &dyn Fn(usize) -> f64| (0..kept.len()).map(|at| y(place(at))).collect::<Vec<_>>();
    let test = |at: usize, layer: usize| kept[at].test.as_ref().map_or(0.0, |test| ln(test, layer));
    let fit = |at: usize, layer: usize| kept[at].train.law.as_ref().map_or(0.0, |law| law.intercept + law.rho.ln() * layer as f64);

    // What stands in the attributes themselves is the end: it shows where nothing may move.
    let mut svg = String::from("<svg class=\"opening\" id=\"opening\" aria-hidden=\"true\">\n");
    for tick in LOW as i32..=HIGH as i32 {
        let y = y(f64::from(tick));
        let _ = writeln!(
            svg,
            r#"<line class="rule" x2="100%" y1="{y}" y2="{y}"/><text x="-8" y="{y}" dy=".35em">{}</text>"#,
            tick.to_string().replace('-', "\u{2212}")
        );
    }
    let mut line = |mark: &str, from: usize, to: usize, place: &dyn Fn(usize, usize) -> f64| {
        let end = kept.len() - 1;
        let (y1, y2) = (y(place(end, from)), y(place(end, to)));
        let (first, second) = (moves("y1", all(&|at| place(at, from))), moves("y2", all(&|at| place(at, to))));
        let (x1, x2) = (number(x(from)), number(x(to)));
        let _ = writeln!(svg, r#"<line class="{mark}" x1="{x1}%" x2="{x2}%" y1="{y1}" y2="{y2}">{first}{second}</line>"#);
    };
    (1..layers).for_each(|layer| line("test", layer - 1, layer, &test));
    line("law", 0, layers - 1, &fit);
    for layer in 0..layers {
        let place = |at: usize| ln(&kept[at].train, layer);
        let moves = moves("cy", all(&place));
        let _ = writeln!(svg, r#"<circle cx="{}%" cy="{}" r="7">{moves}</circle>"#, number(x(layer)), y(place(kept.len() - 1)));
    }
    svg + "</svg>\n"
}

/// At most two decimals, and none that say nothing.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
