//! What the run shows, in a sentence.

use super::dom::{create, find, set, show};
use super::format::{epoch, pearson, percent, rho};
use super::state::{Stage, State};
use super::strings::{fill, text};
use crate::experiment::{Record, Shortfall, Split, Verdict};
use web_sys::{Element, Node};

/// Above this r nothing falls into line yet.
const TOWARDS_A_LINE: f64 = -0.9;

/// Writes the verdict.
pub fn render(state: &State) {
    let record = state.record();
    let (head, body) = match record {
        None => (text(if state.mood() == Stage::Loading { "verdict.loading" } else { "verdict.none" }), String::new()),
        Some(record) => sentence(state, record),
    };
    let output = find::<Element>("verdict");
    if output.text_content().as_deref() != Some(&format!("{head} {body}")) {
        output.set_text_content(None);
        let bold = create("b");
        show(&bold, &head);
        let parts: [&Node; 1] = [&bold];
        parts.iter().for_each(|part| drop(output.append_child(part)));
        let _ = output.append_with_str_1(&format!(" {body}"));
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

fn sentence(state: &State, record: &Record) -> (String, String) {
    let split = state.split(record);
    let Some(law) = &split.law else { return (text("verdict.no-fit"), text("verdict.no-fit.body")) };
    let keeps = fill("verdict.keeps", &[("keeps", &percent((law.rho * 100.0).round() / 100.0))]);
    let moment = || fill("verdict.epoch", &[("epoch", &epoch(record.epoch))]);
    let (head, body) = match state.mood() {
        _ if record.epoch == 0.0 => (text("verdict.ready"), text("verdict.ready.body")),
        Stage::Finished if state.scrubbed.is_none() => judged(split, record, &keeps),
        Stage::Training if law.pearson <= TOWARDS_A_LINE => (text("verdict.training"), keeps),
        _ => (moment(), keeps),
    };
    (head, format!("{body}{}", missing_layers(split, &law.layers)))
}

fn judged(split: &Split, record: &Record, keeps: &str) -> (String, String) {
    match Verdict::new(split, record.train_accuracy) {
        Verdict::Holds => {
            let train = percent(record.train_accuracy);
            let accuracy = match record.test_accuracy {
                Some(test) => fill("verdict.accuracy", &[("train", &train), ("test", &percent(test))]),
                None => fill("verdict.accuracy.train", &[("train", &train)]),
            };
            (text("verdict.holds"), format!("{keeps} {accuracy}"))
        }
        Verdict::Fails(shortfalls) => {
            let head = shortfalls.first().map_or_else(String::new, |first| text(&format!("verdict.{}", name(first))));
            (head, shortfalls.iter().map(reason).collect::<Vec<_>>().join(", ") + ".")
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
    let missing = missing.collect::<Vec<_>>();
    if missing.is_empty() { String::new() } else { format!(" {}", fill("verdict.missing", &[("layers", &missing.join(", "))])) }
}
