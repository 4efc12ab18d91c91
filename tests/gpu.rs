//! The GPU engine against the CPU engine and PyTorch, on whatever Vulkan there is: `cargo xtask test` installs one that runs on the CPU.
#![cfg(not(target_arch = "wasm32"))]

mod golden_training;

use golden_training::{Case, cases};
use ndarray::Array2;
use pollster::block_on;
use separation_playground::collapse::Collapse;
use separation_playground::dataset::{BUNDLED, Dataset, Part, Points, load};
use separation_playground::engine::cpu::Cpu;
use separation_playground::engine::gpu::Gpu;
use separation_playground::engine::{Engine, EngineError, State, Statistics, Step, Wanted};
use separation_playground::experiment::{Config, Run};
use separation_playground::network::{
    Activation, Architecture, Initialization, Layout, Normalization, Optimizer, OptimizerKind, Stream, random, uniform_unit,
};
use separation_playground::separation::Cast;
use std::ops::Range;

/// A network on both engines.
struct Pair {
    name: String,
    architecture: Architecture,
    optimizer: Optimizer,
    data: Dataset,
    cpu: Cpu,
    gpu: Gpu,
}

fn gpu(architecture: &Architecture, optimizer: &Optimizer, rows: usize, state: &State, data: &Dataset) -> Gpu {
    let gpu =
        block_on(Gpu::new(architecture.clone(), *optimizer, rows, state, data)).expect("a Vulkan device: cargo xtask test installs one");
    let adapter = gpu.adapter();
    assert_eq!(adapter.backend, "vulkan");
    let software = ["llvmpipe", "SwiftShader"].iter().any(|name| adapter.name.contains(name));
    assert!(!software || adapter.software, "{adapter:?}");
    gpu
}

fn dataset(points: Points, classes: usize) -> Dataset {
    Dataset { classes, class_names: vec![String::new(); classes], train: points, test: None }
}

/// Points in clusters, one a class.
fn clusters(count: usize, inputs: usize, classes: usize, seed: u32) -> Points {
    let mut generator = random(seed, Stream::Sampling, 0);
    let centers = Array2::from_shape_fn((classes, inputs), |_| uniform_unit(&mut generator) - 0.5);
    let labels: Vec<u16> = (0..count).map(|i| (i * 7 % classes) as u16).collect();
    let features =
        Array2::from_shape_fn((count, inputs), |(i, j)| centers[[usize::from(labels[i]), j]] + uniform_unit(&mut generator) - 0.5);
    Points { features, labels }
}

impl Pair {
    fn new(inputs: usize, hidden: &[usize], classes: usize, rows: usize, change: impl FnOnce(&mut Architecture, &mut Optimizer)) -> Self {
        let mut architecture = Architecture {
            inputs,
            hidden: hidden.to_vec(),
            classes,
            activation: Activation::Relu,
            negative_slope: 0.1,
            normalization: Normalization::Batch,
            residual_block: 0,
        };
        let mut optimizer = Optimizer { kind: OptimizerKind::Sgd, momentum: 0.9, weight_decay: 5e-4 };
        change(&mut architecture, &mut optimizer);
        let data = dataset(clusters(300, inputs, classes, 5), classes);
        let mut state = State::fresh(&architecture, &optimizer, Initialization::Torch, 3);
        // Scales of 1 and shifts of 0 would hide much.
        let mut generator = random(9, Stream::Initialization, 0);
        let layout = Layout::new(&architecture);
        for layer in 0..architecture.layers() {
            let slices = layout.layer(layer).clone();
            state.parameters[slices.scale.start..slices.shift.end]
                .iter_mut()
                .for_each(|value| *value += 0.4 * uniform_unit(&mut generator));
        }
        Self {
            name: format!("{architecture:?} {optimizer:?} {rows} rows"),
            cpu: Cpu::new(architecture.clone(), optimizer, rows, state.clone()),
            gpu: gpu(&architecture, &optimizer, rows, &state, &data),
            architecture,
            optimizer,
            data,
        }
    }

