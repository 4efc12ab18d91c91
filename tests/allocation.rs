//! A training step allocates nothing: all its memory was taken before.
#![cfg(not(target_arch = "wasm32"))]

use ndarray::Array2;
use separation_playground::dataset::{BUNDLED, Points, load};
use separation_playground::engine::State;
use separation_playground::engine::cpu::Cpu;
use separation_playground::experiment::{Config, Run};
use separation_playground::network::{Activation, Architecture, Initialization, Normalization, Optimizer, OptimizerKind};

#[test]
fn a_training_step_allocates_nothing() {
    let normalizations = [Normalization::Batch, Normalization::Layer, Normalization::None];
    let optimizers = [OptimizerKind::Sgd, OptimizerKind::Momentum, OptimizerKind::Adam];
    for (normalization, kind) in normalizations.into_iter().flat_map(|n| optimizers.map(|o| (n, o))) {
        let architecture = Architecture {
            inputs: 30,
            hidden: vec![20; 5],
            classes: 4,
            activation: Activation::Tanh,
            negative_slope: 0.0,
            normalization,
            residual_block: 2,
        };
        let optimizer = Optimizer { kind, momentum: 0.9, weight_decay: 1e-3 };
        let state = State::fresh(&architecture, &optimizer, Initialization::Torch, 1);
        let points =
            Points { features: Array2::from_shape_fn((40, 30), |(i, j)| ((i * j) % 7) as f32), labels: (0..40).map(|i| i % 4).collect() };
        let batch: Vec<u32> = (0..40).collect();
        let mut engine = Cpu::new(architecture, optimizer, 40, state);
        let mut loss = 0.0;
        let counted = allocation_counter::measure(|| {
            for rows in [40, 33, 2] {
                loss += engine.step(&points, &batch[..rows], 0.01, 0..6);
            }
        });
        assert!(loss.is_finite());
        assert_eq!(counted.count_total, 0, "{normalization:?}, {kind:?}: {counted:?}");
    }
}

#[test]
fn nor_do_the_steps_of_a_run_within_an_epoch() {
    let data = load(&BUNDLED[0], concat!(env!("CARGO_MANIFEST_DIR"), "/www/data").as_ref()).unwrap();
    let config = Config::from_json(&serde_json::json!({
        "hidden": [20, 20],
        "phases": [{ "epochs": 1, "schedule": "constant", "train": [0, 1] }, { "epochs": 1, "schedule": "thirds", "train": [1, 2] }],
    }));
    let mut run = Run::new(config.unwrap(), &data).unwrap();
    pollster::block_on(run.train(1)).unwrap(); // the executor allocates once
    let counted = allocation_counter::measure(|| {
        pollster::block_on(run.train(4)).unwrap();
        assert!(!run.record_due());
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
}
