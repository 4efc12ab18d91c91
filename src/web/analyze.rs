//! The JavaScript API's `analyze`: the layers of any network, measured. Its types: api.d.ts.

use super::rest::Rest;
use super::values::{self, Features, thrown};
use crate::features::{Arrangement, Labels, LayerMeasures, Progress};
use crate::separation::{Law, fit_law};
use js_sys::{Array, Function, Map, Object};
use serde::Serialize;
use std::ops::ControlFlow;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Analysis {
    points: usize,
    classes: Vec<i64>,
    counts: Vec<usize>,
    layers: Vec<Layer>,
    law: Option<Law>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block_law: Option<Option<Law>>,
}

#[derive(Serialize)]
struct Layer {
    name: String,
    #[serde(flatten)]
    measures: LayerMeasures,
}

/// Separation and collapse of layers; see api.d.ts.
///
/// # Errors
/// For arguments that do not fit, with the name of the layer; and why it was aborted.
#[wasm_bindgen(skip_typescript)]
pub async fn analyze(layers: JsValue, labels: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let given = named(&layers)?;
    let labels =
        Labels::new(values::labels("labels", &labels)?.into_iter().map(i64::from)).map_err(|fault| thrown(format!("labels: {fault}.")))?;
    let blocks: Option<Vec<usize>> = values::choice(&options, "blocks", "a list of indices of layers")?;
    let mut arrangement = Arrangement::new(given.len());
    for &block in blocks.iter().flatten() {
        let part = arrangement.part_mut(block);
        part.ok_or_else(|| thrown(format!("blocks has {block}. Use 0 to {}.", given.len() - 1)))?.block = true;
    }
    let on_progress: Option<Function> = values::option(&options, "onProgress", "a function")?;
    let signal: Option<AbortSignal> = values::option(&options, "signal", "an AbortSignal")?;
    let aborted = || signal.as_ref().filter(|signal| signal.aborted()).map_or(Ok(()), |signal| Err(signal.reason()));
    aborted()?;
    let rest = &mut Rest::new();
    let mut layers = Vec::with_capacity(given.len());
    for (index, (name, layer)) in given.iter().enumerate() {
        let mut heard = async |done| {
            if let Some(on_progress) = &on_progress {
                let progress = Progress { layer: index, layers: given.len(), done };
                on_progress.call1(&JsValue::UNDEFINED, &values::plain(&progress)?)?;
            }
            rest.if_due().await;
            aborted()
        };
        let mut stopped = Ok(());
        let mut pace = async |done| {
            stopped = heard(done).await;
            if stopped.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let what = |part| format!("{part} of layer \"{name}\"");
        let dim = values::dim(&what("dim"), &values::member(layer, "dim")?)?;
        let features = what("features");
        let measured = match values::features(&features, &values::member(layer, "features")?)? {
            Features::Single(numbers) => LayerMeasures::of(values::rows(&features, &numbers, dim)?, &labels, &mut pace).await,
            Features::Double(numbers) => LayerMeasures::of(values::rows(&features, &numbers, dim)?, &labels, &mut pace).await,
        };
        stopped?;
        layers.push(Layer { name: name.clone(), measures: measured.map_err(|fault| thrown(format!("{features}: {fault}.")))? });
    }
    let fuzziness: Vec<_> = layers.iter().map(|layer| layer.measures.fuzziness).collect();
    let law = fit_law(&fuzziness);
    let block_law = blocks.map(|_| fit_law(&arrangement.blocks().into_iter().map(|layer| fuzziness[layer]).collect::<Vec<_>>()));
    values::plain(&Analysis { points: labels.classes.len(), classes: labels.values, counts: labels.counts, layers, law, block_law })
}

/// The layers of a list, a Map or an object, with their names.
fn named(layers: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    let pair = |entry: JsValue| {
        let entry = Array::from(&entry);
        let name = entry.get(0);
        (name.as_string().unwrap_or_else(|| values::shown(&name)), entry.get(1))
    };
    let found: Vec<_> = if let Some(list) = layers.dyn_ref::<Array>() {
        let name = |(index, layer): (usize, JsValue)| Ok((values::text(&layer, "name")?.unwrap_or_else(|| index.to_string()), layer));
        list.iter().enumerate().map(name).collect::<Result<_, JsValue>>()?
    } else if layers.is_instance_of::<Map>() {
        Array::from(layers).iter().map(pair).collect()
    } else if let Some(record) = layers.dyn_ref::<Object>() {
        Object::entries(record).iter().map(pair).collect()
    } else {
        Vec::new()
    };
    if found.is_empty() { Err(values::refused("layers", layers, "a list, a Map or an object of { dim, features }")) } else { Ok(found) }
}