    /// One step on both; their losses.
    fn step(&mut self, batch: &[u32], rate: f64, trained: Range<usize>) -> [f64; 2] {
        let cpu = self.cpu.step(&self.data.train, batch, rate, trained.clone());
        let mut gpu = Vec::new();
        block_on(self.gpu.train([Step { batch, rate, trained }].into_iter(), &mut gpu)).unwrap();
        block_on(self.gpu.settle(&mut gpu)).unwrap();
        assert_eq!(gpu.len(), 1);
        [cpu, gpu[0]]
    }

    /// Gradients of the layers that learn: within 1e-4 of the layer's largest.
    fn assert_equal_gradients(&self, trained: Range<usize>) {
        let layout = Layout::new(&self.architecture);
        let ours = block_on(self.gpu.gradient()).unwrap();
        for layer in trained {
            let range = layout.layer(layer).all();
            let (ours, expected) = (&ours[range.clone()], &self.cpu.gradient()[range]);
            let largest = expected.iter().fold(0f32, |largest, g| largest.max(g.abs()));
            let off = ours.iter().zip(expected).fold(0f32, |off, (a, b)| off.max((a - b).abs()));
            assert!(off <= 1e-4 * largest, "{}, layer {layer}: gradient off by {off} of {largest}", self.name);
        }
    }

    /// Parameters within 1e-5 relative + 1e-6; after Adam only where the first gradient was large enough to have a sign.
    fn assert_equal_parameters(&self, before: &State) {
        let ours = block_on(self.gpu.snapshot()).unwrap();
        let expected = self.cpu.state();
        assert_eq!(ours.updates, expected.updates);
        for (i, (a, b)) in ours.parameters.iter().zip(&expected.parameters).enumerate() {
            let gradient = self.cpu.gradient()[i] + self.optimizer.weight_decay * before.parameters[i];
            let sure = self.optimizer.kind != OptimizerKind::Adam || gradient.abs() > 1e-6;
            assert!(!sure || (a - b).abs() <= 1e-5 * b.abs() + 1e-6, "{}: parameter {i} is {a}, the CPU's {b}", self.name);
        }
        for (a, b) in ours.running.iter().zip(&expected.running) {
            assert!((a - b).abs() <= 1e-5 * b.abs() + 1e-6, "{}: running statistic {a}, the CPU's {b}", self.name);
        }
    }
}

/// Measures and pictures within what f32 activations leave of them.
fn assert_equal_collapse(ours: &Collapse, expected: &Collapse) {
    let close = |a: f64, b: f64, what: &str| assert!((a - b).abs() <= 1e-3 * b.abs() + 2e-3, "{what}: {a}, the CPU's {b}");
    let curve = |ours: &[Option<f64>], expected: &[Option<f64>], what: &str| {
        assert_eq!(ours.len(), expected.len());
        ours.iter().zip(expected).for_each(|(a, b)| close(a.unwrap(), b.unwrap(), what));
    };
    curve(&ours.nc1, &expected.nc1, "NC1");
    curve(&ours.equinorm, &expected.equinorm, "lengths");
    curve(&ours.angles, &expected.angles, "angles");
    curve(&ours.ncc_accuracy, &expected.ncc_accuracy, "nearest means");
    close(ours.last.nc3, expected.last.nc3, "NC3");
    close(ours.last.nc4, expected.last.nc4, "NC4");
    close(ours.last.nc2.angle_classifiers, expected.last.nc2.angle_classifiers, "angles of the classifier");
    assert_eq!(ours.simplex.is_some(), expected.simplex.is_some());
    if let (Some(ours), Some(expected)) = (&ours.simplex, &expected.simplex) {
        assert_eq!((ours.layers(), ours.shown()), (expected.layers(), expected.shown()));
        for layer in 0..ours.layers() {
            let all = |a: Option<Vec<f64>>, b: Option<Vec<f64>>, what: &str| {
                a.unwrap().into_iter().zip(b.unwrap()).for_each(|(a, b)| close(a, b, &format!("{what} in layer {layer}")));
            };
            all(ours.means(layer), expected.means(layer), "a mean");
            all(ours.points(layer), expected.points(layer), "a point");
        }
        let last = ours.layers() - 1;
        let rows = ours.classifier(last).unwrap().into_iter().zip(expected.classifier(last).unwrap());
        rows.for_each(|(a, b)| close(a, b, "the classifier"));
    }
}

