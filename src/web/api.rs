//! The JavaScript API: an experiment that computes in the calling thread, and the measures alone. Its types: api.d.ts.

use super::data;
use super::processor;
use super::rest::{Rest, now};
use super::values::{self, Features, thrown};
use crate::collapse::layer_peeled::{LayerPeeled, Sweep, SweepPoint};
use crate::collapse::{self, Classifier, Collapse};
use crate::dataset::{Dataset, DatasetName};
use crate::experiment::{self, BatchNormMode, Config, EngineChoice, Measured, Part, Preset, Run, RunError, Split, file};
use crate::separation::{self, Fuzziness};
use js_sys::{Float64Array, Function, Promise, Reflect, Uint8Array};
use serde::Serialize;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("api.d.ts");

#[wasm_bindgen(module = "/src/web/bundled.js")]
extern "C" {
    #[wasm_bindgen(js_name = bundledUrl)]
    fn bundled_url(file: &str) -> String;
}

/// One network in training.
#[wasm_bindgen(skip_typescript)]
pub struct Experiment {
    engine: Rc<Cell<&'static str>>,
    /// Empty while a method is at work on it.
    run: Rc<RefCell<Option<Run>>>,
}

#[derive(Serialize)]
struct Measurement {
    #[serde(flatten)]
    split: Split,
    collapse: Option<Collapse>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluation {
    epoch: f64,
    loss: f64,
    train_accuracy: f64,
    test_accuracy: Option<f64>,
}

#[wasm_bindgen]
impl Experiment {
    /// A fresh run of `config` on `data`, or on the bundled subset.
    ///
    /// # Errors
    /// If config or data are not accepted, or the subset cannot be fetched.
    pub async fn create(config: JsValue, data: JsValue, options: JsValue) -> Result<Experiment, JsValue> {
        let mut config = values::config(&config)?;
        if !values::absent(&data) {
            config.dataset = DatasetName::Own;
        }
        config.check().map_err(thrown)?;
        let data = dataset(&config, &data, &options).await?;
        Self::around(Run::new(config, &data).map_err(thrown)?).await
    }

    /// The run that `save` wrote.
    ///
    /// # Errors
    /// If `bytes` are not a run, or do not fit `data`.
    pub async fn load(bytes: JsValue, data: JsValue, options: JsValue) -> Result<Experiment, JsValue> {
        let bytes: Uint8Array = bytes.dyn_into().map_err(|_| thrown("bytes is not a Uint8Array. Use what save() gave."))?;
        let saved = file::load(&bytes.to_vec()).map_err(thrown)?;
        let data = dataset(&saved.config, &data, &options).await?;
        Self::around(saved.resume(&data).await.map_err(thrown)?).await
    }

    /// The engine that runs.
    #[wasm_bindgen(getter)]
    pub fn engine(&self) -> String {
        self.engine.get().to_owned()
    }

    /// Trains; see api.d.ts.
    ///
    /// # Errors
    /// If it is training already, or an argument is not accepted.
    pub fn train(&self, epochs: JsValue, options: JsValue) -> Result<Promise, JsValue> {
        let epochs = values::whole("epochs", &epochs)?;
        let on_record: Option<Function> = values::option(&options, "onRecord", "a function")?;
        let signal: Option<AbortSignal> = values::option(&options, "signal", "an AbortSignal")?;
        self.work(async move |run| {
            let goal = match epochs {
                Some(more) => run.position().epoch.saturating_add(more),
                None => run.epochs(),
            };
            train(run, goal, on_record, signal).await?;
            let rest = &mut Rest::new();
            loop {
                let result = run.evaluate(&mut async || rest.if_due().await).await;
                let Some((train, test)) = tried(run, result)? else { continue };
                return values::plain(&Evaluation {
                    epoch: run.epoch(),
                    loss: train.loss,
                    train_accuracy: train.accuracy,
                    test_accuracy: test.map(|test| test.accuracy),
                });
            }
        })
    }

