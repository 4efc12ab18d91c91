//! The native half of `cargo xtask bench --gpu`: the GPU engine on this system's Vulkan beside the CPU engine, one thread.

use pollster::block_on;
use separation_playground::dataset::{BUNDLED, Dataset, Part, load};
use separation_playground::engine::{EngineError, State, Statistics, Step, Wanted, cpu::Cpu, gpu::Gpu};
use separation_playground::network::{Activation, Architecture, Initialization, Normalization, Optimizer, OptimizerKind};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

const LAYERS: usize = 8;
const WIDTHS: [usize; 2] = [100, 1000];
const BATCH: usize = 128;
/// Each engine trains in turn, so that a drifting machine hits both alike.
const ROUNDS: usize = 3;
/// How long a round trains an engine, whole epochs.
const ROUND: Duration = Duration::from_secs(2);
/// What a record measures, and whether neural collapse with it.
const RECORD: [(Part, Statistics, bool); 3] =
    [(Part::Train, Statistics::Running, true), (Part::Train, Statistics::Batch, false), (Part::Test, Statistics::Running, false)];
/// A network so narrow that a step's time is that of its dispatches.
const NARROW: usize = 4;

/// What training took.
#[derive(Default)]
struct Pace {
    steps: usize,
    time: Duration,
}

impl Pace {
    /// Trains whole epochs of so many steps for a while.
    fn run(&mut self, steps: usize, mut epoch: impl FnMut() -> Result<(), EngineError>) -> Result<(), EngineError> {
        let start = Instant::now();
        while start.elapsed() < ROUND {
            epoch()?;
            self.steps += steps;
        }
        self.time += start.elapsed();
        Ok(())
    }

    fn per_second(&self) -> f64 {
        self.steps as f64 / self.time.as_secs_f64()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let data = load(&BUNDLED[0], &Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/data"))?;
    let order: Vec<u32> = (0..data.train.labels.len() as u32).collect();
    let mut narrow = gpu(&data, &order, NARROW)?;
    println!("{LAYERS} layers, batch {BATCH}, Adam, natively on {}; the CPU engine on one thread", narrow.adapter().name);
    let mut least = Pace::default();
    on_gpu(&mut narrow, &order, &mut least)?;
    for width in WIDTHS {
        let (mut engine, mut cpu) = (gpu(&data, &order, width)?, cpu(width));
        let (mut ours, mut others) = (Pace::default(), Pace::default());
        for _ in 0..ROUNDS {
            on_gpu(&mut engine, &order, &mut ours)?;
            others.run(epoch(&order).count(), || {
                for Step { batch, rate, trained } in epoch(&order) {
                    cpu.step(&data.train, batch, rate, trained);
                }
                Ok(())
            })?;
        }
        let (before, dispatched) = (engine.bytes_read(), engine.dispatches());
        block_on(engine.train(epoch(&order), &mut Vec::new()))?;
        let (between, dispatches) = (engine.bytes_read() - before, engine.dispatches() - dispatched);
        block_on(engine.settle(&mut Vec::new()))?;
        for (part, statistics, collapse) in RECORD {
            block_on(engine.measure(part, statistics, Wanted { collapse, ..Wanted::default() }))?;
        }
        let row = |what: &str, value: String| println!("{:<66}{value:>9}", format!("width {width}: {what}"));
        row("steps per second on the GPU", format!("{:.1}", ours.per_second()));
        row("times the CPU engine's", format!("{:.2}", ours.per_second() / others.per_second()));
        row("dispatches per step", format!("{}", dispatches as usize / epoch(&order).count()));
        row(&format!("share of the time that a network of width {NARROW} takes"), format!("{:.2}", ours.per_second() / least.per_second()));
        row("bytes read back in an epoch between records", between.to_string());
        row("bytes read back by a record", (engine.bytes_read() - before - between).to_string());
    }
    Ok(())
}

fn network(width: usize) -> (Architecture, Optimizer) {
    let architecture = Architecture {
        inputs: 100,
        hidden: vec![width; LAYERS - 1],
        classes: 10,
        activation: Activation::Relu,
        negative_slope: 0.0,
        normalization: Normalization::Batch,
        residual_block: 0,
    };
    (architecture, Optimizer { kind: OptimizerKind::Adam, momentum: 0.0, weight_decay: 5e-4 })
}

fn gpu(data: &Dataset, order: &[u32], width: usize) -> Result<Gpu, EngineError> {
    let (architecture, optimizer) = network(width);
    let state = State::fresh(&architecture, &optimizer, Initialization::Torch, 1);
    let mut gpu = block_on(Gpu::new(architecture, optimizer, BATCH, &state, data))?;
    // Compiles.
    block_on(gpu.train(epoch(order), &mut Vec::new()))?;
    block_on(gpu.settle(&mut Vec::new()))?;
    Ok(gpu)
}

fn cpu(width: usize) -> Cpu {
    let (architecture, optimizer) = network(width);
    let state = State::fresh(&architecture, &optimizer, Initialization::Torch, 1);
    Cpu::new(architecture, optimizer, BATCH, state)
}

/// The whole batches of an epoch.
fn epoch(order: &[u32]) -> impl Iterator<Item = Step<'_>> {
    order.chunks_exact(BATCH).map(|batch| Step { batch, rate: 1e-3, trained: 0..LAYERS })
}

fn on_gpu(gpu: &mut Gpu, order: &[u32], pace: &mut Pace) -> Result<(), EngineError> {
    pace.run(epoch(order).count(), || block_on(gpu.train(epoch(order), &mut Vec::new())))?;
    let start = Instant::now();
    block_on(gpu.settle(&mut Vec::new()))?;
    pace.time += start.elapsed();
    Ok(())
}