const ACTIVATIONS: [Activation; 4] = [Activation::Relu, Activation::LeakyRelu, Activation::Tanh, Activation::Identity];
const NORMALIZATIONS: [Normalization; 3] = [Normalization::Batch, Normalization::Layer, Normalization::None];
const OPTIMIZERS: [OptimizerKind; 3] = [OptimizerKind::Sgd, OptimizerKind::Momentum, OptimizerKind::Adam];

/// One step from the same parameters: loss, gradients, parameters.
fn assert_equal_step(mut pair: Pair, rows: usize, trained: Option<Range<usize>>) {
    let batch: Vec<u32> = (0..rows as u32).map(|i| i * 7 % 300).collect();
    let trained = trained.unwrap_or(0..pair.architecture.layers());
    let before = pair.cpu.state().clone();
    let [cpu, gpu] = pair.step(&batch, 0.01, trained.clone());
    assert!((cpu - gpu).abs() <= 1e-5 * cpu, "{}: loss {gpu}, the CPU's {cpu}", pair.name);
    pair.assert_equal_gradients(trained);
    pair.assert_equal_parameters(&before);
}

#[test]
fn a_step_of_every_kind_is_the_cpus() {
    for (normalization, activation) in NORMALIZATIONS.into_iter().flat_map(|n| ACTIVATIONS.map(|a| (n, a))) {
        for kind in OPTIMIZERS {
            let pair = Pair::new(12, &[20, 9, 17], 5, 50, |architecture, optimizer| {
                *architecture = Architecture { normalization, activation, ..architecture.clone() };
                optimizer.kind = kind;
            });
            assert_equal_step(pair, 50, None);
        }
    }
}

#[test]
fn a_step_of_any_width_and_batch_is_the_cpus() {
    for (inputs, hidden, rows) in [
        (100, &[100, 100][..], 128),
        (100, &[100, 100], 104),
        (100, &[10, 10, 10], 33),
        (784, &[300, 1, 5], 128),
        (3, &[1, 1], 7),
        (5, &[], 20),
        (9, &[4100], 6),
        // More than the 128 that a workgroup takes at once.
        (20, &[30, 30], 300),
        (20, &[30, 30], 129),
    ] {
        for normalization in NORMALIZATIONS {
            let pair = Pair::new(inputs, hidden, 10, rows, |architecture, _| architecture.normalization = normalization);
            assert_equal_step(pair, rows, None);
        }
    }
}

#[test]
fn a_step_is_the_cpus_with_the_tiles_of_gpus_and_of_software() {
    for (threads, normalization) in [8, 32].into_iter().flat_map(|threads| NORMALIZATIONS.map(|n| (threads, n))) {
        // Two chunks of 128 rows, the second ragged; more outputs than the 128 of a gradient's workgroup.
        let mut pair = Pair::new(20, &[130, 30], 5, 150, |architecture, _| architecture.normalization = normalization);
        let Pair { architecture, optimizer, cpu, data, .. } = &pair;
        let gpu = Gpu::with_threads(threads, architecture.clone(), *optimizer, 150, cpu.state(), data);
        pair.gpu = block_on(gpu).unwrap();
        pair.name += &format!(" {threads} threads");
        assert_equal_step(pair, 150, None);
    }
}

