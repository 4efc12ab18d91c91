//! Whole small trainings against PyTorch's, and backpropagation against central differences.
#![cfg(not(target_arch = "wasm32"))]

mod golden_training;

use golden_training::{Case, cases};
use ndarray::Array2;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use separation_playground::dataset::Points;
use separation_playground::engine::State;
use separation_playground::engine::cpu::{Cpu, Statistics};
use separation_playground::network::{
    Activation, Architecture, Initialization, Layout, Normalization, Optimizer, OptimizerKind, Stream, random, uniform_unit,
};

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |m, v| m.max(v.abs()))
}

/// Activations of the last hidden layer with running statistics.
fn features(engine: &mut Cpu, points: &Points) -> Vec<f32> {
    let order: Vec<u32> = (0..points.labels.len() as u32).collect();
    let mut last = Vec::new();
    let visit = |values: &[f32]| last = values.to_vec();
    pollster::block_on(engine.sweep(points, &order, Statistics::Running, visit, &mut async || ()));
    last
}

#[test]
fn thirteen_trainings_agree_with_pytorch() {
    for Case { name, architecture, optimizer, points, rate, trained, batches, initial, losses, gradients, parameters, running, logits } in
        cases()
    {
        let layout = Layout::new(&architecture);
        let mut engine = Cpu::new(architecture.clone(), optimizer, 8, State::from_parameters(&architecture, &optimizer, initial));
        for (step, (batch, expected)) in batches.iter().zip(losses).enumerate() {
            let loss = engine.step(&points, batch, rate, trained.clone()) as f32;
            assert!((loss - expected).abs() <= 1e-4 * expected, "{name}, step {step}: loss {loss}, PyTorch's {expected}");
            for (l, expected) in gradients.iter().enumerate().filter(|(l, _)| step == 0 && trained.contains(l)) {
                let gradient = &engine.gradient()[layout.layer(l).all()];
                let difference = gradient.iter().zip(expected).fold(0f32, |m, (a, b)| m.max((a - b).abs()));
                assert!(difference <= 1e-5 * largest(expected), "{name}, layer {l}: gradient off by {difference}");
            }
        }
        for (ours, expected) in engine.state().parameters.iter().zip(parameters) {
            assert!((ours - expected).abs() <= 1e-3, "{name}: final parameter {ours}, PyTorch's {expected}");
        }
        assert_eq!(running.len(), engine.state().running.len(), "{name}");
        for (ours, expected) in engine.state().running.iter().zip(running) {
            assert!((ours - expected).abs() <= 1e-3, "{name}: running statistic {ours}, PyTorch's {expected}");
        }

        let last = architecture.layers() - 1;
        let slices = layout.layer(last).clone();
        let parameters = &engine.state().parameters;
        let weight = Array2::from_shape_vec((architecture.fan_in(last), architecture.classes), parameters[slices.weight].to_vec()).unwrap();
        let bias = ndarray::Array1::from(parameters[slices.bias].to_vec());
        let hidden = Array2::from_shape_vec((points.labels.len(), architecture.fan_in(last)), features(&mut engine, &points)).unwrap();
        for (ours, expected) in (hidden.dot(&weight) + bias).iter().zip(logits) {
            assert!((ours - expected).abs() <= 2e-3 * (1.0 + expected.abs()), "{name}: logit {ours}, PyTorch's {expected}");
        }
    }
}

