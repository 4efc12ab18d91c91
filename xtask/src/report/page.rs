//! The report as a page: ours beside PyTorch's, each preset a section with its picture.

use super::golden::Golden;
use super::outcome::{MEASURES, agreement, range};
use super::study::{self, GRID};
use separation_playground::experiment::{Entry, GRID_NOISE, GRID_SLOPES, Outcome, Report, Study, preset};
use separation_playground::separation::bend;
use std::error::Error;
use std::fmt::Write;

/// The page's words.
const STRINGS: &str = include_str!("../../../www/strings/en.json");

/// What the page calls a preset.
pub fn title(id: &str) -> String {
    word(&format!("preset.{id}.title"))
}

/// A text of the page.
pub fn word(key: &str) -> String {
    let strings: serde_json::Value = serde_json::from_str(STRINGS).unwrap_or_default();
    strings[key].as_str().unwrap_or(key).to_owned()
}

/// The page.
///
/// # Errors
/// If a picture in it cannot be drawn.
pub fn html(report: &Report, golden: &Golden) -> Result<String, Box<dyn Error>> {
    let Report { date, version, entries, studies } = report;
    let seeds = entries.first().map_or_else(Vec::new, |entry| entry.outcomes.iter().map(|outcome| outcome.seed.to_string()).collect());
    let mut page = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the gallery's runs give - Separation Playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../tokens.css">
<link rel="stylesheet" href="report.css">
</head>
<body>
<h1>What the gallery&rsquo;s runs give</h1>
<p>Version {version}, trained on {date} natively on the CPU engine, which gives the digits of the browser; seeds {}, where not said otherwise. Beside them PyTorch 2.15 on
the same images with seeds of its own: initialisations and shuffles differ, so compare ranges. D is measured on the training images with batch
normalisation on batches of 100, where there is any; accuracy is that of 1000 test images. In the pictures the first seed is drawn in black
with its fit in red, the others are dashed.</p>
"#,
        seeds.join(", ")
    );
    for entry in entries {
        section(&mut page, entry, golden.outcomes(&entry.id));
    }
    for study in studies {
        if study.id == GRID { grid(&mut page, study)? } else { sweep(&mut page, study, golden) }
    }
    Ok(page + "</body>\n</html>\n")
}