#[test]
fn a_step_of_residual_blocks_and_of_frozen_layers_is_the_cpus() {
    for (normalization, block) in NORMALIZATIONS.into_iter().flat_map(|n| [(n, 2), (n, 3)]) {
        let pair = || {
            Pair::new(15, &[24; 7], 4, 40, |architecture, _| {
                *architecture = Architecture { normalization, residual_block: block, ..architecture.clone() };
            })
        };
        assert_equal_step(pair(), 40, None);
        assert_equal_step(pair(), 40, Some(3..8));
        assert_equal_step(pair(), 40, Some(2..5));
        assert_equal_step(pair(), 40, Some(7..8));
    }
}

#[test]
fn thousand_classes_and_two_have_a_loss() {
    for classes in [2, 1000] {
        assert_equal_step(Pair::new(12, &[16], classes, 64, |_, _| ()), 64, None);
    }
}

#[test]
fn twenty_steps_of_ragged_batches_stay_together() {
    for kind in OPTIMIZERS {
        let mut pair = Pair::new(30, &[40, 40, 40], 10, 128, |_, optimizer| optimizer.kind = kind);
        for step in 0..20 {
            let rows = if step % 3 == 2 { 44 } else { 128 };
            let batch: Vec<u32> = (0..rows).map(|i| (i * 11 + step * 31) % 300).collect();
            let [cpu, gpu] = pair.step(&batch, 1e-2, 0..4);
            assert!((cpu - gpu).abs() <= 2e-2 * cpu.max(1.0), "{}, step {step}: loss {gpu}, the CPU's {cpu}", pair.name);
        }
    }
}

#[test]
fn many_steps_in_one_call_are_those_steps() {
    let order: Vec<u32> = (0..300).collect();
    let steps = |count: usize| {
        let order = &order;
        (0..count).map(move |i| Step { batch: &order[i % 7..][..40 + i % 5], rate: 1e-2, trained: i % 3..4 })
    };
    let mut one = Pair::new(12, &[20; 3], 5, 44, |_, _| ()).gpu;
    let mut other = Pair::new(12, &[20; 3], 5, 44, |_, _| ()).gpu;
    let (mut losses, mut others) = (Vec::new(), Vec::new());
    // More than one submit takes.
    block_on(one.train(steps(300), &mut losses)).unwrap();
    for step in steps(300) {
        block_on(other.train([step].into_iter(), &mut others)).unwrap();
        block_on(other.settle(&mut others)).unwrap();
    }
    assert!(losses.is_empty(), "nothing is read back while it trains");
    block_on(one.settle(&mut losses)).unwrap();
    assert_eq!(losses, others, "two trainings on one adapter are the same, bit for bit");
    assert_eq!(block_on(one.snapshot()), block_on(other.snapshot()));
}

#[test]
fn a_step_takes_few_dispatches() {
    for (normalization, expected) in [(Normalization::Batch, 3 * 8), (Normalization::None, 3 * 8), (Normalization::Layer, 5 * 8 - 2)] {
        let mut pair = Pair::new(12, &[20; 7], 5, 40, |architecture, _| architecture.normalization = normalization);
        pair.step(&[1, 2, 3, 4, 5], 0.1, 0..8);
        assert_eq!(pair.gpu.dispatches(), expected);
        pair.step(&[1, 2, 3, 4, 5], 0.1, 7..8);
        let forward = if normalization == Normalization::Layer { 15 } else { 8 };
        assert_eq!(pair.gpu.dispatches() - expected, forward + 2, "frozen layers need no way back");
    }
}

