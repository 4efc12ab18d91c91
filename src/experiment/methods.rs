//! A run in the words of a paper's methods section. English, whatever the page speaks: it is for papers.

use super::config::{BatchNormMode, Config};
use super::notation;
use super::record::{Record, Split};
use crate::dataset::DatasetName;
use crate::network::{Activation, Initialization, Normalization, OptimizerKind, Schedule};

/// What was done, and what came out: data, network, optimiser, and with a record what the separation fuzziness of `split`, one of its
/// splits, says. `engine` names what computed it.
pub fn methods(config: &Config, record: Option<(&Record, &Split)>, engine: &str) -> String {
    let mut sentences = vec![
        format!("{} was trained on {}.", network(config), data(config)),
        format!("Training took {}, seed {}.", training(config), config.seed),
    ];
    sentences.extend(record.map(|(record, split)| result(config, record, split)));
    sentences.push(format!("Computed with Separation Playground {}, {engine}.", env!("CARGO_PKG_VERSION")));
    sentences.join(" ")
}

fn data(config: &Config) -> String {
    let count = config.classes.as_ref().map_or(10, Vec::len);
    let images = match config.dataset {
        DatasetName::Own => return "the reader's own data".to_owned(),
        DatasetName::Fashion10 | DatasetName::Fashion10Large => "Fashion-MNIST (Xiao et al., 2017) resized to 10 x 10 pixels",
        DatasetName::Fashion28 => "Fashion-MNIST (Xiao et al., 2017) at 28 x 28 pixels",
    };
    let mut text = format!("{images}, the first {} training images of each of {count} classes", config.per_class);
    if let Some(classes) = &config.classes {
        text += &format!(" (labels {})", list(classes));
    }
    if config.majority_classes > 0 {
        text += &format!(", of all but {} classes {} times fewer", config.majority_classes, config.imbalance);
        text += if config.oversample { ", repeated up to balance" } else { "" };
    }
    if config.label_noise > 0.0 {
        text += &format!(", {} % of them with a random wrong label", rounded(100.0 * config.label_noise, 1));
    }
    text
}

fn network(config: &Config) -> String {
    let hidden = notation::write(super::keys::Kind::Widths, &config.settings()["hidden"]);
    let activation = match config.activation {
        Activation::Relu => "ReLU".to_owned(),
        Activation::LeakyRelu => format!("leaky ReLU of slope {}", config.negative_slope),
        Activation::Tanh => "tanh".to_owned(),
        Activation::Identity => "no activation".to_owned(),
    };
    let normalization = match config.normalization {
        Normalization::Batch => "batch normalisation",
        Normalization::Layer => "layer normalisation",
        Normalization::None => "no normalisation",
    };
    let init = match config.init {
        Initialization::Torch => "PyTorch's default initialisation",
        Initialization::He => "the initialisation of K. He et al. (2015)",
    };
    let residual = match config.residual_block {
        0 => String::new(),
        block => format!(", a residual connection around every {block} layers"),
    };
    let layers = config.hidden.len() + 1;
    format!("A fully connected network of {layers} layers (hidden widths {hidden}; {activation}; {normalization}; {init}{residual})")
}

fn training(config: &Config) -> String {
    let schedule = |epochs: u32, schedule: Schedule| match schedule {
        Schedule::Thirds => format!("{epochs} epochs, the rate divided by 10 after each third"),
        Schedule::Constant => format!("{epochs} epochs at a constant rate"),
    };
    let time = match &config.phases {
        None => schedule(config.epochs, config.schedule),
        Some(phases) => {
            let phase = |phase: &super::Phase| {
                let [first, last] = phase.train.map(|layer| layer + 1);
                format!("layers {first} to {last} for {}", schedule(phase.epochs, phase.schedule))
            };
            phases.iter().map(phase).collect::<Vec<_>>().join(", then ")
        }
    };
    let optimizer = match config.optimizer {
        OptimizerKind::Sgd => "gradient descent".to_owned(),
        OptimizerKind::Momentum => format!("momentum {}", config.momentum),
        OptimizerKind::Adam => "Adam".to_owned(),
    };
    let Config { learning_rate, weight_decay, batch_size, .. } = config;
    format!("{time}, by {optimizer} with learning rate {learning_rate}, L2 penalty {weight_decay} and batches of {batch_size}")
}

fn result(config: &Config, record: &Record, split: &Split) -> String {
    let Record { epoch, train_accuracy, test_accuracy, .. } = record;
    let measured = match (config.normalization, split.mode) {
        (Normalization::Batch, BatchNormMode::BatchesOf100) => {
            ", batch normalisation taking its statistics from consecutive batches of 100"
        }
        (Normalization::Batch, BatchNormMode::Running) => ", batch normalisation using its running statistics",
        _ => "",
    };
    let mut text = format!("After epoch {} (training accuracy {} %", rounded(*epoch, 2), rounded(100.0 * train_accuracy, 1));
    if let Some(accuracy) = test_accuracy {
        text += &format!(", test accuracy {} %", rounded(100.0 * accuracy, 1));
    }
    text += &format!(
        ") the separation fuzziness D = Tr(SSw SSb^+) of the training points was measured at the input and each hidden layer{measured}"
    );
    // A recording keeps no ranks.
    if split.rank.iter().any(|&rank| rank > 0) {
        let same = split.rank.windows(2).all(|pair| pair[0] == pair[1]);
        let ranks = if same { split.rank[0].to_string() } else { list(&split.rank) };
        text += &format!(", the between-class scatter having rank {ranks}");
    }
    match &split.law {
        Some(law) => {
            text + &format!(
                "; the line fitted to ln D over {} layers (He and Su, 2023) has decay ratio rho = {:.3} and Pearson's r = {:.4}.",
                law.layers.len(),
                law.rho,
                law.pearson
            )
        }
        None => text + "; fewer than three layers have a D, so no line was fitted.",
    }
}