/// A sweep: its pictures, and its values beside PyTorch's.
fn sweep(page: &mut String, Study { id, entries }: &Study, golden: &Golden) {
    let _ = write!(
        page,
        r#"<section id="{id}">
<h2><a href="../?sweep={id}#sweeps">{}</a></h2>
<p>{} epochs, {} each; discs are medians, bands the range over the seeds.</p>
<img src="{id}.svg" alt="Correlation, decay ratio and test accuracy" width="480" height="420" loading="lazy">
<img src="{id}-curves.svg" alt="ln D over the layers" width="480" height="420" loading="lazy">
<table>
<thead><tr><th scope="col">{}</th><th scope="col">r</th><th scope="col">PyTorch</th><th scope="col">rho</th><th scope="col">PyTorch</th><th scope="col">test accuracy</th><th scope="col">PyTorch</th></tr></thead>
<tbody>
"#,
        word(&format!("sweep.{id}")),
        entries.first().map_or(0, |entry| entry.epochs),
        entries.first().map_or_else(String::new, seeds),
        word(&format!("sweep.{id}.axis")),
    );
    for Entry { id, title, outcomes, .. } in entries {
        let _ = write!(page, r#"<tr><th scope="row">{title}</th>"#);
        for at in [0, 1, 5] {
            let shown = |outcomes: &[Outcome]| range(outcomes, MEASURES[at].2).map_or_else(|| "&ndash;".to_owned(), span);
            let theirs = golden.outcomes(id).map_or_else(|| "&ndash;".to_owned(), |outcomes| shown(outcomes));
            let _ = write!(page, "<td>{}</td><td>{theirs}</td>", shown(outcomes));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

/// The grid: each field with its picture, its bend and the law's ratio.
fn grid(page: &mut String, Study { id, entries }: &Study) -> Result<(), Box<dyn Error>> {
    let _ = write!(
        page,
        r#"<section id="{id}" class="wide">
<h2><a href="../#{id}">Noise and nonlinearity</a></h2>
<p>{} epochs, {} each. Wrong labels from left to right, the slope of a leaky ReLU from top to bottom. Drawn: ln D of the first seed and its chord. Written: the bend, how
far the layers between stand above the chord in parts of its fall (positive: concave), and rho, as ranges over the seeds.</p>
<table>
<thead><tr><th scope="col">slope</th>"#,
        entries.first().map_or(0, |entry| entry.epochs),
        entries.first().map_or_else(String::new, seeds),
    );
    for noise in GRID_NOISE {
        let _ = write!(page, r#"<th scope="col">{:.0} % wrong</th>"#, 100.0 * noise);
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (slope, row) in GRID_SLOPES.iter().zip(entries.chunks(GRID_NOISE.len())) {
        let _ = write!(page, r#"<tr><th scope="row">{slope}</th>"#);
        for entry in row {
            let bends = range(&entry.outcomes, |outcome| bend(&outcome.fuzziness)).map_or_else(|| "&ndash;".to_owned(), span);
            let ratios = range(&entry.outcomes, MEASURES[1].2).map_or_else(|| "&ndash;".to_owned(), span);
            let _ = write!(page, "<td>{}<br>{bends}<br>{ratios}</td>", study::field(entry, entries)?);
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
    Ok(())
}

/// "3 seeds", or which one.
fn seeds(entry: &Entry) -> String {
    if let [only] = &entry.outcomes[..] { format!("seed {}", only.seed) } else { format!("{} seeds", entry.outcomes.len()) }
}

fn section(page: &mut String, entry: &Entry, golden: Option<&Vec<Outcome>>) {
    let Entry { id, title, epochs, outcomes } = entry;
    let said = match golden.map(|golden| agreement(outcomes, golden)) {
        None => "PyTorch was not asked for this one.".to_owned(),
        Some(differ) if differ.is_empty() => "Agrees with PyTorch within the spread of seeds.".to_owned(),
        Some(differ) => format!("Differs from PyTorch: {}.", differ.join("; ")),
    };
    let _ = write!(
        page,
        r#"<section id="{id}">
<h2><a href="../?preset={id}">{title}</a></h2>
<p>{epochs} epochs, {}. {said}</p>
<img src="{id}.svg" alt="ln D over the layers" width="360" height="200" loading="lazy">
<table>
<thead><tr><th scope="col">Measure</th><th scope="col">Here</th><th scope="col">PyTorch</th></tr></thead>
<tbody>
"#,
        seeds(entry)
    );
    let mut row = |name: &str, measure: &dyn Fn(&Outcome) -> Option<f64>| {
        let shown = |outcomes: Option<&[Outcome]>| {
            outcomes.and_then(|outcomes| range(outcomes, measure)).map_or_else(|| "&ndash;".to_owned(), span)
        };
        let (ours, theirs) = (shown(Some(outcomes)), shown(golden.map(Vec::as_slice)));
        let _ = writeln!(page, r#"<tr><th scope="row">{name}</th><td>{ours}</td><td>{theirs}</td></tr>"#);
    };
    for (name, _, measure) in MEASURES {
        row(name, &measure);
    }
    // The released code claims the law of residual networks by block: its fit follows from D by layer, here as there.
    if let Some(config) = preset(id).map(|preset| &preset.config).filter(|config| config.residual_block > 0) {
        let fit = |outcome: &Outcome| config.block_law(&outcome.fuzziness);
        row("r, by block", &|outcome| fit(outcome).map(|law| law.pearson));
        row("rho, by block", &|outcome| fit(outcome).map(|law| law.rho));
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

/// A range in four digits, with the minus sign of the page.
fn span((least, most): (f64, f64)) -> String {
    let number = |value: f64| format!("{value:.4}").replace('-', "\u{2212}");
    if number(least) == number(most) { number(least) } else { format!("{} to {}", number(least), number(most)) }
}