#[test]
fn thirteen_trainings_agree_with_pytorch() {
    for Case {
        name,
        architecture,
        optimizer,
        points,
        rate,
        trained,
        batches,
        initial,
        losses,
        gradients,
        parameters,
        running,
        logits: _,
    } in cases()
    {
        let layout = Layout::new(&architecture);
        let data = dataset(points, architecture.classes);
        let mut gpu = gpu(&architecture, &optimizer, 8, &State::from_parameters(&architecture, &optimizer, initial), &data);
        let steps: Vec<Step> = batches.iter().map(|batch| Step { batch, rate, trained: trained.clone() }).collect();
        let mut ours = Vec::new();
        block_on(gpu.train(steps[..1].iter().cloned(), &mut ours)).unwrap();
        let gradient = block_on(gpu.gradient()).unwrap();
        for (l, expected) in gradients.iter().enumerate().filter(|(l, _)| trained.contains(l)) {
            let largest = expected.iter().fold(0f32, |largest, g| largest.max(g.abs()));
            let off = gradient[layout.layer(l).all()].iter().zip(expected).fold(0f32, |off, (a, b)| off.max((a - b).abs()));
            assert!(off <= 1e-5 * largest, "{name}, layer {l}: gradient off by {off} of {largest}");
        }
        block_on(gpu.train(steps[1..].iter().cloned(), &mut ours)).unwrap();
        block_on(gpu.settle(&mut ours)).unwrap();
        for (step, (ours, expected)) in ours.iter().zip(losses).enumerate() {
            assert!((*ours as f32 - expected).abs() <= 1e-4 * expected, "{name}, step {step}: loss {ours}, PyTorch's {expected}");
        }
        let state = block_on(gpu.snapshot()).unwrap();
        let pairs = state.parameters.iter().zip(&parameters).chain(state.running.iter().zip(&running));
        for (ours, expected) in pairs {
            assert!((ours - expected).abs() <= 1e-3, "{name}: {ours} at the end, PyTorch's {expected}");
        }
    }
}

/// The dataset of the default run, a little of it held out.
fn fashion() -> Dataset {
    load(&BUNDLED[0], concat!(env!("CARGO_MANIFEST_DIR"), "/www/data").as_ref()).unwrap()
}

