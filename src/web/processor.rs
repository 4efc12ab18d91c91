//! What computes a run: the engine that was asked for, or with "auto" the faster one.

use super::protocol::Processor;
use super::rest::{Rest, now};
use crate::experiment::{EngineChoice, Run, RunError};
use js_sys::{Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How long each engine is timed, in milliseconds, beside its first steps.
const TIMED_MS: f64 = 60.0;

/// Names by which programs that stand in for a GPU are known.
const SOFTWARE: [&str; 5] = ["swiftshader", "llvmpipe", "lavapipe", "software", "basic render"];

/// The GPU that the browser prefers.
#[derive(Clone)]
struct Adapter {
    name: String,
    software: bool,
}

/// Whether a GPU was faster: by its name, and what it was to train.
type Known = (String, Vec<usize>, bool);

thread_local! {
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// Puts `run` on the engine `choice`; with "auto" on the GPU if that is one, and faster here than the CPU. The run stands as before.
pub async fn place(run: &mut Run, choice: EngineChoice) -> Processor {
    let adapter = if choice == EngineChoice::Cpu { None } else { adapter().await };
    if choice != EngineChoice::Webgpu && run.to_cpu().await.is_err() {
        run.fall_back();
    }
    let faster = match (choice, &adapter) {
        (EngineChoice::Cpu, _) | (EngineChoice::Auto, None) => false,
        (EngineChoice::Webgpu, _) => true,
        (EngineChoice::Auto, Some(adapter)) => !adapter.software && faster(run, &adapter.name).await,
    };
    let moved = if faster && run.engine() == "cpu" { run.to_gpu().await } else { Ok(()) };
    let refused = moved.err().map_or_else(String::new, |error| error.to_string());
    let mut processor = current(run);
    if let Some(adapter) = adapter.filter(|adapter| processor.engine == "webgpu" || adapter.software) {
        (processor.adapter, processor.software) = (adapter.name, adapter.software);
    }
    Processor { refused, ..processor }
}

/// What computes `run`, as far as the run knows.
pub fn current(run: &Run) -> Processor {
    Processor { engine: run.engine().to_owned(), ..Processor::default() }
}

/// The GPU that the browser prefers, if it has one. Its maker's name is not among what wgpu tells.
async fn adapter() -> Option<Adapter> {
    let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null());
    let gpu = member(&member(&js_sys::global(), "navigator")?, "gpu")?;
    let request: js_sys::Function = member(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let adapter = JsFuture::from(request.call0(&gpu).ok()?.dyn_into::<Promise>().ok()?).await.ok()?;
    let info = member(&adapter, "info")?;
    let text = |name: &str| member(&info, name).and_then(|value| value.as_string()).filter(|text| !text.is_empty());
    let name = text("description").or_else(|| Some([text("vendor")?, text("architecture").unwrap_or_default()].join(" ")));
    let fallback = [&info, &adapter].into_iter().any(|of| member(of, "isFallbackAdapter").is_some_and(|value| value.is_truthy()));
    let all = ["description", "vendor", "architecture"].map(|part| text(part).unwrap_or_default().to_ascii_lowercase()).join(" ");
    let software = fallback || SOFTWARE.iter().any(|known| all.contains(known));
    Some(Adapter { name: name.unwrap_or_default().trim().to_owned(), software })
}

/// Whether the GPU trains `run` faster than the CPU. What was found out once is known.
async fn faster(run: &mut Run, adapter: &str) -> bool {
    let shape = shape(run);
    let before = KNOWN.with_borrow(|known| known.iter().find(|(name, of, _)| name == adapter && *of == shape).map(|known| known.2));
    if let Some(faster) = before {
        return faster;
    }
    // A GPU that fails is not faster, and the run is where it was.
    let faster = compare(run).await.unwrap_or(false);
    run.fall_back();
    KNOWN.with_borrow_mut(|known| known.push((adapter.to_owned(), shape, faster)));
    faster
}

/// What decides how fast a run is trained: inputs, widths, classes and batch.
fn shape(run: &Run) -> Vec<usize> {
    let data = &run.sample().dataset;
    let (config, inputs) = (run.config(), data.train.features.ncols());
    [inputs, data.classes, config.batch_size].into_iter().chain(config.hidden.iter().copied()).collect()
}

async fn compare(run: &mut Run) -> Result<bool, RunError> {
    let (position, state) = (run.position(), run.snapshot().await?);
    let cpu = steps_per_second(run).await;
    run.restore(position, state).await?;
    let cpu = cpu?;
    run.to_gpu().await?;
    run.train(run.stride()).await?; // compiles
    run.settle().await?;
    Ok(steps_per_second(run).await? > cpu)
}

async fn steps_per_second(run: &mut Run) -> Result<f64, RunError> {
    let (mut rest, start, mut steps) = (Rest::new(), now(), 0);
    while now() - start < TIMED_MS {
        let stride = run.stride();
        run.train(stride).await?;
        steps += stride;
        rest.if_due().await;
    }
    run.settle().await?;
    Ok(1000.0 * steps as f64 / (now() - start))
}