    /// Measures; see api.d.ts.
    ///
    /// # Errors
    /// If it is training, or an argument is not accepted.
    pub fn measure(&self, options: JsValue) -> Result<Promise, JsValue> {
        let mode: Option<BatchNormMode> = values::choice(&options, "mode", "\"batches-of-100\" or \"running\"")?;
        let part = values::choice(&options, "split", "\"train\" or \"test\"")?.unwrap_or(Part::Train);
        self.work(async move |run| {
            let mode = mode.unwrap_or(match part {
                Part::Train => run.config().measure,
                Part::Test => BatchNormMode::Running,
            });
            let rest = &mut Rest::new();
            loop {
                let result = run.measure(part, mode, &mut async || rest.if_due().await).await.map_err(RunError::from);
                let Some(measured) = tried(run, result)? else { continue };
                let Measured { split, collapse, .. } =
                    measured.ok_or_else(|| thrown("split is \"test\", but the data have no test points. Use \"train\"."))?;
                return values::plain(&Measurement { split, collapse });
            }
        })
    }

    /// The run as bytes.
    ///
    /// # Errors
    /// If it is training.
    pub fn save(&self) -> Result<Promise, JsValue> {
        self.work(async |run| {
            loop {
                let result = file::save(run, "").await.map_err(RunError::from);
                let Some(bytes) = tried(run, result)? else { continue };
                return Ok(Uint8Array::from(&bytes[..]).into());
            }
        })
    }
}

impl Experiment {
    async fn around(mut run: Run) -> Result<Self, JsValue> {
        let choice = run.config().engine;
        let refused = processor::place(&mut run, choice).await.refused;
        if choice == EngineChoice::Webgpu && run.engine() == "cpu" {
            return Err(thrown(format!("engine is \"webgpu\". {refused} Use \"cpu\" or \"auto\".")));
        }
        Ok(Self { engine: Rc::new(Cell::new(run.engine())), run: Rc::new(RefCell::new(Some(run))) })
    }