#[test]
fn fuzziness_loss_accuracy_and_film_are_the_cpus() {
    let data = fashion();
    for (normalization, block) in
        [(Normalization::Batch, 0), (Normalization::Batch, 2), (Normalization::Layer, 0), (Normalization::None, 0)]
    {
        let architecture = Architecture {
            inputs: 100,
            hidden: vec![60; 5],
            classes: 10,
            activation: Activation::Relu,
            negative_slope: 0.0,
            normalization,
            residual_block: block,
        };
        let optimizer = Optimizer { kind: OptimizerKind::Adam, momentum: 0.0, weight_decay: 0.0 };
        let state = State::fresh(&architecture, &optimizer, Initialization::He, 1);
        let mut cpu = Engine::cpu(architecture.clone(), optimizer, 128, state.clone());
        // Trained to where the classes are far apart, and the largest D is thousands of times the smallest.
        let order: Vec<u32> = (0..1000).map(|i| i * 7 % 1000).collect();
        let step = |i: usize| Step { batch: &order[i % 8 * 120..][..128], rate: 3e-3, trained: 0..6 };
        block_on(cpu.train(&data, (0..160).map(step), &mut Vec::new())).unwrap();
        let state = block_on(cpu.snapshot()).unwrap();
        let mut gpu = block_on(Engine::gpu(architecture, optimizer, 128, &state, &data)).unwrap();
        let ring: Vec<u16> = (0..10).collect();
        let cast = Cast::new(&data.train.labels, &ring);
        for (part, statistics) in [(Part::Train, Statistics::Batch), (Part::Train, Statistics::Running), (Part::Test, Statistics::Running)]
        {
            let cast = (part == Part::Train).then_some(&cast);
            let wanted = Wanted { film: cast, collapse: statistics == Statistics::Running, simplex: cast, ..Wanted::default() };
            let measured =
                |engine: &mut Engine| block_on(engine.measure(&data, part, statistics, wanted, &mut async || ())).unwrap().unwrap();
            let (ours, expected) = (measured(&mut gpu), measured(&mut cpu));
            for (layer, (ours, expected)) in ours.layers.iter().zip(&expected.layers).enumerate() {
                let (ours, expected) = (ours.as_ref().unwrap(), expected.as_ref().unwrap());
                assert_eq!(ours.rank, expected.rank, "{normalization:?} {part:?} layer {layer}");
                let values = |fuzziness: &separation_playground::separation::Fuzziness| {
                    let per_class: Vec<f64> = fuzziness.per_class.iter().map(|d| d.unwrap()).collect();
                    [vec![fuzziness.total], per_class].concat()
                };
                for (ours, expected) in values(ours).iter().zip(values(expected)) {
                    assert!(
                        (ours / expected - 1.0).abs() <= 1e-3,
                        "{normalization:?} {part:?} layer {layer}: D {ours}, the CPU's {expected}"
                    );
                }
            }
            assert_eq!([&ours, &expected].map(|measured| measured.collapse.is_some()), [statistics == Statistics::Running; 2]);
            if let (Some(ours), Some(expected)) = (&ours.collapse, &expected.collapse) {
                assert_equal_collapse(ours, expected);
            }
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-4 * b.abs() + 1e-6;
            assert!(close(ours.evaluation.loss, expected.evaluation.loss), "{:?} {:?}", ours.evaluation, expected.evaluation);
            assert!((ours.evaluation.accuracy - expected.evaluation.accuracy).abs() <= 2e-3);
            for layer in 0..6 {
                let film = |film: &Option<separation_playground::separation::Film>| {
                    film.as_ref().map(|film| film.layer(layer).unwrap().collect::<Vec<_>>())
                };
                for ((class, [x, y]), (other, [u, v])) in
                    film(&ours.film).into_iter().flatten().zip(film(&expected.film).into_iter().flatten())
                {
                    assert!(
                        class == other && (x - u).abs() <= 1.0 / 64.0 && (y - v).abs() <= 1.0 / 64.0,
                        "layer {layer}: {x} {y}, the CPU's {u} {v}"
                    );
                }
            }
            assert_eq!(ours.film.is_some(), expected.film.is_some());
        }
        let evaluated = block_on(gpu.evaluate(&data, Part::Test, &mut async || ())).unwrap().unwrap();
        let expected = block_on(cpu.evaluate(&data, Part::Test, &mut async || ())).unwrap().unwrap();
        assert!((evaluated.loss - expected.loss).abs() <= 1e-4 * expected.loss && (evaluated.accuracy - expected.accuracy).abs() <= 2e-3);
    }
}

#[test]
fn collapsed_and_dead_layers_are_measured_as_on_the_cpu() {
    // Five points in each of two classes, all the same: D is 0. Then all points the same: undefined.
    for (shift, defined) in [(1.0, true), (0.0, false)] {
        let features = Array2::from_shape_fn((10, 3), |(i, j)| 0.1 + j as f32 + shift * (i % 2) as f32);
        let data = dataset(Points { features, labels: (0..10).map(|i| i % 2).collect() }, 2);
        let architecture = Pair::new(3, &[4], 2, 10, |architecture, _| architecture.normalization = Normalization::None).architecture;
        let optimizer = Optimizer { kind: OptimizerKind::Sgd, momentum: 0.0, weight_decay: 0.0 };
        let state = State::fresh(&architecture, &optimizer, Initialization::Torch, 1);
        let mut gpu = gpu(&architecture, &optimizer, 10, &state, &data);
        let measured = block_on(gpu.measure(Part::Train, Statistics::Running, Wanted::default())).unwrap().unwrap();
        for layer in measured.layers {
            match (layer, defined) {
                (Ok(fuzziness), true) => assert!(fuzziness.total < 1e-9, "{fuzziness:?}"),
                (Err(_), false) => {}
                (layer, _) => panic!("{layer:?}"),
            }
        }
        assert_eq!(block_on(gpu.measure(Part::Test, Statistics::Running, Wanted::default())).unwrap().map(|m| m.layers.len()), None);
    }
}

