//! Files that www/examples/features.py wrote of three networks of PyTorch: names, order and NumPy's values.

use super::{Measures, assert_measures, whole};
use separation_playground::features::{Arrangement, Limits, Spatial};
use separation_playground::separation::fit_law;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

#[derive(serde::Deserialize)]
struct Golden {
    snippet: String,
    networks: HashMap<String, Network>,
}

#[derive(serde::Deserialize)]
struct Network {
    counts: Vec<usize>,
    layers: Vec<Layer>,
}

#[derive(serde::Deserialize)]
struct Layer {
    array: String,
    flatten: Measures,
    average: Measures,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../golden/pytorch/golden.json")).unwrap()
}

/// A multilayer perceptron, a residual network and a transformer's encoder.
const FILES: [(&str, &[u8]); 3] = [
    ("mlp", include_bytes!("../golden/pytorch/mlp.npz")),
    ("resnet", include_bytes!("../golden/pytorch/resnet.npz")),
    ("transformer", include_bytes!("../golden/pytorch/transformer.npz")),
];

#[test]
fn layers_of_pytorch_come_in_the_order_of_the_forward_pass_with_numpys_values() {
    let Golden { networks, .. } = golden();
    for (name, bytes) in FILES {
        let Network { counts, layers } = &networks[name];
        for spatial in [Spatial::Flatten, Spatial::Average] {
            let analysis = whole(&format!("{name}.npz"), bytes, spatial, Limits::default()).unwrap();
            assert_eq!((&analysis.classes[..], &analysis.counts), (&[0, 1, 2, 3][..], counts));
            let names = |of: Vec<&str>| of.join(", ");
            let found = names(analysis.layers.iter().map(|layer| &layer.array[..]).collect());
            assert_eq!(found, names(layers.iter().map(|layer| &layer.array[..]).collect()));
            for (found, golden) in analysis.layers.iter().zip(layers) {
                assert_measures(found, if spatial == Spatial::Flatten { &golden.flatten } else { &golden.average });
            }
        }
    }
}

#[test]
fn a_module_that_runs_thrice_and_residual_blocks_are_layers_of_the_law() {
    let law = |index: usize, arrangement: Arrangement, fitted: &[usize]| {
        let (name, bytes) = FILES[index];
        let analysis = whole(name, bytes, Spatial::Flatten, Limits::default()).unwrap();
        let golden = golden().networks[name].layers.iter().map(|layer| Some(layer.flatten.fuzziness)).collect::<Vec<_>>();
        let expected = fit_law(&fitted.iter().map(|&layer| golden[layer]).collect::<Vec<_>>()).unwrap();
        for found in [arrangement.law(&analysis), arrangement.block_law(&analysis)] {
            let found = found.unwrap();
            assert!((found.rho / expected.rho - 1.0).abs() < 1e-5 && (found.pearson - expected.pearson).abs() < 1e-5, "{found:?}");
            assert!(found.rho < 0.8, "training separates: {found:?}");
        }
    };
    let blocks = |mut arrangement: Arrangement, of: std::ops::Range<usize>| {
        of.for_each(|layer| arrangement.part_mut(layer).unwrap().block = true);
        arrangement
    };
    law(0, blocks(Arrangement::new(4), 1..4), &[0, 1, 2, 3]);
    // From the stem on.
    let mut stem = Arrangement::new(6);
    stem.part_mut(0).unwrap().used = false;
    law(1, blocks(stem, 2..6), &[1, 2, 3, 4, 5]);
}

#[test]
fn the_files_were_written_by_the_snippet_as_it_is() {
    let hash = Sha256::digest(include_bytes!("../../www/examples/features.py"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, golden().snippet, "run tests/golden/pytorch/make.py");
}
