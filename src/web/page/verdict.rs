//! What the run shows, in a sentence.

use super::dom::{create, find, set, show};
use super::format::{epoch, pearson, percent, rho};
use super::stage::Stage;
use super::state::State;
use super::strings::{fill, list, sentences, text};
use crate::experiment::{Config, HIGHEST_RHO, Record, Shortfall, Split, Verdict};
use web_sys::Element;

/// Above this r, or above the law's rho, nothing falls into line yet.
const TOWARDS_A_LINE: f64 = -0.9;

/// Writes the verdict.
pub fn render(state: &State) {
    let record = state.record();
    let [head, body, accuracy] = match record {
        None if state.drawing() => words(&text("guess.verdict"), ""),
        None => words(&text(if state.mood() == Stage::Loading { "verdict.loading" } else { "verdict.none" }), ""),
        Some(record) => sentence(state, record),
    };
    let join = text("join.sentences");
    let parts = [("b", head), ("span", format!("{join}{body}")), ("small", format!("{join}{accuracy}"))];
    let output = find::<Element>("verdict");
    if output.text_content() != Some(parts.iter().map(|(_, part)| part.as_str()).collect()) {
        output.set_text_content(None);
        for (tag, part) in parts {
            let element = create(tag);
            show(&element, &part);
            let _ = output.append_child(&element);
        }
    }
    let name = record.map(|record| match Verdict::new(state.split(record), record.train_accuracy) {
        Verdict::Holds => "holds",
        Verdict::Fails(shortfalls) => shortfalls.first().map_or("holds", name),
    });
    set(&output, "data-value", name);
}

/// A shortfall as data-value has it.
fn name(shortfall: &Shortfall) -> &'static str {
    match shortfall {
        Shortfall::NoFit => "no-fit",
        Shortfall::NotStraight { .. } => "not-straight",
        Shortfall::NotFalling { .. } => "not-falling",
        Shortfall::NotLearnt { .. } => "not-learnt",
    }
}

/// A sentence's head and body; the accuracies, which a low embed leaves out, have a place of their own.
pub type Words = [String; 3];

fn words(head: &str, body: &str) -> Words {
    [head.to_owned(), body.to_owned(), String::new()]
}

fn sentence(state: &State, record: &Record) -> Words {
    let split = state.split(record);
    let Some(law) = &split.law else { return words(&text("verdict.no-fit"), &text("verdict.no-fit.body")) };
    let keeps = fill("verdict.keeps", &[("keeps", &percent((law.rho * 100.0).round() / 100.0))]);
    let moment = |key| fill(key, &[("epoch", &epoch(record.epoch))]);
    let (train, test) = (record.train_accuracy, record.test_accuracy);
    let holds = Verdict::new(split, train) == Verdict::Holds;
    let mut said = match state.mood() {
        _ if record.epoch == 0.0 && state.recorded.is_none() => words(&text("verdict.ready"), &text("verdict.ready.body")),
        Stage::Finished if state.scrubbed.is_none() => judged(split, train, test, &keeps, &text("verdict.holds")),
        Stage::Training if holds => words(&text("verdict.in-line"), &keeps),
        Stage::Paused | Stage::Finished if holds => judged(split, train, test, &keeps, &moment("verdict.holds.at")),
        Stage::Training if law.pearson <= TOWARDS_A_LINE && law.rho <= HIGHEST_RHO => words(&text("verdict.training"), &keeps),
        _ => words(&moment("verdict.epoch"), &keeps),
    };
    said[1] = sentences(&said[1], &missing_layers(split, &law.layers));
    if record.epoch > 0.0 || state.recorded.is_some() {
        said[1] = sentences(&said[1], &by_block(state.shown(), &split.fuzziness, record.train_accuracy));
    }
    said
}

/// What the fit by residual blocks says, in a sentence; nothing in a network without them.
pub fn by_block(config: &Config, fuzziness: &[Option<f64>], train_accuracy: f64) -> String {
    let Some(law) = config.block_law(fuzziness) else { return String::new() };
    let key = match Verdict::of(Some(&law), train_accuracy) {
        Verdict::Holds => "verdict.block.holds",
        Verdict::Fails(shortfalls) if shortfalls.iter().all(|shortfall| matches!(shortfall, Shortfall::NotLearnt { .. })) => {
            "verdict.block"
        }
        Verdict::Fails(_) => "verdict.block.fails",
    };
    fill(key, &[("rho", &rho(law.rho)), ("pearson", &pearson(law.pearson))])
}

/// The verdict on a run that is over, with its accuracies; `keeps` and `holds` are what to say if the law holds.
pub fn judged(split: &Split, train_accuracy: f64, test_accuracy: Option<f64>, keeps: &str, holds: &str) -> Words {
    match Verdict::new(split, train_accuracy) {
        Verdict::Holds => {
            let train = percent(train_accuracy);
            let accuracy = match test_accuracy {
                Some(test) => fill("verdict.accuracy", &[("train", &train), ("test", &percent(test))]),
                None => fill("verdict.accuracy.train", &[("train", &train)]),
            };
            [holds.to_owned(), keeps.to_owned(), accuracy]
        }
        Verdict::Fails(shortfalls) => {
            // One shortfall has a name; with several the law simply fails.
            let key = if let [only] = &shortfalls[..] { name(only) } else { "fails" };
            let head = text(&format!("verdict.{key}"));
            let reasons = shortfalls.iter().map(reason).collect::<Vec<_>>().join(&text("join.reasons"));
            words(&head, &fill("verdict.reasons", &[("reasons", &reasons)]))
        }
    }
}

fn reason(shortfall: &Shortfall) -> String {
    let key = format!("verdict.{}.body", name(shortfall));
    match shortfall {
        Shortfall::NoFit => text(&key),
        Shortfall::NotStraight { pearson: r } => fill(&key, &[("pearson", &pearson(*r))]),
        Shortfall::NotFalling { rho: ratio } => fill(&key, &[("rho", &rho(*ratio))]),
        Shortfall::NotLearnt { accuracy } => fill(&key, &[("train", &percent(*accuracy))]),
    }
}

/// Which layers the fit had to leave out.
fn missing_layers(split: &Split, fitted: &[usize]) -> String {
    let missing = (0..split.fuzziness.len()).filter(|layer| !fitted.contains(layer)).map(|layer| layer.to_string());
    let missing = list(missing);
    if missing.is_empty() { missing } else { fill("verdict.missing", &[("layers", &missing)]) }
}