    /// A promise of what `work` does with the run, which nothing else gets meanwhile.
    fn work(&self, work: impl AsyncFnOnce(&mut Run) -> Result<JsValue, JsValue> + 'static) -> Result<Promise, JsValue> {
        let (place, engine) = (self.run.clone(), self.engine.clone());
        let mut run = place.take().ok_or_else(|| thrown("The experiment is at work already. Await that first."))?;
        Ok(future_to_promise(async move {
            let result = work(&mut run).await;
            engine.set(run.engine());
            place.replace(Some(run));
            result
        }))
    }
}

/// The data that `config` names: those given, or the bundled subset.
async fn dataset(config: &Config, data: &JsValue, options: &JsValue) -> Result<Dataset, JsValue> {
    if config.dataset == DatasetName::Own {
        return values::dataset(data);
    }
    let given = values::text(options, "dataUrl")?;
    let locate = |file: &str| match &given {
        Some(url) => format!("{}/{file}", url.trim_end_matches('/')),
        None => bundled_url(file),
    };
    data::fetch(config.dataset, locate, |_| {}).await.map_err(thrown)
}

/// What an engine gave; none if the GPU failed. The run has then fallen back to where it was secured, on the CPU, and goes on from there.
fn tried<T>(run: &mut Run, result: Result<T, RunError>) -> Result<Option<T>, JsValue> {
    match result {
        Ok(given) => Ok(Some(given)),
        Err(RunError::Engine(_)) if run.engine() == "webgpu" => {
            run.fall_back();
            Ok(None)
        }
        Err(error) => Err(thrown(error)),
    }
}

/// Time between two times that a run on a GPU is secured, in milliseconds: what the loss of that GPU costs at most.
const SECURE_MS: f64 = 2000.0;

/// Trains up to epoch `goal`, and secures the run there.
async fn train(run: &mut Run, goal: u32, on_record: Option<Function>, signal: Option<AbortSignal>) -> Result<(), JsValue> {
    let rest = &mut Rest::new();
    let aborted = || signal.as_ref().filter(|signal| signal.aborted()).map_or(Ok(()), |signal| Err(signal.reason()));
    aborted()?;
    let mut fresh = run.epoch() == 0.0;
    // A run that falls back comes once more to what has been recorded.
    let mut recorded = if fresh { -1.0 } else { run.epoch() };
    let mut secured = now();
    while fresh || run.position().epoch < goal {
        if !fresh {
            let result = run.train(run.stride()).await;
            tried(run, result)?;
            rest.if_due().await;
        }
        fresh = false;
        if let Some(on_record) = on_record.as_ref().filter(|_| run.record_due() && run.epoch() > recorded) {
            let result = run.record(async || rest.if_due().await).await;
            if let Some(record) = tried(run, result)? {
                recorded = record.epoch;
                on_record.call1(&JsValue::UNDEFINED, &values::plain(&record)?)?;
            }
        }
        if run.position().epoch >= goal || now() - secured >= SECURE_MS {
            let result = run.secure().await.map_err(RunError::from);
            tried(run, result)?;
            secured = now();
        }
        if run.position().batch == 0 {
            aborted()?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    total: f64,
    per_class: Vec<Option<f64>>,
    rank: usize,
}

/// Separation fuzziness; see api.d.ts.
///
/// # Errors
/// Where it is undefined, and for arguments that do not fit.
#[wasm_bindgen(js_name = separationFuzziness, skip_typescript)]
pub fn separation_fuzziness(features: JsValue, dim: JsValue, labels: JsValue) -> Result<JsValue, JsValue> {
    let (dim, labels) = points_of(&dim, &labels)?;
    let classes = labels.iter().max().map_or(0, |&largest| usize::from(largest) + 1);
    let Fuzziness { total, per_class, rank } = match values::features("features", &features)? {
        Features::Single(numbers) => separation::separation_fuzziness(values::rows("features", &numbers, dim)?, &labels, classes),
        Features::Double(numbers) => separation::separation_fuzziness(values::rows("features", &numbers, dim)?, &labels, classes),
    }
    .map_err(thrown)?;
    values::plain(&Total { total, per_class, rank })
}

/// Neural collapse; see api.d.ts.
///
/// # Errors
/// Where it is undefined, and for arguments that do not fit.
#[wasm_bindgen(js_name = neuralCollapse, skip_typescript)]
pub fn neural_collapse(features: JsValue, dim: JsValue, labels: JsValue, weight: JsValue, bias: JsValue) -> Result<JsValue, JsValue> {
    let (dim, labels) = points_of(&dim, &labels)?;
    let numbers = |name, value| values::features(name, value).map(Features::doubles);
    let classifier = Classifier::new(numbers("weight", &weight)?, numbers("bias", &bias)?, dim).map_err(thrown)?;
    let collapse = match values::features("features", &features)? {
        Features::Single(numbers) => collapse::neural_collapse(values::rows("features", &numbers, dim)?, &labels, &classifier),
        Features::Double(numbers) => collapse::neural_collapse(values::rows("features", &numbers, dim)?, &labels, &classifier),
    };
    values::plain(&collapse.map_err(thrown)?)
}

/// Features of a point, and the labels of all points.
fn points_of(dim: &JsValue, labels: &JsValue) -> Result<(usize, Vec<u16>), JsValue> {
    let dim = values::dim("dim", dim)?;
    let labels = values::labels("labels", labels)?;
    let label = |(point, &label): (usize, &i32)| {
        u16::try_from(label).map_err(|_| thrown(format!("labels is {label} at point {point}. Use 0 to 65535.")))
    };
    Ok((dim, labels.iter().enumerate().map(label).collect::<Result<_, _>>()?))
}

/// The law's fit; see api.d.ts.
///
/// # Errors
/// If `fuzziness` is not a list of numbers and nulls.
#[wasm_bindgen(js_name = fitLaw, skip_typescript)]
pub fn fit_law(fuzziness: JsValue) -> Result<JsValue, JsValue> {
    let fuzziness: Vec<Option<f64>> =
        serde_wasm_bindgen::from_value(fuzziness).map_err(|_| thrown("fuzziness is not a list of numbers and nulls, one a layer."))?;
    values::plain(&separation::fit_law(&fuzziness))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Optimum {
    loss: f64,
    cos_majority: Option<f64>,
    cos_minority: Option<f64>,
    cos_between: Option<f64>,
    norms_w: Vec<f64>,
    norms_h: Vec<f64>,
    duality: f64,
}

/// The optimum of a layer-peeled model; see api.d.ts.
///
/// # Errors
/// If a setting is missing or out of its range.
#[wasm_bindgen(js_name = layerPeeled, skip_typescript)]
pub fn layer_peeled(settings: JsValue) -> Result<JsValue, JsValue> {
    let balanced = model(&settings)?;
    let optimum = LayerPeeled { imbalance: values::number(&settings, "imbalance")?, ..balanced }.solve().map_err(thrown)?;
    let result = values::plain(&Optimum {
        loss: optimum.loss,
        cos_majority: optimum.cos_majority,
        cos_minority: optimum.cos_minority,
        cos_between: optimum.cos_between,
        norms_w: optimum.norms_w,
        norms_h: optimum.norms_h,
        duality: optimum.duality,
    })?;
    for (name, vectors) in [("W", optimum.w), ("H", optimum.h)] {
        Reflect::set(&result, &name.into(), &Float64Array::from(&vectors.into_raw_vec_and_offset().0[..]))?;
    }
    Ok(result)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Minorities {
    threshold: Option<f64>,
    points: Vec<MinorityPoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MinorityPoint {
    imbalance: f64,
    cos_minority: Option<f64>,
    norm_minority: Option<f64>,
}

/// The layer-peeled model over the imbalance; see api.d.ts.
///
/// # Errors
/// If a setting is missing or out of its range.
#[wasm_bindgen(js_name = layerPeeledSweep, skip_typescript)]
pub fn layer_peeled_sweep(settings: JsValue) -> Result<JsValue, JsValue> {
    let sweep = Sweep::new(model(&settings)?).map_err(thrown)?;
    let threshold = sweep.threshold();
    let point = |SweepPoint { imbalance, cos_minority, norm_minority }| MinorityPoint { imbalance, cos_minority, norm_minority };
    values::plain(&Minorities { threshold, points: sweep.map(point).collect() })
}

/// The model that `settings` describe, of balanced classes.
fn model(settings: &JsValue) -> Result<LayerPeeled, JsValue> {
    let missing = |name| thrown(format!("{name} is missing. Use a whole number."));
    let count = |name| values::count(settings, name)?.ok_or_else(|| missing(name));
    Ok(LayerPeeled {
        classes: count("classes")?,
        majority: count("majority")?,
        imbalance: 1.0,
        energy_features: values::number(settings, "energyFeatures")?,
        energy_classifiers: values::number(settings, "energyClassifiers")?,
        dimensions: values::count(settings, "p")?,
    })
}

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    title: String,
    description: String,
    config: &'a Config,
}

/// The package's version; see api.d.ts.
#[wasm_bindgen(skip_typescript)]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The configs of the figures; see api.d.ts.
///
/// # Errors
/// None that a caller can cause.
#[wasm_bindgen(skip_typescript)]
pub fn presets() -> Result<JsValue, JsValue> {
    // The page's words; it loads them itself, so only the API carries them.
    let strings: Value = serde_json::from_str(include_str!("../../www/strings/en.json")).map_err(thrown)?;
    let words = |id: &str, what: &str| strings[format!("preset.{id}.{what}")].as_str().unwrap_or(id).to_owned();
    let named = experiment::presets().iter().map(|Preset { id, config, .. }| Named {
        id,
        title: words(id, "title"),
        description: words(id, "description"),
        config,
    });
    values::plain(&named.collect::<Vec<_>>())
}
