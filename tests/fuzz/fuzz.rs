//! A parser under libFuzzer: the one of tests/corpus/targets.rs that this program is named after.

#![no_main]

#[path = "../corpus/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = targets::TARGETS.iter().find(|target| target.0 == env!("CARGO_BIN_NAME"));
    target.expect("a parser is named after this program").1(bytes);
});