fn list<T: ToString>(values: &[T]) -> String {
    values.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

/// At most `decimals` decimals.
fn rounded(value: f64, decimals: i32) -> f64 {
    (value * 10f64.powi(decimals)).round() / 10f64.powi(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::separation::fit_law;

    fn record(mode: BatchNormMode, rank: Vec<usize>) -> Record {
        let fuzziness = vec![Some(8.0), Some(4.0), Some(2.0), Some(1.0)];
        let train = Split { law: fit_law(&fuzziness), fuzziness, rank, ..Split::new(mode, 0, &[]) };
        let (train_running, test, collapse, minority) = (train.clone(), None, None, None);
        let (epoch, loss, learning_rate, train_accuracy, test_accuracy) = (600.0, 0.0, 1e-5, 1.0, Some(0.7974));
        Record { epoch, loss, learning_rate, train_accuracy, test_accuracy, train, train_running, test, collapse, minority }
    }

    #[test]
    fn the_default_run_in_words() {
        let record = record(BatchNormMode::BatchesOf100, vec![9; 4]);
        let text = methods(&Config::default(), Some((&record, &record.train)), "CPU SIMD");
        for part in [
            "of 8 layers (hidden widths 100x7; ReLU; batch normalisation; PyTorch's default initialisation)",
            "Fashion-MNIST (Xiao et al., 2017) resized to 10 x 10 pixels, the first 100 training images of each of 10 classes.",
            "600 epochs, the rate divided by 10 after each third, by Adam with learning rate 0.001, L2 penalty 0.0005 and batches of 128, seed 666.",
            "After epoch 600 (training accuracy 100 %, test accuracy 79.7 %)",
            "consecutive batches of 100, the between-class scatter having rank 9;",
            "over 4 layers (He and Su, 2023) has decay ratio rho = 0.500 and Pearson's r = -1.0000.",
            concat!("Separation Playground ", env!("CARGO_PKG_VERSION"), ", CPU SIMD."),
        ] {
            assert!(text.contains(part), "{part:?} is not in {text:?}");
        }
    }

    #[test]
    fn what_differs_from_the_default_is_said() {
        let config = Config::from_json(&serde_json::json!({
            "classes": [0, 1, 8], "majorityClasses": 1, "imbalance": 5, "oversample": true, "labelNoise": 0.1, "hidden": [20, 30],
            "activation": "leaky-relu", "normalization": "none", "init": "he", "residualBlock": 0, "optimizer": "momentum",
            "schedule": "constant", "epochs": 20, "seed": 7
        }));
        let text = methods(&config.unwrap(), None, "WebGPU");
        for part in [
            "each of 3 classes (labels 0, 1, 8), of all but 1 classes 5 times fewer, repeated up to balance, 10 % of them with a random",
            "of 3 layers (hidden widths 20,30; leaky ReLU of slope 0.01; no normalisation; the initialisation of K. He et al. (2015))",
            "20 epochs at a constant rate, by momentum 0.9 with learning rate 0.001",
            "seed 7.",
        ] {
            assert!(text.contains(part), "{part:?} is not in {text:?}");
        }
        assert!(!text.contains("After epoch"), "{text}");
    }

    #[test]
    fn every_choice_has_its_words() {
        let phases = serde_json::json!([
            { "epochs": 10, "schedule": "constant", "train": [0, 1] }, { "epochs": 20, "schedule": "thirds", "train": [2, 3] },
        ]);
        for (settings, words) in [
            (serde_json::json!({ "dataset": "own" }), "was trained on the reader's own data."),
            (serde_json::json!({ "dataset": "fashion-mnist-28x28" }), "at 28 x 28 pixels"),
            (serde_json::json!({ "activation": "tanh" }), "; tanh;"),
            (serde_json::json!({ "activation": "identity" }), "; no activation;"),
            (serde_json::json!({ "normalization": "layer" }), "; layer normalisation;"),
            (serde_json::json!({ "residualBlock": 2 }), "initialisation, a residual connection around every 2 layers)"),
            (serde_json::json!({ "optimizer": "sgd" }), "by gradient descent with"),
            (
                serde_json::json!({ "hidden": [20, 20, 20], "phases": phases }),
                "took layers 1 to 2 for 10 epochs at a constant rate, then layers 3 to 4 for 20 epochs, the rate divided by 10 after each third,",
            ),
        ] {
            let text = methods(&Config::from_json(&settings).unwrap(), None, "CPU SIMD");
            assert!(text.contains(words), "{words:?} is not in {text:?}");
        }
        let mut record = record(BatchNormMode::BatchesOf100, vec![9; 4]);
        record.train.law = None;
        let text = methods(&Config::default(), Some((&record, &record.train)), "CPU SIMD");
        assert!(text.contains("; fewer than three layers have a D, so no line was fitted."), "{text}");
    }

    #[test]
    fn running_statistics_and_ranks_that_differ_are_named() {
        let record = record(BatchNormMode::Running, vec![9, 9, 8, 0]);
        let text = methods(&Config::default(), Some((&record, &record.train)), "CPU SIMD");
        assert!(text.contains("using its running statistics, the between-class scatter having rank 9, 9, 8, 0;"), "{text}");
    }
}
