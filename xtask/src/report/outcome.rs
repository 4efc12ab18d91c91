//! What runs end with, and whether two sets of them agree.

use pollster::block_on;
use separation_playground::dataset::Dataset;
use separation_playground::experiment::{Config, Outcome, Report, Run};
use std::error::Error;
use std::fs;
use std::path::Path;

/// The seeds with which presets are trained, the page's first.
pub const SEEDS: [u32; 5] = [666, 1, 2, 3, 4];

/// Trains `config` to its end; to five digits, which is what seeds leave.
///
/// # Errors
/// Those of the run.
pub fn train(config: &Config, data: &Dataset) -> Result<Outcome, Box<dyn Error>> {
    let mut run = Run::new(config.clone(), data)?;
    while run.epoch() < f64::from(run.epochs()) {
        block_on(run.train(run.steps_left_in_epoch()))?;
    }
    let outcome = Outcome::of(&block_on(run.record(async || ()))?, config.seed);
    let fit = |fit: Option<(f64, f64)>| fit.map(|(pearson, rho)| (rounded(pearson), rounded(rho)));
    Ok(Outcome {
        fuzziness: outcome.fuzziness.iter().map(|d| d.map(rounded)).collect(),
        train: fit(outcome.train),
        running: fit(outcome.running),
        test: fit(outcome.test),
        ..outcome
    })
}

/// The report in `folder`.
///
/// # Errors
/// If there is none, or it is damaged.
pub fn read(folder: &Path) -> Result<Report, Box<dyn Error>> {
    Ok(Report::parse(&serde_json::from_str(&fs::read_to_string(folder.join("report.json"))?)?).ok_or("report.json is damaged")?)
}

/// Writes the report into `folder`.
///
/// # Errors
/// Those of the file system.
pub fn write(report: &Report, folder: &Path) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(folder.join("report.json"), serde_json::to_string_pretty(report)? + "\n")?)
}

/// A measure: its name, what it may differ by where seeds hardly differ, and how it is read.
type Measure = (&'static str, f64, fn(&Outcome) -> Option<f64>);

/// What is compared and shown.
pub const MEASURES: [Measure; 6] = [
    ("r", 0.01, |outcome| outcome.train.map(|fit| fit.0)),
    ("rho", 0.02, |outcome| outcome.train.map(|fit| fit.1)),
    ("r, running statistics", 0.02, |outcome| outcome.running.map(|fit| fit.0)),
    ("rho, running statistics", 0.02, |outcome| outcome.running.map(|fit| fit.1)),
    ("training accuracy", 0.02, |outcome| Some(outcome.train_accuracy)),
    ("test accuracy", 0.02, |outcome| Some(outcome.test_accuracy)),
];

/// Least and greatest value of a measure; none where it is undefined.
pub fn range(outcomes: &[Outcome], measure: impl Fn(&Outcome) -> Option<f64>) -> Option<(f64, f64)> {
    outcomes.iter().filter_map(measure).fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((least, most)) => Some((least.min(value), most.max(value))),
    })
}

/// What differs, in words: measures whose middle is farther off the other's range than that range is wide, and than the measure may differ.
pub fn agreement(ours: &[Outcome], theirs: &[Outcome]) -> Vec<String> {
    let differ = |&(name, floor, measure): &Measure| {
        let ((least, most), (low, high)) = (range(ours, measure)?, range(theirs, measure)?);
        let (middle, slack) = ((least + most) / 2.0, (high - low).max(floor));
        let word = if middle < low - slack {
            "less"
        } else if middle > high + slack {
            "more"
        } else {
            return None;
        };
        Some(format!("{name} is {least:.4} to {most:.4} here, {low:.4} to {high:.4} there: {word}"))
    };
    MEASURES.iter().filter_map(differ).collect()
}

/// `value` to five digits.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(rho: f64) -> Outcome {
        Outcome {
            seed: 1,
            fuzziness: vec![],
            train: Some((-0.99, rho)),
            running: None,
            test: None,
            train_accuracy: 1.0,
            test_accuracy: 0.8,
        }
    }

    #[test]
    fn what_lies_beyond_the_spread_differs() {
        let theirs = [outcome(0.50), outcome(0.53)];
        assert_eq!(agreement(&[outcome(0.555)], &theirs), Vec::<String>::new());
        let differ = agreement(&[outcome(0.57), outcome(0.58)], &theirs);
        assert_eq!(differ, ["rho is 0.5700 to 0.5800 here, 0.5000 to 0.5300 there: more"]);
    }
}
