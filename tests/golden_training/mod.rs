//! Small trainings by PyTorch, for the tests of the engines.

// Each test is a crate of its own, and the GPU's does not look at logits.
#![allow(dead_code)]

use ndarray::Array2;
use separation_playground::dataset::Points;
use separation_playground::network::{Activation, Architecture, Normalization, Optimizer, OptimizerKind};
use serde_json::Value;
use std::ops::Range;

/// One training.
pub struct Case {
    pub name: String,
    pub architecture: Architecture,
    pub optimizer: Optimizer,
    pub points: Points,
    pub rate: f64,
    pub trained: Range<usize>,
    pub batches: Vec<Vec<u32>>,
    /// Initial parameters, in the layout's order.
    pub initial: Vec<f32>,
    pub losses: Vec<f32>,
    /// The first step's gradient by layer.
    pub gradients: Vec<Vec<f32>>,
    /// At the end.
    pub parameters: Vec<f32>,
    pub running: Vec<f32>,
    /// With running statistics.
    pub logits: Vec<f32>,
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
}

fn indices(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn named<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// One linear layer and its normalisation, in the layout's order; PyTorch's weight is [out x in]. Nothing, if there is none.
fn layer_of(value: &Value, fan_in: usize) -> Vec<f32> {
    if value["weight"].is_null() {
        return Vec::new();
    }
    let weight = Array2::from_shape_vec((numbers(&value["bias"]).len(), fan_in), numbers(&value["weight"])).unwrap();
    let mut all: Vec<f32> = weight.t().iter().copied().collect();
    for key in ["bias", "norm_weight", "norm_bias"] {
        if !value[key].is_null() {
            all.extend(numbers(&value[key]));
        }
    }
    all
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let golden: Value = serde_json::from_str(include_str!("../golden/training.json")).unwrap();
    let cases: Vec<Case> = golden["cases"].as_array().unwrap().iter().map(Case::new).collect();
    assert_eq!(cases.len(), 13);
    cases
}

impl Case {
    fn new(case: &Value) -> Self {
        let widths = indices(&case["widths"]);
        let architecture = Architecture {
            inputs: widths[0],
            hidden: widths[1..].to_vec(),
            classes: case["classes"].as_u64().unwrap() as usize,
            activation: named::<Activation>(&case["activation"]),
            negative_slope: case["negative_slope"].as_f64().unwrap() as f32,
            normalization: named::<Normalization>(&case["normalization"]),
            residual_block: case["residual_block"].as_u64().unwrap() as usize,
        };
        let inputs = numbers(&case["inputs"]);
        let small = |value: &Value| indices(value).into_iter().map(|i| i as u32).collect::<Vec<_>>();
        let layers = |key: &str| -> Vec<Vec<f32>> {
            let layers = case[key].as_array().unwrap();
            layers.iter().enumerate().map(|(l, layer)| layer_of(layer, architecture.fan_in(l))).collect()
        };
        let normalized = case["final"].as_array().unwrap().iter().filter(|layer| !layer["running_mean"].is_null());
        Self {
            name: case["name"].as_str().unwrap().to_owned(),
            optimizer: Optimizer {
                kind: named::<OptimizerKind>(&case["optimizer"]),
                momentum: case["momentum"].as_f64().unwrap() as f32,
                weight_decay: case["weight_decay"].as_f64().unwrap() as f32,
            },
            points: Points {
                features: Array2::from_shape_vec((inputs.len() / widths[0], widths[0]), inputs).unwrap(),
                labels: indices(&case["labels"]).into_iter().map(|l| l as u16).collect(),
            },
            rate: case["learning_rate"].as_f64().unwrap(),
            trained: indices(&case["frozen_layers"]).len()..architecture.layers(),
            batches: case["batches"].as_array().unwrap().iter().map(small).collect(),
            initial: layers("initial").concat(),
            losses: numbers(&case["losses"]),
            gradients: layers("first_step_gradients"),
            parameters: layers("final").concat(),
            running: normalized.flat_map(|layer| [numbers(&layer["running_mean"]), numbers(&layer["running_var"])].concat()).collect(),
            logits: numbers(&case["final_logits_eval_mode"]),
            architecture,
        }
    }
}