/// The loss of a batch in float64 with batch statistics, written out from the definition.
fn loss(architecture: &Architecture, parameters: &[f64], points: &Points) -> f64 {
    let layout = Layout::new(architecture);
    let mut activations = vec![points.features.mapv(f64::from)];
    for layer in 0..architecture.layers() {
        let slices = layout.layer(layer);
        let vector = |range: &std::ops::Range<usize>| ndarray::Array1::from(parameters[range.clone()].to_vec());
        let weight =
            Array2::from_shape_vec((architecture.fan_in(layer), architecture.fan_out(layer)), parameters[slices.weight.clone()].to_vec());
        let mut y = activations[layer].dot(&weight.unwrap()) + vector(&slices.bias);
        if layer + 1 < architecture.layers() {
            let axis = match architecture.normalization {
                Normalization::Batch => Some(ndarray::Axis(0)),
                Normalization::Layer => Some(ndarray::Axis(1)),
                Normalization::None => None,
            };
            if let Some(axis) = axis {
                let mean = y.mean_axis(axis).unwrap().insert_axis(axis);
                let deviation = y.var_axis(axis, 0.0).mapv(|v| (v + 1e-5).sqrt()).insert_axis(axis);
                y = (y - mean) / deviation * vector(&slices.scale) + vector(&slices.shift);
            }
            if let Some(from) = architecture.shortcut(layer) {
                y += &activations[from];
            }
            let slope = f64::from(architecture.negative_slope);
            y.mapv_inplace(|v| match architecture.activation {
                Activation::Relu => v.max(0.0),
                Activation::LeakyRelu => {
                    if v < 0.0 {
                        slope * v
                    } else {
                        v
                    }
                }
                Activation::Tanh => v.tanh(),
                Activation::Identity => v,
            });
        }
        activations.push(y);
    }
    let logits = activations.last().unwrap();
    let mean_over = points.labels.len() as f64;
    logits.rows().into_iter().zip(&points.labels).map(|(row, &label)| row.mapv(f64::exp).sum().ln() - row[usize::from(label)]).sum::<f64>()
        / mean_over
}

prop_compose! {
    fn architectures()(
        inputs in 3usize..8, width in 2usize..10, depth in 0usize..5, ragged in prop::bool::ANY, classes in 2usize..5,
        activation in prop::sample::select(vec![Activation::Relu, Activation::LeakyRelu, Activation::Tanh, Activation::Identity]),
        normalization in prop::sample::select(vec![Normalization::Batch, Normalization::Layer, Normalization::None]),
        block in prop::sample::select(vec![0usize, 0, 2, 3]),
    ) -> Architecture {
        let residual_block = if block > 0 && depth > 1 { block } else { 0 };
        let hidden = match residual_block {
            0 => (0..depth).map(|l| if ragged { 2 + (width + 3 * l) % 8 } else { width }).collect(),
            r => vec![width; 1 + r * (depth / 2)],
        };
        Architecture { inputs, hidden, classes, activation, negative_slope: 0.2, normalization, residual_block }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(2023), ..ProptestConfig::default() })]

    #[test]
    fn backpropagation_agrees_with_central_differences(architecture in architectures(), rows in 6usize..16, seed in 0u32..1000) {
        let optimizer = Optimizer { kind: OptimizerKind::Sgd, momentum: 0.0, weight_decay: 0.0 };
        let state = State::fresh(&architecture, &optimizer, Initialization::Torch, seed);
        let parameters: Vec<f64> = state.parameters.iter().map(|&p| f64::from(p)).collect();
        let mut generator = random(seed, Stream::Sampling, 0);
        let points = Points {
            features: Array2::from_shape_fn((rows, architecture.inputs), |_| 4.0 * uniform_unit(&mut generator) - 2.0),
            labels: (0..rows).map(|i| (i % architecture.classes) as u16).collect(),
        };
        let mut engine = Cpu::new(architecture.clone(), optimizer, rows, state);
        let batch: Vec<u32> = (0..rows as u32).collect();
        let mean = engine.step(&points, &batch, 0.0, 0..architecture.layers());
        let exact = loss(&architecture, &parameters, &points);
        prop_assert!((mean - exact).abs() < 1e-4 * exact.max(1.0), "loss {mean}, by definition {exact}");

        let scale = largest(engine.gradient()).max(1e-3);
        let mut off = 0;
        for (i, &gradient) in engine.gradient().iter().enumerate() {
            let difference = |h: f64| {
                let at = |shift: f64| {
                    let mut moved = parameters.clone();
                    moved[i] += shift;
                    loss(&architecture, &moved, &points)
                };
                (at(h) - at(-h)) / (2.0 * h)
            };
            let (near, nearer) = (difference(1e-5), difference(1e-6));
            // Where a kink lies between the two points the difference quotient means nothing.
            if (near - nearer).abs() < 1e-4 * f64::from(scale) && (f64::from(gradient) - nearer).abs() > 2e-3 * f64::from(scale) {
                off += 1;
            }
        }
        prop_assert_eq!(off, 0, "of {} gradients", engine.gradient().len());
    }
}
