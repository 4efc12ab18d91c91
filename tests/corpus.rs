//! The corpus of the fuzzer, replayed: no parser panics on what once was a discovery, or is where discoveries begin.

#![cfg(not(target_arch = "wasm32"))]

#[path = "corpus/targets.rs"]
mod targets;

use std::path::Path;

#[test]
fn no_parser_panics_on_its_corpus_or_on_the_others() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut inputs = Vec::new();
    for (name, _) in targets::TARGETS {
        let before = inputs.len();
        inputs.extend(std::fs::read_dir(corpus.join(name)).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()));
        assert!(inputs.len() > before, "{name} has no corpus");
    }
    for input in &inputs {
        targets::TARGETS.iter().for_each(|(_, target)| drop(target(input)));
    }
}
