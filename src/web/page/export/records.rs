//! The records of a run as JSON.

use crate::experiment::{Config, History, Record};
use crate::web::page::state::State;
use crate::web::protocol::{Processor, pack};
use js_sys::JSON;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A run and its records. The records are those of the JavaScript API, less the points' places, which only pictures need.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported {
    /// What wrote it.
    generator: &'static str,
    /// All settings, with the engine that ran.
    config: Config,
    /// What computed it; null for the recording that the page brings along.
    processor: Option<Processor>,
    /// Training points of each class; empty for the recording.
    class_counts: Vec<usize>,
    /// By epoch.
    records: History,
}

/// The run that is shown.
///
/// # Errors
/// If the browser cannot write it.
pub fn json(state: &State) -> Result<String, JsValue> {
    let run = state.run.as_ref().filter(|_| state.recorded.is_none());
    let exported = Exported {
        generator: concat!("Separation Playground ", env!("CARGO_PKG_VERSION")),
        config: state.made(),
        processor: run.map(|run| run.processor.clone()),
        class_counts: run.map_or_else(Vec::new, |run| run.class_counts.clone()),
        records: state.seen().records().iter().cloned().map(Record::without_points).collect::<Vec<_>>().into(),
    };
    Ok(JSON::stringify_with_replacer_and_space(&pack(&exported)?, &JsValue::NULL, &1.into())?.into())
}
