//! The report as a page: ours beside PyTorch's, each preset a section with its picture.

use super::golden::Golden;
use super::outcome::{Entry, MEASURES, Outcome, Report, agreement, range};
use std::fmt::Write;

/// The page's words.
const STRINGS: &str = include_str!("../../../www/strings/en.json");

/// What the page calls a preset.
pub fn title(id: &str) -> String {
    word(&format!("preset.{id}.title"))
}

fn word(key: &str) -> String {
    let strings: serde_json::Value = serde_json::from_str(STRINGS).unwrap_or_default();
    strings[key].as_str().unwrap_or(key).to_owned()
}

/// The page.
pub fn html(report: &Report, golden: &Golden) -> String {
    let Report { date, version, entries } = report;
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
    page + "</body>\n</html>\n"
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
        if let [only] = &outcomes[..] { format!("seed {}", only.seed) } else { format!("{} seeds", outcomes.len()) }
    );
    for (name, _, measure) in MEASURES {
        let shown = |outcomes: Option<&[Outcome]>| {
            outcomes.and_then(|outcomes| range(outcomes, measure)).map_or_else(|| "&ndash;".to_owned(), span)
        };
        let (ours, theirs) = (shown(Some(outcomes)), shown(golden.map(Vec::as_slice)));
        let _ = writeln!(page, r#"<tr><th scope="row">{name}</th><td>{ours}</td><td>{theirs}</td></tr>"#);
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

/// A range in four digits, with the minus sign of the page.
fn span((least, most): (f64, f64)) -> String {
    let number = |value: f64| format!("{value:.4}").replace('-', "\u{2212}");
    if number(least) == number(most) { number(least) } else { format!("{} to {}", number(least), number(most)) }
}