#[test]
fn a_run_moves_between_the_engines() {
    let data = fashion();
    let config = Config::from_json(&serde_json::json!({ "hidden": [30, 30, 30], "epochs": 6, "perClass": 40 })).unwrap();
    let mut plain = Run::new(config.clone(), &data).unwrap();
    let mut moved = Run::new(config, &data).unwrap();
    let epoch = |run: &mut Run| block_on(run.train(usize::MAX)).unwrap();
    (0..4).for_each(|_| epoch(&mut plain));
    epoch(&mut moved);
    let before = block_on(moved.snapshot()).unwrap();
    block_on(moved.to_gpu()).unwrap();
    assert_eq!((moved.engine(), block_on(moved.snapshot()).unwrap()), ("webgpu", before));
    block_on(moved.train(2)).unwrap();
    epoch(&mut moved);
    let (position, state) = (moved.position(), block_on(moved.snapshot()).unwrap());
    block_on(moved.to_cpu()).unwrap();
    assert_eq!((moved.engine(), moved.position(), block_on(moved.snapshot()).unwrap()), ("cpu", position, state));
    (0..2).for_each(|_| epoch(&mut moved));
    assert_eq!(moved.position(), plain.position());
    let (ours, expected) = (block_on(moved.record(async || ())).unwrap(), block_on(plain.record(async || ())).unwrap());
    assert!((ours.loss - expected.loss).abs() <= 2e-2 * expected.loss, "{} {}", ours.loss, expected.loss);
}

#[test]
fn a_run_falls_back_to_where_it_was_secured_and_goes_on_with_the_same_shuffles() {
    let data = fashion();
    let config = Config::from_json(&serde_json::json!({ "hidden": [20, 20], "epochs": 6, "perClass": 40 })).unwrap();
    let mut run = Run::new(config.clone(), &data).unwrap();
    block_on(run.to_gpu()).unwrap();
    block_on(run.train(usize::MAX)).unwrap();
    block_on(run.train(2)).unwrap();
    block_on(run.secure()).unwrap();
    let (position, state) = (run.position(), block_on(run.snapshot()).unwrap());
    block_on(run.train(usize::MAX)).unwrap();
    run.fall_back();
    assert_eq!((run.engine(), run.position(), block_on(run.snapshot()).unwrap()), ("cpu", position, state.clone()));
    let mut oracle = Run::new(config, &data).unwrap();
    assert!(block_on(oracle.restore(position, state)).unwrap());
    for run in [&mut run, &mut oracle] {
        (0..2).for_each(|_| block_on(run.train(usize::MAX)).unwrap());
    }
    assert_eq!(block_on(run.snapshot()).unwrap(), block_on(oracle.snapshot()).unwrap());
    run.fall_back();
    assert_eq!(run.position(), oracle.position(), "on the CPU there is nothing to fall back from");
}

#[test]
fn a_run_on_the_gpu_takes_an_epoch_in_one_go_and_stops_where_a_record_is_due() {
    let settings = serde_json::json!({ "hidden": [10], "perClass": 40, "records": "every-step" });
    let mut run = Run::new(Config::from_json(&settings).unwrap(), &fashion()).unwrap();
    assert_eq!(run.stride(), 1);
    block_on(run.to_gpu()).unwrap();
    assert_eq!(run.stride(), 1);
    (0..2).for_each(|_| block_on(run.train(usize::MAX)).unwrap());
    assert_eq!(run.stride(), run.steps_in_epoch());
    block_on(run.train(1)).unwrap();
    assert_eq!(run.stride(), run.steps_in_epoch() - 1);
}

#[test]
fn a_state_of_another_network_is_refused() {
    let mut pair = Pair::new(12, &[20], 5, 10, |_, _| ());
    let before = block_on(pair.gpu.snapshot()).unwrap();
    let other = Pair::new(12, &[21], 5, 10, |_, _| ()).cpu.state().clone();
    assert_eq!(block_on(pair.gpu.restore(&other)), Ok(false));
    assert_eq!(block_on(pair.gpu.snapshot()).unwrap(), before);
}

#[test]
fn a_run_on_the_gpu_diverges_by_name() {
    let config = Config::from_json(
        &serde_json::json!({ "hidden": [50, 50, 50], "perClass": 100, "normalization": "none", "optimizer": "sgd", "learningRate": 10, "init": "he" }),
    );
    let mut run = Run::new(config.unwrap(), &fashion()).unwrap();
    block_on(run.to_gpu()).unwrap();
    let mut cpu = Run::new(run.config().clone(), &fashion()).unwrap();
    let expected = (0..50).find_map(|_| block_on(cpu.train(usize::MAX)).err()).expect("a rate of 10 diverges");
    (0..50).for_each(|_| block_on(run.train(usize::MAX)).unwrap());
    let error = block_on(run.record(async || ())).unwrap_err();
    assert_eq!(error, expected, "noticed later, and named as the CPU names it");
    assert_eq!(block_on(run.record(async || ())).err(), Some(error));
    assert_eq!(run.position(), cpu.position());
}

#[test]
fn nothing_is_read_back_between_records() {
    let mut pair = Pair::new(12, &[8], 5, 44, |_, _| ());
    let order: Vec<u32> = (0..40).collect();
    let step = || Step { batch: &order, rate: 1e-2, trained: 0..2 };
    let mut losses = Vec::new();
    for _ in 0..40 {
        block_on(pair.gpu.train((0..100).map(|_| step()), &mut losses)).unwrap();
    }
    assert_eq!((losses.len(), pair.gpu.bytes_read()), (0, 0));
    // There is room for 4096 losses.
    block_on(pair.gpu.train((0..100).map(|_| step()), &mut losses)).unwrap();
    assert_eq!(losses.len(), 4000);
    block_on(pair.gpu.settle(&mut losses)).unwrap();
    assert_eq!(losses.len(), 4100);
    let fine = losses.iter().all(|loss| loss.is_finite()) && losses[4099] < losses[0];
    assert!(fine, "{} at first, {} at the end", losses[0], losses[4099]);
}

#[test]
fn a_lost_device_is_an_error_and_no_panic() {
    let mut pair = Pair::new(12, &[20], 5, 10, |_, _| ());
    pair.gpu.lose();
    let mut losses = Vec::new();
    let error = block_on(pair.gpu.train([Step { batch: &[1, 2, 3], rate: 0.1, trained: 0..2 }].into_iter(), &mut losses)).unwrap_err();
    assert!(matches!(error, EngineError::Lost(_)), "{error}");
    assert!(matches!(block_on(pair.gpu.snapshot()), Err(EngineError::Lost(_))));
    assert!(matches!(block_on(pair.gpu.measure(Part::Train, Statistics::Running, Wanted::default())), Err(EngineError::Lost(_))));
}

#[test]
fn what_fits_in_no_buffer_is_refused_with_figures() {
    // 2^34 weights: 64 GB. The state is empty, as nothing is read of it.
    let mut architecture = Pair::new(3, &[4], 2, 10, |_, _| ()).architecture;
    architecture.hidden = vec![1 << 17, 1 << 17];
    let optimizer = Optimizer { kind: OptimizerKind::Sgd, momentum: 0.0, weight_decay: 0.0 };
    let state = State { parameters: Vec::new(), running: Vec::new(), moments: [Vec::new(), Vec::new()], updates: Vec::new() };
    let data = dataset(clusters(10, 3, 2, 1), 2);
    let error = block_on(Gpu::new(architecture, optimizer, 10, &state, &data)).err().unwrap();
    assert!(matches!(error, EngineError::TooLarge { bytes: 68_719_000_000..69_000_000_000, .. }), "{error}");
    assert!(error.to_string().contains("The network's weights need"), "{error}");
}
